//! What a source declares about a document, against what its text seems to say.
//!
//! A declaration outranks the text where both speak of the same thing, except for the language,
//! which a long text tells more surely.

use crate::model::{Extract, Language, Metadatum};
use crate::text::language;

/// The language of a text from this length on is found more surely than declared, in characters.
const SURE: usize = 1000;

/// Puts the declared statements before those found in the text, and settles title, creator, date
/// and language between them: what the text says otherwise is kept as `date (text)`.
pub(super) fn outrank(extract: &mut Extract, mut declared: Vec<Metadatum>) {
    let said = declared.iter().find(|datum| datum.name == "language").and_then(tag);
    extract.language = settled(extract.language.take(), said, extract.characters);
    for mut datum in std::mem::take(&mut extract.metadata) {
        let mut said = declared.iter().filter(|said| said.name == datum.name).peekable();
        let is_outranked =
            matches!(&*datum.name, "title" | "creator" | "date") && said.peek().is_some();
        if is_outranked && said.any(|said| said.value.eq_ignore_ascii_case(&datum.value)) {
            continue;
        }
        if is_outranked {
            // What the text says is kept beside what was declared.
            datum.name.push_str(" (text)");
        }
        declared.push(datum);
    }
    extract.metadata = declared;
}

/// The language a statement declares, if it is written as a tag.
fn tag(datum: &Metadatum) -> Option<Language> {
    let tag = datum.value.replace('_', "-");
    let primary = tag.split('-').next()?;
    let is_tag =
        (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_tag.then(|| Language::declared(&tag))
}

/// The language of the text as found; as declared where nothing was found, and where the text is
/// short and the two are written alike, so that what was found may be an error.
fn settled(found: Option<Language>, said: Option<Language>, characters: usize) -> Option<Language> {
    let (Some(found), Some(said)) = (&found, &said) else { return found.or(said) };
    let doubtful = characters < SURE && language::share_script(found, Some(said));
    Some(if doubtful { said.clone() } else { found.clone() })
}

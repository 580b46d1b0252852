//! What a source declares about a document, against what its text seems to say.
//!
//! A declaration outranks the text where both speak of the same thing, except for the language,
//! which a long text tells more surely.

use crate::model::{Extract, Language, Metadatum};
use crate::text::language;

/// The language of a text from this length on is found more surely than declared, in characters.
const SURE: usize = 1000;

/// Puts the declared statements before those found in the text, and settles title, creator, date
/// and language between them.
pub(super) fn outrank(extract: &mut Extract, mut declared: Vec<Metadatum>) {
    let said = declared.iter().find(|datum| datum.name == "language").and_then(tag);
    extract.language = settled(extract.language.take(), said, extract.characters);
    let unsaid = |datum: &Metadatum| {
        !matches!(&*datum.name, "title" | "creator" | "date")
            || !declared.iter().any(|said| said.name == datum.name)
    };
    extract.metadata.retain(unsaid);
    declared.append(&mut extract.metadata);
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

//! HTML pages, as browsers save them and as crawlers fetch them.
//!
//! Main text is told from the rest of the page, and nothing of the page is dropped: what is not main
//! text is boilerplate. No script is run, nothing is fetched.

mod depth;
mod json_ld;
mod main_text;
mod metadata;
mod strip;
mod walk;

use dom_query::Document;

use super::composed::Composed;
use super::{Format, Holds, Input, Unreadable, charset, declaration};
use crate::model::{Extract, Metadatum};
use crate::text::segment::Mark;
use crate::text::structure::Declared;

pub(super) const FORMAT: Format = Format {
    name: "html",
    version: 4,
    media_type: "text/html",
    extensions: &["html", "htm", "xhtml", "xht", "shtml"],
    holds: Holds::OneDocument,
    recognises,
    is_signed: true,
    is_bounded: false,
    read,
};

/// The largest page of which a tree is built, in bytes: the tree takes some ten times as much.
const LARGEST_TREE: usize = 64 << 20;

/// A document type, or an element that only pages begin with.
fn recognises(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head).replace('\0', "").to_ascii_lowercase();
    let mut rest =
        text.trim_start_matches(|c: char| c.is_whitespace() || "\u{feff}\u{fffd}".contains(c));
    loop {
        let end = match rest {
            comment if comment.starts_with("<!--") => "-->",
            declaration if declaration.starts_with("<?") => "?>",
            _ => break,
        };
        let Some((_, after)) = rest.split_once(end) else { return false };
        rest = after.trim_start();
    }
    let begins = |name: &str| {
        rest.strip_prefix(name).is_some_and(|after| after.starts_with([' ', '>', '\n', '\r', '\t']))
    };
    ["<!doctype html", "<html", "<head", "<body", "<title", "<meta"].into_iter().any(begins)
}

fn read(input: &Input) -> Result<Extract, Unreadable> {
    let (decoded, note) = charset::decode_page(input)?;
    let html = &*decoded.text;
    let mut extract = if html.len() <= LARGEST_TREE && depth::is_bounded(html) {
        extract_tree(html)
    } else {
        let mut extract = strip::strip(html).extract(&Declared::default());
        extract.notes.push("nested too deep for a tree, read without its tags".to_owned());
        extract
    };
    extract.encoding = Some(decoded.encoding);
    extract.notes.extend(note);
    Ok(extract)
}

/// Adds the blocks of a page that is all text, such as a chapter of a book.
pub(super) fn add_whole(html: &str, composed: &mut Composed) {
    if html.len() > LARGEST_TREE || !depth::is_bounded(html) {
        strip::add(html, composed);
        return;
    }
    let document = Document::from(html);
    for piece in walk::pieces(document.root()) {
        composed.push(&piece.text, piece.mark);
    }
}

fn extract_tree(html: &str) -> Extract {
    let document = Document::from(html);
    let mut pieces = walk::pieces(document.root());
    let headings: Vec<&str> = pieces
        .iter()
        .filter(|piece| matches!(piece.mark, Mark::Heading(_)))
        .map(|piece| &*piece.text)
        .collect();
    let statements = metadata::statements(&document, &headings);
    let title = title_of(&statements);
    let is_told = main_text::mark(&document, &mut pieces, title.as_deref());
    let mut composed = Composed::default();
    for piece in &pieces {
        composed.push(&piece.text, piece.mark);
    }
    let declared = Declared { title, place: String::new() };
    let mut extract = composed.extract(&declared);
    declaration::outrank(&mut extract, statements);
    if !is_told && !composed.is_empty() {
        extract.notes.push("no main text told from the rest of the page".to_owned());
    }
    extract
}

fn title_of(statements: &[Metadatum]) -> Option<String> {
    statements.iter().find(|datum| datum.name == "title").map(|datum| datum.value.clone())
}

#[cfg(test)]
mod tests;

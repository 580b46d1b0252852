//! reStructuredText, as clean text: the marks of docutils go, the words stay.
//!
//! Titles are told by their lines above and below, in the order in which their characters come; of the
//! directives those are known that say what their content is. Comments, targets and options go.

mod directives;
mod inline;
mod reader;
mod tables;

use super::composed::Composed;
use super::{Format, Holds, Input, Unreadable, declaration, plain};
use crate::model::Extract;
use crate::text::structure::Declared;
use reader::Reader;

pub(super) const FORMAT: Format = Format {
    name: "restructuredtext",
    version: 2,
    media_type: "text/x-rst",
    extensions: &["rst", "rest"],
    holds: Holds::OneDocument,
    recognises,
    is_signed: false,
    is_bounded: true,
    read,
};

/// Whether lines of the text begin like directives or targets of reStructuredText, which nothing else does.
fn recognises(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(65_536)).unwrap_or(bytes);
    let is_mark = |line: &&[u8]| {
        let Some(rest) = line.strip_prefix(b".. ") else { return false };
        let word =
            rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
        word > 0 && rest.get(word..).is_some_and(|after| after.starts_with(b"::"))
            || rest.first() == Some(&b'_') && memchr::memchr(b':', rest).is_some()
    };
    head.split(|byte| *byte == b'\n').filter(is_mark).take(3).count() == 3
}

fn read(input: &Input) -> Result<Extract, Unreadable> {
    plain::decoded(input, extract)
}

fn extract(text: &str, declared: &Declared) -> Extract {
    let mut composed = Composed::default();
    let statements = Reader::new(text, &mut composed).read();
    let mut extract = composed.extract(declared);
    declaration::outrank(&mut extract, statements);
    extract
}

#[cfg(test)]
mod tests;

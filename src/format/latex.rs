//! LaTeX, as clean text: what its commands do to words is done or dropped, and no macro is expanded.
//!
//! Sections, items, footnotes, captions, rows of tables, code and displayed formulas are told apart; a
//! formula stays as it is typed. A command that is not known goes, and what stands in its braces stays.

mod accents;
mod commands;
mod reader;
mod source;

use super::composed::Composed;
use super::{Format, Holds, Input, Unreadable, declaration, plain};
use crate::model::Extract;
use crate::text::structure::Declared;
use reader::Reader;

pub(super) const FORMAT: Format = Format {
    name: "latex",
    version: 2,
    media_type: "application/x-latex",
    extensions: &["tex", "latex", "ltx"],
    holds: Holds::OneDocument,
    recognises,
    is_signed: false,
    is_bounded: true,
    read,
};

/// Whether the first line that is no comment declares a class of documents.
fn recognises(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(8192)).unwrap_or(bytes);
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"%"));
    first.is_some_and(|line| {
        line.starts_with(b"\\documentclass") || line.starts_with(b"\\documentstyle")
    })
}

fn read(input: &Input) -> Result<Extract, Unreadable> {
    plain::decoded(input, extract)
}

fn extract(text: &str, declared: &Declared) -> Extract {
    let mut composed = Composed::default();
    let statements = Reader::new(text, &mut composed).read();
    let stated = statements.iter().find(|datum| datum.name == "title");
    let title = declared.title.clone().or(stated.map(|datum| datum.value.clone()));
    let mut extract = composed.extract(&Declared { title, place: declared.place.clone() });
    declaration::outrank(&mut extract, statements);
    extract
}

#[cfg(test)]
mod tests;

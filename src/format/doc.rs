//! Word documents of 1997 to 2003 (MS-DOC): text with headings, items, tables, notes.
//!
//! Text is taken by the table of its pieces, so what was deleted in an old revision is not read. Fields
//! give their result and not their code; pictures and drawings are passed over.

mod paragraphs;
mod pieces;
mod text;

use super::composed::Composed;
use super::compound::{Compound, has_stream, place_at, u16_at};
use super::{Format, Holds, Input, Unreadable, declaration, embedded, office};
use crate::model::Extract;
use crate::text::segment::Mark;
use crate::text::structure::Declared;
use paragraphs::Paragraphs;
use pieces::Pieces;

pub(super) const FORMAT: Format = Format {
    name: "doc",
    version: 2,
    media_type: "application/msword",
    extensions: &["doc", "dot"],
    holds: Holds::OneDocument,
    recognises: |bytes| has_stream(bytes, "WordDocument"),
    is_signed: true,
    is_bounded: false,
    read,
};

/// Places in the head of the main stream (MS-DOC 2.5).
const FLAGS: usize = 0x0A;
const IS_ENCRYPTED: u16 = 0x0100;
const IS_IN_SECOND_TABLE: u16 = 0x0200;
const PARAGRAPHS: usize = 0x0102;
const PIECES: usize = 0x01A2;
/// Lengths of the parts of the text in their order, and what a part is: `None` for one that is passed over.
const PARTS: [(usize, Option<Mark>); 7] = [
    (0x4C, Some(Mark::None)),
    (0x50, Some(Mark::Note)),
    (0x54, Some(Mark::Boilerplate)),
    // Macros have no text.
    (0x58, None),
    (0x5C, Some(Mark::Note)),
    (0x60, Some(Mark::Note)),
    (0x64, Some(Mark::None)),
];

fn read(input: &Input) -> Result<Extract, Unreadable> {
    let damaged = || Unreadable("damaged Word document".to_owned());
    if !office::is_compound(input.bytes) {
        return Err(Unreadable("not a Word document".to_owned()));
    }
    let mut compound = Compound::open(input.bytes)?;
    let Some(main) = compound.stream("WordDocument") else {
        let reason = office::old_or_encrypted(input.bytes).unwrap_or("not a Word document");
        return Err(Unreadable(reason.to_owned()));
    };
    match u16_at(&main, 0) {
        Some(0xA5EC) => {}
        Some(0xA5DC) => {
            return Err(Unreadable("a Word document of before 1997, which is not read".to_owned()));
        }
        _ => return Err(damaged()),
    }
    let flags = u16_at(&main, FLAGS).ok_or_else(damaged)?;
    if flags & IS_ENCRYPTED != 0 {
        return Err(Unreadable("encrypted".to_owned()));
    }
    let name = if flags & IS_IN_SECOND_TABLE == 0 { "0Table" } else { "1Table" };
    let table = compound.stream(name).ok_or_else(damaged)?;
    let pieces = part(&main, &table, PIECES).and_then(|clx| Pieces::read(clx, &main));
    let pieces = pieces.ok_or_else(damaged)?;
    let paragraphs = Paragraphs::read(&main, part(&main, &table, PARAGRAPHS).unwrap_or_default());
    let mut composed = Composed::default();
    let mut start = 0;
    for (at, mark) in PARTS {
        let length = place_at(&main, at).unwrap_or_default();
        let end = start + length.min(pieces.len() - start.min(pieces.len()));
        if let Some(mark) = mark {
            text::read(&pieces, &paragraphs, start..end, mark, &mut composed);
        }
        start = end;
    }
    let statements = compound.statements();
    let title = office::title_of(&statements);
    let mut extract = composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, statements);
    embedded::add(&mut extract, embedded::of_compound(input.bytes));
    Ok(extract)
}

/// A part of the table stream, by the place of its place and length in the head.
fn part<'t>(main: &[u8], table: &'t [u8], at: usize) -> Option<&'t [u8]> {
    let (start, length) = (place_at(main, at)?, place_at(main, at + 4)?);
    table.get(start..start.checked_add(length)?)
}

#[cfg(test)]
mod tests;

//! From the text of a Word document and what its paragraphs are to blocks.

use std::ops::Range;

use super::paragraphs::{Format, Paragraphs};
use super::pieces::Pieces;
use crate::format::composed::Composed;
use crate::text::segment::Mark;

/// The longest cell of a table of data, in bytes; longer ones hold paragraphs.
const LONGEST_CELL: usize = 400;

/// What is being collected.
#[derive(Default)]
struct Row {
    cells: Vec<String>,
    /// The paragraphs of the cell that is open.
    cell: Vec<String>,
}

/// Reads a part of the text; paragraphs that are nothing else are `mark`.
pub(super) fn read(
    pieces: &Pieces,
    paragraphs: &Paragraphs,
    part: Range<usize>,
    mark: Mark,
    composed: &mut Composed,
) {
    let mut row = Row::default();
    let mut start = part.start;
    for at in part.clone() {
        let end = pieces.unit(at);
        // The end of a paragraph, of a cell or row, of a page or section.
        if !matches!(end, 0x0D | 0x07 | 0x0C) {
            continue;
        }
        let text = shown(&pieces.text(start, at));
        start = at + 1;
        let format = paragraphs.at(pieces.place(at));
        match (end, format.ends_row, format.is_in_table) {
            (0x07, true, _) => row.end(composed),
            (0x07, false, _) => {
                row.cell.push(text);
                let cell = std::mem::take(&mut row.cell).join(" ");
                row.cells.push(cell.trim().replace(['\n', '\t'], " "));
            }
            (_, _, true) => row.cell.push(text),
            _ => {
                row.end(composed);
                composed.push(&text, mark_of(format, mark));
            }
        }
    }
    row.end(composed);
    composed.push(&shown(&pieces.text(start, part.end)), mark);
}

fn mark_of(format: Format, mark: Mark) -> Mark {
    match (mark, format.heading) {
        (Mark::None, Some(level)) => Mark::Heading(level.min(6)),
        (Mark::None, None) if format.is_item => Mark::Item,
        _ => mark,
    }
}

impl Row {
    fn end(&mut self, composed: &mut Composed) {
        let cells = std::mem::take(&mut self.cells);
        let rest = std::mem::take(&mut self.cell);
        if cells.len() > 1 && cells.iter().all(|cell| cell.len() <= LONGEST_CELL) {
            composed.push(&cells.join("\t"), Mark::Row);
        } else {
            cells.iter().for_each(|cell| composed.push(cell, Mark::None));
        }
        rest.iter().for_each(|text| composed.push(text, Mark::None));
    }
}

/// The text as it is shown: fields give their result, marks of pictures and notes go.
fn shown(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    // For each open field whether its code is being passed over, and how many of these there are.
    let mut fields: Vec<bool> = Vec::new();
    let mut hidden = 0;
    for c in text.chars() {
        match c {
            '\u{13}' => {
                fields.push(true);
                hidden += 1;
            }
            '\u{14}' => {
                let is_code = fields.last_mut().map(std::mem::take);
                hidden -= usize::from(is_code == Some(true));
            }
            '\u{15}' => hidden -= usize::from(fields.pop() == Some(true)),
            _ if hidden > 0 => {}
            '\u{b}' => words.push('\n'),
            '\u{1e}' => words.push('\u{2011}'),
            '\u{1f}' => words.push('\u{ad}'),
            '\t' | '\n' => words.push(c),
            c if c < ' ' => {}
            c => words.push(c),
        }
    }
    words
}

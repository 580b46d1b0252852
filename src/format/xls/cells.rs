//! The cells of one sheet. What a workbook may take is bounded by its size: a small file can name one
//! string in a million cells, and one sheet under a thousand names.

use super::super::table::Grid;
use super::numbers::{self, Form};
use super::records::{Record, Records, long, number, real};
use super::strings::Bytes;
use super::workbook::Workbook;

/// What sheets may still take.
pub(super) struct Left {
    cells: usize,
    /// Bytes of text in cells.
    text: usize,
    records: usize,
}

impl Left {
    /// Five million cells, and of text and records what no sound workbook of this size has.
    pub(super) fn of(bytes: usize) -> Self {
        Self { cells: 5_000_000, text: (bytes * 200).max(64 << 20), records: bytes.max(1 << 20) }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.cells == 0 || self.text == 0 || self.records == 0
    }
}

/// A sheet that is being read.
struct Sheet<'a> {
    workbook: &'a Workbook,
    left: &'a mut Left,
    grid: Grid,
    /// Where the formula stands whose text comes in a record of its own.
    formula: Option<(u32, u32)>,
}

/// Reads the sheet at the begin of the bytes, as far as it goes and may.
pub(super) fn read(workbook: &Workbook, bytes: &[u8], left: &mut Left) -> Grid {
    let mut sheet = Sheet { workbook, left, grid: Grid::default(), formula: None };
    let mut depth = 0_usize;
    for record in Records(bytes) {
        sheet.left.records = sheet.left.records.saturating_sub(1);
        match record.kind {
            0x0809 => depth += 1,
            // The end of the sheet, or of a chart in it.
            0x000A if depth <= 1 => break,
            0x000A => depth -= 1,
            // What a chart shows stands in cells of other sheets.
            _ if depth > 1 => {}
            _ => drop(sheet.take(&record)),
        }
        if sheet.left.is_spent() {
            break;
        }
    }
    sheet.grid
}

impl Sheet<'_> {
    fn take(&mut self, record: &Record) -> Option<()> {
        let data = record.data();
        let place = || Some((u32::from(number(data, 0)?), u32::from(number(data, 2)?)));
        let form = || Some(self.workbook.form(number(data, 4)?));
        let words = match record.kind {
            0x0203 => self.number(real(data, 6)?, form()?),
            0x027E => self.number(numbers::packed(long(data, 6)?), form()?),
            0x00BD => return self.many(data),
            0x00FD => {
                let string = usize::try_from(long(data, 6)?).ok()?;
                self.workbook.strings.get(string)?.clone()
            }
            0x0204 | 0x00D6 => self.workbook.encoding().long(&mut Bytes::of(record, 6))?,
            0x0205 => truth_or_error(*data.get(7)? == 0, *data.get(6)?),
            0x0006 => match data.get(6..14)? {
                [0, .., 0xFF, 0xFF] => {
                    self.formula = place();
                    return None;
                }
                [kind @ (1 | 2), _, value, .., 0xFF, 0xFF] => truth_or_error(*kind == 1, *value),
                [.., 0xFF, 0xFF] => return None,
                _ => self.number(real(data, 6)?, form()?),
            },
            0x0207 => {
                let place = self.formula.take()?;
                let text = self.workbook.encoding().long(&mut Bytes::of(record, 0))?;
                return self.put(place, text);
            }
            _ => return None,
        };
        self.put(place()?, words)
    }

    /// Numbers in cells side by side.
    fn many(&mut self, data: &[u8]) -> Option<()> {
        let (row, first) = (u32::from(number(data, 0)?), u32::from(number(data, 2)?));
        for (column, cell) in (first..).zip(data.get(4..)?.chunks_exact(6)) {
            let form = self.workbook.form(number(cell, 0)?);
            let words = self.number(numbers::packed(long(cell, 2)?), form);
            self.put((row, column), words)?;
        }
        Some(())
    }

    fn number(&self, number: f64, form: Form) -> String {
        numbers::words(number, form, self.workbook.is_1904)
    }

    /// Nothing where no more may be kept.
    fn put(&mut self, place: (u32, u32), words: String) -> Option<()> {
        self.left.cells = self.left.cells.saturating_sub(1);
        self.left.text = self.left.text.saturating_sub(words.len());
        if self.left.is_spent() {
            return None;
        }
        self.grid.put(place, words);
        Some(())
    }
}

fn truth_or_error(is_truth: bool, value: u8) -> String {
    if is_truth { (value != 0).to_string() } else { numbers::error(value).to_owned() }
}

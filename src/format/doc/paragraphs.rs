//! What the paragraphs of a Word document are: heading, item, cell (MS-DOC 2.4.6, 2.9.113).

use crate::format::compound::{place_at, u16_at, u32_at};

/// Bytes of a page of formats in the main stream.
const PAGE: usize = 512;

/// What is known of a stretch of the main stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Format {
    /// The level of a heading, from 1.
    pub(super) heading: Option<u8>,
    pub(super) is_item: bool,
    pub(super) is_in_table: bool,
    /// Whether it ends a row.
    pub(super) ends_row: bool,
}

/// The formats by where they begin in the main stream, rising.
pub(super) struct Paragraphs(Vec<(usize, Format)>);

impl Paragraphs {
    /// What cannot be read of it says nothing.
    pub(super) fn read(main: &[u8], plc: &[u8]) -> Self {
        let count = plc.len().saturating_sub(4) / 8;
        let mut found = Vec::new();
        for at in 0..count {
            let number = u32_at(plc, (count + 1) * 4 + at * 4).unwrap_or_default() & 0x003F_FFFF;
            let start = number as usize * PAGE;
            if let Some(page) = main.get(start..start + PAGE) {
                read_page(page, &mut found);
            }
        }
        found.sort_by_key(|(start, _)| *start);
        Self(found)
    }

    /// The format of the paragraph that holds this place.
    pub(super) fn at(&self, place: usize) -> Format {
        let after = self.0.partition_point(|(start, _)| *start <= place);
        let found = after.checked_sub(1).and_then(|at| self.0.get(at));
        found.map_or_else(Format::default, |(_, format)| *format)
    }
}

fn read_page(page: &[u8], found: &mut Vec<(usize, Format)>) {
    let runs = usize::from(page.last().copied().unwrap_or_default());
    for run in 0..runs {
        let Some(start) = place_at(page, run * 4) else { return };
        let entry = (runs + 1) * 4 + run * 13;
        let offset = usize::from(page.get(entry).copied().unwrap_or_default()) * 2;
        let format = if offset == 0 { Format::default() } else { of_entry(page, offset) };
        found.push((start, format));
    }
}

/// The format at a place of a page: its length, its style, and what differs from that.
fn of_entry(page: &[u8], offset: usize) -> Format {
    let (start, length) = match page.get(offset).copied().unwrap_or_default() {
        0 => (offset + 2, usize::from(page.get(offset + 1).copied().unwrap_or_default()) * 2),
        half => (offset + 1, usize::from(half) * 2 - 1),
    };
    let entry = page.get(start..(start + length).min(page.len())).unwrap_or_default();
    let style = u16_at(entry, 0).unwrap_or_default();
    // The styles of headings have these numbers in every document.
    let heading = (1..=9).contains(&style).then_some(style as u8);
    let mut format = Format { heading, ..Format::default() };
    changes(entry.get(2..).unwrap_or_default(), &mut format);
    format
}

/// Goes through the changes, each of which says how long it is (MS-DOC 2.2.5.1).
fn changes(mut rest: &[u8], format: &mut Format) {
    while let Some(code) = u16_at(rest, 0) {
        let operand = rest.get(2..).unwrap_or_default();
        let first = operand.first().copied().unwrap_or_default();
        match code {
            0x2416 => format.is_in_table = first != 0,
            0x2417 => format.ends_row = first != 0,
            0x2640 if first < 9 => format.heading = format.heading.or(Some(first + 1)),
            0x460B => format.is_item = u16_at(operand, 0).is_some_and(|list| list != 0),
            _ => {}
        }
        let length = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            // The one change that may be longer than a byte can say.
            _ if code == 0xD608 => usize::from(u16_at(operand, 0).unwrap_or_default()) + 1,
            _ => usize::from(first) + 1,
        };
        rest = operand.get(length..).unwrap_or_default();
    }
}

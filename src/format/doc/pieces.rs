//! The text of a Word document as its pieces lie in the file (MS-DOC 2.8.35).

use crate::format::compound::{place_at, u16_at, u32_at};

/// The text, unit by unit, each with its place in the main stream.
pub(super) struct Pieces {
    units: Vec<u16>,
    /// Where each piece begins in the text and in the stream, and the bytes of one of its units.
    starts: Vec<(usize, usize, usize)>,
}

impl Pieces {
    /// `None` where the table of pieces is damaged.
    pub(super) fn read(clx: &[u8], main: &[u8]) -> Option<Self> {
        let plc = table(clx)?;
        let count = plc.len().checked_sub(4)? / 12;
        let mut pieces = Self { units: Vec::new(), starts: Vec::new() };
        for at in 0..count {
            let (from, to) = (place_at(plc, at * 4)?, place_at(plc, at * 4 + 4)?);
            let place = u32_at(plc, (count + 1) * 4 + at * 8 + 2)?;
            let is_narrow = place & 0x4000_0000 != 0;
            let place = (place & 0x3FFF_FFFF) as usize;
            let (start, size) = if is_narrow { (place / 2, 1) } else { (place, 2) };
            let length = to.checked_sub(from)?;
            // Pieces may not claim the same bytes again and again.
            if pieces.units.len() + length > main.len() || from != pieces.units.len() {
                return None;
            }
            let bytes = main.get(start..start.checked_add(length * size)?)?;
            pieces.starts.push((from, start, size));
            match is_narrow {
                true => pieces.units.extend(narrow(bytes)),
                false => {
                    pieces.units.extend((0..length).map_while(|at| u16_at(bytes, at * 2)));
                }
            }
        }
        Some(pieces)
    }

    pub(super) fn len(&self) -> usize {
        self.units.len()
    }

    pub(super) fn unit(&self, at: usize) -> u16 {
        self.units.get(at).copied().unwrap_or_default()
    }

    pub(super) fn text(&self, from: usize, to: usize) -> String {
        String::from_utf16_lossy(self.units.get(from..to).unwrap_or_default())
    }

    /// Where a unit lies in the main stream.
    pub(super) fn place(&self, at: usize) -> usize {
        let after = self.starts.partition_point(|(from, ..)| *from <= at);
        let piece = after.checked_sub(1).and_then(|piece| self.starts.get(piece));
        piece.map_or(0, |(from, start, size)| start + (at - from) * size)
    }
}

/// The table itself, behind the changes of format that may stand before it.
fn table(mut clx: &[u8]) -> Option<&[u8]> {
    loop {
        match clx.first()? {
            1 => clx = clx.get(3 + usize::from(u16_at(clx, 1)?)..)?,
            2 => return clx.get(5..5_usize.checked_add(place_at(clx, 1)?)?),
            _ => return None,
        }
    }
}

/// Text of one byte a character is in the code page of Western Windows, whatever its language.
fn narrow(bytes: &[u8]) -> Vec<u16> {
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    text.encode_utf16().collect()
}

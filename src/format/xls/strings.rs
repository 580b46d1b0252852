//! Strings of records: characters of one or two bytes that may go on in the next part of a record, with
//! runs of fonts and readings behind them (MS-XLS 2.5.293 and 2.5.294).

use super::records::Record;
use crate::text::codec::Codec;

/// The bytes of a record from a place on, over all its parts.
pub(super) struct Bytes<'a> {
    parts: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

/// Bits that say how a string is written.
const IS_WIDE: u8 = 1;
const HAS_READINGS: u8 = 4;
const HAS_FONTS: u8 = 8;

impl<'a> Bytes<'a> {
    pub(super) fn of(record: &Record<'a>, at: usize) -> Self {
        Self { parts: record.parts.clone(), part: 0, at }
    }

    /// What is left of the part at hand; an empty one is behind the last.
    fn rest(&self) -> &'a [u8] {
        self.parts.get(self.part).and_then(|part| part.get(self.at..)).unwrap_or_default()
    }

    /// Goes to the next part where this one is at its end; whether there is anything left.
    fn goes_on(&mut self) -> bool {
        while self.rest().is_empty() {
            if self.part + 1 >= self.parts.len() {
                return false;
            }
            (self.part, self.at) = (self.part + 1, 0);
        }
        true
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let there = self.goes_on().then(|| self.rest().first().copied())??;
        self.at += 1;
        Some(there)
    }

    pub(super) fn number(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    pub(super) fn long(&mut self) -> Option<u32> {
        let (low, high) = (self.number()?, self.number()?);
        Some(u32::from(high) << 16 | u32::from(low))
    }

    fn skip(&mut self, mut count: usize) {
        while count > 0 && self.goes_on() {
            let step = count.min(self.rest().len());
            self.at += step;
            count -= step;
        }
    }

    /// A string of so many characters, with the bits before it that say how it is written. As much of
    /// it as there is.
    pub(super) fn unicode(&mut self, count: usize) -> Option<String> {
        let bits = self.byte()?;
        let fonts = if bits & HAS_FONTS > 0 { self.number()? } else { 0 };
        let readings = if bits & HAS_READINGS > 0 { self.long()? } else { 0 };
        let text = self.characters(count, bits & IS_WIDE > 0);
        self.skip(usize::from(fonts) * 4);
        self.skip(usize::try_from(readings).unwrap_or(usize::MAX));
        Some(text)
    }

    fn characters(&mut self, count: usize, mut is_wide: bool) -> String {
        let mut units: Vec<u16> = Vec::new();
        let mut before = self.part;
        while units.len() < count && self.goes_on() {
            if self.part != before {
                // A part that goes on with characters says anew how wide they are.
                before = self.part;
                is_wide = self.byte().is_some_and(|bits| bits & IS_WIDE > 0);
                continue;
            }
            let (rest, wanted) = (self.rest(), count - units.len());
            if is_wide {
                let pairs = rest.chunks_exact(2).take(wanted);
                let found = pairs.len();
                units.extend(pairs.filter_map(|pair| super::records::number(pair, 0)));
                // Half a character at the end of a part is none.
                self.at += if found == 0 { rest.len() } else { found * 2 };
            } else {
                units.extend(rest.iter().take(wanted).map(|byte| u16::from(*byte)));
                self.at += rest.len().min(wanted);
            }
        }
        String::from_utf16_lossy(&units)
    }

    /// So many bytes in the encoding of the workbook.
    pub(super) fn encoded(&mut self, count: usize, codec: &Codec) -> String {
        let bytes: Vec<u8> = (0..count).map_while(|_| self.byte()).collect();
        codec.decode(&bytes).0.into_owned()
    }
}

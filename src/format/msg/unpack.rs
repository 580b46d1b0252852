//! RTF as Outlook packs it (MS-OXRTFCP): references into a window of the last 4,096 bytes.
//!
//! It never gives more than the stated length, and a reference outside the window is none.

use crate::format::compound::{place_at, u32_at};

/// What the window begins with.
const BEGINNING: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \
\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\
\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

const PACKED: u32 = 0x7546_5A4C;
const PLAIN: u32 = 0x414C_454D;
const WINDOW: usize = 4096;
/// The longest text that is unpacked, in bytes.
const LONGEST: usize = 256 << 20;

/// The RTF of a packed body; `None` where it is not packed like this.
pub(in crate::format) fn rtf(bytes: &[u8]) -> Option<Vec<u8>> {
    let length = place_at(bytes, 4)?.min(LONGEST);
    let body = bytes.get(16..)?;
    match u32_at(bytes, 8)? {
        PLAIN => Some(body.get(..length.min(body.len()))?.to_vec()),
        PACKED => Some(unpacked(body, length)),
        _ => None,
    }
}

fn unpacked(body: &[u8], length: usize) -> Vec<u8> {
    let mut all = BEGINNING.to_vec();
    let end = BEGINNING.len() + length;
    let mut rest = body.iter().copied();
    'runs: while let Some(flags) = rest.next() {
        for bit in 0..8 {
            if all.len() >= end {
                break 'runs;
            }
            if flags >> bit & 1 == 0 {
                let Some(byte) = rest.next() else { break 'runs };
                all.push(byte);
                continue;
            }
            let (Some(high), Some(low)) = (rest.next(), rest.next()) else { break 'runs };
            let reference = usize::from(high) << 8 | usize::from(low);
            let (offset, count) = (reference >> 4, (reference & 15) + 2);
            // The window is a ring: the offset counts from its beginning, as the text has filled it.
            let at = all.len() % WINDOW;
            let back = (at + WINDOW - offset) % WINDOW;
            if back == 0 || back > all.len() {
                break 'runs;
            }
            for _ in 0..count {
                let Some(byte) = all.len().checked_sub(back).and_then(|at| all.get(at).copied())
                else {
                    break 'runs;
                };
                all.push(byte);
            }
        }
    }
    all.truncate(end);
    all.split_off(BEGINNING.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(kind: u32, length: u32, body: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; 4];
        bytes.extend(length.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(body);
        bytes
    }

    #[test]
    fn the_example_of_the_specification_is_unpacked() {
        // MS-OXRTFCP, 4.1.1: "{\rtf1\ansi\ansicpg1252\pard hello world}\r\n".
        let body = [
            0x03, 0x00, 0x0a, 0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a,
            0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64,
            0x7d, 0x0a, 0x80, 0x0f, 0xa0,
        ];
        let text = rtf(&packed(PACKED, 43, &body)).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
        );
    }

    #[test]
    fn plain_bodies_are_copied_and_nonsense_ends() {
        assert_eq!(rtf(&packed(PLAIN, 3, b"{\\r}")).unwrap(), b"{\\r");
        assert_eq!(rtf(&packed(7, 3, b"abc")), None);
        assert_eq!(rtf(b"short"), None);
        assert_eq!(rtf(&packed(PACKED, 100, &[0xff, 0xff, 0xff])).unwrap(), b"");
        assert_eq!(rtf(&packed(PACKED, u32::MAX, &[0, b'a'])).unwrap(), b"a");
    }
}

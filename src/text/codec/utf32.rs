//! UTF-32: four bytes a character, in either order.
//!
//! Every unit that is no character becomes one U+FFFD; nothing is skipped.

pub(super) fn little(bytes: &[u8]) -> String {
    decode(bytes, u32::from_le_bytes)
}

pub(super) fn big(bytes: &[u8]) -> String {
    decode(bytes, u32::from_be_bytes)
}

fn decode(bytes: &[u8], read: fn([u8; 4]) -> u32) -> String {
    let character = |unit: &[u8]| unit.try_into().ok().map(read).and_then(char::from_u32);
    bytes.chunks(4).map(|unit| character(unit).unwrap_or('\u{fffd}')).collect()
}

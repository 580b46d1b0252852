//! The numbers of FTS5 and SQLite: seven bits a byte, the highest first, at most nine bytes.
//!
//! Nothing else is packed here.

/// Reads the number at an offset and moves behind it; none where the bytes end within it.
#[inline]
pub(super) fn varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let first = *bytes.get(*at)?;
    *at += 1;
    if first < 128 { Some(u64::from(first)) } else { long(bytes, at, first) }
}

fn long(bytes: &[u8], at: &mut usize, first: u8) -> Option<u64> {
    let mut number = u64::from(first & 127);
    for _ in 0..7 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        number = number << 7 | u64::from(byte & 127);
        if byte < 128 {
            return Some(number);
        }
    }
    let last = *bytes.get(*at)?;
    *at += 1;
    Some(number << 8 | u64::from(last))
}

/// Writes a number of less than 49 bits.
pub(super) fn put(bytes: &mut Vec<u8>, number: u64) {
    if number < 128 {
        return bytes.push((number & 127) as u8);
    }
    let mut shift = 42;
    while shift > 0 && number >> shift == 0 {
        shift -= 7;
    }
    while shift > 0 {
        bytes.push((number >> shift & 127) as u8 | 128);
        shift -= 7;
    }
    bytes.push((number & 127) as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_were_written() {
        for number in [0, 1, 127, 128, 300, 16_383, 16_384, u64::from(u32::MAX), (1 << 49) - 1] {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            let mut at = 0;
            assert_eq!((varint(&bytes, &mut at), at), (Some(number), bytes.len()));
            at = 0;
            assert_eq!(varint(&bytes[..bytes.len() - 1], &mut at), None);
        }
        assert_eq!(varint(&[255; 9], &mut 0), Some(u64::MAX));
    }
}

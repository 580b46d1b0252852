//! One row of an SQLite file as values (sqlite.org/fileformat2.html, section 2.1).

use rusqlite::types::Value;

/// A number of one to nine bytes, and where the next thing begins.
pub(super) fn varint(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let mut number: u64 = 0;
    for step in 0..9 {
        let byte = *bytes.get(at + step)?;
        if step == 8 {
            return Some(((number << 8 | u64::from(byte)) as i64, at + 9));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number as i64, at + step + 1));
        }
    }
    None
}

/// The values of a record; `None` where its header does not fit its length. A text that is no UTF-8
/// any more is damaged, and comes back with U+FFFD so that it can still be shown.
pub(super) fn values(payload: &[u8]) -> Option<Vec<Value>> {
    let (header, mut at) = varint(payload, 0)?;
    let header = usize::try_from(header).ok()?;
    let mut body = header;
    let mut values = Vec::new();
    while at < header {
        let (kind, after) = varint(payload, at)?;
        at = after;
        let length = length(kind)?;
        let bytes = payload.get(body..body.checked_add(length)?)?;
        body += length;
        values.push(value(kind, bytes)?);
    }
    (at == header && body == payload.len()).then_some(values)
}

fn length(kind: i64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => usize::try_from(kind).ok(),
        5 => Some(6),
        6 | 7 => Some(8),
        12.. => usize::try_from((kind - 12) / 2).ok(),
        _ => None,
    }
}

fn value(kind: i64, bytes: &[u8]) -> Option<Value> {
    Some(match kind {
        0 => Value::Null,
        8 => Value::Integer(0),
        9 => Value::Integer(1),
        7 => Value::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
        1..=6 => {
            let is_negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
            let start = if is_negative { -1 } else { 0 };
            Value::Integer(bytes.iter().fold(start, |sum, byte| sum << 8 | i64::from(*byte)))
        }
        _ if kind % 2 == 0 => Value::Blob(bytes.to_vec()),
        _ => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_file_format_writes_them() {
        for (bytes, number) in [
            (&[0x00][..], 0),
            (&[0x7f], 127),
            (&[0x81, 0x00], 128),
            (&[0xff; 9], -1),
            (&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x81, 0x00], 256),
        ] {
            assert_eq!(varint(bytes, 0), Some((number, bytes.len())));
        }
        assert_eq!(varint(&[0x81], 0), None);
    }

    #[test]
    fn a_record_gives_its_values_and_a_wrong_one_gives_none() {
        let record = [&[6u8, 0, 1, 2, 15, 14][..], &[0xfe, 0x01, 0x00], b"a", b"\xff"].concat();
        assert_eq!(
            values(&record),
            Some(vec![
                Value::Null,
                Value::Integer(-2),
                Value::Integer(256),
                Value::Text("a".to_owned()),
                Value::Blob(vec![0xff]),
            ])
        );
        for wrong in [&record[..7], &[record.clone(), vec![0]].concat()[..], &[9, 1], &[2, 10], &[]]
        {
            assert_eq!(values(wrong), None, "{wrong:?}");
        }
    }
}

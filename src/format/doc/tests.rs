//! Word documents made here, byte by byte: what their paragraphs are.

use std::io::{Cursor, Write};

use super::super::Options;
use super::*;
use crate::model::Kind;

/// A paragraph with its end, its style and the changes of its format.
type Made<'a> = (&'a str, u16, &'a [u8]);

const CELL: &[u8] = &[0x16, 0x24, 1];
const ROW_END: &[u8] = &[0x16, 0x24, 1, 0x17, 0x24, 1];
const IN_LIST: &[u8] = &[0x0B, 0x46, 1, 0];

/// A document of these paragraphs: half of its text wide, half narrow, as Word mixes them; then a note.
fn made(flags: u16, paragraphs: &[Made], note: &str) -> Vec<u8> {
    let (text_at, page_at) = (0x800, 0x4000);
    let mut main = vec![0; page_at + 512];
    let mut put = |at: usize, bytes: &[u8]| main[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &0xA5EC_u16.to_le_bytes());
    put(0x0A, &(flags | 0x0200).to_le_bytes());
    let body: Vec<u16> = paragraphs.iter().flat_map(|(text, ..)| text.encode_utf16()).collect();
    let wide: Vec<u8> = body.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    put(text_at, &wide);
    let narrow_at = text_at + wide.len();
    put(narrow_at, note.as_bytes());
    put(0x4C, &(body.len() as u32).to_le_bytes());
    put(0x50, &(note.len() as u32).to_le_bytes());
    let mut clx = vec![2];
    let ends = [0, body.len() as u32, (body.len() + note.len()) as u32];
    clx.extend((12 + 16_u32).to_le_bytes());
    clx.extend(ends.iter().flat_map(|end| end.to_le_bytes()));
    for place in [text_at as u32, (narrow_at as u32 * 2) | 0x4000_0000] {
        clx.extend([0, 0]);
        clx.extend(place.to_le_bytes());
        clx.extend([0, 0]);
    }
    let mut page = vec![0; 512];
    let (mut start, mut low) = (text_at, 500);
    page[511] = paragraphs.len() as u8;
    for (run, (text, style, changes)) in paragraphs.iter().enumerate() {
        page[run * 4..run * 4 + 4].copy_from_slice(&(start as u32).to_le_bytes());
        start += text.encode_utf16().count() * 2;
        let length = 2 + changes.len();
        low -= (length + 3) & !1;
        page[(paragraphs.len() + 1) * 4 + run * 13] = (low / 2) as u8;
        page[low] = (length as u8 + 2) / 2;
        page[low + 1..low + 3].copy_from_slice(&style.to_le_bytes());
        page[low + 3..low + 3 + changes.len()].copy_from_slice(changes);
    }
    put(page_at, &page);
    let mut table = clx.clone();
    let mut plc: Vec<u8> = [0, u32::MAX].iter().flat_map(|end: &u32| end.to_le_bytes()).collect();
    plc.extend(((page_at / 512) as u32).to_le_bytes());
    table.extend(&plc);
    put(0x01A2, &0_u32.to_le_bytes());
    put(0x01A6, &(clx.len() as u32).to_le_bytes());
    put(0x0102, &(clx.len() as u32).to_le_bytes());
    put(0x0106, &(plc.len() as u32).to_le_bytes());
    compound(&[("WordDocument", &main), ("1Table", &table)])
}

fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in streams {
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn read_bytes(bytes: &[u8]) -> Result<Extract, Unreadable> {
    read(&Input { bytes, name: "a.doc", options: &Options::default() })
}

#[test]
fn a_document_is_read_with_its_headings_items_tables_fields_and_notes() {
    let bytes = made(
        0,
        &[
            ("渡轮启航\r", 1, &[]),
            ("The \u{13} HYPERLINK x \u{14}ferry\u{15} sails\u{b}at noon\u{2}.\r", 0, &[]),
            ("One wagon\r", 0, IN_LIST),
            ("Year\u{7}", 0, CELL),
            ("Tons\u{7}", 0, CELL),
            ("\u{7}", 0, ROW_END),
            ("2015\u{7}", 0, CELL),
            ("4,100\r", 0, CELL),
            ("net\u{7}", 0, CELL),
            ("\u{7}", 0, ROW_END),
            ("It re\u{1f}turns.\r", 0, &[]),
        ],
        "\u{2} Since 2015.\r",
    );
    assert!((FORMAT.recognises)(&bytes));
    let extract = read_bytes(&bytes).unwrap();
    let read: Vec<_> = extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect();
    assert_eq!(
        read,
        [
            (Kind::Title, "渡轮启航"),
            (Kind::Body, "The ferry sails\nat noon."),
            (Kind::Item, "One wagon"),
            (Kind::Row, "Year\tTons"),
            (Kind::Row, "2015\t4,100 net"),
            (Kind::Body, "It re\u{ad}turns."),
            (Kind::Note, "Since 2015."),
        ]
    );
}

#[test]
fn what_is_encrypted_older_or_damaged_is_refused_with_the_reason() {
    let whole = made(0, &[("The ferry.\r", 0, &[])], "");
    let reason = |bytes: &[u8]| read_bytes(bytes).unwrap_err().0;
    assert_eq!(reason(&made(0x0100, &[("The ferry.\r", 0, &[])], "")), "encrypted");
    let old = compound(&[("WordDocument", &[0xDC, 0xA5, 0, 0]), ("0Table", &[])]);
    assert_eq!(reason(&old), "a Word document of before 1997, which is not read");
    assert!(
        reason(&whole[..whole.len() / 2]).starts_with("damaged"),
        "{}",
        reason(&whole[..whole.len() / 2])
    );
    assert_eq!(reason(b"text"), "not a Word document");
    // Any byte may be wrong; nothing panics.
    for at in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        let _either = read_bytes(&bytes);
    }
}

//! Presentations made here, record by record: what their paragraphs are.

use std::io::{Cursor, Write};

use super::super::Options;
use super::*;
use crate::model::Kind;

fn record(version: u16, instance: u16, kind: u16, content: &[u8]) -> Vec<u8> {
    let mut bytes = (version | instance << 4).to_le_bytes().to_vec();
    bytes.extend(kind.to_le_bytes());
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes.extend(content);
    bytes
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    record(0, 0, WIDE, &units)
}

fn header(kind: u32) -> Vec<u8> {
    record(0, 0, HEADER, &kind.to_le_bytes())
}

/// A file whose document lists one slide with notes, saved twice: the first save had other words.
fn made(token: u32) -> Vec<u8> {
    let listed = |id: u32| record(0, 0, IN_LIST, &[&id.to_le_bytes()[..], &[0; 16]].concat());
    let outline = [
        listed(2),
        header(0),
        wide("渡轮启航"),
        header(1),
        record(0, 0, NARROW, b"One wagon\rTwo wagons"),
    ];
    let slides = record(0xF, SLIDES, LIST, &outline.concat());
    let notes = record(0xF, NOTES, LIST, &listed(3));
    let document = record(0xF, 0, DOCUMENT, &[slides, notes].concat());
    let old = record(0xF, 0, 0x03EE, &[header(4), wide("Never said")].concat());
    let slide = record(
        0xF,
        0,
        0x03EE,
        &record(0xF, 0, 0xF00D, &[header(4), wide("It sails\u{b}at noon")].concat()),
    );
    let note = record(0xF, 0, 0x03F0, &[header(2), wide("Smile."), header(4), wide("*")].concat());
    let mut stream = Vec::new();
    let mut places = Vec::new();
    for part in [&document, &old, &note, &slide] {
        places.push(stream.len() as u32);
        stream.extend(part);
    }
    let directory = |entries: &[(u32, u32)]| {
        let entries = entries
            .iter()
            .flat_map(|(id, place)| [(id | 1 << 20).to_le_bytes(), place.to_le_bytes()].concat());
        record(0, 0, DIRECTORY, &entries.collect::<Vec<u8>>())
    };
    let mut save = |entries: &[(u32, u32)], before: u32| {
        let at = stream.len() as u32;
        stream.extend(directory(entries));
        let edit = [0, 0, before, at, 1, 0, 0].map(u32::to_le_bytes).concat();
        let edit_at = stream.len() as u32;
        stream.extend(record(0, 0, EDIT, &edit));
        edit_at
    };
    let first = save(&[(1, places[0]), (2, places[1]), (3, places[2])], 0);
    let newest = save(&[(2, places[3])], first);
    let user = [[0; 4], [0; 4], [0; 4], token.to_le_bytes(), newest.to_le_bytes()].concat();
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in [("PowerPoint Document", &stream), ("Current User", &user)] {
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn read_bytes(bytes: &[u8]) -> Result<Extract, Unreadable> {
    read(&Input { bytes, name: "a.ppt", options: &Options::default() })
}

#[test]
fn the_newest_save_is_read_slide_by_slide_with_its_notes() {
    let bytes = made(0xE391_C05F);
    assert!((FORMAT.recognises)(&bytes));
    let extract = read_bytes(&bytes).unwrap();
    let read: Vec<_> =
        extract.paragraphs.iter().map(|part| (part.kind, part.page, &*part.text)).collect();
    assert_eq!(
        read,
        [
            (Kind::Title, Some(1), "渡轮启航"),
            (Kind::Item, Some(1), "One wagon"),
            (Kind::Item, Some(1), "Two wagons"),
            (Kind::Body, Some(1), "It sails\nat noon"),
            (Kind::Note, Some(1), "Smile."),
        ]
    );
}

#[test]
fn what_is_encrypted_or_damaged_is_refused_and_never_harms() {
    assert_eq!(read_bytes(&made(ENCRYPTED)).unwrap_err().0, "encrypted");
    let whole = made(0);
    for at in (0..whole.len()).step_by(5) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        let _either = read_bytes(&bytes);
    }
    assert_eq!(read_bytes(b"text").unwrap_err().0, "not a PowerPoint presentation");
}

//! Messages are made here, in the fewest streams that Outlook would know them by.

use super::super::Options;
use super::*;
use crate::model::Kind;
use std::io::{Cursor, Write};

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A message of these streams and of properties of fixed length.
fn message(fixed: &[(u32, u64)], streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let class = "00020d0b-0000-0000-c000-000000000046".parse().unwrap();
    file.set_storage_clsid("/", class).unwrap();
    let mut properties = vec![0; 32];
    for (tag, value) in fixed {
        properties.extend(tag.to_le_bytes());
        properties.extend([0; 4]);
        properties.extend(value.to_le_bytes());
    }
    file.create_stream("/__properties_version1.0").unwrap().write_all(&properties).unwrap();
    for (path, bytes) in streams {
        if let Some((folder, _)) = path.rsplit_once('/') {
            let _there = file.create_storage(folder);
        }
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.into_inner().into_inner()
}

fn read_bytes(bytes: &[u8]) -> Extract {
    read(&Input { bytes, name: "a.msg", options: &Options::default() }).unwrap()
}

#[test]
fn a_message_is_read_with_its_people_its_day_and_what_is_attached() {
    let bytes = message(
        &[(0x0039_0040, 132_048_000_000_000_000)],
        &[
            ("__substg1.0_0037001F", wide("Ферри")),
            ("__substg1.0_0C1A001F", wide("伊藤春")),
            ("__substg1.0_0042001F", wide("伊藤春")),
            ("__substg1.0_0E04001F", wide("Orlov; b@port.example")),
            ("__substg1.0_1035001F", wide("<1@port.example>")),
            ("__substg1.0_1000001F", wide("It sails.\r\n\r\n> Will it?\r\n\r\n-- \r\nIto\r\n")),
            ("__attach_version1.0_#00000000/__substg1.0_3707001F", wide("tons.csv")),
            ("__attach_version1.0_#00000000/__substg1.0_37010102", b"1,2\n".to_vec()),
            ("__attach_version1.0_#00000001/__substg1.0_3001001F", wide("Re: tons")),
        ],
    );
    assert!(recognises(&bytes));
    let extract = read_bytes(&bytes);
    let read: Vec<_> = extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect();
    assert_eq!(
        read,
        [
            (Kind::Title, "Ферри"),
            (Kind::Body, "It sails."),
            (Kind::Body, "> Will it?"),
            (Kind::Boilerplate, "-- \nIto"),
        ]
    );
    let stated: Vec<_> =
        extract.metadata.iter().map(|datum| (&*datum.name, &*datum.value)).collect();
    assert_eq!(
        stated,
        [
            ("title", "Ферри"),
            ("creator", "伊藤春"),
            ("to", "Orlov"),
            ("to", "b@port.example"),
            ("identifier", "1@port.example"),
            ("date", "2019-06-12"),
            ("embedded file", "tons.csv"),
        ]
    );
    assert_eq!(extract.notes, ["attached and not read: Re: tons"]);
    assert_eq!(extract.embedded[0].bytes, b"1,2\n");
}

#[test]
fn texts_in_a_code_page_and_bodies_in_html_and_rtf_are_read() {
    let body = |streams: &[(&str, Vec<u8>)]| {
        let extract = read_bytes(&message(&[(0x3FFD_0003, 1251)], streams));
        extract.paragraphs.into_iter().map(|part| part.text).collect::<Vec<_>>()
    };
    let (russian, _, _) = encoding_rs::WINDOWS_1251.encode("Паром отходит в полдень.");
    assert_eq!(body(&[("__substg1.0_1000001E", russian.to_vec())]), ["Паром отходит в полдень."]);
    let page = b"<html><p>One.</p><p>Two.</p></html>".to_vec();
    assert_eq!(body(&[("__substg1.0_10130102", page)]), ["One.", "Two."]);
    let rtf = b"{\\rtf1\\ansi{\\*\\htmltag64 <p>}Noon.\\par}";
    let mut packed = vec![0; 4];
    packed.extend(u32::try_from(rtf.len()).unwrap().to_le_bytes());
    packed.extend(0x414C_454D_u32.to_le_bytes());
    packed.extend([0; 4]);
    packed.extend(rtf);
    assert_eq!(body(&[(PACKED_RTF, packed)]), ["Noon."]);
}

#[test]
fn another_compound_file_is_no_message() {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/WordDocument").unwrap().write_all(b"x").unwrap();
    let bytes = file.into_inner().into_inner();
    assert!(!recognises(&bytes) && !recognises(b"\xd0\xcf\x11\xe0") && !recognises(b""));
    let refused = read(&Input { bytes: &bytes, name: "a.msg", options: &Options::default() });
    assert_eq!(refused.unwrap_err().0, "not a message of Outlook");
}

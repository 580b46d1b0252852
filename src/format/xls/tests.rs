//! Workbooks made here record by record, and damaged ones.

use super::super::{Options, Unreadable};
use super::*;
use crate::model::Kind;
use std::io::{Cursor, Write};

const SMALL: &[u8] = include_bytes!("../../../tests/data/fuzz/small.xls");

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes(), &(data.len() as u16).to_le_bytes(), data].concat()
}

/// Row, column and style of a cell, and what follows.
fn cell(kind: u16, (row, column, style): (u16, u16, u16), rest: &[u8]) -> Vec<u8> {
    let head = [row, column, style].map(u16::to_le_bytes).concat();
    record(kind, &[&head, rest].concat())
}

/// A string of the kind that most records have: length, bits, characters.
fn long(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&(text.encode_utf16().count() as u16).to_le_bytes(), &[1][..], &units].concat()
}

fn compound_file(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(name).unwrap().write_all(stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// A workbook with these records in its head and these in its one sheet, which has this name.
fn workbook(name: &str, head: &[Vec<u8>], sheet: &[Vec<u8>]) -> Vec<u8> {
    let begin = |kind: u8| record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0]);
    let end = record(0x000A, &[]);
    let named = [&[0, 0, name.len() as u8, 0][..], name.as_bytes()].concat();
    let head = head.concat();
    let length = begin(5).len() + 4 + 4 + named.len() + head.len() + end.len();
    let listed = record(0x0085, &[&(length as u32).to_le_bytes()[..], &named].concat());
    [begin(5), listed, head, end.clone(), begin(16), sheet.concat(), end].concat()
}

fn read_bytes(bytes: &[u8]) -> Result<Extract, Unreadable> {
    read(&Input { bytes, name: "a.xls", options: &Options::default() })
}

fn rows(stream: &[u8]) -> Vec<(Kind, String)> {
    let extract = read_bytes(&compound_file("Workbook", stream)).unwrap();
    extract.paragraphs.into_iter().map(|one| (one.kind, one.text)).collect()
}

#[test]
fn every_kind_of_cell_is_read_as_a_person_would_write_it() {
    let forms = [
        record(0x041E, &[&164_u16.to_le_bytes()[..], &long("[h]:mm:ss")].concat()),
        record(0x041E, &[&165_u16.to_le_bytes()[..], &long("\"s\"0.00;[Red]d")].concat()),
    ];
    let styles = [0_u16, 14, 164, 165]
        .map(|form| record(0x00E0, &[&[0, 0], &form.to_le_bytes()[..]].concat()));
    // The second string goes on in another record, and its other half is of one byte a character.
    let strings = [&[0; 8][..], &long("年"), &[6, 0, 1], &[0x42, 0x4E]].concat();
    let strings = [record(0x00FC, &strings), record(0x003C, b"\0 Tons")].concat();
    let sheet = [
        cell(0x00FD, (0, 1, 0), &0_u32.to_le_bytes()),
        cell(0x00FD, (0, 2, 0), &1_u32.to_le_bytes()),
        cell(0x0204, (0, 3, 0), &long("Seen")),
        cell(0x0203, (1, 1, 0), &2015_f64.to_le_bytes()),
        // 4.56 as hundredths, and a date.
        cell(0x027E, (1, 2, 3), &(456_u32 << 2 | 3).to_le_bytes()),
        cell(0x027E, (1, 3, 1), &(43628_u32 << 2 | 2).to_le_bytes()),
        record(
            0x00BD,
            &[&[2, 0, 1, 0][..], &[0, 0, 6, 0, 0, 0], &[2, 0, 0, 0, 0xF8, 0x3F], &[2, 0]].concat(),
        ),
        cell(0x0006, (3, 1, 0), &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        record(0x0207, &long("a formula’s text")),
        cell(0x0006, (3, 2, 0), &[1, 0, 1, 0, 0, 0, 0xFF, 0xFF]),
        cell(0x0205, (3, 3, 0), &[0x07, 1]),
        // A chart in the sheet has numbers of its own.
        record(0x0809, &[0, 6, 32, 0]),
        cell(0x0203, (9, 9, 0), &7_f64.to_le_bytes()),
        record(0x000A, &[]),
        cell(0x0006, (4, 1, 0), &0.5_f64.to_le_bytes()),
    ];
    let head = [forms.concat(), styles.concat(), strings];
    assert_eq!(
        rows(&workbook("Tonnage", &head, &sheet)),
        [
            (Kind::Caption, "Tonnage".to_owned()),
            (Kind::Table, "年\t乂 Tons\tSeen".to_owned()),
            (Kind::Row, "2015\t4.56\t2019-06-12".to_owned()),
            (Kind::Row, "1\t36:00:00".to_owned()),
            (Kind::Row, "a formula’s text\ttrue\t#DIV/0!".to_owned()),
            (Kind::Row, "0.5".to_owned()),
        ]
    );
}

#[test]
fn a_workbook_of_1995_is_read_in_its_code_page() {
    let begin = |kind: u8| record(0x0809, &[0, 5, kind, 0]);
    let page = record(0x0042, &1251_u16.to_le_bytes());
    let length = (begin(5).len() + page.len() + 4 + 8 + 4) as u32;
    let listed = record(0x0085, &[&length.to_le_bytes()[..], &[0, 0, 1, 0xC0]].concat());
    let label = cell(0x0204, (0, 0, 0), &[3, 0, 0xCF, 0xEE, 0xF0]);
    let end = record(0x000A, &[]);
    let stream = [begin(5), page, listed, end.clone(), begin(16), label, end].concat();
    let extract = read_bytes(&compound_file("Book", &stream)).unwrap();
    assert_eq!(extract.paragraphs.last().unwrap().text, "Пор");
}

#[test]
fn what_a_workbook_claims_is_not_believed() {
    let string = "w".repeat(30_000);
    let strings =
        [&[0xFF; 8][..], &30_000_u16.to_le_bytes(), &[0], &string.as_bytes()[..8_000]].concat();
    let strings =
        [record(0x00FC, &strings), record(0x003C, &[&[0], &string.as_bytes()[..22_000]].concat())];
    // Rows and columns that there cannot be, and one string in many cells.
    let size = record(0x0200, &[0xFF; 14]);
    let many = (0..u16::MAX)
        .map(|row| cell(0x00FD, (row, row, 0), &0_u32.to_le_bytes()))
        .collect::<Vec<_>>();
    let stream = workbook("A", &strings, &[size, many.concat()]);
    let extract = read_bytes(&compound_file("Workbook", &stream)).unwrap();
    assert_eq!(extract.notes, ["the sheet A is read in part, and none after it"]);
    let bytes: usize = extract.paragraphs.iter().map(|one| one.text.len()).sum();
    assert!((60 << 20..300 << 20).contains(&bytes), "{bytes}");
}

/// A library that was used before followed the second and third for as long as there was memory, and
/// panicked on records that are shorter than they should be.
#[test]
fn a_damaged_workbook_is_refused_or_read_as_far_as_it_goes() {
    assert!(!read_bytes(SMALL).unwrap().paragraphs.is_empty());
    let number = |at: usize| u32::from_le_bytes(SMALL[at..at + 4].try_into().unwrap());
    let (directory, table) = (number(48), number(76));
    let mut circle = SMALL.to_vec();
    let at = (table as usize + 1) * 512 + directory as usize * 4;
    circle[at..at + 4].copy_from_slice(&directory.to_le_bytes());
    // Cut so that the table of sectors is what comes last, and not whole.
    let cut = [&SMALL[..600], &SMALL[600 + 816..]].concat();
    for damaged in [circle, cut] {
        let reason = read_bytes(&damaged).unwrap_err().0;
        assert!(reason.starts_with("damaged ("), "{reason}");
    }
    let whole = workbook("Tonnage", &[], &[cell(0x0203, (0, 0, 0), &7_f64.to_le_bytes())]);
    for kind in 0..=0x0300_u16 {
        for length in 0..3 {
            let short = [&whole[..whole.len() - 4], &record(kind, &[0xFF; 3][..length])].concat();
            let at = (0..short.len()).step_by(40);
            let _read = read_bytes(&compound_file("Workbook", &short));
            at.for_each(|at| drop(Workbook::read(&short[..at])));
        }
    }
    let encrypted = workbook("A", &[record(0x002F, &[1, 0])], &[]);
    let reason = read_bytes(&compound_file("Workbook", &encrypted)).unwrap_err().0;
    assert_eq!(reason, "encrypted");
    assert_eq!(read_bytes(&compound_file("Other", b"")).unwrap_err().0, "not a workbook");
}

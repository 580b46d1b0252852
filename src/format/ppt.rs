//! Presentations of PowerPoint 97 to 2003 (MS-PPT): slides as pages, with titles, texts and notes.
//!
//! The directory of the newest edit says which records hold: what an older save has left in the file is
//! not read. Records are gone through one after another, whatever depth they claim.

use std::collections::HashMap;

use super::composed::Composed;
use super::compound::{Compound, has_stream, place_at, u16_at, u32_at};
use super::{Format, Holds, Input, Unreadable, declaration, office};
use crate::model::Extract;
use crate::text::segment::Mark;
use crate::text::structure::Declared;

pub(super) const FORMAT: Format = Format {
    name: "ppt",
    version: 2,
    media_type: "application/vnd.ms-powerpoint",
    extensions: &["ppt", "pps", "pot"],
    holds: Holds::OneDocument,
    recognises: |bytes| has_stream(bytes, "PowerPoint Document"),
    is_signed: true,
    is_bounded: false,
    read,
};

/// Kinds of records (MS-PPT 2.13.24).
const DOCUMENT: u16 = 0x03E8;
const LIST: u16 = 0x0FF0;
const IN_LIST: u16 = 0x03F3;
const HEADER: u16 = 0x0F9F;
const WIDE: u16 = 0x0FA0;
const NARROW: u16 = 0x0FA8;
const EDIT: u16 = 0x0FF5;
const DIRECTORY: u16 = 0x1772;
/// Instances of a list.
const SLIDES: u16 = 0;
const NOTES: u16 = 2;
/// What the token of an encrypted file is.
const ENCRYPTED: u32 = 0xF3D1_C4DF;
/// The most saves that a file is taken to have.
const MOST_EDITS: usize = 1000;

/// A record: its kind and instance, whether it holds others, and where its content lies.
#[derive(Clone, Copy)]
struct Record<'a> {
    kind: u16,
    instance: u16,
    is_container: bool,
    content: &'a [u8],
}

/// The records of a stretch in order; those inside a container follow it.
struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let head = u16_at(self.rest, 0)?;
        let (kind, length) = (u16_at(self.rest, 2)?, place_at(self.rest, 4)?);
        let content = self.rest.get(8..)?;
        let content = content.get(..length).unwrap_or(content);
        let is_container = head & 0xF == 0xF;
        let passed = if is_container { 8 } else { 8 + content.len() };
        self.rest = self.rest.get(passed..)?;
        Some(Record { kind, instance: head >> 4, is_container, content })
    }
}

fn read(input: &Input) -> Result<Extract, Unreadable> {
    let damaged = || Unreadable("damaged PowerPoint presentation".to_owned());
    if !office::is_compound(input.bytes) {
        return Err(Unreadable("not a PowerPoint presentation".to_owned()));
    }
    let mut compound = Compound::open(input.bytes)?;
    let Some(stream) = compound.stream("PowerPoint Document") else {
        let reason =
            office::old_or_encrypted(input.bytes).unwrap_or("not a PowerPoint presentation");
        return Err(Unreadable(reason.to_owned()));
    };
    let user = compound.stream("Current User").ok_or_else(damaged)?;
    if u32_at(&user, 12) == Some(ENCRYPTED) {
        return Err(Unreadable("encrypted".to_owned()));
    }
    let newest = place_at(&user, 16).ok_or_else(damaged)?;
    let (mut places, document) = directory(&stream, newest).ok_or_else(damaged)?;
    let document =
        record_at(&stream, places.get(&document).copied()).filter(|record| record.kind == DOCUMENT);
    let document = document.ok_or_else(damaged)?;
    let mut composed = Composed::default();
    let notes = listed(document, NOTES);
    for (at, slide) in listed(document, SLIDES).iter().enumerate() {
        composed.begin_page();
        slide.texts.iter().for_each(|(kind, text)| add(*kind, text, None, &mut composed));
        drawn(&stream, places.remove(&slide.id), None, &mut composed);
        if let Some(note) = notes.get(at) {
            drawn(&stream, places.remove(&note.id), Some(Mark::Note), &mut composed);
        }
    }
    let statements = compound.statements();
    let title = office::title_of(&statements);
    let mut extract = composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, statements);
    Ok(extract)
}

/// Where the records lie that are referred to by number, and the number of the document: by the newest
/// save and those before it.
fn directory(stream: &[u8], newest: usize) -> Option<(HashMap<u32, usize>, u32)> {
    let mut places = HashMap::new();
    let mut document = None;
    let mut at = newest;
    for _ in 0..MOST_EDITS {
        let edit = Records { rest: stream.get(at..)? }.next().filter(|edit| edit.kind == EDIT)?;
        let entries = Records { rest: stream.get(place_at(edit.content, 12)?..)? }
            .next()
            .filter(|entries| entries.kind == DIRECTORY)?
            .content;
        add_entries(entries, &mut places);
        document = document.or(u32_at(edit.content, 16));
        match place_at(edit.content, 8)? {
            // Older saves lie before newer ones.
            before if before != 0 && before < at => at = before,
            _ => break,
        }
    }
    Some((places, document?))
}

fn add_entries(mut entries: &[u8], places: &mut HashMap<u32, usize>) {
    while let Some(head) = u32_at(entries, 0) {
        let (first, count) = (head & 0x000F_FFFF, head >> 20);
        for offset in 0..count {
            let Some(place) = place_at(entries, 4 + offset as usize * 4) else { return };
            places.entry(first + offset).or_insert(place);
        }
        entries = entries.get(4 + count as usize * 4..).unwrap_or_default();
    }
}

fn record_at(stream: &[u8], place: Option<usize>) -> Option<Record<'_>> {
    Records { rest: stream.get(place?..)? }.next()
}

/// A slide as the document lists it: its number and the texts of its outline.
struct Listed {
    id: u32,
    texts: Vec<(u32, String)>,
}

fn listed(document: Record<'_>, instance: u16) -> Vec<Listed> {
    let mut slides: Vec<Listed> = Vec::new();
    let lists = Records { rest: document.content }
        .filter(|record| record.kind == LIST && record.instance == instance && record.is_container);
    for list in lists {
        let mut kind = 0;
        for record in (Records { rest: list.content }) {
            if record.kind == IN_LIST {
                slides.push(Listed {
                    id: u32_at(record.content, 0).unwrap_or_default(),
                    texts: Vec::new(),
                });
            }
            if record.kind == HEADER {
                kind = u32_at(record.content, 0).unwrap_or_default();
            }
            if let (Some(text), Some(slide)) = (text(record), slides.last_mut()) {
                slide.texts.push((kind, text));
            }
        }
    }
    slides
}

/// The texts that stand in the shapes of a slide itself. Each place is read once, whatever the lists claim.
fn drawn(stream: &[u8], place: Option<usize>, mark: Option<Mark>, composed: &mut Composed) {
    let Some(slide) = record_at(stream, place).filter(|slide| slide.is_container) else { return };
    let mut kind = 4;
    for record in (Records { rest: slide.content }) {
        if record.kind == HEADER {
            kind = u32_at(record.content, 0).unwrap_or_default();
        }
        if let Some(text) = text(record) {
            add(kind, &text, mark, composed);
        }
    }
}

fn text(record: Record<'_>) -> Option<String> {
    match record.kind {
        WIDE => {
            let units = record.content.chunks_exact(2).filter_map(|unit| u16_at(unit, 0));
            Some(String::from_utf16_lossy(&units.collect::<Vec<_>>()))
        }
        NARROW => Some(record.content.iter().map(|byte| char::from(*byte)).collect()),
        _ => None,
    }
}

/// Adds a text, paragraph by paragraph; titles are of the kinds 0 and 6, bodies of 1, 5, 7 and 8.
fn add(kind: u32, text: &str, mark: Option<Mark>, composed: &mut Composed) {
    if matches!(kind, 0 | 6) && mark.is_none() {
        let line: Vec<&str> = text.split(['\r', '\u{b}']).map(str::trim).collect();
        composed.push(line.join(" ").trim(), Mark::Heading(1));
        return;
    }
    let mark = mark.unwrap_or(if matches!(kind, 1 | 5 | 7 | 8) { Mark::Item } else { Mark::None });
    for paragraph in text.split('\r') {
        // `*` alone stands for the number of the slide or the date.
        if paragraph.trim() != "*" {
            composed.push(&paragraph.replace('\u{b}', "\n"), mark);
        }
    }
}

#[cfg(test)]
mod tests;

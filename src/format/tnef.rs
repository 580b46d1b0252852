//! What Outlook attaches to mail as `winmail.dat` (TNEF, MS-OXTNEF): the text in its own form, and the files
//! that were attached.
//!
//! Attributes are read one after the other; one that is longer than the file ends it, and what came before
//! is kept. The message that carries it has the people and the day.

use super::composed::Composed;
use super::compound::{place_at, u16_at, u32_at};
use super::{Format, Holds, Input, Unreadable, embedded, html, msg, rtf};
use crate::model::{Embedded, Extract};
use crate::text::codec::Codec;
use crate::text::decode::decode;
use crate::text::segment;
use crate::text::structure::Declared;

pub(super) const FORMAT: Format = Format {
    name: "tnef",
    version: 1,
    media_type: "application/ms-tnef",
    extensions: &["tnef"],
    holds: Holds::OneDocument,
    recognises: |bytes| bytes.starts_with(&SIGNATURE),
    is_signed: true,
    is_bounded: false,
    read,
};

const SIGNATURE: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];

/// Attributes, by the lower half of their numbers.
const BODY: u16 = 0x800C;
const PROPERTIES: u16 = 0x9003;
const ATTACHMENT_BEGINS: u16 = 0x9002;
const ATTACHMENT_TITLE: u16 = 0x8010;
const ATTACHMENT_DATA: u16 = 0x800F;
const ATTACHMENT_PROPERTIES: u16 = 0x9005;
const CODE_PAGE: u16 = 0x9007;

/// Properties (MS-OXPROPS): bodies, and the name of a file.
const TEXT: u16 = 0x1000;
const PACKED_RTF: u16 = 0x1009;
const HTML: u16 = 0x1013;
const LONG_NAME: u16 = 0x3707;

/// Types of properties whose values have a length of their own.
const STRING: u16 = 0x001E;
const WIDE: u16 = 0x001F;
const VARIABLE: [u16; 4] = [STRING, WIDE, 0x0102, 0x000D];

/// The most values of one property.
const MOST_VALUES: usize = 10_000;

fn read(input: &Input) -> Result<Extract, Unreadable> {
    if !(FORMAT.recognises)(input.bytes) {
        return Err(Unreadable("not TNEF (winmail.dat)".to_owned()));
    }
    let mut content = Content { codec: input.options.encoding, ..Content::default() };
    let mut at = 6;
    while let Some((number, data, next)) = attribute(input.bytes, at) {
        content.take(number, data);
        at = next;
    }
    let mut composed = Composed::default();
    let mut notes = Vec::new();
    content.add_text(&mut composed, &mut notes);
    if at < input.bytes.len() {
        notes.push("ends in the middle of an attribute".to_owned());
    }
    let mut extract = composed.extract(&Declared::default());
    extract.notes.append(&mut notes);
    let files = content.files.into_iter().filter(|file| !file.bytes.is_empty());
    embedded::add(&mut extract, files.map(|file| (file, "attachment".to_owned())).collect());
    Ok(extract)
}

/// The attribute at a place: the lower half of its number, its data, and where the next one stands.
fn attribute(bytes: &[u8], at: usize) -> Option<(u16, &[u8], usize)> {
    let number = u16_at(bytes, at.checked_add(1)?)?;
    let length = place_at(bytes, at.checked_add(5)?)?;
    let start = at.checked_add(9)?;
    let end = start.checked_add(length)?;
    // A checksum follows.
    Some((number, bytes.get(start..end)?, end.checked_add(2)?))
}

#[derive(Default)]
struct Content {
    codec: Option<Codec>,
    plain: Option<String>,
    page: Option<String>,
    packed: Option<Vec<u8>>,
    files: Vec<Embedded>,
}

impl Content {
    fn take(&mut self, number: u16, data: &[u8]) {
        match number {
            CODE_PAGE if self.codec.is_none() => {
                let page = u32_at(data, 0).and_then(|page| u16::try_from(page).ok());
                self.codec = page.and_then(super::compound::codec_of_page);
            }
            BODY => self.plain = self.string(data),
            PROPERTIES => {
                for (number, kind, value) in properties(data) {
                    match number {
                        TEXT => self.plain = self.text(kind, value),
                        HTML => {
                            self.page = decode(value, None).ok().map(|page| page.text.into_owned());
                        }
                        PACKED_RTF => self.packed = Some(value.to_vec()),
                        _ => {}
                    }
                }
            }
            ATTACHMENT_BEGINS => {
                self.files.push(Embedded { name: String::new(), bytes: Vec::new() });
            }
            ATTACHMENT_TITLE | ATTACHMENT_DATA | ATTACHMENT_PROPERTIES => self.file(number, data),
            _ => {}
        }
    }

    fn file(&mut self, number: u16, data: &[u8]) {
        let name = match number {
            ATTACHMENT_TITLE => self.string(data),
            ATTACHMENT_PROPERTIES => properties(data)
                .into_iter()
                .find(|(number, ..)| *number == LONG_NAME)
                .and_then(|(_, kind, value)| self.text(kind, value)),
            _ => None,
        };
        let Some(file) = self.files.last_mut() else { return };
        if number == ATTACHMENT_DATA {
            file.bytes = data.to_vec();
        } else if let Some(name) = name {
            file.name = name;
        }
    }

    fn string(&self, data: &[u8]) -> Option<String> {
        let data = data.split(|byte| *byte == 0).next()?;
        Some(decode(data, self.codec).ok()?.text.into_owned())
    }

    fn text(&self, kind: u16, value: &[u8]) -> Option<String> {
        match kind {
            WIDE => {
                let text = encoding_rs::UTF_16LE.decode_without_bom_handling(value).0;
                Some(text.trim_end_matches('\0').to_owned())
            }
            STRING => self.string(value),
            _ => None,
        }
    }

    fn add_text(&self, composed: &mut Composed, notes: &mut Vec<String>) {
        let plain = self.plain.as_deref().filter(|text| !text.trim().is_empty());
        if let Some(text) = plain {
            for block in segment::blocks(&text.replace("\r\n", "\n")) {
                composed.push(&block.text, block.mark);
            }
        } else if let Some(page) = &self.page {
            html::add_whole(page, composed);
        } else if let Some(packed) = &self.packed {
            match msg::unpacked(packed) {
                Some(text) => rtf::add(&text, composed),
                None => notes.push("its text is packed in a way that is not read".to_owned()),
            }
        }
    }
}

/// The properties in a list (MS-OXTNEF 2.1.3.4): number, type, and the first value of each.
fn properties(data: &[u8]) -> Vec<(u16, u16, &[u8])> {
    let count = place_at(data, 0).unwrap_or(0).min(MOST_VALUES);
    let mut found = Vec::new();
    let mut at = 4;
    for _ in 0..count {
        let Some(next) = property(data, at, &mut found) else { break };
        at = next;
    }
    found
}

fn property<'a>(
    data: &'a [u8],
    mut at: usize,
    found: &mut Vec<(u16, u16, &'a [u8])>,
) -> Option<usize> {
    let (kind, number) = (u16_at(data, at)?, u16_at(data, at + 2)?);
    at += 4;
    if number >= 0x8000 {
        // A property with a name: its set, and a number or words.
        let is_word = u32_at(data, at.checked_add(16)?)? == 1;
        let length = place_at(data, at + 20)?;
        at = at.checked_add(24)?;
        if is_word {
            at = at.checked_add(length.checked_next_multiple_of(4)?)?;
        }
    }
    let base = kind & 0x0FFF;
    let is_variable = VARIABLE.contains(&base);
    let mut values = 1;
    if is_variable || kind & 0x1000 != 0 {
        values = place_at(data, at)?.min(MOST_VALUES);
        at += 4;
    }
    for place in 0..values {
        let length = match base {
            _ if is_variable => {
                at += 4;
                place_at(data, at - 4)?
            }
            0x0002 | 0x0003 | 0x0004 | 0x000A | 0x000B => 4,
            0x0048 => 16,
            _ => 8,
        };
        let value = data.get(at..at.checked_add(length)?)?;
        if place == 0 {
            found.push((number, base, value));
        }
        at = at.checked_add(length.checked_next_multiple_of(4)?)?;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;

    fn attribute_of(level: u8, number: u32, data: &[u8]) -> Vec<u8> {
        let mut bytes = vec![level];
        bytes.extend(number.to_le_bytes());
        bytes.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        bytes.extend(data);
        bytes.extend([0, 0]);
        bytes
    }

    /// A property with one value of its own length.
    fn value(kind: u16, number: u16, bytes: &[u8]) -> Vec<u8> {
        let mut all = [kind.to_le_bytes(), number.to_le_bytes()].concat();
        all.extend(1_u32.to_le_bytes());
        all.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        all.extend(bytes);
        all.resize(all.len().next_multiple_of(4), 0);
        all
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
    }

    fn read_parts(parts: &[Vec<u8>]) -> Extract {
        let bytes = [&SIGNATURE[..], &[1, 0], &parts.concat()].concat();
        read(&Input { bytes: &bytes, name: "winmail.dat", options: &Options::default() }).unwrap()
    }

    #[test]
    fn the_text_and_the_files_come_out_under_their_long_names() {
        let named = {
            let mut all = [0x0003_u16.to_le_bytes(), 0x8001_u16.to_le_bytes()].concat();
            all.extend([7; 16]);
            all.extend(1_u32.to_le_bytes());
            all.extend(6_u32.to_le_bytes());
            all.extend(wide("ab"));
            all.extend([0, 0]);
            all.extend(5_u32.to_le_bytes());
            all
        };
        let message =
            [&2_u32.to_le_bytes()[..], &named, &value(WIDE, TEXT, &wide("渡轮启航。"))].concat();
        let file = [&1_u32.to_le_bytes()[..], &value(WIDE, LONG_NAME, &wide("报告.txt"))].concat();
        let extract = read_parts(&[
            attribute_of(1, 0x0006_9003, &message),
            attribute_of(2, 0x0006_9002, &[0; 14]),
            attribute_of(2, 0x0001_8010, b"REPORT~1.TXT\0"),
            attribute_of(2, 0x0006_800F, b"Noon."),
            attribute_of(2, 0x0006_9005, &file),
            attribute_of(2, 0x0006_9002, &[0; 14]),
            attribute_of(2, 0x0001_8010, b"b.txt\0"),
            attribute_of(2, 0x0006_800F, b"Five."),
        ]);
        let texts: Vec<&str> = extract.paragraphs.iter().map(|part| &*part.text).collect();
        assert_eq!(texts, ["渡轮启航。"]);
        let files: Vec<(&str, &[u8])> =
            extract.embedded.iter().map(|file| (&*file.name, &*file.bytes)).collect();
        assert_eq!(files, [("报告.txt", &b"Noon."[..]), ("b.txt", b"Five.")]);
        assert_eq!(extract.notes, [""; 0]);
    }

    #[test]
    fn a_file_that_stops_in_the_middle_gives_what_it_has() {
        let body = attribute_of(1, 0x0002_800C, b"It sails.\0");
        let extract = read_parts(&[body.clone(), body[..12].to_vec()]);
        assert_eq!(extract.paragraphs[0].text, "It sails.");
        assert_eq!(extract.notes, ["ends in the middle of an attribute"]);
        for length in 0..body.len() {
            read_parts(&[body[..length].to_vec()]);
        }
    }
}

//! Compound files (MS-CFB), in which Office kept everything before 2007: their streams, and the properties
//! of the document that they hold. It reads bytes that are there and believes no number in them.

use std::io::{Cursor, Read};

use super::Unreadable;
use super::office;
use crate::model::Metadatum;
use crate::text::codec::Codec;

/// An open compound file.
pub(super) struct Compound<'a> {
    file: cfb::CompoundFile<Cursor<&'a [u8]>>,
    bytes: usize,
}

impl<'a> Compound<'a> {
    /// # Errors
    /// When the file's own tables are damaged.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let file = cfb::CompoundFile::open(Cursor::new(bytes))
            .map_err(|error| Unreadable(format!("damaged ({error})")))?;
        Ok(Self { file, bytes: bytes.len() })
    }

    /// A stream from the root; no longer than the file, whatever its entry says.
    pub(super) fn stream(&mut self, name: &str) -> Option<Vec<u8>> {
        let stream = self.file.open_stream(name).ok()?;
        let mut bytes = Vec::new();
        stream.take(self.bytes as u64).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Whether there is a stream of this name at the root.
    pub(super) fn has_at_root(&self, name: &str) -> bool {
        self.file.is_stream(name)
    }

    /// The storages at the root whose names begin so, in order.
    pub(super) fn storages(&self, start: &str) -> Vec<String> {
        let entries = self.file.read_root_storage().filter(cfb::Entry::is_storage);
        let names = entries.map(|entry| entry.name().to_owned());
        names.filter(|name| name.starts_with(start)).collect()
    }

    /// The streams anywhere in the file whose names are wanted, with their names; no more than so many.
    pub(super) fn streams_called(
        &mut self,
        is_wanted: impl Fn(&str) -> bool,
        most: usize,
    ) -> Vec<(String, Vec<u8>)> {
        let entries = self.file.walk().filter(|entry| entry.is_stream() && is_wanted(entry.name()));
        let paths: Vec<_> = entries.take(most).map(|entry| entry.path().to_owned()).collect();
        let mut streams = Vec::new();
        for path in paths {
            let (Some(name), Some(stream)) = (path.file_name(), path.to_str()) else { continue };
            streams.extend(
                self.stream(stream).map(|bytes| (name.to_string_lossy().into_owned(), bytes)),
            );
        }
        streams
    }

    /// What the properties of the document state (MS-OLEPS).
    pub(super) fn statements(&mut self) -> Vec<Metadatum> {
        let summary = self.stream("\u{5}SummaryInformation");
        summary.and_then(|bytes| statements(&bytes)).unwrap_or_default()
    }
}

/// Whether a compound file has a stream of this name; looked for in its bytes, as they are.
pub(super) fn has_stream(bytes: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.bytes().flat_map(|byte| [byte, 0]).collect();
    office::is_compound(bytes) && memchr::memmem::find(bytes, &name).is_some()
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    two.try_into().ok().map(u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    four.try_into().ok().map(u32::from_le_bytes)
}

/// The same as a place in bytes.
pub(super) fn place_at(bytes: &[u8], at: usize) -> Option<usize> {
    u32_at(bytes, at).and_then(|place| usize::try_from(place).ok())
}

/// The properties that say something of the document, by their numbers.
const PROPERTIES: [(u32, &str, &str); 6] = [
    (2, "title", "Title"),
    (4, "creator", "Author"),
    (3, "subject", "Subject"),
    (5, "subject", "Keywords"),
    (12, "created", "CreateDTM"),
    (13, "modified", "LastSaveDTM"),
];

fn statements(bytes: &[u8]) -> Option<Vec<Metadatum>> {
    let section = bytes.get(place_at(bytes, 44)?..)?;
    let count = place_at(section, 4)?.min(64);
    let property = |number: u32| {
        (0..count).find_map(|at| {
            let entry = 8 + at * 8;
            let at =
                (u32_at(section, entry)? == number).then(|| place_at(section, entry + 4))??;
            section.get(at..)
        })
    };
    let page = property(1).and_then(|value| u16_at(value, 4)).unwrap_or(1252);
    let mut found = Vec::new();
    for (number, term, name) in PROPERTIES {
        let Some(value) = property(number) else { continue };
        let text = match u32_at(value, 0)? {
            30 => text(value, page),
            31 => wide(value),
            64 => time(value),
            _ => None,
        };
        for one in office::values(term, text.as_deref().unwrap_or_default()) {
            office::push(&mut found, term, &one, "property", &format!("SummaryInformation {name}"));
        }
    }
    Some(found)
}

/// A text in the code page of the properties.
fn text(value: &[u8], page: u16) -> Option<String> {
    let bytes = value.get(8..8_usize.checked_add(place_at(value, 4)?)?)?;
    let bytes = bytes.split(|byte| *byte == 0).next()?;
    Some(codec_of_page(page).unwrap_or_else(western).decode(bytes).0.into_owned())
}

/// The encoding of a code page of Windows or of the Macintosh.
pub(super) fn codec_of_page(page: u16) -> Option<Codec> {
    let label = match page {
        65001 => "utf-8".to_owned(),
        936 => "gbk".to_owned(),
        932 => "shift_jis".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        1361 => "johab".to_owned(),
        10000 | 32768 => "macintosh".to_owned(),
        10007 => "x-mac-cyrillic".to_owned(),
        20866 => "koi8-r".to_owned(),
        54936 => "gb18030".to_owned(),
        437..=899 => format!("cp{page}"),
        28591..=28606 => format!("iso-8859-{}", page - 28590),
        other => format!("windows-{other}"),
    };
    Codec::labelled(&label)
}

/// The encoding of western Europe, which stands for one that is unknown.
pub(super) fn western() -> Codec {
    Codec::from(encoding_rs::WINDOWS_1252)
}

fn wide(value: &[u8]) -> Option<String> {
    let count = place_at(value, 4)?.min(value.len());
    let units = (0..count).map_while(|at| u16_at(value, 8 + at * 2)).take_while(|unit| *unit != 0);
    Some(String::from_utf16_lossy(&units.collect::<Vec<_>>()))
}

/// A time in tenths of a microsecond since 1601, as a day and time.
fn time(value: &[u8]) -> Option<String> {
    let ticks = u64::from(u32_at(value, 8)?) << 32 | u64::from(u32_at(value, 4)?);
    let seconds = i64::try_from(ticks / 10_000_000).ok()? - 11_644_473_600;
    let time = jiff::Timestamp::from_second(seconds).ok().filter(|_| seconds > 0)?;
    Some(time.to_string())
}

//! Zip files: members from the list at the end, or, where that is cut off, from their own headers.
//!
//! A name with `..` or `/` at its start is a name like any other: nothing is written anywhere.

use super::names::{Name, Reading};
use super::{At, Stop, Unpacking, broken};
use crate::format;
use crate::ingest::offer::{Found, plain, too_large};
use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};
use tempfile::SpooledTempFile;
use zip::extra_fields::ExtraField;
use zip::read::{ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// Zip files up to this size are held in memory while their list is read, larger ones in an unnamed
/// temporary file.
const IN_MEMORY: usize = 4 << 20;

/// Parts that only office documents, books and programs have; such a file is one document.
const PARTS_OF_A_DOCUMENT: [&str; 8] = [
    "[Content_Types].xml",
    "META-INF/container.xml",
    "META-INF/manifest.xml",
    "META-INF/MANIFEST.MF",
    "Index/Document.iwa",
    "Index.zip",
    "index.apxl",
    "word/document.xml",
];

/// Ways of compression that are understood.
const READABLE: [CompressionMethod; 5] = [
    CompressionMethod::Stored,
    CompressionMethod::Deflated,
    CompressionMethod::Deflate64,
    CompressionMethod::Bzip2,
    CompressionMethod::Lzma,
];

/// Opens a zip file, which may be an office document.
pub(super) fn open(own: &mut Unpacking, at: &At, stream: &mut dyn Read) -> Result<(), Stop> {
    if let (0, Some((path, _))) = (at.depth, &own.origin) {
        // The outermost file can be read at any place; the stream has only passed its beginning.
        return match std::fs::File::open(path) {
            Ok(mut file) => unpack(own, at, &mut file),
            Err(error) => own.failed(at, plain(&error)),
        };
    }
    let limit = own.rules.max_bytes;
    let mut spool = SpooledTempFile::new(IN_MEMORY);
    match io::copy(&mut stream.take(limit + 1), &mut spool) {
        Ok(copied) if copied > limit => own.failed(at, too_large(limit)),
        // What is there of a file that is cut off may still hold members.
        Ok(_) | Err(_) => unpack(own, at, &mut spool),
    }
}

fn unpack<R: Read + Seek>(own: &mut Unpacking, at: &At, reader: &mut R) -> Result<(), Stop> {
    if reader.seek(SeekFrom::Start(0)).is_err() {
        return own.failed(at, "cannot be read at its beginning");
    }
    let Ok(mut archive) = ZipArchive::new(&mut *reader) else {
        // A damaged office document is a damaged document, and not a container of its parts.
        return match format::by_name(&at.name) {
            Some(_) => whole(own, at, reader),
            None => without_list(own, at, reader),
        };
    };
    let is_mimetype =
        archive.name_for_index(0).and_then(Result::ok).is_some_and(|name| name == "mimetype");
    if is_mimetype || PARTS_OF_A_DOCUMENT.iter().any(|part| archive.index_for_name(part).is_some())
    {
        return whole(own, at, reader);
    }
    own.container(at, "members", |own| {
        listed(own, at, &mut archive)?;
        let (begin, count, starts) = (archive.offset(), archive.len(), starts(&mut archive));
        let reader = archive.into_inner();
        let missing = stated(reader).unwrap_or(0).saturating_sub(count);
        twins(own, at, reader, missing, begin, &starts)
    })
}

/// An office document is offered as it is.
fn whole<R: Read + Seek>(own: &mut Unpacking, at: &At, reader: &mut R) -> Result<(), Stop> {
    if let (0, Some((path, size))) = (at.depth, own.origin.clone()) {
        return own.offer(at.place.clone(), Found::File(path, size));
    }
    match reader.seek(SeekFrom::Start(0)) {
        Ok(_) => own.document(at, None, reader),
        Err(error) => own.failed(at, plain(&error)),
    }
}

fn listed<R: Read + Seek>(
    own: &mut Unpacking,
    at: &At,
    archive: &mut ZipArchive<R>,
) -> Result<(), Stop> {
    let reading = Reading::of(archive.file_names_raw());
    for index in 0..archive.len() {
        let entry = match archive.by_index_raw(index) {
            Ok(file) => Entry::of(&file, &reading),
            Err(error) => Entry::unknown(index, &error),
        };
        let Some(member) = entry.enter(own, at)? else { continue };
        match archive.by_index(index) {
            Ok(mut file) => {
                let mut stream = own.budget.charge(&mut file);
                own.member(&member, None, &mut stream)?;
            }
            Err(error) => own.failed(&member, refusal(&error))?,
        }
        if own.budget.is_spent() {
            break;
        }
    }
    Ok(())
}

/// Where the members of the list begin.
fn starts<R: Read + Seek>(archive: &mut ZipArchive<R>) -> BTreeSet<u64> {
    let count = archive.len();
    let start = |index| archive.by_index_raw(index).ok().map(|file| file.header_start());
    (0..count).filter_map(start).collect()
}

/// Members under a name that another has too, of which a list by names has only the last.
fn twins<R: Read + Seek>(
    own: &mut Unpacking,
    at: &At,
    raw: &mut R,
    mut missing: usize,
    begin: u64,
    listed: &BTreeSet<u64>,
) -> Result<(), Stop> {
    let mut position = begin;
    while missing > 0 && !own.budget.is_spent() {
        if raw.seek(SeekFrom::Start(position)).is_err() {
            break;
        }
        let Ok(Some(mut file)) = read_zipfile_from_stream(&mut *raw) else { break };
        if !listed.contains(&position) {
            missing -= 1;
            let entry = Entry::of(&file, &Reading::CodePage437);
            if let Some(member) = entry.enter(own, at)? {
                let mut stream = own.budget.charge(&mut file);
                own.member(&member, None, &mut stream)?;
            }
        }
        drop(file);
        match raw.stream_position() {
            Ok(next) => position = next,
            Err(_) => break,
        }
    }
    if missing == 0 || own.budget.is_spent() {
        return Ok(());
    }
    Err(Stop::Broken(format!("{missing} members whose name stands twice cannot be had")))
}

/// How many members the end of the file states, where it is a plain one (APPNOTE 4.3.16).
fn stated<R: Read + Seek>(reader: &mut R) -> Option<usize> {
    let end = reader.seek(SeekFrom::End(0)).ok()?;
    reader.seek(SeekFrom::Start(end.saturating_sub(66_000))).ok()?;
    let mut tail = Vec::new();
    reader.take(66_000).read_to_end(&mut tail).ok()?;
    let at = memchr::memmem::rfind(&tail, b"PK\x05\x06")?;
    let count = tail.get(at + 10..at + 12)?;
    let count = u16::from_le_bytes(count.try_into().ok()?);
    // All ones: there are more, and the number stands elsewhere.
    (count != u16::MAX).then_some(count.into())
}

/// Members by their own headers, of a file whose list at the end is missing or damaged.
fn without_list<R: Read + Seek>(own: &mut Unpacking, at: &At, reader: &mut R) -> Result<(), Stop> {
    if reader.seek(SeekFrom::Start(0)).is_err() {
        return own.failed(at, "cannot be read at its beginning");
    }
    let mut reader = io::BufReader::new(reader);
    own.container(at, "members", |own| {
        loop {
            match read_zipfile_from_stream(&mut reader) {
                Ok(Some(mut file)) => {
                    let entry = Entry::of(&file, &Reading::CodePage437);
                    if let Some(member) = entry.enter(own, at)? {
                        let mut stream = own.budget.charge(&mut file);
                        own.member(&member, None, &mut stream)?;
                    }
                }
                Ok(None) | Err(_) => break,
            }
            if own.budget.is_spent() {
                break;
            }
        }
        Err(Stop::Broken("damaged or cut off: its list of members is missing".to_owned()))
    })
}

/// What the list says of a member.
struct Entry {
    name: Name,
    modified: Option<String>,
    is_folder: bool,
    /// Why it is not read.
    refused: Option<Found>,
}

impl Entry {
    fn of<R: Read>(file: &ZipFile<'_, R>, reading: &Reading) -> Self {
        let refused = if file.encrypted() {
            Some(Found::Failed("encrypted".to_owned()))
        } else if file.is_symlink() {
            Some(Found::Skipped("symbolic link, not followed".into()))
        } else if READABLE.contains(&file.compression()) {
            None
        } else {
            let method = format!("{}", file.compression()).to_lowercase();
            Some(Found::Failed(format!(
                "compressed in a way this version cannot unpack ({method})"
            )))
        };
        Self {
            name: reading.name(file.name_raw()),
            modified: modified(file),
            is_folder: file.is_dir(),
            refused,
        }
    }

    fn unknown(index: usize, error: &ZipError) -> Self {
        Self {
            name: Name::text(format!("member {}", index + 1)),
            modified: None,
            is_folder: false,
            refused: Some(Found::Failed(refusal(error))),
        }
    }

    /// The member, unless it is a folder or is not read.
    fn enter(self, own: &mut Unpacking, at: &At) -> Result<Option<At>, Stop> {
        if self.is_folder {
            return Ok(None);
        }
        let Some(member) = own.enter(at, &self.name, self.modified)? else { return Ok(None) };
        match self.refused {
            Some(found) => own.offer(member.place, found).map(|()| None),
            None => Ok(Some(member)),
        }
    }
}

/// When a member was last changed, where the file says it in universal time; the time that every
/// member has is that of an unnamed place.
fn modified<R: Read>(file: &ZipFile<'_, R>) -> Option<String> {
    let seconds = file.extra_data_fields().find_map(|field| match field {
        ExtraField::ExtendedTimestamp(stamp) => stamp.mod_time(),
        _ => None,
    })?;
    jiff::Timestamp::from_second(seconds.into()).ok().map(|time| time.to_string())
}

fn refusal(error: &ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            "encrypted".to_owned()
        }
        ZipError::Io(error) => broken(error),
        other => format!("damaged ({other})").to_lowercase(),
    }
}

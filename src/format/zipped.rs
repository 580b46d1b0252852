//! The parts of a zipped office file.
//!
//! It never unpacks more than it is allowed to, whatever the file claims its parts to be, and never
//! writes a part to disk.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Unreadable;

/// How many times its own size a file may unpack to; text seldom packs better than 1 to 20.
const RATIO: u64 = 200;

/// What any file may unpack to, whatever its size, in bytes.
const SMALL: u64 = 16 << 20;

/// What no file may unpack to, in bytes.
const MOST: u64 = 512 << 20;

/// An office file whose parts are read one at a time.
pub(super) struct Zipped<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked.
    left: u64,
}

impl<'a> Zipped<'a> {
    /// Opens the file's list of parts.
    ///
    /// # Errors
    /// When it is no zip file, or one cut off before its list.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| refusal(&error))?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(Self { archive, left: size.saturating_mul(RATIO).clamp(SMALL, MOST) })
    }

    /// The bytes of a part; `None` where there is none of this name.
    ///
    /// # Errors
    /// When it is encrypted, damaged, or the file would unpack to more than it may.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let part = match self.archive.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(refusal(&error)),
        };
        let mut bytes = Vec::new();
        let read = part.take(self.left + 1).read_to_end(&mut bytes);
        let read = read.map_err(|error| Unreadable(format!("damaged part {name} ({error})")))?;
        let read = u64::try_from(read).unwrap_or(u64::MAX);
        let Some(left) = self.left.checked_sub(read) else {
            return Err(Unreadable(format!(
                "unpacks to more than {RATIO} times its size, stopped at {name}"
            )));
        };
        self.left = left;
        Ok(Some(bytes))
    }

    /// Unpacks every part and forgets it, so that another reader may unpack them without a bound.
    ///
    /// # Errors
    /// When the file would unpack to more than it may.
    pub(super) fn check_all(&mut self) -> Result<(), Unreadable> {
        let names = self.archive.file_names().map(|name| name.map(Cow::into_owned));
        let names = names.collect::<Result<Vec<String>, _>>().map_err(|error| refusal(&error))?;
        let left = self.left;
        for name in names {
            self.part(&name)?;
        }
        self.left = left;
        Ok(())
    }

    /// The names of all parts.
    pub(super) fn names(&self) -> Vec<String> {
        self.archive.file_names().flatten().map(Cow::into_owned).collect()
    }

    /// How many parts have this in their names.
    pub(super) fn count(&self, within: &str) -> usize {
        self.archive.file_names().flatten().filter(|name| name.contains(within)).count()
    }

    /// The bytes of a part that must be there.
    pub(super) fn needed(&mut self, name: &str) -> Result<Vec<u8>, Unreadable> {
        self.part(name)?.ok_or_else(|| Unreadable(format!("has no part {name}")))
    }
}

fn refusal(error: &ZipError) -> Unreadable {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Unreadable("encrypted".to_owned())
        }
        ZipError::InvalidArchive(reason)
            if reason.to_lowercase().contains("could not find eocd") =>
        {
            Unreadable("damaged or cut off: its list of parts is missing".to_owned())
        }
        other => Unreadable(format!("damaged zip file ({other})").to_lowercase()),
    }
}

/// Whether the bytes begin like a zip file and name this part.
pub(super) fn holds(bytes: &[u8], part: &str) -> bool {
    bytes.starts_with(b"PK\x03\x04") && memchr::memmem::find(bytes, part.as_bytes()).is_some()
}

/// Whether a zip file's first part, `mimetype`, has this content, as ODF and EPUB ask.
pub(super) fn is_of_type(bytes: &[u8], media_type: &str) -> bool {
    let head = bytes.get(..bytes.len().min(256)).unwrap_or(bytes);
    head.starts_with(b"PK\x03\x04")
        && memchr::memmem::find(head, format!("mimetype{media_type}").as_bytes()).is_some()
}

/// A zip file with these parts, for tests.
#[cfg(test)]
pub(super) fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let method = if *name == "mimetype" {
            zip::CompressionMethod::Stored
        } else {
            zip::CompressionMethod::Deflated
        };
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_by_name_and_what_is_missing_is_told() {
        let bytes = zip_of(&[("mimetype", "application/x"), ("a/b.xml", "<b>东北</b>")]);
        assert!(is_of_type(&bytes, "application/x") && holds(&bytes, "a/b.xml"));
        let mut zipped = Zipped::open(&bytes).unwrap();
        assert_eq!(zipped.part("a/b.xml").unwrap().unwrap(), "<b>东北</b>".as_bytes());
        assert_eq!(zipped.part("../b.xml").unwrap(), None);
        assert_eq!(zipped.needed("c").unwrap_err().0, "has no part c");
        assert!(Zipped::open(b"PK\x03\x04").is_err());
    }

    #[test]
    fn a_bomb_is_stopped_by_what_it_unpacks_to() {
        let bomb = "0".repeat(20 << 20);
        let bytes = zip_of(&[("word/document.xml", &bomb)]);
        let mut zipped = Zipped::open(&bytes).unwrap();
        assert_eq!(
            zipped.needed("word/document.xml").unwrap_err().0,
            "unpacks to more than 200 times its size, stopped at word/document.xml"
        );
    }
}

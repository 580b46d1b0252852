//! Tells ingest what the archive holds already, before work is spent on it.

use super::{listing, original, waiting};
use crate::model::{Digest, Stamp, Unread};
use anyhow::Result;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, absolute};

/// What the archive holds of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Held {
    /// Their text.
    pub text: bool,
    /// The bytes themselves.
    pub original: bool,
    /// Whether their text told of files inside them.
    pub embedded: bool,
}

/// A second connection to an archive that is being written, for looking up digests.
pub struct Lookup {
    connection: Connection,
}

impl Lookup {
    /// Opens the archive for looking up.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(absolute(path)?, flags)?;
        waiting::on(&mut connection)?;
        Ok(Self { connection })
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// What the archive holds of the document with this digest. Documents still on their way to it
    /// may be missed: the writer looks again.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn held(&self, digest: &Digest) -> Result<Held> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT extraction_id IS NOT NULL,
                     EXISTS (SELECT 1 FROM metadata WHERE document_id = id AND name = 'embedded file')
                 FROM document WHERE digest = ?1",
            )?
            .query_row([digest.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((text, embedded)) = found else { return Ok(Held::default()) };
        Ok(Held { text, original: original::is_kept(&self.connection, digest)?, embedded })
    }

    /// The files of a folder, by its location, that were read before, as they looked then. With
    /// `originals`, only those whose bytes the archive keeps.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn read_before(&self, folder: &str, originals: bool) -> Result<HashMap<Stamp, Unread>> {
        Ok(listing::of_folder(&self.connection, folder, originals)?)
    }

    /// Writes the original bytes of the document with this digest; `false` where the archive does
    /// not keep them.
    ///
    /// # Errors
    /// When the archive cannot be read, the original is damaged, or `out` cannot be written.
    pub fn copy_original(&self, digest: &str, out: &mut dyn Write) -> Result<bool> {
        original::copy(&self.connection, digest, out)
    }
}

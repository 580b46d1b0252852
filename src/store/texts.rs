//! Reads the texts of documents for comparing them, on connections of its own: several at once, beside
//! the one that writes.

use super::archive::{self, explain};
use anyhow::Result;
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// A connection that reads texts. It sees what is committed.
pub struct TextReader {
    connection: Connection,
    path: PathBuf,
}

impl TextReader {
    /// Opens the archive at the path for reading texts.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(super) fn open(path: &Path) -> Result<Self> {
        Ok(Self { connection: archive::beside(path)?, path: path.to_owned() })
    }

    /// From here to [`Self::end`] the archive is read as it is now, and not locked and unlocked for every text.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn begin(&self) -> Result<()> {
        self.connection.execute_batch("BEGIN").map_err(|error| explain(error, &self.path))
    }

    /// Ends what [`Self::begin`] began; until then nobody can write to an archive without a WAL.
    ///
    /// # Errors
    /// When nothing was begun.
    pub fn end(&self) -> Result<()> {
        self.connection.execute_batch("COMMIT").map_err(|error| explain(error, &self.path))
    }

    /// The passages of a document that are its own text and not the page's, in order, as
    /// `found(passage, position, text)`.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn placed(&self, document: i64, found: &mut dyn FnMut(i64, i64, &str)) -> Result<()> {
        let mut read = || -> rusqlite::Result<()> {
            let mut select = self.connection.prepare_cached(
                "SELECT passage_id, position, text
                 FROM placement JOIN passage_text ON passage_text.id = passage_id
                 WHERE document_id = ?1 AND boilerplate = 0
                 ORDER BY position",
            )?;
            let mut rows = select.query([document])?;
            while let Some(row) = rows.next()? {
                found(row.get(0)?, row.get(1)?, row.get_ref(2)?.as_str()?);
            }
            Ok(())
        };
        read().map_err(|error| explain(error, &self.path))
    }

    /// Whether a word of the index stands in so many passages or more.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn stands_in(&self, word: &str, count: usize) -> Result<bool> {
        // The vocabulary would have the number, but prepares a statement each time it is asked.
        let read = || -> rusqlite::Result<bool> {
            let mut select = self.connection.prepare_cached(
                "SELECT 1 FROM passage_index WHERE passage_index MATCH ?1 LIMIT 1 OFFSET ?2",
            )?;
            select.exists((format!("\"{word}\""), count as i64 - 1))
        };
        read().map_err(|error| explain(error, &self.path))
    }
}

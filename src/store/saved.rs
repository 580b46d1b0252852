//! Every statement on `saved_search`: searches that people keep.
//!
//! It keeps parameters as they are given and does not know what they mean.

use super::Archive;
use super::archive::explain;
use super::{saved_proof, settlement};
use anyhow::Result;
use rusqlite::OptionalExtension;

/// A search that somebody keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSearch {
    /// What it is called.
    pub name: String,
    /// The parameters of the search as a JSON object.
    pub parameters: String,
    /// When it was run last, UTC, ISO 8601.
    pub last_run_at: String,
    /// The last document that was there then; 0 for none.
    pub last_document: i64,
}

impl Archive {
    /// Keeps a search, in the place of one of the same name.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn save_search(&mut self, saved: &SavedSearch) -> Result<()> {
        self.in_transaction(|connection| {
            connection
                .prepare(
                    "INSERT OR REPLACE INTO saved_search
                         (name, parameters, saved_at, last_run_at, last_document)
                     VALUES (?1, ?2, ?3, ?3, ?4)",
                )?
                .execute((
                    &saved.name,
                    &saved.parameters,
                    &saved.last_run_at,
                    saved.last_document,
                ))?;
            saved_proof::prove(connection, &saved.name)
        })
    }

    /// Records that a search was run when this document was the last.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn ran_search(&mut self, name: &str, last_document: i64, at: &str) -> Result<()> {
        self.in_transaction(|connection| {
            connection
                .prepare(
                    "UPDATE saved_search SET last_run_at = ?2, last_document = ?3 WHERE name = ?1",
                )?
                .execute((name, at, last_document))?;
            saved_proof::prove(connection, name)
        })
    }

    /// Removes a search; tells whether there was one of that name.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn forget_search(&mut self, name: &str) -> Result<bool> {
        let mut removed = 0;
        self.in_transaction(|connection| {
            removed =
                connection.prepare("DELETE FROM saved_search WHERE name = ?1")?.execute([name])?;
            saved_proof::note(connection)
        })?;
        Ok(removed > 0)
    }

    /// The search of that name.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn saved_search(&self, name: &str) -> Result<Option<SavedSearch>> {
        let read = || {
            self.connection()
                .prepare(
                    "SELECT name, parameters, last_run_at, last_document
                     FROM saved_search WHERE name = ?1",
                )?
                .query_row([name], |row| {
                    Ok(SavedSearch {
                        name: row.get(0)?,
                        parameters: row.get(1)?,
                        last_run_at: row.get(2)?,
                        last_document: row.get(3)?,
                    })
                })
                .optional()
        };
        read().map_err(|error| explain(error, self.path()))
    }

    /// The document that came last; 0 where there is none.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn last_document(&self) -> Result<i64> {
        settlement::last_document(self.connection()).map_err(|error| explain(error, self.path()))
    }
}

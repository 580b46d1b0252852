//! Reads an archive to find what is not as it was written.
//!
//! It reads one consistent state and writes nothing, not even to a log left by a crash. It tells
//! what is hurt; what to do about it is for `audit` and the user to say.

mod chain;
mod documents;
mod index;
mod order;
mod structure;

pub use documents::SeenFile;
pub(super) use documents::{Sound, hurts_of, path_of};
pub(super) use structure::{altered_objects, is_note};

use super::batch;
use super::header;
use super::select::opening;
use super::waiting;
use crate::model::{Digest, Hurt, Part, Share};
use anyhow::Result;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::path::{Path, PathBuf, absolute};

/// Hears how far a step is: rows done, rows in all.
pub type Tell<'a> = &'a dyn Fn(u64, u64);

/// An archive open for inspection.
pub struct Inspector {
    connection: Connection,
    path: PathBuf,
    schema: i32,
}

/// How a user knows a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Its digest, as its record has it.
    pub digest: Option<String>,
    /// Its label.
    pub label: Option<String>,
    /// One place where it was seen.
    pub location: Option<String>,
}

/// What is found in a moment, however large the archive is.
#[derive(Clone, Debug, Default)]
pub struct Glance {
    /// Accessions that are open: under way, or cut off.
    pub open: Vec<(i64, String)>,
    /// Files beside the archive that belong to it.
    pub beside: Vec<PathBuf>,
}

impl Inspector {
    /// Opens the archive for inspection.
    ///
    /// # Errors
    /// A [`Refusal`](super::Refusal) where there is no archive or it is of a newer program; else whatever keeps the
    /// file from being opened.
    pub fn open(path: &Path) -> Result<Self> {
        let schema = header::existing(path)?;
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .map_err(|error| opening(path, error))?;
        Ok(Self { connection, path: path.to_owned(), schema })
    }

    /// The schema version that the file states.
    pub fn schema(&self) -> i32 {
        self.schema
    }

    /// What is under way, and what lies beside the archive.
    ///
    /// # Errors
    /// When the accessions cannot be read.
    pub fn glance(&self) -> Result<Glance> {
        let beside = ["-wal", "-shm", "-journal"].map(|ending| {
            let mut name = self.path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        });
        let open = self
            .connection
            .prepare("SELECT id, started_at FROM accession WHERE state = 'open' ORDER BY id")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Glance { open, beside: beside.into_iter().filter(|path| path.exists()).collect() })
    }

    /// The digest at the head of the chain, which stands for everything before it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn head(&self) -> Result<Option<Digest>> {
        Ok(batch::head(&self.connection)?.map(Digest::from_bytes))
    }

    /// How a user knows the document; what cannot be read stays `None`.
    pub fn name(&self, document_id: i64) -> Named {
        name(&self.connection, document_id)
    }

    /// The number of documents in the share.
    ///
    /// # Errors
    /// When they cannot be counted.
    pub fn count(&self, share: Share) -> Result<u64> {
        let of = i64::from(share.of.max(1));
        let count: i64 = self.connection.query_row(
            "SELECT count(*) FROM document WHERE id % ?1 = ?2",
            (of, i64::from(share.number) % of),
            |row| row.get(0),
        )?;
        Ok(count as u64)
    }
}

/// How a user knows the document; what cannot be read stays `None`.
pub(super) fn name(connection: &Connection, document_id: i64) -> Named {
    let ask = |sql| -> Option<String> {
        let mut statement = connection.prepare_cached(sql).ok()?;
        statement.query_row([document_id], |row| row.get(0)).optional().ok().flatten()
    };
    Named {
        digest: ask("SELECT digest FROM document WHERE id = ?1"),
        label: ask("SELECT label FROM document WHERE id = ?1"),
        location: ask("SELECT location FROM sighting WHERE document_id = ?1 ORDER BY id"),
    }
}

/// Opens the file so that closing it leaves a log as it is.
fn connect(path: &Path, mode: OpenFlags) -> rusqlite::Result<Connection> {
    let path = absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    waiting::on(&mut connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    for (switch, on) in [
        (DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true),
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
    ] {
        connection.set_db_config(switch, on)?;
    }
    connection.execute_batch(
        "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -64000;
         PRAGMA temp_store = MEMORY;",
    )?;
    if mode == OpenFlags::SQLITE_OPEN_READ_ONLY {
        // One state throughout, even while documents come in.
        connection.execute_batch("BEGIN")?;
    }
    Ok(connection)
}

/// What a step found, or that it could not be done.
fn or_hurt(part: Part, found: rusqlite::Result<Vec<Hurt>>) -> Vec<Hurt> {
    match found {
        Ok(found) => found,
        Err(error) => vec![Hurt::general(part, format!("cannot be read: {error}"))],
    }
}

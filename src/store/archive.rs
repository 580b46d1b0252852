//! Opens an archive for writing, writes batches into it, and seals it.
//!
//! While documents come in, the file is in WAL mode with `synchronous = FULL`: 2,000 simulated power
//! cuts lost nothing that way, where the customary NORMAL lost acknowledged documents in a third of
//! them. On network filesystems it has a rollback journal instead. Sealed, it is in DELETE mode again: one file, readable from a read-only medium.

use super::accession::{self, Accession};
use super::arrival::Arrival;
use super::batch::{self, Added};
use super::header::{self, Found, Refusal};
use super::inspect::altered_objects;
use super::journal::{Journal, Presence};
use super::migrate;
use super::passage;
use super::tokenizer;
use super::waiting;
use super::writing::{Writing, must_be_there};
use crate::model::{Counts, State};
use anyhow::{Context, Result};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::thread::sleep;
use std::time::Duration;

/// How long a writer waits until readers have no use for the log any more; the next one tries again.
const READERS: Duration = Duration::from_secs(1);

/// How often and after what pauses a writer tries to leave one file without a log.
const SEALING: (u32, Duration) = (10, Duration::from_millis(50));

/// What stands between an archive's name and the number of the process that is making it.
const CREATING: &str = ".creating-";

/// An archive open for writing.
pub struct Archive {
    connection: Connection,
    path: PathBuf,
    journal: Journal,
    /// Which file it is.
    identity: Option<(u64, u64)>,
    /// Held where the log does not show that a writer is there.
    presence: Option<Presence>,
    /// Accessions that a crash or kill had cut off, found when the archive was opened.
    pub cut_off: Vec<Accession>,
}

impl Archive {
    /// Opens the archive at the path, creating it or bringing it to the current schema.
    ///
    /// # Errors
    /// A [`Refusal`] where what lies there is no archive, is newer than this program, is locked or
    /// cannot be written.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_with(path, Journal::for_place(path).0)
    }

    /// The same with this kind of log.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn open_with(path: &Path, journal: Journal) -> Result<Self> {
        if header::inspect(path)? == Found::Nothing {
            create(path)?;
        }
        let mut connection = connect(path)?;
        let explain = |error| explain(error, path);
        let (schema, altered) = schema_of(&connection).map_err(explain)?;
        if let Some(what) = altered {
            return Err(Refusal::Altered(path.to_owned(), what).into());
        }
        // A writer keeps the file in WAL mode. Where it can be left, no other writer is there, and
        // an accession that is still open was cut off.
        let has_left = set_journal(&connection, "DELETE").map_err(explain)? == "delete";
        let (presence, alone) = match journal {
            Journal::Wal => (None, has_left),
            Journal::Truncate => {
                let (presence, alone) = Presence::show(path)?;
                (Some(presence), alone && has_left)
            }
        };
        migrate::run(&mut connection).map_err(|error| match error.downcast() {
            Ok(error) => explain(error),
            Err(error) => error,
        })?;
        if schema < migrate::SCHEMA_VERSION {
            // The index keeps a handle open that it had for the upgrade, and the log could not be left.
            connection = connect(path)?;
        }
        let cut_off = if alone {
            accession::close_cut_off(&mut connection).map_err(explain)?
        } else {
            Vec::new()
        };
        set_journal(&connection, journal.as_str()).map_err(explain)?;
        if let Some(presence) = &presence {
            presence.share()?;
        }
        let identity = identity_of(path);
        Ok(Self { connection, path: path.to_owned(), journal, identity, presence, cut_off })
    }

    /// Records the start of an accession, before anything else of it is written.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn begin(&mut self, now: &str, options: &str) -> Result<Accession> {
        let explain = |error| explain(error, &self.path);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(explain)?;
        let accession = accession::begin(&transaction, now, options).map_err(explain)?;
        batch::append(&transaction, accession.id, now, &Added::nothing("begin"))
            .map_err(explain)?;
        transaction.commit().map_err(explain)?;
        // The mark goes into the main file at once: a copy of it without its log then still shows
        // that an accession was under way.
        self.checkpoint()?;
        Ok(accession)
    }

    /// Begins a transaction that arrivals of the accession are written in.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn writing(&mut self, accession: &Accession) -> Result<Writing<'_>> {
        Writing::begin(&mut self.connection, &self.path, self.identity, accession)
    }

    /// Writes arrivals in a transaction of their own, in order; when this returns they survive a power cut.
    ///
    /// # Errors
    /// When the archive cannot be written; then nothing of the batch is stored.
    pub fn write(
        &mut self,
        accession: &mut Accession,
        now: &str,
        arrivals: &[Arrival],
    ) -> Result<()> {
        let mut writing = self.writing(accession)?;
        writing.add(now, arrivals)?;
        writing.commit(accession)
    }

    /// Merges the pieces of the index that the accession has written.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn merge(&self, accession: &Accession) -> Result<()> {
        passage::merge(&self.connection, accession).map_err(|error| explain(error, &self.path))
    }

    /// Records the end of an accession and seals the archive.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn finish(mut self, accession: &Accession, now: &str, state: State) -> Result<Counts> {
        let explain = |error| explain(error, &self.path);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(explain)?;
        accession::finish(&transaction, accession, now, state).map_err(explain)?;
        transaction.commit().map_err(explain)?;
        must_be_there(&self.path, self.identity)?;
        self.seal()?;
        Ok(accession.counts)
    }

    /// Leaves the archive as one file without a log.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn seal(mut self) -> Result<()> {
        self.checkpoint()?;
        // Fails while somebody reads. Most reads are over soon; after that the next writer seals.
        for _ in 0..SEALING.0 {
            match set_journal(&self.connection, "DELETE") {
                Ok(mode) if mode != "delete" => sleep(SEALING.1),
                _ => break,
            }
        }
        // Only now may another writer find itself alone.
        drop(self.presence);
        Ok(())
    }

    /// Gives the memory back that pages of the archive take which were read before.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn let_go_of_pages(&self) -> Result<()> {
        // SQLite's release_memory(): pages that were not changed leave the cache.
        let shrink = self.connection.execute_batch("PRAGMA shrink_memory");
        shrink.map_err(|error| explain(error, &self.path))
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Does everything in one transaction, or nothing.
    pub(super) fn in_transaction(
        &mut self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<()> {
        let explain = |error| explain(error, &self.path);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(explain)?;
        work(&transaction).map_err(explain)?;
        transaction.commit().map_err(explain)
    }

    fn checkpoint(&mut self) -> Result<()> {
        if self.journal == Journal::Truncate {
            return Ok(());
        }
        let mut work_in = || {
            self.connection.busy_timeout(READERS)?;
            self.connection.query_row("PRAGMA wal_checkpoint (TRUNCATE)", [], |_| Ok(()))?;
            waiting::on(&mut self.connection)
        };
        work_in().map_err(|error| explain(error, &self.path))
    }
}

/// Makes a new archive under a temporary name and links it to its own: whoever looks sees no
/// archive or a whole one.
fn create(path: &Path) -> Result<()> {
    clear_abandoned(path);
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!("{CREATING}{}", std::process::id()));
    let temporary = PathBuf::from(temporary);
    let made = make(&temporary, path);
    // It may be gone (renamed) or never have been there.
    let _gone = fs::remove_file(&temporary);
    made.with_context(|| format!("cannot create {}", path.display()))
}

/// Removes what processes have left that were killed while they made an archive here.
fn clear_abandoned(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let (Ok(entries), Some(own)) =
        (fs::read_dir(folder.unwrap_or(Path::new("."))), path.file_name())
    else {
        return;
    };
    let own = own.as_encoded_bytes();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let rest = name.as_encoded_bytes().strip_prefix(own);
        let Some(rest) = rest.and_then(|rest| rest.strip_prefix(CREATING.as_bytes())) else {
            continue;
        };
        let digits: Vec<u8> = rest.iter().copied().take_while(u8::is_ascii_digit).collect();
        let process = String::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
        if process.is_some_and(is_gone) {
            let _gone_already = fs::remove_file(entry.path());
        }
    }
}

/// Whether there is no process of this number.
fn is_gone(process: i32) -> bool {
    #[cfg(unix)]
    {
        let process = rustix::process::Pid::from_raw(process);
        process.is_some_and(|process| {
            rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH)
        })
    }
    #[cfg(not(unix))]
    {
        let _ = process;
        false
    }
}

/// A new archive without anything in it.
pub(super) fn blank(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(absolute(path)?, flags)?;
    // 16 KiB: a third faster to load than the default of 4 KiB, and smaller.
    connection.pragma_update(None, "page_size", 16384)?;
    // A file that is not whole is thrown away, so nothing is logged, and synced once: with the last
    // transaction, before the file gets its name.
    set_journal(&connection, "MEMORY")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    migrate::run_on_new(&mut connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let transaction = connection.transaction()?;
    passage::configure(&transaction)?;
    transaction.commit()?;
    set_journal(&connection, "DELETE")?;
    connection.pragma_update(None, "foreign_keys", false)?;
    Ok(connection)
}

fn make(temporary: &Path, path: &Path) -> Result<()> {
    drop(blank(temporary)?);
    if fs::hard_link(temporary, path).is_ok() || path.exists() {
        return Ok(());
    }
    // Not every filesystem has hard links.
    fs::rename(temporary, path)?;
    Ok(())
}

fn connect(path: &Path) -> Result<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, 32_000)?;
    let configure = || {
        connection.set_prepared_statement_cache_capacity(64);
        // As FULL, and a removed journal is lasting too: the upgrade of a schema has one.
        connection.pragma_update(None, "synchronous", "EXTRA")?;
        // No trigger is ours, and a foreign one could undo what is written.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        // Keys are right by construction, `check` verifies them, and the look-up for every
        // placement costs a tenth of the load.
        connection.pragma_update(None, "foreign_keys", false)
    };
    configure().map_err(|error| explain(error, path))?;
    Ok(connection)
}

/// A connection that only reads, beside the one that writes.
pub(super) fn beside(path: &Path) -> Result<Connection> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY, 4_000)
}

/// A connection with a cache of so many KiB.
fn open(path: &Path, access: OpenFlags, cache: i64) -> Result<Connection> {
    let open = || {
        // SQLite takes a name that begins with `file:` for a URI; an absolute path never does.
        let path = absolute(path).map_err(|_| rusqlite::Error::InvalidPath(path.to_owned()))?;
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        waiting::on(&mut connection)?;
        // Else every parameter that is set means that a kept statement is planned anew.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.pragma_update(None, "cache_size", -cache)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        tokenizer::register(&connection)?;
        Ok(connection)
    };
    open().map_err(|error| explain(error, path))
}

pub(super) fn identity_of(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().as_ref().and_then(header::identity)
}

/// The version that the archive states, and what in it is not as the migrations make it, if anything is.
fn schema_of(connection: &Connection) -> rusqlite::Result<(i32, Option<String>)> {
    // One state: another process may just be bringing it up to date.
    let transaction = connection.unchecked_transaction()?;
    let schema = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok((schema, altered_objects(&transaction, schema)?.pop()))
}

fn set_journal(connection: &Connection, mode: &str) -> rusqlite::Result<String> {
    let set = connection
        .query_row(&format!("PRAGMA journal_mode = {mode}"), [], |row| row.get::<_, String>(0));
    match set {
        // Somebody else has it open: it stays as it is.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
            connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))
        }
        other => other,
    }
}

/// Puts the errors that a user can do something about in plain words.
pub(super) fn explain(error: rusqlite::Error, path: &Path) -> anyhow::Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Refusal::Locked(path.to_owned()).into()
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            Refusal::ReadOnly(path.to_owned(), error.to_string()).into()
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            let what = format!("{} is damaged (see `fonds check`)", path.display());
            anyhow::Error::new(error).context(what)
        }
        _ => anyhow::Error::new(error).context(format!("cannot write {}", path.display())),
    }
}

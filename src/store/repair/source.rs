//! The damaged file and the log beside it. Nothing here writes to either.

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf, absolute};

/// What rows are taken from.
pub(super) struct Source {
    /// A copy of the file in which SQLite has played back the log that lies beside it; `None` where
    /// there is no log, or none that SQLite can read.
    pub(super) played: Option<PathBuf>,
    pub(super) is_log_lost: bool,
}

/// Plays back the log that lies beside the file, in a copy.
pub(super) fn with_log(path: &Path, temporary: &Path) -> Result<Source> {
    let has = |ending: &&&str| beside(path, ending).metadata().is_ok_and(|log| log.len() > 0);
    let logs: Vec<&&str> = ["-wal", "-journal"].iter().filter(has).collect();
    if logs.is_empty() {
        return Ok(Source { played: None, is_log_lost: false });
    }
    let copy = beside(temporary, "-source");
    fs::copy(path, &copy).with_context(|| format!("cannot copy {}", path.display()))?;
    for ending in logs {
        fs::copy(beside(path, ending), beside(&copy, ending))
            .with_context(|| format!("cannot copy the log of {}", path.display()))?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let played = Connection::open_with_flags(absolute(&copy)?, flags).and_then(|connection| {
        connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0))
    });
    if played.is_ok_and(|mode| mode == "delete") {
        return Ok(Source { played: Some(copy), is_log_lost: false });
    }
    remove_with_logs(&copy);
    Ok(Source { played: None, is_log_lost: true })
}

/// The schema version in the header, whatever it is.
pub(super) fn stated_schema(path: &Path) -> Result<i32> {
    let mut header = Vec::new();
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    file.take(64).read_to_end(&mut header)?;
    let four = header.get(60..64).and_then(|four| four.try_into().ok());
    Ok(i32::from_be_bytes(four.unwrap_or_default()))
}

/// Removes a file of ours with whatever SQLite left beside it.
pub(super) fn remove_with_logs(path: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let _may_not_be_there = fs::remove_file(beside(path, ending));
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

//! Whether a file is an archive that this program may open, told before anything is asked of it.

use super::holder;
use super::migrate::SCHEMA_VERSION;
use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// SQLite's `application_id` of every archive: the letters `fond`.
pub const APPLICATION_ID: i32 = 0x666f_6e64;

/// Why a file is not opened as an archive.
#[derive(Debug)]
pub enum Refusal {
    /// No file is there.
    Missing(PathBuf),
    /// A file is there, but not an archive; the text says what it is.
    NotAnArchive(PathBuf, &'static str),
    /// The log of an archive is there, but the archive is not: creating one would destroy the log.
    OrphanLog(PathBuf, PathBuf),
    /// The archive was written by a newer program: its schema, then ours.
    Newer(PathBuf, i32, i32),
    /// Another process holds the archive.
    Locked(PathBuf),
    /// The archive cannot be written where it lies; the text says why.
    ReadOnly(PathBuf, String),
    /// The archive is no longer where it was opened.
    Moved(PathBuf),
    /// A table or view of the archive is not as fonds made it, so nothing is written; which one.
    Altered(PathBuf, String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Missing(path) => write!(f, "there is no archive at {}", path.display()),
            Refusal::NotAnArchive(path, what) => {
                write!(f, "{} is not a fonds archive: {what}", path.display())
            }
            Refusal::OrphanLog(path, log) => write!(
                f,
                "{} is missing, but its log {} is there and may hold documents",
                path.display(),
                log.display()
            ),
            Refusal::Newer(path, theirs, ours) => write!(
                f,
                "{} has schema {theirs}, newer than the schema {ours} that this program knows",
                path.display()
            ),
            Refusal::Locked(path) => {
                let holder = holder::of(path).unwrap_or_else(|| "another process".to_owned());
                write!(f, "{} is locked by {holder}", path.display())
            }
            Refusal::ReadOnly(path, why) => {
                write!(f, "{} cannot be written: {why}", path.display())
            }
            Refusal::Moved(path) => {
                write!(f, "{} was moved or removed while it was written to", path.display())
            }
            Refusal::Altered(path, what) => {
                write!(f, "{} is not as fonds made it: {what}", path.display())
            }
        }
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// What the user can do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Refusal::Missing(_) => {
                "make one with `fonds ingest PATH`, or name another with --archive FILE"
            }
            Refusal::NotAnArchive(..) => "name the archive with --archive FILE or $FONDS_ARCHIVE",
            Refusal::OrphanLog(..) => {
                "put the archive back beside its log, or move the log away to start a new archive"
            }
            Refusal::Newer(..) => "install a newer fonds",
            Refusal::Locked(_) => "try again when it is done, or wait for it with --wait SECONDS",
            Refusal::Moved(_) => {
                "what was stored is in the file that was there; put it back, with the -wal beside it, and run again"
            }
            Refusal::Altered(..) => {
                "see `fonds check`; `fonds repair --into NEW` takes what can be read into a new archive"
            }
            Refusal::ReadOnly(..) => {
                "let `fonds ingest` work the log in, or copy the archive, with the -wal or -journal beside it if there is one, to a place that can be written"
            }
        }
    }
}

/// What lies at a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing, and no log either: an archive may be created.
    Nothing,
    /// A fonds archive with this schema version.
    Archive(i32),
}

/// The schema version of an archive that must be there, by its first 100 bytes.
///
/// # Errors
/// A [`Refusal`] where there is none, or something else.
pub fn existing(path: &Path) -> anyhow::Result<i32> {
    match inspect(path)? {
        Found::Archive(schema) => Ok(schema),
        Found::Nothing => Err(Refusal::Missing(path.to_owned()).into()),
    }
}

/// What tells a file from any other, whatever it is called; `None` where the system has no such thing.
pub fn identity(metadata: &std::fs::Metadata) -> Option<(u64, u64)> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((metadata.dev(), metadata.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        None
    }
}

/// Reads the first 100 bytes of the file (SQLite file format, section 1.3), without opening it as a
/// database: a hostile or foreign file is refused before SQLite sees it.
///
/// The version is that of the main file; a log beside it can only make it higher.
pub(crate) fn inspect(path: &Path) -> anyhow::Result<Found> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return inspect_absent(path),
        Err(error) => {
            return Err(
                anyhow::Error::new(error).context(format!("cannot read {}", path.display()))
            );
        }
    };
    let refuse = |what| Err(Refusal::NotAnArchive(path.to_owned(), what).into());
    match file.metadata() {
        Ok(metadata) if metadata.is_dir() => return refuse("it is a folder"),
        Ok(metadata) if !metadata.is_file() => return refuse("it is not a regular file"),
        Ok(metadata) if metadata.len() == 0 => return refuse("it is an empty file"),
        _ => {}
    }
    let mut header = [0; 100];
    if file.read_exact(&mut header).is_err() || !header.starts_with(b"SQLite format 3\0") {
        return refuse("it is not an SQLite database");
    }
    if number(&header, 68) != APPLICATION_ID {
        return refuse("it is an SQLite database of another program");
    }
    let version = number(&header, 60);
    if version > SCHEMA_VERSION {
        return Err(Refusal::Newer(path.to_owned(), version, SCHEMA_VERSION).into());
    }
    Ok(Found::Archive(version))
}

fn inspect_absent(path: &Path) -> anyhow::Result<Found> {
    for suffix in ["-wal", "-journal"] {
        let mut log = path.as_os_str().to_owned();
        log.push(suffix);
        let log = PathBuf::from(log);
        if log.exists() {
            return Err(Refusal::OrphanLog(path.to_owned(), log).into());
        }
    }
    Ok(Found::Nothing)
}

/// The big-endian 32-bit number at the offset of the header.
fn number(header: &[u8; 100], offset: usize) -> i32 {
    let bytes = header.get(offset..offset + 4).and_then(|bytes| bytes.try_into().ok());
    i32::from_be_bytes(bytes.unwrap_or_default())
}

//! Which kind of log an archive is written with, by the filesystem it lies on.
//!
//! A write-ahead log needs memory that all processes share, which network and virtual filesystems do
//! not give: archives on them were lost that way. There the log is a rollback journal, which only
//! needs locks. It must never guess that a filesystem it does not know is a network's.

use anyhow::{Context, Result};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// The kind of log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journal {
    /// Write-ahead log: readers and a writer at once.
    Wal,
    /// Rollback journal, for filesystems without shared memory.
    Truncate,
}

/// Filesystems without memory that processes share, by the numbers of statfs(2).
const REMOTE: [(u64, &str); 9] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xfe53_4d42, "SMB"),
    (0xff53_4d42, "CIFS"),
    // virtiofs calls itself FUSE.
    (0x6573_5546, "FUSE"),
    (0x0102_1997, "9p"),
    (0x5346_414f, "AFS"),
    (0x00c3_6400, "Ceph"),
    (0x7375_7245, "Coda"),
];

impl Journal {
    /// The kind of log for an archive at this path, and the name of the filesystem that rules out
    /// the faster one.
    pub fn for_place(path: &Path) -> (Self, Option<&'static str>) {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let place = if path.exists() { path } else { folder };
        let remote = filesystem(place)
            .and_then(|number| REMOTE.iter().find(|(known, _)| *known == number))
            .map(|(_, name)| *name);
        (if remote.is_some() { Journal::Truncate } else { Journal::Wal }, remote)
    }

    /// As `PRAGMA journal_mode` calls it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Journal::Wal => "WAL",
            Journal::Truncate => "TRUNCATE",
        }
    }
}

#[cfg(target_os = "linux")]
fn filesystem(path: &Path) -> Option<u64> {
    // A signed number on some machines, of which 32 bits count.
    rustix::fs::statfs(path).ok().map(|status| status.f_type as u64 & 0xffff_ffff)
}

#[cfg(not(target_os = "linux"))]
fn filesystem(_: &Path) -> Option<u64> {
    None
}

/// The sign of a writer that another writer can see, where the log does not show it: a lock on a
/// file beside the archive, for as long as this lives.
pub(super) struct Presence {
    path: PathBuf,
    file: File,
}

impl Presence {
    /// Shows this writer; also tells whether no other one is there.
    pub(super) fn show(archive: &Path) -> Result<(Self, bool)> {
        let mut path = archive.as_os_str().to_owned();
        path.push("-writing");
        let path = PathBuf::from(path);
        let lock = || -> std::io::Result<(File, bool)> {
            let file = OpenOptions::new().create(true).append(true).open(&path)?;
            match file.try_lock() {
                Ok(()) => Ok((file, true)),
                Err(TryLockError::WouldBlock) => {
                    file.lock_shared()?;
                    Ok((file, false))
                }
                Err(TryLockError::Error(error)) => Err(error),
            }
        };
        let (file, is_alone) = lock().with_context(|| format!("cannot lock {}", path.display()))?;
        Ok((Self { path, file }, is_alone))
    }

    /// Lets other writers in.
    pub(super) fn share(&self) -> Result<()> {
        self.file
            .lock_shared()
            .with_context(|| format!("cannot share the lock on {}", self.path.display()))
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        // The last one out removes the file; the lock ends with it.
        let is_last = self.file.unlock().is_ok() && self.file.try_lock().is_ok();
        if is_last {
            let _may_be_gone = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_disk_gets_the_faster_log() {
        let folder = tempfile::tempdir().unwrap();
        let found = Journal::for_place(&folder.path().join("new.db"));
        assert_eq!(found, (Journal::Wal, None));
    }

    #[test]
    fn a_writer_sees_that_another_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("a.db");
        let (first, is_alone) = Presence::show(&archive).unwrap();
        assert!(is_alone);
        first.share().unwrap();
        let (second, is_alone) = Presence::show(&archive).unwrap();
        assert!(!is_alone);
        drop(first);
        drop(second);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(Presence::show(&archive).unwrap().1);
    }
}

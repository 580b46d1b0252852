//! Which files need not be read, because they look as they did when they were read last.
//!
//! A file looks the same when it has the same name in the same folder, the same size, and the same times
//! of its last change, to the nanosecond: of its content, which a program may set, and on Unix of anything
//! about it, which no program may. A file that was changed less than two seconds before it was looked at
//! could change again without showing it, and is read the next time too.

use super::location;
use crate::model::{Stamp, Unread};
use crate::store::Lookup;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How old a change must be before a later one is sure to show: the coarsest clock of a filesystem
/// (FAT) ticks every two seconds.
const SURE: Duration = Duration::from_secs(2);

/// Paths after which a run ends, so that progress is seen and an interruption is heard.
const MOST: i64 = 10_000;

/// The files of one folder that were read before.
#[derive(Default)]
pub(super) struct Before(HashMap<Stamp, Unread>);

impl Before {
    /// Reads what is known of a folder. Where it cannot be read, nothing is: all its files are read.
    pub(super) fn of(lookup: &Lookup, folder: &Path, originals: bool) -> Self {
        let location = location::of(folder, None).location;
        Self(lookup.read_before(location.trim_end_matches('/'), originals).unwrap_or_default())
    }

    /// The row of the ledger that says what a file was that looks like this.
    pub(super) fn find(&self, stamp: Stamp) -> Option<Unread> {
        self.0.get(&stamp).copied()
    }
}

/// Files without a change, one after the other, that the ledger had one after the other too.
#[derive(Default)]
pub(super) struct Run(Option<Unread>);

impl Run {
    /// Adds a file; returns the run before, where the file does not continue it.
    pub(super) fn add(&mut self, file: Unread) -> Option<Unread> {
        if let Some(run) = &mut self.0
            && run.accession_id == file.accession_id
            && run.ordinal + run.paths == file.ordinal
            && run.paths < MOST
        {
            run.paths += file.paths;
            run.containers += file.containers;
            return None;
        }
        self.0.replace(file)
    }

    /// Ends the run.
    pub(super) fn take(&mut self) -> Option<Unread> {
        self.0.take()
    }
}

/// What a file looks like now, however lately it was changed; `None` where the filesystem tells no times.
pub(super) fn stamp(name: &OsStr, metadata: &Metadata) -> Option<Stamp> {
    let modified = nanoseconds(metadata.modified().ok()?)?;
    let mut stamp = Sha256::new();
    stamp.update(metadata.len().to_be_bytes());
    stamp.update(modified.to_be_bytes());
    stamp.update(changed(metadata).to_be_bytes());
    stamp.update(name.as_encoded_bytes());
    stamp.finalize().first_chunk().copied().map(Stamp::from_be_bytes)
}

/// What a container looks like to rules that choose among its members.
pub(super) fn stamp_of_container(file: Stamp, rules: &str) -> Stamp {
    let mut stamp = Sha256::new();
    stamp.update(file.to_be_bytes());
    stamp.update(rules);
    stamp.finalize().first_chunk().copied().map_or(file, Stamp::from_be_bytes)
}

/// Whether a later change of the file would show in its stamp.
pub(super) fn is_sure(metadata: &Metadata, now: SystemTime) -> bool {
    let Some(now) = nanoseconds(now) else { return false };
    let latest = metadata.modified().ok().and_then(nanoseconds);
    let sure = SURE.as_nanos() as i128;
    latest.is_some_and(|latest| latest.max(changed(metadata)) + sure <= now)
}

/// Nanoseconds from 1970.
fn nanoseconds(time: SystemTime) -> Option<i128> {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).ok(),
        Err(before) => i128::try_from(before.duration().as_nanos()).ok().map(|nanos| -nanos),
    }
}

/// When anything about the file was changed last, in nanoseconds from 1970.
#[cfg(unix)]
fn changed(metadata: &Metadata) -> i128 {
    use std::os::unix::fs::MetadataExt;
    i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> i128 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, File};

    fn look(path: &Path) -> Option<Stamp> {
        stamp(path.file_name().unwrap(), &fs::metadata(path).unwrap())
    }

    #[test]
    fn a_file_looks_the_same_until_its_size_name_or_time_changes() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("a.txt"), folder.path().join("b.txt"));
        fs::write(&one, "first").unwrap();
        let first = look(&one);
        assert_eq!(first, look(&one));
        fs::write(&one, "longer").unwrap();
        let longer = look(&one);
        let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        File::options().write(true).open(&one).unwrap().set_modified(past).unwrap();
        let older = look(&one);
        fs::rename(&one, &other).unwrap();
        let renamed = look(&other);
        let mut seen = vec![first, longer, older, renamed];
        seen.dedup();
        assert_eq!(seen.len(), 4);
    }

    #[test]
    #[cfg(unix)]
    fn a_change_shows_even_when_the_time_of_the_content_is_set_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "first").unwrap();
        let (before, time) = (look(&path), fs::metadata(&path).unwrap().modified().unwrap());
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&path, "other").unwrap();
        File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), time);
        assert_ne!(look(&path), before);
    }

    #[test]
    fn a_file_is_sure_two_seconds_after_its_last_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "text").unwrap();
        let metadata = fs::metadata(&path).unwrap();
        let at = |millis| metadata.modified().unwrap() + Duration::from_millis(millis);
        assert!(!is_sure(&metadata, at(0)));
        assert!(!is_sure(&metadata, at(1900)));
        assert!(is_sure(&metadata, at(2100)));
    }

    #[test]
    fn a_run_goes_on_while_the_ledger_does() {
        let file =
            |accession_id, ordinal| Unread { accession_id, ordinal, paths: 1, containers: 0 };
        let container = Unread { accession_id: 1, ordinal: 7, paths: 4, containers: 1 };
        let mut run = Run::default();
        assert_eq!(run.add(file(1, 5)), None);
        assert_eq!(run.add(file(1, 6)), None);
        assert_eq!(run.add(container), None);
        let whole = Unread { accession_id: 1, ordinal: 5, paths: 6, containers: 1 };
        assert_eq!(run.add(file(1, 12)), Some(whole));
        assert_eq!(run.add(file(2, 13)), Some(file(1, 12)));
        assert_eq!(run.take(), Some(file(2, 13)));
        assert_eq!(run.take(), None);
    }
}

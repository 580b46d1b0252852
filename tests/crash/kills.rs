//! A process that is killed between any two changes of a file, and a disk that fails at any of them.

use crate::content;
use crate::cuts::folder;
use crate::disk::Disk;
use crate::runs::{self, Recorded, Standing, acknowledged, ingest, standing};
use crate::shim::{Fault, Watch};
use fonds::store::Journal;
use std::collections::BTreeMap;
use std::path::Path;

/// Kills the run after every so-many-th event, then lets the same ingests run again. A kill leaves
/// what the processes saw: the kernel keeps what was written. Returns the number of kills.
pub(crate) fn kill_at_every(
    folder: &Path,
    recorded: &Recorded,
    journal: Journal,
    step: usize,
    names: &[String],
) -> usize {
    let path = folder.join("fonds.db");
    let mut disk = Disk::new(&recorded.before);
    let expected = &recorded.after;
    let mut kills = 0;
    for (number, event) in (1..).zip(&recorded.events) {
        disk.see(event);
        if number % step != 0 {
            continue;
        }
        kills += 1;
        runs::put_back(folder, &disk.after_kill());
        let acknowledged = acknowledged(&recorded.events[..number]);
        let (standing, what) = standing(&path, journal, &acknowledged);
        assert_eq!(standing, Standing::Clean, "killed after event {number}: {what}");
        for name in names {
            ingest(folder, name, journal).unwrap();
        }
        let now = content::of(&path);
        let difference: Vec<&String> = now
            .iter()
            .filter(|line| !expected.contains(line))
            .chain(expected.iter().filter(|line| !now.contains(line)))
            .take(3)
            .collect();
        assert!(
            now == *expected,
            "killed after event {number}: {} and {} lines, {difference:?}",
            now.len(),
            expected.len()
        );
    }
    kills
}

/// Lets the n-th change of a file fail; returns what went wrong, if it did, and whether the fault
/// came before the end.
pub(crate) fn fail_at(
    journal: Journal,
    at: u64,
    fault: Fault,
    before: &Recorded,
) -> (Option<String>, bool) {
    let folder = folder();
    runs::write_documents(folder.path(), "d0", 6);
    runs::put_back(folder.path(), &before.before);
    let path = folder.path().join("fonds.db");
    let watch = Watch::fail(folder.path(), at, fault);
    let outcome = ingest(folder.path(), "d0", journal);
    let has_failed = watch.calls() >= at;
    drop(watch);
    let everything = if outcome.is_ok() { 6 } else { 0 };
    let acknowledged = BTreeMap::from([("d0".to_owned(), everything)]);
    let (standing, what) = standing(&path, journal, &acknowledged);
    let wrong = match (standing, &outcome) {
        (Standing::Clean, Err(error)) if !tells_where(error, &path) => {
            Some(format!("{error:#} does not name the archive"))
        }
        (Standing::Clean, _) => None,
        _ => Some(format!(
            "{standing:?}: {what}; {}",
            outcome.map_or_else(|e| format!("{e:#}"), |()| "done".to_owned())
        )),
    };
    (wrong.map(|wrong| format!("call {at}, {fault:?}, {journal:?}: {wrong}")), has_failed)
}

fn tells_where(error: &anyhow::Error, path: &Path) -> bool {
    format!("{error:#}").contains(path.to_str().unwrap())
}

/// Every fault at every so-many-th call; returns the number of runs and what went wrong.
pub(crate) fn fail_at_every(journal: Journal, step: u64) -> (usize, Vec<String>) {
    let start = folder();
    let before = runs::ingests(start.path(), journal, 0, 0);
    let (mut runs, mut wrong) = (0, Vec::new());
    for fault in [Fault::ErrorOnce, Fault::ErrorsForEver, Fault::Full, Fault::FullHalfway] {
        for at in (1..).map(|n| n * step) {
            let (found, has_failed) = fail_at(journal, at, fault, &before);
            wrong.extend(found);
            if !has_failed {
                break;
            }
            runs += 1;
        }
    }
    (runs, wrong)
}

/// Records two ingests of four documents and kills them at every so-many-th event.
pub(crate) fn kill(journal: Journal, step: usize) -> usize {
    let start = folder();
    let recorded = runs::ingests(start.path(), journal, 2, 4);
    kill_at_every(start.path(), &recorded, journal, step, &["d0".to_owned(), "d1".to_owned()])
}

/// Records the upgrade of an archive through all schemas after its own and kills it at every
/// so-many-th event; whoever opens the archive next ends it.
pub(crate) fn kill_upgrade(old: &[u8], journal: Journal, step: usize) -> usize {
    let start = folder();
    let recorded = runs::upgrade(start.path(), old, journal);
    kill_at_every(start.path(), &recorded, journal, step, &[])
}

#[test]
fn an_upgrade_that_is_killed_anywhere_is_ended_by_the_next_run() {
    for (schema, old) in crate::archives::earlier() {
        for journal in [Journal::Wal, Journal::Truncate] {
            assert!(kill_upgrade(&old, journal, 29) > 0, "schema {schema}");
        }
    }
}

#[test]
fn a_run_that_is_killed_anywhere_loses_nothing_and_is_resumed_to_the_same_end() {
    for journal in [Journal::Wal, Journal::Truncate] {
        assert!(kill(journal, 23) > 5);
    }
}

#[test]
fn a_disk_that_fails_anywhere_is_an_error_and_loses_nothing() {
    for journal in [Journal::Wal, Journal::Truncate] {
        let (runs, wrong) = fail_at_every(journal, 11);
        assert!(runs > 20, "{runs}");
        assert_eq!(wrong, [] as [String; 0]);
    }
}

//! The same documents in any order, in any number of runs, repeated or interrupted, make the same
//! archive.

use crate::content;
use crate::cuts::folder;
use crate::random::Random;
use crate::runs;
use fonds::ingest::{self, Listener};
use fonds::model::Counts;
use fonds::store::{Archive, Journal};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Interrupts the run at its first commit.
struct Impatient<'a>(&'a AtomicBool, bool);

impl Listener for Impatient<'_> {
    fn problem(&self, _: &str, _: &str) {}
    fn reading(&self, _: &str) {}
    fn committed(&self, _: &Counts) {
        self.0.store(self.1, Ordering::Relaxed);
    }
}

/// Fifty documents: most alike in a paragraph, some copies of each other, one of records.
fn documents(folder: &Path) -> Vec<PathBuf> {
    runs::write_documents(folder, "d", 40);
    let mut paths: Vec<PathBuf> =
        (0..40).map(|number| folder.join(format!("d/{number:03}.txt"))).collect();
    for number in 0..9 {
        let text = std::fs::read_to_string(&paths[number * 3]).unwrap();
        let text = if number % 2 == 0 { text } else { text.replace("noon", "“noon”") };
        let path = folder.join(format!("d/copy-{number}.txt"));
        std::fs::write(&path, text).unwrap();
        paths.push(path);
    }
    let records = folder.join("d/records.jsonl");
    let lines = "{\"title\": \"One\", \"text\": \"A ferry.\"}\n{\"title\": \"Two\", \"text\": \"A bridge.\"}\n";
    std::fs::write(&records, lines).unwrap();
    paths.push(records);
    paths
}

/// Ingests the documents in a schedule drawn from the seed; returns what users can read.
fn scheduled(folder: &Path, documents: &[PathBuf], random: &mut Random) -> Vec<String> {
    let path = folder.join("fonds.db");
    let _none = std::fs::remove_file(&path);
    let mut order = documents.to_vec();
    for at in (1..order.len()).rev() {
        order.swap(at, random.below(at + 1));
    }
    let mut left = &order[..];
    while !left.is_empty() {
        let (now, later) = left.split_at((random.below(20) + 1).min(left.len()));
        left = later;
        for _ in 0..=random.below(2) {
            offer(&path, now, random.below(4) == 0);
        }
    }
    // Whatever an interruption left out.
    offer(&path, documents, false);
    content::of(&path)
}

fn offer(archive: &Path, paths: &[PathBuf], is_interrupted: bool) {
    let opened = Archive::open_with(archive, Journal::Wal).unwrap();
    let interrupted = AtomicBool::new(false);
    let listener = Impatient(&interrupted, is_interrupted);
    let request = runs::request(paths.to_vec());
    ingest::ingest(opened, archive, &request, &interrupted, &listener).unwrap();
}

/// Panics if a schedule makes another archive than the plain one; returns the digest of what users can
/// read in all of them.
pub(crate) fn make_one_archive(schedules: usize, seed: u64) -> String {
    let folder = folder();
    let documents = documents(folder.path());
    let path = folder.path().join("fonds.db");
    offer(&path, &documents, false);
    let expected = content::of(&path);
    assert!(expected.len() > 200);
    let mut random = Random(seed);
    for number in 0..schedules {
        let made = scheduled(folder.path(), &documents, &mut random);
        let other = made.iter().zip(&expected).find(|(ours, theirs)| ours != theirs);
        assert!(made == expected, "schedule {number}: {other:?}");
    }
    let whole = expected.join("\n");
    fonds::fingerprint::digest(whole.as_bytes()).to_string()
}

#[test]
fn order_batches_repetitions_and_interruptions_make_no_difference() {
    assert_eq!(make_one_archive(5, 1), make_one_archive(0, 2));
}

//! Power cuts at random moments of a recorded run.

use crate::archives;
use crate::disk::Disk;
use crate::random::Random;
use crate::runs::{self, Recorded, Standing, acknowledged, standing};
use crate::shim::Event;
use fonds::store::Journal;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A folder in memory where there is one: cuts are made from the record, not from the disk.
pub(crate) fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    tempfile::tempdir_in(place).unwrap()
}

/// Cuts the power so many times; tells how the archive stood, and the first that was not clean.
pub(crate) fn cut(
    recorded: &Recorded,
    events: &[Event],
    journal: Journal,
    cuts: usize,
    seed: u64,
) -> (BTreeMap<Standing, usize>, Option<String>) {
    let mut random = Random(seed);
    let mut moments: Vec<usize> = (0..cuts).map(|_| random.below(events.len()) + 1).collect();
    moments.sort_unstable();
    let folder = folder();
    let path = folder.path().join("fonds.db");
    let mut disk = Disk::new(&recorded.before);
    let (mut seen, mut counts, mut first) = (0, BTreeMap::new(), None);
    for moment in moments {
        events[seen..moment].iter().for_each(|event| disk.see(event));
        seen = moment;
        let state = disk.after_cut(&mut random);
        runs::put_back(folder.path(), &state);
        let (standing, what) = standing(&path, journal, &acknowledged(&events[..moment]));
        *counts.entry(standing).or_default() += 1;
        if standing != Standing::Clean && first.is_none() {
            let names: Vec<PathBuf> = state.keys().cloned().collect();
            first =
                Some(format!("after event {moment} {:?}: {what} ({names:?})", events[moment - 1]));
        }
    }
    (counts, first.map(|first| first.chars().take(600).collect()))
}

/// Every kind of run, with its name.
pub(crate) fn every_run(
    journal: Journal,
    runs: usize,
    documents: usize,
) -> Vec<(&'static str, Recorded)> {
    let [one, two, three] = [folder(), folder(), folder()];
    vec![
        ("ingest", runs::ingests(one.path(), journal, runs, documents)),
        ("upgrade", runs::upgrade(two.path(), &archives::earlier()[0].1, journal)),
        ("decisions and recorded checks", runs::decisions(three.path(), journal)),
    ]
}

#[test]
fn no_power_cut_loses_what_was_acknowledged() {
    for journal in [Journal::Wal, Journal::Truncate] {
        for (name, recorded) in every_run(journal, 2, 4) {
            let (counts, first) = cut(&recorded, &recorded.events, journal, 60, 1);
            let clean = BTreeMap::from([(Standing::Clean, 60)]);
            assert_eq!(counts, clean, "{name} with {journal:?}: {first:?}");
        }
    }
}

#[test]
fn the_same_cuts_show_what_weaker_settings_lose() {
    let folder = folder();
    let recorded = runs::ingests(folder.path(), Journal::Wal, 3, 4);
    let (counts, _) = cut(&recorded, &crate::disk::weakened(&recorded.events), Journal::Wal, 80, 1);
    assert!(counts.contains_key(&Standing::Lost), "synchronous=NORMAL lost nothing: {counts:?}");
    assert!(!counts.contains_key(&Standing::Corrupt), "{counts:?}");
    let (counts, _) =
        cut(&recorded, &crate::disk::without_syncs(&recorded.events), Journal::Wal, 80, 1);
    assert!(counts.contains_key(&Standing::Corrupt), "synchronous=OFF broke nothing: {counts:?}");
}

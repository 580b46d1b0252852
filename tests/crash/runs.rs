//! The runs that are cut off: ingests, an upgrade, recorded checks, decisions. And what must be there
//! afterwards.

use crate::content;
use crate::disk::Files;
use crate::shim::{self, Event, Watch};
use fonds::audit::{self, Request as CheckRequest};
use fonds::dedup;
use fonds::format;
use fonds::ingest::{self, Allowance, Isolation, Listener, Readers, Request, Rules};
use fonds::model::{Counts, RelationKind, Share};
use fonds::store::{Archive, Checked, Decision, Journal};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// A run that was recorded.
pub(crate) struct Recorded {
    /// The files before it.
    pub(crate) before: Files,
    pub(crate) events: Vec<Event>,
    /// What users can read after it.
    pub(crate) after: Vec<String>,
}

/// Says what is acknowledged to the record.
struct Acknowledge(PathBuf, String);

impl Listener for Acknowledge {
    fn problem(&self, _: &str, _: &str) {}
    fn reading(&self, _: &str) {}
    fn committed(&self, counts: &Counts) {
        shim::mark(&self.0, &format!("{} {}", self.1, counts.stored + counts.known));
    }
}

/// The documents of a folder: `count` texts, some of which share a paragraph.
pub(crate) fn write_documents(folder: &Path, name: &str, count: usize) {
    let folder = folder.join(name);
    fs::create_dir_all(&folder).unwrap();
    for number in 0..count {
        let text = format!(
            "Ferry {name} {number} sails at noon.\n\nIt carries {number} wagons of grain and {} of ore \
             to the far bank, where the customs house of the corridor waits.\n\nTimetable {}.\n\n\
             渡轮{number}号五月启航。\n",
            number * 7,
            number / 3
        );
        fs::write(folder.join(format!("{number:03}.txt")), text).unwrap();
    }
}

pub(crate) fn request(paths: Vec<PathBuf>) -> Request {
    Request {
        paths,
        stdin_name: "-".to_owned(),
        rules: Rules::new(&[], &[]).unwrap(),
        format: format::Options::default(),
        readers: Readers::new(Isolation::Thread, Allowance::default()),
        settle: fonds::dedup::Scope::Auto,
        verify: false,
        keep_originals: true,
        as_json: "{}".to_owned(),
    }
}

/// Ingests a folder as the program does.
pub(crate) fn ingest(folder: &Path, name: &str, journal: Journal) -> anyhow::Result<()> {
    let path = folder.join("fonds.db");
    let archive = Archive::open_with(&path, journal)?;
    let listener = Acknowledge(folder.to_owned(), name.to_owned());
    let request = request(vec![folder.join(name)]);
    ingest::ingest(archive, &path, &request, &AtomicBool::new(false), &listener)?;
    Ok(())
}

/// Records a run in the folder, in which the archive is before.
pub(crate) fn record(folder: &Path, run: impl FnOnce()) -> Recorded {
    let before = files(folder);
    let watch = Watch::record(folder);
    run();
    let events = watch.events();
    drop(watch);
    Recorded { before, events, after: content::of(&folder.join("fonds.db")) }
}

/// The archive and its logs.
pub(crate) fn files(folder: &Path) -> Files {
    let mut files = Files::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() && !path.to_string_lossy().ends_with("-shm") {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    files
}

/// Makes the archive of a folder these files.
pub(crate) fn put_back(folder: &Path, state: &Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::remove_file(path).unwrap();
        }
    }
    for (path, bytes) in state {
        fs::write(folder.join(path.file_name().unwrap()), bytes).unwrap();
    }
}

/// Several ingests of several documents each.
pub(crate) fn ingests(folder: &Path, journal: Journal, runs: usize, documents: usize) -> Recorded {
    write_documents(folder, "first", 2);
    ingest(folder, "first", journal).unwrap();
    let names: Vec<String> = (0..runs).map(|run| format!("d{run}")).collect();
    names.iter().for_each(|name| write_documents(folder, name, documents));
    record(folder, || {
        for name in &names {
            ingest(folder, name, journal).unwrap();
        }
    })
}

/// An upgrade of an archive of an earlier schema.
pub(crate) fn upgrade(folder: &Path, old: &[u8], journal: Journal) -> Recorded {
    fs::write(folder.join("fonds.db"), old).unwrap();
    record(folder, || {
        Archive::open_with(&folder.join("fonds.db"), journal).unwrap().seal().unwrap();
    })
}

/// Decisions and recorded checks.
pub(crate) fn decisions(folder: &Path, journal: Journal) -> Recorded {
    write_documents(folder, "first", 6);
    ingest(folder, "first", journal).unwrap();
    let path = folder.join("fonds.db");
    record(folder, || {
        for other in 2..=4 {
            let mut archive = Archive::open_with(&path, journal).unwrap();
            let decision = Decision {
                documents: (1, other),
                kind: RelationKind::Version,
                author: "a".to_owned(),
                reason: String::new(),
            };
            archive.decide(&decision, "2026-01-01T00:00:00Z").unwrap();
            shim::mark(folder, &format!("decision {}", other - 1));
            dedup::settle(&mut archive, &mut |_, _| {}).unwrap();
            archive.seal().unwrap();
            let checked = Checked {
                checked_at: "2026-01-01T00:00:00Z".to_owned(),
                scope: "all".to_owned(),
                documents: 6,
                findings: 0,
                head: None,
            };
            checked.record(&path).unwrap();
            shim::mark(folder, &format!("fixity {}", other - 1));
        }
    })
}

/// What the run had acknowledged after some events: the highest number for each word.
pub(crate) fn acknowledged(events: &[Event]) -> BTreeMap<String, usize> {
    let mut acknowledged = BTreeMap::new();
    for event in events {
        let Event::Mark(mark) = event else { continue };
        let (word, count) = mark.split_once(' ').unwrap();
        acknowledged.insert(word.to_owned(), count.parse().unwrap());
    }
    acknowledged
}

/// How an archive stands after a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    Clean,
    /// Something that was acknowledged is not there.
    Lost,
    /// It cannot be opened, or is not as it was written.
    Corrupt,
}

/// Opens the archive as the next run does and looks at everything.
pub(crate) fn standing(
    path: &Path,
    journal: Journal,
    acknowledged: &BTreeMap<String, usize>,
) -> (Standing, String) {
    let opened = Archive::open_with(path, journal).and_then(Archive::seal);
    if let Err(error) = opened {
        return (Standing::Corrupt, format!("{error:#}"));
    }
    let request = CheckRequest { quick: false, originals: false, share: Share::ALL };
    match audit::check(path, &request, &|_, _, _| {}) {
        Err(error) => return (Standing::Corrupt, format!("{error:#}")),
        Ok(report) => {
            if let Some(finding) = report.findings.first() {
                return (Standing::Corrupt, finding.what.clone());
            }
        }
    }
    let connection = Connection::open(path).unwrap();
    for (word, count) in acknowledged {
        let there: i64 = match word.as_str() {
            "decision" | "fixity" => connection
                .query_row(&format!("SELECT count(*) FROM {word}"), [], |row| row.get(0))
                .unwrap(),
            folder => connection
                .query_row(
                    "SELECT count(*) FROM sighting WHERE location LIKE '%/' || ?1 || '/%'",
                    [folder],
                    |row| row.get(0),
                )
                .unwrap(),
        };
        if (there as usize) < *count {
            return (
                Standing::Lost,
                format!("{count} of {word} were acknowledged, {there} are there"),
            );
        }
    }
    (Standing::Clean, String::new())
}

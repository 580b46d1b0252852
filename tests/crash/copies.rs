//! Repairs, backups, decisions and recorded checks on a disk that fails: what is there stays as it is,
//! and a new file is whole or not there.

use crate::content;
use crate::cuts::folder;
use crate::runs::{self, Standing, standing};
use crate::shim::{Fault, Watch};
use anyhow::Result;
use fonds::audit::{self, Means, Request};
use fonds::ingest::{self, Allowance, Isolation, Readers};
use fonds::model::{RelationKind, Share};
use fonds::store::{self, Archive, Checked, Decision, Journal, Sought};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;

/// Something that writes, with the archive and the file it may make.
type Work = fn(&Path, &Path) -> Result<()>;

/// What is tried, and whether it leaves the archive itself as it was.
const WORKS: [(&str, Work, bool); 4] = [
    ("repair", repair, true),
    ("backup", back_up, true),
    ("decision", decide, false),
    ("recorded check", record, false),
];

fn repair(archive: &Path, into: &Path) -> Result<()> {
    let readers = Readers::new(Isolation::Thread, Allowance::default());
    let reread = |sought: &Sought, bytes: &[u8]| ingest::reread(&readers, sought, bytes);
    let means = Means { reread: &reread, relate: &|_| Ok(()) };
    audit::repair(archive, into, &means, &|_, _, _| {}).map(|_| ())
}

fn back_up(archive: &Path, into: &Path) -> Result<()> {
    let request = Request { quick: false, originals: false, share: Share::ALL };
    store::back_up(archive, into, &|_, _| {}, &|copy| {
        let report = audit::check(copy, &request, &|_, _, _| {})?;
        anyhow::ensure!(report.findings.is_empty(), "{:?}", report.findings);
        Ok(())
    })
}

fn decide(archive: &Path, _: &Path) -> Result<()> {
    let mut archive = Archive::open_with(archive, Journal::Wal)?;
    let decision = Decision {
        documents: (1, 2),
        kind: RelationKind::Version,
        author: "a".to_owned(),
        reason: String::new(),
    };
    archive.decide(&decision, "2026-01-01T00:00:00Z")?;
    archive.seal()
}

fn record(archive: &Path, _: &Path) -> Result<()> {
    let checked = Checked {
        checked_at: "2026-01-01T00:00:00Z".to_owned(),
        scope: "all".to_owned(),
        documents: 6,
        findings: 0,
        head: None,
    };
    checked.record(archive)
}

/// Lets every so-many-th change of a file fail in every way, in each work; returns the number of runs
/// and what went wrong.
pub(crate) fn fail_in_every_work(step: u64) -> (usize, Vec<String>) {
    let folder = folder();
    runs::write_documents(folder.path(), "d", 6);
    runs::ingest(folder.path(), "d", Journal::Wal).unwrap();
    let (archive, into) = (folder.path().join("fonds.db"), folder.path().join("new.db"));
    // Something for the repair to heal.
    let hurt = folder.path().join("hurt.db");
    std::fs::copy(&archive, &hurt).unwrap();
    let connection = Connection::open(&hurt).unwrap();
    connection.execute("UPDATE passage_text SET text = 'x' WHERE id = 2", []).unwrap();
    drop(connection);
    let before = runs::files(folder.path());
    let expected = content::of(&archive);
    let (mut runs, mut wrong) = (0, Vec::new());
    for (name, work, keeps) in WORKS {
        let source = if name == "repair" { &hurt } else { &archive };
        for fault in [Fault::ErrorOnce, Fault::ErrorsForEver, Fault::Full, Fault::FullHalfway] {
            for at in (1..).map(|n| n * step) {
                runs::put_back(folder.path(), &before);
                let watch = Watch::fail(folder.path(), at, fault);
                let outcome = work(source, &into);
                let has_failed = watch.calls() >= at;
                drop(watch);
                let found = judge(&archive, &into, &before, &expected, keeps, &outcome);
                let case = format!("{name}, call {at}, {fault:?}");
                wrong.extend(found.map(|what| format!("{case}: {what}; {outcome:?}")));
                if !has_failed {
                    break;
                }
                runs += 1;
            }
        }
    }
    (runs, wrong)
}

fn judge(
    archive: &Path,
    into: &Path,
    before: &BTreeMap<std::path::PathBuf, Vec<u8>>,
    expected: &[String],
    keeps: bool,
    outcome: &Result<()>,
) -> Option<String> {
    if keeps && std::fs::read(archive).unwrap() != before[archive] {
        return Some("the archive was written to".to_owned());
    }
    if into.exists() && content::of(into) != expected {
        return Some("the new file is not whole".to_owned());
    }
    if keeps && outcome.is_ok() && !into.exists() {
        return Some("it was said to be done".to_owned());
    }
    let there = if outcome.is_ok() && !keeps { 1 } else { 0 };
    let rows: i64 = {
        let (standing, what) = standing(archive, Journal::Wal, &BTreeMap::new());
        if standing != Standing::Clean {
            return Some(what);
        }
        let connection = Connection::open(archive).unwrap();
        let sql = "SELECT (SELECT count(*) FROM decision) + (SELECT count(*) FROM fixity)";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    (rows < there).then(|| "what was said to be stored is not there".to_owned())
}

#[test]
fn repairs_backups_decisions_and_records_on_a_failing_disk_leave_what_is_there_whole() {
    let (runs, wrong) = fail_in_every_work(7);
    assert!(runs > 30, "{runs}");
    assert_eq!(wrong, [] as [String; 0]);
}

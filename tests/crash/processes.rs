//! Real `fonds ingest` processes, killed at random moments and started again until all is stored.
//!
//! Only what somebody was shown counts as acknowledged: what a reader saw before the kill, and what
//! was there after the kill before.

use crate::content;
use crate::program::program;
use crate::random::Random;
use crate::runs;
use fonds::audit::{self, Request};
use fonds::model::Share;
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What became of so many kills.
#[derive(Debug, Default)]
pub(crate) struct Killed {
    pub(crate) kills: usize,
    /// Kills that left a log with something in it.
    pub(crate) with_log: usize,
    /// Kills that came before there was an archive.
    pub(crate) before_archive: usize,
    /// Kills in the middle of a change that only the next writer can take back, so that nobody could
    /// look before it.
    pub(crate) unread: usize,
    /// Documents that somebody had seen when the process was killed, over all kills.
    pub(crate) seen: usize,
    /// Archives that were resumed to their end.
    pub(crate) ended: usize,
}

/// Kills ingests until there were so many kills and the last archive is whole. Panics if anything
/// that was seen is lost, an archive is hurt, or a resumed run ends otherwise than an undisturbed one.
pub(crate) fn kill_processes(kills: usize, documents: usize, seed: u64) -> Killed {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), documents);
    let begun = Instant::now();
    let undisturbed = folder.path().join("undisturbed.db");
    assert!(start(folder.path(), &undisturbed).wait().unwrap().success());
    let whole_run = begun.elapsed().as_micros() as usize;
    let expected = content::of(&undisturbed);
    let mut random = Random(seed);
    let mut killed = Killed::default();
    while killed.kills < kills {
        let path = folder.path().join(format!("fonds-{}.db", killed.ended));
        let mut seen = BTreeSet::new();
        while killed.kills < kills {
            let moment = Duration::from_micros(random.below(whole_run) as u64);
            let child = start(folder.path(), &path);
            if !kill(child, moment, random.below(2) == 0, &path, &mut seen) {
                break;
            }
            killed.kills += 1;
            killed.count(&path, &mut seen);
        }
        assert!(start(folder.path(), &path).wait().unwrap().success(), "it cannot be resumed");
        stands(&path, &seen);
        let made = content::of(&path);
        let other = made.iter().zip(&expected).find(|(ours, theirs)| ours != theirs);
        assert!(made == expected, "after {} kills: {other:?}", killed.kills);
        assert!(!log(&path).exists(), "it was not sealed");
        std::fs::remove_file(&path).unwrap();
        killed.ended += 1;
    }
    killed
}

impl Killed {
    /// Looks at what a kill has left.
    fn count(&mut self, path: &Path, seen: &mut BTreeSet<String>) {
        self.with_log += usize::from(log(path).metadata().is_ok_and(|log| log.len() > 0));
        self.before_archive += usize::from(!path.exists());
        self.seen += seen.len();
        if side(path, "-journal").metadata().is_ok_and(|journal| journal.len() > 0) {
            self.unread += 1;
        } else if path.exists() || !seen.is_empty() {
            stands(path, seen);
            seen.extend(digests(path));
        }
    }
}

/// Texts, most alike in a paragraph, and pages, which are read in processes of their own.
fn write(folder: &Path, documents: usize) {
    runs::write_documents(folder, "d", documents);
    for number in 0..documents / 12 {
        let page = format!(
            "<html><title>Ferry {number}</title><body><h1>Timetable</h1>\
             <p>Ferry {number} sails at noon and carries wagons of ore to the far bank.</p></body></html>"
        );
        std::fs::write(folder.join(format!("d/page-{number}.html")), page).unwrap();
    }
}

fn start(folder: &Path, archive: &Path) -> Child {
    let mut command = Command::new(program());
    command.arg("--archive").arg(archive).args(["ingest", "--quiet", "d"]).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Kills the process at the moment, perhaps just after a reader has looked. Tells whether it was
/// killed, and had not ended before.
fn kill(
    mut child: Child,
    moment: Duration,
    looks: bool,
    path: &Path,
    seen: &mut BTreeSet<String>,
) -> bool {
    std::thread::sleep(moment);
    if looks && path.exists() {
        seen.extend(digests(path));
    }
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(status.signal().is_some() || status.success(), "{status}");
    status.signal() == Some(9)
}

/// What a reader sees.
fn digests(path: &Path) -> BTreeSet<String> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    connection.busy_timeout(Duration::from_secs(10)).unwrap();
    let mut select = connection.prepare("SELECT digest FROM document").unwrap();
    select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Panics unless the archive is as it was written and has what was seen.
fn stands(path: &Path, seen: &BTreeSet<String>) {
    let request = Request { quick: false, originals: false, share: Share::ALL };
    let report = audit::check(path, &request, &|_, _, _| {}).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let there = digests(path);
    let lost: Vec<&String> = seen.difference(&there).collect();
    assert!(lost.is_empty(), "{} documents are lost: {lost:?}", lost.len());
}

fn log(path: &Path) -> PathBuf {
    side(path, "-wal")
}

/// A file beside the archive.
fn side(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[test]
fn a_process_that_is_killed_at_any_moment_loses_nothing_it_was_seen_to_have() {
    let killed = kill_processes(15, 100, 1);
    assert!(killed.kills == 15 && killed.ended > 0, "{killed:?}");
}

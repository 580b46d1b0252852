//! Files made to harm their reader, all in one run: time and memory stay bounded, each has its row in the
//! ledger with the reason, and everything else is stored.

#![cfg(target_os = "linux")]

use crate::hostile_files::{self, FATES};
use crate::peaks;
use crate::support::Folder;

#[test]
fn hostile_files_in_one_run_are_bounded_told_and_harm_no_other() {
    let folder = Folder::new();
    hostile_files::write(&folder.path().join("d"));
    let names = std::fs::read_dir(folder.path().join("d")).unwrap().count();
    let (output, peaks) = peaks::of(folder.command(&["ingest", "d", "--reader-memory", "256"]));
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    let rows = folder.rows("SELECT location, outcome, reason FROM ledger ORDER BY ordinal");
    for (row, (location, outcome, reason)) in rows.iter().zip(FATES) {
        let expected = format!("DIR/d/{location}|{outcome}|{reason}");
        assert!(row.starts_with(&expected), "{row} and not {expected}");
    }
    assert_eq!(rows.len(), FATES.len());
    let good = "SELECT text FROM paragraph WHERE text IN ('The docks open at eight.',
        'The ferry sails at noon.', 'The harbour is dredged every spring.', 'The bridge closes at five.',
        'The ferry returns at six.', 'It returns at six.', 'The &a9; bridge.') ORDER BY 1";
    assert_eq!(folder.rows(good).len(), 7, "{:?}", folder.rows(good));
    assert_eq!(folder.names(), ["d", "fonds.db"], "nothing is written elsewhere");
    assert_eq!(std::fs::read_dir(folder.path().join("d")).unwrap().count(), names);
    assert!(!std::path::Path::new("/tmp/abs.txt").exists());
    assert_eq!(folder.fonds(&["check"]).status, 0);
    // A build for tests takes ten times the time of one for use.
    assert!(peaks.own < 400 << 20 && peaks.reader < 300 << 20, "{peaks:?}");
    assert!(peaks.seconds < 120.0 && peaks.readers >= 1, "{peaks:?}");
}

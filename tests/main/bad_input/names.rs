//! Names of files that no program likes.

use super::{Case, Folder, case};
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::process::Command;

pub(super) const CASES: &[Case] = &[
    case(25, "name that is not UTF-8", || {
        let folder = named(&[b"n\xff\xfe.txt"]);
        let raw =
            "SELECT hex(raw_location) LIKE '%6EFFFE%' FROM sighting WHERE raw_location IS NOT NULL";
        assert_eq!(folder.rows(raw), ["1"]);
        assert_eq!(folder.fonds(&["check", "--originals"]).status, 0);
    }),
    case(26, "line end, tab, quotation mark or backslash in a name", || {
        let folder = named(&[b"new\nline.txt", b"tab\t\"quote\\.txt"]);
        let table = folder.fonds(&["ledger", "--format", "table"]).done();
        assert_eq!(table.lines().filter(|line| line.contains("stored")).count(), 2, "{table}");
        folder.write("d/bad\nname.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0");
        let told = folder.fonds(&["ingest", "d"]).stderr;
        assert_eq!(told.lines().count(), 1, "{told}");
    }),
    case(27, "name with a dash in front, `-`, `--help`", || {
        let folder = named(&[b"-", b"--help", b"-x.txt"]);
        let ran = folder.fonds(&["ingest", "--", "d/-x.txt", "d/--help", "d/-"]);
        assert!(ran.stdout.starts_with("0 new, 3 known"), "{ran:?}");
    }),
    case(28, "two names that differ in composition only", || {
        drop(named(&["é.txt".as_bytes(), "e\u{301}.txt".as_bytes()]));
    }),
    case(29, "name of 255 bytes, path of more than 4,096", || {
        drop(named(&[&[&[b'n'; 251][..], b".txt"].concat()]));
        let folder = Folder::new();
        let script = "mkdir d; cd d; for i in $(seq 20); do \
             mkdir $(printf 'n%.0s' $(seq 250)); cd -P n*; done; echo 'At the bottom.' > a.txt";
        let made = Command::new("bash").args(["-c", script]).current_dir(folder.path()).status();
        assert!(made.unwrap().success());
        folder.write("d/good.txt", "The ferry sails.\n");
        let ran = folder.fonds(&["ingest", "d"]);
        let counts = "SELECT (SELECT count(*) FROM sighting), (SELECT count(*) FROM ledger WHERE outcome = 'failed')";
        let counts = folder.rows(counts);
        let is_told = counts == ["1|1"] && ran.status == 3 && ran.stderr.contains("too long");
        assert!(counts == ["2|0"] || is_told, "{counts:?} {}", ran.stderr);
        assert_eq!(folder.fonds(&["check"]).status, 0);
    }),
    case(30, "two names that differ in case only", || {
        drop(named(&[b"Case.txt", b"case.txt"]));
    }),
];

/// Files under these names, each of them a document.
fn named(names: &[&[u8]]) -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("d")).unwrap();
    for (number, name) in names.iter().enumerate() {
        let path = folder.path().join("d").join(OsString::from_vec(name.to_vec()));
        fs::write(path, format!("Ferry {number}.\n")).unwrap();
    }
    let ran = folder.fonds(&["ingest", "d"]);
    let all = names.len();
    let expected =
        format!("{all} new, 0 known, 0 skipped, 0 failed; fonds.db has it as accession 1\n");
    assert_eq!((ran.stdout, ran.status), (expected, 0));
    let places = folder.rows("SELECT count(DISTINCT location) FROM sighting");
    assert_eq!(places, [all.to_string()]);
    assert_eq!(folder.fonds(&["check"]).status, 0);
    folder
}

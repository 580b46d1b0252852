//! Bad inputs, each with the one verdict that users should see: the reason that is told and recorded,
//! or the note with which it is stored. Whatever the input is, its neighbours are stored, nothing
//! panics and the archive is sound afterwards.
//!
//! The cases are those of docs/bad-input.md, by number; a test compares the two.

mod archives;
mod files;
mod names;
mod packed;
mod pages;
mod pdfs;
mod records;
mod runs;
mod texts;

use crate::support::{Folder, Ran};
use std::collections::BTreeMap;
use std::process::Command;

/// One row of docs/bad-input.md.
pub(super) struct Case {
    number: u32,
    what: &'static str,
    run: fn(),
}

const fn case(number: u32, what: &'static str, run: fn()) -> Case {
    Case { number, what, run }
}

/// What a case looks like in the ledger: outcome, and words of the reason.
enum Verdict {
    /// A document with so many paragraphs and, where given, this text among them.
    Stored(usize, &'static str),
    /// A document that stands for at least this text, in as many paragraphs as it likes.
    Holds(&'static str),
    /// The same, with a note that has these words.
    Noted(&'static str, &'static str),
    /// The same, with so many bytes replaced.
    Replaced(u32, &'static str),
    /// The same, read in an encoding that was guessed without being sure, or with bytes replaced.
    Unsure(&'static str),
    /// Told and recorded with these words.
    Failed(&'static str),
    Skipped(&'static str),
    /// Failed or stored, as the reader sees fit, but ended and recorded.
    Either,
    /// Several rows, at which the case looks itself.
    Any,
}

use Verdict::{Any, Either, Failed, Holds, Noted, Replaced, Skipped, Stored, Unsure};

/// Ingests `bytes` under `name` between two good documents.
fn one(name: &str, bytes: impl AsRef<[u8]>, verdict: &Verdict) -> Folder {
    let folder = Folder::new();
    folder.write(&format!("d/{name}"), bytes);
    judge(&folder, name, verdict);
    folder
}

fn judge(folder: &Folder, name: &str, verdict: &Verdict) -> Ran {
    folder.write("d/0-neighbour.txt", "The ferry sails at noon.\n");
    folder.write("d/zz-neighbour.txt", "The bridge closes at five.\n");
    let ran = folder.fonds(&["ingest", "d", "--max-size", "64"]);
    let told = |word: &str| ran.stderr.contains(word);
    assert!(!told("panicked") && !told("this is a defect"), "{name}: {}", ran.stderr);
    let neighbours = "SELECT count(*) FROM ledger WHERE location LIKE '%neighbour.txt'
         AND outcome = 'stored'";
    assert_eq!(folder.rows(neighbours), ["2"], "{name}: {ran:?}");
    let check = folder.fonds(&["check"]);
    assert_eq!(check.status, 0, "{name}: {check:?}");
    let rows = folder.rows(
        "SELECT outcome || '|' || coalesce(reason, ''),
             (SELECT count(*) FROM paragraph WHERE paragraph.document_id = ledger.document_id)
         FROM ledger WHERE location NOT LIKE '%neighbour.txt' ORDER BY ordinal DESC LIMIT 1",
    );
    let row = rows.first().map_or("", String::as_str);
    match verdict {
        Stored(paragraphs, text) => {
            assert_eq!(row, format!("stored||{paragraphs}"), "{name}: {ran:?}");
            holds(folder, name, text);
        }
        Holds(text) => holds(folder, name, text),
        Noted(note, text) => {
            holds(folder, name, text);
            let notes = extraction(folder, "notes");
            assert!(notes.contains(note), "{name}: {notes}");
        }
        Replaced(count, text) => {
            holds(folder, name, text);
            assert_eq!(extraction(folder, "replaced"), count.to_string(), "{name}");
        }
        Unsure(text) => {
            holds(folder, name, text);
            let is_unsure = extraction(folder, "replaced > 0 OR confidence < 90");
            assert_eq!(is_unsure, "1", "{name}");
        }
        Failed(reason) => {
            assert!(row.starts_with("failed|") && row.contains(reason), "{name}: {row}");
            let shown = name.rsplit('/').next().unwrap();
            assert!(told(reason) && told(shown), "{name} is not named: {}", ran.stderr);
        }
        Skipped(reason) => {
            assert!(row.starts_with("skipped|") && row.contains(reason), "{name}: {row}");
        }
        Any => {}
        Either => {
            assert!(row.starts_with("failed|") || row.starts_with("stored|"), "{name}: {row}");
        }
    }
    let failed = folder.rows("SELECT count(*) FROM ledger WHERE outcome = 'failed'");
    assert_eq!(ran.status, if failed == ["0"] { 0 } else { 3 }, "{name}: {ran:?}");
    ran
}

/// Asserts that something other than the neighbours is stored and has the text.
fn holds(folder: &Folder, name: &str, text: &str) {
    let texts = folder.rows(
        "SELECT replace(text, char(10), ' ') FROM paragraph JOIN sighting
             ON sighting.document_id = paragraph.document_id
         WHERE location NOT LIKE '%neighbour.txt'",
    );
    let texts = texts.join("\n");
    let start: String = texts.chars().take(500).collect();
    assert!(texts.contains(text), "{name}: {start}");
    let failed = "SELECT count(*) FROM ledger WHERE outcome = 'failed'";
    assert_eq!(folder.rows(failed), ["0"], "{name}");
}

/// A column of the extraction of what is no neighbour.
fn extraction(folder: &Folder, column: &str) -> String {
    let sql = format!(
        "SELECT {column} FROM extraction JOIN sighting USING (document_id)
         WHERE location NOT LIKE '%neighbour.txt'"
    );
    folder.rows(&sql).join("\n")
}

/// What a script prints, to standard output and to standard error, where it may mount: in name spaces of
/// its own. It ends with 99 where it cannot; then, as where there are no name spaces, `None`.
fn with_own_mounts(folder: &Folder, script: &str) -> Option<(String, String)> {
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", script])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let [said, told] =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    if output.status.code() == Some(99) || said.is_empty() {
        eprintln!("no name spaces here: not tried ({output:?})");
        return None;
    }
    Some((said, told))
}

const LISTS: [&[Case]; 9] = [
    texts::CASES,
    names::CASES,
    files::CASES,
    pages::CASES,
    pdfs::CASES,
    packed::CASES,
    records::CASES,
    archives::CASES,
    runs::CASES,
];

/// Runs every case, and then tells which of them failed.
fn run(cases: &[Case]) {
    let fails = |case: &&Case| {
        eprintln!("case {}: {}", case.number, case.what);
        std::panic::catch_unwind(case.run).is_err()
    };
    let failed: Vec<u32> = cases.iter().filter(fails).map(|case| case.number).collect();
    assert_eq!(failed, [] as [u32; 0]);
}

#[test]
fn texts_in_any_encoding_and_with_any_character_meet_their_verdicts() {
    run(texts::CASES);
}

#[test]
fn names_of_any_kind_meet_their_verdicts() {
    run(names::CASES);
}

#[test]
fn files_and_folders_of_any_kind_meet_their_verdicts() {
    run(files::CASES);
}

#[test]
fn web_pages_and_xml_end_in_time_and_fetch_nothing() {
    run(pages::CASES);
}

#[test]
fn damaged_and_hostile_pdfs_meet_their_verdicts() {
    run(pdfs::CASES);
}

#[test]
fn damaged_and_hostile_containers_meet_their_verdicts() {
    run(packed::CASES);
}

#[test]
fn records_mail_and_databases_meet_their_verdicts() {
    run(records::CASES);
}

#[test]
fn archives_that_are_not_as_they_should_be_meet_their_verdicts() {
    run(archives::CASES);
}

#[test]
fn runs_under_bad_circumstances_meet_their_verdicts() {
    run(runs::CASES);
}

#[test]
fn the_page_about_bad_input_names_every_case_and_no_other() {
    let page = include_str!("../../../docs/bad-input.md");
    let mut rows = BTreeMap::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let [_, number, what, _, _, _] = cells[..]
            && let Ok(number) = number.parse::<u32>()
        {
            assert!(rows.insert(number, what.to_owned()).is_none(), "{number} stands twice");
        }
    }
    let mut tested = BTreeMap::new();
    for case in LISTS.iter().flat_map(|cases| cases.iter()) {
        let twice = tested.insert(case.number, case.what.to_owned());
        assert!(twice.is_none(), "{} is tested twice", case.number);
    }
    assert_eq!(rows, tested);
    assert_eq!(rows.keys().copied().collect::<Vec<u32>>(), (1..=102).collect::<Vec<u32>>());
}

//! Files that have not changed since they were read are not read again, and nothing hides that.

use crate::support::Folder;
use rusqlite::Connection;
use std::fs::{self, File};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// A table whose rows are documents.
const TABLE: &str = "title,text\n\
    Ferries,The ferry to the northern islands sails at noon and comes back before the evening tide.\n\
    Bridges,The old bridge over the harbour is closed for the repair of its western arch until May.\n";

/// A message with an attachment.
const MAIL: &str = "From: a@example.org\r\nSubject: Plan\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
    Here is the plan.\r\n--b\r\nContent-Type: text/plain; name=\"plan.txt\"\r\n\
    Content-Disposition: attachment; filename=\"plan.txt\"\r\n\r\nFirst the pilot boards.\r\n--b--\r\n";

/// Lets changes become older than the time within which another could hide.
fn settle() {
    sleep(Duration::from_millis(2100));
}

/// Three files in two folders, read when they were old enough to be known again.
fn ingested() -> Folder {
    let folder = Folder::new();
    folder.write("d/a.txt", "The ferry sails at noon.\n");
    folder.write("d/b.txt", "The bridge closes at five.\n");
    folder.write("d/e/c.txt", "The harbour is closed.\n");
    settle();
    folder.fonds(&["ingest", "d"]).done();
    folder
}

/// Changes rows behind the program's back.
fn damage(folder: &Folder, sql: &str) {
    Connection::open(folder.path().join("fonds.db")).unwrap().execute_batch(sql).unwrap();
}

/// Writes other bytes of the same length, and gives the file the time that it had.
fn change_in_secret(path: &Path, text: &str) {
    let time = fs::metadata(path).unwrap().modified().unwrap();
    fs::write(path, text).unwrap();
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn what_has_not_changed_is_not_read_and_stands_in_the_ledger_and_in_its_sightings() {
    let folder = ingested();
    let first = folder.rows("SELECT max(last_seen_at) FROM sighting");
    sleep(Duration::from_millis(1100));
    assert_eq!(
        folder.fonds(&["ingest", "d"]).done(),
        "0 new, 3 known (3 unchanged), 0 skipped, 0 failed; fonds.db has it as accession 2\n"
    );
    assert_eq!(
        folder.rows("SELECT ordinal, location, outcome, reason, document_id FROM ledger WHERE accession_id = 2 ORDER BY 1"),
        [
            "1|DIR/d/a.txt|known|not read: unchanged since accession 1|1",
            "2|DIR/d/b.txt|known|not read: unchanged since accession 1|2",
            "3|DIR/d/e/c.txt|known|not read: unchanged since accession 1|3",
        ]
    );
    assert_eq!(folder.rows("SELECT count(*) FROM ledger_row WHERE accession_id = 2"), ["0"]);
    assert_eq!(folder.rows("SELECT known, sightings FROM accession WHERE id = 2"), ["3|0"]);
    let seen = folder.rows("SELECT DISTINCT last_seen_at FROM sighting");
    assert_eq!(seen.len(), 1);
    assert!(seen > first, "{seen:?} is not after {first:?}");
    assert_eq!(folder.rows("SELECT first_seen_at < last_seen_at FROM sighting"), ["1", "1", "1"]);
    let history = folder.fonds(&["ledger", "d/e", "--format", "tsv"]).done();
    assert_eq!(history.lines().count(), 3, "{history}");
    folder.fonds(&["check"]).done();
}

#[test]
fn a_new_a_changed_and_a_moved_file_are_read_among_those_that_have_not_changed() {
    let folder = ingested();
    folder.write("d/aa.txt", "The pilot boards at dawn.\n");
    folder.write("d/b.txt", "The bridge opens at five.\n\n");
    fs::rename(folder.path().join("d/e/c.txt"), folder.path().join("d/e/moved.txt")).unwrap();
    assert_eq!(
        folder.fonds(&["ingest", "d"]).done(),
        "2 new, 2 known (1 unchanged), 0 skipped, 0 failed; fonds.db has it as accession 2\n"
    );
    assert_eq!(
        folder.rows(
            "SELECT ordinal, location, outcome FROM ledger WHERE accession_id = 2 ORDER BY 1"
        ),
        [
            "1|DIR/d/a.txt|known",
            "2|DIR/d/aa.txt|stored",
            "3|DIR/d/b.txt|stored",
            "4|DIR/d/e/moved.txt|known",
        ]
    );
    assert_eq!(
        folder.rows("SELECT location FROM sighting WHERE document_id = 3 ORDER BY id"),
        ["DIR/d/e/c.txt", "DIR/d/e/moved.txt"]
    );
    // What was read now is known the next time, beside what was read before.
    settle();
    folder.fonds(&["ingest", "d"]).done();
    assert_eq!(
        folder.fonds(&["ingest", "d"]).done(),
        "0 new, 4 known (4 unchanged), 0 skipped, 0 failed; fonds.db has it as accession 4\n"
    );
    folder.fonds(&["check"]).done();
}

#[test]
fn a_change_that_keeps_size_and_time_is_seen_and_verify_reads_everything() {
    let folder = ingested();
    change_in_secret(&folder.path().join("d/b.txt"), "The bridge closes at nine.\n");
    let ran = folder.fonds(&["ingest", "d"]).done();
    assert!(ran.starts_with("1 new, 2 known (2 unchanged), "), "{ran}");
    let ran = folder.fonds(&["ingest", "d", "--verify"]).done();
    assert!(ran.starts_with("0 new, 3 known, "), "{ran}");
    assert_eq!(folder.rows("SELECT count(*) FROM ledger_row WHERE accession_id = 3"), ["3"]);
}

#[test]
fn files_named_one_by_one_are_known_like_those_of_a_folder() {
    let folder = ingested();
    let ran = folder.fonds(&["ingest", "d/b.txt", "d/a.txt", "d/e/c.txt"]).done();
    assert!(ran.starts_with("0 new, 3 known (3 unchanged), "), "{ran}");
    assert_eq!(
        folder.rows("SELECT location FROM ledger WHERE accession_id = 2 ORDER BY ordinal"),
        ["DIR/d/b.txt", "DIR/d/a.txt", "DIR/d/e/c.txt"]
    );
}

#[test]
fn containers_and_tables_are_not_opened_again_and_all_in_them_stands_in_the_ledger() {
    let folder = Folder::new();
    let records = "{\"text\":\"The ferry sails at noon.\"}\n{\"text\":\"The bridge is closed.\"}\n";
    folder.write("d/a.jsonl", records);
    folder.write("d/b.txt", "The harbour is closed.\n");
    folder.write("d/c.csv", TABLE);
    folder.write("d/mail.eml", MAIL);
    settle();
    let first = folder.fonds(&["ingest", "d"]).done();
    let again = folder.fonds(&["ingest", "d"]).done();
    assert!(first.starts_with("7 new, 0 known, "), "{first}");
    // The message and its attachment are read: attachments come after the message.
    assert!(again.starts_with("0 new, 7 known (5 unchanged), "), "{again}");
    let ledger = |accession: u32| {
        folder.rows(&format!(
            "SELECT ordinal, location, outcome = 'container', document_id FROM ledger
             WHERE accession_id = {accession} ORDER BY ordinal"
        ))
    };
    assert_eq!(ledger(2), ledger(1));
    assert_eq!(ledger(1).len(), 9);
    assert_eq!(folder.rows("SELECT paths, containers FROM unchanged"), ["7|2"]);
    assert_eq!(folder.rows("SELECT known, containers FROM accession WHERE id = 2"), ["7|2"]);
    // Under other rules for members a container is opened; a table has no members to choose from.
    let other = folder.fonds(&["ingest", "d", "--exclude", "plan.txt"]).done();
    assert!(other.starts_with("0 new, 6 known (3 unchanged), 1 skipped, "), "{other}");
    folder.fonds(&["check"]).done();
}

#[test]
fn a_container_of_which_something_could_not_be_had_is_opened_again() {
    let folder = Folder::new();
    folder.write("d/a.jsonl", "{\"text\":\"The ferry sails at noon.\"}\n{broken\n");
    settle();
    let first = folder.fonds(&["ingest", "d"]);
    let again = folder.fonds(&["ingest", "d"]);
    assert_eq!((first.status, again.status), (3, 3));
    assert_eq!(first.stderr, again.stderr);
    assert!(again.stdout.starts_with("0 new, 1 known, "), "{}", again.stdout);
}

#[test]
fn a_file_whose_original_is_wanted_and_not_kept_is_read() {
    let folder = Folder::new();
    folder.write("d/a.txt", "The ferry sails at noon.\n");
    settle();
    folder.fonds(&["ingest", "d", "--no-originals"]).done();
    let ran = folder.fonds(&["ingest", "d", "--no-originals"]).done();
    assert!(ran.starts_with("0 new, 1 known (1 unchanged), "), "{ran}");
    let ran = folder.fonds(&["ingest", "d"]).done();
    assert!(ran.starts_with("0 new, 1 known, "), "{ran}");
    assert_eq!(folder.rows("SELECT count(*) FROM sqlar"), ["1"]);
    let ran = folder.fonds(&["ingest", "d"]).done();
    assert!(ran.starts_with("0 new, 1 known (1 unchanged), "), "{ran}");
}

#[test]
fn what_could_not_be_read_is_tried_again_and_told_again() {
    let folder = Folder::new();
    folder.write("d/binary.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0");
    folder.write("d/long.txt", "x".repeat(2 << 20));
    settle();
    let first = folder.fonds(&["ingest", "d", "--max-size", "1"]);
    let again = folder.fonds(&["ingest", "d", "--max-size", "1"]);
    assert_eq!((again.status, &again.stderr), (3, &first.stderr));
    folder.fonds(&["ingest", "d"]);
    // A file that is known is refused all the same where it is too large.
    let refused = folder.fonds(&["ingest", "d", "--max-size", "1"]);
    assert_eq!((refused.status, &refused.stderr), (3, &first.stderr));
}

#[test]
fn a_changed_listing_is_told_by_check_and_not_believed() {
    let folder = ingested();
    damage(&folder, "UPDATE listing SET ordinal = 2 WHERE ordinal = 1");
    let ran = folder.fonds(&["check"]);
    assert_eq!(ran.status, 4);
    assert!(ran.stdout.contains("1 listings have changed; they are not used"), "{}", ran.stdout);
    let ran = folder.fonds(&["ingest", "d"]).done();
    assert!(ran.starts_with("0 new, 3 known (1 unchanged), "), "{ran}");
}

#[test]
fn after_a_repair_every_file_is_read_so_that_what_was_lost_comes_back() {
    let folder = Folder::new();
    folder.write("d/a.txt", "The ferry sails at noon.\n");
    folder.write("d/b.txt", "The bridge closes at five.\n");
    settle();
    folder.fonds(&["ingest", "d", "--no-originals"]).done();
    folder.fonds(&["ingest", "d", "--no-originals"]).done();
    damage(&folder, "UPDATE passage_text SET text = 'The ferry sails at dawn.' WHERE id = 1");
    fs::rename(folder.path().join("d"), folder.path().join("away")).unwrap();
    folder.fonds(&["repair", "--into", "left.db"]);
    fs::rename(folder.path().join("away"), folder.path().join("d")).unwrap();
    assert_eq!(folder.fonds(&["check", "-a", "left.db"]).status, 0);
    let ran = folder.fonds(&["ingest", "d", "--no-originals", "-a", "left.db"]).done();
    assert!(ran.starts_with("1 new, 1 known, "), "{ran}");
    let rows = folder
        .fonds(&[
            "query",
            "-a",
            "left.db",
            "--format",
            "tsv",
            "SELECT text FROM paragraph ORDER BY document_id",
        ])
        .done();
    assert_eq!(rows, "text\nThe ferry sails at noon.\nThe bridge closes at five.\n");
}

#[test]
fn a_run_that_stands_for_nothing_is_told_by_check() {
    let folder = ingested();
    folder.fonds(&["ingest", "d"]).done();
    damage(&folder, "UPDATE unchanged SET paths = 2");
    let ran = folder.fonds(&["check"]);
    assert_eq!(ran.status, 4, "{}", ran.stdout);
    assert!(ran.stdout.contains("accession 2"), "{}", ran.stdout);
}

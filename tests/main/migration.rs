//! Archives of every earlier schema open, are brought up to date whole, and are sound afterwards.
//!
//! `tests/data/archives/schema-N.db` was made by the program whose newest schema was N: two
//! accessions of documents, copies, records and a failure, and a third that was cut off.

use crate::support::Folder;
use std::fs;

/// What an upgrade must not change.
const CONTENT: &str = "SELECT digest, label, title, location, first_seen_at, position, kind, text
     FROM sighting JOIN document ON document.id = sighting.document_id
     LEFT JOIN paragraph ON paragraph.document_id = document.id ORDER BY 1, 4, 6";
const LEDGER: &str = "SELECT accession_id, ordinal, location, outcome, reason FROM ledger
     WHERE accession_id < 3 ORDER BY 1, 2";

fn old(schema: u32) -> Folder {
    let folder = Folder::new();
    let fixture = format!("{}/tests/data/archives/schema-{schema}.db", env!("CARGO_MANIFEST_DIR"));
    folder.write("fonds.db", fs::read(fixture).unwrap());
    folder
}

#[test]
fn an_archive_of_schema_1_is_read_as_it_is() {
    let folder = old(1);
    let before = folder.bytes("fonds.db");
    assert_eq!(folder.rows("SELECT count(*) FROM paragraph WHERE text LIKE '%noon%'"), ["2"]);
    let ran = folder.fonds(&["check"]);
    assert_eq!(ran.stdout, "fonds.db is sound: structure and index checked\n");
    assert_eq!(
        ran.stderr,
        "fonds: the archive is of schema 1 and has no digests to compare with; the next ingest adds them\n\
         fonds: accession 3 of 2026-11-22T17:00:00Z is under way or was cut off\n"
    );
    assert_eq!(folder.bytes("fonds.db"), before);
}

#[test]
fn an_archive_of_schema_1_is_brought_up_to_date_and_proved() {
    let folder = old(1);
    let before = (folder.rows(CONTENT), folder.rows(LEDGER));
    folder.write("new.txt", "A second ferry sails in May.\n");
    let ran = folder.fonds(&["ingest", "new.txt"]);
    assert_eq!(
        ran.stderr,
        "fonds: accession 3 of 2026-11-22T17:00:00Z was cut off; the documents it had stored are safe\n"
    );
    assert_eq!(ran.status, 0);
    let old_part: Vec<String> =
        folder.rows(CONTENT).into_iter().filter(|row| !row.contains("|DIR/new.txt|")).collect();
    assert_eq!((old_part, folder.rows(LEDGER)), before);
    assert_eq!(folder.fonds(&["check"]).done(), "fonds.db is sound: 9 documents checked\n");
    assert_eq!(
        folder.rows("SELECT accession_id, kind FROM batch ORDER BY id"),
        [
            "1|begin",
            "1|adopted",
            "1|end",
            "2|begin",
            "2|adopted",
            "2|end",
            "3|begin",
            "3|adopted",
            "3|end",
            "4|begin",
            "4|documents",
            "4|end"
        ]
    );
    assert_eq!(folder.rows("SELECT state FROM accession WHERE id = 3"), ["interrupted"]);
}

#[test]
fn damage_done_after_an_upgrade_shows_in_what_was_adopted() {
    let folder = old(1);
    folder.write("new.txt", "A second ferry sails in May.\n");
    folder.fonds(&["ingest", "new.txt"]);
    let connection = rusqlite::Connection::open(folder.path().join("fonds.db")).unwrap();
    connection.execute("UPDATE document SET date = '1999' WHERE id = 2", []).unwrap();
    drop(connection);
    let ran = folder.fonds(&["check"]);
    assert_eq!(ran.status, 4);
    assert!(ran.stdout.contains("\n    its record has changed\n"), "{}", ran.stdout);
}

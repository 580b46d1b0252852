//! Archives of every earlier schema open, are brought up to date whole, and are sound afterwards.
//!
//! Those of `tests/data/archives` were made by the programs whose newest schema was theirs: two
//! accessions of documents, copies, records and a failure, and one that was cut off.

use crate::archives;
use crate::support::Folder;

/// What an upgrade must not change.
const CONTENT: &str = "SELECT digest, label, title, location, first_seen_at, position, kind, text
     FROM sighting JOIN document ON document.id = sighting.document_id
     LEFT JOIN paragraph ON paragraph.document_id = document.id ORDER BY 1, 4, 6";
const LEDGER: &str = "SELECT accession_id, ordinal, location, outcome, reason FROM ledger
     WHERE accession_id < 3 ORDER BY 1, 2";

/// What people have added, where the schema has it already.
const DECIDED: [&str; 4] = [
    "SELECT kind, author, reason FROM decision",
    "SELECT outcome, documents, findings FROM fixity WHERE scope = 'all'",
    "SELECT name, parameters FROM saved_search",
    "SELECT old_address, text, new_address FROM moved",
];

/// What documents are to each other.
const RELATED: &str = "SELECT one.label, other.label, relation.kind, round(resemblance, 6), rule
     FROM relation JOIN document AS one ON one.id = left_id
     JOIN document AS other ON other.id = right_id ORDER BY 1, 2";

fn old(schema: u32) -> Folder {
    let folder = Folder::new();
    let archive = archives::earlier().into_iter().find(|(known, _)| *known == schema);
    folder.write("fonds.db", archive.unwrap().1);
    folder
}

/// The rows of a query; none where the archive is too old to have its tables.
fn rows_if_known(folder: &Folder, sql: &str) -> Vec<String> {
    let ran = folder.fonds(&["query", "--format", "tsv", sql]);
    assert!(ran.status == 0 || ran.stderr.contains("no such table"), "{sql}: {ran:?}");
    ran.stdout.lines().skip(1).map(str::to_owned).collect()
}

/// Everything that an upgrade must not change, of the documents that there were.
fn kept(folder: &Folder) -> Vec<Vec<String>> {
    let documents = folder.rows(CONTENT).into_iter().filter(|row| !row.contains("|DIR/new.txt|"));
    let mut kept = vec![documents.collect(), folder.rows(LEDGER)];
    kept.extend(DECIDED.iter().map(|sql| rows_if_known(folder, sql)));
    kept
}

#[test]
fn an_archive_of_every_earlier_schema_is_brought_up_to_date_whole() {
    let newest = u32::try_from(fonds::store::SCHEMA_VERSION).unwrap();
    let schemas: Vec<u32> = archives::earlier().into_iter().map(|(schema, _)| schema).collect();
    for &schema in schemas.iter().skip(1) {
        let folder = old(schema);
        let before = kept(&folder);
        assert!(before[0].len() > 12 && before[1].len() > 15, "schema {schema}: {before:?}");
        let added: Vec<usize> = before[2..].iter().map(Vec::len).collect();
        let known = [schema > 2, true, schema > 6, schema > 9].map(usize::from);
        assert_eq!(added, known, "schema {schema}");
        folder.write("new.txt", "A third ferry sails in May.\n");
        let ran = folder.fonds(&["ingest", "new.txt"]);
        assert_eq!(ran.status, 0, "schema {schema}: {ran:?}");
        assert!(
            ran.stderr.ends_with(" was cut off; the documents it had stored are safe\n"),
            "{ran:?}"
        );
        assert_eq!(kept(&folder), before, "schema {schema}");
        let checked = folder.fonds(&["check"]).done();
        assert_eq!(checked, "fonds.db is sound: 8 documents checked\n", "schema {schema}");
        assert_eq!(folder.rows("PRAGMA user_version"), [newest.to_string()]);
        let related = folder.rows(RELATED);
        assert_eq!(
            related,
            ["version.txt|copy.txt|near copy|0.905|hardly a known word differs"],
            "schema {schema}"
        );
        let hits = folder.rows("SELECT label FROM search('ferry noon') ORDER BY 1");
        assert_eq!(hits, ["copy.txt", "copy.txt", "more.txt", "new.txt"], "schema {schema}");
        let chinese = folder.rows("SELECT text FROM search('走廊')");
        assert_eq!(chinese, ["琥珀走廊五年运量增六成。", "琥珀走廊"], "schema {schema}");
    }
    // No program ended with schemas 6 and 9.
    let expected: Vec<u32> = (1..newest).filter(|schema| ![6, 9].contains(schema)).collect();
    assert_eq!(schemas, expected, "make one with tests/data/archives/make.sh");
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

//! Archives that somebody made to do harm: every command meets them with an answer or a clear error,
//! within time and memory, and neither they nor anything beside them is changed by reading.
//!
//! What is ours by name and not by content is never written to; what users added is let be.

use crate::support::{Folder, samples};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

/// What was done to an archive, a question, and the exit statuses that `query`, `check` and `ingest`
/// must end with.
struct Hostile(&'static str, &'static str, [i32; 3]);

/// A view of ours, replaced.
macro_rules! view {
    ($name:literal, $sql:literal) => {
        concat!("DROP VIEW ", $name, "; CREATE VIEW ", $name, " AS ", $sql)
    };
}

/// SQL that is run on a sound archive with every safety switched off.
const ARCHIVES: &[Hostile] = &[
    // Schemas that are not ours, or not the one they state.
    Hostile("DELETE FROM sqlite_schema", DOCUMENTS, [1, 4, 11]),
    Hostile("PRAGMA user_version = 0", DOCUMENTS, [0, 4, 11]),
    Hostile("PRAGMA user_version = 1", DOCUMENTS, [0, 4, 11]),
    Hostile("PRAGMA user_version = 6", DOCUMENTS, [0, 4, 11]),
    Hostile("PRAGMA user_version = 99", DOCUMENTS, [11, 11, 11]),
    Hostile("PRAGMA user_version = -5", DOCUMENTS, [0, 4, 11]),
    Hostile("PRAGMA application_id = 7", DOCUMENTS, [10, 10, 10]),
    Hostile("CREATE TABLE own (x); CREATE VIEW mine AS SELECT 1", DOCUMENTS, [0, 0, 0]),
    Hostile("DROP TABLE sighting_row", DOCUMENTS, [0, 4, 11]),
    Hostile("DROP VIEW paragraph", "SELECT * FROM paragraph", [1, 4, 11]),
    // Views under our names.
    Hostile(view!("paragraph", "SELECT fts3_tokenizer('simple') AS text"), PARAGRAPHS, [1, 4, 11]),
    Hostile(
        view!("paragraph", "SELECT load_extension('/tmp/evil') AS text"),
        PARAGRAPHS,
        [1, 4, 11],
    ),
    Hostile(view!("paragraph", "SELECT name AS text FROM dbstat"), PARAGRAPHS, [1, 4, 11]),
    Hostile(
        view!(
            "paragraph",
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS text FROM n"
        ),
        PARAGRAPHS,
        [6, 4, 11],
    ),
    Hostile(view!("paragraph", "SELECT * FROM paragraph"), PARAGRAPHS, [1, 4, 11]),
    Hostile(
        view!(
            "paragraph",
            "SELECT instr(printf('%.9000000c', 'a'), printf('%.8000000c', 'a') || 'b') AS text"
        ),
        PARAGRAPHS,
        [6, 4, 11],
    ),
    Hostile(
        view!("paragraph", "SELECT hex(zeroblob(3000000)) AS text FROM passage_text"),
        PARAGRAPHS,
        [0, 4, 11],
    ),
    Hostile(
        view!("passage_index_source", "SELECT id, 'nothing' AS text FROM passage_text"),
        MATCH,
        [0, 4, 11],
    ),
    Hostile(
        "DROP VIEW ledger; CREATE TABLE ledger (location TEXT)",
        "SELECT * FROM ledger",
        [0, 4, 11],
    ),
    // Triggers, which no archive has.
    Hostile(
        "CREATE TRIGGER evil AFTER INSERT ON document BEGIN DELETE FROM sighting_row; END",
        DOCUMENTS,
        [0, 0, 0],
    ),
    Hostile(
        "CREATE TRIGGER evil BEFORE INSERT ON ledger_row BEGIN SELECT raise(ABORT, 'no'); END",
        DOCUMENTS,
        [0, 0, 0],
    ),
    Hostile(
        "CREATE TRIGGER evil AFTER UPDATE ON accession BEGIN UPDATE document SET title = 'x'; END",
        DOCUMENTS,
        [0, 0, 0],
    ),
    // The text of the schema, edited.
    Hostile(
        "UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = 'document'",
        DOCUMENTS,
        [0, 4, 11],
    ),
    Hostile(
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE document (id); DROP TABLE sighting' WHERE name = 'document'",
        DOCUMENTS,
        [1, 1, 1],
    ),
    Hostile("UPDATE sqlite_schema SET sql = NULL WHERE name = 'document'", DOCUMENTS, [1, 1, 1]),
    Hostile("UPDATE sqlite_schema SET sql = 'x' WHERE name = 'document'", DOCUMENTS, [1, 1, 1]),
    Hostile(
        "UPDATE sqlite_schema SET rootpage = 1000000 WHERE name = 'document'",
        DOCUMENTS,
        [1, 1, 1],
    ),
    Hostile("UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'document'", DOCUMENTS, [1, 1, 1]),
    Hostile("UPDATE sqlite_schema SET rootpage = 0 WHERE name = 'document'", DOCUMENTS, [1, 4, 1]),
    Hostile(
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'sighting_row') WHERE name = 'document'",
        DOCUMENTS,
        [0, 4, 11],
    ),
    Hostile(
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_document_1') WHERE name = 'document'",
        DOCUMENTS,
        [1, 4, 11],
    ),
    Hostile(
        "UPDATE sqlite_schema SET sql = replace(sql, 'WITHOUT ROWID', '') WHERE name = 'saved_search'",
        "SELECT * FROM saved_search",
        [1, 1, 1],
    ),
    Hostile(
        "UPDATE sqlite_schema SET sql = sql || ', WITHOUT ROWID' WHERE name = 'accession'",
        "SELECT * FROM accession",
        [1, 4, 11],
    ),
    Hostile(
        "UPDATE sqlite_schema SET sql = replace(sql, 'title ', 'title COLLATE nosuch ') WHERE name = 'document'",
        "SELECT * FROM document ORDER BY title",
        [1, 1, 1],
    ),
    // Generated columns.
    Hostile(
        "ALTER TABLE document ADD COLUMN evil TEXT AS (hex(zeroblob(40000000)))",
        DOCUMENTS,
        [6, 4, 11],
    ),
    Hostile(
        "ALTER TABLE document ADD COLUMN evil TEXT AS (title || printf('%.1000c', 'x'))",
        DOCUMENTS,
        [0, 4, 11],
    ),
    Hostile(
        "UPDATE sqlite_schema SET sql = replace(sql, 'label ', 'evil AS (load_extension(''x'')), label ') WHERE name = 'document'",
        DOCUMENTS,
        [1, 1, 1],
    ),
    // The index.
    Hostile(
        "UPDATE passage_index_data SET block = x'ffffffffffffffffffff' WHERE id > 10",
        MATCH,
        [1, 4, 1],
    ),
    Hostile(
        "UPDATE passage_index_data SET block = x'ffffffffffffffffffff' WHERE id = 10",
        MATCH,
        [1, 4, 1],
    ),
    Hostile(
        "UPDATE passage_index_data SET block = x'ff' WHERE id = 1",
        "SELECT bm25(passage_index) FROM passage_index ('ferry')",
        [0, 4, 0],
    ),
    Hostile("DELETE FROM passage_index_data", MATCH, [1, 4, 1]),
    Hostile(
        "DELETE FROM passage_index_docsize",
        "SELECT bm25(passage_index) FROM passage_index ('ferry')",
        [1, 4, 0],
    ),
    Hostile("UPDATE passage_index_config SET v = 99", MATCH, [1, 4, 1]),
    Hostile("UPDATE passage_index_idx SET pgno = 99999999", MATCH, [0, 4, 0]),
    Hostile(
        "UPDATE sqlite_schema SET sql = 'CREATE VIRTUAL TABLE passage_index USING fts5 (text, tokenize = ''nosuch'')' WHERE name = 'passage_index'",
        MATCH,
        [1, 4, 11],
    ),
    Hostile(
        "UPDATE sqlite_schema SET sql = 'CREATE VIRTUAL TABLE passage_index USING nosuch (text)' WHERE name = 'passage_index'",
        MATCH,
        [1, 4, 11],
    ),
    Hostile(
        "UPDATE sqlite_schema SET sql = replace(sql, 'passage_index_source', 'sqlite_schema') WHERE name = 'passage_index'",
        MATCH,
        [0, 4, 11],
    ),
    // Values that no program of ours wrote.
    Hostile("UPDATE passage_facts SET facts = x'ff'", SEARCH, [0, 0, 0]),
    Hostile("UPDATE document_facts SET facts = randomblob(100000)", SEARCH, [0, 0, 0]),
    Hostile(
        "UPDATE placement SET start = 9000000000000000000, \"end\" = 9000000000000000001, depth = 200",
        PARAGRAPHS,
        [0, 4, 0],
    ),
    Hostile(
        "UPDATE document SET label = char(0) || char(27) || '[2J', date = '99999-99-99'",
        DOCUMENTS,
        [0, 4, 0],
    ),
    Hostile(
        "UPDATE sighting_row SET location = '../../../etc/passwd' || id, raw_location = x'00ff'",
        DOCUMENTS,
        [0, 4, 0],
    ),
    Hostile("UPDATE sqlar SET sz = 9000000000000000000, data = x'789c'", DOCUMENTS, [0, 4, 0]),
    Hostile("UPDATE sqlar SET name = '../evil.txt' || rowid", DOCUMENTS, [0, 4, 0]),
    Hostile("UPDATE signature SET sketch = zeroblob(512)", DOCUMENTS, [0, 4, 0]),
    Hostile("UPDATE setting SET value = 'x'", DOCUMENTS, [0, 4, 0]),
    Hostile(
        "INSERT INTO saved_search (name, parameters, saved_at, last_run_at, last_document) VALUES ('a', '[[[[[[[[]]]]]]]]', '', '', 9000000000000000000)",
        DOCUMENTS,
        [0, 4, 0],
    ),
    Hostile(
        "ANALYZE; UPDATE sqlite_stat1 SET stat = '999999999999999999999 -1 x'",
        DOCUMENTS,
        [0, 0, 0],
    ),
];

const DOCUMENTS: &str = "SELECT * FROM document ORDER BY digest";
const PARAGRAPHS: &str = "SELECT * FROM paragraph";
const MATCH: &str =
    "SELECT rowid FROM passage_index WHERE passage_index MATCH 'ferry' ORDER BY rank";
const SEARCH: &str = "SELECT * FROM search('ferry corridor')";

/// A sound archive of the samples, and the same after the SQL.
fn hostile(sound: &[u8], setup: &str) -> Folder {
    let folder = Folder::new();
    let path = folder.write("fonds.db", sound);
    let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, true).unwrap();
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).unwrap();
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
        .unwrap();
    connection.execute_batch(setup).unwrap_or_else(|error| panic!("{setup}: {error}"));
    drop(connection);
    folder
}

fn files(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    folder.names().into_iter().map(|name| (name.clone(), folder.bytes(&name))).collect()
}

/// Runs a command that must not panic, take long or speak of a defect.
fn status(folder: &Folder, setup: &str, arguments: &[&str]) -> i32 {
    let begun = Instant::now();
    let ran = folder.fonds(arguments);
    let said = format!("{setup}\n{arguments:?}: {ran:?}");
    assert!(!ran.stderr.contains("panicked") && !ran.stderr.contains("a defect"), "{said}");
    assert!(ran.status >= 0, "{said}");
    assert!(ran.status == 0 || ran.status == 4 || ran.stderr.starts_with("fonds: "), "{said}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{said}");
    ran.status
}

#[test]
fn an_archive_that_was_made_to_do_harm_does_none() {
    let folder = Folder::new();
    folder.fonds(&["ingest", &samples()]).done();
    let sound = folder.bytes("fonds.db");
    assert!(ARCHIVES.len() >= 50);
    let mut wrong = Vec::new();
    for Hostile(setup, sql, expected) in ARCHIVES {
        let folder = hostile(&sound, setup);
        folder.write("new.txt", "A train waits for the stamp.\n");
        let before = files(&folder);
        let limits = ["--timeout", "0.5", "--max-memory", "256", "--max-rows", "5"];
        let ask = |limits: &[&str]| status(&folder, setup, &[&["query", sql], limits].concat());
        let query = match (ask(&limits), expected[0]) {
            // The time is that of the clock, and the computer may be busy.
            (6, 0) => ask(&["--timeout", "30", "--max-memory", "256", "--max-rows", "5"]),
            (query, _) => query,
        };
        let check = status(&folder, setup, &["check"]);
        for arguments in [
            &["check", "--quick"][..],
            &["search", "ferry corridor", "--facets"],
            &["show", "press-report.txt"],
            &["info"],
            &["duplicates"],
            &["ledger"],
            &["search", "--new", "a"],
        ] {
            // What a saved search is run for is written; in an archive like this it may be refused.
            if arguments.contains(&"--new") {
                continue;
            }
            status(&folder, setup, arguments);
        }
        assert!(files(&folder) == before, "{setup}: something was written by reading");
        let ingest = status(&folder, setup, &["ingest", "new.txt"]);
        if [query, check, ingest] != *expected {
            wrong.push(format!("{setup}: {:?}", [query, check, ingest]));
        }
        let repaired = status(&folder, setup, &["repair", "--into", "new.db"]);
        if folder.path().join("new.db").exists() {
            assert!(matches!(repaired, 0 | 4), "{setup}");
            let checked = folder.fonds(&["check", "--archive", "new.db"]);
            assert_eq!(checked.status, 0, "{setup}: {checked:?}");
        }
        let strangers: Vec<String> = folder
            .names()
            .into_iter()
            .filter(|name| !["fonds.db", "new.txt", "new.db"].contains(&name.as_str()))
            .collect();
        assert_eq!(strangers, [] as [String; 0], "{setup}");
    }
    assert_eq!(wrong, [] as [String; 0]);
}

#[test]
fn a_foreign_trigger_never_runs_when_documents_come_in() {
    let folder = Folder::new();
    folder.write("a.txt", "The ferry sails at noon.\n");
    folder.fonds(&["ingest", "a.txt"]).done();
    let sound = folder.bytes("fonds.db");
    let folder = hostile(
        &sound,
        "CREATE TRIGGER evil AFTER INSERT ON document BEGIN DELETE FROM sighting_row; END;
         CREATE TRIGGER worse BEFORE INSERT ON sighting_row BEGIN SELECT raise(IGNORE); END",
    );
    folder.write("b.txt", "The bridge closes at five.\n");
    folder.fonds(&["ingest", "b.txt"]).done();
    assert_eq!(folder.rows("SELECT count(*) FROM sighting"), ["2"]);
    assert_eq!(folder.fonds(&["check"]).status, 0);
}

#[test]
fn bytes_that_no_sqlite_wrote_end_in_an_error() {
    let folder = Folder::new();
    folder.fonds(&["ingest", &samples()]).done();
    let sound = folder.bytes("fonds.db");
    // Page size, version for writing, reserved bytes, free list, encoding, and a list of free pages
    // that leads back to itself.
    for (at, value) in [
        (16, &[0, 0][..]),
        (16, &[0xff, 0xff]),
        (18, &[9, 9]),
        (18, &[2, 2]),
        (20, &[255]),
        (32, &[0, 0, 0, 2, 0, 0, 0, 1]),
        (32, &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        (44, &[0, 0, 0, 9]),
        (56, &[0, 0, 0, 2]),
        (56, &[0, 0, 0, 9]),
        (28, &[0, 0, 0, 1]),
    ] {
        let mut bytes = sound.clone();
        bytes[at..at + value.len()].copy_from_slice(value);
        let folder = Folder::new();
        folder.write("fonds.db", &bytes);
        folder.write("new.txt", "A train waits.\n");
        for arguments in
            [&["query", PARAGRAPHS][..], &["check"], &["search", "ferry"], &["ingest", "new.txt"]]
        {
            status(&folder, &format!("{at}: {value:?}"), arguments);
        }
        status(&folder, &format!("{at}: {value:?}"), &["repair", "--into", "new.db"]);
        assert!(fs::metadata(folder.path().join("fonds.db")).unwrap().len() > 0);
    }
}

//! Sets of documents that a user names: made, searched in, counted by, ended, and kept whole.

use crate::support::Folder;
use std::fs;

fn archive() -> Folder {
    let folder = Folder::new();
    folder.write("gazette.txt", "The ferry to Busan sails at noon from the old harbour.\n");
    folder.write("report.txt", "A second ferry was ordered in May by the harbour office.\n");
    folder.write("letter.txt", "Dear Ann, the bridge closes at five and no ferry runs.\n");
    folder.fonds(&["ingest", "."]).done();
    folder
}

/// The names of the files that a search finds.
fn found(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let all = [&["search", "ferry", "--format", "jsonl"], arguments].concat();
    let label = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        row["label"].as_str().unwrap().to_owned()
    };
    let mut found: Vec<String> = folder.fonds(&all).done().lines().map(label).collect();
    found.sort();
    found
}

#[test]
fn a_search_is_kept_to_a_collection_and_counted_by_collections() {
    let folder = archive();
    let digest =
        &folder.rows("SELECT substr(digest, 1, 16) FROM document WHERE label = 'report.txt'")[0];
    assert_eq!(
        folder.fonds(&["collection", "press", "--add", digest, "gazette.txt"]).done(),
        "2 documents added to press, 0 were in it\n"
    );
    assert_eq!(
        folder.fonds(&["collection", "press", "--add", "report.txt"]).done(),
        "0 documents added to press, 1 were in it\n"
    );
    folder.fonds(&["collection", "post", "--add", "letter.txt", "gazette.txt"]).done();
    assert_eq!(found(&folder, &["--collection", "press"]), ["gazette.txt", "report.txt"]);
    assert_eq!(found(&folder, &["--collection", "nothing"]), [""; 0]);
    let facets = folder.fonds(&["search", "ferry", "--facets"]).done();
    assert!(facets.ends_with("\n\ncollection\n       2  post\n       2  press\n"), "{facets}");
    assert_eq!(
        folder.rows("SELECT collection.name, count(*) FROM search('harbour') AS hit JOIN collection USING (document_id) GROUP BY 1"),
        ["post|1", "press|2"]
    );
    let listed = folder.fonds(&["collection", "--format", "tsv"]).done();
    let listed: Vec<&str> =
        listed.lines().filter_map(|line| line.rsplit_once('\t')).map(|(a, _)| a).collect();
    assert_eq!(listed, ["collection\tdocuments", "post\t2", "press\t2"]);
    let shown = folder.fonds(&["collection", "press", "--format", "jsonl"]).done();
    assert_eq!(shown.lines().count(), 2, "{shown}");
}

#[test]
fn a_document_leaves_a_collection_and_a_collection_ends_but_documents_stay() {
    let folder = archive();
    folder.fonds(&["collection", "press", "--add", "gazette.txt", "report.txt"]).done();
    assert_eq!(
        folder.fonds(&["collection", "press", "--remove", "gazette.txt", "letter.txt"]).done(),
        "1 documents taken out of press, 1 were not in it\n"
    );
    assert_eq!(found(&folder, &["--collection", "press"]), ["report.txt"]);
    let unknown = folder.fonds(&["collection", "press", "--add", "letter.txt", "nowhere.txt"]);
    assert_eq!((unknown.stdout.as_str(), unknown.status), ("", 1));
    assert_eq!(found(&folder, &["--collection", "press"]), ["report.txt"]);
    assert_eq!(
        folder.fonds(&["collection", "press", "--end"]).done(),
        "press is no collection any more; it had 1 documents\n"
    );
    let ran = folder.fonds(&["collection", "press", "--end"]);
    assert_eq!((ran.stderr.as_str(), ran.status), ("fonds: there is no collection press\n", 1));
    assert_eq!(found(&folder, &[]), ["gazette.txt", "letter.txt", "report.txt"]);
    let missing = folder.fonds(&["-a", "no.db", "collection", "press", "--add", "letter.txt"]);
    assert_eq!(missing.status, 10);
}

#[test]
fn a_collection_is_proved_and_outlives_a_repair() {
    let folder = archive();
    folder.fonds(&["collection", "press", "--add", "gazette.txt", "report.txt"]).done();
    assert_eq!(folder.fonds(&["check"]).done(), "fonds.db is sound: 3 documents checked\n");
    folder.fonds(&["repair", "--into", "whole.db"]).done();
    fs::rename(folder.path().join("whole.db"), folder.path().join("fonds.db")).unwrap();
    assert_eq!(found(&folder, &["--collection", "press"]), ["gazette.txt", "report.txt"]);
    let connection = rusqlite::Connection::open(folder.path().join("fonds.db")).unwrap();
    connection.execute("DELETE FROM collection WHERE document_id = 1", []).unwrap();
    drop(connection);
    let ran = folder.fonds(&["check"]);
    assert_eq!(ran.status, 4);
    assert!(ran.stdout.contains("the collection press is not as it was left"), "{}", ran.stdout);
}

#[test]
fn an_archive_of_an_earlier_schema_has_no_collections_and_is_searched_all_the_same() {
    let folder = Folder::new();
    let fixture = format!("{}/tests/data/archives/schema-1.db", env!("CARGO_MANIFEST_DIR"));
    folder.write("fonds.db", fs::read(fixture).unwrap());
    let before = folder.bytes("fonds.db");
    assert_ne!(folder.fonds(&["search", "noon"]).done(), "");
    let facets = folder.fonds(&["search", "noon", "--facets"]).done();
    assert!(facets.starts_with("language\n"), "{facets}");
    assert_eq!(
        folder.fonds(&["collection", "--format", "csv"]).done(),
        "collection,documents,added_at\n"
    );
    assert_eq!(folder.bytes("fonds.db"), before);
}

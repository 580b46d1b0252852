//! Damage of every kind is found and named, and a sound archive is called sound.

use crate::flips;
use crate::support::Folder;
use rusqlite::Connection;
use std::fs;

fn archive() -> Folder {
    let folder = Folder::new();
    folder.write("ferry.txt", "The ferry sails at noon.\n\nIt carries seven wagons.\n");
    folder.write("桥.txt", "桥在五点关闭。\n\n货物常常误船。\n");
    folder.write("twin.txt", "The ferry sails at noon.\n\nIt carries  seven wagons.\n");
    folder.fonds(&["ingest", "ferry.txt", "桥.txt"]).done();
    folder.fonds(&["ingest", "ferry.txt", "twin.txt"]).done();
    folder
}

/// Changes a row as another program would; the index stays.
fn change(folder: &Folder, sql: &str) {
    let connection = Connection::open(folder.path().join("fonds.db")).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    connection.execute_batch(sql).unwrap();
}

/// The findings of a check: part, label of the document, what.
fn findings(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let ran = folder.fonds(&[&["check", "--json"], arguments].concat());
    assert_eq!(ran.stderr, "");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
            let label = text(&finding["document"]["label"]);
            format!("{}|{label}|{}", text(&finding["part"]), text(&finding["what"]))
        })
        .collect();
    assert_eq!(ran.status, if findings.is_empty() { 0 } else { 4 });
    findings
}

#[test]
fn a_note_whose_name_has_changed_is_no_note_that_never_was() {
    let folder = archive();
    folder.fonds(&["check", "--record"]).done();
    change(&folder, "UPDATE setting SET name = 'last fixitz' WHERE name = 'last fixity'");
    assert_eq!(findings(&folder, &[]), ["schema|-|the setting \"last fixitz\" is none of fonds"]);
}

#[test]
fn a_report_as_json_says_what_was_checked_when_and_by_what() {
    let folder = archive();
    for (arguments, scope) in
        [(&[][..], "all"), (&["--quick"], "quick"), (&["--subset", "2/3", "--record"], "2/3")]
    {
        let printed = folder.fonds(&[&["check", "--json"], arguments].concat()).done();
        let report: serde_json::Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(report["scope"], scope);
        assert_eq!(report["tool"], concat!("fonds ", env!("CARGO_PKG_VERSION")));
        let recorded = folder.rows("SELECT checked_at FROM fixity");
        let at = report["checked_at"].as_str().unwrap().to_owned();
        assert!(recorded.is_empty() || recorded == [at], "{recorded:?}: {report}");
    }
    assert_eq!(folder.rows("SELECT scope, outcome FROM fixity"), ["2/3|sound"]);
}

#[test]
fn a_sound_archive_is_sound_in_every_way_and_untouched() {
    let folder = archive();
    let before = folder.bytes("fonds.db");
    assert_eq!(folder.fonds(&["check"]).done(), "fonds.db is sound: 3 documents checked\n");
    assert_eq!(
        folder.fonds(&["check", "--quick"]).done(),
        "fonds.db is sound: nothing wrong at a glance\n"
    );
    assert_eq!(
        folder.fonds(&["check", "--originals"]).done(),
        "fonds.db is sound: 3 documents checked\n\
         files: 3 as they were seen, 0 changed, 0 gone\n"
    );
    let shares: usize = (1..=2)
        .map(|share| {
            let printed = folder.fonds(&["check", "--subset", &format!("{share}/2")]).done();
            printed.split_whitespace().nth(3).unwrap().parse::<usize>().unwrap()
        })
        .sum();
    assert_eq!(shares, 3);
    assert_eq!(folder.bytes("fonds.db"), before, "a check writes nothing");
    assert_eq!(folder.names(), ["ferry.txt", "fonds.db", "twin.txt", "桥.txt"]);
}

#[test]
fn every_changed_row_is_reported_with_its_document() {
    for (sql, expected) in [
        (
            "UPDATE document SET date = '1999' WHERE label = 'ferry.txt'",
            &["record|ferry.txt|its record has changed"][..],
        ),
        (
            "UPDATE passage_text SET text = replace(text, '桥', '路')",
            &["index|-|the index does not match the text", "text|桥.txt|paragraph 1 has changed"],
        ),
        (
            "UPDATE placement SET kind = 'heading' WHERE document_id = 2 AND position = 2",
            &["placement|桥.txt|the order or kinds of its paragraphs have changed"],
        ),
        (
            "UPDATE sighting_row SET location = '/elsewhere' WHERE document_id = 3",
            &[
                "sighting|twin.txt|a place where it was seen, or when, has changed",
                "chain|-|accession 2, paths 1 to 2 (/elsewhere … DIR/ferry.txt): a row was changed, added or removed",
            ],
        ),
        (
            "UPDATE sighting_row SET last_seen_at = '2001-01-01T00:00:00Z' WHERE document_id = 1",
            &["sighting|ferry.txt|a place where it was seen, or when, has changed"],
        ),
        (
            "UPDATE sqlar SET mtime = mtime + 1 WHERE name LIKE (SELECT digest || '%' FROM document WHERE id = 2)",
            &["original|桥.txt|its original has changed"],
        ),
        (
            "INSERT INTO metadata VALUES (2, 'creator', 1, 'Nobody', 'told', '')",
            &["reading|桥.txt|its metadata have changed"],
        ),
        (
            "UPDATE extraction SET document_id = 1 WHERE document_id = 2",
            &[
                "reading|ferry.txt|its metadata have changed",
                "reading|桥.txt|its metadata have changed",
                "reading|桥.txt|its extraction names another document",
            ],
        ),
        (
            "UPDATE document SET cluster_id = 1 WHERE id = 1",
            &[
                "cluster|-|stories or comparisons are not those that were worked out; `fonds settle` works them out again",
                "cluster|ferry.txt|it is in the wrong story",
                "cluster|twin.txt|it is in the wrong story",
            ],
        ),
        (
            "UPDATE accession SET known = 7 WHERE id = 2",
            &[
                "chain|-|accession 2, end: a row was changed, added or removed",
                "chain|-|accession 2: its counts are not those of its ledger",
            ],
        ),
        (
            "UPDATE about SET note = 'x' WHERE name = 'fonds'",
            &["schema|-|note fonds is not as it was made"],
        ),
        (
            "DROP INDEX placement_by_passage",
            &["schema|-|index placement_by_passage is not as it was made"],
        ),
    ] {
        let folder = archive();
        change(&folder, sql);
        assert_eq!(findings(&folder, &[]), expected, "{sql}");
    }
}

#[test]
fn a_deleted_document_is_missed() {
    let folder = archive();
    change(
        &folder,
        "DELETE FROM placement WHERE document_id = 2; DELETE FROM metadata WHERE document_id = 2;
         DELETE FROM extraction WHERE document_id = 2; DELETE FROM sqlar WHERE name LIKE
             (SELECT digest || '%' FROM document WHERE id = 2);
         DELETE FROM document WHERE id = 2;",
    );
    let found = findings(&folder, &[]);
    assert!(found.contains(&"record|-|its record has changed".to_owned()), "{found:?}");
    let words = folder.fonds(&["check"]).stdout;
    assert!(words.contains("\nrecord  DIR/桥.txt\n"), "it is named by its place: {words}");
}

#[test]
fn a_finding_says_what_is_hurt_and_what_can_be_done() {
    let folder = archive();
    change(&folder, "UPDATE document SET title = 'Fery' WHERE id = 1");
    let ran = folder.fonds(&["check"]);
    let digest = &folder.rows("SELECT substr(digest, 1, 16) FROM document WHERE id = 1")[0];
    assert_eq!(
        ran.stdout,
        format!(
            "fonds.db is damaged: 1 finding\n\n\
             record  {digest}  ferry.txt  DIR/ferry.txt\n    \
             its record has changed\n    \
             `fonds repair --into NEW` restores the document from its original, or from the file where it \
             was seen\n"
        )
    );
    assert_eq!((ran.stderr.as_str(), ran.status), ("", 4));
}

#[test]
fn a_recorded_check_is_dated_and_cannot_be_changed_unseen() {
    let folder = archive();
    folder.fonds(&["check", "--record"]).done();
    folder.fonds(&["check", "--subset", "1/2", "--record"]).done();
    assert_eq!(
        folder.rows(
            "SELECT id, length(checked_at), scope, outcome, documents, findings,
                 head = (SELECT digest FROM batch ORDER BY id DESC LIMIT 1) FROM fixity"
        ),
        ["1|20|all|sound|3|0|1", "2|20|1/2|sound|2|0|1"]
    );
    assert_eq!(findings(&folder, &[]), [] as [&str; 0]);
    change(&folder, "UPDATE fixity SET documents = 9 WHERE id = 1");
    assert_eq!(findings(&folder, &[]), ["fixity|-|result 1 has changed"]);
}

#[test]
fn an_archive_that_cannot_be_written_is_checked_all_the_same() {
    use std::os::unix::fs::PermissionsExt;
    let folder = archive();
    change(
        &folder,
        "INSERT INTO passage_index (passage_index, rowid, text)
         SELECT 'delete', id, text FROM passage_index_source WHERE id = 1",
    );
    let path = folder.path().join("fonds.db");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let found = findings(&folder, &[]);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(found, ["index|-|the index does not match the text"]);
}

#[test]
fn files_that_changed_since_are_told_and_are_no_damage() {
    let folder = archive();
    folder.write("ferry.txt", "The ferry sails at one.\n");
    fs::remove_file(folder.path().join("twin.txt")).unwrap();
    assert_eq!(
        folder.fonds(&["check", "--originals"]).done(),
        "fonds.db is sound: 3 documents checked\n\
         files: 1 as they were seen, 1 changed, 1 gone\n    \
         changed: DIR/ferry.txt\n    \
         gone: DIR/twin.txt: No such file or directory (os error 2)\n"
    );
}

#[test]
fn no_flipped_bit_that_a_user_could_see_is_silent() {
    let folder = Folder::new();
    let archive = flips::sample(folder.path());
    let trials = flips::run(folder.path(), &archive, 0..archive.len(), 600, 7);
    let silent: Vec<_> = trials.iter().filter(|trial| trial.is_silent()).collect();
    assert_eq!(silent.len(), 0, "{silent:#?}");
    let seen = trials.iter().filter(|trial| trial.word().starts_with("changed what")).count();
    assert!(seen >= 5, "only {seen} of {} flips changed anything", trials.len());
}

#[test]
fn a_flipped_bit_in_a_row_is_told_with_every_document_that_reads_otherwise() {
    let folder = Folder::new();
    let archive = flips::sample(folder.path());
    for table in ["placement", "metadata", "sighting_row", "document", "extraction", "saved_search"]
    {
        let rows = flips::rows_of(folder.path(), &archive, table);
        let trials = flips::run(folder.path(), &archive, rows, 60, 7);
        let silent: Vec<_> = trials.iter().filter(|trial| trial.is_silent()).collect();
        assert_eq!(silent.len(), 0, "{table}: {silent:#?}");
        let seen = trials.iter().filter(|trial| trial.word().starts_with("changed what")).count();
        assert!(seen >= 20, "{table}: only {seen} flips changed anything");
    }
}

//! What `fonds ledger` and `fonds info` tell.

use crate::support::Folder;

#[test]
fn the_ledger_tells_the_last_accession_or_the_history_of_a_path() {
    let folder = Folder::new();
    folder.write("d/a.txt", "The ferry sails at noon.\n");
    folder.write("e/b.txt", "The bridge closes at five.\n");
    folder.fonds(&["ingest", "d"]).done();
    folder.fonds(&["ingest", "d", "e"]).done();
    let ledger = |arguments: &[&str]| -> Vec<String> {
        let all = [&["ledger", "--format", "tsv"], arguments].concat();
        let printed = folder.fonds(&all).done();
        let cells = |line: &str| {
            let cells: Vec<&str> = line.split('\t').collect();
            format!("{} {} {}", cells[0], cells[2], cells[3])
        };
        printed.lines().skip(1).map(cells).collect()
    };
    assert_eq!(ledger(&[]), ["2 known DIR/d/a.txt", "2 stored DIR/e/b.txt"]);
    assert_eq!(ledger(&["d/"]), ["1 stored DIR/d/a.txt", "2 known DIR/d/a.txt"]);
    assert_eq!(ledger(&["--accession", "1"]), ["1 stored DIR/d/a.txt"]);
    assert_eq!(ledger(&["--outcome", "failed"]), [] as [&str; 0]);
}

#[test]
fn info_tells_what_the_archive_holds() {
    let folder = Folder::new();
    folder.write("a.txt", "The ferry sails at noon from the northern harbour of the old town.\n");
    folder.fonds(&["ingest", "a.txt"]).done();
    let printed = folder.fonds(&["info", "--format", "tsv"]).done();
    let lines: Vec<&str> = printed.lines().collect();
    let schema = format!("schema\t{}", fonds::store::SCHEMA_VERSION);
    for line in ["documents\t1", "paragraphs\t1", "language en\t1", &schema, "originals kept\t1"] {
        assert!(lines.contains(&line), "{line:?} is missing in {lines:?}");
    }
}

#[test]
fn a_missing_archive_is_an_error_with_advice_and_leaves_no_file() {
    let folder = Folder::new();
    for arguments in [
        &["info"][..],
        &["query", "SELECT 1"],
        &["search", "x"],
        &["show", "x"],
        &["duplicates"],
        &["ledger"],
    ] {
        let ran = folder.fonds(arguments);
        assert_eq!(
            ran.stderr,
            "fonds: there is no archive at fonds.db\n\
             hint: make one with `fonds ingest PATH`, or name another with --archive FILE\n"
        );
        assert_eq!(ran.status, 10);
    }
    assert_eq!(folder.names(), [] as [&str; 0]);
}

#[test]
fn a_document_without_text_is_in_the_ledger_with_what_it_has_instead() {
    let folder = Folder::new();
    folder.write("empty.txt", "");
    folder.write("page.html", "<html><body></body></html>");
    folder.fonds(&["ingest", "empty.txt", "page.html"]).done();
    assert_eq!(
        folder.rows("SELECT outcome, reason FROM ledger ORDER BY ordinal"),
        ["stored|no text", "stored|no text"]
    );
}

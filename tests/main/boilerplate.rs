//! What `fonds boilerplate` makes of paragraphs that recur.

use crate::relations::planted;
use crate::support::Folder;

/// Four stories of one desk, a report with its copies, and a paragraph that three documents quote.
fn archive() -> Folder {
    let folder = Folder::new();
    planted(&folder);
    folder.fonds(&["ingest", "."]).done();
    folder
}

fn marked(folder: &Folder) -> Vec<String> {
    folder.rows(
        "SELECT DISTINCT substr(text, 1, 40) FROM paragraph
         WHERE boilerplate = 1 AND kind <> 'boilerplate' ORDER BY position",
    )
}

#[test]
fn mastheads_and_disclaimers_are_learnt_and_quotations_are_not() {
    let folder = archive();
    folder.write("more.txt", "On the lighthouse\n\nThe lighthouse at Cape Orlov was lit again on the first of \
        the month; its keeper, who has served there since the war, was given a medal by the governor and a \
        stove by the fishermen.\n");
    folder.fonds(&["ingest", "more.txt"]).done();
    assert_eq!(
        marked(&folder),
        ["The Northern Wire gathers reports from o", "To subscribe or to cancel write to the d"]
    );
    assert_eq!(folder.rows("SELECT count(*) FROM search('subscribe cancel desk')"), ["0"]);
    assert_eq!(
        folder.rows("SELECT count(*) FROM search('subscribe cancel desk') WHERE all_text = 1"),
        ["1"]
    );
    assert_eq!(folder.rows("SELECT count(*) FROM search('keeper medal governor')"), ["1"]);
}

#[test]
fn a_ruling_goes_before_what_is_learnt_until_it_is_undone() {
    let folder = archive();
    let found = || folder.rows("SELECT count(*) FROM search('subscribe cancel desk')");
    let address = folder.rows(
        "SELECT address FROM paragraph WHERE text LIKE 'To subscribe%' ORDER BY document_id LIMIT 1",
    );
    let address = address[0].as_str();
    let said = folder
        .fonds(&["boilerplate", "--not", address, "--author", "Ann", "--reason", "we study it"])
        .done();
    assert_eq!(
        said,
        "To subscribe or to cancel write to the desk. Reproduction without permission is prohibited. \
         All time…\n  no boilerplate from now on, wherever it stands; said by Ann\n"
    );
    assert_eq!(found(), ["1"]);
    folder.write(
        "wire-5.txt",
        "NORTHERN WIRE\n\nLuo closed a mine on Friday.\n\nTo subscribe or to cancel \
        write to the desk. Reproduction without permission is prohibited. All times are local.\n",
    );
    folder.fonds(&["ingest", "wire-5.txt"]).done();
    folder.fonds(&["settle"]).done();
    assert_eq!(found(), ["1"]);
    let listed = folder.fonds(&["boilerplate"]).done();
    let ruled = format!(
        "  1. {address}  To subscribe or to cancel write to the desk. Reproduction without permission is \
         prohibited. All time…\n     5 documents, 5 stories; no boilerplate: decided by Ann: we study \
         it\n\n  2. "
    );
    assert!(listed.starts_with(&ruled), "{listed}");
    folder.fonds(&["boilerplate", "--undo", address]).done();
    assert_eq!(found(), ["0"]);
    assert!(folder.fonds(&["check"]).done().starts_with("fonds.db is sound"));
}

#[test]
fn a_paragraph_that_somebody_rules_to_be_boilerplate_is_left_out_of_searches() {
    let folder = archive();
    let address =
        folder.rows("SELECT address FROM paragraph WHERE text LIKE 'A survey of the river%'");
    let found = || {
        folder.rows("SELECT count(*) FROM search('survey province') WHERE all_copies = 1 AND text LIKE 'A survey of the river%'")
    };
    assert_eq!(found(), ["1"]);
    folder.fonds(&["boilerplate", "--is", &address[0]]).done();
    assert_eq!(found(), ["0"]);
    let wrong = folder.fonds(&["boilerplate", "--is", "report.txt"]);
    assert_eq!(
        (wrong.status, wrong.stderr.as_str()),
        (
            1,
            "fonds: \"report.txt\" is no address of a paragraph; `fonds show DOCUMENT` lists them\n"
        )
    );
}

#[test]
fn damage_to_a_ruling_or_to_what_was_learnt_is_reported_and_repaired() {
    let folder = archive();
    let address =
        folder.rows("SELECT address FROM paragraph WHERE text LIKE 'To subscribe%' LIMIT 1");
    folder.fonds(&["boilerplate", "--not", &address[0]]).done();
    for sql in [
        "UPDATE ruling SET boilerplate = 1",
        "DELETE FROM ruling",
        "UPDATE recurring SET stories = stories + 1",
        "DELETE FROM recurring",
    ] {
        let copy = folder.path().join("copy.db");
        std::fs::copy(folder.path().join("fonds.db"), &copy).unwrap();
        rusqlite::Connection::open(&copy).unwrap().execute_batch(sql).unwrap();
        let checked = folder.fonds(&["-a", "copy.db", "check"]);
        assert_eq!(checked.status, 4, "{sql}: {}", checked.stdout);
        let _old = std::fs::remove_file(folder.path().join("mended.db"));
        folder.fonds(&["-a", "copy.db", "repair", "--into", "mended.db"]);
        let mended = folder.fonds(&["-a", "mended.db", "check"]).done();
        assert!(mended.starts_with("mended.db is sound"), "{sql}: {mended}");
    }
}

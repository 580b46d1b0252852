//! What `fonds duplicates` lists.

use crate::support::Folder;

#[test]
fn the_same_bytes_and_the_same_text_are_listed_under_the_one_that_represents_them() {
    let folder = Folder::new();
    let story = "“The ferry – at last – sails at noon,” said the harbour master.\n\n";
    folder.write("a/story.txt", story);
    folder.write("b/again.txt", story);
    folder.write(
        "c/agency.txt",
        "\"The ferry - at last - sails at noon,\"\r\nsaid the harbour master.",
    );
    folder.write("d/other.txt", "The bridge closes at five, said the customs.\n");
    folder.fonds(&["ingest", "a", "b", "c", "d"]).done();
    let digests = folder.rows("SELECT substr(digest, 1, 16) FROM document ORDER BY id");
    let printed = folder.fonds(&["duplicates"]).done();
    assert_eq!(
        printed,
        format!(
            "story.txt\n  {}  represents the story: most characters\n      DIR/a/story.txt\n      \
             same bytes at DIR/b/again.txt\n  {}  same text\n      DIR/c/agency.txt\n\n1 story stands \
             more than once.\n",
            digests[0], digests[1]
        )
    );
    assert_eq!(
        folder.rows("SELECT documents, reason FROM cluster"),
        ["2|most characters", "1|the only one"]
    );
    assert_eq!(
        folder.rows("SELECT left_id, right_id, kind, resemblance, containment FROM relation"),
        ["1|2|same text|1.0|1.0"]
    );
}

#[test]
fn who_had_a_story_first_is_told_by_its_date_and_copies_are_one_source() {
    let folder = Folder::new();
    let story = |date: &str, more: &str| {
        format!(
            "---\ntitle: Ferry\ndate: {date}\n---\n\nThe ferry that sails at noon carries grain from the \
             old pier to the new one, and nobody knows who pays for it.\n\n{more}"
        )
    };
    folder.write("copy.md", story("2019-03-02", "It is said to be Monday's boat.\n"));
    folder.write("agency.md", story("2019-03-01", ""));
    folder.write("year.md", story("2019", "\nIt is said to be Monday's boat. Again.\n"));
    folder.fonds(&["ingest", "."]).done();
    assert_eq!(
        folder.rows(
            "SELECT label, at, evidence FROM earliest JOIN document ON document.id = document_id"
        ),
        ["Ferry|2019-03-01|date of the document"]
    );
    assert!(folder.fonds(&["duplicates"]).done().contains("; the first, of 2019-03-01\n"));
    assert_eq!(
        folder.rows("SELECT documents, stories FROM passage WHERE text LIKE 'The ferry%'"),
        ["3|1"]
    );
}

#[test]
fn one_kind_can_be_asked_for_and_rows_be_had() {
    let folder = Folder::new();
    folder.write("a.txt", "The ferry sails at noon.");
    folder.write("b.txt", "The ferry sails at noon.");
    folder.write("c.txt", "The ferry sails\nat noon.");
    folder.fonds(&["ingest", "."]);
    let count = |kind: &str| {
        let printed = folder.fonds(&["duplicates", "--kind", kind, "--format", "csv"]).done();
        printed.lines().count() - 1
    };
    assert_eq!((count("same bytes"), count("same text")), (2, 3));
}

#[test]
fn an_archive_without_duplicates_says_so() {
    let folder = Folder::new();
    folder.write("a.txt", "The ferry sails at noon.");
    folder.fonds(&["ingest", "a.txt"]).done();
    assert_eq!(folder.fonds(&["duplicates"]).done(), "Nothing stands more than once.\n");
}

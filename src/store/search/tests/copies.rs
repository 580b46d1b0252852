//! Which of several copies is shown, and at which of its places.

use super::Archive;

const TEXT: &str = "The customs house at the bridge works until five, and a train that arrives at six \
                    waits fifteen hours for the ferry to Busan.";

/// Two documents with the text, and one with a letter of it misread that says more about what is looked
/// for.
fn copies() -> Archive {
    let mut archive = Archive::new();
    archive.add(&[("body", TEXT, "", None)]);
    archive.add(&[("body", TEXT, "", None)]);
    archive.add(&[
        ("body", &TEXT.replace("customs", "custoins"), "", None),
        ("note", "A ferry to Busan was built in 1903 and sails from the old harbour.", "", None),
    ]);
    archive
}

#[test]
fn of_a_story_the_wording_that_several_copies_have_is_shown() {
    let archive = copies();
    let first = |archive: &Archive| {
        archive.list("SELECT text FROM search('ferry Busan') WHERE kind = 'body'").swap_remove(0)
    };
    // Nothing is known of the documents, so the better hit stands.
    assert!(first(&archive).contains("custoins"));
    archive.connection.execute("UPDATE document SET cluster_id = 1", []).unwrap();
    assert_eq!(first(&archive), TEXT);
    let all = "SELECT text FROM search('ferry Busan') WHERE kind = 'body' AND all_copies = 1";
    assert!(archive.list(all)[0].contains("custoins"));
    assert_eq!(archive.list(all).len(), 2);
    // What only the misread copy has is found in it.
    let found = archive.list("SELECT text FROM search('+custoins ferry') WHERE kind = 'body'");
    assert!(found.len() == 1 && found[0].contains("custoins"), "{found:?}");
}

#[test]
fn a_passage_is_shown_where_its_document_tells_most() {
    let mut archive = Archive::new();
    archive.add(&[("body", TEXT, "", None)]);
    archive.add(&[
        ("body", TEXT, "", None),
        ("body", "The ferry to Busan was built in 1903 and sails from the old harbour.", "", None),
    ]);
    for filler in 0..8 {
        archive.add(&[("body", &format!("Nothing is said here about number {filler}."), "", None)]);
    }
    let found = archive
        .list("SELECT document_id FROM search('ferry Busan customs') WHERE text LIKE '%customs%'");
    assert_eq!(found, ["2"]);
}

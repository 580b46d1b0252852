//! Documents that are like another.

use super::Archive;

fn texts() -> Archive {
    let mut archive = Archive::new();
    for (title, body) in [
        (
            "Ferries of the bay",
            "The ferry to Sannoe carries timber and grain over the bay in winter.",
        ),
        ("Timber", "Grain and timber are loaded at Sannoe before the bay freezes over."),
        ("Weather", "It was cold in winter."),
        ("渡轮", "东北的港口在冬天结冰，渡轮不再开往对岸。"),
        ("港口", "渡轮在冬天停开，港口结冰。"),
    ] {
        archive.add(&[
            ("title", title, "", None),
            ("body", body, "", None),
            ("boilerplate", "Share this page about Sannoe timber", "", None),
        ]);
    }
    archive
}

#[test]
fn a_document_is_like_those_that_have_its_telling_words_the_most_alike_first() {
    let archive = texts();
    let sql = "SELECT other_id || ': ' || words FROM more_like(1)";
    assert_eq!(archive.list(sql), ["2: bay, grain, over, timber, sannoe", "3: winter"]);
    let sql = "SELECT other_id || ': ' || words FROM more_like(4)";
    assert_eq!(archive.list(sql), ["5: 渡轮, 港口, 冬天, 结冰"]);
}

#[test]
fn likeness_can_be_joined_and_what_is_no_document_is_like_nothing() {
    let archive = texts();
    let sql = "SELECT document.id || '-' || other_id FROM document, more_like(document.id)
               WHERE rank = 1 ORDER BY document.id";
    assert_eq!(archive.list(sql), ["1-2", "2-1", "3-1", "4-5", "5-4"]);
    assert_eq!(archive.list("SELECT count(*) FROM more_like(99)"), ["0"]);
    assert_eq!(archive.list("SELECT count(*) FROM more_like('x')"), ["0"]);
    assert_eq!(archive.list("SELECT count(*) FROM more_like(NULL)"), ["0"]);
    let asked = archive.connection.query_row("SELECT * FROM more_like", [], |_| Ok(()));
    assert_eq!(
        asked.unwrap_err().to_string(),
        "more_like needs a document: more_like(document_id)"
    );
}

//! What `fonds ingest` makes of documents that are added to an archive without looking at all of it anew.

use crate::relations::{REPORT, kinds, planted};
use crate::support::Folder;

const STORIES: &str = "SELECT group_concat(label, ' ') FROM (SELECT label, cluster_id FROM document
    ORDER BY label) GROUP BY cluster_id ORDER BY 1";

fn measured(folder: &Folder) -> Vec<String> {
    folder.rows(
        "SELECT one.digest, other.digest, kind, rule, resemblance, noise, evidence, basis, again
         FROM comparison JOIN document AS one ON one.id = left_id
         JOIN document AS other ON other.id = right_id ORDER BY 1, 2",
    )
}

#[test]
fn a_document_that_is_added_is_related_as_if_it_had_come_with_the_others() {
    let together = Folder::new();
    let mut files = planted(&together);
    together.fonds(&["ingest", "."]).done();
    for _ in 0..files.len() {
        files.rotate_left(1);
        let apart = Folder::new();
        for (name, text) in files.iter().skip(1) {
            apart.write(name, text);
        }
        apart.fonds(&["ingest", "."]).done();
        let (name, text) = &files[0];
        apart.write(name, text);
        apart.fonds(&["ingest", "--settle", "added", name]).done();
        assert_eq!(kinds(&apart), kinds(&together), "{name}");
        assert_eq!(apart.rows(STORIES), together.rows(STORIES), "{name}");
        assert_eq!(apart.rows("SELECT id, last_document FROM settlement"), ["1|8", "2|9"]);
        assert!(apart.fonds(&["check"]).done().starts_with("fonds.db is sound"));
        apart.fonds(&["settle"]).done();
        assert_eq!(measured(&apart), measured(&together), "{name}");
        assert_eq!(apart.rows("SELECT id, last_document FROM settlement"), ["1|9"]);
    }
}

#[test]
fn documents_that_are_added_one_by_one_tell_the_stories_that_all_together_tell() {
    let (together, apart) = (Folder::new(), Folder::new());
    let mut files = planted(&together);
    together.fonds(&["ingest", "."]).done();
    files.reverse();
    for (name, text) in &files {
        apart.write(name, text);
        apart.fonds(&["ingest", "--settle", "added", name]).done();
    }
    assert_eq!(kinds(&apart), kinds(&together));
    assert_eq!(apart.rows(STORIES), together.rows(STORIES));
}

#[test]
fn copies_and_versions_among_the_added_are_found_and_what_was_there_stays_first_until_all_is_settled()
 {
    let folder = Folder::new();
    planted(&folder);
    folder.fonds(&["ingest", "."]).done();
    folder.write("twin.txt", REPORT.replace('\n', "\r\n"));
    folder.write("longer.txt", format!("{REPORT}\nThe bridge was closed on two days.\n"));
    folder
        .write("new-1.txt", "The ice road to Cape Kida was opened by the governor of the isles.\n");
    folder.write(
        "new-2.txt",
        "The ice road to Cape Kida  was opened by the governor of the isles.\n",
    );
    folder.fonds(&["ingest", "--settle", "added", "."]).done();
    let stories = |folder: &Folder| {
        folder.rows(
            "SELECT documents, reason, (SELECT max(location) FROM sighting
                 WHERE document_id = representative_id)
             FROM cluster WHERE documents > 1 ORDER BY 1",
        )
    };
    let name = |row: &String| row.rsplit_once('/').unwrap().1.to_owned();
    let reasons = |rows: &[String]| -> Vec<String> {
        rows.iter()
            .map(|row| {
                format!("{} {}", row.split('|').take(2).collect::<Vec<_>>().join(" "), name(row))
            })
            .collect()
    };
    assert_eq!(
        reasons(&stories(&folder)),
        ["2 most characters new-2.txt", "4 was there first report.txt"]
    );
    assert!(folder.fonds(&["check"]).done().starts_with("fonds.db is sound"));
    folder.fonds(&["settle"]).done();
    assert_eq!(
        reasons(&stories(&folder)),
        ["2 most characters new-2.txt", "4 most characters longer.txt"]
    );
}

#[test]
fn a_decision_holds_for_what_is_added_and_a_changed_row_shows() {
    let folder = Folder::new();
    planted(&folder);
    folder.fonds(&["ingest", "."]).done();
    let decide = ["duplicates", "--decide", "unrelated", "report.txt", "misread.txt"];
    folder.fonds(&decide).done();
    folder.write("longer.txt", format!("{REPORT}\nThe bridge was closed on two days.\n"));
    folder.fonds(&["ingest", "--settle", "added", "longer.txt"]).done();
    let together = "SELECT count(*) FROM document AS one JOIN document AS other USING (cluster_id)
         WHERE one.id IN (SELECT document_id FROM sighting WHERE location LIKE '%/report.txt')
         AND other.id IN (SELECT document_id FROM sighting WHERE location LIKE '%/misread.txt')";
    assert_eq!(folder.rows(together), ["0"]);
    let sql = "UPDATE comparison SET noise = 0.5 WHERE max(left_id, right_id) = 10";
    rusqlite::Connection::open(folder.path().join("fonds.db")).unwrap().execute_batch(sql).unwrap();
    let checked = folder.fonds(&["check"]);
    assert_eq!(checked.status, 4);
    assert!(checked.stdout.contains("`fonds settle` works them out again"), "{}", checked.stdout);
    folder.fonds(&["settle"]).done();
    assert!(folder.fonds(&["check"]).done().starts_with("fonds.db is sound"));
}

#[test]
fn relations_can_be_left_for_a_later_run() {
    let folder = Folder::new();
    planted(&folder);
    folder.fonds(&["ingest", "--settle", "later", "."]).done();
    assert_eq!(folder.rows("SELECT count(*) FROM relation"), ["0"]);
    assert_eq!(
        folder.fonds(&["settle"]).done(),
        "9 documents looked at, 10 pairs compared (10 anew); 1 document moved to another story\n"
    );
    assert_eq!(folder.rows("SELECT count(*) FROM relation"), ["4"]);
}

//! What `fonds show` prints.

use crate::support::Folder;

fn archive() -> Folder {
    let folder = Folder::new();
    folder.write(
        "d/a.txt",
        "1. The ferry\n\nThe ferry sails at noon.\n\nIt carries forty wagons.\n\n2. The bridge\n\nThe customs house closes at five.\n",
    );
    folder.fonds(&["ingest", "d"]).done();
    folder
}

#[test]
fn a_document_is_shown_by_the_beginning_of_its_digest_or_by_its_path() {
    let folder = archive();
    let digest = folder.rows("SELECT digest FROM document").remove(0);
    let expected = format!(
        "a.txt\n  language  en\n  document  {} (5 paragraphs, {} bytes, text/plain)\n  seen at   DIR/d/a.txt\n\n    \
         1  [heading] 1. The ferry\n\n    2  The ferry sails at noon.\n\n    3  It carries forty wagons.\n\n    \
         4  [heading] 2. The bridge\n\n    5  The customs house closes at five.\n",
        digest.get(..16).unwrap(),
        folder.bytes("d/a.txt").len(),
    );
    assert_eq!(folder.fonds(&["show", digest.get(..4).unwrap()]).done(), expected);
    assert_eq!(folder.fonds(&["show", &digest]).done(), expected);
    assert_eq!(folder.fonds(&["show", "d/a.txt"]).done(), expected);
}

#[test]
fn a_paragraph_is_shown_in_its_context() {
    let folder = archive();
    let address = folder.rows("SELECT address FROM paragraph WHERE position = 3").remove(0);
    let printed = folder.fonds(&["show", &address, "--context", "1"]).done();
    let lines: Vec<&str> = printed.lines().skip(4).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), 3, "{printed}");
    assert!(lines[0].starts_with("    2  The ferry sails at noon.  "), "{printed}");
    assert_eq!(lines[1], format!(">   3  It carries forty wagons.  {address}"));
}

#[test]
fn the_name_of_a_document_is_enough_wherever_it_was_seen() {
    let folder = Folder::new();
    folder.write("press/monday/ferry.txt", "The ferry sails at noon.\n");
    folder.write("press/tuesday/ferry.txt", "The ferry stays in port.\n");
    folder.write("press/tuesday/bridge.txt", "The bridge is open.\n");
    folder.fonds(&["ingest", "press"]).done();
    assert!(folder.fonds(&["show", "bridge.txt"]).done().contains("The bridge is open."));
    let monday = folder.fonds(&["show", "./monday/ferry.txt"]).done();
    assert!(monday.contains("The ferry sails at noon."));
    let several = folder.fonds(&["show", "ferry.txt"]);
    assert_eq!(several.status, 1);
    let message = "fonds: \"ferry.txt\" may mean several documents: ";
    assert!(several.stderr.starts_with(message), "{}", several.stderr);
    // The end of a name is no name.
    assert_eq!(folder.fonds(&["show", "ridge.txt"]).status, 1);
}

#[test]
fn an_address_that_means_nothing_or_too_much_is_an_error() {
    let folder = archive();
    let ran = folder.fonds(&["show", "ffff0000"]);
    assert_eq!(
        ran.stderr,
        "fonds: no document has the address \"ffff0000\", and none was seen there\n"
    );
    assert_eq!(ran.status, 1);
    let document = folder.rows("SELECT substr(digest, 1, 16) FROM document").remove(0);
    let ran = folder.fonds(&["show", &format!("{document}/ffffffffffff")]);
    assert_eq!(
        ran.stderr,
        format!("fonds: the document {document} has no paragraph \"ffffffffffff\"\n")
    );
}

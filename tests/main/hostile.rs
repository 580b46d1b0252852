//! Whatever is typed is a legal search, on the command line and in SQL.

use crate::hostile_strings::strings;
use crate::support::{Folder, samples};

fn archive() -> Folder {
    let folder = Folder::new();
    folder.fonds(&["ingest", &samples()]).done();
    folder
}

/// A text as SQL writes it. A statement with a NUL byte is refused, so NULs are put in by it.
fn literal(text: &str) -> String {
    let text = text.replace('\'', "''").replace('\0', "\u{fdd0}");
    format!("replace('{text}', char(0xFDD0), char(0))")
}

#[test]
fn whatever_is_typed_is_a_legal_search() {
    let folder = archive();
    let strings = strings();
    assert!(strings.len() >= 60);
    // No command line can carry a NUL.
    for (name, typed) in strings.iter().filter(|(_, typed)| !typed.contains('\0')) {
        let ran = folder.fonds(&["search", "--", typed]);
        assert_eq!((ran.stderr.as_str(), ran.status), ("", 0), "{name}");
    }
}

#[test]
fn whatever_is_given_to_the_sql_function_is_a_legal_search() {
    let folder = archive();
    for (name, typed) in strings() {
        let sql = format!(
            "SELECT count(*), count(highlight_in(text, {0})) FROM search({0})",
            literal(&typed)
        );
        let ran = folder.fonds_with_input(&["query", "-"], sql.as_bytes());
        assert_eq!((ran.stderr.as_str(), ran.status), ("", 0), "{name}");
    }
}

//! The plans of every statement that is shipped: none reads a whole table that grows with the documents
//! where an index serves. What inspects, repairs or salvages an archive reads all of it on purpose and is
//! left out; every other exception is named here with its reason.

use super::{archive, functions};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Tables with a row for each document, paragraph, passage or path, or more.
const GROWING: [&str; 15] = [
    "comparison",
    "document",
    "document_facts",
    "extraction",
    "ledger_row",
    "listing",
    "metadata",
    "passage_facts",
    "passage_text",
    "placement",
    "proof",
    "reuse",
    "sighting_row",
    "signature",
    "sqlar",
];

/// Files whose statements read everything on purpose.
const THOROUGH: [&str; 4] = ["/inspect", "/repair", "/salvage", "/migrate.rs"];

/// Whole tables that are read all the same: file, beginning of the statement, table, reason.
const EXCEPTIONS: &[(&str, &str, &str, &str)] = &[
    ("alike.rs", "SELECT count(*)", "document", "a count on an index"),
    ("batch.rs", "SELECT 'accession '", "ledger_row", "names a batch that was found damaged"),
    ("batch.rs", "SELECT id FROM sighting", "sighting_row", "once, for an archive of schema 1"),
    ("batch.rs", "SELECT coalesce(min(id)", "sighting_row", "once, for an archive of schema 1"),
    ("listing.rs", "SELECT id, proof", "listing", "check compares all of them"),
    (
        "outdated.rs",
        "SELECT DISTINCT reader",
        "extraction",
        "once in an ingest that met known bytes",
    ),
    ("outdated.rs", "SELECT count(*)", "extraction", "only where older readings were found"),
    ("outdated.rs", "SELECT id FROM document", "document", "reading again looks at all"),
    ("passage.rs", "SELECT id, text, context", "passage_text", "an index is built anew"),
    ("recurring.rs", "SELECT document_id", "placement", "settling works on all"),
    ("relation.rs", "SELECT passage_id, document_id", "placement", "settling works on all"),
    ("relation.rs", "SELECT document_id, passage_id", "placement", "settling works on all"),
    ("relation.rs", "SELECT left_id", "comparison", "settling works on all"),
    ("relation.rs", "UPDATE signature", "document", "settling works on all"),
    ("signature.rs", "SELECT id, document.cluster_id", "document", "settling works on all"),
    (
        "signature.rs",
        "SELECT document_id",
        "signature",
        "a sketch finds its like by looking at all",
    ),
    ("signature.rs", "SELECT id FROM document", "document", "settling works on all"),
    ("duplicates.sql", "--", "comparison", "lists all stories"),
    ("duplicates.sql", "--", "document", "lists all stories"),
    ("find.sql", "--", "sighting_row", "only where no digest and no whole place was meant"),
    ("related.sql", "--", "comparison", "lists all relations"),
    ("related.sql", "--", "document", "lists all relations"),
    ("review.sql", "--", "comparison", "weighs all that nobody has decided about"),
    ("facets.sql", "--", "document", "only where a folder, time or type was asked for"),
    ("search.sql", "--", "document", "only where a folder, time or type was asked for"),
    ("info.sql", "--", "document", "counts and sums on indexes that hold all they need"),
    ("info.sql", "--", "passage_text", "a count on an index"),
    ("info.sql", "--", "sighting_row", "a count on an index"),
    ("info.sql", "--", "sqlar", "a count on an index"),
];

/// Beginnings of statements for archives of earlier schemas, which this schema has no table for.
const EARLIER: [&str; 1] = ["UPDATE sighting SET proof"];

/// A statement as it stands in a file.
struct Statement {
    file: String,
    sql: String,
}

/// Every file below the folder with this ending.
fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
}

/// The string literals of Rust code without its comments and unit tests.
fn literals(code: &str) -> Vec<String> {
    let code = code.split("#[cfg(test)]\nmod ").next().unwrap();
    let code: Vec<&str> =
        code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n").replace("'\"'", "' '");
    let (mut found, mut literal, mut letters) = (Vec::new(), None, code.chars());
    while let Some(letter) = letters.next() {
        match (&mut literal, letter) {
            (None, '"') => literal = Some(String::new()),
            (None, _) => {}
            (Some(_), '"') => found.extend(literal.take()),
            (Some(text), '\\') => match letters.next() {
                // A line that goes on: the blanks that follow matter to no statement.
                Some('\n') => text.push(' '),
                Some(escaped) => text.push(escaped),
                None => {}
            },
            (Some(text), letter) => text.push(letter),
        }
    }
    found
}

fn statements() -> Vec<Statement> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    files(&root.join("src/store"), ".rs", &mut paths);
    let mut found = Vec::new();
    for path in paths {
        let file = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if file.contains("tests") || THOROUGH.iter().any(|part| file.contains(part)) {
            continue;
        }
        for sql in literals(&fs::read_to_string(&path).unwrap()) {
            let word = sql.split_whitespace().next().unwrap_or_default();
            let is_one = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&word);
            if is_one && sql.split_whitespace().count() > 2 {
                let each = sql.split(';').filter(|sql| !sql.trim().is_empty());
                found.extend(each.map(|sql| Statement { file: file.clone(), sql: sql.to_owned() }));
            }
        }
    }
    let mut paths = Vec::new();
    files(&root.join("src/query"), ".sql", &mut paths);
    for path in paths {
        let file = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        found.push(Statement { file, sql: fs::read_to_string(&path).unwrap() });
    }
    found
}

/// The tables behind the names in a statement: `table AS name`.
fn names(sql: &str, into: &mut BTreeMap<String, BTreeSet<String>>) {
    let bare =
        |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_').to_owned();
    let words: Vec<&str> = sql.split_whitespace().collect();
    for three in words.windows(3) {
        if three[1] == "AS" {
            into.entry(bare(&three[2])).or_default().insert(bare(&three[0]));
        }
    }
}

/// The tables of which the statement reads all rows; `None` where it cannot be prepared.
fn scanned(
    connection: &Connection,
    sql: &str,
    views: &BTreeMap<String, BTreeSet<String>>,
) -> Option<BTreeSet<String>> {
    let mut tables = views.clone();
    names(sql, &mut tables);
    let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).ok()?;
    let steps = plan.raw_query().mapped(|row| row.get::<_, String>(3));
    let mut found = BTreeSet::new();
    for step in steps {
        let step = step.ok()?;
        let Some(rest) = step.strip_prefix("SCAN ") else { continue };
        let name = rest.split(' ').next().unwrap().to_owned();
        let behind = tables.get(&name).cloned().unwrap_or_default();
        found.extend(behind.into_iter().chain([name]).filter(|of| GROWING.contains(&&**of)));
    }
    Some(found)
}

#[test]
fn no_statement_reads_a_whole_growing_table_without_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let connection = archive::blank(&folder.path().join("fonds.db")).unwrap();
    functions::register(&connection, &super::patience::Patience::default()).unwrap();
    let mut views = BTreeMap::new();
    let mut select =
        connection.prepare("SELECT sql FROM sqlite_schema WHERE type = 'view'").unwrap();
    for sql in select.query_map([], |row| row.get::<_, String>(0)).unwrap() {
        names(&sql.unwrap(), &mut views);
    }
    let (mut faults, mut used, mut planned) = (Vec::new(), BTreeSet::new(), 0);
    for Statement { file, sql } in statements() {
        let line = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(tables) = scanned(&connection, &sql, &views) else {
            // Made up while the program runs, or of tables that only a repair has.
            let is_earlier = EARLIER.iter().any(|begins| line.starts_with(begins));
            if !sql.contains('{') && !sql.contains("temp.") && !is_earlier {
                faults.push(format!("{file}: cannot be prepared: {line:.300}"));
            }
            continue;
        };
        planned += 1;
        for table in tables {
            let excepted = EXCEPTIONS.iter().position(|(of, begins, what, _)| {
                file.ends_with(of) && line.starts_with(begins) && table == *what
            });
            match excepted {
                Some(exception) => {
                    used.insert(exception);
                }
                None => faults.push(format!("{file} reads all of {table}: {line:.300}")),
            }
        }
    }
    assert_eq!(faults, [] as [String; 0]);
    assert!(planned > 120, "only {planned} statements were found");
    let idle: Vec<_> = (0..EXCEPTIONS.len()).filter(|one| !used.contains(one)).collect();
    assert_eq!(idle, [] as [usize; 0], "exceptions that are none any more");
}

#[test]
fn a_scan_is_seen_under_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let connection = archive::blank(&folder.path().join("fonds.db")).unwrap();
    let scan = |sql| scanned(&connection, sql, &BTreeMap::new()).unwrap();
    assert_eq!(
        scan("SELECT * FROM passage_text AS one").into_iter().collect::<Vec<_>>(),
        ["passage_text"]
    );
    assert_eq!(scan("SELECT * FROM passage_text AS one WHERE one.id = 1").len(), 0);
    assert_eq!(scan("SELECT count(*) FROM placement").len(), 1);
    assert_eq!(scan("SELECT max(id) FROM passage_text").len(), 0);
}

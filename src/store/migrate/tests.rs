//! A new archive is what all migrations, one after the other, would have made.

use super::*;
use std::path::Path;

/// Tells the test to write the file instead of comparing it.
const WRITE: &str = "FONDS_WRITE_SCHEMA";

const HEAD: &str = "\
-- All that the numbered migrations come to, for an archive that is made anew. Never edit it:
-- FONDS_WRITE_SCHEMA=1 cargo test --lib newest_schema
-- writes it from them.

";

/// The statements that make what an archive has, and its rows.
fn dump(connection: &Connection) -> String {
    let lines = |sql: &str| -> Vec<String> {
        let mut select = connection.prepare(sql).unwrap();
        select.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    };
    // The index makes its own tables, and fills them.
    let own = "sql IS NOT NULL AND name NOT IN ('passage_index_config', 'passage_index_data',
         'passage_index_docsize', 'passage_index_idx')";
    let mut all = lines(&format!("SELECT sql FROM sqlite_schema WHERE {own} ORDER BY rowid"));
    for table in lines(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
             AND name NOT LIKE 'passage_index%' AND name NOT LIKE 'sqlite%' ORDER BY name",
    ) {
        let columns = lines(&format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"));
        let values: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        let rows = format!(
            "SELECT 'INSERT INTO {table} ({}) VALUES (' || {} || ')' FROM {table} ORDER BY 1",
            columns.join(", "),
            values.join(" || ', ' || ")
        );
        all.extend(lines(&rows));
    }
    all.iter().map(|statement| format!("{statement};\n\n")).collect()
}

#[test]
fn the_newest_schema_is_what_all_migrations_make() {
    let mut migrated = Connection::open_in_memory().unwrap();
    run(&mut migrated).unwrap();
    let whole = dump(&migrated);
    if std::env::var_os(WRITE).is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/newest.sql");
        std::fs::write(path, format!("{HEAD}{whole}")).unwrap();
        return;
    }
    assert!(NEWEST == format!("{HEAD}{whole}"), "run {WRITE}=1 cargo test --lib newest_schema");
    let mut new = Connection::open_in_memory().unwrap();
    run_on_new(&mut new).unwrap();
    assert_eq!(dump(&new), whole);
    let objects = "SELECT group_concat(type || name || tbl_name || coalesce(sql, ''))
         FROM (SELECT * FROM sqlite_schema ORDER BY name)";
    let all = |connection: &Connection| -> String {
        connection.query_row(objects, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(all(&new), all(&migrated));
    assert_eq!(version(&new).unwrap(), SCHEMA_VERSION);
}

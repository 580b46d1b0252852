//! How many rows the tables have whose last rows nothing else would miss: kept in `setting`, so that
//! a lost end of a chain shows too.

use super::canonical::RowDigest;
use crate::model::{Hurt, Part};
use rusqlite::{Connection, OptionalExtension, Result};

/// The tables, with the part that a shorter one is told as.
const TALLIED: [(&str, Part); 4] = [
    ("decision", Part::Cluster),
    ("ruling", Part::Cluster),
    ("fixity", Part::Fixity),
    ("loss", Part::Chain),
];

/// Gives the row that was added last to a table of chained digests its own, and notes it.
pub(super) fn seal(connection: &Connection, table: &str, id: i64, digest: RowDigest) -> Result<()> {
    connection
        .prepare_cached(&format!("UPDATE {table} SET digest = ?2 WHERE id = ?1"))?
        .execute((id, digest))?;
    note(connection, table, id)
}

/// Notes the last row of a table, inside the transaction that adds it.
pub(super) fn note(connection: &Connection, table: &str, last: i64) -> Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)")?
        .execute((setting(table), last.to_string()))
        .map(|_| ())
}

/// Whether a row of `setting` is one of these notes.
pub(super) fn is_note(name: &str) -> bool {
    TALLIED.iter().any(|(table, _)| setting(table) == name)
}

fn setting(table: &str) -> String {
    format!("last {table}")
}

/// Tables whose last row is not the one that was noted, with the row that it is; tables of which
/// nothing was noted are older than the notes.
pub(super) fn short(connection: &Connection) -> Result<Vec<(&'static str, Part, i64)>> {
    let mut short = Vec::new();
    for (table, part) in TALLIED {
        let noted: Option<String> = connection
            .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
            .query_row([setting(table)], |row| row.get(0))
            .optional()?;
        let Some(noted) = noted else { continue };
        let sql = format!("SELECT coalesce(max(id), 0) FROM {table}");
        let last: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        if noted != last.to_string() {
            short.push((table, part, last));
        }
    }
    Ok(short)
}

/// The same, as findings.
pub(super) fn verify(connection: &Connection) -> Result<Vec<Hurt>> {
    let hurt = |(table, part, last)| {
        let what = format!("the table {table} ends with row {last}, which was not its last");
        Hurt::general(part, what)
    };
    Ok(short(connection)?.into_iter().map(hurt).collect())
}

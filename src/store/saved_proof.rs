//! Whether the searches that people keep are as they were kept: a proof in each row, and the names of
//! all of them in `setting`, so that a removed one shows.

use super::canonical::Canonical;
use crate::model::{Hurt, Part};
use rusqlite::{Connection, OptionalExtension, Result};
use std::collections::BTreeSet;

/// The row of `setting` that has the names, as a JSON array.
pub(super) const NAMES: &str = "saved searches";

/// Proves one row as it stands and notes the names, inside the transaction that changes them.
pub(super) fn prove(connection: &Connection, name: &str) -> Result<()> {
    let proof = proof_of(connection, name)?;
    connection
        .prepare("UPDATE saved_search SET proof = ?2 WHERE name = ?1")?
        .execute((name, proof))?;
    note(connection)
}

/// Notes which searches are kept.
pub(super) fn note(connection: &Connection) -> Result<()> {
    connection
        .prepare(
            "INSERT OR REPLACE INTO setting (name, value)
             SELECT ?1, json_group_array(name) FROM (SELECT name FROM saved_search ORDER BY name)",
        )?
        .execute([NAMES])
        .map(|_| ())
}

/// Proves every search as it stands; an archive in which none was ever kept stays as it is.
pub(super) fn adopt(connection: &Connection) -> Result<()> {
    let kept = names(connection)?;
    for name in &kept {
        prove(connection, name)?;
    }
    if kept.is_empty() && noted(connection)?.is_none() { Ok(()) } else { note(connection) }
}

/// Whether the rows were kept before there were proofs, and nothing can be said of them.
pub(super) fn is_unproved(connection: &Connection) -> Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM saved_search WHERE proof IS NOT NULL)";
    Ok(noted(connection)?.is_none() && connection.query_row(sql, [], |row| row.get(0))?)
}

/// What is wrong with the searches, in words, one for each that is hurt or gone.
pub(super) fn changed(connection: &Connection) -> Result<Vec<String>> {
    let mut changed = Vec::new();
    let kept = names(connection)?;
    for name in &kept {
        let stated: Option<Vec<u8>> = connection
            .prepare_cached("SELECT proof FROM saved_search WHERE name = ?1")?
            .query_row([name], |row| row.get(0))?;
        if stated.as_deref() != Some(&proof_of(connection, name)?[..]) {
            changed.push(format!("the saved search {name} is not as it was kept"));
        }
    }
    let noted = noted(connection)?.unwrap_or_else(|| "[]".to_owned());
    let Ok(noted) = serde_json::from_str::<BTreeSet<String>>(&noted) else {
        changed.push("the names of the saved searches cannot be read".to_owned());
        return Ok(changed);
    };
    for name in noted.difference(&kept) {
        changed.push(format!("the saved search {name} is gone"));
    }
    for name in kept.difference(&noted) {
        changed.push(format!("the saved search {name} was never kept under this name"));
    }
    Ok(changed)
}

/// The same, as findings; archives of earlier schemas have no proofs to compare with.
pub(super) fn verify(connection: &Connection) -> Result<Vec<Hurt>> {
    let sql = "SELECT 1 FROM pragma_table_info('saved_search') WHERE name = 'proof'";
    if !connection.prepare(sql)?.exists([])? {
        return Ok(Vec::new());
    }
    let hurt = |what| Hurt::general(Part::SavedSearch, what);
    Ok(changed(connection)?.into_iter().map(hurt).collect())
}

fn proof_of(connection: &Connection, name: &str) -> Result<[u8; 32]> {
    let mut canonical = Canonical::new("saved_search");
    let mut select = connection.prepare_cached(
        "SELECT name, parameters, saved_at, last_run_at, last_document
         FROM saved_search WHERE name = ?1",
    )?;
    canonical.rows(&mut select, [name])?;
    Ok(canonical.finish())
}

fn names(connection: &Connection) -> Result<BTreeSet<String>> {
    let mut select = connection.prepare("SELECT name FROM saved_search")?;
    let names = select.query_map([], |row| {
        Ok(String::from_utf8_lossy(row.get_ref(0)?.as_bytes()?).into_owned())
    })?;
    names.collect()
}

fn noted(connection: &Connection) -> Result<Option<String>> {
    connection
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
        .query_row([NAMES], |row| row.get(0))
        .optional()
}

#[cfg(test)]
mod tests {
    use super::super::migrate;
    use super::*;

    fn kept() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate::run(&mut connection).unwrap();
        for name in ["ferries", "桥"] {
            let sql =
                "INSERT INTO saved_search (name, parameters, saved_at, last_run_at, last_document)
                 VALUES (?1, '{\"words\":\"a\"}', '2026', '2026', 3)";
            connection.execute(sql, [name]).unwrap();
            prove(&connection, name).unwrap();
        }
        connection
    }

    #[test]
    fn every_changed_removed_or_smuggled_search_is_told_by_its_name() {
        for (sql, told) in [
            ("SELECT 1", &[] as &[&str]),
            (
                "UPDATE saved_search SET last_document = 4 WHERE name = '桥'",
                &["the saved search 桥 is not as it was kept"],
            ),
            (
                "UPDATE saved_search SET parameters = '{}' WHERE name = 'ferries'",
                &["the saved search ferries is not as it was kept"],
            ),
            (
                "UPDATE saved_search SET proof = NULL WHERE name = 'ferries'",
                &["the saved search ferries is not as it was kept"],
            ),
            (
                "DELETE FROM saved_search WHERE name = 'ferries'",
                &["the saved search ferries is gone"],
            ),
            (
                "UPDATE saved_search SET name = 'x' WHERE name = '桥'",
                &[
                    "the saved search x is not as it was kept",
                    "the saved search 桥 is gone",
                    "the saved search x was never kept under this name",
                ],
            ),
            (
                "UPDATE setting SET value = '[' WHERE name = 'saved searches'",
                &["the names of the saved searches cannot be read"],
            ),
        ] {
            let connection = kept();
            connection.execute_batch(sql).unwrap();
            assert_eq!(changed(&connection).unwrap(), told, "{sql}");
        }
    }

    #[test]
    fn every_column_is_in_the_proof() {
        let connection = kept();
        let all = connection.prepare("SELECT * FROM saved_search").unwrap();
        let proved = ["name", "parameters", "saved_at", "last_run_at", "last_document", "proof"];
        assert_eq!(all.column_names().collect::<Vec<_>>(), proved);
    }
}

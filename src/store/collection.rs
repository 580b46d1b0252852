//! Every statement on `collection`: the sets of documents that users name, and whether they are as they
//! were left.
//!
//! A document is never changed by being in one.

use super::Archive;
use super::canonical::Canonical;
use crate::model::{Hurt, Part};
use anyhow::Result;
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;

/// The row of `setting` that has the digest of every collection, as a JSON object.
pub(super) const KEPT: &str = "collections";

impl Archive {
    /// Puts documents into a collection, which begins with its first; returns how many were not in it.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn collect(&mut self, name: &str, documents: &[i64], now: &str) -> Result<usize> {
        let mut added = 0;
        self.in_transaction(|connection| {
            let mut insert = connection.prepare(
                "INSERT OR IGNORE INTO collection (name, document_id, added_at) VALUES (?1, ?2, ?3)",
            )?;
            for document in documents {
                added += insert.execute((name, document, now))?;
            }
            note(connection)
        })?;
        Ok(added)
    }

    /// Takes documents out of a collection, which ends with its last; returns how many were in it.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn uncollect(&mut self, name: &str, documents: &[i64]) -> Result<usize> {
        let mut removed = 0;
        self.in_transaction(|connection| {
            let sql = "DELETE FROM collection WHERE name = ?1 AND document_id = ?2";
            let mut delete = connection.prepare(sql)?;
            for document in documents {
                removed += delete.execute((name, document))?;
            }
            note(connection)
        })?;
        Ok(removed)
    }

    /// Ends a collection; returns how many documents were in it. They stay in the archive.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn end_collection(&mut self, name: &str) -> Result<usize> {
        let mut removed = 0;
        self.in_transaction(|connection| {
            removed =
                connection.prepare("DELETE FROM collection WHERE name = ?1")?.execute([name])?;
            note(connection)
        })?;
        Ok(removed)
    }
}

/// Notes what every collection holds, inside the transaction that changes them.
pub(super) fn note(connection: &Connection) -> rusqlite::Result<()> {
    let kept = serde_json::to_string(&held(connection)?).unwrap_or_default();
    let sql = "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)";
    connection.prepare(sql)?.execute((KEPT, kept)).map(|_| ())
}

/// What is wrong with the collections, in words, one for each that is hurt or gone.
pub(super) fn changed(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let noted: Option<String> = connection
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
        .query_row([KEPT], |row| row.get(0))
        .optional()?;
    let noted = noted.unwrap_or_else(|| "{}".to_owned());
    let Ok(noted) = serde_json::from_str::<BTreeMap<String, String>>(&noted) else {
        return Ok(vec!["what the collections held cannot be read".to_owned()]);
    };
    let held = held(connection)?;
    let names = held.keys().chain(noted.keys().filter(|name| !held.contains_key(*name)));
    let changed = names.filter(|name| held.get(*name) != noted.get(*name));
    Ok(changed.map(|name| format!("the collection {name} is not as it was left")).collect())
}

/// The same, as findings; an archive of an earlier schema has no collections.
pub(super) fn verify(connection: &Connection) -> rusqlite::Result<Vec<Hurt>> {
    let hurt = |what| Hurt::general(Part::Collection, what);
    Ok(changed(connection)?.into_iter().map(hurt).collect())
}

/// A digest of every collection.
fn held(connection: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut names = connection.prepare("SELECT DISTINCT name FROM collection")?;
    let names = names.query_map([], |row| {
        Ok(String::from_utf8_lossy(row.get_ref(0)?.as_bytes()?).into_owned())
    })?;
    let mut held = BTreeMap::new();
    for name in names {
        let name = name?;
        let mut canonical = Canonical::new("collection");
        let mut select = connection.prepare_cached(
            "SELECT name, document_id, added_at FROM collection
             WHERE name = ?1 ORDER BY document_id",
        )?;
        canonical.rows(&mut select, [&name])?;
        let digest = canonical.finish().iter().map(|byte| format!("{byte:02x}")).collect();
        held.insert(name, digest);
    }
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::super::migrate;
    use super::*;

    #[test]
    fn every_changed_removed_or_smuggled_collection_is_told_by_its_name() {
        for (sql, told) in [
            ("SELECT 1", &[] as &[&str]),
            (
                "DELETE FROM collection WHERE name = 'press' AND document_id = 1",
                &["the collection press is not as it was left"],
            ),
            (
                "UPDATE collection SET name = 'x' WHERE name = '桥'",
                &[
                    "the collection x is not as it was left",
                    "the collection 桥 is not as it was left",
                ],
            ),
            (
                "UPDATE collection SET added_at = '2027' WHERE name = '桥'",
                &["the collection 桥 is not as it was left"],
            ),
            (
                "UPDATE setting SET value = 'x' WHERE name = 'collections'",
                &["what the collections held cannot be read"],
            ),
        ] {
            let mut connection = Connection::open_in_memory().unwrap();
            migrate::run(&mut connection).unwrap();
            assert_eq!(changed(&connection).unwrap(), [""; 0]);
            connection
                .execute_batch(
                    "PRAGMA foreign_keys = OFF;
                     INSERT INTO collection (name, document_id, added_at)
                     VALUES ('press', 1, '2026'), ('press', 2, '2026'), ('桥', 1, '2026')",
                )
                .unwrap();
            note(&connection).unwrap();
            connection.execute_batch(sql).unwrap();
            assert_eq!(changed(&connection).unwrap(), told, "{sql}");
        }
    }
}

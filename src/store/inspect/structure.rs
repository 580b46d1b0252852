//! Whether the file is sound as SQLite sees it and has the schema it states.

use super::{Inspector, or_hurt};
use crate::fingerprint;
use crate::model::{Hurt, Part};
use crate::store::{collection, migrate, saved_proof, tally};
use rusqlite::{Connection, Result};
use std::collections::BTreeSet;

/// The most faults of structure that are told; one torn page can cause thousands.
const MOST: u32 = 50;

/// What every archive of a schema has alike: name and content of its objects and notes.
const SCHEMA: &str = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema
     UNION ALL SELECT 'note ' || name, note FROM about
     UNION ALL SELECT 'setting ' || name, value FROM setting";

/// Without what users may read and nobody writes by.
const OBJECTS: &str = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema";

impl Inspector {
    /// Compares tables, views, notes and settings with those that the migrations make. What users
    /// added themselves is no fault.
    pub fn check_schema(&self) -> Vec<Hurt> {
        let altered = altered(&self.connection, self.schema, SCHEMA);
        let found = altered.and_then(|mut altered| {
            altered.extend(self.strange_settings()?);
            Ok(altered.into_iter().map(|what| Hurt::general(Part::Schema, what)).collect())
        });
        or_hurt(Part::Schema, found)
    }

    /// Settings under names that nobody looks for: a note whose name has changed would be missed as
    /// one that never was.
    fn strange_settings(&self) -> Result<Vec<String>> {
        let mut model = Connection::open_in_memory()?;
        if migrate::run_up_to(&mut model, self.schema).is_err() {
            return Ok(Vec::new());
        }
        let known = names(&model)?;
        let is_strange = |name: &String| !known.contains(name) && !is_note(name);
        let strange = names(&self.connection)?.into_iter().filter(is_strange);
        Ok(strange.map(|name| format!("the setting {name:?} is none of fonds")).collect())
    }

    /// Runs SQLite's own checks: pages, b-trees, indexes against tables, constraints, references.
    pub fn check_structure(&self) -> Vec<Hurt> {
        let mut hurts = or_hurt(Part::Structure, self.integrity());
        hurts.extend(or_hurt(Part::Structure, self.references()));
        hurts
    }

    fn integrity(&self) -> Result<Vec<Hurt>> {
        let mut statement = self.connection.prepare(&format!("PRAGMA integrity_check ({MOST})"))?;
        let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
        let lines = lines.filter(|line| !matches!(line, Ok(line) if line == "ok"));
        lines.map(|line| Ok(Hurt::general(Part::Structure, line?))).collect()
    }

    fn references(&self) -> Result<Vec<Hurt>> {
        let mut statement = self.connection.prepare("PRAGMA foreign_key_check")?;
        let mut rows = statement.query([])?;
        let mut hurts = Vec::new();
        while let Some(row) = rows.next()? {
            let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
            let what = format!("a row of {table} names a row of {parent} that is not there");
            let hurt = Hurt::general(Part::Structure, what);
            if !hurts.contains(&hurt) {
                hurts.push(hurt);
            }
        }
        Ok(hurts)
    }
}

/// Tables, views and indexes of the archive that are not as the migrations make them, in words: an
/// archive in which a name of ours means something else must not be written to.
pub(in crate::store) fn altered_objects(
    connection: &Connection,
    schema: i32,
) -> Result<Vec<String>> {
    // To make all of an archive anew for comparison takes longer than to add a document.
    if schema == migrate::SCHEMA_VERSION && digest(&objects(connection, OBJECTS)?) == CURRENT {
        return Ok(on_one_page(connection)?.into_iter().collect());
    }
    altered(connection, schema, OBJECTS)
}

/// What [`digest`] makes of an archive's objects as the newest migration leaves them. Where it is another,
/// nothing is lost but time.
const CURRENT: &str = "600495295333e7d8e114f4e0bec11e73a9b2580e02a7d0d62750941128742c3d";

/// SHA-256 over names and statements.
fn digest(objects: &BTreeSet<(String, String)>) -> String {
    let all: Vec<String> = objects.iter().map(|(name, sql)| format!("{name}\0{sql}\0")).collect();
    fingerprint::digest(all.concat().as_bytes()).to_string()
}

fn on_one_page(connection: &Connection) -> Result<Option<String>> {
    let shared = "SELECT count(rootpage) > count(DISTINCT rootpage)
         FROM sqlite_schema WHERE rootpage > 0";
    let is_shared: bool = connection.query_row(shared, [], |row| row.get(0))?;
    Ok(is_shared.then(|| "two of its tables or indexes stand on one page".to_owned()))
}

fn altered(connection: &Connection, schema: i32, sql: &str) -> Result<Vec<String>> {
    let mut model = Connection::open_in_memory()?;
    if migrate::run_up_to(&mut model, schema).is_err() {
        return Ok(vec!["its version is unknown".to_owned()]);
    }
    if schema < 1 {
        return Ok(vec![format!("the file states schema {schema}, which never was")]);
    }
    let here = objects(connection, sql)?;
    let missing = objects(&model, sql)?.into_iter().filter(|object| !here.contains(object));
    let mut altered: Vec<String> =
        missing.map(|(name, _)| format!("{name} is not as it was made")).collect();
    altered.extend(on_one_page(connection)?);
    if has_later(connection, schema)? {
        altered.push(format!("the file states schema {schema}, but has a later one"));
    }
    Ok(altered)
}

/// Whether the archive has a table that only a later schema makes.
fn has_later(connection: &Connection, schema: i32) -> Result<bool> {
    if schema >= migrate::SCHEMA_VERSION {
        return Ok(false);
    }
    let mut later = Connection::open_in_memory()?;
    if migrate::run_up_to(&mut later, schema + 1).is_err() {
        return Ok(false);
    }
    let here = objects(connection, OBJECTS)?;
    let mut now = Connection::open_in_memory()?;
    if migrate::run_up_to(&mut now, schema).is_err() {
        return Ok(false);
    }
    let before = objects(&now, OBJECTS)?;
    Ok(objects(&later, OBJECTS)?.iter().any(|it| !before.contains(it) && here.contains(it)))
}

/// Whether a setting is one that changes with what the archive holds, and none of its recipes.
pub(in crate::store) fn is_note(name: &str) -> bool {
    name == saved_proof::NAMES || name == collection::KEPT || tally::is_note(name)
}

fn names(connection: &Connection) -> Result<BTreeSet<String>> {
    connection.prepare("SELECT name FROM setting")?.query_map([], |row| row.get(0))?.collect()
}

fn objects(connection: &Connection, sql: &str) -> Result<BTreeSet<(String, String)>> {
    connection.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_the_newest_schema_is_the_one_that_is_compared() {
        let mut model = Connection::open_in_memory().unwrap();
        migrate::run_up_to(&mut model, migrate::SCHEMA_VERSION).unwrap();
        assert_eq!(digest(&objects(&model, OBJECTS).unwrap()), CURRENT);
        model.execute_batch("DROP VIEW ledger; CREATE VIEW ledger AS SELECT 1").unwrap();
        assert_ne!(digest(&objects(&model, OBJECTS).unwrap()), CURRENT);
        let found = altered_objects(&model, migrate::SCHEMA_VERSION).unwrap();
        assert_eq!(found, ["view ledger is not as it was made"]);
    }
}

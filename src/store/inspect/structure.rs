//! Whether the file is sound as SQLite sees it and has the schema it states.

use super::{Inspector, or_hurt};
use crate::model::{Hurt, Part};
use crate::store::migrate;
use rusqlite::{Connection, Result};
use std::collections::BTreeSet;

/// The most faults of structure that are told; one torn page can cause thousands.
const MOST: u32 = 50;

/// What every archive of a schema has alike: name and content of its objects and notes.
const SCHEMA: &str = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema
     UNION ALL SELECT 'note ' || name, note FROM about
     UNION ALL SELECT 'setting ' || name, value FROM setting";

impl Inspector {
    /// Compares tables, views, notes and settings with those that the migrations make. What users
    /// added themselves is no fault.
    pub fn check_schema(&self) -> Vec<Hurt> {
        or_hurt(Part::Schema, self.missing_from_schema())
    }

    fn missing_from_schema(&self) -> Result<Vec<Hurt>> {
        let mut model = Connection::open_in_memory()?;
        if migrate::run_up_to(&mut model, self.schema).is_err() {
            return Ok(vec![Hurt::general(Part::Schema, "its version is unknown")]);
        }
        if self.schema < 1 {
            let what = format!("the file states schema {}, which never was", self.schema);
            return Ok(vec![Hurt::general(Part::Schema, what)]);
        }
        let here = objects(&self.connection)?;
        let missing = objects(&model)?.into_iter().filter(|object| !here.contains(object));
        let mut hurts: Vec<Hurt> = missing
            .map(|(name, _)| Hurt::general(Part::Schema, format!("{name} is not as it was made")))
            .collect();
        let newer = here.iter().any(|(name, _)| name == "table batch");
        if self.schema < migrate::SCHEMA_VERSION && newer {
            let what = format!("the file states schema {}, but has a later one", self.schema);
            hurts.push(Hurt::general(Part::Schema, what));
        }
        Ok(hurts)
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

fn objects(connection: &Connection) -> Result<BTreeSet<(String, String)>> {
    connection.prepare(SCHEMA)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

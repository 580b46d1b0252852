//! Every statement on `concept`: the lists of concepts that searches use.
//!
//! It keeps lists as they were written; what they mean stands in `text`.

use super::Archive;
use crate::text::concepts::Concepts;
use anyhow::Result;
use rusqlite::{Connection, Error};

impl Archive {
    /// Stores a list of concepts, in the place of one of the same name; returns how many it has. Comments
    /// are left out.
    ///
    /// The list must be one that [`Concepts::read`](crate::text::concepts::Concepts::read) can read.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn store_concepts(&mut self, name: &str, list: &str, now: &str) -> Result<usize> {
        let lines = list.trim_start_matches('\u{feff}').lines().map(str::trim);
        let concepts = (1_i64..).zip(lines).filter(|(_, line)| is_concept(line));
        let concepts: Vec<(i64, &str)> = concepts.collect();
        self.in_transaction(|connection| {
            connection.prepare("DELETE FROM concept WHERE list = ?1")?.execute([name])?;
            let mut statement = connection.prepare(
                "INSERT INTO concept (list, line, expressions, stored_at) VALUES (?1, ?2, ?3, ?4)",
            )?;
            for (line, expressions) in &concepts {
                statement.execute((name, line, expressions, now))?;
            }
            Ok(())
        })?;
        Ok(concepts.len())
    }

    /// Removes a list of concepts; returns how many it had, 0 where there was none of that name.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn remove_concepts(&mut self, name: &str) -> Result<usize> {
        let mut removed = 0;
        self.in_transaction(|connection| {
            removed = connection.prepare("DELETE FROM concept WHERE list = ?1")?.execute([name])?;
            Ok(())
        })?;
        Ok(removed)
    }
}

fn is_concept(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

/// All stored lists as one; empty in an archive of an earlier schema.
///
/// # Errors
/// When the archive cannot be read, or a list was changed so that it cannot be meant; then its name.
pub(super) fn stored(connection: &Connection) -> rusqlite::Result<Concepts> {
    let sql = "SELECT list, line, expressions FROM concept ORDER BY list, line";
    let Ok(mut statement) = connection.prepare_cached(sql) else { return Ok(Concepts::default()) };
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows: Vec<(String, i64, String)> = rows.collect::<rusqlite::Result<_>>()?;
    let lines: Vec<&str> = rows.iter().map(|(.., expressions)| expressions.as_str()).collect();
    Concepts::read(&lines.join("\n")).map_err(|all| {
        let wrong = rows.iter().find_map(|(list, line, expressions)| {
            let reason = Concepts::read(expressions).err()?;
            let reason = reason.strip_prefix("line 1: ").unwrap_or(&reason).to_owned();
            Some(format!("list {list}, line {line}: {reason}"))
        });
        let reason = wrong.unwrap_or(all);
        Error::ModuleError(format!("search cannot read the concepts of the archive: {reason}"))
    })
}

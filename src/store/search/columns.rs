//! What a reader can ask of a hit, column by column.
//!
//! Each column is fetched when it is asked for and not before.

use super::{Hit, Search};
use crate::text::highlight::snippet;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Result};
use std::ffi::CStr;

/// The columns of `search`, the hidden ones being its arguments.
pub(in crate::store) const COLUMNS: &CStr = c"CREATE TABLE search (
    rank INTEGER, address TEXT, document_id INTEGER, position INTEGER, passage_id INTEGER, kind TEXT,
    label TEXT, title TEXT, section TEXT, snippet TEXT, text TEXT, copies INTEGER, score REAL, found_as TEXT,
    words TEXT HIDDEN, all_text INTEGER HIDDEN, exact INTEGER HIDDEN, in_kind TEXT HIDDEN,
    in_documents TEXT HIDDEN, all_copies INTEGER HIDDEN, concepts TEXT HIDDEN
)";

/// The width of a snippet in columns: about three lines of a terminal.
const SNIPPET: usize = 240;

impl Search {
    /// The value of a column of the current hit.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub(in crate::store) fn column(&self, column: i32) -> Result<Value> {
        let Some(hit) = &self.current else { return Ok(Value::Null) };
        let passage = hit.passage;
        Ok(match column {
            0 => Value::Integer(self.rank),
            1 => self.of_place(
                hit,
                "SELECT address FROM paragraph WHERE document_id = ?1 AND position = ?2",
            )?,
            2 => Value::Integer(hit.document),
            3 => Value::Integer(self.position(hit)?),
            4 => Value::Integer(passage),
            5 => self.of_place(
                hit,
                "SELECT kind FROM placement WHERE document_id = ?1 AND position = ?2",
            )?,
            6 => self.of_passage(hit.document, "SELECT label FROM document WHERE id = ?1")?,
            7 => self.of_passage(hit.document, "SELECT title FROM document WHERE id = ?1")?,
            8 => self.of_place(
                hit,
                "SELECT section FROM paragraph WHERE document_id = ?1 AND position = ?2",
            )?,
            9 => self.snippet(passage)?,
            10 => self.of_passage(passage, "SELECT text FROM passage_text WHERE id = ?1")?,
            11 => self.copies(hit)?,
            12 => Value::Real(hit.score),
            13 => self.found_as(passage)?,
            14 => Value::Text(self.options.words.clone()),
            15 => Value::Integer(self.options.all_text.into()),
            16 => Value::Integer(self.options.exact.into()),
            19 => Value::Integer(self.options.all_copies.into()),
            _ => Value::Null,
        })
    }

    /// Where the hit stands in its document.
    fn position(&self, hit: &Hit) -> Result<i64> {
        if let Some(position) = hit.position {
            return Ok(position);
        }
        let sql =
            "SELECT position FROM placement WHERE passage_id = ?1 AND document_id = ?2 LIMIT 1";
        let position = self
            .connection
            .prepare_cached(sql)?
            .query_row([hit.passage, hit.document], |row| row.get(0))
            .optional()?;
        Ok(position.unwrap_or(0))
    }

    /// The other documents that have the passage or tell the same story.
    fn copies(&self, hit: &Hit) -> Result<Value> {
        let sql = "SELECT count(*) - 1 FROM (
                 SELECT document_id FROM placement WHERE passage_id = ?1
                 UNION
                 SELECT other.id FROM document JOIN document AS other
                     ON other.cluster_id = document.cluster_id
                 WHERE document.id = ?2
             )";
        let mut statement = self.connection.prepare_cached(sql)?;
        statement.query_row([hit.passage, hit.document], |row| row.get(0))
    }

    fn snippet(&self, passage: i64) -> Result<Value> {
        let Value::Text(text) =
            self.of_passage(passage, "SELECT text FROM passage_text WHERE id = ?1")?
        else {
            return Ok(Value::Null);
        };
        Ok(Value::Text(snippet(&text, &self.finder.marks(&text), SNIPPET, "**", "**")))
    }

    /// How the hit spells what was typed, where it stands there in other spellings only.
    fn found_as(&self, passage: i64) -> Result<Value> {
        let text = "SELECT text || char(32, 10) || context FROM passage_text WHERE id = ?1";
        let Value::Text(text) = self.of_passage(passage, text)? else { return Ok(Value::Null) };
        let variants = self.finder.variants(&text);
        Ok(if variants.is_empty() { Value::Null } else { Value::Text(variants.join(", ")) })
    }

    fn of_place(&self, hit: &Hit, sql: &str) -> Result<Value> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let value = statement
            .query_row([hit.document, self.position(hit)?], |row| row.get(0))
            .optional()?;
        Ok(value.unwrap_or(Value::Null))
    }

    fn of_passage(&self, id: i64, sql: &str) -> Result<Value> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?.unwrap_or(Value::Null))
    }
}

//! Every statement on `recurring`, and what learning it reads.

use super::archive::explain;
use super::{Archive, facts};
use anyhow::Result;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// A paragraph as learning boilerplate sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The passage that stands there.
    pub passage: i64,
    /// Whether it could be a line of the page and not of its text: a row, a title or an author cannot.
    pub may_recur: bool,
    /// Whether it heads what follows.
    pub is_heading: bool,
    /// Whether its reader told it from the document's own text.
    pub is_boilerplate: bool,
    /// Characters that it takes.
    pub length: i64,
}

impl Archive {
    /// The text of a passage.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn passage_text(&self, passage: i64) -> Result<String> {
        self.connection()
            .prepare_cached("SELECT text FROM passage_text WHERE id = ?1")
            .and_then(|mut select| select.query_row([passage], |row| row.get(0)))
            .map_err(|error| explain(error, self.path()))
    }

    /// The paragraphs of each document in order, as `found(paragraphs)`.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn each_document(&self, found: &mut dyn FnMut(&[Place])) -> Result<()> {
        let mut read = || -> rusqlite::Result<()> {
            let mut select = self.connection().prepare(
                "SELECT document_id, passage_id,
                     kind IN ('body', 'heading', 'note', 'item', 'acknowledgement'),
                     kind = 'heading', boilerplate, end - start
                 FROM placement ORDER BY document_id, position",
            )?;
            let mut rows = select.query([])?;
            let (mut document, mut places) = (0i64, Vec::new());
            while let Some(row) = rows.next()? {
                let next = row.get(0)?;
                if next != document {
                    found(&places);
                    places.clear();
                    document = next;
                }
                places.push(Place {
                    passage: row.get(1)?,
                    may_recur: row.get(2)?,
                    is_heading: row.get(3)?,
                    is_boilerplate: row.get(4)?,
                    length: row.get(5)?,
                });
            }
            found(&places);
            Ok(())
        };
        read().map_err(|error| explain(error, self.path()))
    }
}

/// Makes what recurs these passages, each with the number of its stories, and the facts agree.
pub(super) fn write(connection: &Connection, now: &BTreeMap<i64, i64>) -> rusqlite::Result<()> {
    let mut select = connection.prepare_cached("SELECT passage_id, stories FROM recurring")?;
    let before: BTreeMap<i64, i64> = select
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut changed = BTreeSet::new();
    for passage in before.keys().filter(|passage| !now.contains_key(passage)) {
        connection
            .prepare_cached("DELETE FROM recurring WHERE passage_id = ?1")?
            .execute([passage])?;
        changed.insert(*passage);
    }
    for (passage, stories) in now.iter().filter(|(passage, n)| before.get(passage) != Some(n)) {
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO recurring (passage_id, stories) VALUES (?1, ?2)",
            )?
            .execute((passage, stories))?;
        changed.insert(*passage);
    }
    facts::renew(connection, &changed, &BTreeSet::new())
}

/// Whether a passage is boilerplate wherever it stands, by a ruling or because it recurs; `None` where
/// each place says so itself. Archives of earlier schemas have neither.
pub(super) fn everywhere(connection: &Connection, passage: i64) -> rusqlite::Result<Option<bool>> {
    let select = connection.prepare_cached(
        "SELECT coalesce(
             (SELECT boilerplate FROM ruling WHERE passage_id = ?1 ORDER BY id DESC LIMIT 1),
             (SELECT 1 FROM recurring WHERE passage_id = ?1))",
    );
    match select {
        Ok(mut select) => select.query_row([passage], |row| row.get(0)),
        Err(_) => Ok(None),
    }
}

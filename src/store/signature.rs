//! Every statement on `signature`.

use super::Archive;
use super::archive::explain;
use crate::fingerprint::Sketch;
use anyhow::Result;
use rusqlite::{Connection, Row};
use std::collections::BTreeSet;

/// A document as far as finding its relations needs it.
#[derive(Clone, Debug)]
pub struct Sketched {
    /// Its id.
    pub id: i64,
    /// The cluster it is in.
    pub cluster: i64,
    /// The first bytes of its digest, which outlast its id.
    pub digest: [u8; 8],
    /// The digest of its folded text.
    pub normal_digest: [u8; 32],
    /// The sketch of its text.
    pub sketch: Sketch,
}

pub(super) fn insert(
    connection: &Connection,
    document_id: i64,
    sketch: &Sketch,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO signature (document_id, sketch) VALUES (?1, ?2)")?
        .execute((document_id, sketch.to_bytes()))
        .map(|_| ())
}

impl Archive {
    /// Every document with a sketch, in the order in which documents stand for each other: most
    /// characters first, then the earliest date, then the smallest digest.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn sketched(&self) -> Result<Vec<Sketched>> {
        let read = || -> rusqlite::Result<Vec<Sketched>> {
            self.connection()
                .prepare(
                    "SELECT id, document.cluster_id, unhex(substr(digest, 1, 16)), normal_digest, sketch
                     FROM document JOIN signature ON document_id = id
                     WHERE normal_digest IS NOT NULL
                     ORDER BY characters DESC, date IS NULL, date, digest",
                )?
                .query_map([], sketched)?
                .collect()
        };
        read().map_err(|error| explain(error, self.path()))
    }

    /// The same of these documents only.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn sketched_of(&self, documents: &BTreeSet<i64>) -> Result<Vec<Sketched>> {
        let ids: Vec<String> = documents.iter().map(ToString::to_string).collect();
        let read = || -> rusqlite::Result<Vec<Sketched>> {
            self.connection()
                .prepare_cached(
                    "SELECT id, document.cluster_id, unhex(substr(digest, 1, 16)), normal_digest, sketch
                     FROM document JOIN signature ON document_id = id
                     WHERE id IN (SELECT value FROM json_each(?1)) AND normal_digest IS NOT NULL
                     ORDER BY characters DESC, date IS NULL, date, digest",
                )?
                .query_map([format!("[{}]", ids.join(","))], sketched)?
                .collect()
        };
        read().map_err(|error| explain(error, self.path()))
    }

    /// Every sketch, as `found(document, cluster, sketch)`, without the rest of the documents.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn each_sketch(&self, found: &mut dyn FnMut(i64, i64, &Sketch)) -> Result<()> {
        let mut read = || -> rusqlite::Result<()> {
            let mut select = self.connection().prepare(
                "SELECT document_id, coalesce(cluster_id, document_id), sketch FROM signature",
            )?;
            let mut rows = select.query([])?;
            let mut sketch = Sketch::default();
            while let Some(row) = rows.next()? {
                if sketch.read(row.get_ref(2)?.as_blob()?) {
                    found(row.get(0)?, row.get(1)?, &sketch);
                }
            }
            Ok(())
        };
        read().map_err(|error| explain(error, self.path()))
    }

    /// Documents that have text and no sketch: those stored before archives had sketches.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn unsketched(&self) -> Result<Vec<i64>> {
        let read = || -> rusqlite::Result<Vec<i64>> {
            self.connection()
                .prepare(
                    "SELECT id FROM document
                     WHERE normal_digest IS NOT NULL
                         AND NOT EXISTS (SELECT 1 FROM signature WHERE document_id = id)
                     ORDER BY id",
                )?
                .query_map([], |row| row.get(0))?
                .collect()
        };
        read().map_err(|error| explain(error, self.path()))
    }

    /// Adds sketches of documents that lack them.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn add_sketches(&mut self, sketches: &[(i64, Sketch)]) -> Result<()> {
        self.in_transaction(|connection| {
            sketches.iter().try_for_each(|(id, sketch)| insert(connection, *id, sketch))
        })
    }
}

fn sketched(row: &Row<'_>) -> rusqlite::Result<Sketched> {
    let bytes: Vec<u8> = row.get(4)?;
    Ok(Sketched {
        id: row.get(0)?,
        cluster: row.get(1)?,
        digest: row.get(2)?,
        normal_digest: row.get(3)?,
        // The table's own constraint keeps the length right.
        sketch: Sketch::from_bytes(&bytes).ok_or(rusqlite::Error::InvalidQuery)?,
    })
}

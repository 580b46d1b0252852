//! Every statement on `decision`: what people say two documents are to each other.
//!
//! Rows are only ever added, each with a digest over itself and the row before.

use super::Archive;
use super::archive::explain;
use super::canonical::{Canonical, RowDigest};
use super::{loss, tally};
use crate::model::{Hurt, Part, RelationKind};
use anyhow::Result;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// A person's verdict on two documents.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The two documents.
    pub documents: (i64, i64),
    /// What they are to each other.
    pub kind: RelationKind,
    /// Who says so.
    pub author: String,
    /// Why; may be empty.
    pub reason: String,
}

impl Archive {
    /// Adds a decision; it holds from now on.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn decide(&mut self, decision: &Decision, at: &str) -> Result<()> {
        self.in_transaction(|connection| insert(connection, decision, at, None).map(|_| ()))
    }

    /// Takes back the decision that holds about two documents; `None` where there is none, else its kind.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn undecide(
        &mut self,
        documents: (i64, i64),
        author: &str,
        at: &str,
    ) -> Result<Option<RelationKind>> {
        let mut undone = None;
        self.in_transaction(|connection| {
            let (left, right) = in_order(documents);
            let holds: Option<(i64, String)> = connection
                .prepare(
                    "SELECT decision_id, kind FROM verdict WHERE left_id = ?1 AND right_id = ?2",
                )?
                .query_row([left, right], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((id, kind)) = holds else { return Ok(()) };
            let kind = kind.parse().unwrap_or(RelationKind::Unrelated);
            let decision =
                Decision { documents, kind, author: author.to_owned(), reason: String::new() };
            insert(connection, &decision, at, Some(id))?;
            undone = Some(kind);
            Ok(())
        })?;
        Ok(undone)
    }

    /// The decisions that hold, by documents, the smaller id first.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn verdicts(&self) -> Result<HashMap<(i64, i64), RelationKind>> {
        let read = || -> rusqlite::Result<HashMap<(i64, i64), RelationKind>> {
            let mut select =
                self.connection().prepare("SELECT left_id, right_id, kind FROM verdict")?;
            let rows = select.query_map([], |row| {
                let kind = row.get_ref(2)?.as_str()?.parse().unwrap_or(RelationKind::Unrelated);
                Ok(((row.get(0)?, row.get(1)?), kind))
            })?;
            rows.collect()
        };
        read().map_err(|error| explain(error, self.path()))
    }
}

fn in_order((one, other): (i64, i64)) -> (i64, i64) {
    (one.min(other), one.max(other))
}

fn insert(
    connection: &Connection,
    decision: &Decision,
    at: &str,
    undoes: Option<i64>,
) -> rusqlite::Result<i64> {
    let (left, right) = in_order(decision.documents);
    let id = connection
        .prepare(
            "INSERT INTO decision
                 (left_id, right_id, kind, decided_at, author, reason, undoes, digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, zeroblob(32))",
        )?
        .insert((
            left,
            right,
            decision.kind.as_str(),
            at,
            &decision.author,
            &decision.reason,
            undoes,
        ))?;
    tally::seal(connection, "decision", id, digest(connection, id)?)?;
    Ok(id)
}

fn digest(connection: &Connection, id: i64) -> rusqlite::Result<RowDigest> {
    let queries = [
        "SELECT digest FROM decision WHERE id < ?1 ORDER BY id DESC LIMIT 1",
        "SELECT id, left_id, right_id, kind, decided_at, author, reason, undoes
         FROM decision WHERE id = ?1",
    ];
    Canonical::of(connection, "decision", &queries, id)
}

/// A decision that is not what it was, or follows one that is gone.
pub(super) struct Changed {
    pub(super) id: i64,
    /// One of the documents it is about.
    pub(super) document: i64,
    /// The digest that it has now.
    pub(super) now: RowDigest,
}

/// Recomputes every digest.
pub(super) fn changed(connection: &Connection) -> rusqlite::Result<Vec<Changed>> {
    let mut select = connection.prepare("SELECT id, left_id, digest FROM decision ORDER BY id")?;
    let mut rows = select.query([])?;
    let mut changed = Vec::new();
    let mut expected = 1;
    while let Some(row) = rows.next()? {
        let (id, document): (i64, i64) = (row.get(0)?, row.get(1)?);
        let now = digest(connection, id)?;
        let is_stated = id == expected && row.get::<_, RowDigest>(2)? == now;
        if !is_stated && loss::remains(connection, "decision", id)? != Some(now) {
            changed.push(Changed { id, document, now });
        }
        expected = id + 1;
    }
    Ok(changed)
}

/// The decisions that have changed, as findings.
pub(super) fn verify(connection: &Connection) -> rusqlite::Result<Vec<Hurt>> {
    let hurt = |Changed { id, document, .. }| {
        let what = format!("decision {id} about it has changed, or one before it is gone");
        Hurt::of(document, Part::Cluster, what)
    };
    Ok(changed(connection)?.into_iter().map(hurt).collect())
}

//! Every statement on `ruling`: what people say of passages.
//!
//! Rows are only ever added, each with a digest over itself and the row before.

use super::Archive;
use super::canonical::{Canonical, RowDigest};
use super::{facts, loss, tally};
use crate::model::{Hurt, Part};
use anyhow::Result;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// A person's word on a passage, wherever it stands.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The passage.
    pub passage: i64,
    /// Whether it is boilerplate; `None` where the program is to say so again.
    pub boilerplate: Option<bool>,
    /// Who says so.
    pub author: String,
    /// Why; may be empty.
    pub reason: String,
}

impl Archive {
    /// Adds a ruling; it holds from now on.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn rule(&mut self, ruling: &Ruling, at: &str) -> Result<()> {
        self.in_transaction(|connection| {
            let id = connection
                .prepare(
                    "INSERT INTO ruling (passage_id, boilerplate, decided_at, author, reason, digest)
                     VALUES (?1, ?2, ?3, ?4, ?5, zeroblob(32))",
                )?
                .insert((
                    ruling.passage,
                    ruling.boilerplate,
                    at,
                    &ruling.author,
                    &ruling.reason,
                ))?;
            tally::seal(connection, "ruling", id, digest(connection, id)?)?;
            facts::renew(connection, &BTreeSet::from([ruling.passage]), &BTreeSet::new())
        })
    }
}

fn digest(connection: &Connection, id: i64) -> rusqlite::Result<RowDigest> {
    let queries = [
        "SELECT digest FROM ruling WHERE id < ?1 ORDER BY id DESC LIMIT 1",
        "SELECT id, passage_id, boilerplate, decided_at, author, reason FROM ruling WHERE id = ?1",
    ];
    Canonical::of(connection, "ruling", &queries, id)
}

/// The rulings that are not what they were or follow one that is gone, with the digests they have now.
pub(super) fn changed(connection: &Connection) -> rusqlite::Result<Vec<(i64, RowDigest)>> {
    loss::changed_in(connection, "ruling", digest)
}

/// The same, as findings.
pub(super) fn verify(connection: &Connection) -> rusqlite::Result<Vec<Hurt>> {
    let hurt = |(id, _)| {
        let what = format!("ruling {id} on boilerplate has changed, or one before it is gone");
        Hurt::general(Part::Cluster, what)
    };
    Ok(changed(connection)?.into_iter().map(hurt).collect())
}

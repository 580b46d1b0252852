//! Every statement on `fixity`: dated results of checks, chained so that none can be lost unseen.

use super::canonical::{Canonical, RowDigest};
use super::header;
use super::{loss, tally, waiting};
use crate::model::{Digest, Hurt, Part};
use rusqlite::{Connection, OpenFlags, Result, TransactionBehavior};
use std::path::{Path, absolute};

/// The result of one check.
#[derive(Clone, Debug)]
pub struct Checked {
    /// When: UTC, ISO 8601.
    pub checked_at: String,
    /// `all`, or the share of the documents, such as `1/30`.
    pub scope: String,
    /// Documents that were checked.
    pub documents: u64,
    /// What was found.
    pub findings: u64,
    /// The digest of the last batch.
    pub head: Option<Digest>,
}

impl Checked {
    /// Adds the result to the archive.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn record(&self, path: &Path) -> anyhow::Result<()> {
        header::existing(path)?;
        let write = || -> Result<()> {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let full = absolute(path).unwrap_or_else(|_| path.to_owned());
            let mut connection = Connection::open_with_flags(full, flags)?;
            waiting::on(&mut connection)?;
            // EXTRA: outside of WAL mode, FULL may lose the last transaction in a power cut.
            connection.pragma_update(None, "synchronous", "EXTRA")?;
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            self.insert(&transaction)?;
            transaction.commit()
        };
        write().map_err(|error| super::archive::explain(error, path))
    }

    fn insert(&self, connection: &Connection) -> Result<()> {
        let outcome = if self.findings == 0 { "sound" } else { "damaged" };
        let id = connection
            .prepare(
                "INSERT INTO fixity
                     (checked_at, tool, scope, outcome, documents, findings, head, digest)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, zeroblob(32))",
            )?
            .insert((
                &self.checked_at,
                concat!("fonds ", env!("CARGO_PKG_VERSION")),
                &self.scope,
                outcome,
                self.documents as i64,
                self.findings as i64,
                self.head.as_ref().map(|head| head.as_bytes()),
            ))?;
        tally::seal(connection, "fixity", id, digest(connection, id)?)
    }
}

fn digest(connection: &Connection, id: i64) -> Result<RowDigest> {
    let queries = [
        "SELECT digest FROM fixity WHERE id < ?1 ORDER BY id DESC LIMIT 1",
        "SELECT id, checked_at, tool, scope, outcome, documents, findings, head
         FROM fixity WHERE id = ?1",
    ];
    Canonical::of(connection, "fixity", &queries, id)
}

/// Results that are not what they were, by id, with the digest that they have now.
pub(super) fn changed(connection: &Connection) -> Result<Vec<(i64, RowDigest)>> {
    loss::changed_in(connection, "fixity", digest)
}

/// The results that have changed, as findings.
pub(super) fn verify(connection: &Connection) -> Result<Vec<Hurt>> {
    let hurt = |(id, _)| Hurt::general(Part::Fixity, format!("result {id} has changed"));
    Ok(changed(connection)?.into_iter().map(hurt).collect())
}

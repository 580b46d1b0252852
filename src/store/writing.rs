//! Writes arrivals, batch after batch, in one transaction.
//!
//! What is looked up by hash lies everywhere in its table, so that nearly every page of it is written by any
//! transaction, however small: transactions of eight batches wrote 1.6 GB of 27,867 files, those of one 4.2.

use super::accession::{self, Accession};
use super::archive::{explain, identity_of};
use super::arrival::Arrival;
use super::document::Documents;
use super::header::Refusal;
use super::passage;
use anyhow::Result;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;
use std::time::{Duration, Instant};

/// Most paths in a transaction, and how long it may go on: a crash loses no more.
const PATHS: usize = 512;
const TIME: Duration = Duration::from_secs(2);

/// A transaction that arrivals are written in. Dropped without a commit it leaves the archive as it was.
pub struct Writing<'a> {
    transaction: Transaction<'a>,
    path: &'a Path,
    /// Which file lay at the path when the archive was opened.
    identity: Option<(u64, u64)>,
    /// The accession as it is with what was written.
    next: Accession,
    paths: usize,
    begun: Instant,
}

impl<'a> Writing<'a> {
    /// Begins a transaction of the accession.
    pub(super) fn begin(
        connection: &'a mut Connection,
        path: &'a Path,
        identity: Option<(u64, u64)>,
        accession: &Accession,
    ) -> Result<Self> {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| explain(error, path))?;
        let (next, begun) = (accession.clone(), Instant::now());
        Ok(Self { transaction, path, identity, next, paths: 0, begun })
    }

    /// Writes a batch of arrivals, in order.
    ///
    /// # Errors
    /// When the archive cannot be written; then the transaction is to be dropped.
    pub fn add(&mut self, now: &str, arrivals: &[Arrival]) -> Result<()> {
        self.paths += arrivals.len();
        self.try_add(now, arrivals).map_err(|error| explain(error, self.path))
    }

    fn try_add(&mut self, now: &str, arrivals: &[Arrival]) -> rusqlite::Result<()> {
        let before = self.next.next_ordinal;
        let (unindexed, touched) = {
            let mut documents = Documents::new(&self.transaction, &mut self.next, now)?;
            for arrival in arrivals {
                documents.write(arrival)?;
            }
            documents.into_touched()
        };
        // Plain rows first, then the index for the whole batch: a fifth faster than by turns.
        passage::index(&self.transaction, &unindexed)?;
        accession::update(&self.transaction, &self.next)?;
        touched.prove(&self.transaction, self.next.id, now, before..self.next.next_ordinal)
    }

    /// Whether so much was written that it is to be committed.
    pub fn is_enough(&self) -> bool {
        self.paths >= PATHS || self.begun.elapsed() >= TIME
    }

    /// Commits what was written; when this returns it survives a power cut, and the accession has it.
    ///
    /// # Errors
    /// When the archive cannot be written, then nothing of it is stored; or is no longer at its path: SQLite
    /// goes on writing to a file that was moved or removed, and what was stored there would be told as safe.
    pub fn commit(self, accession: &mut Accession) -> Result<()> {
        self.transaction.commit().map_err(|error| explain(error, self.path))?;
        *accession = self.next;
        must_be_there(self.path, self.identity)
    }
}

/// Fails where this file is no longer at the path.
pub(super) fn must_be_there(path: &Path, identity: Option<(u64, u64)>) -> Result<()> {
    if identity_of(path) == identity {
        return Ok(());
    }
    Err(Refusal::Moved(path.to_owned()).into())
}

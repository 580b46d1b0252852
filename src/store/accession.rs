//! Every statement on `accession`: one row for each run of ingest.

use super::batch::{self, Added};
use super::listing::Members;
use crate::model::{Counts, State};
use rusqlite::{Connection, Result, TransactionBehavior, named_params};

/// One run of ingest, as its row stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accession {
    /// Its number in the archive, from 1.
    pub id: i64,
    /// When it began: UTC, ISO 8601.
    pub started_at: String,
    /// What it has done so far.
    pub counts: Counts,
    /// Ordinal of the next path in the ledger.
    pub(super) next_ordinal: i64,
    /// What it has read of a container so far.
    pub(super) members: Option<Members>,
    /// Passages it has added.
    pub(super) fresh_passages: u64,
}

pub(super) fn begin(connection: &Connection, now: &str, options: &str) -> Result<Accession> {
    connection.execute(
        "INSERT INTO accession (started_at, state, tool, options)
         VALUES (:now, 'open', :tool, :options)",
        named_params! {
            ":now": now,
            ":tool": concat!("fonds ", env!("CARGO_PKG_VERSION")),
            ":options": options,
        },
    )?;
    Ok(Accession {
        id: connection.last_insert_rowid(),
        started_at: now.to_owned(),
        counts: Counts::default(),
        next_ordinal: 1,
        members: None,
        fresh_passages: 0,
    })
}

/// Writes the counts of an accession under way.
pub(super) fn update(connection: &Connection, accession: &Accession) -> Result<()> {
    let Counts { stored, known, skipped, failed, containers, sightings, .. } = accession.counts;
    connection
        .prepare_cached(
            "UPDATE accession
             SET stored = ?2, known = ?3, skipped = ?4, failed = ?5, containers = ?6, sightings = ?7
             WHERE id = ?1",
        )?
        .execute((
            accession.id,
            stored as i64,
            known as i64,
            skipped as i64,
            failed as i64,
            containers as i64,
            sightings as i64,
        ))?;
    Ok(())
}

pub(super) fn finish(
    connection: &Connection,
    accession: &Accession,
    now: &str,
    state: State,
) -> Result<()> {
    // The counts in its row are those of the last batch that was committed. What the caller has may
    // be older: a COMMIT that failed on a failing disk may have happened all the same.
    connection.execute(
        "UPDATE accession SET state = ?2, finished_at = ?3 WHERE id = ?1",
        (accession.id, state.as_str(), now),
    )?;
    batch::append(connection, accession.id, now, &Added::nothing("end"))
}

/// Marks accessions that are still open as interrupted and returns them. Call it only when no other
/// writer is there.
pub(super) fn close_cut_off(connection: &mut Connection) -> Result<Vec<Accession>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let closed = mark_interrupted(&transaction)?;
    for accession in &closed {
        let added = Added::nothing("end");
        batch::append(&transaction, accession.id, &accession.started_at, &added)?;
    }
    transaction.commit()?;
    Ok(closed)
}

fn mark_interrupted(connection: &Connection) -> Result<Vec<Accession>> {
    let mut statement = connection.prepare(
        "UPDATE accession SET state = 'interrupted', finished_at = started_at WHERE state = 'open'
         RETURNING id, started_at, stored, known, skipped, failed, containers, sightings",
    )?;
    let rows = statement.query_map([], |row| {
        let count = |column: usize| row.get::<_, i64>(column).map(|n| n as u64);
        Ok(Accession {
            id: row.get(0)?,
            started_at: row.get(1)?,
            counts: Counts {
                stored: count(2)?,
                known: count(3)?,
                skipped: count(4)?,
                failed: count(5)?,
                containers: count(6)?,
                sightings: count(7)?,
                ..Counts::default()
            },
            next_ordinal: 1,
            members: None,
            fresh_passages: 0,
        })
    })?;
    rows.collect()
}

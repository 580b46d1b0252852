//! Every statement on `batch`: the chain of digests over all transactions of all accessions.
//!
//! A batch is never changed: a later one is added instead. Its digest is made from the rows as they
//! are read back, by the function that `check` uses.

use super::canonical::{Canonical, RowDigest};
use super::{loss, proof};
use rusqlite::{Connection, OptionalExtension, Result};
use std::ops::Range;

/// What a batch added.
pub(super) struct Added<'a> {
    pub(super) kind: &'static str,
    /// Ordinals of its rows in the ledger.
    pub(super) ledger: Range<i64>,
    /// Ids among which its sightings are.
    pub(super) sightings: Range<i64>,
    /// Documents about which it changed anything.
    pub(super) documents: &'a [i64],
}

impl Added<'_> {
    /// The begin or the end of an accession.
    pub(super) fn nothing(kind: &'static str) -> Self {
        Added { kind, ledger: 0..0, sightings: 0..0, documents: &[] }
    }
}

/// Adds a batch to the chain, inside the transaction of the caller.
pub(super) fn append(
    connection: &Connection,
    accession_id: i64,
    now: &str,
    added: &Added<'_>,
) -> Result<()> {
    let id = connection
        .prepare_cached(
            "INSERT INTO batch (accession_id, kind, written_at, first_ordinal, next_ordinal,
                 first_sighting, next_sighting, digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, zeroblob(32))",
        )?
        .insert((
            accession_id,
            added.kind,
            now,
            added.ledger.start,
            added.ledger.end,
            added.sightings.start,
            added.sightings.end,
        ))?;
    for document in added.documents {
        proof::write(connection, id, *document)?;
    }
    let digest = digest(connection, id)?;
    connection
        .prepare_cached("UPDATE batch SET digest = ?2 WHERE id = ?1")?
        .execute((id, digest))
        .map(|_| ())
}

const UNCHANGED: &str = "SELECT ordinal, paths, containers, as_accession_id, as_ordinal, seen_at
     FROM batch JOIN unchanged ON unchanged.accession_id = batch.accession_id
         AND ordinal >= first_ordinal AND ordinal < next_ordinal
     WHERE batch.id = ?1 ORDER BY ordinal";

/// Digests a batch, the digest of the batch before it, and the rows that it added.
pub(super) fn digest(connection: &Connection, id: i64) -> Result<RowDigest> {
    let mut canonical = Canonical::new("batch");
    let groups = [
        ("", "SELECT digest FROM batch WHERE id < ?1 ORDER BY id DESC LIMIT 1"),
        (
            "",
            "SELECT id, accession_id, kind, written_at, first_ordinal, next_ordinal,
                 first_sighting, next_sighting
             FROM batch WHERE id = ?1",
        ),
        (
            "begin",
            "SELECT accession.id, started_at, tool, options
             FROM batch JOIN accession ON accession.id = accession_id
             WHERE batch.id = ?1 AND kind = 'begin'",
        ),
        (
            "end",
            "SELECT accession.id, started_at, finished_at, state, tool, options, stored, known,
                 skipped, failed, containers, sightings
             FROM batch JOIN accession ON accession.id = accession_id
             WHERE batch.id = ?1 AND kind = 'end'",
        ),
        (
            "proof",
            "SELECT document_id, record, reading, placement, original
             FROM proof WHERE batch_id = ?1 ORDER BY document_id",
        ),
        (
            // last_seen_at moves with later batches; the row's own proof covers it.
            "sighting",
            "SELECT sighting.id, document_id, sighting.accession_id, location, raw_location,
                 container, modified_at, first_seen_at
             FROM batch JOIN sighting ON sighting.id >= first_sighting
                 AND sighting.id < next_sighting AND sighting.accession_id = batch.accession_id
             WHERE batch.id = ?1 ORDER BY sighting.id",
        ),
        (
            "ledger",
            "SELECT ordinal, outcome, reason, sighting_id, location
             FROM batch JOIN ledger_row ON ledger_row.accession_id = batch.accession_id
                 AND ordinal >= first_ordinal AND ordinal < next_ordinal
             WHERE batch.id = ?1 ORDER BY ordinal",
        ),
    ];
    for (name, sql) in groups {
        canonical.group(name);
        canonical.rows(&mut *connection.prepare_cached(sql)?, [id])?;
    }
    // Archives of earlier schemas are checked as they are, and a batch of files that were all read has the
    // digest it would have had then.
    if proof::has_table(connection, "unchanged")? {
        let mut unchanged = connection.prepare_cached(UNCHANGED)?;
        if unchanged.exists([id])? {
            canonical.group("unchanged");
            canonical.rows(&mut unchanged, [id])?;
        }
    }
    Ok(canonical.finish())
}

/// Whether a batch is what it was, or what the last repair found left of it.
pub(super) fn is_sound(connection: &Connection, id: i64) -> Result<bool> {
    let stated: RowDigest = connection
        .prepare_cached("SELECT digest FROM batch WHERE id = ?1")?
        .query_row([id], |row| row.get(0))?;
    let now = digest(connection, id)?;
    Ok(stated == now || loss::remains(connection, "batch", id)? == Some(now))
}

/// A batch as a user knows it: its accession and the paths it dealt with.
pub(super) fn describe(connection: &Connection, id: i64) -> Result<String> {
    connection.query_row(
        "SELECT 'accession ' || accession_id || ', ' || CASE
             WHEN kind IN ('begin', 'end') THEN kind
             WHEN first_ordinal = next_ordinal THEN 'documents that were read again'
             ELSE 'paths ' || first_ordinal || ' to ' || (next_ordinal - 1)
                 || coalesce(' (' || (SELECT min(location) || ' … ' || max(location) FROM ledger
                     WHERE ledger.accession_id = batch.accession_id
                         AND ordinal >= first_ordinal AND ordinal < next_ordinal) || ')', '')
         END FROM batch WHERE id = ?1",
        [id],
        |row| row.get(0),
    )
}

/// Accessions whose counts are not those of their ledger and sightings, unless a repair has told so.
pub(super) fn miscounted(connection: &Connection) -> Result<Vec<i64>> {
    let (unread, unopened) = match proof::has_table(connection, "unchanged")? {
        true => (
            "(SELECT coalesce(sum(paths - containers), 0) FROM unchanged
              WHERE accession_id = accession.id)",
            "(SELECT coalesce(sum(containers), 0) FROM unchanged
              WHERE accession_id = accession.id)",
        ),
        false => ("0", "0"),
    };
    let mut select = connection.prepare(&format!(
        "SELECT id FROM accession
         LEFT JOIN (
             SELECT accession_id, sum(outcome = 'stored') AS stored_rows,
                 sum(outcome = 'known') AS known_rows, sum(outcome = 'skipped') AS skipped_rows,
                 sum(outcome = 'failed') AS failed_rows,
                 sum(outcome = 'container') AS container_rows
             FROM ledger_row GROUP BY accession_id
         ) ON accession_id = accession.id
         WHERE stored <> coalesce(stored_rows, 0) OR known <> coalesce(known_rows, 0) + {unread}
             OR skipped <> coalesce(skipped_rows, 0) OR failed <> coalesce(failed_rows, 0)
             OR containers <> coalesce(container_rows, 0) + {unopened}
             OR sightings <> (
                 SELECT count(*) FROM sighting WHERE sighting.accession_id = accession.id)",
    ))?;
    let ids = select.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>>>()?;
    let mut untold = Vec::new();
    for id in ids {
        if !loss::is_told(connection, "ledger", id)? {
            untold.push(id);
        }
    }
    Ok(untold)
}

/// The digest of the last batch, which stands for the whole chain.
pub(super) fn head(connection: &Connection) -> Result<Option<RowDigest>> {
    connection
        .query_row("SELECT digest FROM batch ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
        .optional()
}

/// Takes what schema 1 had stored into the chain: proofs for all of it, three batches for each
/// accession. Does nothing in a new archive.
pub(super) fn adopt(connection: &Connection) -> Result<()> {
    let ids = |sql| -> Result<Vec<i64>> {
        connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
    };
    for sighting in ids("SELECT id FROM sighting ORDER BY id")? {
        proof::prove_sighting(connection, sighting)?;
    }
    for accession in ids("SELECT id FROM accession ORDER BY id")? {
        adopt_accession(connection, accession)?;
    }
    Ok(())
}

fn adopt_accession(connection: &Connection, id: i64) -> Result<()> {
    let (written_at, is_open): (String, bool) = connection.query_row(
        "SELECT coalesce(finished_at, started_at), state = 'open' FROM accession WHERE id = ?1",
        [id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let range = |sql| -> Result<Range<i64>> {
        connection.query_row(sql, [id], |row| Ok(row.get(0)?..row.get(1)?))
    };
    let documents: Vec<i64> = connection
        .prepare_cached("SELECT id FROM document WHERE accession_id = ?1 ORDER BY id")?
        .query_map([id], |row| row.get(0))?
        .collect::<Result<_>>()?;
    append(connection, id, &written_at, &Added::nothing("begin"))?;
    let adopted = Added {
        kind: "adopted",
        ledger: range(
            "SELECT coalesce(min(ordinal), 0), coalesce(max(ordinal) + 1, 0)
             FROM ledger_row WHERE accession_id = ?1",
        )?,
        sightings: range(
            "SELECT coalesce(min(id), 0), coalesce(max(id) + 1, 0)
             FROM sighting WHERE accession_id = ?1",
        )?,
        documents: &documents,
    };
    append(connection, id, &written_at, &adopted)?;
    if is_open {
        return Ok(());
    }
    append(connection, id, &written_at, &Added::nothing("end"))
}

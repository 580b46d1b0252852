//! Every statement on `listing` and `unchanged`: what files looked like when they were read, and runs of
//! files that look the same.
//!
//! A listing is only ever a reason not to read a file: a row that is damaged or missing costs a reading
//! and nothing else, so whatever cannot be read here is left out in silence.

use super::accession::Accession;
use super::canonical::Canonical;
use crate::model::{Place, Stamp, Unread};
use rusqlite::{Connection, Result};
use std::collections::HashMap;

/// Bytes of a stamp.
const WIDTH: usize = size_of::<Stamp>();

const LISTING: &str =
    "SELECT id, folder, accession_id, ordinal, originals, stamps FROM listing WHERE id = ?1";

/// Stamps of files that were read one after the other, on their way into a row.
pub(super) struct Stamped {
    folder: String,
    ordinal: i64,
    has_originals: bool,
    stamps: Vec<u8>,
}

/// What an accession has read, for the next one.
#[derive(Default)]
pub(super) struct Listings(Vec<Stamped>);

impl Listings {
    /// Remembers what the file looked like that became this row of the ledger.
    pub(super) fn note(&mut self, place: &Place, ordinal: i64, has_original: bool) {
        let (Some(stamp), Some((folder, _))) = (place.stamp, place.location.rsplit_once('/'))
        else {
            return;
        };
        let follows = |last: &&mut Stamped| {
            last.folder == folder
                && last.has_originals == has_original
                && last.ordinal + (last.stamps.len() / WIDTH) as i64 == ordinal
        };
        if let Some(last) = self.0.last_mut().filter(follows) {
            last.stamps.extend(stamp.to_be_bytes());
        } else {
            self.0.push(Stamped {
                folder: folder.to_owned(),
                ordinal,
                has_originals: has_original,
                stamps: stamp.to_be_bytes().to_vec(),
            });
        }
    }

    /// Writes what was remembered.
    pub(super) fn write(&self, connection: &Connection, accession_id: i64) -> Result<()> {
        for one in &self.0 {
            let id = connection
                .prepare_cached(
                    "INSERT INTO listing (folder, accession_id, ordinal, originals, stamps)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .insert((&one.folder, accession_id, one.ordinal, one.has_originals, &one.stamps))?;
            let proof = proof(connection, id)?;
            connection
                .prepare_cached("UPDATE listing SET proof = ?2 WHERE id = ?1")?
                .execute((id, proof))?;
        }
        Ok(())
    }
}

fn proof(connection: &Connection, id: i64) -> Result<Vec<u8>> {
    let digest = Canonical::of(connection, "listing", &[LISTING], id)?;
    Ok(digest.iter().take(16).copied().collect())
}

/// The files of a folder that were read before, by their stamps; with `originals`, those whose bytes the
/// archive keeps.
pub(super) fn of_folder(
    connection: &Connection,
    folder: &str,
    originals: bool,
) -> Result<HashMap<Stamp, Unread>> {
    let mut select = connection.prepare_cached(
        "SELECT id, accession_id, ordinal, stamps, proof FROM listing
         WHERE folder = ?1 AND originals >= ?2 ORDER BY id",
    )?;
    let mut rows = select.query((folder, originals))?;
    let mut known = HashMap::new();
    while let Some(row) = rows.next()? {
        let (accession_id, first): (i64, i64) = (row.get(1)?, row.get(2)?);
        let stamps: Vec<u8> = row.get(3)?;
        let stated: Option<Vec<u8>> = row.get(4)?;
        let files = (stamps.len() / WIDTH) as i64;
        let run = Unread { accession_id, ordinal: first, files };
        if stated != Some(proof(connection, row.get(0)?)?) || !stands(connection, &run)? {
            continue;
        }
        for (ordinal, stamp) in (first..).zip(stamps.as_chunks().0) {
            let unread = Unread { accession_id, ordinal, files: 1 };
            known.insert(Stamp::from_be_bytes(*stamp), unread);
        }
    }
    Ok(known)
}

/// Whether the archive has, for each file of the run, the row that it stands for.
fn stands(connection: &Connection, run: &Unread) -> Result<bool> {
    let files: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM ledger_row
             WHERE accession_id = ?1 AND ordinal >= ?2 AND ordinal < ?2 + ?3
                 AND sighting_id IS NOT NULL AND outcome IN ('stored', 'known')",
        )?
        .query_row((run.accession_id, run.ordinal, run.files), |row| row.get(0))?;
    Ok(files == run.files)
}

/// Records a run of files that were not read.
pub(super) fn record(
    connection: &Connection,
    accession: &mut Accession,
    run: &Unread,
    now: &str,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO unchanged
                 (accession_id, ordinal, files, as_accession_id, as_ordinal, seen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            accession.id,
            accession.next_ordinal,
            run.files,
            run.accession_id,
            run.ordinal,
            now,
        ))?;
    accession.next_ordinal += run.files;
    accession.counts.known += run.files as u64;
    accession.counts.unchanged += run.files as u64;
    Ok(())
}

/// Numbers of rows that are not what they were when they were written.
pub(super) fn changed(connection: &Connection) -> Result<Vec<i64>> {
    let mut select = connection.prepare("SELECT id, proof FROM listing ORDER BY id")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get::<_, Option<Vec<u8>>>(1)?)))?;
    let mut changed = Vec::new();
    for row in rows {
        let (id, stated) = row?;
        if stated != Some(proof(connection, id)?) {
            changed.push(id);
        }
    }
    Ok(changed)
}

/// How many runs no batch covers, or have a file that stands for no row of an earlier ledger.
pub(super) fn runs_outside(connection: &Connection) -> Result<i64> {
    connection.query_row(
        "SELECT count(*) FROM unchanged
         WHERE NOT EXISTS (SELECT 1 FROM batch WHERE batch.accession_id = unchanged.accession_id
                 AND ordinal >= first_ordinal AND ordinal < next_ordinal)
             OR files <> (SELECT count(*) FROM ledger_row
                 WHERE ledger_row.accession_id = as_accession_id
                     AND ledger_row.ordinal >= as_ordinal AND ledger_row.ordinal < as_ordinal + files)",
        [],
        |row| row.get(0),
    )
}

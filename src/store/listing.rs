//! Every statement on `listing` and `unchanged`: what files looked like when they were read, and runs of
//! files that look the same.
//!
//! A listing is only ever a reason not to read a file: a row that is damaged or missing costs a reading
//! and nothing else, so whatever cannot be read here is left out in silence.

use super::accession::Accession;
use super::canonical::Canonical;
use crate::model::{Outcome, Place, Stamp, Unread};
use rusqlite::{Connection, Result};
use std::collections::HashMap;

/// Bytes of a stamp.
const WIDTH: usize = size_of::<Stamp>();

const LISTING: &str =
    "SELECT id, folder, accession_id, ordinal, originals, paths, containers, stamps
     FROM listing WHERE id = ?1";

/// Stamps of files that were read one after the other, on their way into a row.
struct Stamped {
    folder: String,
    first: Unread,
    has_originals: bool,
    stamps: Vec<u8>,
}

/// What an accession has read of a container that it has not come to the end of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Members {
    first: i64,
    location: String,
    containers: i64,
    /// Whether all of it could be had, and no rule left anything out.
    is_whole: bool,
    has_originals: bool,
}

/// What an accession has read, for the next one.
#[derive(Default)]
pub(super) struct Listings(Vec<Stamped>);

impl Listings {
    /// Remembers what the file looked like that becomes the next row of the ledger; members are remembered
    /// with their container, whose row follows theirs.
    pub(super) fn note(
        &mut self,
        accession: &mut Accession,
        place: &Place,
        outcome: Outcome,
        is_kept: bool,
    ) {
        let ordinal = accession.next_ordinal;
        let is_container = outcome == Outcome::Container;
        if place.container.is_some() {
            let members = accession.members.get_or_insert_with(|| Members {
                first: ordinal,
                location: place.location.clone(),
                containers: 0,
                is_whole: true,
                has_originals: true,
            });
            members.containers += i64::from(is_container);
            members.is_whole &= !matches!(outcome, Outcome::Failed | Outcome::Skipped);
            members.has_originals &= is_container || is_kept;
            return;
        }
        let mut own = Unread {
            accession_id: accession.id,
            ordinal,
            paths: 1,
            containers: i64::from(is_container),
        };
        let is_of = |one: &Members| {
            one.location.strip_prefix(&place.location).is_some_and(|rest| rest.starts_with('!'))
        };
        let members = accession.members.take().filter(is_of);
        if matches!(outcome, Outcome::Failed | Outcome::Skipped)
            || members.as_ref().is_some_and(|members| !members.is_whole)
        {
            return;
        }
        let mut has_originals = is_container || is_kept;
        if let Some(members) = members {
            own.ordinal = members.first;
            own.paths += ordinal - members.first;
            own.containers += members.containers;
            has_originals &= members.has_originals;
        }
        self.add(place, own, has_originals);
    }

    fn add(&mut self, place: &Place, file: Unread, has_originals: bool) {
        let (Some(stamp), Some((folder, _))) = (place.stamp, place.location.rsplit_once('/'))
        else {
            return;
        };
        let follows = |last: &&mut Stamped| {
            let Unread { ordinal, paths, containers, .. } = last.first;
            last.folder == folder
                && last.has_originals == has_originals
                && (paths, containers) == (file.paths, file.containers)
                && ordinal + (last.stamps.len() / WIDTH) as i64 * paths == file.ordinal
        };
        if let Some(last) = self.0.last_mut().filter(follows) {
            last.stamps.extend(stamp.to_be_bytes());
        } else {
            let (folder, stamps) = (folder.to_owned(), stamp.to_be_bytes().to_vec());
            self.0.push(Stamped { folder, first: file, has_originals, stamps });
        }
    }

    /// Writes what was remembered.
    pub(super) fn write(&self, connection: &Connection) -> Result<()> {
        for Stamped { folder, first, has_originals, stamps } in &self.0 {
            let id = connection
                .prepare_cached(
                    "INSERT INTO listing
                         (folder, accession_id, ordinal, originals, paths, containers, stamps)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .insert((
                    folder,
                    first.accession_id,
                    first.ordinal,
                    has_originals,
                    first.paths,
                    first.containers,
                    stamps,
                ))?;
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
        "SELECT id, proof, stamps, accession_id, ordinal, paths, containers FROM listing
         WHERE folder = ?1 AND originals >= ?2 ORDER BY id",
    )?;
    let mut rows = select.query((folder, originals))?;
    let mut known = HashMap::new();
    while let Some(row) = rows.next()? {
        let stamps: Vec<u8> = row.get(2)?;
        let (stamps, _) = stamps.as_chunks();
        let file = Unread {
            accession_id: row.get(3)?,
            ordinal: row.get(4)?,
            paths: row.get(5)?,
            containers: row.get(6)?,
        };
        let stated: Option<Vec<u8>> = row.get(1)?;
        if stated != Some(proof(connection, row.get(0)?)?)
            || !stands(connection, &file, stamps.len() as i64)?
        {
            continue;
        }
        for (number, stamp) in (0..).zip(stamps) {
            let ordinal = file.ordinal + number * file.paths;
            known.insert(Stamp::from_be_bytes(*stamp), Unread { ordinal, ..file });
        }
    }
    Ok(known)
}

/// Whether the archive has the rows that so many files like this one stand for.
fn stands(connection: &Connection, file: &Unread, files: i64) -> Result<bool> {
    let found: (i64, i64) = connection
        .prepare_cached(
            "SELECT count(sighting_id IS NOT NULL AND outcome IN ('stored', 'known') OR NULL),
                 count(outcome = 'container' OR NULL)
             FROM ledger_row WHERE accession_id = ?1 AND ordinal >= ?2 AND ordinal < ?2 + ?3",
        )?
        .query_row((file.accession_id, file.ordinal, files * file.paths), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let containers = files * file.containers;
    Ok(found == (files * file.paths - containers, containers))
}

/// Records a run of paths that were not read.
pub(super) fn record(
    connection: &Connection,
    accession: &mut Accession,
    run: &Unread,
    now: &str,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO unchanged
                 (accession_id, ordinal, paths, containers, as_accession_id, as_ordinal, seen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            accession.id,
            accession.next_ordinal,
            run.paths,
            run.containers,
            run.accession_id,
            run.ordinal,
            now,
        ))?;
    accession.members = None;
    accession.next_ordinal += run.paths;
    let documents = (run.paths - run.containers) as u64;
    accession.counts.known += documents;
    accession.counts.unchanged += documents;
    accession.counts.containers += run.containers as u64;
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

/// How many runs no batch covers, or have a path that stands for no row of an earlier ledger.
pub(super) fn runs_outside(connection: &Connection) -> Result<i64> {
    connection.query_row(
        "SELECT count(*) FROM unchanged
         WHERE NOT EXISTS (SELECT 1 FROM batch WHERE batch.accession_id = unchanged.accession_id
                 AND ordinal >= first_ordinal AND ordinal < next_ordinal)
             OR paths <> (SELECT count(*) FROM ledger_row
                 WHERE ledger_row.accession_id = as_accession_id
                     AND ledger_row.ordinal >= as_ordinal AND ledger_row.ordinal < as_ordinal + paths)",
        [],
        |row| row.get(0),
    )
}

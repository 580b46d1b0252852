//! Whether the chain of batches holds, and the rows outside of any document: the ledger, the
//! accessions, the results of earlier checks.

use super::{Inspector, Tell, or_hurt};
use crate::model::{Hurt, Part, Share};
use crate::store::{batch, fixity};
use rusqlite::Result;

impl Inspector {
    /// Recomputes every batch of the share.
    pub fn check_chain(&self, share: Share, tell: Tell<'_>) -> Vec<Hurt> {
        let mut hurts = Vec::new();
        let found = self.batches(share, tell, &mut hurts);
        hurts.extend(or_hurt(Part::Chain, found.map(|()| Vec::new())));
        hurts
    }

    /// Recomputes the last batch only.
    pub fn check_head(&self) -> Vec<Hurt> {
        let found = || -> Result<Vec<Hurt>> {
            let sql = "SELECT coalesce(max(id), 0) FROM batch";
            let last: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
            if last == 0 {
                return Ok(Vec::new());
            }
            Ok(self.check_batch(last)?.into_iter().collect())
        };
        or_hurt(Part::Chain, found())
    }

    fn batches(&self, share: Share, tell: Tell<'_>, hurts: &mut Vec<Hurt>) -> Result<()> {
        let mut select = self.connection.prepare("SELECT id FROM batch ORDER BY id")?;
        let ids: Vec<i64> = select.query_map([], |row| row.get(0))?.collect::<Result<_>>()?;
        for (done, id) in (0..).zip(&ids) {
            tell(done, ids.len() as u64);
            if share.has(*id) {
                hurts.extend(self.check_batch(*id)?);
            }
        }
        Ok(())
    }

    fn check_batch(&self, id: i64) -> Result<Option<Hurt>> {
        let stated: [u8; 32] = self
            .connection
            .prepare_cached("SELECT digest FROM batch WHERE id = ?1")?
            .query_row([id], |row| row.get(0))?;
        if stated == batch::digest(&self.connection, id)? {
            return Ok(None);
        }
        let what = self.describe(id).unwrap_or_else(|_| format!("batch {id}"));
        Ok(Some(Hurt::general(Part::Chain, format!("{what}: a row was changed, added or removed"))))
    }

    /// A batch as a user knows it: its accession and the paths it dealt with.
    fn describe(&self, id: i64) -> Result<String> {
        self.connection.query_row(
            "SELECT 'accession ' || accession_id || ', ' || CASE
                 WHEN kind IN ('begin', 'end') THEN kind
                 ELSE 'paths ' || first_ordinal || ' to ' || (next_ordinal - 1)
                     || coalesce(' (' || (SELECT min(location) || ' … ' || max(location) FROM ledger
                         WHERE ledger.accession_id = batch.accession_id
                             AND ordinal >= first_ordinal AND ordinal < next_ordinal) || ')', '')
             END FROM batch WHERE id = ?1",
            [id],
            |row| row.get(0),
        )
    }

    /// Finds rows that no batch covers, and accessions whose counts are not those of their rows.
    pub fn check_accessions(&self) -> Vec<Hurt> {
        let mut hurts = or_hurt(Part::Chain, self.rows_outside());
        hurts.extend(or_hurt(Part::Chain, self.counts()));
        hurts
    }

    fn rows_outside(&self) -> Result<Vec<Hurt>> {
        let mut hurts = Vec::new();
        for (what, sql) in [
            (
                "of the ledger",
                "SELECT (SELECT count(*) FROM ledger_row)
                     - (SELECT coalesce(sum(next_ordinal - first_ordinal), 0) FROM batch)",
            ),
            (
                "of sightings",
                "SELECT (SELECT count(*) FROM sighting) - (
                     SELECT count(*) FROM batch JOIN sighting
                         ON sighting.id >= first_sighting AND sighting.id < next_sighting
                             AND sighting.accession_id = batch.accession_id)",
            ),
            (
                "of accessions",
                "SELECT count(*) FROM accession WHERE (state = 'open') = EXISTS (
                     SELECT 1 FROM batch WHERE accession_id = accession.id AND kind = 'end')",
            ),
        ] {
            let odd: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
            if odd != 0 {
                let what = format!("{} rows {what} are too many or too few", odd.abs());
                hurts.push(Hurt::general(Part::Chain, what));
            }
        }
        Ok(hurts)
    }

    fn counts(&self) -> Result<Vec<Hurt>> {
        let mut select = self.connection.prepare(
            "SELECT id FROM accession
             LEFT JOIN (
                 SELECT accession_id, sum(outcome = 'stored') AS stored_rows,
                     sum(outcome = 'known') AS known_rows, sum(outcome = 'skipped') AS skipped_rows,
                     sum(outcome = 'failed') AS failed_rows,
                     sum(outcome = 'container') AS container_rows
                 FROM ledger_row GROUP BY accession_id
             ) ON accession_id = accession.id
             WHERE stored <> coalesce(stored_rows, 0) OR known <> coalesce(known_rows, 0)
                 OR skipped <> coalesce(skipped_rows, 0) OR failed <> coalesce(failed_rows, 0)
                 OR containers <> coalesce(container_rows, 0)
                 OR sightings <> (
                     SELECT count(*) FROM sighting WHERE sighting.accession_id = accession.id)",
        )?;
        let ids = select.query_map([], |row| row.get::<_, i64>(0))?;
        ids.map(|id| {
            let what = format!("accession {}: its counts are not those of its ledger", id?);
            Ok(Hurt::general(Part::Chain, what))
        })
        .collect()
    }

    /// Recomputes the chain of earlier results.
    pub fn check_results(&self) -> Vec<Hurt> {
        or_hurt(Part::Fixity, fixity::verify(&self.connection))
    }
}

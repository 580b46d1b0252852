//! Whether the chain of batches holds, and the rows outside of any document: the ledger, the
//! accessions, the results of earlier checks.

use super::{Inspector, Tell, or_hurt};
use crate::model::{Hurt, Part, Share};
use crate::store::{batch, collection, fixity, listing, loss, proof, saved_proof, tally};
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
        if batch::is_sound(&self.connection, id)? {
            return Ok(None);
        }
        let what = batch::describe(&self.connection, id).unwrap_or_else(|_| format!("batch {id}"));
        Ok(Some(Hurt::general(Part::Chain, format!("{what}: a row was changed, added or removed"))))
    }

    /// Finds rows that no batch covers, and accessions whose counts are not those of their rows.
    pub fn check_accessions(&self) -> Vec<Hurt> {
        let mut hurts = or_hurt(Part::Chain, self.rows_outside());
        hurts.extend(or_hurt(Part::Chain, self.counts()));
        hurts.extend(or_hurt(Part::Chain, self.unchanged()));
        hurts
    }

    fn rows_outside(&self) -> Result<Vec<Hurt>> {
        let mut hurts = Vec::new();
        for (what, sql) in [
            (
                "of the ledger",
                "SELECT (SELECT count(*) FROM ledger_row) - (
                     SELECT coalesce(sum((SELECT count(*) FROM ledger_row
                         WHERE ledger_row.accession_id = batch.accession_id
                             AND ordinal >= first_ordinal AND ordinal < next_ordinal)), 0)
                     FROM batch)",
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

    /// Finds runs of unchanged files that no batch covers or that stand for nothing, and listings by which
    /// a file could be taken for unchanged.
    fn unchanged(&self) -> Result<Vec<Hurt>> {
        if !proof::has_table(&self.connection, "unchanged")? {
            return Ok(Vec::new());
        }
        let mut hurts = Vec::new();
        let odd = listing::runs_outside(&self.connection)?;
        if odd > 0 {
            let what = format!("{odd} runs of unchanged files are too many or stand for nothing");
            hurts.push(Hurt::general(Part::Chain, what));
        }
        let listings = listing::changed(&self.connection)?.len();
        if listings > 0 {
            let what = format!("{listings} listings have changed; they are not used");
            hurts.push(Hurt::general(Part::Chain, what));
        }
        Ok(hurts)
    }

    fn counts(&self) -> Result<Vec<Hurt>> {
        let ids = batch::miscounted(&self.connection)?.into_iter();
        let what = |id| format!("accession {id}: its counts are not those of its ledger");
        Ok(ids.map(|id| Hurt::general(Part::Chain, what(id))).collect())
    }

    /// Recomputes the chains of earlier results and of what repairs told, and the proofs of saved
    /// searches and collections.
    pub fn check_results(&self) -> Vec<Hurt> {
        let mut hurts = or_hurt(Part::Fixity, fixity::verify(&self.connection));
        if self.schema >= 5 {
            hurts.extend(or_hurt(Part::Chain, loss::verify(&self.connection)));
            hurts.extend(or_hurt(Part::Chain, tally::verify(&self.connection)));
        }
        if self.schema >= 7 {
            hurts.extend(or_hurt(Part::SavedSearch, saved_proof::verify(&self.connection)));
        }
        if self.schema >= 16 {
            hurts.extend(or_hurt(Part::Collection, collection::verify(&self.connection)));
        }
        hurts
    }
}

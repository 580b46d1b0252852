//! Writes down what could not be put back: in the table `loss`, for ever, chained like everything
//! else, under an accession of its own.
//!
//! The record of a document is never removed, whatever is lost of it. Its row then has no
//! extraction, so that ingesting the same bytes again makes it whole.

use super::{Repairer, has};
use crate::model::{Part, State};
use crate::store::accession;
use crate::store::batch::{self, Added};
use crate::store::inspect::{Named, name};
use crate::store::loss::{self, Loss};
use crate::store::{decision, fixity, former, proof, ruling, tally};
use anyhow::Result;
use std::ops::Range;

/// What a repair could not put back as it was.
#[derive(Clone, Debug, Default)]
pub struct Losses {
    /// The accession under which it is told; `None` where the archive is what it was.
    pub accession_id: Option<i64>,
    /// Documents with what is lost of them.
    pub documents: Vec<(Named, String)>,
    /// Documents whose bytes are whole and were read anew, with other numbers than before.
    pub reread: Vec<Named>,
    /// What is no document's alone: passages, rows of the ledger, accessions, results of checks.
    pub others: Vec<String>,
}

/// What makes the rows of the new archive agree with each other where some are lost.
const AGREE: [&str; 14] = [
    "INSERT INTO accession (id, started_at, finished_at, state, tool, options)
     SELECT missing.id, coalesce(min(written_at), ''),
         max(CASE kind WHEN 'end' THEN written_at END),
         CASE WHEN max(kind = 'end') THEN 'interrupted' ELSE 'open' END, 'lost', '{}'
     FROM (SELECT accession_id AS id FROM batch UNION SELECT accession_id FROM ledger_row
           UNION SELECT accession_id FROM sighting UNION SELECT accession_id FROM document
           UNION SELECT accession_id FROM unchanged) AS missing
     LEFT JOIN batch ON batch.accession_id = missing.id
     WHERE missing.id NOT IN (SELECT id FROM accession) GROUP BY missing.id",
    "UPDATE accession SET state = 'interrupted', finished_at = coalesce(
         (SELECT max(written_at) FROM batch WHERE accession_id = accession.id), started_at)
     WHERE state = 'open' AND id IN (SELECT accession_id FROM batch WHERE kind = 'end')",
    "DELETE FROM metadata WHERE document_id NOT IN (SELECT id FROM document)",
    "DELETE FROM placement WHERE document_id NOT IN (SELECT id FROM document)",
    "DELETE FROM extraction WHERE document_id NOT IN (SELECT id FROM document)
         OR NOT EXISTS (SELECT 1 FROM document WHERE document.id = extraction.document_id
             AND extraction.id <= document.extraction_id)",
    "DELETE FROM former_paragraph WHERE document_id NOT IN (SELECT id FROM document)",
    "INSERT OR IGNORE INTO extraction (id, document_id, reader, version)
     SELECT extraction_id, document_id, 'lost', 0 FROM former_paragraph",
    "DELETE FROM successor WHERE NOT EXISTS (
         SELECT 1 FROM former_paragraph AS former WHERE former.document_id = successor.document_id
             AND former.digest = successor.digest AND former.occurrence = successor.occurrence)
         OR NOT EXISTS (
         SELECT 1 FROM placement WHERE placement.document_id = successor.document_id
             AND placement.position = successor.position)",
    "DELETE FROM collection WHERE document_id NOT IN (SELECT id FROM document)",
    "DELETE FROM signature WHERE document_id NOT IN (SELECT id FROM document)",
    "DELETE FROM proof WHERE document_id NOT IN (SELECT id FROM document)
         OR batch_id NOT IN (SELECT id FROM batch)",
    "DELETE FROM sqlar WHERE substr(name, 1, 64) NOT IN (SELECT digest FROM document)",
    "DELETE FROM unchanged WHERE paths <> (SELECT count(*) FROM ledger_row
         WHERE ledger_row.accession_id = as_accession_id
             AND ledger_row.ordinal >= as_ordinal AND ledger_row.ordinal < as_ordinal + paths)",
    "UPDATE ledger_row SET sighting_id = NULL, location = '(lost)'
     WHERE sighting_id NOT IN (SELECT id FROM sighting)",
];

/// What has been found lost so far, on its way into the archive.
#[derive(Default)]
pub(super) struct Telling {
    losses: Losses,
    rows: Vec<Loss>,
}

impl Telling {
    fn tell(&mut self, subject: &'static str, subject_id: i64, what: String) {
        self.rows.push(Loss { subject, subject_id, what, remains: None });
    }

    pub(super) fn tell_other(&mut self, loss: Loss) {
        self.losses.others.push(loss.what.clone());
        self.rows.push(loss);
    }
}

impl Repairer {
    /// Records whatever is still hurt, as an accession of its own; where nothing is, the archive
    /// stays exactly what it was.
    ///
    /// # Errors
    /// When the new archive cannot be written.
    pub fn settle(&self, now: &str, options: &str) -> Result<Losses> {
        let connection = &self.connection;
        let mut telling = Telling::default();
        self.remember_documents()?;
        let mut hurt = self.hurt_documents()?;
        for id in &hurt {
            self.settle_document(*id, &mut telling)?;
        }
        self.settle_sightings(&mut telling)?;
        hurt.extend(self.settle_proofs(&mut telling)?);
        hurt.sort_unstable();
        hurt.dedup();
        for sql in AGREE {
            connection.execute(sql, [])?;
        }
        self.settle_passages(&mut telling)?;
        let uncovered = self.uncovered()?;
        self.settle_chains(&mut telling)?;
        self.settle_searches(&mut telling)?;
        self.settle_collections(&mut telling)?;
        let has_ended = self.ids(
            "SELECT id FROM accession WHERE state <> 'open' AND id NOT IN
                 (SELECT accession_id FROM batch WHERE kind = 'end')",
        )?;
        if hurt.is_empty()
            && telling.rows.is_empty()
            && uncovered.is_empty()
            && has_ended.is_empty()
        {
            return Ok(telling.losses);
        }
        for (accession, added) in uncovered {
            batch::append(connection, accession, now, &added)?;
        }
        for id in has_ended {
            batch::append(connection, id, now, &Added::nothing("end"))?;
        }
        let run = accession::begin(connection, now, options)?;
        batch::append(connection, run.id, now, &Added::nothing("begin"))?;
        for row in &telling.rows {
            loss::record(connection, run.id, row)?;
        }
        let added = Added { kind: "documents", ledger: 1..1, sightings: 0..0, documents: &hurt };
        batch::append(connection, run.id, now, &added)?;
        accession::finish(connection, &run, now, State::Done)?;
        telling.losses.accession_id = Some(run.id);
        Ok(telling.losses)
    }

    /// Gives every document that a sighting, a decision or a sound batch speaks of a row.
    fn remember_documents(&self) -> Result<()> {
        for batch in self.ids(
            "SELECT DISTINCT batch_id FROM proof
             WHERE document_id NOT IN (SELECT id FROM document)",
        )? {
            if !batch::is_sound(&self.connection, batch).unwrap_or(false) {
                self.connection.execute(
                    "DELETE FROM proof WHERE batch_id = ?1
                         AND document_id NOT IN (SELECT id FROM document)
                         AND document_id NOT IN (SELECT document_id FROM sighting)",
                    [batch],
                )?;
            }
        }
        for id in self.ids(
            "SELECT id FROM (SELECT document_id AS id FROM proof UNION SELECT document_id FROM sighting
                 UNION SELECT left_id FROM decision UNION SELECT right_id FROM decision)
             WHERE id NOT IN (SELECT id FROM document)",
        )? {
            // Where not even the digest is left, the word in its place says so.
            self.connection.execute(
                "INSERT OR IGNORE INTO document
                     (id, digest, label, media_type, bytes, cluster_id, accession_id)
                 VALUES (?1, coalesce((SELECT digest FROM temp.echo_document WHERE id = ?1
                         AND length(digest) = 64 AND digest NOT IN (SELECT digest FROM document)),
                         substr('lost ' || ?1 || printf('%64s', ''), 1, 64)),
                     ?2, 'application/octet-stream', 0, ?1,
                     coalesce((SELECT accession_id FROM sighting WHERE document_id = ?1), 1))",
                (id, self.file_name(id)?),
            )?;
        }
        Ok(())
    }

    /// Brings what is left of a document into a form that says what is lost.
    fn settle_document(&self, id: i64, telling: &mut Telling) -> Result<()> {
        let connection = &self.connection;
        let hurts = self.hurts(id);
        let is_reread = connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM temp.redone WHERE document_id = ?1)")?
            .query_row([id], |row| row.get(0))?;
        if is_reread && !has(&hurts, Part::Text) && !has(&hurts, Part::Original) {
            telling.losses.reread.push(name(connection, id));
            return Ok(());
        }
        let mut lost: Vec<String> = Vec::new();
        if proof::latest(connection, id)?.is_none() {
            lost.push("nothing of it can be verified but its texts".to_owned());
        }
        for (part, what) in [
            (Part::Record, "its record cannot be verified"),
            (Part::Reading, "its metadata cannot be verified"),
            (Part::Placement, "the order and kinds of its paragraphs cannot be verified"),
        ] {
            if has(&hurts, part) && lost.is_empty() {
                lost.push(what.to_owned());
            }
        }
        let former = former::drop_damaged(connection, id)?;
        if former > 0 {
            lost.push(format!("{former} of the paragraphs it had in earlier readings are lost"));
        }
        let has_no_text = has(&hurts, Part::Text);
        if has_no_text {
            lost.push(self.settle_text(id)?);
        }
        if has_no_text || self.has_no_extraction(id)? {
            connection.execute(
                "UPDATE document SET paragraphs = 0, extraction_id = NULL WHERE id = ?1",
                [id],
            )?;
            connection.execute("DELETE FROM signature WHERE document_id = ?1", [id])?;
            connection.execute("DELETE FROM extraction WHERE document_id = ?1", [id])?;
            connection.execute(
                "UPDATE document SET normal_digest = NULL, cluster_id = id WHERE id = ?1",
                [id],
            )?;
        }
        if has(&hurts, Part::Original) {
            lost.push(self.settle_original(id)?.to_owned());
        }
        let what = lost.join("; ");
        telling.losses.documents.push((name(connection, id), what.clone()));
        telling.tell("document", id, what);
        Ok(())
    }

    /// Removes places whose text is lost, and says how many.
    fn settle_text(&self, id: i64) -> rusqlite::Result<String> {
        let (stated, placed): (i64, i64) = self.connection.query_row(
            "SELECT paragraphs, (SELECT count(*) FROM placement WHERE document_id = ?1)
             FROM document WHERE id = ?1",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let gone = self.connection.execute(
            "DELETE FROM placement WHERE document_id = ?1
                 AND passage_id NOT IN (SELECT id FROM passage_text)",
            [id],
        )?;
        let left = placed - gone as i64;
        Ok(match stated.max(placed) {
            // The record is lost too.
            0 => "how many paragraphs it had is lost".to_owned(),
            had if had > left => format!("{} of its {had} paragraphs are lost", had - left),
            _ => "a paragraph is another than it was".to_owned(),
        })
    }

    fn has_no_extraction(&self, id: i64) -> rusqlite::Result<bool> {
        let sql = "SELECT extraction_id IS NOT NULL
             AND extraction_id NOT IN (SELECT id FROM extraction WHERE document_id = ?1)
             FROM document WHERE id = ?1";
        self.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))
    }

    fn settle_original(&self, id: i64) -> Result<&'static str> {
        let sql = "SELECT digest FROM document WHERE id = ?1";
        let digest: String = self.connection.query_row(sql, [id], |row| row.get(0))?;
        if self.kept(&digest).is_some() {
            return Ok("when its original was last changed cannot be verified");
        }
        self.connection
            .execute("DELETE FROM sqlar WHERE name BETWEEN ?1 AND ?1 || '/'", [digest])?;
        Ok("its original is lost")
    }

    /// Tells of batches that are gone, and gives their documents, which need proofs of a batch that
    /// is there.
    fn settle_proofs(&self, telling: &mut Telling) -> Result<Vec<i64>> {
        let lost = "batch_id NOT IN (SELECT id FROM batch)";
        for id in self.ids(&format!("SELECT DISTINCT batch_id FROM proof WHERE {lost}"))? {
            let what = format!("batch {id} of the chain of digests is lost");
            telling.tell_other(Loss { subject: "batch", subject_id: id, what, remains: None });
        }
        Ok(self.ids(&format!("SELECT DISTINCT document_id FROM proof WHERE {lost}"))?)
    }

    fn settle_sightings(&self, telling: &mut Telling) -> Result<()> {
        let mut select =
            self.connection.prepare("SELECT id, location, proof FROM sighting ORDER BY id")?;
        let mut rows = select.query([])?;
        let mut unproved = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, location): (i64, String) = (row.get(0)?, row.get(1)?);
            let stated: Option<Vec<u8>> = row.get(2)?;
            if stated != Some(proof::of_sighting(&self.connection, id)?) {
                unproved.push((id, location));
            }
        }
        for (id, location) in unproved {
            proof::prove_sighting(&self.connection, id)?;
            let what = format!("when or where {location} was seen cannot be verified");
            telling.tell_other(Loss { subject: "sighting", subject_id: id, what, remains: None });
        }
        for id in self.ids(
            "SELECT DISTINCT sighting_id FROM ledger_row WHERE sighting_id IS NOT NULL
                 AND sighting_id NOT IN (SELECT id FROM sighting)",
        )? {
            let what = format!("where document {id} of the sightings was seen is lost");
            telling.tell_other(Loss { subject: "sighting", subject_id: id, what, remains: None });
        }
        Ok(())
    }

    /// Keeps the text of passages that are lost or stand nowhere any more.
    fn settle_passages(&self, telling: &mut Telling) -> Result<()> {
        let mut select = self.connection.prepare(
            "SELECT id, text FROM temp.broken_passage
             WHERE id NOT IN (SELECT id FROM passage_text) AND typeof(text) = 'text' AND text <> ''",
        )?;
        let broken = select.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        for row in broken {
            let (id, text) = row?;
            telling.tell("passage", id, format!("no longer matches its digest: {text}"));
        }
        let unplaced = self.ids(
            "SELECT id FROM passage_text WHERE id NOT IN (SELECT passage_id FROM placement)
             ORDER BY id",
        )?;
        for id in &unplaced {
            telling.tell("passage", *id, "where it stood is lost".to_owned());
        }
        if !unplaced.is_empty() {
            let what =
                format!("where {} passages stood is lost; their texts are kept", unplaced.len());
            telling.losses.others.push(what);
        }
        Ok(())
    }

    /// Rows of the ledger and sightings that no batch has any more, as batches to be added.
    fn uncovered(&self) -> Result<Vec<(i64, Added<'static>)>> {
        let mut select = self.connection.prepare(
            "SELECT accession_id, 0, ordinal FROM ledger_row
             WHERE NOT EXISTS (SELECT 1 FROM batch WHERE batch.accession_id = ledger_row.accession_id
                 AND ordinal >= first_ordinal AND ordinal < next_ordinal)
             UNION ALL
             SELECT accession_id, 0, ordinal FROM unchanged
             WHERE NOT EXISTS (SELECT 1 FROM batch WHERE batch.accession_id = unchanged.accession_id
                 AND ordinal >= first_ordinal AND ordinal < next_ordinal)
             UNION ALL
             SELECT accession_id, 1, id FROM sighting
             WHERE NOT EXISTS (SELECT 1 FROM batch WHERE batch.accession_id = sighting.accession_id
                 AND sighting.id >= first_sighting AND sighting.id < next_sighting)
             ORDER BY 1, 2, 3",
        )?;
        let mut rows = select.query([])?;
        let mut runs: Vec<(i64, bool, Range<i64>)> = Vec::new();
        while let Some(row) = rows.next()? {
            let (accession, is_sighting, id): (i64, bool, i64) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            match runs.last_mut() {
                Some((last, kind, range))
                    if *last == accession && *kind == is_sighting && range.end == id =>
                {
                    range.end = id + 1;
                }
                _ => runs.push((accession, is_sighting, id..id + 1)),
            }
        }
        let added = |(accession, is_sighting, range): (i64, bool, Range<i64>)| {
            let mut added = Added::nothing("adopted");
            match is_sighting {
                true => added.sightings = range,
                false => added.ledger = range,
            }
            (accession, added)
        };
        Ok(runs.into_iter().map(added).collect())
    }

    /// Tells of batches, accessions, decisions and results that no longer match their digests, with
    /// the digest of what is left, so that a later change of it still shows.
    fn settle_chains(&self, telling: &mut Telling) -> Result<()> {
        let connection = &self.connection;
        for id in self.ids("SELECT id FROM batch ORDER BY id")? {
            if !batch::is_sound(connection, id)? {
                let what = batch::describe(connection, id)?;
                let what = format!("{what}: rows are lost or cannot be verified");
                let remains = Some(batch::digest(connection, id)?);
                telling.tell_other(Loss { subject: "batch", subject_id: id, what, remains });
            }
        }
        for id in batch::miscounted(connection)? {
            let what = self.connection.query_row(
                "SELECT 'accession ' || id || ' dealt with ' ||
                     (stored + known + skipped + failed + containers) || ' paths, ' ||
                     ((SELECT count(*) FROM ledger_row WHERE accession_id = accession.id) +
                      (SELECT coalesce(sum(paths), 0) FROM unchanged
                       WHERE accession_id = accession.id)) ||
                     ' of them are left; it stored ' || stored || ' documents, ' ||
                     (SELECT count(*) FROM document WHERE accession_id = accession.id) ||
                     ' of them are left; it added ' || sightings || ' places, ' ||
                     (SELECT count(*) FROM sighting WHERE accession_id = accession.id) ||
                     ' of them are left'
                 FROM accession WHERE id = ?1",
                [id],
                |row| row.get(0),
            )?;
            telling.tell_other(Loss { subject: "ledger", subject_id: id, what, remains: None });
        }
        for subject in ["accession", "batch", "decision", "ruling", "fixity", "loss"] {
            if self.torn.iter().any(|table| table == subject) {
                let what = format!("a part of the table {subject} could not be read");
                telling.tell_other(Loss { subject, subject_id: 0, what, remains: None });
            }
        }
        for (subject, _, last) in tally::short(connection)? {
            let what = format!("the last rows of the table {subject} are lost");
            telling.tell_other(Loss { subject, subject_id: 0, what, remains: None });
            tally::note(connection, subject, last)?;
        }
        for decision::Changed { id, now, .. } in decision::changed(connection)? {
            let what = format!("decision {id} cannot be verified, or one before it is lost");
            let remains = Some(now);
            telling.tell_other(Loss { subject: "decision", subject_id: id, what, remains });
        }
        for (id, now) in ruling::changed(connection)? {
            let what = format!("ruling {id} cannot be verified, or one before it is lost");
            let remains = Some(now);
            telling.tell_other(Loss { subject: "ruling", subject_id: id, what, remains });
        }
        for (id, now) in fixity::changed(connection)? {
            let what = format!("the result {id} of an earlier check cannot be verified");
            let remains = Some(now);
            telling.tell_other(Loss { subject: "fixity", subject_id: id, what, remains });
        }
        for (id, now) in loss::changed(connection)? {
            let what = format!("what an earlier repair told as loss {id} cannot be verified");
            let remains = Some(now);
            telling.tell_other(Loss { subject: "loss", subject_id: id, what, remains });
        }
        Ok(())
    }
}

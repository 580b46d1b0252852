//! Every statement on `document`, `extraction` and `metadata`, and the writing of one arrival.

use super::accession::Accession;
use super::arrival::{Arrival, Fate, NewDocument, Reading, Text};
use super::batch::{self, Added};
use super::listing::{self, Listings};
use super::passage::{Passages, Unindexed};
use super::{ledger, original, proof, settlement, sighting, signature};
use crate::model::Outcome;
use rusqlite::{Connection, OptionalExtension, Result, named_params};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// Writes arrivals of one batch, inside the transaction of the caller.
pub(super) struct Documents<'a> {
    connection: &'a Connection,
    accession: &'a mut Accession,
    now: &'a str,
    next_id: i64,
    passages: Passages<'a>,
    touched: Touched,
}

/// What a batch changed, for its proofs.
#[derive(Default)]
pub(super) struct Touched {
    documents: BTreeSet<i64>,
    listings: Listings,
    sightings: BTreeSet<i64>,
    fresh_sightings: BTreeSet<i64>,
}

impl Touched {
    /// Proves what was changed and adds the batch to the chain.
    pub(super) fn prove(
        self,
        connection: &Connection,
        accession_id: i64,
        now: &str,
        ledger: Range<i64>,
    ) -> Result<()> {
        self.listings.write(connection)?;
        for sighting in &self.sightings {
            proof::prove_sighting(connection, *sighting)?;
        }
        // One writer at a time: the ids that a transaction hands out follow each other.
        let first = self.fresh_sightings.first().copied().unwrap_or_default();
        let next = self.fresh_sightings.last().map_or(0, |last| last + 1);
        let documents: Vec<i64> = self.documents.into_iter().collect();
        let added =
            Added { kind: "documents", ledger, sightings: first..next, documents: &documents };
        batch::append(connection, accession_id, now, &added)
    }
}

impl<'a> Documents<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        accession: &'a mut Accession,
        now: &'a str,
    ) -> Result<Self> {
        let next_id =
            connection
                .query_row("SELECT coalesce(max(id), 0) + 1 FROM document", [], |row| row.get(0))?;
        let passages = Passages::new(connection)?;
        Ok(Self { connection, accession, now, next_id, passages, touched: Touched::default() })
    }

    /// What was placed, for the index, and what was changed, for the proofs.
    pub(super) fn into_touched(self) -> (Unindexed<'a>, Touched) {
        let (unindexed, fresh) = self.passages.into_unindexed();
        self.accession.fresh_passages += fresh;
        (unindexed, self.touched)
    }

    pub(super) fn write(&mut self, arrival: &'a Arrival) -> Result<()> {
        if let Fate::Unchanged(run) = &arrival.fate {
            return listing::record(self.connection, self.accession, run, self.now);
        }
        let (outcome, reason, sighting_id) = match &arrival.fate {
            Fate::Document(document) => {
                let (id, added) = self.add(document)?;
                let seen = sighting::see(
                    self.connection,
                    &arrival.place,
                    id,
                    self.accession.id,
                    self.now,
                )?;
                self.accession.counts.sightings += u64::from(seen.is_new);
                self.touched.sightings.insert(seen.id);
                if seen.is_new {
                    self.touched.fresh_sightings.insert(seen.id);
                }
                if added || document.original.is_some() {
                    self.touched.documents.insert(id);
                }
                let failure = document.reading.failure().map(Cow::Borrowed);
                let outcome = match (&failure, added) {
                    (Some(_), _) => Outcome::Failed,
                    (None, true) => Outcome::Stored,
                    (None, false) => Outcome::Known,
                };
                let reason = failure.or_else(|| document.reading.remark().map(Cow::Owned));
                (outcome, reason, Some(seen.id))
            }
            other => {
                let (outcome, reason) = other.without_document().unwrap_or((Outcome::Failed, ""));
                (outcome, Some(Cow::Borrowed(reason)), None)
            }
        };
        self.note(arrival, outcome)?;
        self.accession.counts.count(outcome);
        ledger::record(
            self.connection,
            self.accession,
            outcome,
            reason.as_deref(),
            sighting_id,
            &arrival.place.location,
        )
    }

    /// Remembers what the file looked like, so that the next accession need not read it.
    fn note(&mut self, arrival: &Arrival, outcome: Outcome) -> Result<()> {
        let is_kept = match &arrival.fate {
            Fate::Document(document) => {
                document.original.is_some() || original::is_kept(self.connection, &document.digest)?
            }
            _ => false,
        };
        self.touched.listings.note(self.accession, &arrival.place, outcome, is_kept);
        Ok(())
    }

    /// Adds the document unless it is there; returns its id and whether its text is new.
    fn add(&mut self, document: &'a NewDocument) -> Result<(i64, bool)> {
        if let Some(original) = &document.original {
            original::keep(self.connection, &document.digest, original)?;
        }
        match (self.find(document)?, &document.reading) {
            (Some((id, has_text)), Reading::Text(text)) if !has_text => {
                // What was worked out did not know this text.
                settlement::take_back(self.connection)?;
                // A repair may have left some of it.
                remove_reading(self.connection, id)?;
                self.write_text(id, document, text)?;
                Ok((id, true))
            }
            (Some((id, _)), _) => Ok((id, false)),
            (None, Reading::Text(text)) => {
                let id = self.insert(document)?;
                self.write_text(id, document, text)?;
                Ok((id, true))
            }
            (None, _) => Ok((self.insert(document)?, true)),
        }
    }

    fn find(&self, document: &NewDocument) -> Result<Option<(i64, bool)>> {
        self.connection
            .prepare_cached("SELECT id, extraction_id IS NOT NULL FROM document WHERE digest = ?1")?
            .query_row([document.digest.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
    }

    fn insert(&mut self, document: &NewDocument) -> Result<i64> {
        let id = self.next_id;
        self.next_id += 1;
        self.connection
            .prepare_cached(
                "INSERT INTO document (id, digest, label, media_type, bytes, cluster_id, accession_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?1, ?6)",
            )?
            .execute((
                id,
                document.digest.to_string(),
                &document.file_name,
                document.media_type,
                document.bytes as i64,
                self.accession.id,
            ))?;
        Ok(id)
    }

    fn write_text(&mut self, id: i64, document: &NewDocument, text: &'a Text) -> Result<()> {
        let extraction_id = insert_extraction(self.connection, None, id, text)?;
        insert_metadata(self.connection, id, text)?;
        self.passages.place(id, text)?;
        if let Some(sketch) = &text.sketch {
            signature::insert(self.connection, id, sketch)?;
        }
        let names = (&*document.file_name, document.media_type);
        state_text(self.connection, id, names, text, extraction_id)
    }
}

/// Removes what is stored of a document's text, but for its passages and the rows of its extractions.
pub(super) fn remove_reading(connection: &Connection, id: i64) -> Result<()> {
    for sql in [
        "DELETE FROM placement WHERE document_id = ?1",
        "DELETE FROM metadata WHERE document_id = ?1",
        "DELETE FROM signature WHERE document_id = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([id])?;
    }
    Ok(())
}

/// Writes into a document's row what its text states; the names are that of its file and its media
/// type.
pub(super) fn state_text(
    connection: &Connection,
    id: i64,
    (file_name, media_type): (&str, &str),
    text: &Text,
    extraction_id: i64,
) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE document
                 SET label = :label, title = :title, creator = :creator, date = :date,
                     language = :language, media_type = :media_type, characters = :characters,
                     paragraphs = :paragraphs, text_digest = :text_digest,
                     normal_digest = :normal_digest, extraction_id = :extraction_id,
                     cluster_id = coalesce(
                         (SELECT cluster_id FROM document WHERE normal_digest = :normal_digest), id)
                 WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id,
            ":label": text.title().unwrap_or(file_name),
            ":title": text.title(),
            ":creator": text.creators(),
            ":date": text.extract.first("date"),
            ":language": text.extract.language.as_ref().map(|language| language.as_str()),
            ":media_type": media_type,
            ":characters": text.extract.characters as i64,
            ":paragraphs": text.extract.paragraphs.len() as i64,
            ":text_digest": text.text_digest.as_bytes(),
            ":normal_digest": text.normal_digest.as_ref().map(|digest| digest.as_bytes()),
            ":extraction_id": extraction_id,
        })?;
    Ok(())
}

/// Writes how a text was read, as the row with this id or the next.
pub(super) fn insert_extraction(
    connection: &Connection,
    id: Option<i64>,
    document_id: i64,
    text: &Text,
) -> Result<i64> {
    let encoding = text.extract.encoding.as_ref();
    connection
        .prepare_cached(
            "INSERT INTO extraction
                 (id, document_id, reader, version, encoding, encoding_method, replaced, notes,
                  confidence, declared_encoding)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .insert((
            id,
            document_id,
            text.reader,
            text.version,
            encoding.map(|encoding| encoding.name),
            encoding.map(|encoding| encoding.method.as_str()),
            encoding.map_or(0, |encoding| encoding.replaced as i64),
            text.extract.notes.join("; "),
            encoding.and_then(|encoding| encoding.confidence),
            encoding.and_then(|encoding| encoding.declared.as_deref()),
        ))
}

pub(super) fn insert_metadata(
    connection: &Connection,
    document_id: i64,
    text: &Text,
) -> Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO metadata (document_id, name, ordinal, value, method, evidence)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut ordinals: HashMap<&str, i64> = HashMap::new();
    for datum in &text.extract.metadata {
        let ordinal = ordinals.entry(&datum.name).or_default();
        *ordinal += 1;
        insert.execute((
            document_id,
            &datum.name,
            *ordinal,
            &datum.value,
            datum.method,
            &datum.evidence,
        ))?;
    }
    Ok(())
}

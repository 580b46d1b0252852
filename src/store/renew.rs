//! Puts new readings of documents in the place of those they had.
//!
//! One transaction a batch: whoever looks sees the old reading whole or the new one. What the old one
//! said stays to be had by its addresses ([`former`]); the rows of earlier extractions stay too.

use super::accession::{self, Accession};
use super::archive::Archive;
use super::arrival::Text;
use super::batch::{self, Added};
use super::document;
use super::facts;
use super::former::{self, Placed};
use super::passage::{self, Passages};
use super::relation;
use super::signature;
use anyhow::Result;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, BTreeSet};

/// A document that was read again.
#[derive(Debug)]
pub struct Renewed {
    /// Its number in the archive.
    pub document_id: i64,
    /// What it is called where it has no title.
    pub file_name: String,
    /// Media type of its bytes, as the reader knows it.
    pub media_type: &'static str,
    /// Its text.
    pub text: Text,
}

/// What reading again changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Renewal {
    /// Documents that were read again.
    pub documents: u64,
    /// Those of them whose paragraphs are other ones now.
    pub changed: u64,
    /// Addresses that today's readings have no more.
    pub moved: u64,
}

impl Renewal {
    /// Adds what another batch changed.
    pub fn add(&mut self, other: Self) {
        self.documents += other.documents;
        self.changed += other.changed;
        self.moved += other.moved;
    }
}

/// The passages that the index has to lose or whose places have changed.
#[derive(Default)]
struct Stirred {
    /// Passages of the readings before.
    old: BTreeMap<i64, Placed>,
    /// Passages of the readings after.
    new: BTreeSet<i64>,
    /// Stories that the documents were part of.
    clusters: BTreeSet<i64>,
    /// Whether any paragraph is another one.
    is_other: bool,
}

impl Archive {
    /// Puts new readings in the place of the old ones, in one transaction; when this returns they
    /// survive a power cut.
    ///
    /// # Errors
    /// When the archive cannot be written; then every document is read as it was.
    pub fn renew(
        &mut self,
        accession: &mut Accession,
        now: &str,
        renewed: &[Renewed],
    ) -> Result<Renewal> {
        let mut next = accession.clone();
        let mut renewal = Renewal::default();
        self.in_transaction(|connection| {
            renewal = renew(connection, &mut next, now, renewed)?;
            Ok(())
        })?;
        *accession = next;
        Ok(renewal)
    }
}

fn renew(
    connection: &Connection,
    accession: &mut Accession,
    now: &str,
    renewed: &[Renewed],
) -> rusqlite::Result<Renewal> {
    let mut passages = Passages::new(connection)?;
    let mut stirred = Stirred::default();
    let mut renewal = Renewal::default();
    for one in renewed {
        let (is_other, gone) = replace(connection, &mut passages, &mut stirred, one)?;
        renewal.documents += 1;
        renewal.changed += u64::from(is_other);
        renewal.moved += gone as u64;
    }
    // Rising ids: first those that go, then those that come.
    for (id, placed) in &stirred.old {
        passage::remove_unplaced(connection, *id, &placed.text, &placed.context)?;
    }
    let (unindexed, fresh) = passages.into_unindexed();
    passage::index_texts(connection, &unindexed)?;
    accession.fresh_passages += fresh;
    let touched: BTreeSet<i64> = stirred.old.keys().chain(&stirred.new).copied().collect();
    let documents: BTreeSet<i64> = renewed.iter().map(|one| one.document_id).collect();
    facts::renew(connection, &touched, &documents)?;
    let documents: Vec<i64> = documents.into_iter().collect();
    relation::unsettle(connection, &documents, &stirred.clusters, stirred.is_other)?;
    accession::update(connection, accession)?;
    let added = Added {
        kind: "documents",
        ledger: accession.next_ordinal..accession.next_ordinal,
        sightings: 0..0,
        documents: &documents,
    };
    batch::append(connection, accession.id, now, &added)?;
    Ok(renewal)
}

/// Replaces the reading of one document. Returns whether its paragraphs are other ones, and how many of
/// its addresses are gone.
fn replace<'a>(
    connection: &Connection,
    passages: &mut Passages<'a>,
    stirred: &mut Stirred,
    one: &'a Renewed,
) -> rusqlite::Result<(bool, usize)> {
    let id = one.document_id;
    let old = former::placed(connection, id)?;
    let before: Option<(Option<i64>, i64)> = connection
        .prepare_cached("SELECT extraction_id, cluster_id FROM document WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((extraction_before, cluster)) = before else { return Ok((false, 0)) };
    document::remove_reading(connection, id)?;
    let extraction = document::insert_extraction(connection, None, id, &one.text)?;
    document::insert_metadata(connection, id, &one.text)?;
    passages.place(id, &one.text)?;
    if let Some(sketch) = &one.text.sketch {
        signature::insert(connection, id, sketch)?;
    }
    document::state_text(connection, id, (&one.file_name, one.media_type), &one.text, extraction)?;
    let new = former::placed(connection, id)?;
    let gone = former::record(connection, id, extraction_before, &old, &new)?;
    let is_other = !former::is_same(&old, &new);
    stirred.clusters.insert(cluster);
    stirred.is_other |= is_other;
    stirred.new.extend(new.iter().map(|place| place.passage));
    stirred.old.extend(old.into_iter().map(|place| (place.passage, place)));
    Ok((is_other, gone))
}

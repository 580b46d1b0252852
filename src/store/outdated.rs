//! What reading a document again has to know of it.

use super::archive::{Archive, explain};
use super::inspect::path_of;
use super::lookup::Lookup;
use crate::model::{Metadatum, Place};
use anyhow::Result;
use rusqlite::{OptionalExtension, Result as Rows};
use std::path::PathBuf;

/// A document as it stands in the archive.
#[derive(Debug)]
pub struct Standing {
    /// Its number.
    pub id: i64,
    /// The digest of its bytes.
    pub digest: String,
    /// Number of its bytes.
    pub bytes: u64,
    /// Where it was seen first; by that name it is known and read.
    pub place: Place,
    /// The ending under which its original is kept, with the dot; `None` where it is not kept.
    pub kept_ending: Option<String>,
    /// Name and version of the reader of today's text; `None` where it has none.
    pub reader: Option<(String, u32)>,
    /// The encoding, where the user had told it.
    pub told_encoding: Option<String>,
    /// Byte sequences that today's text could not show.
    pub replaced: u64,
    /// The options of the accession that stored it, as JSON.
    pub options: String,
    /// What its container stated of it.
    pub statements: Vec<Metadatum>,
    /// Files where it was seen, the latest first.
    pub files: Vec<PathBuf>,
}

const STANDING: &str =
    "SELECT digest, bytes, reader, version, coalesce(replaced, 0),
         CASE encoding_method WHEN 'told' THEN encoding END,
         CASE WHEN encoding_method <> 'told' THEN json_remove(options, '$.encoding') ELSE options END,
         (SELECT substr(name, 65) FROM sqlar WHERE name BETWEEN digest AND digest || '/')
     FROM document
     LEFT JOIN extraction ON extraction.id = extraction_id
     LEFT JOIN accession ON accession.id = document.accession_id
     WHERE document.id = ?1";

/// Readings by their readers and versions. Only a handful of pairs come out, whatever the archive holds.
const VERSIONS: &str = "SELECT DISTINCT reader, version FROM extraction";

/// Documents whose text of today is of such a reading.
const READ_BY: &str = "SELECT count(*) FROM extraction
     JOIN document ON document.id = document_id AND document.extraction_id = extraction.id
     WHERE reader = ?1 AND version = ?2";

impl Archive {
    /// How many documents have a text that an older reader read. `is_current` tells whether a reader, by
    /// its name, still has this version.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn outdated(&self, is_current: impl Fn(&str, u32) -> bool) -> Result<u64> {
        let count = || -> Rows<u64> {
            let mut select = self.connection().prepare(VERSIONS)?;
            let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let pairs = select.query_map([], pair)?.collect::<Rows<Vec<(String, u32)>>>()?;
            let mut outdated = 0;
            for (reader, version) in
                pairs.iter().filter(|(name, number)| !is_current(name, *number))
            {
                let mut select = self.connection().prepare_cached(READ_BY)?;
                let documents: i64 = select.query_row((reader, version), |row| row.get(0))?;
                outdated += documents.unsigned_abs();
            }
            Ok(outdated)
        };
        count().map_err(|error| explain(error, self.path()))
    }
}

impl Lookup {
    /// The numbers of all documents, rising.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn documents(&self) -> Result<Vec<i64>> {
        let mut select = self.connection().prepare("SELECT id FROM document ORDER BY id")?;
        Ok(select.query_map([], |row| row.get(0))?.collect::<Rows<_>>()?)
    }

    /// What is known of a document; `None` where there is none of this number.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn standing(&self, id: i64) -> Result<Option<Standing>> {
        let (place, files) = self.places(id)?;
        let statements = self.statements(id)?;
        let found = self
            .connection()
            .prepare_cached(STANDING)?
            .query_row([id], |row| {
                let reader: Option<String> = row.get(2)?;
                let version: Option<u32> = row.get(3)?;
                let ending: Option<String> = row.get(7)?;
                Ok(Standing {
                    id,
                    digest: row.get(0)?,
                    bytes: row.get::<_, i64>(1)?.unsigned_abs(),
                    place,
                    kept_ending: ending.map(without_part),
                    reader: reader.zip(version),
                    replaced: row.get::<_, i64>(4)?.unsigned_abs(),
                    told_encoding: row.get(5)?,
                    options: row.get::<_, Option<String>>(6)?.unwrap_or_default(),
                    statements,
                    files,
                })
            })
            .optional()?;
        Ok(found)
    }

    fn places(&self, id: i64) -> Result<(Place, Vec<PathBuf>)> {
        let mut select = self.connection().prepare_cached(
            "SELECT location, raw_location, container, modified_at,
                 id = min(id) OVER () FROM sighting_row
             WHERE document_id = ?1 ORDER BY last_seen_at DESC, id DESC",
        )?;
        let mut rows = select.query([id])?;
        let (mut first, mut files) = (Place::default(), Vec::new());
        while let Some(row) = rows.next()? {
            let place = Place {
                location: row.get(0)?,
                raw: row.get(1)?,
                container: row.get(2)?,
                modified_at: row.get(3)?,
                stamp: None,
            };
            if place.container.is_none() && place.location.starts_with('/') {
                files.push(path_of(&place.location, place.raw.clone()));
            }
            if row.get(4)? {
                first = place;
            }
        }
        Ok((first, files))
    }

    /// What a container stated, which reading the bytes alone would not give.
    fn statements(&self, id: i64) -> Result<Vec<Metadatum>> {
        let mut select = self.connection().prepare_cached(
            "SELECT name, value, evidence FROM metadata
             WHERE document_id = ?1 AND method = 'container' ORDER BY name, ordinal",
        )?;
        let statement = |row: &rusqlite::Row<'_>| {
            Ok(Metadatum {
                name: row.get(0)?,
                value: row.get(1)?,
                method: "container",
                evidence: row.get(2)?,
            })
        };
        Ok(select.query_map([id], statement)?.collect::<Rows<_>>()?)
    }
}

/// The ending without the number of the part.
fn without_part(ending: String) -> String {
    match ending.rfind(".part") {
        Some(at) => ending.get(..at).unwrap_or_default().to_owned(),
        None => ending,
    }
}

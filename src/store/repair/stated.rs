//! What a web archive stated about a page beside its bytes: its address and when it was captured.
//! Reading the bytes again does not tell it; the place where the page was seen does.
//!
//! Nothing here is trusted: what is put back is kept only if it matches the proof.

use super::Repairer;
use crate::model::Metadatum;
use rusqlite::{OptionalExtension, Result};

/// The method of these statements.
const METHOD: &str = "container";

/// Name, and the field of the web archive that states it.
const FIELDS: [(&str, &str); 2] = [("source", "WARC-Target-URI"), ("captured", "WARC-Date")];

impl Repairer {
    /// What may have been stated about a document beside its bytes: the likeliest first, and in the
    /// end nothing.
    pub(super) fn stated(&self, id: i64) -> Result<Vec<Vec<Metadatum>>> {
        let left = self.left(id)?;
        let told = self.told_by_place(id)?;
        let merged = FIELDS.iter().filter_map(|(name, _)| {
            let named = |list: &[Metadatum]| list.iter().find(|datum| datum.name == *name).cloned();
            named(&left).or_else(|| named(&told))
        });
        let mut tries: Vec<Vec<Metadatum>> = vec![merged.collect(), told, Vec::new()];
        tries.dedup();
        Ok(tries)
    }

    /// Statements that are still there, damaged or not.
    fn left(&self, id: i64) -> Result<Vec<Metadatum>> {
        let mut select = self.connection.prepare_cached(
            "SELECT name, value, evidence FROM metadata
             WHERE document_id = ?1 AND method = ?2 ORDER BY name DESC, ordinal",
        )?;
        let rows = select.query_map((id, METHOD), |row| {
            let (name, value, evidence) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Metadatum { name, value, method: METHOD, evidence })
        })?;
        rows.collect()
    }

    /// What the first place says where the document was seen, if that was in a web archive.
    fn told_by_place(&self, id: i64) -> Result<Vec<Metadatum>> {
        let place = self
            .connection
            .prepare_cached(
                "SELECT substr(location, length(container) + 2), modified_at FROM sighting
                 WHERE document_id = ?1 ORDER BY id LIMIT 1",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((Some(address), captured)) = place else { return Ok(Vec::new()) };
        let address: String = address;
        if !address.contains(':') {
            return Ok(Vec::new());
        }
        let values = [Some(address), captured];
        let statement = |((name, field), value): (&(&str, &str), Option<String>)| {
            let evidence = format!("field {field}");
            Some(Metadatum { name: (*name).to_owned(), value: value?, method: METHOD, evidence })
        };
        Ok(FIELDS.iter().zip(values).filter_map(statement).collect())
    }
}

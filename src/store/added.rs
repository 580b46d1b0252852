//! What working out relations asks of an archive about single documents and passages: neighbours by passages,
//! and those that stand for others. Every statement here is answered by indexes, whatever the archive holds.

use super::Archive;
use super::archive::explain;
use anyhow::Result;
use rusqlite::Params;
use std::collections::BTreeSet;

/// A document that was found to tell one story with another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    /// The document that was asked about.
    pub document: i64,
    /// The other.
    pub other: i64,
    /// How much they differ: see [`super::Comparison::difference`].
    pub difference: f64,
}

impl Archive {
    /// The documents after this one that have text and a sketch.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn sketched_after(&self, document: i64) -> Result<BTreeSet<i64>> {
        self.ids(
            "SELECT document_id FROM signature JOIN document ON id = document_id
             WHERE document_id > ?1 AND normal_digest IS NOT NULL",
            [document],
        )
    }

    /// These documents, with those that stand for them: for the same folded text, and for their stories.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn with_representatives(&self, documents: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
        let mut all = documents.clone();
        for document in documents {
            all.extend(self.ids(
                "SELECT twin.cluster_id FROM document AS twin WHERE id = ?1
                 UNION ALL
                 SELECT * FROM (
                     SELECT twin.id FROM document
                     JOIN document AS twin ON twin.normal_digest = document.normal_digest
                     WHERE document.id = ?1
                     ORDER BY twin.characters DESC, twin.date IS NULL, twin.date, twin.digest
                     LIMIT 1
                 )",
                [document],
            )?);
        }
        Ok(all)
    }

    /// The passages of a document that are its own text and not the page's.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn own_passages(&self, document: i64) -> Result<BTreeSet<i64>> {
        self.ids(
            "SELECT passage_id FROM placement WHERE document_id = ?1 AND boilerplate = 0",
            [document],
        )
    }

    /// The passage that the own text of a document begins with.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn opening(&self, document: i64) -> Result<Option<i64>> {
        let found = self.ids(
            "SELECT passage_id FROM placement WHERE document_id = ?1 AND boilerplate = 0
             ORDER BY position LIMIT 1",
            [document],
        )?;
        Ok(found.first().copied())
    }

    /// Of each story that tells a passage in its own text one document that does, the one that stands for
    /// the story if it can be; of the first `most` stories.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn tellers(&self, passage: i64, most: usize) -> Result<BTreeSet<i64>> {
        self.ids(
            "SELECT coalesce(
                 max(CASE WHEN document.id = cluster_id THEN cluster_id END), min(document.id))
             FROM placement JOIN document ON document.id = document_id
             WHERE passage_id = ?1 AND boilerplate = 0
             GROUP BY cluster_id LIMIT ?2",
            [passage, most as i64],
        )
    }

    /// The documents in whose own text a passage stands.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn tellers_of(&self, passage: i64) -> Result<BTreeSet<i64>> {
        self.ids(
            "SELECT document_id FROM placement WHERE passage_id = ?1 AND boilerplate = 0",
            [passage],
        )
    }

    /// The documents that were found to be versions or near copies of this one.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn told_with(&self, document: i64) -> Result<Vec<Told>> {
        let read = || -> rusqlite::Result<Vec<Told>> {
            let mut select = self.connection().prepare_cached(
                "SELECT CASE left_id WHEN ?1 THEN right_id ELSE left_id END,
                     max(left_differs, right_differs) + noise
                 FROM comparison
                 WHERE (left_id = ?1 OR right_id = ?1) AND kind IN ('version', 'near copy')",
            )?;
            let told = select.query_map([document], |row| {
                Ok(Told { document, other: row.get(0)?, difference: row.get(1)? })
            })?;
            told.collect()
        };
        read().map_err(|error| explain(error, self.path()))
    }

    /// The documents that were found to have something in common with this one.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn related_to(&self, document: i64) -> Result<BTreeSet<i64>> {
        self.ids(
            "SELECT right_id FROM comparison
             WHERE left_id = ?1 AND kind NOT IN ('template', 'unrelated')
             UNION ALL
             SELECT left_id FROM comparison
             WHERE right_id = ?1 AND kind NOT IN ('template', 'unrelated')",
            [document],
        )
    }

    fn ids(&self, sql: &str, parameters: impl Params) -> Result<BTreeSet<i64>> {
        let read = || -> rusqlite::Result<BTreeSet<i64>> {
            let mut select = self.connection().prepare_cached(sql)?;
            select.query_map(parameters, |row| row.get(0))?.collect()
        };
        read().map_err(|error| explain(error, self.path()))
    }
}

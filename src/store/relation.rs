//! Every statement on `comparison` and on `document.cluster_id`, and what finding candidates reads.

use super::Archive;
use super::archive::explain;
use super::recurring;
use super::settlement::{self, Extent};
use super::texts::TextReader;
use crate::model::RelationKind;
use anyhow::Result;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Two documents, measured against each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The document that stands before the other in the order of representatives.
    pub left: i64,
    /// The other.
    pub right: i64,
    /// What they are to each other.
    pub kind: RelationKind,
    /// The rule that says so.
    pub rule: String,
    /// Words that both have by words that either has.
    pub resemblance: f64,
    /// The share of the left one's words that the right one has.
    pub left_share: f64,
    /// The share of the right one's words that the left one has.
    pub right_share: f64,
    /// The share of the left one, by weight, that the right one lacks and that stands elsewhere.
    pub left_differs: f64,
    /// The same of the right one.
    pub right_differs: f64,
    /// The larger share, by weight, that the other lacks and that stands nowhere else.
    pub noise: f64,
    /// The larger share of what each begins with, template aside, that the other lacks.
    pub opening: f64,
    /// Words in common, weighed by how few others have them.
    pub evidence: f64,
    /// How nearly it was judged otherwise (0 to 1).
    pub doubt: f64,
    /// Stands for what it was measured among first; 0 where it was measured only once stories were known.
    pub basis: i64,
    /// Stands for the stories it was measured among then; `None` where it was measured once.
    pub again: Option<i64>,
}

impl Comparison {
    /// The larger share of either, by weight, that the other lacks.
    pub fn difference(&self) -> f64 {
        self.left_differs.max(self.right_differs) + self.noise
    }
}

/// Takes back what was worked out about documents that were read again, so that the next settling works
/// it out: their stories fall apart to documents of one folded text. Where paragraphs are other ones, so
/// are the words that others are weighed by, and nothing that was measured holds.
pub(super) fn unsettle(
    connection: &Connection,
    documents: &[i64],
    clusters: &BTreeSet<i64>,
    is_other: bool,
) -> rusqlite::Result<()> {
    settlement::take_back(connection)?;
    if is_other {
        connection.prepare_cached("DELETE FROM comparison")?.execute([])?;
    }
    let mut clusters = clusters.clone();
    let mut cluster = connection.prepare_cached("SELECT cluster_id FROM document WHERE id = ?1")?;
    for id in documents {
        clusters.extend(cluster.query_row([id], |row| row.get::<_, i64>(0)).optional()?);
    }
    let mut members =
        connection.prepare_cached("SELECT id FROM document WHERE cluster_id = ?1 ORDER BY id")?;
    let mut affected: BTreeSet<i64> = documents.iter().copied().collect();
    for cluster in clusters {
        for id in members.query_map([cluster], |row| row.get(0))? {
            affected.insert(id?);
        }
    }
    for id in affected {
        connection
            .prepare_cached(
                "UPDATE document SET cluster_id = coalesce(
                     (SELECT twin.id FROM document AS twin
                      WHERE twin.normal_digest = document.normal_digest
                      ORDER BY characters DESC, date IS NULL, date, digest LIMIT 1), id)
                 WHERE id = ?1",
            )?
            .execute([id])?;
        connection
            .prepare_cached("UPDATE signature SET cluster_id = NULL WHERE document_id = ?1")?
            .execute([id])?;
    }
    Ok(())
}

impl Archive {
    /// A reader of texts beside this connection.
    ///
    /// # Errors
    /// When the archive cannot be opened a second time.
    pub fn texts(&self) -> Result<TextReader> {
        TextReader::open(self.path())
    }

    /// The documents of each passage that stands in more than one, as `found(passage, documents)`.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn shared_passages(&self, found: &mut dyn FnMut(i64, &[i64])) -> Result<()> {
        let mut read = || -> rusqlite::Result<()> {
            let mut select = self.connection().prepare(
                "SELECT passage_id, document_id FROM placement WHERE boilerplate = 0
                 ORDER BY passage_id, document_id",
            )?;
            let mut rows = select.query([])?;
            let (mut passage, mut documents) = (0i64, Vec::new());
            while let Some(row) = rows.next()? {
                let next: i64 = row.get(0)?;
                if next != passage {
                    if documents.len() > 1 {
                        found(passage, &documents);
                    }
                    documents.clear();
                    passage = next;
                }
                let document: i64 = row.get(1)?;
                if documents.last() != Some(&document) {
                    documents.push(document);
                }
            }
            if documents.len() > 1 {
                found(passage, &documents);
            }
            Ok(())
        };
        read().map_err(|error| explain(error, self.path()))
    }

    /// The passage that each document's own text begins with, as `found(document, passage)`.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn openings(&self, found: &mut dyn FnMut(i64, i64)) -> Result<()> {
        let mut read = || -> rusqlite::Result<()> {
            // Beside min() SQLite gives the other columns of the same row.
            let mut select = self.connection().prepare(
                "SELECT document_id, passage_id, min(position) FROM placement
                 WHERE boilerplate = 0 GROUP BY document_id",
            )?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                found(row.get(0)?, row.get(1)?);
            }
            Ok(())
        };
        read().map_err(|error| explain(error, self.path()))
    }

    /// The number of letters of a passage.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn passage_length(&self, passage: i64) -> Result<i64> {
        self.connection()
            .prepare_cached("SELECT length(text) FROM passage_text WHERE id = ?1")
            .and_then(|mut select| select.query_row([passage], |row| row.get(0)))
            .map_err(|error| explain(error, self.path()))
    }

    /// For which documents relations were worked out; `None` where they never were.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn extent(&self) -> Result<Option<Extent>> {
        settlement::extent(self.connection()).map_err(|error| explain(error, self.path()))
    }

    /// The texts of the passages that stand only in documents after this one.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn passages_since(&self, document: i64, found: &mut dyn FnMut(&str)) -> Result<()> {
        let mut read = || -> rusqlite::Result<()> {
            let mut select = self.connection().prepare(
                "SELECT text FROM passage_text WHERE id IN (
                     SELECT passage_id FROM placement WHERE document_id > ?1
                 ) AND NOT EXISTS (
                     SELECT 1 FROM placement WHERE passage_id = passage_text.id AND document_id <= ?1
                 )",
            )?;
            let mut rows = select.query([document])?;
            while let Some(row) = rows.next()? {
                found(row.get_ref(0)?.as_str()?);
            }
            Ok(())
        };
        read().map_err(|error| explain(error, self.path()))
    }

    /// The documents up to `last` that have this word of the index, where it stands in at least `count`
    /// passages now and stood in fewer of theirs; else none.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn learnt(&self, word: &str, count: u64, last: i64) -> Result<Vec<i64>> {
        let read = || -> rusqlite::Result<Vec<i64>> {
            // Passages come in the order in which they were stored, so older ones are the first.
            let first: Vec<i64> = self
                .connection()
                .prepare_cached(
                    "SELECT rowid FROM passage_index WHERE passage_index MATCH ?1
                     ORDER BY rowid LIMIT ?2",
                )?
                .query_map((format!("\"{word}\""), count.cast_signed()), |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            let (mut documents, mut older) = (Vec::new(), 0);
            for passage in &first {
                let before = documents.len();
                let mut select = self.connection().prepare_cached(
                    "SELECT document_id FROM placement WHERE passage_id = ?1 AND document_id <= ?2",
                )?;
                for document in select.query_map([passage, &last], |row| row.get(0))? {
                    documents.push(document?);
                }
                older += u64::from(documents.len() > before);
            }
            let is_learnt = first.len() as u64 == count && older < count;
            Ok(if is_learnt { documents } else { Vec::new() })
        };
        read().map_err(|error| explain(error, self.path()))
    }

    /// Whether what documents are to each other was worked out, or there is no document.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn is_settled(&self) -> Result<bool> {
        settlement::is_there(self.connection()).map_err(|error| explain(error, self.path()))
    }

    /// Everything that was measured among all documents before; nothing where it is not what was worked
    /// out. Of documents that were added since it is left out, for fewer stood around them.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn comparisons(&self) -> Result<HashMap<(i64, i64), Comparison>> {
        let read = || -> rusqlite::Result<HashMap<(i64, i64), Comparison>> {
            if !settlement::verify(self.connection())?.is_empty() {
                return Ok(HashMap::new());
            }
            let extent = settlement::extent(self.connection())?;
            let all = extent.map_or(i64::MAX, |extent| extent.all);
            let mut select = self.connection().prepare(
                "SELECT left_id, right_id, kind, rule, resemblance, left_share, right_share,
                     left_differs, right_differs, noise, opening, evidence, basis, again, doubt
                 FROM comparison WHERE max(left_id, right_id) <= ?1",
            )?;
            let mut rows = select.query([all])?;
            let mut all = HashMap::new();
            while let Some(row) = rows.next()? {
                let comparison = Comparison {
                    left: row.get(0)?,
                    right: row.get(1)?,
                    kind: row.get_ref(2)?.as_str()?.parse().unwrap_or(RelationKind::Unrelated),
                    rule: row.get(3)?,
                    resemblance: row.get(4)?,
                    left_share: row.get(5)?,
                    right_share: row.get(6)?,
                    left_differs: row.get(7)?,
                    right_differs: row.get(8)?,
                    noise: row.get(9)?,
                    opening: row.get(10)?,
                    evidence: row.get(11)?,
                    basis: row.get(12)?,
                    again: row.get(13)?,
                    doubt: row.get(14)?,
                };
                all.insert((comparison.left, comparison.right), comparison);
            }
            Ok(all)
        };
        read().map_err(|error| explain(error, self.path()))
    }

    /// Makes the comparisons, the clusters and what recurs these: `clusters` has, for every document whose
    /// cluster changed, the one that stands for it, `recurring` the passages with the number of their
    /// stories. Only rows that differ are written.
    ///
    /// # Errors
    /// When the archive cannot be written; then nothing is.
    pub fn relate(
        &mut self,
        before: &HashMap<(i64, i64), Comparison>,
        now: &HashMap<(i64, i64), Comparison>,
        clusters: &[(i64, i64)],
        recurring: &BTreeMap<i64, i64>,
        at: &str,
    ) -> Result<()> {
        self.in_transaction(|connection| {
            if before.is_empty() {
                connection.execute("DELETE FROM comparison", [])?;
            } else if let Some(extent) = settlement::extent(connection)? {
                settlement::forget_added(connection, extent.all)?;
            }
            let gone: BTreeSet<_> =
                before.keys().filter(|key| !now.contains_key(key)).copied().collect();
            let mut delete = connection
                .prepare_cached("DELETE FROM comparison WHERE left_id = ?1 AND right_id = ?2")?;
            for key in gone {
                delete.execute(key)?;
            }
            let mut fresh: Vec<&Comparison> = now
                .iter()
                .filter(|(key, value)| before.get(key) != Some(value))
                .map(|(_, value)| value)
                .collect();
            fresh.sort_by_key(|comparison| (comparison.left, comparison.right));
            for comparison in fresh {
                write(connection, comparison)?;
            }
            let mut update =
                connection.prepare_cached("UPDATE document SET cluster_id = ?2 WHERE id = ?1")?;
            for cluster in clusters {
                update.execute(*cluster)?;
            }
            connection.execute(
                "UPDATE signature SET cluster_id = document.cluster_id FROM document
                 WHERE document.id = document_id
                     AND signature.cluster_id IS NOT document.cluster_id",
                [],
            )?;
            recurring::write(connection, recurring)?;
            settlement::write_all(connection, at)
        })
    }

    /// Adds comparisons of documents that were added, and the document that stands for the story of each;
    /// what stands there of others stays.
    ///
    /// # Errors
    /// When the archive cannot be written; then nothing is.
    pub fn relate_added(
        &mut self,
        now: &[&Comparison],
        clusters: &[(i64, i64)],
        at: &str,
    ) -> Result<()> {
        self.in_transaction(|connection| {
            for comparison in now {
                write(connection, comparison)?;
            }
            for sql in [
                "UPDATE document SET cluster_id = ?2 WHERE id = ?1",
                "UPDATE signature SET cluster_id = ?2 WHERE document_id = ?1",
            ] {
                let mut update = connection.prepare_cached(sql)?;
                for cluster in clusters {
                    update.execute(*cluster)?;
                }
            }
            settlement::write_added(connection, at)
        })
    }
}

fn write(connection: &Connection, comparison: &Comparison) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO comparison (left_id, right_id, kind, rule, resemblance, left_share,
                 right_share, left_differs, right_differs, noise, opening, evidence, basis,
                 again, doubt)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute((
            comparison.left,
            comparison.right,
            comparison.kind.as_str(),
            &comparison.rule,
            comparison.resemblance,
            comparison.left_share,
            comparison.right_share,
            comparison.left_differs,
            comparison.right_differs,
            comparison.noise,
            comparison.opening,
            comparison.evidence,
            comparison.basis,
            comparison.again,
            comparison.doubt,
        ))
        .map(|_| ())
}

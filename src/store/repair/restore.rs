//! Restores a document from its bytes, which are known to be the right ones by their digest.

use super::mend::ACCESSION;
use super::{Repairer, has};
use crate::fingerprint;
use crate::model::{Digest, Hurt, Part};
use crate::store::arrival::Text;
use crate::store::passage::Passages;
use crate::store::{document, original, proof, signature};
use anyhow::Result;
use rusqlite::OptionalExtension;
use rusqlite::types::FromSql;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

/// A document whose bytes would help.
#[derive(Debug)]
pub struct Sought {
    /// Its number.
    pub id: i64,
    /// Its digest, as far as it is known: several where the file contradicts itself.
    pub digests: Vec<String>,
    /// The name of its file, or of the container and its place in it.
    pub name: String,
    /// Whether it was seen inside of a container.
    pub is_member: bool,
    /// What it is called in its container.
    pub member: Option<String>,
    /// The reader that read it; `None` where none did or the row is lost.
    pub reader: Option<String>,
    /// The encoding, where the user had told it.
    pub encoding: Option<String>,
    /// The options of the accession that stored it, as JSON.
    pub options: String,
    /// Files where it was seen.
    pub files: Vec<PathBuf>,
}

/// What reading the bytes of a document gave.
#[derive(Debug)]
pub struct Reread {
    /// The text, or `None` where it has none.
    pub text: Option<Text>,
    /// Media type of the bytes.
    pub media_type: &'static str,
    /// The name whose ending its original keeps.
    pub original_name: String,
}

impl Repairer {
    /// What is known of a document that has to be found again.
    ///
    /// # Errors
    /// When the new archive cannot be read.
    pub fn seek(&self, id: i64) -> Result<Sought> {
        let mut digests: Vec<String> = Vec::new();
        for sql in [
            "SELECT digest FROM document WHERE id = ?1",
            "SELECT digest FROM temp.echo_document WHERE id = ?1",
        ] {
            digests.extend(self.one(sql, id)?);
        }
        digests.dedup();
        let options =
            self.one(&format!("SELECT options FROM accession WHERE id = ({ACCESSION})"), id)?;
        let (mut files, mut is_member, mut member) = (Vec::new(), false, None);
        let mut select = self.connection.prepare_cached(
            "SELECT location, raw_location, container IS NOT NULL,
                 substr(location, length(container) + 2) FROM sighting
             WHERE document_id = ?1 ORDER BY id DESC LIMIT 100",
        )?;
        let mut rows = select.query([id])?;
        while let Some(row) = rows.next()? {
            let (location, raw): (String, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?);
            // The first sighting, which comes last, tells how it was read.
            is_member = row.get(2)?;
            member = row.get(3)?;
            if !is_member {
                files.push(crate::store::inspect::path_of(&location, raw));
            }
        }
        let reader = "SELECT reader FROM extraction WHERE document_id = ?1
             ORDER BY id DESC LIMIT 1";
        let encoding = "SELECT CASE encoding_method WHEN 'told' THEN encoding END FROM extraction
             WHERE document_id = ?1 ORDER BY id DESC LIMIT 1";
        Ok(Sought {
            id,
            digests,
            name: self.file_name(id)?,
            is_member,
            member,
            reader: self.one(reader, id)?,
            encoding: self.one::<Option<String>>(encoding, id)?.flatten(),
            options: options.unwrap_or_default(),
            files,
        })
    }

    fn one<T: FromSql>(&self, sql: &str, id: i64) -> rusqlite::Result<Option<T>> {
        self.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()
    }

    /// The original with this digest as it is kept, if its bytes are the right ones.
    pub fn kept(&self, digest: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let is_kept = original::copy(&self.connection, digest, &mut bytes).unwrap_or(false);
        (is_kept && fingerprint::digest(&bytes).to_string() == digest).then_some(bytes)
    }

    /// Restores what is hurt of a document from its bytes. Returns whether it is better for it.
    ///
    /// # Errors
    /// When the new archive cannot be written.
    pub fn restore(&self, id: i64, bytes: &[u8], reread: &mut Reread) -> Result<bool> {
        let tries = self.stated(id)?;
        // All of it or, where that cannot be had, the most.
        for is_whole in [true, false] {
            for stated in &tries {
                let read = reread.text.as_ref().map_or(0, |text| text.extract.metadata.len());
                if let Some(text) = &mut reread.text {
                    text.extract.metadata.extend_from_slice(stated);
                }
                let is_better = self.try_to_restore(id, bytes, reread, is_whole)?;
                if let Some(text) = &mut reread.text {
                    text.extract.metadata.truncate(read);
                }
                if is_better {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn try_to_restore(
        &self,
        id: i64,
        bytes: &[u8],
        reread: &Reread,
        is_whole: bool,
    ) -> Result<bool> {
        let before = self.hurts(id);
        let free = self.free.borrow().clone();
        self.connection.execute_batch("SAVEPOINT restoring")?;
        let restored = self.put(id, bytes, reread, &before);
        let after = self.hurts(id);
        // Without a proof to compare with, what the right bytes give is the right text.
        let is_right = self.is_unproved(id)? && !has(&after, Part::Text);
        let is_better = restored.is_ok()
            && if is_whole { after.is_empty() } else { is_right || is_better(&before, &after) };
        self.keep_if(is_better, "restoring")?;
        if !is_better {
            *self.free.borrow_mut() = free;
        } else if !after.is_empty() {
            // The text is the right one, as its bytes are; only its rows are not those of before.
            self.connection
                .prepare_cached("INSERT OR IGNORE INTO temp.redone VALUES (?1)")?
                .execute([id])?;
        }
        Ok(is_better)
    }

    fn put(&self, id: i64, bytes: &[u8], reread: &Reread, before: &[Hurt]) -> Result<()> {
        self.put_record(id, bytes)?;
        if before.iter().any(|hurt| hurt.part != Part::Original) {
            self.put_text(id, reread)?;
        }
        let is_missing = self.is_unproved(id)? && self.was_kept(id)?;
        if has(&self.hurts(id), Part::Original) || is_missing {
            self.put_original(id, bytes, &reread.original_name)?;
        }
        Ok(())
    }

    fn is_unproved(&self, id: i64) -> rusqlite::Result<bool> {
        Ok(proof::latest(&self.connection, id)?.is_none())
    }

    /// Whether the accession that stored the document kept originals, as far as is known.
    fn was_kept(&self, id: i64) -> rusqlite::Result<bool> {
        let sql = "SELECT NOT coalesce(json_extract(options, '$.no_originals'), 0)
             FROM document JOIN accession ON accession.id = accession_id WHERE document.id = ?1";
        let kept = self.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0));
        Ok(kept.optional()?.unwrap_or(true))
    }

    fn put_record(&self, id: i64, bytes: &[u8]) -> Result<()> {
        let digest = fingerprint::digest(bytes).to_string();
        let accession: Option<i64> = self
            .connection
            .prepare_cached(ACCESSION)?
            .query_row([id], |row| row.get(0))
            .optional()?
            .flatten();
        self.connection
            .prepare_cached(
                "INSERT INTO document (id, digest, label, media_type, bytes, cluster_id, accession_id)
                 VALUES (?1, ?2, ?3, '', ?4,
                     coalesce((SELECT cluster_id FROM signature WHERE document_id = ?1), ?1),
                     coalesce(?5, (SELECT accession_id FROM sighting WHERE document_id = ?1), 1))
                 ON CONFLICT (id) DO UPDATE SET digest = ?2, bytes = ?4,
                     accession_id = coalesce(?5, accession_id)",
            )?
            .execute((id, digest, self.file_name(id)?, bytes.len() as i64, accession))?;
        Ok(())
    }

    fn put_text(&self, id: i64, reread: &Reread) -> Result<()> {
        let connection = &self.connection;
        let name = self.file_name(id)?;
        let extraction: Option<i64> = connection
            .prepare_cached(
                "SELECT coalesce((SELECT max(id) FROM extraction WHERE document_id = ?1),
                     (SELECT extraction_id FROM document WHERE id = ?1 AND extraction_id NOT IN
                         (SELECT id FROM extraction)))",
            )?
            .query_row([id], |row| row.get(0))?;
        let cluster: Option<i64> = connection
            .prepare_cached("SELECT cluster_id FROM signature WHERE document_id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?
            .flatten();
        let known_ids = match &reread.text {
            Some(text) => self.known_ids(id, text)?,
            None => HashMap::new(),
        };
        document::remove_reading(connection, id)?;
        // The rows of earlier readings stay.
        connection
            .prepare_cached("DELETE FROM extraction WHERE document_id = ?1 AND id >= ?2")?
            .execute((id, extraction.unwrap_or(0)))?;
        let Some(text) = &reread.text else {
            connection.execute(
                "UPDATE document SET label = ?2, title = NULL, creator = NULL, date = NULL,
                     language = NULL, media_type = ?3, characters = 0, paragraphs = 0,
                     text_digest = NULL, normal_digest = NULL, extraction_id = NULL
                 WHERE id = ?1",
                (id, name, reread.media_type),
            )?;
            return Ok(());
        };
        let extraction = match extraction {
            Some(id) => Some(id),
            None => self.gap("extraction")?,
        };
        let extraction = document::insert_extraction(connection, extraction, id, text)?;
        document::insert_metadata(connection, id, text)?;
        Passages::new(connection)?.with_known_ids(known_ids).place(id, text)?;
        if let Some(sketch) = &text.sketch {
            signature::insert(connection, id, sketch)?;
        }
        document::state_text(connection, id, (&name, reread.media_type), text, extraction)?;
        if let Some(cluster) = cluster {
            connection
                .execute("UPDATE document SET cluster_id = ?2 WHERE id = ?1", (id, cluster))?;
            connection.execute(
                "UPDATE signature SET cluster_id = ?2 WHERE document_id = ?1",
                (id, cluster),
            )?;
        }
        Ok(())
    }

    /// The numbers that the passages of a text had: by the placements that are left, else, for those
    /// that are missing, the free numbers in order, as they were handed out.
    fn known_ids(&self, id: i64, text: &Text) -> Result<HashMap<Digest, i64>> {
        let mut select = self.connection.prepare_cached(
            "SELECT position, passage_id FROM placement WHERE document_id = ?1
                 AND passage_id NOT IN (SELECT id FROM passage_text)",
        )?;
        let placed: HashMap<usize, i64> = select
            .query_map([id], |row| Ok((row.get::<_, i64>(0)? as usize, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let broken = self.broken_ids()?;
        let mut taken: HashSet<i64> = HashSet::new();
        let mut free = self.free.borrow_mut();
        let passages = Passages::new(&self.connection)?;
        let mut ids = HashMap::new();
        for (position, passage) in (1..).zip(&text.passages) {
            if ids.contains_key(&passage.digest) || passages.find(&passage.digest)?.is_some() {
                continue;
            }
            let known = placed.get(&position).or_else(|| broken.get(&passage.digest)).copied();
            let known = known.filter(|id| !taken.contains(id)).or_else(|| free.pop_front());
            if let Some(id) = known {
                taken.insert(id);
                ids.insert(passage.digest, id);
            }
        }
        Ok(ids)
    }

    /// Numbers of passages whose text is damaged, by the digest that they have.
    fn broken_ids(&self) -> Result<HashMap<Digest, i64>> {
        let mut select = self.connection.prepare_cached(
            "SELECT digest, id FROM temp.broken_passage
             WHERE length(digest) = 32 AND id NOT IN (SELECT id FROM passage_text)",
        )?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let rows = rows.filter_map(rusqlite::Result::ok);
        Ok(rows.map(|(digest, id)| (Digest::from_bytes(digest), id)).collect())
    }

    /// The lowest number of a table that no row has.
    fn gap(&self, table: &str) -> rusqlite::Result<Option<i64>> {
        self.connection
            .prepare_cached(&format!(
                "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM {table} WHERE id = 1) THEN 1 ELSE (
                     SELECT id + 1 FROM {table} AS before WHERE id > 0 AND NOT EXISTS (
                         SELECT 1 FROM {table} AS next WHERE next.id = before.id + 1)
                     ORDER BY id LIMIT 1) END"
            ))?
            .query_row([], |row| row.get(0))
    }

    fn put_original(&self, id: i64, bytes: &[u8], name: &str) -> Result<()> {
        let digest = fingerprint::digest(bytes);
        self.connection
            .prepare_cached("DELETE FROM sqlar WHERE name BETWEEN ?1 AND ?1 || '/'")?
            .execute([digest.to_string()])?;
        let modified: Option<String> = self.one(
            "SELECT modified_at FROM sighting
             WHERE document_id = ?1 AND modified_at IS NOT NULL ORDER BY id LIMIT 1",
            id,
        )?;
        let modified = modified.and_then(|time| time.parse::<jiff::Timestamp>().ok());
        let seconds = modified.map_or(0, jiff::Timestamp::as_second);
        let kept = original::Original::new(bytes, name, seconds);
        Ok(original::keep(&self.connection, &digest, &kept)?)
    }
}

/// Whether a document is less hurt than before: fewer parts, or a text that was not there.
fn is_better(before: &[Hurt], after: &[Hurt]) -> bool {
    let parts = |hurts: &[Hurt]| {
        let mut parts: Vec<Part> = hurts.iter().map(|hurt| hurt.part).collect();
        parts.sort_unstable();
        parts.dedup();
        parts.len()
    };
    let text = has(before, Part::Text) && !has(after, Part::Text);
    text || parts(after) < parts(before)
}

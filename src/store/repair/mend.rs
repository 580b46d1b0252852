//! Mends rows from what else the file states: indexes, other rows, the digests themselves.
//!
//! Whatever is put back is kept only if it matches the digest that was taken when it was written.

use super::{Repairer, has};
use crate::fingerprint;
use crate::model::{Digest, Part};
use crate::store::proof;
use crate::text::normal::normal;
use crate::text::normalize::fold_tight;
use crate::text::spacing;
use anyhow::Result;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};

/// The forms of a text that its normal digest may be of: today's, and that of documents which were read
/// before schema 17.
const NORMAL_FORMS: [fn(&str) -> String; 2] = [normal, fold_tight];

/// Columns of `document` that other rows know, with the question that tells.
const DERIVED: [(&str, &str); 7] = [
    ("digest", "SELECT digest FROM temp.echo_document WHERE id = ?1"),
    (
        "title",
        "SELECT value FROM metadata WHERE document_id = ?1 AND name = 'title' AND ordinal = 1",
    ),
    (
        "creator",
        "SELECT group_concat(value, '; ') FROM (SELECT value FROM metadata
         WHERE document_id = ?1 AND name = 'creator' ORDER BY ordinal)",
    ),
    ("date", "SELECT value FROM metadata WHERE document_id = ?1 AND name = 'date' AND ordinal = 1"),
    ("paragraphs", "SELECT count(*) FROM placement WHERE document_id = ?1"),
    ("extraction_id", "SELECT max(id) FROM extraction WHERE document_id = ?1"),
    ("accession_id", ACCESSION),
];

/// The accession in which a document was stored, by its first proof.
pub(super) const ACCESSION: &str = "SELECT accession_id FROM batch WHERE id =
     (SELECT min(batch_id) FROM proof WHERE document_id = ?1)";

impl Repairer {
    /// Mends what the file itself can mend, before any document is looked at.
    ///
    /// # Errors
    /// When the new archive cannot be written.
    pub fn mend(&self) -> Result<()> {
        self.mend_extractions()?;
        self.mend_sightings()?;
        self.rename_documents()?;
        for id in self.hurt_documents()? {
            let hurts = self.hurts(id);
            if has(&hurts, Part::Text) {
                self.mend_texts(id)?;
            }
            if has(&hurts, Part::Record) {
                self.mend_record(id)?;
            }
        }
        Ok(())
    }

    /// Gives extractions back to the document whose record names them.
    fn mend_extractions(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch(
            "UPDATE extraction SET document_id =
                 (SELECT id FROM document WHERE extraction_id = extraction.id)
             WHERE (SELECT count(*) FROM document WHERE extraction_id = extraction.id
                     AND document.id <> extraction.document_id) = 1
                 AND NOT EXISTS (SELECT 1 FROM document WHERE id = extraction.document_id
                     AND extraction_id = extraction.id)",
        )
    }

    /// Puts back sightings that only the index still has. When a document was seen is when the
    /// batch was written that names the place, so a batch that has lost nothing else is whole again.
    fn mend_sightings(&self) -> Result<()> {
        self.connection.execute_batch(
            "INSERT OR IGNORE INTO sighting_row (id, document_id, accession_id, location, container,
                 modified_at, first_seen_at, last_seen_at)
             SELECT echo.id, echo.document_id, batch.accession_id, echo.location,
                 (SELECT location FROM ledger_row WHERE outcome = 'container'
                     AND location = substr(echo.location, 1, length(location))
                     AND substr(echo.location, length(location) + 1, 1) = '!'),
                 (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', mtime, 'unixepoch') FROM sqlar
                     JOIN document ON document.id = echo.document_id
                     WHERE name BETWEEN digest AND digest || '/' AND mtime > 0),
                 batch.written_at,
                 coalesce((SELECT max(later.written_at) FROM ledger_row
                     JOIN batch AS later ON later.accession_id = ledger_row.accession_id
                         AND ordinal >= later.first_ordinal AND ordinal < later.next_ordinal
                     WHERE sighting_id = echo.id), batch.written_at)
             FROM temp.echo_sighting AS echo
             JOIN batch ON echo.id >= first_sighting AND echo.id < next_sighting
             WHERE echo.id NOT IN (SELECT id FROM sighting)",
        )?;
        for id in self.ids("SELECT id FROM sighting WHERE proof IS NULL")? {
            proof::prove_sighting(&self.connection, id)?;
        }
        Ok(())
    }

    /// Gives documents back the number that a flipped bit has changed.
    fn rename_documents(&self) -> Result<()> {
        let unproved =
            self.ids("SELECT id FROM document WHERE id NOT IN (SELECT document_id FROM proof)")?;
        let missing = self.ids(
            "SELECT DISTINCT document_id FROM proof WHERE document_id NOT IN
                 (SELECT id FROM document)",
        )?;
        for wrong in unproved {
            for right in &missing {
                let rename = |from: i64, to: i64| {
                    self.connection.execute(
                        "UPDATE OR IGNORE document SET id = ?2, cluster_id =
                             CASE cluster_id WHEN ?1 THEN ?2 ELSE cluster_id END WHERE id = ?1",
                        (from, to),
                    )
                };
                rename(wrong, *right)?;
                if self.is_record_sound(*right)? {
                    break;
                }
                rename(*right, wrong)?;
            }
        }
        Ok(())
    }

    fn is_record_sound(&self, id: i64) -> rusqlite::Result<bool> {
        let stated = proof::latest(&self.connection, id)?;
        let record = proof::record(&self.connection, id)?;
        Ok(stated.is_some_and(|stated| stated.record == record))
    }

    /// Puts back columns of the record that other rows know, one and then all of them.
    fn mend_record(&self, id: i64) -> Result<()> {
        for form in NORMAL_FORMS {
            if self.mend_with(id, &self.derived(id, form)?)? {
                break;
            }
        }
        Ok(())
    }

    /// Tries these values of columns; whether the record is what its digest says.
    fn mend_with(&self, id: i64, derived: &[(&'static str, Value)]) -> Result<bool> {
        for choice in derived.chunks(1).chain([derived]) {
            self.connection.execute_batch("SAVEPOINT mending")?;
            for (column, value) in choice {
                let sql = format!("UPDATE OR IGNORE document SET {column} = ?2 WHERE id = ?1");
                // A value that breaks a rule of the table is not the one that was there.
                let _changed = self.connection.prepare_cached(&sql)?.execute((id, value));
            }
            let is_sound = self.is_record_sound(id)?;
            self.keep_if(is_sound, "mending")?;
            if is_sound {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Ends a savepoint, with what was done in it or without.
    pub(super) fn keep_if(&self, is_better: bool, savepoint: &str) -> rusqlite::Result<()> {
        let back = if is_better { String::new() } else { format!("ROLLBACK TO {savepoint};") };
        self.connection.execute_batch(&format!("{back} RELEASE {savepoint}"))
    }

    fn derived(
        &self,
        id: i64,
        form: fn(&str) -> String,
    ) -> rusqlite::Result<Vec<(&'static str, Value)>> {
        let (texts, digests) = placed(&self.connection, id)?;
        let normals: Vec<String> = texts.iter().map(|text| form(text)).collect();
        let normal = match texts.is_empty() {
            true => Value::Null,
            false => blob(&fingerprint::normal_digest(&normals)),
        };
        let text = blob(&fingerprint::text_digest(&digests));
        let mut derived = vec![("text_digest", text), ("normal_digest", normal)];
        for (column, sql) in DERIVED {
            let value = self
                .connection
                .prepare_cached(sql)?
                .query_row([id], |row| row.get(0))
                .optional()?;
            derived.push((column, value.unwrap_or(Value::Null)));
        }
        let title = derived.iter().find(|(column, _)| *column == "title");
        let label = match title {
            Some((_, Value::Text(title))) => title.clone(),
            _ => self.file_name(id)?,
        };
        derived.push(("label", Value::Text(label)));
        Ok(derived)
    }

    /// The name of the file in which a document was first seen.
    pub(super) fn file_name(&self, id: i64) -> rusqlite::Result<String> {
        let place: Option<(String, Option<String>)> = self
            .connection
            .prepare_cached(
                "SELECT location, container FROM sighting WHERE document_id = ?1 ORDER BY id",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((location, container)) = place else { return Ok(String::new()) };
        let slash = container.as_ref().unwrap_or(&location).rfind('/');
        let name = slash.and_then(|slash| location.get(slash + 1..));
        Ok(name.unwrap_or(&location).to_owned())
    }

    /// Puts passages back whose text is whole and whose number or digest is not: the digest of the
    /// document's text tells.
    fn mend_texts(&self, id: i64) -> Result<()> {
        let connection = &self.connection;
        let missing: Vec<i64> = connection
            .prepare_cached(
                "SELECT DISTINCT passage_id FROM placement WHERE document_id = ?1
                     AND passage_id NOT IN (SELECT id FROM passage_text)",
            )?
            .query_map([id], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for missing in &missing {
            let same = set_aside(connection, "WHERE id = ?1 LIMIT 1", *missing)?;
            for (text, context) in same {
                put_passage(connection, *missing, &text, &context)?;
            }
        }
        if self.is_text_sound(id)? {
            return Ok(());
        }
        let take_back = |id: &i64| {
            connection.prepare_cached("DELETE FROM passage_text WHERE id = ?1")?.execute([id])
        };
        missing.iter().try_for_each(|id| take_back(id).map(|_| ()))?;
        let [missing] = missing[..] else { return Ok(()) };
        let strangers = set_aside(connection, "WHERE id <> ?1 LIMIT 10000", missing)?;
        for (text, context) in strangers {
            put_passage(connection, missing, &text, &context)?;
            if self.is_text_sound(id)? {
                return Ok(());
            }
            take_back(&missing)?;
        }
        Ok(())
    }

    fn is_text_sound(&self, id: i64) -> rusqlite::Result<bool> {
        let (_, digests) = placed(&self.connection, id)?;
        let stated: Option<Option<[u8; 32]>> = self
            .connection
            .prepare_cached("SELECT text_digest FROM document WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        Ok(stated
            .flatten()
            .is_some_and(|stated| Digest::from_bytes(stated) == fingerprint::text_digest(&digests)))
    }
}

/// The texts and digests of a document's paragraphs that are there.
fn placed(connection: &Connection, id: i64) -> rusqlite::Result<(Vec<String>, Vec<Digest>)> {
    let mut select = connection.prepare_cached(
        "SELECT text, digest FROM placement JOIN passage_text ON passage_text.id = passage_id
         WHERE document_id = ?1 ORDER BY position",
    )?;
    let rows = select.query_map([id], |row| Ok((row.get(0)?, Digest::from_bytes(row.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().unzip())
}

/// Texts of passages that were set aside.
fn set_aside(connection: &Connection, which: &str, id: i64) -> Result<Vec<(String, String)>> {
    let sql = format!("SELECT text, context FROM temp.broken_passage {which}");
    let mut select = connection.prepare_cached(&sql)?;
    let texts = select.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(texts.filter_map(rusqlite::Result::ok).collect())
}

fn blob(digest: &Digest) -> Value {
    Value::Blob(digest.as_bytes().to_vec())
}

fn put_passage(connection: &Connection, id: i64, text: &str, context: &str) -> Result<()> {
    let digest = fingerprint::passage_digest(text, context);
    let cjk = spacing::has_cjk(text) || spacing::has_cjk(context);
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO passage_text (id, digest, text, context, cjk)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((id, digest.as_bytes(), text, context, cjk))?;
    Ok(())
}

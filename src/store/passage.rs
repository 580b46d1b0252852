//! Every statement on `passage_text`, `placement` and `passage_index`.

use super::accession::Accession;
use super::arrival::{self, Passage, Text};
use super::facts::{self, Placed};
use crate::model::{Digest, Language, Paragraph};
use crate::text::spacing;
use rusqlite::{Connection, Result};
use std::collections::HashMap;

/// A passage that was added in this batch and is not in the index yet.
pub(super) struct FreshPassage<'a> {
    id: i64,
    indexed: &'a str,
}

/// Stores the passages and placements of one batch.
pub(super) struct Passages<'a> {
    connection: &'a Connection,
    next_id: i64,
    /// Ids that passages should have again, by their digests.
    known_ids: HashMap<Digest, i64>,
    fresh: Vec<FreshPassage<'a>>,
    placed: Vec<Placed>,
}

/// What a batch adds to the index, once its plain rows are written.
pub(super) struct Unindexed<'a> {
    /// In the order of their ids.
    fresh: Vec<FreshPassage<'a>>,
    placed: Vec<Placed>,
    /// The id of the first passage that is new.
    first: i64,
}

impl<'a> Passages<'a> {
    pub(super) fn new(connection: &'a Connection) -> Result<Self> {
        let next_id = connection.query_row(
            "SELECT coalesce(max(id), 0) + 1 FROM passage_text",
            [],
            |row| row.get(0),
        )?;
        let known_ids = HashMap::new();
        Ok(Self { connection, next_id, known_ids, fresh: Vec::new(), placed: Vec::new() })
    }

    /// Gives passages that have to be added the ids that they had. A repair builds the index
    /// anew, so it may fill gaps; nothing else may.
    pub(super) fn with_known_ids(mut self, known_ids: HashMap<Digest, i64>) -> Self {
        self.known_ids = known_ids;
        self
    }

    /// Places the paragraphs of a document, adding the passages that the archive lacks.
    pub(super) fn place(&mut self, document_id: i64, text: &'a Text) -> Result<()> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO placement (document_id, position, passage_id, occurrence, kind, depth,
                 section, start, end, page, language, boilerplate)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        let mut occurrences: HashMap<i64, i64> = HashMap::new();
        let whole = text.extract.language.as_ref();
        let before = self.placed.len();
        let paragraphs = text.extract.paragraphs.iter().zip(&text.passages);
        for (position, (paragraph, passage)) in (1i64..).zip(paragraphs) {
            let passage_id = self.find_or_add(paragraph, passage)?;
            let heading = paragraph.section.and_then(|at| self.placed.get(before + at));
            self.placed.push(Placed {
                document: document_id,
                passage: passage_id,
                kind: paragraph.kind,
                boilerplate: arrival::is_boilerplate(paragraph.kind),
                heading: heading.map(|heading| heading.passage),
            });
            let occurrence = occurrences.entry(passage_id).or_default();
            *occurrence += 1;
            let language = paragraph.language.as_ref();
            insert.execute((
                document_id,
                position,
                passage_id,
                *occurrence,
                paragraph.kind.as_str(),
                paragraph.depth,
                paragraph.section.map(|index| index as i64 + 1),
                paragraph.span.start as i64,
                paragraph.span.end as i64,
                paragraph.page,
                language.filter(|_| language != whole).map(Language::as_str),
                arrival::is_boilerplate(paragraph.kind),
            ))?;
        }
        Ok(())
    }

    /// What is to be indexed, and how many passages of it are new.
    pub(super) fn into_unindexed(self) -> (Unindexed<'a>, u64) {
        let fresh = self.fresh.len() as u64;
        let first = self.next_id - self.fresh.len() as i64;
        (Unindexed { fresh: self.fresh, placed: self.placed, first }, fresh)
    }

    fn find_or_add(&mut self, paragraph: &'a Paragraph, passage: &'a Passage) -> Result<i64> {
        if let Some(id) = self.find(&passage.digest)? {
            return Ok(id);
        }
        let id = self.known_ids.get(&passage.digest).copied().unwrap_or(self.next_id);
        self.next_id = self.next_id.max(id + 1);
        self.connection
            .prepare_cached(
                "INSERT INTO passage_text (id, digest, text, context, cjk)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((
                id,
                passage.digest.as_bytes(),
                &paragraph.text,
                &paragraph.context,
                passage.cjk,
            ))?;
        let indexed = passage.indexed.as_deref().unwrap_or(&paragraph.text);
        self.fresh.push(FreshPassage { id, indexed });
        Ok(id)
    }

    pub(super) fn find(&self, digest: &Digest) -> Result<Option<i64>> {
        let mut select = self.connection.prepare_cached(
            "SELECT id, digest FROM passage_text WHERE substr(digest, 1, 8) = substr(?1, 1, 8)",
        )?;
        let mut rows = select.query([digest.as_bytes()])?;
        while let Some(row) = rows.next()? {
            if row.get_ref(1)?.as_blob()? == digest.as_bytes() {
                return row.get(0).map(Some);
            }
        }
        Ok(None)
    }
}

/// Sets how the index is kept, once, when the archive is made.
pub(super) fn configure(connection: &Connection) -> Result<()> {
    // Merging while loading costs a third of the time; `merge` does it at the end.
    set(connection, "automerge", 0)?;
    set(connection, "crisismerge", 1999)?;
    set(connection, "hashsize", 1 << 20)
}

/// Puts the passages into the index, then the facts about all that was placed.
pub(super) fn index(connection: &Connection, unindexed: &Unindexed<'_>) -> Result<()> {
    index_texts(connection, unindexed)?;
    facts::add(connection, &unindexed.placed, unindexed.first)
}

/// Puts the passages into the index, in the order of their ids, for FTS5 flushes at a falling rowid.
pub(super) fn index_texts(connection: &Connection, unindexed: &Unindexed<'_>) -> Result<()> {
    let mut insert =
        connection.prepare_cached("INSERT INTO passage_index (rowid, text) VALUES (?1, ?2)")?;
    for passage in &unindexed.fresh {
        insert.execute((passage.id, passage.indexed))?;
    }
    Ok(())
}

/// Takes a passage with this text out of the index and out of the archive, if it stands nowhere.
pub(super) fn remove_unplaced(
    connection: &Connection,
    id: i64,
    text: &str,
    context: &str,
) -> Result<()> {
    let is_placed = connection
        .prepare_cached("SELECT 1 FROM placement WHERE passage_id = ?1 LIMIT 1")?
        .exists([id])?;
    if is_placed {
        return Ok(());
    }
    connection
        .prepare_cached(
            "INSERT INTO passage_index (passage_index, rowid, text) VALUES ('delete', ?1, ?2)",
        )?
        .execute((id, spacing::for_index(text, context)))?;
    connection.prepare_cached("DELETE FROM passage_text WHERE id = ?1")?.execute([id]).map(|_| ())
}

/// Builds the index anew from the texts, which must have been found sound: an index built from
/// damaged text makes the damage look healthy.
pub(super) fn index_all(connection: &Connection) -> Result<()> {
    let mut select =
        connection.prepare("SELECT id, text, context FROM passage_text ORDER BY id")?;
    let mut insert =
        connection.prepare("INSERT INTO passage_index (rowid, text) VALUES (?1, ?2)")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (text, context) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
        insert.execute((row.get::<_, i64>(0)?, spacing::for_index(text, context)))?;
    }
    connection
        .execute("INSERT INTO passage_index (passage_index) VALUES ('optimize')", [])
        .map(|_| ())
}

/// Merges the pieces of the index that this accession has written.
///
/// A large addition is worth one piece for the whole index; after a small one only pieces of like
/// size are merged, or a single new document would rewrite an index of gigabytes.
pub(super) fn merge(connection: &Connection, accession: &Accession) -> Result<()> {
    if accession.fresh_passages == 0 {
        return Ok(());
    }
    let all: i64 =
        connection
            .query_row("SELECT coalesce(max(id), 0) FROM passage_text", [], |row| row.get(0))?;
    if accession.fresh_passages * 4 >= all as u64 {
        connection
            .execute("INSERT INTO passage_index (passage_index) VALUES ('optimize')", [])
            .map(|_| ())
    } else {
        set(connection, "merge", 500)
    }
}

fn set(connection: &Connection, name: &str, value: i64) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO passage_index (passage_index, rank) VALUES (?1, ?2)")?
        .execute((name, value))
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::super::migrate;
    use super::*;

    /// What the view makes of the text and context, and what Rust makes of them.
    fn both(connection: &Connection, text: &str, context: &str) -> (String, String) {
        let cjk = spacing::has_cjk(text) || spacing::has_cjk(context);
        connection
            .execute(
                "INSERT INTO passage_text (id, digest, text, context, cjk)
                 VALUES (1, zeroblob(32), ?1, ?2, ?3)",
                (text, context, cjk),
            )
            .unwrap();
        let viewed = connection
            .query_row("SELECT text FROM passage_index_source", [], |row| row.get(0))
            .unwrap();
        connection.execute("DELETE FROM passage_text", []).unwrap();
        (viewed, spacing::for_index(text, context).into_owned())
    }

    #[test]
    fn the_index_form_made_in_rust_is_that_of_the_view_for_every_character() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate::run(&mut connection).unwrap();
        let all: Vec<char> = ('\u{1}'..=char::MAX).collect();
        for piece in all.chunks(700) {
            let text: String = piece.iter().collect();
            let (viewed, made) = both(&connection, &text, "");
            assert!(viewed == made, "they differ from U+{:X} on", u32::from(piece[0]));
        }
    }

    #[test]
    fn the_index_form_is_that_of_the_view_for_hyphens_context_and_long_texts() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate::run(&mut connection).unwrap();
        let long = "丝绸之路 silk-\nroad ".repeat(200);
        for (text, context) in [
            ("logis-\ntics", ""),
            ("1\tRussia-", "表1 — 国家"),
            ("", ""),
            (&long, &long),
            ("路-\n桥\u{ad}梁", ""),
        ] {
            let (viewed, made) = both(&connection, text, context);
            assert_eq!(viewed, made, "{text:?} {context:?}");
        }
    }
}

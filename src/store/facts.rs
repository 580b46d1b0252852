//! What ranking has to know of every passage and document it weighs, packed by the hundreds.
//!
//! All of it is derived: where the archive lacks it, being older or written by another tool, it is
//! worked out from the tables, so that a search never depends on it being there. It decides nothing.

use super::recurring;
use crate::model::Kind;
use rusqlite::{Connection, OptionalExtension, Result};
use std::collections::{BTreeMap, BTreeSet};

/// How many passages or documents share a row.
const BLOCK: i64 = 512;

/// The bytes of one passage and of one document.
const PASSAGE: usize = 9;
const DOCUMENT: usize = 8;

/// Boilerplate or not holds wherever the passage stands.
const EVERYWHERE: u8 = 32;
const BOILERPLATE: u8 = 64;
const ELSEWHERE: u8 = 128;
/// The kind of a passage that stands nowhere.
const NOWHERE: u8 = 31;

/// What is known of a passage, at the place where it stood first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Passage {
    /// Its words in the index; 65,535 for more.
    pub(super) words: u16,
    pub(super) document: u32,
    /// The passage that is the heading it stands under; 0 for none, or one too far away.
    pub(super) heading: u32,
    /// None where it stands nowhere.
    pub(super) kind: Option<Kind>,
    pub(super) boilerplate: bool,
    /// Whether that holds wherever it stands, whatever was found at the place.
    pub(super) everywhere: bool,
    /// Whether it stands at another place too.
    pub(super) elsewhere: bool,
}

impl Passage {
    /// Whether it is boilerplate at a place where it was found to be or not.
    pub(super) const fn is_boilerplate_at(&self, place: bool) -> bool {
        if self.everywhere { self.boilerplate } else { place }
    }
}

/// What is known of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Document {
    /// The passage that is its title; 0 for none.
    pub(super) title: u32,
    /// Its words in the index.
    pub(super) words: u32,
}

/// One paragraph that was placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) document: i64,
    pub(super) passage: i64,
    pub(super) kind: Kind,
    pub(super) boilerplate: bool,
    /// The passage that is the heading it stands under.
    pub(super) heading: Option<i64>,
}

impl Passage {
    fn pack(self, id: i64) -> [u8; PASSAGE] {
        let kind = self.kind.and_then(|kind| Kind::ALL.iter().position(|other| *other == kind));
        let mut flags = kind.and_then(|at| u8::try_from(at).ok()).unwrap_or(NOWHERE);
        flags |= if self.boilerplate { BOILERPLATE } else { 0 };
        flags |= if self.everywhere { EVERYWHERE } else { 0 };
        flags |= if self.elsewhere { ELSEWHERE } else { 0 };
        let back = id - i64::from(self.heading);
        let back = if self.heading == 0 { 0 } else { u16::try_from(back).unwrap_or(0) };
        let ([a, b], [c, d, e, f]) = (self.words.to_le_bytes(), self.document.to_le_bytes());
        let [g, h] = back.to_le_bytes();
        [a, b, c, d, e, f, g, h, flags]
    }

    fn unpack(id: i64, packed: &[u8]) -> Option<Self> {
        let &[a, b, c, d, e, f, g, h, flags] = packed else { return None };
        let back = u32::from(u16::from_le_bytes([g, h]));
        let id = u32::try_from(id).unwrap_or(0);
        Some(Self {
            words: u16::from_le_bytes([a, b]),
            document: u32::from_le_bytes([c, d, e, f]),
            heading: if back == 0 { 0 } else { id.saturating_sub(back) },
            kind: Kind::ALL.get(usize::from(flags & NOWHERE)).copied(),
            boilerplate: flags & BOILERPLATE != 0,
            everywhere: flags & EVERYWHERE != 0,
            elsewhere: flags & ELSEWHERE != 0,
        })
    }
}

impl Document {
    fn pack(self) -> [u8; DOCUMENT] {
        let ([a, b, c, d], [e, f, g, h]) = (self.title.to_le_bytes(), self.words.to_le_bytes());
        [a, b, c, d, e, f, g, h]
    }

    fn unpack(packed: &[u8]) -> Option<Self> {
        let &[a, b, c, d, e, f, g, h] = packed else { return None };
        Some(Self {
            title: u32::from_le_bytes([a, b, c, d]),
            words: u32::from_le_bytes([e, f, g, h]),
        })
    }
}

/// Looks facts up, block by block, for one search or one batch.
#[derive(Debug, Default)]
pub(super) struct Facts {
    passages: Blocks,
    documents: Blocks,
    /// The last passage there is, once somebody asked.
    last_passage: Option<i64>,
}

/// Blocks that were read, by their ids.
#[derive(Debug, Default)]
struct Blocks(Vec<Option<Box<[u8]>>>);

impl Blocks {
    fn packed(&self, id: i64, width: usize) -> Option<&[u8]> {
        let block = self.0.get(usize::try_from(id / BLOCK).ok()?)?.as_deref()?;
        let at = usize::try_from(id % BLOCK).ok()? * width;
        block.get(at..at + width)
    }

    fn keep(&mut self, id: i64, block: Vec<u8>) {
        let Ok(at) = usize::try_from(id / BLOCK) else { return };
        if self.0.len() <= at {
            self.0.resize_with(at + 1, || None);
        }
        if let Some(place) = self.0.get_mut(at) {
            *place = Some(block.into());
        }
    }
}

impl Facts {
    /// What is known of a passage; nothing at all where there is no such passage.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub(super) fn passage(&mut self, connection: &Connection, id: i64) -> Result<Passage> {
        if self.passages.packed(id, PASSAGE).is_none() {
            // A title or heading may be any number in an archive that was damaged or made to do harm.
            if id > self.last_passage(connection)? {
                return Ok(Passage::default());
            }
            let mut block = stored(connection, "passage_facts", id / BLOCK)?.unwrap_or_default();
            if block.len() < (usize::try_from(id % BLOCK).unwrap_or(0) + 1) * PASSAGE {
                block = passages(connection, id / BLOCK)?;
            }
            self.passages.keep(id, block);
        }
        let packed = self.passages.packed(id, PASSAGE);
        Ok(packed.and_then(|packed| Passage::unpack(id, packed)).unwrap_or_default())
    }

    fn last_passage(&mut self, connection: &Connection) -> Result<i64> {
        if let Some(last) = self.last_passage {
            return Ok(last);
        }
        let sql = "SELECT coalesce(max(id), 0) FROM passage_text";
        let last = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        self.last_passage = Some(last);
        Ok(last)
    }

    /// What is known of a document; nothing at all where there is no such document.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub(super) fn document(&mut self, connection: &Connection, id: i64) -> Result<Document> {
        if self.documents.packed(id, DOCUMENT).is_none() {
            let mut block = stored(connection, "document_facts", id / BLOCK)?.unwrap_or_default();
            if block.len() < (usize::try_from(id % BLOCK).unwrap_or(0) + 1) * DOCUMENT {
                block = self.worked_out(connection, id / BLOCK)?;
            }
            self.documents.keep(id, block);
        }
        let packed = self.documents.packed(id, DOCUMENT);
        Ok(packed.and_then(Document::unpack).unwrap_or_default())
    }

    /// A block of documents as the tables say.
    fn worked_out(&mut self, connection: &Connection, block: i64) -> Result<Vec<u8>> {
        let mut packed = Vec::new();
        for id in block * BLOCK..(block + 1) * BLOCK {
            packed.extend(self.document_as_placed(connection, id)?.pack());
        }
        Ok(packed)
    }

    /// A document as the tables say.
    fn document_as_placed(&mut self, connection: &Connection, id: i64) -> Result<Document> {
        let mut statement = connection.prepare_cached(
            "SELECT passage_id, kind = 'title' FROM placement WHERE document_id = ?1 ORDER BY position",
        )?;
        let mut document = Document::default();
        let mut rows = statement.query([id])?;
        while let Some(row) = rows.next()? {
            let passage: i64 = row.get(0)?;
            let words = self.passage(connection, passage)?.words;
            document.words = document.words.saturating_add(words.into());
            if row.get(1)? && document.title == 0 {
                document.title = u32::try_from(passage).unwrap_or(0);
            }
        }
        Ok(document)
    }
}

/// The row of a table of facts. An archive of an earlier schema has no such table.
fn stored(connection: &Connection, table: &str, block: i64) -> Result<Option<Vec<u8>>> {
    match connection.prepare_cached(&format!("SELECT facts FROM {table} WHERE id = ?1")) {
        Ok(mut statement) => statement.query_row([block], |row| row.get(0)).optional(),
        Err(_) => Ok(None),
    }
}

/// A block of passages as the tables say.
fn passages(connection: &Connection, block: i64) -> Result<Vec<u8>> {
    let mut sizes = sizes(connection, block * BLOCK, (block + 1) * BLOCK)?;
    let mut packed = Vec::new();
    for id in block * BLOCK..(block + 1) * BLOCK {
        packed.extend(passage(connection, id, sizes.remove(&id).unwrap_or(0))?.pack(id));
    }
    Ok(packed)
}

/// A passage of so many words as the tables say.
fn passage(connection: &Connection, id: i64, words: u16) -> Result<Passage> {
    let mut places = connection.prepare_cached(
        "SELECT place.document_id, place.kind, place.boilerplate, heading.passage_id
         FROM placement AS place
         LEFT JOIN placement AS heading ON heading.document_id = place.document_id
             AND heading.position = place.section
         WHERE place.passage_id = ?1 ORDER BY place.document_id, place.position LIMIT 2",
    )?;
    let mut rows = places.query([id])?;
    let mut passage = Passage { words, ..Passage::default() };
    if let Some(row) = rows.next()? {
        passage.document = row.get(0)?;
        passage.kind = row.get_ref(1)?.as_str()?.parse().ok();
        let everywhere = recurring::everywhere(connection, id)?;
        passage.everywhere = everywhere.is_some();
        passage.boilerplate = everywhere.map_or_else(|| row.get(2), Ok)?;
        passage.heading = row.get::<_, Option<u32>>(3)?.unwrap_or(0);
        passage.elsewhere = rows.next()?.is_some();
    }
    Ok(passage)
}

/// How many words the index has of the passages, from the first id to the one before the last.
fn sizes(connection: &Connection, first: i64, last: i64) -> Result<BTreeMap<i64, u16>> {
    // FTS5 keeps the sizes of a row's columns as SQLite's big-endian varints; there is one column.
    let mut statement = connection
        .prepare_cached("SELECT id, sz FROM passage_index_docsize WHERE id >= ?1 AND id < ?2")?;
    let rows = statement.query_map((first, last), |row| {
        let words = row.get_ref(1)?.as_blob()?.iter().fold((0_u64, true), |(sum, more), byte| {
            if more { (sum << 7 | u64::from(byte & 127), byte & 128 != 0) } else { (sum, false) }
        });
        Ok((row.get(0)?, u16::try_from(words.0).unwrap_or(u16::MAX)))
    })?;
    rows.collect()
}

/// Adds the facts about what a batch has placed, after it was indexed; `first` is the first passage
/// that is new.
pub(super) fn add(connection: &Connection, placed: &[Placed], first: i64) -> Result<()> {
    let mut facts = Facts::default();
    let mut fresh: BTreeMap<i64, Passage> = BTreeMap::new();
    let mut changed: BTreeMap<i64, Passage> = BTreeMap::new();
    let sizes = sizes(connection, first, i64::MAX)?;
    for place in placed {
        if let Some(known) = fresh.get_mut(&place.passage) {
            known.elsewhere = true;
        } else if place.passage < first {
            let mut known = facts.passage(connection, place.passage)?;
            if !known.elsewhere {
                known.elsewhere = true;
                changed.insert(place.passage, known);
            }
        } else {
            fresh.insert(place.passage, first_place(place, &sizes));
        }
    }
    let mut documents: BTreeMap<i64, Document> = BTreeMap::new();
    for place in placed {
        let words = match fresh.get(&place.passage) {
            Some(passage) => passage.words,
            None => facts.passage(connection, place.passage)?.words,
        };
        let document = documents.entry(place.document).or_default();
        document.words = document.words.saturating_add(words.into());
        if place.kind == Kind::Title && document.title == 0 {
            document.title = u32::try_from(place.passage).unwrap_or(0);
        }
    }
    fresh.append(&mut changed);
    let passages = fresh.into_iter().map(|(id, passage)| (id, passage.pack(id)));
    write(connection, "passage_facts", passages)?;
    write(connection, "document_facts", documents.into_iter().map(|(id, one)| (id, one.pack())))
}

fn first_place(place: &Placed, sizes: &BTreeMap<i64, u16>) -> Passage {
    Passage {
        words: sizes.get(&place.passage).copied().unwrap_or(0),
        document: u32::try_from(place.document).unwrap_or(0),
        heading: place.heading.and_then(|heading| u32::try_from(heading).ok()).unwrap_or(0),
        kind: Some(place.kind),
        boilerplate: place.boilerplate,
        everywhere: false,
        elsewhere: false,
    }
}

/// Works the facts about these passages and documents out anew, after they were indexed.
pub(super) fn renew(
    connection: &Connection,
    passage_ids: &BTreeSet<i64>,
    document_ids: &BTreeSet<i64>,
) -> Result<()> {
    let mut packed = Vec::with_capacity(passage_ids.len());
    for id in passage_ids {
        let words = sizes(connection, *id, id + 1)?.remove(id).unwrap_or(0);
        packed.push((*id, passage(connection, *id, words)?.pack(*id)));
    }
    write(connection, "passage_facts", packed.into_iter())?;
    let mut facts = Facts::default();
    let mut packed = Vec::with_capacity(document_ids.len());
    for id in document_ids {
        packed.push((*id, facts.document_as_placed(connection, *id)?.pack()));
    }
    write(connection, "document_facts", packed.into_iter())
}

/// Writes packed facts, rising by id, into the blocks they belong to.
fn write<const WIDTH: usize>(
    connection: &Connection,
    table: &str,
    packed: impl Iterator<Item = (i64, [u8; WIDTH])>,
) -> Result<()> {
    let mut open: Option<(i64, Vec<u8>)> = None;
    for (id, facts) in packed {
        let block = id / BLOCK;
        if open.as_ref().is_none_or(|(at, _)| *at != block) {
            keep(connection, table, open.take())?;
            open = Some((block, stored(connection, table, block)?.unwrap_or_default()));
        }
        let Some((_, bytes)) = &mut open else { continue };
        let at = usize::try_from(id % BLOCK).unwrap_or(0) * WIDTH;
        if bytes.len() < at + WIDTH {
            // What is skipped has no text, or never was: it stands nowhere.
            let none = if WIDTH == PASSAGE { Passage::default().pack(0).to_vec() } else { vec![0] };
            let gap = none.iter().cycle().take(at + WIDTH - bytes.len()).copied();
            bytes.extend(gap.collect::<Vec<_>>());
        }
        if let Some(place) = bytes.get_mut(at..at + WIDTH) {
            place.copy_from_slice(&facts);
        }
    }
    keep(connection, table, open)
}

fn keep(connection: &Connection, table: &str, block: Option<(i64, Vec<u8>)>) -> Result<()> {
    let Some((id, facts)) = block else { return Ok(()) };
    connection
        .prepare_cached(&format!("INSERT OR REPLACE INTO {table} (id, facts) VALUES (?1, ?2)"))?
        .execute((id, facts))
        .map(|_| ())
}

/// Works the facts about everything out anew.
pub(super) fn rebuild(connection: &Connection) -> Result<()> {
    let last = |sql| connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
    let passage = last("SELECT max(id) FROM passage_text")?;
    let document = last("SELECT max(id) FROM document")?;
    connection.execute_batch("DELETE FROM passage_facts; DELETE FROM document_facts")?;
    for block in 0..passage.map_or(0, |last| last / BLOCK + 1) {
        let mut packed = passages(connection, block)?;
        packed.truncate(room(passage, block) * PASSAGE);
        keep(connection, "passage_facts", Some((block, packed)))?;
    }
    let mut facts = Facts::default();
    for block in 0..document.map_or(0, |last| last / BLOCK + 1) {
        let mut packed = facts.worked_out(connection, block)?;
        packed.truncate(room(document, block) * DOCUMENT);
        keep(connection, "document_facts", Some((block, packed)))?;
    }
    Ok(())
}

/// How many of a block are there, the last being this; what comes later must not look known.
fn room(last: Option<i64>, block: i64) -> usize {
    let there = last.unwrap_or(0) + 1 - block * BLOCK;
    usize::try_from(there.clamp(0, BLOCK)).unwrap_or(0)
}

#[cfg(test)]
mod tests;

//! One segment of the index as FTS5 lays it out: leaves of about four kilobytes, each with words in
//! order, and behind each word the passages that have it.
//!
//! The layout is that of SQLite's `fts5_index.c` (versions 4 and 5 of the index's own format, unchanged
//! since 2015). Nothing is ever written, and a leaf that makes no sense is an error, not an absence.

use super::Room;
use super::postings::Postings;
use super::varint::varint;
use rusqlite::{Connection, Error, OptionalExtension, Result, Rows, ffi};

/// The first byte of every word of the index itself; other first bytes are indexes of prefixes.
const MAIN: u8 = b'0';

/// Leaves of one segment have ids that follow one another.
const LEAF_BITS: u32 = 37;

/// The bytes before the content of a leaf.
const HEAD: usize = 4;

/// A segment: its number, first and last leaf.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    id: i64,
    first: i64,
    last: i64,
}

/// The error for a part of the index that makes no sense.
pub(super) fn damaged() -> Error {
    let text = "the index is damaged".to_owned();
    Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CORRUPT_VTAB), Some(text))
}

/// The segments that the record of the index's structure names, the newest first.
pub(super) fn segments(record: &[u8]) -> Option<Vec<Segment>> {
    let mut at = 4;
    // A mark here stands for an index without content, which is packed otherwise.
    if record.get(at) == Some(&255) {
        return None;
    }
    let mut next = || varint(record, &mut at).and_then(|number| i64::try_from(number).ok());
    let levels = next()?;
    let (_segments, _writes) = (next()?, next()?);
    let mut all = Vec::new();
    for _ in 0..levels {
        let (_merging, count) = (next()?, next()?);
        let mut level = Vec::new();
        for _ in 0..count {
            level.push(Segment { id: next()?, first: next()?, last: next()? });
        }
        all.extend(level.into_iter().rev());
    }
    Some(all)
}

impl Segment {
    /// Where the word stands, passages that were removed among them.
    pub(super) fn word(
        self,
        connection: &Connection,
        room: &Room<'_>,
        word: &str,
    ) -> Result<Postings> {
        let mut found = Postings::default();
        self.words(connection, room, word, &mut |here, list| {
            if here == word.as_bytes() {
                found = list.read(room)?;
            }
            Ok(false)
        })?;
        Ok(found)
    }

    /// Goes through the words of the segment in their order, from the first that is not before `start`
    /// until `call` returns false. What stands in its list is read only if `call` reads it.
    pub(super) fn words(
        self,
        connection: &Connection,
        room: &Room<'_>,
        start: &str,
        call: &mut dyn FnMut(&[u8], List<'_, '_>) -> Result<bool>,
    ) -> Result<()> {
        let mut key = vec![MAIN];
        key.extend(start.as_bytes());
        let leaf: Option<i64> = connection
            .prepare_cached(
                "SELECT pgno >> 1 FROM passage_index_idx
                 WHERE segid = ?1 AND term <= ?2 ORDER BY term DESC LIMIT 1",
            )?
            .query_row((self.id, &key), |row| row.get(0))
            .optional()?;
        let from = leaf.unwrap_or(self.first).max(self.first);
        let mut statement = connection
            .prepare_cached("SELECT block FROM passage_index_data WHERE id BETWEEN ?1 AND ?2")?;
        let base = self.id << LEAF_BITS;
        let rows = statement.query((base + from, base + self.last))?;
        let mut leaves = Leaves { rows, held: None };
        let mut word: Vec<u8> = Vec::new();
        while let Some(bytes) = leaves.take()? {
            room.check()?;
            let leaf = Leaf::of(&bytes).ok_or_else(damaged)?;
            let mut terms = leaf.terms().peekable();
            let mut first = true;
            while let Some(offset) = terms.next() {
                let mut at = offset;
                leaf.word(&mut at, first, &mut word).ok_or_else(damaged)?;
                first = false;
                if word.as_slice() < key.as_slice() {
                    continue;
                }
                let Some((&MAIN, letters)) = word.split_first() else { return Ok(()) };
                let end = terms.peek().copied().unwrap_or(leaf.end);
                let here = leaf.bytes.get(at..end).ok_or_else(damaged)?;
                let goes_on = terms.peek().is_none();
                if !call(letters, List { here, leaves: &mut leaves, goes_on })? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// The leaves of a segment, one after another.
struct Leaves<'s> {
    rows: Rows<'s>,
    /// A leaf of which only the beginning was read, with the end of a list.
    held: Option<Vec<u8>>,
}

impl Leaves<'_> {
    /// The next leaf to look for words in. It is copied, for others are read meanwhile.
    fn take(&mut self) -> Result<Option<Vec<u8>>> {
        match self.held.take() {
            None => Ok(self.next()?.map(<[u8]>::to_vec)),
            held => Ok(held),
        }
    }

    fn next(&mut self) -> Result<Option<&[u8]>> {
        match self.rows.next()? {
            Some(row) => row.get_ref(0)?.as_blob().map(Some).map_err(|_| damaged()),
            None => Ok(None),
        }
    }
}

/// What stands behind a word: its passages, not yet read.
pub(super) struct List<'l, 's> {
    here: &'l [u8],
    leaves: &'l mut Leaves<'s>,
    /// Whether it may go on in the next leaf, the word being the last of its own.
    goes_on: bool,
}

impl List<'_, '_> {
    pub(super) fn read(self, room: &Room<'_>) -> Result<Postings> {
        let mut packed = self.here.to_vec();
        // Where a leaf begins with the rest of a list, the first passage in it is told by its id.
        let mut whole = Vec::new();
        let mut goes_on = self.goes_on;
        while goes_on {
            let Some(bytes) = self.leaves.next()? else { break };
            room.allows(packed.len())?;
            let leaf = Leaf::of(bytes).ok_or_else(damaged)?;
            let first_word = leaf.terms().next();
            let end = first_word.unwrap_or(leaf.end);
            if (HEAD..end).contains(&leaf.first_passage) {
                whole.push(packed.len() + leaf.first_passage - HEAD);
            }
            packed.extend(leaf.bytes.get(HEAD..end).ok_or_else(damaged)?);
            goes_on = first_word.is_none();
            if !goes_on {
                self.leaves.held = Some(bytes.to_vec());
            }
        }
        Postings::read(packed, &whole).ok_or_else(damaged)
    }
}

/// One leaf.
struct Leaf<'b> {
    bytes: &'b [u8],
    /// Where the first passage begins that is told by its id; 0 for none.
    first_passage: usize,
    /// Where the content ends and the offsets of words begin.
    end: usize,
}

impl<'b> Leaf<'b> {
    fn of(bytes: &'b [u8]) -> Option<Self> {
        let &[a, b, c, d, ..] = bytes else { return None };
        let first_passage = usize::from(u16::from_be_bytes([a, b]));
        let end = usize::from(u16::from_be_bytes([c, d]));
        (HEAD..=bytes.len()).contains(&end).then_some(Self { bytes, first_passage, end })
    }

    /// Where its words begin: the first offset as it is, then distances.
    fn terms(&self) -> impl Iterator<Item = usize> + use<'b> {
        let (bytes, mut at, mut offset) = (self.bytes, self.end, 0_usize);
        std::iter::from_fn(move || {
            let step = usize::try_from(varint(bytes, &mut at)?).ok()?;
            offset = offset.checked_add(step)?;
            Some(offset)
        })
    }

    /// Reads the word at an offset, which says how much of the word before it stays, and moves behind.
    fn word(&self, at: &mut usize, first: bool, word: &mut Vec<u8>) -> Option<()> {
        let number = |at: &mut usize| varint(self.bytes, at).and_then(|n| usize::try_from(n).ok());
        let kept = if first { 0 } else { number(at)? };
        let length = number(at)?;
        let end = at.checked_add(length)?;
        if kept > word.len() || end > self.end {
            return None;
        }
        word.truncate(kept);
        word.extend(self.bytes.get(*at..end)?);
        *at = end;
        Some(())
    }
}

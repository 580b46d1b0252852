//! Reads the index itself: where words and phrases stand, without FTS5.
//!
//! `MATCH` walks the lists of a query place by place through several layers of iterators. Here each list
//! is read once, and lists are joined whole, which is several times faster for a common word and for
//! Chinese, whose words are phrases of very common characters. What is found must be what `MATCH`
//! finds; nothing is ever written.

mod phrase;
mod postings;
mod segment;
mod varint;

pub(super) use postings::{Places, Postings};

use self::phrase::Near;
use self::postings::any_of;
use self::segment::{Segment, damaged, segments};
use self::varint::varint;
use crate::store::patience::Patience;
use crate::text::unicode61;
use rusqlite::{Connection, OptionalExtension, Result};
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// The rows of `passage_index_data` that are no leaves.
const SIZES: i64 = 1;
const STRUCTURE: i64 = 10;

/// The index as it is during one statement, with the lists that were read.
pub(super) struct Index<'c> {
    connection: &'c Connection,
    room: Room<'c>,
    /// The newest first.
    segments: Vec<Segment>,
    words: HashMap<String, Rc<Postings>>,
}

/// What the lists of one query may take.
struct Room<'c> {
    patience: &'c Patience,
    /// Bytes of all lists that were made.
    taken: Cell<usize>,
}

impl Room<'_> {
    fn check(&self) -> Result<()> {
        self.patience.check()
    }

    /// Counts a list that was made.
    fn take(&self, list: &Postings) -> Result<()> {
        self.taken.set(self.taken.get().saturating_add(list.bytes()));
        self.patience.allow(self.taken.get())
    }

    /// Whether so much more may be read.
    fn allows(&self, bytes: usize) -> Result<()> {
        self.patience.allow(self.taken.get().saturating_add(bytes))
    }
}

/// Words that follow one another; of the last one the beginning may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sought {
    pub(super) text: String,
    pub(super) prefix: bool,
}

impl<'c> Index<'c> {
    /// # Errors
    /// When the index cannot be read or makes no sense, or the patience is at its end.
    pub(super) fn open(connection: &'c Connection, patience: &'c Patience) -> Result<Self> {
        patience.check()?;
        let record = record(connection, STRUCTURE)?;
        let segments = segments(&record).ok_or_else(damaged)?;
        let room = Room { patience, taken: Cell::new(0) };
        Ok(Self { connection, room, segments, words: HashMap::new() })
    }

    /// The number of passages and of words in them.
    pub(super) fn size(&self) -> Result<(u64, u64)> {
        let record = record(self.connection, SIZES)?;
        let mut at = 0;
        // Nothing is written before there is a passage.
        let mut next = || varint(&record, &mut at).unwrap_or(0);
        Ok((next(), next()))
    }

    /// Where a word of the index stands.
    pub(super) fn word(&mut self, word: &str) -> Result<Rc<Postings>> {
        if let Some(known) = self.words.get(word) {
            return Ok(Rc::clone(known));
        }
        let mut found = Postings::default();
        for segment in &self.segments {
            found = found.over(segment.word(self.connection, &self.room, word)?);
        }
        let found = Rc::new(found.settled());
        self.room.take(&found)?;
        self.words.insert(word.to_owned(), Rc::clone(&found));
        Ok(found)
    }

    /// The words that begin so and are wanted, at most `most` being looked at, and where each stands.
    pub(super) fn starting(
        &mut self,
        start: &str,
        most: usize,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<(String, Rc<Postings>)>> {
        let mut found: BTreeMap<String, Postings> = BTreeMap::new();
        let mut all = true;
        for segment in &self.segments {
            let mut looked = 0;
            segment.words(self.connection, &self.room, start, &mut |word, list| {
                looked += 1;
                let word = std::str::from_utf8(word).map_err(|_| damaged())?;
                if !word.starts_with(start) || looked > most {
                    all &= looked <= most;
                    return Ok(false);
                }
                if wanted(word) {
                    let newer = found.remove(word).unwrap_or_default();
                    let newer = newer.over(list.read(&self.room)?);
                    self.room.take(&newer)?;
                    found.insert(word.to_owned(), newer);
                }
                Ok(true)
            })?;
        }
        let settled = found.into_iter().map(|(word, list)| (word, Rc::new(list.settled())));
        let settled: Vec<_> = settled.filter(|(_, list)| !list.is_empty()).collect();
        // One segment may have been left before a word that another has.
        for (word, list) in settled.iter().filter(|_| all) {
            self.words.insert(word.clone(), Rc::clone(list));
        }
        Ok(settled)
    }

    /// Where a phrase stands: where its first word does.
    pub(super) fn phrase(&mut self, sought: &Sought) -> Result<Rc<Postings>> {
        Ok(self.lists(sought)?.0)
    }

    /// Where phrases stand near each other, with at most so many words between them: the places of all.
    pub(super) fn near(&mut self, sought: &[Sought], within: u32) -> Result<Rc<Postings>> {
        let mut phrases = Vec::new();
        for one in sought {
            let (places, words) = self.lists(one)?;
            // FTS5 leaves out what has no word.
            if words > 0 {
                phrases.push(Near { places, words });
            }
        }
        self.any_of(&phrase::near(&phrases, within))
    }

    /// Where words follow one another with any word in the place of none: where the first one stands.
    pub(super) fn spaced(&mut self, words: &[Option<&str>]) -> Result<Rc<Postings>> {
        let mut lists = Vec::with_capacity(words.len());
        for (at, word) in (0..).zip(words) {
            let Some(word) = word else { continue };
            lists.push((at, self.word(word)?));
        }
        self.taken(phrase::phrase(&lists))
    }

    /// What stands wherever one of the lists does.
    pub(super) fn any_of(&self, lists: &[Rc<Postings>]) -> Result<Rc<Postings>> {
        self.taken(any_of(lists))
    }

    fn taken(&self, list: Rc<Postings>) -> Result<Rc<Postings>> {
        // One that others hold was counted when it was made.
        let taken =
            if Rc::strong_count(&list) > 1 { self.room.check() } else { self.room.take(&list) };
        taken.map(|()| list)
    }

    fn lists(&mut self, sought: &Sought) -> Result<(Rc<Postings>, u32)> {
        let words = cut(&sought.text);
        // A spelling that nobody uses costs the look-up of its longest word, which is seldom a common one.
        let longest = words.iter().max_by_key(|word| word.len());
        if let Some(longest) = longest.filter(|_| words.len() > 1 && !sought.prefix)
            && self.word(longest)?.is_empty()
        {
            return Ok((Rc::default(), u32::try_from(words.len()).unwrap_or(u32::MAX)));
        }
        let mut lists = Vec::with_capacity(words.len());
        for (at, word) in (0..).zip(&words) {
            let list = if sought.prefix && lists.len() + 1 == words.len() {
                let all = self.starting(word, usize::MAX, &|_| true)?;
                self.any_of(&all.into_iter().map(|(_, list)| list).collect::<Vec<_>>())?
            } else {
                self.word(word)?
            };
            if list.is_empty() {
                lists.clear();
                break;
            }
            lists.push((at, list));
        }
        Ok((self.taken(phrase::phrase(&lists))?, u32::try_from(words.len()).unwrap_or(u32::MAX)))
    }
}

/// The words of a text as the index has them.
fn cut(text: &str) -> Vec<String> {
    let (mut words, mut room) = (Vec::new(), String::new());
    unicode61::tokens(text, &mut room, &mut |word, _| {
        words.push(word.to_owned());
        true
    });
    words
}

fn record(connection: &Connection, id: i64) -> Result<Vec<u8>> {
    let sql = "SELECT block FROM passage_index_data WHERE id = ?1";
    let block = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
    block.ok_or_else(damaged)
}

#[cfg(test)]
mod tests;

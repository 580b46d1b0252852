//! The search itself: typed words in, hits in the order of their rank out, one at a time.
//!
//! A hit is a passage, once, at the best of its places. Nothing is fetched before it is asked for, so a
//! reader who takes ten hits pays for ten, and a filter outside simply pulls more.

use super::expand::plan;
use super::ftsapi::scan;
use super::rank::{Scored, Tally};
use crate::text::highlight::{Finder, snippet};
use crate::text::typed::{Typed, unquoted};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Error, OptionalExtension, Result};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::ffi::CStr;
use std::rc::Rc;

/// The columns of `search`, the hidden ones being its arguments.
pub(super) const COLUMNS: &CStr = c"CREATE TABLE search (
    rank INTEGER, address TEXT, document_id INTEGER, position INTEGER, passage_id INTEGER, kind TEXT,
    label TEXT, title TEXT, section TEXT, snippet TEXT, text TEXT, copies INTEGER, score REAL,
    words TEXT HIDDEN, all_text INTEGER HIDDEN, exact INTEGER HIDDEN, in_kind TEXT HIDDEN,
    in_documents TEXT HIDDEN
)";

/// What share of its worth a clause counts at least if it stands in the title of the document or the
/// heading of the section: a paragraph seldom repeats what its title says.
const EVIDENCE: f64 = 0.5;

/// How many hits are weighed before the best of them is given although a later one might, by its title,
/// be better still.
const WEIGHED: usize = 100;

/// How many places of one passage are compared; a line that stands in thousands of documents is
/// boilerplate whatever their titles.
const PLACES: usize = 64;

/// The width of a snippet in columns: about three lines of a terminal.
const SNIPPET: usize = 240;

/// What a search was asked.
#[derive(Debug, Default)]
pub(super) struct Options {
    words: String,
    all_text: bool,
    exact: bool,
    /// Only these documents, only these kinds.
    documents: Option<HashSet<i64>>,
    kinds: Option<HashSet<String>>,
}

impl Options {
    /// The letter of the words argument.
    pub(super) const WORDS: u8 = b'w';

    /// The letter that stands for a column among the arguments of a run, if `=` on it is one.
    pub(super) const fn letter(column: u8) -> Option<u8> {
        match column {
            2 => Some(b'd'),
            5 => Some(b'k'),
            13 => Some(Self::WORDS),
            14 => Some(b'a'),
            15 => Some(b'e'),
            16 => Some(b'i'),
            17 => Some(b'j'),
            _ => None,
        }
    }

    /// Whether the letter stands for an argument; the others are columns, and only choose among places.
    pub(super) const fn is_argument(letter: u8) -> bool {
        matches!(letter, Self::WORDS | b'a' | b'e' | b'i' | b'j')
    }

    /// Takes one argument; NULL is none.
    ///
    /// # Errors
    /// When the documents are not a JSON array of numbers.
    pub(super) fn set(&mut self, letter: u8, value: ValueRef<'_>) -> Result<()> {
        let truth = !matches!(value, ValueRef::Null | ValueRef::Integer(0));
        match (letter, value) {
            (Self::WORDS, ValueRef::Text(words) | ValueRef::Blob(words)) => {
                self.words = String::from_utf8_lossy(words).into_owned();
            }
            (Self::WORDS, ValueRef::Integer(number)) => self.words = number.to_string(),
            (Self::WORDS, ValueRef::Real(number)) => self.words = number.to_string(),
            (b'a', _) => self.all_text = truth,
            (b'e', _) => self.exact = truth,
            (b'i', ValueRef::Text(_)) => self.keep(b'k', [value].into_iter()),
            (b'j', ValueRef::Text(documents)) => {
                let documents = serde_json::from_slice(documents).map_err(|error| {
                    Error::ModuleError(format!(
                        "search wants a JSON array of document ids: {error}"
                    ))
                })?;
                self.documents = Some(documents);
            }
            _ => {}
        }
        Ok(())
    }

    /// Keeps to places where the column of the letter has one of the values, so that a passage is shown
    /// at a place the reader asked for though another is better.
    pub(super) fn keep<'v>(&mut self, letter: u8, values: impl Iterator<Item = ValueRef<'v>>) {
        if letter == b'd' {
            self.documents = Some(values.filter_map(|value| value.as_i64().ok()).collect());
        } else {
            let words = values.filter_map(|value| value.as_str().map(str::to_owned).ok());
            self.kinds = Some(words.collect());
        }
    }

    fn admits(&self, document: i64, kind: &str) -> bool {
        self.documents.as_ref().is_none_or(|asked| asked.contains(&document))
            && self.kinds.as_ref().is_none_or(|asked| asked.contains(kind))
    }
}

/// A passage at the best of its places.
#[derive(Clone, Debug)]
struct Hit {
    score: f64,
    passage: i64,
    document: i64,
    position: i64,
}

impl PartialEq for Hit {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Hit {}

impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The greatest is the best; of equals the one that stands first.
impl Ord for Hit {
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |hit: &Self| (hit.document, hit.position);
        self.score.total_cmp(&other.score).then_with(|| place(other).cmp(&place(self)))
    }
}

/// One run of a search.
pub(super) struct Search {
    connection: Connection,
    options: Options,
    finder: Finder,
    tally: Tally,
    /// For each clause, how much it tells.
    telling: Vec<f64>,
    passages: BinaryHeap<Scored>,
    weighed: BinaryHeap<Hit>,
    /// For each document its title's clauses, for each heading its text's.
    titles: HashMap<i64, Rc<[usize]>>,
    headings: HashMap<(i64, i64), Rc<[usize]>>,
    current: Option<Hit>,
    rank: i64,
}

impl Search {
    /// Reads the typed words and scans the index for them. Words without a letter find nothing.
    ///
    /// # Errors
    /// When the archive cannot be read or the scan is interrupted.
    pub(super) fn begin(connection: Connection, options: Options) -> Result<Self> {
        let mut typed = Typed::read(&options.words, options.exact);
        let (mut tally, mut weights) = tallied(&connection, &typed)?;
        // In a sentence quotation marks may be the writer's own. Where nothing has what stands between
        // them, the words of the sentence are searched without the marks.
        if typed.sentence && tally.is_empty() {
            typed = Typed::read(&unquoted(&options.words), options.exact);
            (tally, weights) = tallied(&connection, &typed)?;
        }
        let telling = tally.telling(&weights);
        let passages = tally.scored(&telling, EVIDENCE);
        Ok(Self {
            connection,
            options,
            finder: Finder::new(&typed),
            tally,
            telling,
            passages,
            weighed: BinaryHeap::new(),
            titles: HashMap::new(),
            headings: HashMap::new(),
            current: None,
            rank: 0,
        })
    }

    /// Goes to the next hit, the best of those not yet given.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub(super) fn advance(&mut self) -> Result<()> {
        while let Some(&next) = self.passages.peek() {
            let best = self.weighed.peek().map(|hit| hit.score);
            if self.weighed.len() >= WEIGHED || best.is_some_and(|best| best >= next.most) {
                break;
            }
            self.passages.pop();
            self.weigh(next)?;
        }
        self.current = self.weighed.pop();
        self.rank += 1;
        Ok(())
    }

    pub(super) fn is_over(&self) -> bool {
        self.current.is_none()
    }

    pub(super) fn rank(&self) -> i64 {
        self.rank
    }

    /// Finds the best place of a passage. Without one that may be shown it is no hit.
    fn weigh(&mut self, found: Scored) -> Result<()> {
        let places = self.places(found.passage)?;
        let mut best: Option<Hit> = None;
        for place in places {
            let score = found.score * worth(&place.kind) + self.evidence(found.row, &place)?;
            let hit = Hit {
                score,
                passage: found.passage,
                document: place.document,
                position: place.position,
            };
            if best.as_ref().is_none_or(|best| hit > *best) {
                best = Some(hit);
            }
        }
        self.weighed.extend(best);
        Ok(())
    }

    fn places(&self, passage: i64) -> Result<Vec<Place>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT document_id, position, kind, section, boilerplate FROM placement
             WHERE passage_id = ?1 ORDER BY document_id, position",
        )?;
        let mut rows = statement.query([passage])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()?
            && places.len() < PLACES
        {
            let (document, kind): (i64, String) = (row.get(0)?, row.get(2)?);
            let shown = self.options.all_text || !row.get(4)?;
            if shown && self.options.admits(document, &kind) {
                places.push(Place { document, position: row.get(1)?, kind, section: row.get(3)? });
            }
        }
        Ok(places)
    }

    /// What title and heading add: a clause that stands there counts [`EVIDENCE`] of its worth where the
    /// passage itself gives it less.
    fn evidence(&mut self, row: usize, place: &Place) -> Result<f64> {
        if place.kind == "title" {
            return Ok(0.0);
        }
        let title = self.title_clauses(place.document)?;
        let heading = match place.section {
            Some(section) => self.heading_clauses(place.document, section)?,
            None => Rc::default(),
        };
        let only_heading = heading.iter().filter(|clause| !title.contains(clause));
        let missing = title.iter().chain(only_heading).map(|&clause| {
            let told = EVIDENCE * self.telling.get(clause).copied().unwrap_or(0.0);
            let mut shares = self.tally.shares(row, &self.telling);
            let share =
                shares.find(|(stands, _)| *stands == clause).map_or(0.0, |(_, share)| share);
            (told - share).max(0.0)
        });
        Ok(missing.sum())
    }

    fn title_clauses(&mut self, document: i64) -> Result<Rc<[usize]>> {
        if let Some(clauses) = self.titles.get(&document) {
            return Ok(Rc::clone(clauses));
        }
        let title: Option<Option<String>> = self
            .connection
            .prepare_cached("SELECT title FROM document WHERE id = ?1")?
            .query_row([document], |row| row.get(0))
            .optional()?;
        let clauses: Rc<[usize]> = self.finder.clauses(&title.flatten().unwrap_or_default()).into();
        self.titles.insert(document, Rc::clone(&clauses));
        Ok(clauses)
    }

    fn heading_clauses(&mut self, document: i64, section: i64) -> Result<Rc<[usize]>> {
        if let Some(clauses) = self.headings.get(&(document, section)) {
            return Ok(Rc::clone(clauses));
        }
        let heading: Option<String> = self
            .connection
            .prepare_cached(
                "SELECT text FROM placement JOIN passage_text ON passage_text.id = passage_id
                 WHERE document_id = ?1 AND position = ?2",
            )?
            .query_row([document, section], |row| row.get(0))
            .optional()?;
        let clauses: Rc<[usize]> = self.finder.clauses(&heading.unwrap_or_default()).into();
        self.headings.insert((document, section), Rc::clone(&clauses));
        Ok(clauses)
    }

    /// The value of a column of the current hit.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub(super) fn column(&self, column: i32) -> Result<Value> {
        let Some(hit) = &self.current else { return Ok(Value::Null) };
        let passage = hit.passage;
        Ok(match column {
            0 => Value::Integer(self.rank),
            1 => self.of_place(
                hit,
                "SELECT address FROM paragraph WHERE document_id = ?1 AND position = ?2",
            )?,
            2 => Value::Integer(hit.document),
            3 => Value::Integer(hit.position),
            4 => Value::Integer(passage),
            5 => self.of_place(
                hit,
                "SELECT kind FROM placement WHERE document_id = ?1 AND position = ?2",
            )?,
            6 => self.of_passage(hit.document, "SELECT label FROM document WHERE id = ?1")?,
            7 => self.of_passage(hit.document, "SELECT title FROM document WHERE id = ?1")?,
            8 => self.of_place(
                hit,
                "SELECT section FROM paragraph WHERE document_id = ?1 AND position = ?2",
            )?,
            9 => self.snippet(passage)?,
            10 => self.of_passage(passage, "SELECT text FROM passage_text WHERE id = ?1")?,
            11 => self.of_passage(
                passage,
                "SELECT count(DISTINCT document_id) - 1 FROM placement WHERE passage_id = ?1",
            )?,
            12 => Value::Real(hit.score),
            13 => Value::Text(self.options.words.clone()),
            14 => Value::Integer(self.options.all_text.into()),
            15 => Value::Integer(self.options.exact.into()),
            _ => Value::Null,
        })
    }

    fn snippet(&self, passage: i64) -> Result<Value> {
        let Value::Text(text) =
            self.of_passage(passage, "SELECT text FROM passage_text WHERE id = ?1")?
        else {
            return Ok(Value::Null);
        };
        Ok(Value::Text(snippet(&text, &self.finder.marks(&text), SNIPPET, "**", "**")))
    }

    fn of_place(&self, hit: &Hit, sql: &str) -> Result<Value> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let value =
            statement.query_row([hit.document, hit.position], |row| row.get(0)).optional()?;
        Ok(value.unwrap_or(Value::Null))
    }

    fn of_passage(&self, id: i64, sql: &str) -> Result<Value> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?.unwrap_or(Value::Null))
    }
}

/// Scans the index for the query; gives what was found and how often each clause was typed.
fn tallied(connection: &Connection, typed: &Typed) -> Result<(Tally, Vec<u32>)> {
    if typed.is_empty() {
        return Ok((Tally::default(), Vec::new()));
    }
    let plan = plan(connection, typed)?;
    let tally = RefCell::new(Tally::new(plan.clause_of, plan.roles, plan.pairs));
    scan(connection, &plan.expression, &tally)?;
    Ok((tally.into_inner(), plan.weights))
}

struct Place {
    document: i64,
    position: i64,
    kind: String,
    section: Option<i64>,
}

/// What a match is worth by the kind of paragraph it stands in: running text answers a question, a
/// title or a reference only names its subject.
fn worth(kind: &str) -> f64 {
    match kind {
        "title" | "heading" | "creator" | "affiliation" | "keywords" | "table" => 0.6,
        "caption" | "reference" | "acknowledgement" | "boilerplate" => 0.7,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests;

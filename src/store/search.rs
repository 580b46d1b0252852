//! The search itself: typed words in, hits in the order of their rank out, one at a time.
//!
//! A hit is a passage, once, at the best of its places. Nothing is fetched before it is asked for, so a
//! reader who takes ten hits pays for ten, and a filter outside simply pulls more.

mod candidates;
mod columns;
mod options;
mod shown;

pub(super) use columns::COLUMNS;
pub(super) use options::Options;

use self::candidates::{Candidates, Scored};
use self::shown::Shown;
use super::concept;
use super::expand::plan;
use super::facts::{self, Facts};
use super::index::Index;
use super::patience::Patience;
use super::rank::{Above, Scale, Stress, Tally};
use crate::model::Kind;
use crate::text::highlight::Finder;
use crate::text::typed::{Typed, unquoted};
use rusqlite::{Connection, Result};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::rc::Rc;

/// How many places of one passage are compared; a line that stands in thousands of documents is
/// boilerplate whatever their titles.
const PLACES: usize = 64;

/// How many candidates are weighed at all their places before the first hit is given: a passage may be
/// better at another place than at its first, by which candidates are in order.
const AHEAD: usize = 16;

/// How many hits are looked at for the same text in the words of more copies, and how good one must be
/// against the hit.
const LOOKED_AT: usize = 16;
const NEARLY: f64 = 0.8;

/// A passage at the best of its places.
#[derive(Clone, Debug)]
struct Hit {
    score: f64,
    passage: i64,
    document: i64,
    /// Known only where several places were compared.
    position: Option<i64>,
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

/// The greatest is the best; of equals the one that was stored first.
impl Ord for Hit {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.passage.cmp(&self.passage))
    }
}

/// One run of a search.
pub(super) struct Search {
    connection: Rc<Connection>,
    patience: Patience,
    options: Options,
    finder: Finder,
    /// Whether a hit's text must be looked at to tell whether it is one.
    checked: bool,
    tally: Tally,
    scale: Scale,
    facts: Facts,
    candidates: Candidates,
    weighed: BinaryHeap<Hit>,
    /// How many candidates were weighed at all their places.
    looked_at: usize,
    shown: Shown,
    current: Option<Hit>,
    rank: i64,
}

impl Search {
    /// Reads the typed words and looks them up in the index. Words without a letter find nothing.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub(super) fn begin(
        connection: Rc<Connection>,
        patience: Patience,
        options: Options,
    ) -> Result<Self> {
        let stored;
        let concepts = match &options.concepts {
            Some(concepts) => concepts,
            None => {
                stored = concept::stored(&connection)?;
                &stored
            }
        };
        let mut typed = Typed::with(&options.words, options.exact, concepts);
        let (mut tally, mut stress) = tallied(&connection, &patience, &typed)?;
        // In a sentence quotation marks may be the writer's own. Where nothing has what stands between
        // them, the words of the sentence are searched without the marks.
        if typed.sentence && tally.is_empty() {
            typed = Typed::with(&unquoted(&options.words), options.exact, concepts);
            (tally, stress) = tallied(&connection, &patience, &typed)?;
        }
        let documents = "SELECT max(id) FROM document";
        let documents: Option<i64> =
            connection.prepare_cached(documents)?.query_row([], |row| row.get(0))?;
        let scale = tally.scale(&stress, documents.unwrap_or(1));
        let mut facts = Facts::default();
        let candidates = candidates::weigh(&connection, &patience, &mut facts, &tally, &scale)?;
        Ok(Self {
            connection,
            patience,
            options,
            finder: Finder::new(&typed),
            checked: typed.checked,
            tally,
            scale,
            facts,
            candidates,
            weighed: BinaryHeap::new(),
            looked_at: 0,
            shown: Shown::default(),
            current: None,
            rank: 0,
        })
    }

    /// Goes to the next hit, the best of those not yet given.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub(super) fn advance(&mut self) -> Result<()> {
        self.current = loop {
            let Some(hit) = self.next()? else { break None };
            if self.checked && !self.fits(hit.passage)? {
                continue;
            }
            if self.options.all_copies {
                break Some(hit);
            }
            if self.shown.is_new(&self.connection, &hit)? {
                break Some(self.agreed(hit)?);
            }
        };
        self.rank += 1;
        Ok(())
    }

    /// The hit in the words that several copies of its story have, where one of them is nearly as good:
    /// a misreading stands in one copy alone, and where it lengthens or loses a word it may even win.
    fn agreed(&mut self, hit: Hit) -> Result<Hit> {
        if self.facts.passage(&self.connection, hit.passage)?.elsewhere {
            return Ok(hit);
        }
        let Some(story) = shown::story(&self.connection, hit.document)? else { return Ok(hit) };
        let (mut passed, mut found) = (Vec::new(), None);
        while passed.len() < LOOKED_AT
            && let Some(other) = self.next()?
        {
            if other.score < NEARLY * hit.score {
                passed.push(other);
                break;
            }
            let agreed = self.facts.passage(&self.connection, other.passage)?.elsewhere
                && shown::story(&self.connection, other.document)? == Some(story)
                && (!self.checked || self.fits(other.passage)?)
                && shown::is_same(&self.connection, &hit, &other)?;
            if agreed {
                found = Some(Hit { score: hit.score, ..other });
                break;
            }
            passed.push(other);
        }
        self.weighed.extend(passed);
        Ok(found.unwrap_or(hit))
    }

    /// Whether the text has what the index alone cannot tell.
    fn fits(&self, passage: i64) -> Result<bool> {
        self.connection
            .prepare_cached(
                "SELECT text || char(32, 10) || context FROM passage_text WHERE id = ?1",
            )?
            .query_row([passage], |row| Ok(self.finder.fits(row.get_ref(0)?.as_str()?)))
    }

    fn next(&mut self) -> Result<Option<Hit>> {
        while let Some(next) = self.candidates.peek() {
            let is_behind = self.weighed.peek().is_some_and(|best| best.score >= next.score);
            if is_behind && self.looked_at >= AHEAD {
                break;
            }
            self.patience.check()?;
            self.candidates.pop();
            self.looked_at += 1;
            self.weigh(next)?;
        }
        Ok(self.weighed.pop())
    }

    pub(super) fn is_over(&self) -> bool {
        self.current.is_none()
    }

    pub(super) fn rank(&self) -> i64 {
        self.rank
    }

    /// Finds the best place of a passage. Without one that may be shown it is no hit.
    fn weigh(&mut self, found: Scored) -> Result<()> {
        let Some((passage, _)) = self.tally.row_at(found.row as usize) else { return Ok(()) };
        let fact = self.facts.passage(&self.connection, passage)?;
        let Some(kind) = fact.kind else { return Ok(()) };
        let document = i64::from(fact.document);
        if !fact.elsewhere {
            if self.options.admits(document, kind, fact.boilerplate) {
                self.weighed.push(Hit { score: found.score, passage, document, position: None });
            }
            return Ok(());
        }
        let mut best: Option<Hit> = None;
        for place in self.places(passage, fact)? {
            // The first place is the one the candidate was weighed at.
            let score = if place.document == document && place.kind == kind {
                found.score
            } else {
                self.score(found.row as usize, fact.words, &place)?
            };
            let position = Some(place.position);
            let hit = Hit { score, passage, document: place.document, position };
            if best.as_ref().is_none_or(|best| hit > *best) {
                best = Some(hit);
            }
        }
        self.weighed.extend(best);
        Ok(())
    }

    /// The places where the passage may be shown.
    fn places(&self, passage: i64, fact: facts::Passage) -> Result<Vec<Place>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT place.document_id, place.position, place.kind, heading.passage_id, place.boilerplate
             FROM placement AS place
             LEFT JOIN placement AS heading ON heading.document_id = place.document_id
                 AND heading.position = place.section
             WHERE place.passage_id = ?1 ORDER BY place.document_id, place.position",
        )?;
        let mut rows = statement.query([passage])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()?
            && places.len() < PLACES
        {
            let Ok(kind) = row.get_ref(2)?.as_str()?.parse() else { continue };
            let document = row.get(0)?;
            if self.options.admits(document, kind, fact.is_boilerplate_at(row.get(4)?)) {
                let heading: Option<u32> = row.get(3)?;
                let heading = heading.unwrap_or(0);
                places.push(Place { document, position: row.get(1)?, kind, heading });
            }
        }
        Ok(places)
    }

    /// What a passage is worth at a place that is not its first.
    fn score(&mut self, row: usize, words: u16, place: &Place) -> Result<f64> {
        let document = self.facts.document(&self.connection, place.document)?;
        let title = document.title;
        let above = if place.kind == Kind::Title {
            Above::default()
        } else {
            Above {
                title: self.tally.row_of(title),
                title_words: self.facts.passage(&self.connection, title.into())?.words,
                heading: self.tally.row_of(place.heading),
            }
        };
        let own = self.tally.score(&self.scale, row, words, &above) * candidates::worth(place.kind);
        let run = self.candidates.run(place.document);
        let other = (!run.contains(&row)).then_some(row);
        Ok(own + self.tally.whole(&self.scale, run, other, document.words))
    }
}

/// Looks the query up in the index; gives what was found and how each clause counts.
fn tallied(
    connection: &Connection,
    patience: &Patience,
    typed: &Typed,
) -> Result<(Tally, Vec<Stress>)> {
    if typed.is_empty() {
        return Ok((Tally::default(), Vec::new()));
    }
    let mut index = Index::open(connection, patience)?;
    let plan = plan(&mut index, typed)?;
    let tally = Tally::of(&plan.found, plan.roles, &plan.pairs, index.size()?, patience)?;
    Ok((tally, plan.stress))
}

struct Place {
    document: i64,
    position: i64,
    kind: Kind,
    /// The passage that is the heading above; 0 for none.
    heading: u32,
}

#[cfg(test)]
mod tests;

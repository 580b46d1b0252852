//! The passages that may be hits, each weighed at the place where it stood first, the best of them
//! ready.
//!
//! All are weighed, for the order depends on it; but only as many are put in order as are asked for.

use super::super::facts::{Facts, Passage};
use super::super::patience::Patience;
use super::super::rank::{Above, Scale, Tally};
use crate::model::Kind;
use rusqlite::{Connection, Result};
use std::cmp::Ordering;
use std::ops::Range;

/// How many are put in order at first, and by how much more each time they run out.
const FIRST: usize = 64;
const GROWTH: usize = 8;

/// After how many passages it is asked whether there is time for more.
const ASKED_AFTER: usize = 1024;

/// A row of the tally with its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scored {
    pub(super) score: f64,
    pub(super) row: u32,
}

/// The better comes first; of equals the one stored first.
fn order(one: &Scored, next: &Scored) -> Ordering {
    next.score.total_cmp(&one.score).then(one.row.cmp(&next.row))
}

/// Passages in the order of their scores, put in order as they are taken.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    /// In order, the best last.
    ready: Vec<Scored>,
    /// Those behind, in no order.
    rest: Vec<Scored>,
    taken: usize,
    /// In which rows each document has what stood in it first, in the order of the documents.
    runs: Vec<(u32, Range<u32>)>,
}

impl Candidates {
    fn new(rest: Vec<Scored>, mut runs: Vec<(u32, Range<u32>)>) -> Self {
        // They come in this order but for documents that were read again.
        runs.sort_by_key(|(document, _)| *document);
        Self { ready: Vec::new(), rest, taken: 0, runs }
    }

    /// The rows of what stood first in a document.
    pub(super) fn run(&self, document: i64) -> Range<usize> {
        let at = self.runs.binary_search_by_key(&document, |(document, _)| (*document).into());
        let run = at.ok().and_then(|at| self.runs.get(at));
        run.map_or(0..0, |(_, rows)| rows.start as usize..rows.end as usize)
    }

    /// The best that was not taken.
    pub(super) fn peek(&mut self) -> Option<Scored> {
        if self.ready.is_empty() {
            let most = FIRST.max(self.taken * (GROWTH - 1)).min(self.rest.len());
            if most < self.rest.len() {
                self.rest.select_nth_unstable_by(most, order);
            }
            self.ready.extend(self.rest.drain(..most));
            self.ready.sort_unstable_by(|one, next| order(next, one));
            self.taken += most;
        }
        self.ready.last().copied()
    }

    pub(super) fn pop(&mut self) {
        self.ready.pop();
    }
}

/// Weighs every passage of the tally that may be a hit.
///
/// # Errors
/// When the archive cannot be read.
pub(super) fn weigh(
    connection: &Connection,
    patience: &Patience,
    facts: &mut Facts,
    tally: &Tally,
    scale: &Scale,
) -> Result<Candidates> {
    let mut candidates = (Vec::with_capacity(tally.len()), Vec::new());
    let mut run: Vec<(i64, bool, Passage)> = Vec::new();
    let mut first = 0;
    for row in 0..tally.len() {
        if row % ASKED_AFTER == 0 {
            patience.check()?;
        }
        let Some((passage, possible)) = tally.row_at(row) else { continue };
        let fact = facts.passage(connection, passage)?;
        if run.first().is_some_and(|(.., start)| start.document != fact.document) {
            weigh_document(connection, facts, (tally, scale), (first, &run), &mut candidates)?;
            run.clear();
            first = row;
        }
        run.push((passage, possible, fact));
    }
    weigh_document(connection, facts, (tally, scale), (first, &run), &mut candidates)?;
    let (scored, runs) = candidates;
    Ok(Candidates::new(scored, runs))
}

/// Weighs the passages of one document, which follow one another from the first row on.
fn weigh_document(
    connection: &Connection,
    facts: &mut Facts,
    (tally, scale): (&Tally, &Scale),
    (first, run): (usize, &[(i64, bool, Passage)]),
    (scored, runs): &mut (Vec<Scored>, Vec<(u32, Range<u32>)>),
) -> Result<()> {
    let Some((.., start)) = run.first() else { return Ok(()) };
    if !run.iter().any(|(_, possible, _)| *possible) {
        return Ok(());
    }
    let document = facts.document(connection, start.document.into())?;
    let title = facts.passage(connection, document.title.into())?;
    let title_row = tally.row_near(document.title, first);
    let rows = first..first + run.len();
    let number = |row| u32::try_from(row).unwrap_or(u32::MAX);
    runs.push((start.document, number(rows.start)..number(rows.end)));
    let whole = tally.whole(scale, rows, None, document.words);
    for (row, (passage, possible, fact)) in (first..).zip(run) {
        let (true, Some(kind)) = (*possible, fact.kind) else { continue };
        let above = if *passage == i64::from(document.title) {
            Above::default()
        } else {
            Above {
                title: title_row,
                title_words: title.words,
                heading: tally.row_near(fact.heading, row),
            }
        };
        let score = tally.score(scale, row, fact.words, &above) * worth(kind) + whole;
        scored.push(Scored { score, row: u32::try_from(row).unwrap_or(u32::MAX) });
    }
    Ok(())
}

/// What a match is worth by the kind of paragraph it stands in: running text answers a question, a
/// title or a reference only names its subject.
pub(super) fn worth(kind: Kind) -> f64 {
    match kind {
        Kind::Title
        | Kind::Heading
        | Kind::Creator
        | Kind::Affiliation
        | Kind::Keywords
        | Kind::Table => 0.6,
        Kind::Caption | Kind::Reference | Kind::Acknowledgement | Kind::Boilerplate => 0.7,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_come_in_the_order_of_their_scores_however_many_there_are() {
        let score = |row: u32| f64::from(row * 7919 % 1000);
        let mut candidates = Candidates::new(
            (0..1000).map(|row| Scored { score: score(row), row }).collect(),
            Vec::new(),
        );
        let mut taken = Vec::new();
        while let Some(best) = candidates.peek() {
            taken.push(best.row);
            candidates.pop();
        }
        let mut expected: Vec<u32> = (0..1000).collect();
        expected.sort_by(|a, b| score(*b).total_cmp(&score(*a)).then(a.cmp(b)));
        assert_eq!(taken, expected);
    }
}

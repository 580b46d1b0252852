//! How well a passage answers a query: BM25 over the clauses of the query, with the title of its
//! document and the heading it stands under as fields of it.
//!
//! All forms of one typed word are one term here, as in an index of stems: otherwise a rare form would
//! outweigh the common one. Nothing here asks SQLite anything; a [`Tally`] is made of the lists of all
//! clauses, and document frequencies come out of them too.

use super::index::{Places, Postings};
use super::patience::Patience;
use crate::text::typed::Role;
use rusqlite::Result;
use smallvec::SmallVec;
use std::ops::Range;
use std::rc::Rc;

/// Saturation of term frequency and weight of length (Robertson and Zaragoza, The Probabilistic
/// Relevance Framework, 2009).
pub(super) const K1: f64 = 1.0;
pub(super) const B: f64 = 0.6;

/// How much faster than in BM25 a word tells more the rarer it is: words of a question stand for one
/// another less than the formula takes them to, and what the rarest says decides.
const RARITY: f64 = 1.2;

/// How often a word of the title, and of the heading, counts in each passage below it: they are fields
/// of it (BM25F; Robertson, Zaragoza and Taylor 2004), for a paragraph seldom repeats what its title
/// says, and a heading is the title of its section.
const TITLE: f64 = 3.0;
const HEADING: f64 = 3.0;

/// What a passage gets of the score of its whole document: the paragraph that answers stands among
/// others about the same thing.
const WHOLE: f64 = 0.25;

/// What share of its own worth a pair adds: two neighbours of the query that stand next to each other
/// (the sequential dependence model of Metzler and Croft, 2005, with their weight for ordered pairs set
/// against that of words).
const PAIR: f64 = 0.2;

/// The most places of one clause in a passage that are looked at for pairs.
const SPOTS: usize = 32;

/// How many passages are looked at together while lists are joined.
const WINDOW: u32 = 512;
const PARTS: usize = WINDOW as usize / 64;

/// What was found: which passages have which clauses how often.
#[derive(Debug, Default)]
pub(super) struct Tally {
    roles: Vec<Role>,
    /// Rising by passage.
    rows: Vec<Row>,
    counts: Vec<Count>,
    /// For each clause, then for each pair of a clause and its successor, the number of passages that
    /// have it.
    found_in: Vec<u32>,
    /// Number of passages in the index, and of words in them.
    size: (f64, f64),
}

#[derive(Clone, Copy, Debug)]
struct Row {
    passage: u32,
    /// Where its counts begin; they end where those of the next row begin.
    counts: u32,
    /// Whether it has all it must and nothing it must not have. What has not may still be a title.
    possible: bool,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    clause: u16,
    times: u16,
}

/// What a query asks of the scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stress {
    /// How much the clause counts: how often it was typed, less where it is a piece of a CJK text that
    /// seldom is a word.
    pub(super) weight: f64,
    /// How slowly more of it tells more, against [`K1`].
    pub(super) slack: f64,
}

/// What a score is made with: for each clause, then each pair, how much it tells, and lengths.
#[derive(Debug, Default)]
pub(super) struct Scale {
    telling: Vec<f64>,
    slack: Vec<f64>,
    passage: f64,
    document: f64,
}

/// What stands above a passage: the rows of its title and heading, where they were found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Above {
    pub(super) title: Option<usize>,
    pub(super) title_words: u16,
    pub(super) heading: Option<usize>,
}

/// How often clauses stand somewhere; few mostly, and made for every passage.
type Clauses = SmallVec<[(u16, f64); 16]>;

/// The lists of one query while they are joined.
struct Joining<'l> {
    lists: &'l [Rc<Postings>],
    pairs: &'l [bool],
    /// For each clause, the first place of its list that was not joined.
    next: Vec<usize>,
    /// Which passages of the window have any, by their bits: most windows of a rare word have few.
    marked: [u64; PARTS],
    /// For each passage of the window, which clauses it has.
    has: Vec<u128>,
    /// For each clause and passage of the window, the place in the list.
    places: Vec<u32>,
}

impl Tally {
    /// Joins the lists of all clauses; `pairs` tells for each clause whether it and the next one are a
    /// pair, `size` the number of passages in the index and of words in them.
    ///
    /// Where every clause must be there, only what has all of them is counted.
    ///
    /// # Errors
    /// When the patience is at its end.
    pub(super) fn of(
        lists: &[Rc<Postings>],
        roles: Vec<Role>,
        pairs: &[bool],
        (passages, words): (u64, u64),
        patience: &Patience,
    ) -> Result<Self> {
        let size = (passages.max(1) as f64, words.max(1) as f64);
        let mut found_in: Vec<u32> =
            lists.iter().map(|list| u32::try_from(list.len()).unwrap_or(u32::MAX)).collect();
        found_in.resize(2 * lists.len(), 0);
        let mut tally = Self { roles, found_in, size, ..Self::default() };
        if tally.roles.len() > 1 && tally.roles.iter().all(|role| *role == Role::Required) {
            let common = common(lists);
            let lists: Vec<_> = lists.iter().map(|list| Rc::new(list.kept(&common))).collect();
            tally.join(&lists, pairs, patience)?;
        } else {
            tally.join(lists, pairs, patience)?;
        }
        Ok(tally)
    }

    fn join(&mut self, lists: &[Rc<Postings>], pairs: &[bool], patience: &Patience) -> Result<()> {
        let all: usize = lists.iter().map(|list| list.len()).sum();
        self.counts.reserve(all);
        self.rows.reserve(lists.iter().map(|list| list.len()).max().unwrap_or(0));
        let mut joining = Joining {
            lists,
            pairs,
            next: vec![0; lists.len()],
            marked: [0; PARTS],
            has: vec![0; WINDOW as usize],
            places: vec![0; WINDOW as usize * lists.len()],
        };
        while let Some(first) = joining.window() {
            patience.check()?;
            for part in 0..PARTS {
                let mut marked = joining.marked.get_mut(part).map_or(0, std::mem::take);
                while marked != 0 {
                    let at = part * 64 + marked.trailing_zeros() as usize;
                    marked &= marked - 1;
                    let has = joining.has.get_mut(at).map_or(0, std::mem::take);
                    let at = u32::try_from(at).unwrap_or(0);
                    self.row(&joining, first + at, has, at);
                }
            }
        }
        Ok(())
    }

    /// Counts clauses and pairs of one passage, and whether it has all it must and nothing it must not
    /// have.
    fn row(&mut self, joining: &Joining, passage: u32, mut has: u128, at: u32) {
        let counts = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
        self.rows.push(Row { passage, counts, possible: self.is_possible(has) });
        let mut before: Option<(usize, usize)> = None;
        while has != 0 {
            let clause = has.trailing_zeros() as usize;
            has &= has - 1;
            let (Some(list), Some(place)) = (joining.lists.get(clause), joining.place(clause, at))
            else {
                continue;
            };
            self.add(clause, list.times(place));
            if let Some((other, place_of_other)) = before
                && other + 1 == clause
                && joining.pairs.get(other) == Some(&true)
                && let Some(first) = joining.lists.get(other)
            {
                let times = together(first.places(place_of_other), list.places(place));
                let pair = joining.lists.len() + other;
                self.add(pair, times);
                if let Some(found) = self.found_in.get_mut(pair) {
                    *found += u32::from(times > 0);
                }
            }
            before = Some((clause, place));
        }
    }

    fn add(&mut self, clause: usize, times: usize) {
        if times > 0 {
            let clause = u16::try_from(clause).unwrap_or(u16::MAX);
            self.counts.push(Count { clause, times: u16::try_from(times).unwrap_or(u16::MAX) });
        }
    }

    fn is_possible(&self, has: u128) -> bool {
        self.roles.iter().enumerate().all(|(clause, role)| match role {
            Role::Wanted => true,
            Role::Required => has >> clause & 1 == 1,
            Role::Excluded => has >> clause & 1 == 0,
        })
    }

    /// Whether nothing was found that could be a hit.
    pub(super) fn is_empty(&self) -> bool {
        !self.rows.iter().any(|row| row.possible)
    }

    /// How many passages were found.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The passage of a row, and whether it can be a hit.
    pub(super) fn row_at(&self, row: usize) -> Option<(i64, bool)> {
        self.rows.get(row).map(|row| (row.passage.into(), row.possible))
    }

    /// The row of a passage.
    pub(super) fn row_of(&self, passage: u32) -> Option<usize> {
        if passage == 0 {
            return None;
        }
        self.rows.binary_search_by_key(&passage, |row| row.passage).ok()
    }

    /// The same, looked for from a row near it: in steps that double until it is passed.
    pub(super) fn row_near(&self, passage: u32, near: usize) -> Option<usize> {
        if passage == 0 {
            return None;
        }
        let (mut low, mut high, mut step) = (near, near, 1);
        while self.rows.get(low).is_none_or(|row| row.passage > passage) && low > 0 {
            low = low.saturating_sub(step);
            step *= 2;
        }
        while self.rows.get(high).is_some_and(|row| row.passage <= passage) {
            high += step;
            step *= 2;
        }
        let within = self.rows.get(low..high.min(self.rows.len()))?;
        let at = within.binary_search_by_key(&passage, |row| row.passage).ok()?;
        Some(low + at)
    }

    /// How much each clause tells, then each pair: log(1 + (N − n + ½) / (n + ½)) for n passages out of N,
    /// which is never negative (Lucene's form of Robertson and Spärck Jones), for a clause to the power of
    /// [`RARITY`], times its weight.
    /// `documents` is how many the archive has.
    pub(super) fn scale(&self, stress: &[Stress], documents: i64) -> Scale {
        let (passages, words) = self.size;
        let clauses = stress.iter().map(|one| (one.weight, RARITY));
        let weights = clauses.chain(stress.iter().map(|_| (PAIR, 1.0)));
        let telling = |(&found, (weight, power)): (&u32, (f64, f64))| {
            let found = f64::from(found);
            let rarity = (1.0 + (passages - found + 0.5).max(0.5) / (found + 0.5)).ln();
            weight * rarity.powf(power)
        };
        let excluded = self.roles.iter().map(|role| *role == Role::Excluded);
        let is_excluded: Vec<bool> = excluded.collect();
        let counts = is_excluded.iter().chain(&is_excluded).map(|out| if *out { 0.0 } else { 1.0 });
        Scale {
            telling: self
                .found_in
                .iter()
                .zip(weights)
                .map(telling)
                .zip(counts)
                .map(|(a, b)| a * b)
                .collect(),
            slack: stress.iter().chain(stress).map(|one| one.slack).collect(),
            passage: words / passages,
            document: words / documents.max(1) as f64,
        }
    }

    /// What the passage of a row is worth by its own words and those above it; `words` is its length.
    pub(super) fn score(&self, scale: &Scale, row: usize, words: u16, above: &Above) -> f64 {
        let length = f64::from(words) + TITLE * f64::from(above.title_words);
        let length = length / scale.passage;
        let own = self.counts_of(row).iter().map(|count| (count.clause, f64::from(count.times)));
        let fields = [(above.title, TITLE), (above.heading, HEADING)];
        if fields.iter().all(|(row, _)| row.is_none()) {
            return own.map(|(clause, times)| scale.share(clause, times, length)).sum();
        }
        let mut all: Clauses = own.collect();
        for (row, weight) in fields {
            let Some(row) = row else { continue };
            for count in self.counts_of(row) {
                merge(&mut all, count.clause, weight * f64::from(count.times));
            }
        }
        all.into_iter().map(|(clause, times)| scale.share(clause, times, length)).sum()
    }

    /// What the document whose passages these rows are adds to the score of each; `words` is its length,
    /// `other` the row of one that stood elsewhere first.
    pub(super) fn whole(
        &self,
        scale: &Scale,
        rows: Range<usize>,
        other: Option<usize>,
        words: u32,
    ) -> f64 {
        let length = f64::from(words) / scale.document;
        if rows.len() == 1 && other.is_none() {
            let all = self.counts_of(rows.start).iter();
            let share = |count: &Count| scale.share(count.clause, f64::from(count.times), length);
            return WHOLE * all.map(share).sum::<f64>();
        }
        let mut all = Clauses::new();
        for count in rows.chain(other).flat_map(|row| self.counts_of(row)) {
            merge(&mut all, count.clause, f64::from(count.times));
        }
        let shares = all.into_iter().map(|(clause, times)| scale.share(clause, times, length));
        WHOLE * shares.sum::<f64>()
    }

    fn counts_of(&self, row: usize) -> &[Count] {
        let end = self.rows.get(row + 1).map_or(self.counts.len(), |next| next.counts as usize);
        let here = self.rows.get(row).and_then(|here| self.counts.get(here.counts as usize..end));
        here.unwrap_or_default()
    }
}

impl Scale {
    /// What a clause or pair adds that stands so many times in a text of this length, the average being 1.
    fn share(&self, clause: u16, times: f64, length: f64) -> f64 {
        let clause = usize::from(clause);
        let told = self.telling.get(clause).copied().unwrap_or(0.0);
        let k = K1 * self.slack.get(clause).copied().unwrap_or(1.0) * (1.0 - B + B * length);
        told * times * (K1 + 1.0) / (times + k)
    }
}

fn merge(all: &mut Clauses, clause: u16, times: f64) {
    match all.iter_mut().find(|(other, _)| *other == clause) {
        Some((_, known)) => *known += times,
        None => all.push((clause, times)),
    }
}

impl Joining<'_> {
    /// Fills the next window that has anything; gives its first passage.
    fn window(&mut self) -> Option<u32> {
        let heads = self.lists.iter().zip(&self.next).filter_map(|(list, at)| list.passage(*at));
        let first = heads.min()?;
        let first = first - first % WINDOW;
        for (clause, (list, next)) in self.lists.iter().zip(&mut self.next).enumerate() {
            let begin = clause * WINDOW as usize;
            let Some(places) = self.places.get_mut(begin..begin + WINDOW as usize) else { break };
            while let Some(at) = list.passage(*next).map(|passage| (passage - first) as usize)
                && let (Some(has), Some(place)) = (self.has.get_mut(at), places.get_mut(at))
            {
                *has |= 1 << clause;
                if let Some(part) = self.marked.get_mut(at / 64) {
                    *part |= 1 << (at % 64);
                }
                *place = u32::try_from(*next).unwrap_or(u32::MAX);
                *next += 1;
            }
        }
        Some(first)
    }

    fn place(&self, clause: usize, at: u32) -> Option<usize> {
        self.places.get(clause * WINDOW as usize + at as usize).map(|place| *place as usize)
    }
}

/// The passages that stand in all lists.
fn common(lists: &[Rc<Postings>]) -> Vec<u32> {
    let Some(shortest) = lists.iter().min_by_key(|list| list.len()) else { return Vec::new() };
    let mut next = vec![0; lists.len()];
    let in_all = |passage: &u32| {
        lists.iter().zip(&mut next).all(|(list, next)| {
            *next = list.seek(*next, *passage);
            list.passage(*next) == Some(*passage)
        })
    };
    (0..shortest.len()).filter_map(|at| shortest.passage(at)).filter(in_all).collect()
}

/// How often a place of the second comes right after one of the first.
fn together(first: Places, second: Places) -> usize {
    let follows = |one: &u32| second.clone().take(SPOTS).any(|place| place == one + 1);
    first.take(SPOTS).filter(follows).count()
}

#[cfg(test)]
mod tests;

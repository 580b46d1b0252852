//! How well a passage answers a query: BM25 over the clauses of the query.
//!
//! All forms of one typed word are one term here, as in an index of stems: otherwise a rare form would
//! outweigh the common one. Nothing here asks SQLite anything; a [`Tally`] is filled by one scan of the
//! index, and document frequencies come out of that same scan.

use crate::text::typed::Role;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::RangeInclusive;

/// Saturation of term frequency and weight of length (Robertson and Zaragoza, The Probabilistic
/// Relevance Framework, 2009): the usual values, and FTS5's.
const K1: f64 = 1.2;
const B: f64 = 0.75;

/// What share of its own worth a pair adds: two neighbours of the query that stand together, in order
/// (the sequential dependence model of Metzler and Croft, 2005, with their weight for ordered pairs set
/// against that of words).
const PAIR: f64 = 0.3;

/// How far behind the first word the second may begin, in words: next to it, or parted by the few
/// words that the query leaves out or says otherwise.
const TOGETHER: RangeInclusive<u32> = 1..=5;

/// The most places of one clause in a passage that are looked at for pairs.
const SPOTS: usize = 32;

/// What one scan of the index found: which passages have which clauses how often.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// For each phrase of the match expression, the clause it stands for; rising.
    pub(super) clause_of: Vec<u16>,
    /// For each clause, whether it and the next one are a pair.
    pairs: Vec<bool>,
    roles: Vec<Role>,
    required: usize,
    rows: Vec<Row>,
    counts: Vec<Count>,
    /// For each clause, then for each pair of a clause and its successor, the number of passages that
    /// have it.
    found_in: Vec<u32>,
    /// Clause and place of everything found in the passage at hand.
    spots: Vec<(u16, u32)>,
    /// Number of passages in the index, and of words in them.
    size: Option<(f64, f64)>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    passage: i64,
    words: u32,
    /// Where its counts begin; they end where those of the next row begin.
    counts: usize,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    clause: u16,
    times: u16,
}

/// A passage with its score; the greatest is the one that may come out best, and of equals the one
/// stored first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scored {
    /// The most it can be worth once title and heading are known.
    pub(super) most: f64,
    /// What its own words are worth.
    pub(super) score: f64,
    pub(super) passage: i64,
    /// Its row in the tally.
    pub(super) row: usize,
}

impl Eq for Scored {}

impl Ord for Scored {
    fn cmp(&self, other: &Self) -> Ordering {
        self.most.total_cmp(&other.most).then(other.passage.cmp(&self.passage))
    }
}

impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Tally {
    pub(super) fn new(clause_of: Vec<u16>, roles: Vec<Role>, pairs: Vec<bool>) -> Self {
        let required = roles.iter().filter(|&&role| role == Role::Required).count();
        Self {
            clause_of,
            pairs,
            found_in: vec![0; 2 * roles.len()],
            roles,
            required,
            ..Self::default()
        }
    }

    /// Whether the size of the index is still to be told with [`Tally::size`].
    pub(super) fn is_new(&self) -> bool {
        self.size.is_none()
    }

    /// Whether nothing was found that could be a hit.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Tells the number of passages in the index and of words in them.
    pub(super) fn size(&mut self, passages: i64, words: i64) {
        self.size = Some((passages.max(1) as f64, words.max(1) as f64));
    }

    /// Takes one passage. `places` is asked to add where each phrase of the expression begins in it, in
    /// words, and `words` for its length, but only if it can be a hit.
    pub(super) fn passage<E>(
        &mut self,
        passage: i64,
        mut places: impl FnMut(usize, &mut dyn FnMut(u32)) -> Result<(), E>,
        words: impl FnOnce() -> Result<u32, E>,
    ) -> Result<(), E> {
        let mut spots = std::mem::take(&mut self.spots);
        spots.clear();
        for (phrase, &clause) in self.clause_of.iter().enumerate() {
            places(phrase, &mut |place| spots.push((clause, place)))?;
        }
        let start = self.counts.len();
        let possible = self.count(&spots);
        self.spots = spots;
        if possible {
            self.rows.push(Row { passage, words: words()?, counts: start });
        } else {
            self.counts.truncate(start);
        }
        Ok(())
    }

    /// Counts clauses and pairs of the passage at hand; tells whether it has all it must and nothing it
    /// must not have.
    fn count(&mut self, spots: &[(u16, u32)]) -> bool {
        let (mut required, mut excluded) = (0, false);
        let mut before: &[(u16, u32)] = &[];
        for here in spots.chunk_by(|one, next| one.0 == next.0) {
            let Some(&(clause, _)) = here.first() else { continue };
            self.add(clause, here.len());
            match self.roles.get(usize::from(clause)) {
                Some(Role::Required) => required += 1,
                Some(Role::Excluded) => excluded = true,
                _ => {}
            }
            if let Some(&(other, _)) = before.first()
                && other + 1 == clause
                && self.pairs.get(usize::from(other)) == Some(&true)
            {
                let pair =
                    u16::try_from(self.roles.len()).unwrap_or(u16::MAX).saturating_add(other);
                self.add(pair, together(before, here));
            }
            before = here;
        }
        !excluded && required == self.required
    }

    fn add(&mut self, clause: u16, times: usize) {
        if times == 0 {
            return;
        }
        if let Some(found) = self.found_in.get_mut(usize::from(clause)) {
            *found += 1;
        }
        self.counts.push(Count { clause, times: u16::try_from(times).unwrap_or(u16::MAX) });
    }

    /// How much each clause tells, then each pair: log(1 + (N − n + ½) / (n + ½)) for n passages out of N,
    /// which is never negative (Lucene's form of Robertson and Spärck Jones), times how often it was
    /// typed.
    pub(super) fn telling(&self, weights: &[u32]) -> Vec<f64> {
        let (passages, _) = self.size.unwrap_or((1.0, 1.0));
        let clauses = weights.iter().map(|&weight| f64::from(weight));
        let weights = clauses.chain(weights.iter().map(|_| PAIR));
        let telling = |(&found, weight): (&u32, f64)| {
            let found = f64::from(found);
            weight * (1.0 + (passages - found + 0.5).max(0.5) / (found + 0.5)).ln()
        };
        self.found_in.iter().zip(weights).map(telling).collect()
    }

    /// The passages as a heap that gives the one with the greatest prospects first. `evidence` is the
    /// share of its worth that a clause counts at least where title or heading have it.
    pub(super) fn scored(&self, telling: &[f64], evidence: f64) -> BinaryHeap<Scored> {
        let clauses = telling.iter().zip(&self.roles).filter(|(_, role)| **role != Role::Excluded);
        let told = evidence * clauses.map(|(told, _)| told).sum::<f64>();
        let scored = self.rows.iter().enumerate().map(|(row, here)| {
            let (mut score, mut had) = (0.0, 0.0);
            for (clause, share) in self.shares(row, telling) {
                score += share;
                if clause < self.roles.len() {
                    had += share.min(evidence * telling.get(clause).copied().unwrap_or(0.0));
                }
            }
            Scored { most: score + told - had, score, passage: here.passage, row }
        });
        BinaryHeap::from(scored.collect::<Vec<_>>())
    }

    /// What each clause and pair that stands in the passage of the row adds to its score.
    pub(super) fn shares(&self, row: usize, telling: &[f64]) -> impl Iterator<Item = (usize, f64)> {
        let (passages, words) = self.size.unwrap_or((1.0, 1.0));
        let here = self.rows.get(row);
        let end = self.rows.get(row + 1).map_or(self.counts.len(), |next| next.counts);
        let counts = here.and_then(|here| self.counts.get(here.counts..end)).unwrap_or_default();
        let length = here.map_or(0.0, |here| f64::from(here.words)) * passages / words;
        let length = K1 * (1.0 - B + B * length);
        counts.iter().map(move |count| {
            let (clause, times) = (usize::from(count.clause), f64::from(count.times));
            let told = telling.get(clause).copied().unwrap_or(0.0);
            (clause, told * times * (K1 + 1.0) / (times + length))
        })
    }
}

/// How often a word of the second list follows one of the first.
fn together(first: &[(u16, u32)], second: &[(u16, u32)]) -> usize {
    let follows = |one: u32| {
        let behind = |&&(_, place): &&(u16, u32)| {
            place.checked_sub(one).is_some_and(|gap| TOGETHER.contains(&gap))
        };
        second.iter().take(SPOTS).find(behind).is_some()
    };
    first.iter().take(SPOTS).filter(|&&(_, place)| follows(place)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A passage whose n-th phrase begins at these places.
    fn take(tally: &mut Tally, passage: i64, places: &[&[u32]], words: u32) {
        let told: Result<(), ()> = tally.passage(
            passage,
            |phrase, add| {
                places[phrase].iter().for_each(|&place| add(place));
                Ok(())
            },
            || Ok(words),
        );
        told.unwrap();
    }

    #[test]
    fn a_score_is_bm25_with_all_forms_of_a_word_as_one_term() {
        let mut tally = Tally::new(vec![0, 0, 1], vec![Role::Wanted, Role::Wanted], vec![true; 3]);
        tally.size(4, 40);
        take(&mut tally, 7, &[&[3], &[8], &[]], 10);
        take(&mut tally, 8, &[&[], &[], &[1, 5, 9]], 20);
        let telling = tally.telling(&[1, 2]);
        let rarity = (1.0_f64 + 3.5 / 1.5).ln();
        assert_eq!(telling[..2], [rarity, 2.0 * rarity]);
        let best: Vec<(f64, i64)> = tally
            .scored(&telling, 0.0)
            .into_sorted_vec()
            .iter()
            .map(|one| (one.score, one.passage))
            .collect();
        assert_eq!(
            best,
            [
                (rarity * 2.0 * 2.2 / (2.0 + 1.2), 7),
                (2.0 * rarity * 3.0 * 2.2 / (3.0 + 1.2 * (0.25 + 0.75 * 2.0)), 8),
            ]
        );
    }

    #[test]
    fn neighbours_of_the_query_that_stand_together_add_to_the_score() {
        let mut tally = Tally::new(vec![0, 1], vec![Role::Wanted, Role::Wanted], vec![true; 3]);
        tally.size(9, 90);
        take(&mut tally, 1, &[&[5], &[1]], 10);
        take(&mut tally, 2, &[&[1], &[3]], 10);
        take(&mut tally, 3, &[&[1], &[9]], 10);
        assert_eq!(tally.found_in, [3, 3, 1, 0]);
        let best = tally.scored(&tally.telling(&[1, 1]), 0.5).pop().unwrap();
        assert_eq!(best.passage, 2);
    }

    #[test]
    fn passages_without_a_required_or_with_an_excluded_clause_are_no_hits_but_count() {
        let mut tally = Tally::new(
            vec![0, 1, 2],
            vec![Role::Required, Role::Excluded, Role::Wanted],
            vec![true; 3],
        );
        tally.size(3, 30);
        take(&mut tally, 1, &[&[1], &[], &[]], 10);
        take(&mut tally, 2, &[&[1], &[2], &[3]], 10);
        take(&mut tally, 3, &[&[], &[], &[1]], 10);
        let hits: Vec<i64> =
            tally.scored(&[1.0; 6], 0.0).into_iter().map(|scored| scored.passage).collect();
        assert_eq!((hits, &tally.found_in[..3]), (vec![1], &[2, 1, 2][..]));
    }

    #[test]
    fn of_equal_scores_the_passage_stored_first_is_better() {
        let first = Scored { most: 1.0, score: 1.0, passage: 1, row: 0 };
        assert!(first > Scored { most: 1.0, score: 1.0, passage: 2, row: 1 });
        assert!(first < Scored { most: 1.5, score: 1.0, passage: 2, row: 1 });
    }

    #[test]
    fn a_word_in_every_passage_never_counts_against_one() {
        let mut tally = Tally::new(vec![0], vec![Role::Wanted], vec![true; 3]);
        tally.size(1, 0);
        take(&mut tally, 1, &[&[1]], 0);
        assert!(tally.telling(&[1])[0] > 0.0);
    }
}

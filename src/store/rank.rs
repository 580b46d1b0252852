//! How well a passage answers a query: BM25 over the clauses of the query, with the title of its
//! document and the heading it stands under as fields of it.
//!
//! All forms of one typed word are one term here, as in an index of stems: otherwise a rare form would
//! outweigh the common one. Nothing here asks SQLite anything; a [`Tally`] is filled by one scan of the
//! index, and document frequencies come out of that same scan.

use crate::text::typed::Role;
use std::ops::{Range, RangeInclusive};

/// Saturation of term frequency and weight of length (Robertson and Zaragoza, The Probabilistic
/// Relevance Framework, 2009).
const K1: f64 = 1.0;
const B: f64 = 0.75;

/// How often a word of the title, and of the heading, counts in each passage below it: they are fields
/// of it (BM25F; Robertson, Zaragoza and Taylor 2004), for a paragraph seldom repeats what its title
/// says, and a heading is the title of its section.
const TITLE: f64 = 3.0;
const HEADING: f64 = 3.0;

/// What a passage gets of the score of its whole document: the paragraph that answers stands among
/// others about the same thing.
const WHOLE: f64 = 0.25;

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
    /// Rising by passage.
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
    /// Where its counts begin; they end where those of the next row begin.
    counts: usize,
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
        !self.rows.iter().any(|row| row.possible)
    }

    /// How many passages were found.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The passage of a row, and whether it can be a hit.
    pub(super) fn row(&self, row: usize) -> Option<(i64, bool)> {
        self.rows.get(row).map(|row| (row.passage, row.possible))
    }

    /// The row of a passage.
    pub(super) fn row_of(&self, passage: u32) -> Option<usize> {
        if passage == 0 {
            return None;
        }
        self.rows.binary_search_by_key(&i64::from(passage), |row| row.passage).ok()
    }

    /// Tells the number of passages in the index and of words in them.
    pub(super) fn size(&mut self, passages: i64, words: i64) {
        self.size = Some((passages.max(1) as f64, words.max(1) as f64));
    }

    /// Takes the number of passages that have each clause, where the scan cannot have found them all.
    pub(super) fn told(&mut self, found_in: &[u32]) {
        for (known, told) in self.found_in.iter_mut().zip(found_in) {
            *known = (*known).max(*told);
        }
    }

    /// Takes one passage. `places` is asked to add where each phrase of the expression begins in it, in
    /// words.
    pub(super) fn passage<E>(
        &mut self,
        passage: i64,
        mut places: impl FnMut(usize, &mut dyn FnMut(u32)) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut spots = std::mem::take(&mut self.spots);
        spots.clear();
        for (phrase, &clause) in self.clause_of.iter().enumerate() {
            places(phrase, &mut |place| spots.push((clause, place)))?;
        }
        let counts = self.counts.len();
        let possible = self.count(&spots);
        self.spots = spots;
        self.rows.push(Row { passage, counts, possible });
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
    /// which is never negative (Lucene's form of Robertson and Spärck Jones), times its weight.
    /// `documents` is how many the archive has.
    pub(super) fn scale(&self, stress: &[Stress], documents: i64) -> Scale {
        let (passages, words) = self.size.unwrap_or((1.0, 1.0));
        let weights = stress.iter().map(|one| one.weight).chain(stress.iter().map(|_| PAIR));
        let telling = |(&found, weight): (&u32, f64)| {
            let found = f64::from(found);
            weight * (1.0 + (passages - found + 0.5).max(0.5) / (found + 0.5)).ln()
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
        let mut all: Vec<(u16, f64)> = own.collect();
        for (row, weight) in fields {
            let Some(row) = row else { continue };
            for count in self.counts_of(row) {
                merge(&mut all, count.clause, weight * f64::from(count.times));
            }
        }
        all.into_iter().map(|(clause, times)| scale.share(clause, times, length)).sum()
    }

    /// What the document whose passages these rows are adds to the score of each; `words` is its length.
    pub(super) fn whole(&self, scale: &Scale, rows: Range<usize>, words: u32) -> f64 {
        let length = f64::from(words) / scale.document;
        let mut all: Vec<(u16, f64)> = Vec::new();
        for count in rows.flat_map(|row| self.counts_of(row)) {
            merge(&mut all, count.clause, f64::from(count.times));
        }
        let shares = all.into_iter().map(|(clause, times)| scale.share(clause, times, length));
        WHOLE * shares.sum::<f64>()
    }

    fn counts_of(&self, row: usize) -> &[Count] {
        let end = self.rows.get(row + 1).map_or(self.counts.len(), |next| next.counts);
        let here = self.rows.get(row).and_then(|here| self.counts.get(here.counts..end));
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

fn merge(all: &mut Vec<(u16, f64)>, clause: u16, times: f64) {
    match all.iter_mut().find(|(other, _)| *other == clause) {
        Some((_, known)) => *known += times,
        None => all.push((clause, times)),
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
    fn take(tally: &mut Tally, passage: i64, places: &[&[u32]]) {
        let told: Result<(), ()> = tally.passage(passage, |phrase, add| {
            places[phrase].iter().for_each(|&place| add(place));
            Ok(())
        });
        told.unwrap();
    }

    fn stress(weights: &[f64]) -> Vec<Stress> {
        weights.iter().map(|&weight| Stress { weight, slack: 1.0 }).collect()
    }

    const ALONE: Above = Above { title: None, title_words: 0, heading: None };

    #[test]
    fn a_score_is_bm25_with_all_forms_of_a_word_as_one_term() {
        let mut tally = Tally::new(vec![0, 0, 1], vec![Role::Wanted, Role::Wanted], vec![true; 3]);
        tally.size(4, 40);
        take(&mut tally, 7, &[&[3], &[8], &[]]);
        take(&mut tally, 8, &[&[], &[], &[1, 5, 9]]);
        let scale = tally.scale(&stress(&[1.0, 2.0]), 1);
        let rarity = (1.0_f64 + 3.5 / 1.5).ln();
        assert_eq!(scale.telling[..2], [rarity, 2.0 * rarity]);
        assert_eq!(tally.score(&scale, 0, 10, &ALONE), rarity * 2.0 * 2.0 / (2.0 + 1.0));
        assert_eq!(
            tally.score(&scale, 1, 20, &ALONE),
            2.0 * rarity * 3.0 * 2.0 / (3.0 + 0.25 + 0.75 * 2.0)
        );
    }

    #[test]
    fn a_word_of_the_title_counts_in_the_passage_and_lengthens_it() {
        let mut tally = Tally::new(vec![0, 1], vec![Role::Wanted, Role::Wanted], vec![false; 3]);
        tally.size(4, 40);
        take(&mut tally, 1, &[&[0], &[]]);
        take(&mut tally, 2, &[&[], &[4]]);
        let scale = tally.scale(&stress(&[1.0, 1.0]), 2);
        let rarity = (1.0_f64 + 3.5 / 1.5).ln();
        let above = Above { title: tally.row_of(1), title_words: 2, heading: None };
        let k = 0.25 + 0.75 * 1.6;
        assert_eq!(
            tally.score(&scale, 1, 10, &above),
            rarity * 1.0 * 2.0 / (1.0 + k) + rarity * 3.0 * 2.0 / (3.0 + k)
        );
        let whole = 0.25 + 0.75 * 0.5;
        assert_eq!(tally.whole(&scale, 0..2, 10), WHOLE * 2.0 * (rarity * 2.0 / (1.0 + whole)));
    }

    #[test]
    fn neighbours_of_the_query_that_stand_together_add_to_the_score() {
        let mut tally = Tally::new(vec![0, 1], vec![Role::Wanted, Role::Wanted], vec![true; 3]);
        tally.size(9, 90);
        take(&mut tally, 1, &[&[5], &[1]]);
        take(&mut tally, 2, &[&[1], &[3]]);
        take(&mut tally, 3, &[&[1], &[9]]);
        assert_eq!(tally.found_in, [3, 3, 1, 0]);
        let scale = tally.scale(&stress(&[1.0, 1.0]), 1);
        let score = |row| tally.score(&scale, row, 10, &ALONE);
        assert!(score(1) > score(0) && score(0) == score(2));
    }

    #[test]
    fn passages_without_a_required_or_with_an_excluded_clause_are_no_hits_but_count() {
        let mut tally = Tally::new(
            vec![0, 1, 2],
            vec![Role::Required, Role::Excluded, Role::Wanted],
            vec![true; 3],
        );
        tally.size(3, 30);
        take(&mut tally, 1, &[&[1], &[], &[]]);
        take(&mut tally, 2, &[&[1], &[2], &[3]]);
        take(&mut tally, 3, &[&[], &[], &[1]]);
        let rows: Vec<_> = (0..tally.len()).filter_map(|row| tally.row(row)).collect();
        assert_eq!(rows, [(1, true), (2, false), (3, false)]);
        assert_eq!(&tally.found_in[..3], &[2, 1, 2][..]);
    }

    #[test]
    fn a_word_in_every_passage_never_counts_against_one() {
        let mut tally = Tally::new(vec![0], vec![Role::Wanted], vec![true; 3]);
        tally.size(1, 0);
        take(&mut tally, 1, &[&[1]]);
        assert!(tally.scale(&stress(&[1.0]), 1).telling[0] > 0.0);
    }
}

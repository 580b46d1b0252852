//! Which words of two texts are the same, in order.
//!
//! The longest common subsequence by bits (Hyyrö, "Bit-parallel LCS-length computation revisited",
//! 2004; the trace as in Crochemore et al., "A fast and practical bit-vector algorithm for the longest
//! common subsequence problem", 2001): passages first, then the words between equal passages, so that
//! two versions of a long text cost what they differ in. Stretches that are too long for it are cut where runs
//! of words stand once in both ([`super::anchors`]), then where they have runs of a few words in common;
//! what is too long still has nothing in common but single words, and is left unaligned.

use super::anchors::{anchors, in_runs};
use super::filter::{Filter, spread};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Most pairs of words, one of each text, among which the longest common subsequence is looked for: two
/// stretches of four thousand words.
const CELLS: usize = 1 << 24;
/// The same of words that stand in runs which both have: 32 MiB of bits.
const CELLS_OF_RUNS: usize = 1 << 28;

/// A stretch of both texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// In the left text.
    pub left: Range<usize>,
    /// In the right text.
    pub right: Range<usize>,
    /// Whether both are the same, element by element.
    pub equal: bool,
}

/// The two sequences as blocks, equal and not in turn, covering all of both.
pub fn align(left: &[u64], right: &[u64]) -> Vec<Block> {
    let mut aligned = Aligned::default();
    aligned.align((left, 0), (right, 0), By::Anchors);
    let mut blocks = Blocks::default();
    let (mut at, mut beside) = (0, 0);
    for (place, match_) in aligned.pairs {
        blocks.differ(place - at, match_ - beside);
        blocks.equal(1);
        (at, beside) = (place + 1, match_ + 1);
    }
    blocks.differ(left.len() - at, right.len() - beside);
    blocks.done
}

/// What long stretches are cut by.
#[derive(Clone, Copy)]
enum By {
    Anchors,
    Runs,
    Nothing,
}

/// Elements, and the place of the first of them.
type Stretch<'a> = (&'a [u64], usize);

/// Places of elements that are aligned, in order.
#[derive(Default)]
struct Aligned {
    pairs: Vec<(usize, usize)>,
}

impl Aligned {
    fn align(&mut self, (left, l_start): Stretch<'_>, (right, r_start): Stretch<'_>, by: By) {
        let ahead = left.iter().zip(right).take_while(|(a, b)| a == b).count();
        let (l, r) =
            (left.get(ahead..).unwrap_or_default(), right.get(ahead..).unwrap_or_default());
        let behind = l.iter().rev().zip(r.iter().rev()).take_while(|(a, b)| a == b).count();
        let l = l.get(..l.len() - behind).unwrap_or_default();
        let r = r.get(..r.len() - behind).unwrap_or_default();
        self.pairs.extend((0..ahead).map(|at| (l_start + at, r_start + at)));
        if !l.is_empty() && !r.is_empty() {
            self.between((l, l_start + ahead), (r, r_start + ahead), by);
        }
        let (l_end, r_end) = (l_start + ahead + l.len(), r_start + ahead + r.len());
        self.pairs.extend((0..behind).map(|at| (l_end + at, r_end + at)));
    }

    /// Aligns stretches that neither begin nor end alike.
    fn between(&mut self, (left, l_start): Stretch<'_>, (right, r_start): Stretch<'_>, by: By) {
        // What only one of the two has cannot be aligned; of two texts on different matters that is most.
        let (l, r) = (held_by(left, right), held_by(right, left));
        let cells = l.len().saturating_mul(r.len());
        if cells <= CELLS {
            let found = trace(&l, &r).into_iter();
            return self.pairs.extend(found.map(|(l, r)| (l_start + l, r_start + r)));
        }
        let (cuts, next) = match by {
            By::Anchors => (anchors(left, right), By::Runs),
            By::Runs => (by_runs(left, right), By::Nothing),
            By::Nothing => return,
        };
        let (mut l_at, mut r_at) = (0, 0);
        for (l, r) in cuts.into_iter().chain([(left.len(), right.len())]) {
            let gap =
                (left.get(l_at..l).unwrap_or_default(), right.get(r_at..r).unwrap_or_default());
            self.align((gap.0, l_start + l_at), (gap.1, r_start + r_at), next);
            if l < left.len() {
                self.pairs.push((l_start + l, r_start + r));
            }
            (l_at, r_at) = (l + 1, r + 1);
        }
    }
}

/// The elements that the other sequence has too, each with its place; and a few by chance.
fn held_by(elements: &[u64], others: &[u64]) -> Vec<(u64, u32)> {
    let filter = Filter::of(others.iter().map(|other| spread(*other)));
    let held = elements.iter().copied().zip(0..);
    held.filter(|(element, _)| filter.may_have(spread(*element))).collect()
}

/// Aligns what stands in runs that both sequences have.
fn by_runs(left: &[u64], right: &[u64]) -> Vec<(usize, usize)> {
    let [l, r] = in_runs(left, right);
    if l.len().saturating_mul(r.len()) > CELLS_OF_RUNS {
        return Vec::new();
    }
    trace(&l, &r)
}

/// Blocks as they grow.
#[derive(Default)]
struct Blocks {
    done: Vec<Block>,
}

impl Blocks {
    fn equal(&mut self, count: usize) {
        self.push(count, count, true);
    }

    fn differ(&mut self, left: usize, right: usize) {
        self.push(left, right, false);
    }

    fn push(&mut self, left: usize, right: usize, equal: bool) {
        if left + right == 0 {
            return;
        }
        if let Some(last) = self.done.last_mut().filter(|last| last.equal == equal) {
            last.left.end += left;
            last.right.end += right;
            return;
        }
        let (l, r) = self.done.last().map_or((0, 0), |last| (last.left.end, last.right.end));
        self.done.push(Block { left: l..l + left, right: r..r + right, equal });
    }
}

/// Aligns by the matrix of the bit-parallel algorithm, a row of bits (one for each left element) for
/// each right element.
fn trace(left: &[(u64, u32)], right: &[(u64, u32)]) -> Vec<(usize, usize)> {
    let width = left.len().div_ceil(64);
    let columns = Columns::of(left);
    let mut rows: Vec<u64> = Vec::with_capacity(width * right.len());
    for (element, _) in right {
        match rows.len().checked_sub(width) {
            Some(before) => rows.extend_from_within(before..),
            None => rows.resize(width, u64::MAX),
        }
        let row = rows.len() - width;
        step(rows.get_mut(row..).unwrap_or_default(), columns.of_element(*element));
    }
    let place = |(_, place): &(u64, u32)| *place as usize;
    walk_back(&rows, width, (left.len(), right.len()))
        .filter_map(|(column, row)| Some((place(left.get(column)?), place(right.get(row)?))))
        .collect()
}

/// Makes the row before one element into the row after it. Only where the element stands, and where a sum
/// carries over, does anything change.
fn step(row: &mut [u64], matches: &[(u32, u64)]) {
    let (mut carry, mut at) = (false, 0);
    for (place, matched) in matches {
        let place = *place as usize;
        carry = carry && carries(row.get_mut(at..place).unwrap_or_default());
        if let Some(state) = row.get_mut(place) {
            let hit = *state & matched;
            let (sum, over) = state.overflowing_add(hit);
            let (sum, again) = sum.overflowing_add(u64::from(carry));
            carry = over || again;
            *state = sum | (*state - hit);
        }
        at = place + 1;
    }
    if carry {
        carries(row.get_mut(at..).unwrap_or_default());
    }
}

/// Adds what is carried over to words in which the element does not stand, and says whether it goes on.
fn carries(words: &mut [u64]) -> bool {
    for state in words {
        let (sum, over) = state.overflowing_add(1);
        *state |= sum;
        if !over {
            return false;
        }
    }
    true
}

/// Where each element stands among the columns: words of 64 columns, and their bits.
struct Columns {
    places: Vec<(u32, u64)>,
    ranges: FxHashMap<u64, Range<u32>>,
}

impl Columns {
    fn of(left: &[(u64, u32)]) -> Self {
        let mut sorted: Vec<(u64, u32)> =
            left.iter().map(|(element, _)| *element).zip(0..).collect();
        sorted.sort_unstable();
        let mut columns = Self { places: Vec::new(), ranges: FxHashMap::default() };
        for same in sorted.chunk_by(|one, other| one.0 == other.0) {
            let start = columns.places.len() as u32;
            for word in same.chunk_by(|one, other| one.1 / 64 == other.1 / 64) {
                let bits = word.iter().fold(0, |bits, (_, column)| bits | 1 << (column % 64));
                columns.places.extend(word.first().map(|(_, column)| (column / 64, bits)));
            }
            let range = start..columns.places.len() as u32;
            columns.ranges.extend(same.first().map(|(element, _)| (*element, range)));
        }
        columns
    }

    fn of_element(&self, element: u64) -> &[(u32, u64)] {
        let range = self.ranges.get(&element).map(|range| range.start as usize..range.end as usize);
        range.and_then(|range| self.places.get(range)).unwrap_or_default()
    }
}

/// Reads the columns and rows that are aligned off the matrix, in their order.
fn walk_back(
    rows: &[u64],
    width: usize,
    (mut column, mut row): (usize, usize),
) -> impl Iterator<Item = (usize, usize)> {
    let is_set = |row: usize, column: usize| {
        let word = rows.get(row * width + column / 64).copied().unwrap_or(u64::MAX);
        word >> (column % 64) & 1 == 1
    };
    let mut aligned = Vec::new();
    while column > 0 && row > 0 {
        if is_set(row - 1, column - 1) {
            column -= 1;
            continue;
        }
        row -= 1;
        if row == 0 || is_set(row - 1, column - 1) {
            column -= 1;
            aligned.push((column, row));
        }
    }
    aligned.into_iter().rev()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Random(u64);

    impl Random {
        fn below(&mut self, below: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (self.0 >> 33) % below
        }
    }

    /// The blocks as text: equal stretches plain, others as {left|right}.
    fn shown(left: &str, right: &str) -> String {
        let ids = |text: &str| text.chars().map(|c| c as u64).collect::<Vec<_>>();
        let blocks = align(&ids(left), &ids(right));
        let part = |text: &str, range: Range<usize>| {
            text.chars().skip(range.start).take(range.len()).collect::<String>()
        };
        blocks
            .into_iter()
            .map(|block| match block.equal {
                true => part(left, block.left),
                false => format!("{{{}|{}}}", part(left, block.left), part(right, block.right)),
            })
            .collect()
    }

    #[test]
    fn equal_stretches_are_found_in_order() {
        assert_eq!(shown("abcdef", "abcdef"), "abcdef");
        assert_eq!(shown("abcdef", "abXdef"), "ab{c|X}def");
        assert_eq!(shown("abcdef", "bcdefg"), "{a|}bcdef{|g}");
        assert_eq!(shown("", "abc"), "{|abc}");
        assert_eq!(shown("abc", ""), "{abc|}");
        assert_eq!(shown("", ""), "");
        assert_eq!(shown("abc", "xyz"), "{abc|xyz}");
    }

    #[test]
    fn the_common_part_is_as_long_as_the_textbook_says() {
        // The dynamic programme of Wagner and Fischer, for comparison.
        let longest = |a: &[u64], b: &[u64]| {
            let mut row = vec![0usize; b.len() + 1];
            for x in a {
                let mut diagonal = 0;
                for (at, y) in b.iter().enumerate() {
                    let above = row[at + 1];
                    row[at + 1] = if x == y { diagonal + 1 } else { above.max(row[at]) };
                    diagonal = above;
                }
            }
            row[b.len()]
        };
        let mut random = Random(7);
        for round in 0..300 {
            let alphabet = 2 + round % 9;
            let mut make = |most: u64| {
                (0..random.below(most)).map(|_| random.below(alphabet)).collect::<Vec<u64>>()
            };
            let (a, b) = (make(300), make(200));
            let blocks = align(&a, &b);
            let mut ends = (0, 0);
            let mut common = 0;
            for block in &blocks {
                assert_eq!((block.left.start, block.right.start), ends);
                ends = (block.left.end, block.right.end);
                if block.equal {
                    assert_eq!(a[block.left.clone()], b[block.right.clone()]);
                    common += block.left.len();
                }
            }
            assert_eq!(ends, (a.len(), b.len()));
            assert_eq!(common, longest(&a, &b), "round {round}");
        }
    }

    #[test]
    fn of_a_long_text_all_that_was_not_edited_is_aligned() {
        let mut random = Random(11);
        let left: Vec<u64> = (0..30_000).map(|_| random.below(900)).collect();
        let mut right = left.clone();
        for _ in 0..300 {
            let at = random.below(right.len() as u64) as usize;
            right.splice(at..at, (0..random.below(40)).map(|at| 100_000 + at));
        }
        let blocks = align(&left, &right);
        let equal = blocks.iter().filter(|block| block.equal);
        assert_eq!(equal.map(|block| block.left.len()).sum::<usize>(), left.len());
    }

    #[test]
    fn runs_in_long_texts_on_other_matters_are_aligned() {
        let mut random = Random(5);
        let mut text = |from: u64| (0..4000).map(|_| from + random.below(300)).collect::<Vec<_>>();
        let (quoted, again) = (vec![1_000_001, 1_000_002, 1_000_003], vec![1_000_004; 4]);
        // Every word of either stands in both, and some runs by chance.
        let left = [text(0), quoted.clone(), text(0), again.clone(), text(0)].concat();
        let right = [text(0), quoted, text(0), again, text(0)].concat();
        let blocks = align(&left, &right);
        for run in [4000..4003, 8003..8007] {
            let aligned =
                blocks.iter().find(|block| block.equal && block.left.contains(&run.start));
            assert!(aligned.is_some_and(|block| block.left.end >= run.end), "{run:?}");
        }
    }

    #[test]
    fn stretches_too_large_to_trace_are_left_as_they_are() {
        let left: Vec<u64> = (0..20_000).collect();
        let right: Vec<u64> = (0..20_000).rev().collect();
        assert_eq!(
            align(&left, &right),
            [Block { left: 0..20_000, right: 0..20_000, equal: false }]
        );
    }
}

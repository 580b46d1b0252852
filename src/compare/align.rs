//! Which words of two texts are the same, in order.
//!
//! The longest common subsequence by bits (Hyyrö, "Bit-parallel LCS-length computation revisited",
//! 2004; the trace as in Crochemore et al., "A fast and practical bit-vector algorithm for the longest
//! common subsequence problem", 2001): passages first, then the words between equal passages, so that
//! two versions of a long text cost what they differ in. Memory is bounded: stretches too large for it
//! are left unaligned here and compared by their runs elsewhere.

use std::ops::Range;

/// Most bits of a trace: 32 MiB.
const TRACE: usize = 1 << 28;

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
    let ahead = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (l, r) = (left.get(ahead..).unwrap_or_default(), right.get(ahead..).unwrap_or_default());
    let behind = l.iter().rev().zip(r.iter().rev()).take_while(|(a, b)| a == b).count();
    let l = l.get(..l.len() - behind).unwrap_or_default();
    let r = r.get(..r.len() - behind).unwrap_or_default();
    let mut blocks = Blocks::default();
    blocks.equal(ahead);
    match (l.is_empty() || r.is_empty(), l.len().saturating_mul(r.len()) > TRACE) {
        (true, _) | (_, true) => blocks.differ(l.len(), r.len()),
        _ => trace(l, r, &mut blocks),
    }
    blocks.equal(behind);
    blocks.done
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
fn trace(left: &[u64], right: &[u64], blocks: &mut Blocks) {
    let width = left.len().div_ceil(64);
    // Places by element: one sorted list is faster than many small ones.
    let mut places: Vec<(u64, u32)> = left.iter().copied().zip(0..).collect();
    places.sort_unstable();
    let mut rows = vec![u64::MAX; width * right.len()];
    let mut row = vec![u64::MAX; width];
    let mut matches = vec![0u64; width];
    for (element, kept) in right.iter().zip(rows.chunks_exact_mut(width)) {
        let start = places.partition_point(|(other, _)| other < element);
        let after = places.get(start..).unwrap_or_default();
        let count = after.iter().take_while(|(other, _)| other == element).count();
        let found = after.get(..count).unwrap_or_default();
        if !found.is_empty() {
            set(&mut matches, found, true);
            let mut carry = false;
            for (state, matched) in row.iter_mut().zip(&matches) {
                let hit = *state & matched;
                let (sum, over) = state.overflowing_add(hit);
                let (sum, again) = sum.overflowing_add(u64::from(carry));
                carry = over || again;
                *state = sum | (*state - hit);
            }
            set(&mut matches, found, false);
        }
        kept.copy_from_slice(&row);
    }
    walk_back(&rows, width, left.len(), right.len(), blocks);
}

fn set(bits: &mut [u64], places: &[(u64, u32)], value: bool) {
    for (_, place) in places {
        if let Some(word) = bits.get_mut(*place as usize / 64) {
            let bit = 1u64 << (place % 64);
            *word = if value { *word | bit } else { *word & !bit };
        }
    }
}

/// Reads the alignment off the matrix, from its end to its start.
fn walk_back(rows: &[u64], width: usize, left: usize, right: usize, blocks: &mut Blocks) {
    let is_set = |row: usize, column: usize| {
        let word = rows.get(row * width + column / 64).copied().unwrap_or(u64::MAX);
        word >> (column % 64) & 1 == 1
    };
    let (mut column, mut row) = (left, right);
    // Steps from the end, as (left, right) counts.
    let mut steps: Vec<(usize, usize)> = Vec::with_capacity(left + right);
    while column > 0 && row > 0 {
        if is_set(row - 1, column - 1) {
            column -= 1;
            steps.push((1, 0));
        } else {
            row -= 1;
            if row > 0 && !is_set(row - 1, column - 1) {
                steps.push((0, 1));
            } else {
                column -= 1;
                steps.push((1, 1));
            }
        }
    }
    blocks.differ(column, row);
    for (l, r) in steps.into_iter().rev() {
        if l == r { blocks.equal(1) } else { blocks.differ(l, r) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let mut state = 7u64;
        let mut next = move |below: u64| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) % below
        };
        for round in 0..300 {
            let alphabet = 2 + round % 9;
            let mut make =
                |most: u64| (0..next(most)).map(|_| next(alphabet)).collect::<Vec<u64>>();
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
    fn stretches_too_large_to_trace_are_left_as_they_are() {
        let left: Vec<u64> = (0..20_000).collect();
        let right: Vec<u64> = (0..20_000).rev().collect();
        assert_eq!(
            align(&left, &right),
            [Block { left: 0..20_000, right: 0..20_000, equal: false }]
        );
    }
}

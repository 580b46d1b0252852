//! Runs of elements that two long sequences have in common: where to cut them, so that what lies between can
//! be aligned element by element.
//!
//! A run that stands once in both belongs together wherever it stands (Bram Cohen's patience diff, there for
//! single lines).

use super::filter::Filter;
use super::words::runs;
use rustc_hash::{FxHashMap, FxHashSet};

/// Elements in a run that cuts.
const ANCHOR: usize = 8;
/// Elements in a run that two texts on different matters have in common and that may not be chance.
const RUN: usize = 3;

/// Places of elements of runs that stand once in both sequences, in order in both: the longest such series
/// (Fredman, "On computing the length of longest increasing subsequences", 1975).
pub(super) fn anchors(left: &[u64], right: &[u64]) -> Vec<(usize, usize)> {
    let (ours, theirs): (Vec<u64>, Vec<u64>) =
        (runs(left, ANCHOR).collect(), runs(right, ANCHOR).collect());
    let (has_left, has_right) =
        (Filter::of(ours.iter().copied()), Filter::of(theirs.iter().copied()));
    let (ours, theirs) = (once(&ours, &has_right), once(&theirs, &has_left));
    let mut both: Vec<(usize, usize)> = ours
        .iter()
        .filter_map(|(run, l)| Some(((*l)? as usize, (*theirs.get(run)?)? as usize)))
        .filter(|(l, r)| left.get(*l..l + ANCHOR) == right.get(*r..r + ANCHOR))
        .collect();
    both.sort_unstable();
    let mut cuts = Vec::with_capacity(both.len());
    let (mut l_next, mut r_next) = (0, 0);
    for (l, r) in increasing(&both) {
        for (l, r) in (l..l + ANCHOR).zip(r..r + ANCHOR) {
            if l >= l_next && r >= r_next {
                cuts.push((l, r));
                (l_next, r_next) = (l + 1, r + 1);
            }
        }
    }
    cuts
}

/// The elements that stand in short runs which both sequences have, each with its place: those of the left,
/// and those of the right.
pub(super) fn in_runs(left: &[u64], right: &[u64]) -> [Vec<(u64, u32)>; 2] {
    let (ours, theirs): (Vec<u64>, Vec<u64>) =
        (runs(left, RUN).collect(), runs(right, RUN).collect());
    let filter = Filter::of(ours.iter().copied());
    let theirs_too: FxHashSet<u64> =
        theirs.iter().copied().filter(|run| filter.may_have(*run)).collect();
    let both: FxHashSet<u64> =
        ours.iter().copied().filter(|run| theirs_too.contains(run)).collect();
    [(left, ours), (right, theirs)].map(|(elements, runs)| {
        let mut held = Vec::new();
        let mut end = 0;
        for (at, _) in runs.iter().enumerate().filter(|(_, run)| both.contains(run)) {
            let run = elements.get(end.max(at)..at + RUN).unwrap_or_default();
            held.extend(run.iter().copied().zip(end.max(at) as u32..));
            end = at + RUN;
        }
        held
    })
}

/// Where runs that the other sequence may have stand, if they stand once.
fn once(runs: &[u64], others: &Filter) -> FxHashMap<u64, Option<u32>> {
    let mut places = FxHashMap::default();
    for (run, at) in runs.iter().zip(0u32..).filter(|(run, _)| others.may_have(**run)) {
        places.entry(*run).and_modify(|place| *place = None).or_insert(Some(at));
    }
    places
}

/// Of pairs in the order of their first places the longest series in the order of their second places.
fn increasing(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length the pair that ends such a series first, and for each pair the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |at: &usize| pairs.get(*at).map(|(_, second)| *second);
    for at in 0..pairs.len() {
        let length = ends.partition_point(|end| second(end) < second(&at));
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut series = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        series.extend(pairs.get(at));
        next = before.get(at).copied().flatten();
    }
    series.reverse();
    series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_series_in_the_order_of_both_is_taken() {
        let pairs = [(0, 5), (1, 1), (2, 2), (3, 9), (4, 3), (5, 7), (6, 4)];
        assert_eq!(increasing(&pairs), [(1, 1), (2, 2), (4, 3), (6, 4)]);
        assert_eq!(increasing(&[]), []);
    }

    #[test]
    fn runs_that_stand_once_in_both_cut_and_repeated_ones_do_not() {
        let run: Vec<u64> = (1..=8).collect();
        let other: Vec<u64> = (11..=18).collect();
        let left = [&run[..], &[50; 3], &other, &other].concat();
        let right = [&[60; 2][..], &run, &other].concat();
        let pairs: Vec<(usize, usize)> = (0..8).map(|at| (at, at + 2)).collect();
        assert_eq!(anchors(&left, &right), pairs);
    }

    #[test]
    fn what_stands_in_no_common_run_is_left_out() {
        let held = |left: &[u64], right: &[u64]| {
            in_runs(left, right)
                .map(|held| held.into_iter().map(|(element, _)| element).collect::<Vec<u64>>())
        };
        let none: [Vec<u64>; 2] = [vec![], vec![]];
        let both = [vec![1, 2, 3, 3, 4, 5], vec![3, 4, 5, 1, 2, 3]];
        assert_eq!(held(&[1, 2, 3, 9, 2, 3, 4, 5], &[7, 3, 4, 5, 1, 2, 3]), both);
        assert_eq!(held(&[1, 2], &[1, 2]), none);
    }
}

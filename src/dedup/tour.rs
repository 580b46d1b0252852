//! In which order to compare pairs, so that what was read for one is still at hand for the next.
//!
//! Results do not depend on it, only how often a document is read.

use std::collections::{BTreeSet, HashMap, VecDeque};

/// The pairs, neighbours of neighbours next to each other: breadth first over the graph of pairs.
pub(super) fn tour(pairs: &BTreeSet<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut beside: HashMap<usize, Vec<usize>> = HashMap::new();
    for (one, other) in pairs {
        beside.entry(*one).or_default().push(*other);
        beside.entry(*other).or_default().push(*one);
    }
    let mut places: HashMap<usize, usize> = HashMap::with_capacity(beside.len());
    let mut next = VecDeque::new();
    for (start, _) in pairs {
        next.push_back(*start);
        while let Some(text) = next.pop_front() {
            let place = places.len();
            if *places.entry(text).or_insert(place) == place {
                next.extend(beside.get(&text).into_iter().flatten());
            }
        }
    }
    let place = |text: usize| places.get(&text).copied().unwrap_or_default();
    let mut order: Vec<(usize, usize)> = pairs.iter().copied().collect();
    order.sort_by_key(|(one, other)| {
        let (one, other) = (place(*one), place(*other));
        (one.max(other), one.min(other))
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_one_family_follow_each_other() {
        let pairs = BTreeSet::from([(0, 8), (1, 7), (2, 9), (7, 9), (3, 8)]);
        assert_eq!(tour(&pairs), [(0, 8), (3, 8), (1, 7), (7, 9), (2, 9)]);
    }

    #[test]
    fn every_pair_is_there_once() {
        let pairs: BTreeSet<(usize, usize)> =
            (0..50).flat_map(|one| [(one, one * 7 % 61 + 60), (one, one * 3 % 59 + 60)]).collect();
        assert_eq!(tour(&pairs).into_iter().collect::<BTreeSet<_>>(), pairs);
    }
}

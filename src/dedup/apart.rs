//! Two pages of one form, each with versions of its own, that pass for versions of each other.
//!
//! A text that changes does so step by step: between two of its versions that differ much stand others, or
//! at least one of the two stands alone. Where each has a version many times as close, they are two texts,
//! such as the pages on one menu in the manuals of two programs, both there in two spellings.

use super::texts::Texts;
use crate::compare::{LAST, LOOSE};
use crate::model::RelationKind::Excerpt;
use crate::store::{Comparison, Told};
use std::collections::{BTreeSet, HashMap};

/// The rule that says so.
pub(super) const RULE: &str = "each has a far closer version";
/// How many times as close.
const TIMES: f64 = 8.0;
/// And the most that may differ from it.
const CLOSE: f64 = 0.07;
/// What differs less is a version however close others are, if it does not begin otherwise: by these shares.
const MUCH: f64 = 0.45;
const OTHERWISE: f64 = 0.5;

/// For each document the two that are closest to it among those it tells one story with, the closest first.
pub(super) struct Closest {
    two: HashMap<i64, Vec<(f64, i64)>>,
    /// Those of whose text there are several documents.
    copied: BTreeSet<i64>,
}

impl Closest {
    /// For the documents of these texts, of which no two have been compared.
    pub(super) fn among(texts: &Texts<'_>) -> Self {
        let copied = texts.members.iter().filter(|members| members.len() > 1);
        let copied = copied.filter_map(|members| Some(members.first()?.id)).collect();
        Self { two: HashMap::new(), copied }
    }

    /// Goes by these comparisons from now on, and by what else was told of documents before.
    pub(super) fn learn<'a>(&mut self, now: impl Iterator<Item = &'a Comparison>, before: &[Told]) {
        self.two.clear();
        for comparison in now.filter(|one| one.kind.is_one_story()) {
            self.meet(comparison.left, (comparison.difference(), comparison.right));
            self.meet(comparison.right, (comparison.difference(), comparison.left));
        }
        for told in before {
            self.meet(told.document, (told.difference, told.other));
        }
    }

    fn meet(&mut self, document: i64, other: (f64, i64)) {
        let two = self.two.entry(document).or_default();
        if two.iter().all(|(_, known)| *known != other.1) {
            two.push(other);
            two.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            two.truncate(2);
        }
    }

    /// Whether two documents that were taken for versions of each other are none.
    pub(super) fn are_apart(&self, comparison: &Comparison) -> bool {
        let bound = (comparison.difference() / TIMES).min(CLOSE);
        let rule = comparison.rule.as_str();
        let has_closer = |document, other| {
            let two = self.two.get(&document).into_iter().flatten();
            two.filter(|(_, one)| *one != other).any(|(difference, _)| *difference <= bound)
                || rule == LAST && self.copied.contains(&document)
        };
        let is_loose = LOOSE.contains(&rule)
            && (comparison.difference() > MUCH || comparison.opening > OTHERWISE);
        (is_loose || rule == LAST)
            && has_closer(comparison.left, comparison.right)
            && has_closer(comparison.right, comparison.left)
    }

    /// What they are to each other then.
    pub(super) fn put_apart(&self, comparison: &mut Comparison) {
        if self.are_apart(comparison) {
            comparison.kind = Excerpt;
            RULE.clone_into(&mut comparison.rule);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::near::tests::comparison as half_alike;
    use super::*;
    use crate::model::RelationKind::Version;

    fn comparison(left: i64, right: i64, rule: &str, differs: f64) -> Comparison {
        let (left_differs, right_differs) = (differs, differs);
        let rule = rule.to_owned();
        Comparison { left, right, kind: Version, rule, left_differs, right_differs, ..half_alike() }
    }

    fn closest(now: &[Comparison], before: &[Told]) -> Closest {
        let mut closest = Closest { two: HashMap::new(), copied: BTreeSet::new() };
        closest.learn(now.iter(), before);
        closest
    }

    #[test]
    fn two_pages_with_versions_of_their_own_are_apart_and_one_that_stands_alone_is_not() {
        let spellings = [comparison(1, 2, "hardly", 0.01), comparison(3, 4, "hardly", 0.02)];
        let pages = comparison(1, 3, LOOSE[0], 0.5);
        let apart = |known: &[Comparison]| closest(known, &[]).are_apart(&pages);
        assert!(apart(&spellings));
        assert!(!apart(&spellings[..1]));
        assert!(!apart(&[]));
    }

    #[test]
    fn what_was_told_before_counts_like_what_is_compared_now() {
        let pages = comparison(1, 3, LOOSE[1], 0.5);
        let told = |document, other| Told { document, other, difference: 0.01 };
        assert!(closest(&[], &[told(1, 2), told(3, 4)]).are_apart(&pages));
        assert!(!closest(&[], &[told(1, 2)]).are_apart(&pages));
    }

    #[test]
    fn versions_step_by_step_and_by_other_rules_stay_together() {
        let steps = [comparison(1, 2, "hardly", 0.07), comparison(3, 4, "hardly", 0.07)];
        let closest = closest(&steps, &[]);
        assert!(!closest.are_apart(&comparison(1, 3, LOOSE[0], 0.5)));
        let mut contained = comparison(1, 3, "one has all that the other has", 0.9);
        closest.put_apart(&mut contained);
        assert_eq!(contained.kind, Version);
    }

    #[test]
    fn what_begins_alike_and_has_more_than_half_in_common_stays_together() {
        let spellings = [comparison(1, 2, "hardly", 0.0), comparison(3, 4, "hardly", 0.0)];
        let closest = closest(&spellings, &[]);
        let mut pages = comparison(1, 3, LOOSE[0], 0.4);
        assert!(!closest.are_apart(&pages));
        pages.opening = 0.6;
        assert!(closest.are_apart(&pages));
    }

    #[test]
    fn copies_word_for_word_count_where_no_other_rule_holds() {
        for (rule, are_apart) in [(LAST, true), (LOOSE[0], false)] {
            let pages = comparison(1, 3, rule, 0.5);
            let apart = |copied| Closest { copied, ..closest(&[], &[]) }.are_apart(&pages);
            assert_eq!(apart(BTreeSet::from([1, 3])), are_apart, "{rule}");
            assert!(!apart(BTreeSet::from([1])), "{rule}");
        }
    }

    #[test]
    fn the_pair_itself_is_not_its_own_closer_version() {
        let mut pages = comparison(1, 3, LOOSE[0], 0.5);
        let close = comparison(1, 3, "hardly", 0.01);
        assert!(!closest(&[close], &[]).are_apart(&pages));
        let spellings = [comparison(1, 2, "hardly", 0.01), comparison(3, 4, "hardly", 0.02)];
        closest(&spellings, &[]).put_apart(&mut pages);
        assert_eq!((pages.kind, pages.rule.as_str()), (Excerpt, RULE));
    }
}

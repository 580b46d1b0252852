//! What became of the paragraphs of a text that was read again: which of the new ones stand where an old
//! one stood.
//!
//! It only pairs what stands in the same order; a paragraph that was moved away has no successor here.
//! Nothing is guessed from likeness of topic: a pair shares words, or the place between pairs that do.

use super::align::{Block, align};
use super::words::Reading;
use crate::text::normalize::fold_tight;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

/// How it is known that a paragraph became another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// They share at least half of the shorter one's words.
    Words,
    /// They share none to speak of, but each stands alone at the same place.
    Place,
}

impl By {
    /// The word stored in the archive.
    pub const fn as_str(self) -> &'static str {
        match self {
            By::Words => "words",
            By::Place => "place",
        }
    }
}

/// For each old paragraph the new ones that it became, by their places in `new`, in order.
pub fn succession(old: &[&str], new: &[&str]) -> Vec<Vec<(usize, By)>> {
    let mut became: Vec<Vec<(usize, By)>> = vec![Vec::new(); old.len()];
    // Equal paragraphs first, so that the words of a whole book are never aligned at once.
    for block in align(&folded(old), &folded(new)) {
        let pairs = if block.equal { by_equality(&block) } else { by_words(old, new, &block) };
        for (from, to, by) in pairs {
            became.get_mut(from).into_iter().for_each(|became| became.push((to, by)));
        }
    }
    became
}

type Pair = (usize, usize, By);

fn folded(texts: &[&str]) -> Vec<u64> {
    let number = |text: &&str| {
        let mut hasher = DefaultHasher::new();
        fold_tight(text).hash(&mut hasher);
        hasher.finish()
    };
    texts.iter().map(number).collect()
}

fn by_equality(block: &Block) -> Vec<Pair> {
    block.left.clone().zip(block.right.clone()).map(|(from, to)| (from, to, By::Words)).collect()
}

/// Pairs paragraphs of a stretch that differs by the words they share, then those between by their place.
fn by_words(old: &[&str], new: &[&str], block: &Block) -> Vec<Pair> {
    let left = read(old, &block.left);
    let right = read(new, &block.right);
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for equal in align(left.ids(), right.ids()).iter().filter(|words| words.equal) {
        for (l, r) in equal.left.clone().zip(equal.right.clone()) {
            if let (Some(from), Some(to)) = (left.passage_of(l), right.passage_of(r)) {
                *shared.entry((from.id as usize, to.id as usize)).or_default() += 1;
            }
        }
    }
    let words = |reading: &Reading| -> BTreeMap<usize, usize> {
        reading.passages.iter().map(|passage| (passage.id as usize, passage.words.len())).collect()
    };
    let (left, right) = (words(&left), words(&right));
    let is_pair = |&(&(from, to), &count): &(&(usize, usize), &usize)| {
        let shorter = left.get(&from).min(right.get(&to)).copied().unwrap_or(0);
        count * 2 >= shorter
    };
    let mut pairs: Vec<Pair> =
        shared.iter().filter(is_pair).map(|(&(from, to), _)| (from, to, By::Words)).collect();
    let between = by_place(block, &pairs);
    pairs.extend(between);
    pairs.sort_unstable();
    pairs
}

fn read(texts: &[&str], range: &Range<usize>) -> Reading {
    let texts = texts.get(range.clone()).unwrap_or_default();
    Reading::of(range.clone().zip(texts).map(|(at, text)| (at as i64, at as i64, *text)))
}

/// Pairs what lies between two pairs, where it is as many paragraphs on both sides.
fn by_place(block: &Block, pairs: &[Pair]) -> Vec<Pair> {
    let mut found = Vec::new();
    let (mut from, mut to) = (block.left.start, block.right.start);
    let ends = pairs.iter().map(|&(l, r, _)| (l, r)).chain([(block.left.end, block.right.end)]);
    for (l, r) in ends {
        // Several pairs may have a side in common; then nothing lies between.
        if l > from && r > to && l - from == r - to {
            found.extend((from..l).zip(to..r).map(|(l, r)| (l, r, By::Place)));
        }
        (from, to) = (from.max(l + 1), to.max(r + 1));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &[&str], new: &[&str]) -> Vec<String> {
        let show = |pairs: &Vec<(usize, By)>| {
            let pairs = pairs.iter().map(|(to, by)| format!("{} {}", new[*to], by.as_str()));
            pairs.collect::<Vec<_>>().join(", ")
        };
        succession(old, new).iter().map(show).collect()
    }

    #[test]
    fn equal_and_corrected_paragraphs_are_paired_by_their_words() {
        assert_eq!(
            shown(
                &["The ferry", "It sai1s at noon today", "and five", "gone with the tide"],
                &["The Ferry", "new and unheard of things", "It sails at noon today", "and five"],
            ),
            ["The Ferry words", "It sails at noon today words", "and five words", ""]
        );
    }

    #[test]
    fn one_may_become_several_and_several_one() {
        assert_eq!(
            shown(&["a b c d e f", "g h", "i j"], &["a b c", "d e f", "g h i j"]),
            ["a b c words, d e f words", "g h i j words", "g h i j words"]
        );
    }

    #[test]
    fn what_shares_no_words_is_paired_by_its_place_if_that_is_certain() {
        let old = ["ÇÅ", "ÔÚ Îå", "The end"];
        assert_eq!(
            shown(&old, &["桥", "在五", "The end"]),
            ["桥 place", "在五 place", "The end words"]
        );
        assert_eq!(shown(&old, &["桥", "在", "五", "The end"]), ["", "", "The end words"]);
        assert_eq!(shown(&old, &[]), ["", "", ""]);
    }

    #[test]
    fn chinese_is_paired_by_its_characters() {
        assert_eq!(
            shown(&["桥在五点关闭。", "货物误船。"], &["桥在六点关闭。", "货物常常误船。"]),
            ["桥在六点关闭。 words", "货物常常误船。 words"]
        );
    }

    #[test]
    fn a_book_that_differs_everywhere_takes_no_more_than_its_words() {
        let old: Vec<String> = (0..30_000).map(|at| format!("para {at} has wor{at} ds")).collect();
        let new: Vec<String> = (0..30_000).map(|at| format!("para {at} has wor{at} dz")).collect();
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        let became = succession(&old, &new);
        assert!((0..30_000).all(|at| became[at].iter().any(|(to, _)| *to == at)));
    }
}

//! Which pairs are worth measuring once stories are known: what a document has in common with a story it has
//! in common with each that tells it, but how much of it only their texts say.

use super::comparing::in_order;
use super::texts::Texts;
use crate::store::Comparison;
use std::collections::{BTreeSet, HashMap};

/// Of a story so many texts are measured against others: a page of a thousand versions stays one.
const MEMBERS: usize = 4;

/// Pairs of texts of related stories, and of one story that few tell. `stories` has for each text the text
/// that stands for its story; `known` are pairs of documents that were found related before.
pub(super) fn kin(
    texts: &Texts<'_>,
    stories: &[usize],
    now: &HashMap<(i64, i64), Comparison>,
    known: &[(i64, i64)],
) -> BTreeSet<(usize, usize)> {
    let mut tellers: HashMap<usize, Vec<usize>> = HashMap::new();
    for (text, story) in stories.iter().enumerate() {
        tellers.entry(*story).or_default().push(text);
    }
    let mut pairs = BTreeSet::new();
    for few in tellers.values_mut().filter(|few| few.len() > 1) {
        if few.len() <= MEMBERS {
            between(few, few, &mut pairs);
        }
        few.truncate(MEMBERS);
    }
    let places = texts.by_document();
    let story = |document| stories.get(*places.get(&document)?).copied();
    let now = now.values().filter(|comparison| comparison.kind.is_related());
    let now = now.map(|comparison| (comparison.left, comparison.right));
    for (left, right) in now.chain(known.iter().copied()) {
        let (Some(one), Some(other)) = (story(left), story(right)) else { continue };
        if one != other
            && let (Some(one), Some(other)) = (tellers.get(&one), tellers.get(&other))
        {
            between(one, other, &mut pairs);
        }
    }
    pairs
}

fn between(some: &[usize], others: &[usize], pairs: &mut BTreeSet<(usize, usize)>) {
    for one in some {
        let apart = others.iter().filter(|other| *other != one);
        pairs.extend(apart.map(|other| in_order(*one, *other)));
    }
}

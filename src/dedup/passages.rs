//! What passages that stand in several texts say: which texts to compare, and which are of one title.

use super::texts::Texts;
use crate::store::Archive;
use anyhow::Result;
use std::collections::{BTreeMap, HashMap};

/// Letters that two documents must share in passages which few others have to be candidates.
const LETTERS: i64 = 60;
/// Letters of a passage, divided by the other groups that have it, below which it counts for nothing.
const WORTH: i64 = 12;
/// A passage that stands in more groups than this proposes no pair, and is no title but a masthead.
const COMMON: usize = 32;

/// The passage that a text begins with, where a few others begin with it too.
pub(super) type Title = i64;

/// What shared passages say.
pub(super) struct Shared {
    /// Pairs of texts that share passages which few groups have, the first in order first.
    pub(super) pairs: Vec<(usize, usize)>,
    /// The titles of texts that lead groups.
    pub(super) titles: HashMap<usize, Title>,
}

impl Shared {
    /// Reads the passages of all texts once.
    pub(super) fn among(archive: &Archive, texts: &Texts<'_>) -> Result<Self> {
        let places = texts.by_document();
        let mut openings: HashMap<usize, Title> = HashMap::new();
        archive.openings(&mut |document, passage| {
            if let Some(text) = places.get(&document).filter(|text| texts.leader(**text) == **text)
            {
                openings.entry(*text).or_insert(passage);
            }
        })?;
        let mut titles = HashMap::new();
        let mut letters: HashMap<(u32, u32), i64> = HashMap::new();
        let mut failure = None;
        archive.shared_passages(&mut |passage, documents| {
            let groups = groups(texts, documents.iter().filter_map(|one| places.get(one)).copied());
            if !(2..=COMMON).contains(&groups.len()) {
                return;
            }
            let begun = groups.keys().filter(|leader| openings.get(leader) == Some(&passage));
            titles.extend(begun.map(|leader| (*leader, passage)));
            let length = archive.passage_length(passage).unwrap_or_else(|error| {
                failure.get_or_insert(error);
                0
            });
            let worth = length / (groups.len() as i64 - 1);
            if worth >= WORTH {
                add(&mut letters, groups.into_values().collect(), worth);
            }
        })?;
        if let Some(error) = failure {
            return Err(error);
        }
        let enough = letters.into_iter().filter(|(_, worth)| *worth >= LETTERS);
        let pairs = enough.map(|((one, other), _)| (one as usize, other as usize)).collect();
        Ok(Self { pairs, titles })
    }
}

/// The first of these texts in each group, by the leader of the group.
fn groups(texts: &Texts<'_>, some: impl Iterator<Item = usize>) -> BTreeMap<usize, usize> {
    let mut groups: BTreeMap<usize, usize> = BTreeMap::new();
    for text in some {
        let first = groups.entry(texts.leader(text)).or_insert(text);
        *first = (*first).min(text);
    }
    groups
}

/// Adds to the letters that each two of the texts share.
fn add(letters: &mut HashMap<(u32, u32), i64>, mut texts: Vec<usize>, worth: i64) {
    texts.sort_unstable();
    for (at, one) in texts.iter().enumerate() {
        for other in texts.iter().skip(at + 1) {
            *letters.entry((*one as u32, *other as u32)).or_default() += worth;
        }
    }
}

//! What passages that stand in several texts say: which texts to compare, and which are of one title.

use super::recurring::STORIES;
use super::texts::Texts;
use crate::store::Archive;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet, HashMap};

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
    /// Passages that stand in so many groups that they may be boilerplate.
    pub(super) recurring: Vec<i64>,
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
        let (mut titles, mut recurring) = (HashMap::new(), Vec::new());
        let mut letters = Letters::default();
        let mut failure = None;
        archive.shared_passages(&mut |passage, documents| {
            let groups = groups(texts, documents.iter().filter_map(|one| places.get(one)).copied());
            if groups.len() >= STORIES {
                recurring.push(passage);
            }
            if !(2..=COMMON).contains(&groups.len()) {
                return;
            }
            let begun = groups.keys().filter(|leader| openings.get(leader) == Some(&passage));
            titles.extend(begun.map(|leader| (*leader, passage)));
            let length = archive.passage_length(passage).unwrap_or_else(|error| {
                failure.get_or_insert(error);
                0
            });
            letters.add(groups.into_values().collect(), length);
        })?;
        failure.map_or_else(|| Ok(Self { pairs: letters.enough(), titles, recurring }), Err)
    }

    /// Reads the passages of some texts, in an archive that holds more: those of the added ones, and what
    /// the others begin with. Stories stand for groups.
    pub(super) fn around(
        archive: &Archive,
        texts: &Texts<'_>,
        is_added: &dyn Fn(usize) -> bool,
    ) -> Result<Self> {
        let places = texts.by_document();
        let mut letters = Letters::default();
        let mut openings: BTreeMap<Title, Vec<usize>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (text, first) in texts
            .members
            .iter()
            .enumerate()
            .filter_map(|(text, twins)| Some((text, twins.first()?)))
        {
            if texts.leader(text) == text
                && let Some(opening) = archive.opening(first.id)?
            {
                openings.entry(opening).or_default().push(text);
            }
            if !is_added(text) {
                continue;
            }
            for (passage, tellers) in told_by_few(archive, first.id, &mut seen)? {
                let tellers = tellers.iter().filter_map(|one| places.get(one)).copied();
                letters.add(tellers.collect(), archive.passage_length(passage)?);
            }
        }
        let mut titles = HashMap::new();
        for (opening, begun) in openings.into_iter().filter(|(_, begun)| begun.len() > 1) {
            if archive.tellers(opening, COMMON + 1)?.len() <= COMMON {
                titles.extend(begun.into_iter().map(|text| (text, opening)));
            }
        }
        Ok(Self { pairs: letters.enough(), titles, recurring: Vec::new() })
    }
}

/// The documents that share a passage which few stories tell with any of these.
pub(super) fn sharing(archive: &Archive, documents: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for document in documents {
        for (_, tellers) in told_by_few(archive, *document, &mut seen)? {
            found.extend(tellers);
        }
    }
    Ok(found)
}

/// The passages of a document, those already seen aside, that a few stories tell and not one alone: each with
/// a document of each story.
fn told_by_few(
    archive: &Archive,
    document: i64,
    seen: &mut BTreeSet<i64>,
) -> Result<Vec<(i64, BTreeSet<i64>)>> {
    let mut told = Vec::new();
    for passage in archive.own_passages(document)?.into_iter().filter(|one| seen.insert(*one)) {
        let tellers = archive.tellers(passage, COMMON + 1)?;
        if (2..=COMMON).contains(&tellers.len()) {
            told.push((passage, tellers));
        }
    }
    Ok(told)
}

/// How many letters each two texts share in passages which few have.
#[derive(Default)]
struct Letters(HashMap<(u32, u32), i64>);

impl Letters {
    /// These texts share a passage of so many letters.
    fn add(&mut self, mut texts: Vec<usize>, length: i64) {
        let worth = length / (texts.len() as i64 - 1).max(1);
        if worth < WORTH {
            return;
        }
        texts.sort_unstable();
        for (at, one) in texts.iter().enumerate() {
            for other in texts.iter().skip(at + 1) {
                *self.0.entry((*one as u32, *other as u32)).or_default() += worth;
            }
        }
    }

    /// Those that share enough to be compared.
    fn enough(self) -> Vec<(usize, usize)> {
        let enough = self.0.into_iter().filter(|(_, worth)| *worth >= LETTERS);
        enough.map(|((one, other), _)| (one as usize, other as usize)).collect()
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

//! Compares the texts of an archive in pairs, each pair once.

use super::candidates::{Proposal, propose};
use super::passages::{Shared, Title};
use super::texts::Texts;
use super::workshop::Workshop;
use crate::compare::RECIPE;
use crate::fingerprint::Sketch;
use crate::model::RelationKind;
use crate::store::{Archive, Comparison};
use anyhow::Result;
use std::collections::{BTreeSet, HashMap};

/// Most documents whose words weigh those of one.
const FAMILY: usize = 12;

/// Compares texts, once each pair.
pub(super) struct Comparing<'a> {
    texts: &'a Texts<'a>,
    workshop: Workshop<'a>,
    before: &'a HashMap<(i64, i64), Comparison>,
    /// What was compared, by documents.
    pub(super) now: HashMap<(i64, i64), Comparison>,
    /// For each leader what its words are weighed by.
    basis: HashMap<usize, u64>,
    /// Pairs of texts to compare, the first of a pair the first in order.
    pub(super) pairs: BTreeSet<(usize, usize)>,
    /// The same by their second text.
    earlier: HashMap<usize, Vec<usize>>,
    /// What people decided about pairs of texts.
    verdicts: HashMap<(usize, usize), RelationKind>,
    /// How many pairs were measured anew.
    pub(super) measured: usize,
}

impl<'a> Comparing<'a> {
    pub(super) fn new(
        archive: &'a Archive,
        texts: &'a Texts<'a>,
        before: &'a HashMap<(i64, i64), Comparison>,
    ) -> Result<Self> {
        let leaders: Vec<usize> =
            (0..texts.members.len()).filter(|text| texts.leader(*text) == *text).collect();
        let sketches: Vec<&Sketch> = leaders
            .iter()
            .filter_map(|text| texts.first(*text))
            .map(|first| &first.sketch)
            .collect();
        let Proposal { pairs, families } = propose(&sketches);
        let text = |leader: usize| leaders.get(leader).copied().unwrap_or_default();
        let mut pairs: BTreeSet<(usize, usize)> =
            pairs.into_iter().map(|(one, other)| (text(one), text(other))).collect();
        let Shared { pairs: by_passages, titles } = Shared::among(archive, texts)?;
        pairs.extend(by_passages);
        let verdicts = texts.verdicts(archive.verdicts()?);
        pairs.extend(verdicts.keys());
        let mut earlier: HashMap<usize, Vec<usize>> = HashMap::new();
        for (one, other) in &pairs {
            earlier.entry(*other).or_default().push(*one);
        }
        let mut basis = HashMap::new();
        let mut around = HashMap::new();
        for (leader, around_it) in leaders.iter().zip(families) {
            let family = family(*leader, around_it.into_iter().map(text).collect(), &titles);
            let digests = family.iter().filter_map(|text| texts.first(*text));
            basis.insert(
                *leader,
                digests.fold(RECIPE, |hash, first| mix(hash, u64::from_le_bytes(first.digest))),
            );
            let ids = family.iter().filter_map(|text| texts.document(*text)).collect();
            around.insert(texts.document(*leader).unwrap_or_default(), ids);
        }
        let workshop = Workshop::new(archive, around);
        Ok(Self {
            texts,
            workshop,
            before,
            now: HashMap::new(),
            basis,
            pairs,
            earlier,
            verdicts,
            measured: 0,
        })
    }

    /// The comparison of two texts, the first of which stands before the second.
    pub(super) fn compare(&mut self, (one, other): (usize, usize)) -> Result<Comparison> {
        let pair = (
            self.texts.document(one).unwrap_or_default(),
            self.texts.document(other).unwrap_or_default(),
        );
        if let Some(done) = self.now.get(&pair) {
            return Ok(done.clone());
        }
        let leaders = (self.texts.leader(one), self.texts.leader(other));
        let of = |leader: usize| self.basis.get(&leader).copied().unwrap_or_default();
        let basis = mix(of(leaders.0), of(leaders.1)).cast_signed();
        let comparison = match self.before.get(&pair).filter(|before| before.basis == basis) {
            Some(before) => before.clone(),
            None => {
                self.measured += 1;
                let document = |text| self.texts.document(text).unwrap_or_default();
                self.workshop.compare(pair, (document(leaders.0), document(leaders.1)), basis)?
            }
        };
        self.now.insert(pair, comparison.clone());
        Ok(comparison)
    }

    /// Whether two texts tell one story: by what a person decided, else by their comparison.
    pub(super) fn is_one_story(&self, pair: (usize, usize), comparison: &Comparison) -> bool {
        self.verdict(pair).unwrap_or(comparison.kind).is_one_story()
    }

    /// What a person decided about two texts.
    pub(super) fn verdict(&self, (one, other): (usize, usize)) -> Option<RelationKind> {
        self.verdicts.get(&(one.min(other), one.max(other))).copied()
    }

    /// The texts that a person said do not tell one story with this one.
    pub(super) fn kept_apart(&self, text: usize) -> impl Iterator<Item = usize> {
        self.decided(text).filter(|(_, kind)| !kind.is_one_story()).map(|(other, _)| other)
    }

    /// The texts that a person said tell one story with this one.
    pub(super) fn kept_together(&self, text: usize) -> impl Iterator<Item = usize> {
        self.decided(text).filter(|(_, kind)| kind.is_one_story()).map(|(other, _)| other)
    }

    /// What a person decided about this text and others.
    fn decided(&self, text: usize) -> impl Iterator<Item = (usize, RelationKind)> {
        self.verdicts.iter().filter_map(move |((one, other), kind)| {
            match (*one == text, *other == text) {
                (true, _) => Some((*other, *kind)),
                (_, true) => Some((*one, *kind)),
                _ => None,
            }
        })
    }

    /// The texts before this one that it was compared with and tells one story with, closest first.
    pub(super) fn stories(&self, text: usize) -> Vec<usize> {
        let document = |text| self.texts.document(text).unwrap_or_default();
        let mut near: Vec<(f64, usize)> = self
            .earlier
            .get(&text)
            .into_iter()
            .flatten()
            .filter_map(|one| {
                let comparison = self.now.get(&(document(*one), document(text)))?;
                self.is_one_story((*one, text), comparison)
                    .then_some((comparison.resemblance, *one))
            })
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.into_iter().map(|(_, text)| text).collect()
    }
}

/// Those around a text that are not of its own title, and of several with one title only the first:
/// what the versions of one page share is no template, however many they are.
fn family(text: usize, around: Vec<usize>, titles: &HashMap<usize, Title>) -> Vec<usize> {
    let mut seen: BTreeSet<Title> = titles.get(&text).copied().into_iter().collect();
    let mut family = around;
    family.retain(|other| titles.get(other).is_none_or(|title| seen.insert(*title)));
    family.truncate(FAMILY);
    family
}

fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

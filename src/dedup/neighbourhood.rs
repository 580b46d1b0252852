//! Which texts are to be compared, and whose words weigh theirs.

use super::candidates::{Proposal, propose};
use super::passages::{Shared, Title};
use super::texts::Texts;
use crate::fingerprint::Sketch;
use crate::store::Archive;
use anyhow::Result;
use std::collections::{BTreeSet, HashMap};

/// Texts as they stand around each other.
pub(super) struct Neighbourhood {
    /// Pairs of texts to compare, the first of a pair the first in order.
    pub(super) pairs: BTreeSet<(usize, usize)>,
    /// For each leader the leaders around it, nearest first.
    pub(super) around: Vec<(usize, Box<[u32]>)>,
    /// The titles of texts that lead groups.
    pub(super) titles: HashMap<usize, Title>,
    /// Passages that may be boilerplate.
    pub(super) recurring: Vec<i64>,
}

impl Neighbourhood {
    /// All texts of the archive.
    pub(super) fn of_all(archive: &Archive, texts: &Texts<'_>) -> Result<Self> {
        Ok(Self::of(texts, Shared::among(archive, texts)?))
    }

    /// Some texts of the archive, of which those are to be compared with the others that nothing is
    /// `settled` about.
    pub(super) fn of_added(
        archive: &Archive,
        texts: &Texts<'_>,
        settled: &[Option<usize>],
    ) -> Result<Self> {
        let is_added = |text: usize| settled.get(text).is_some_and(Option::is_none);
        let mut neighbourhood = Self::of(texts, Shared::around(archive, texts, &is_added)?);
        // A settled text is not asked again which story it tells, so its new leader has to ask.
        let led = texts.leaders.iter().copied().enumerate();
        neighbourhood.pairs.extend(
            led.filter(|(text, leader)| text != leader).map(|(text, leader)| (leader, text)),
        );
        neighbourhood.pairs.retain(|(one, other)| is_added(*one) || is_added(*other));
        Ok(neighbourhood)
    }

    fn of(texts: &Texts<'_>, shared: Shared) -> Self {
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
        pairs.extend(shared.pairs);
        let around = families
            .into_iter()
            .map(|family| family.iter().map(|leader| text(*leader as usize) as u32).collect())
            .enumerate()
            .map(|(leader, family)| (text(leader), family))
            .collect();
        Self { pairs, around, titles: shared.titles, recurring: shared.recurring }
    }
}

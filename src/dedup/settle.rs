//! Works out what the documents of an archive are to each other, and writes it down.

use super::candidates::{Proposal, propose};
use super::clusters::stories;
use super::groups;
use super::workshop::Workshop;
use crate::fingerprint::Sketch;
use crate::model::RelationKind;
use crate::store::{Archive, Comparison, Sketched, now as time_now};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Letters that two documents must share in passages which few others have to be candidates.
const LETTERS: i64 = 60;
/// Letters of a passage, divided by the other groups that have it, below which it counts for nothing.
const WORTH: i64 = 12;
/// A passage that stands in more groups than this proposes no pair.
const COMMON: usize = 32;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Documents looked at.
    pub documents: usize,
    /// Pairs measured on their texts.
    pub measured: usize,
    /// Pairs whose measure was kept from before.
    pub kept: usize,
    /// Documents whose cluster changed.
    pub moved: usize,
}

/// Brings relations and clusters of the archive up to date.
///
/// # Errors
/// When the archive cannot be read or written; then they stay as they were.
pub fn settle(archive: &mut Archive, progress: &mut dyn FnMut(usize, usize)) -> Result<Settled> {
    sketch_the_rest(archive)?;
    let documents = archive.sketched()?;
    let before = archive.comparisons()?;
    let texts = Texts::of(&documents);
    let (now, clusters, mut settled) = {
        let mut comparing = Comparing::new(archive, &texts, &before)?;
        let pairs = comparing.pairs.clone();
        for (at, pair) in pairs.iter().enumerate() {
            progress(at, pairs.len());
            comparing.compare(*pair)?;
        }
        let clusters = stories(&texts.leaders, &mut comparing)?;
        let measured = comparing.measured;
        let settled = Settled {
            documents: documents.len(),
            measured,
            kept: comparing.now.len() - measured,
            moved: 0,
        };
        (comparing.now, clusters, settled)
    };
    let mut changed = Vec::new();
    for (members, representative) in texts.members.iter().zip(clusters) {
        let Some(representative) = texts.document(representative) else { continue };
        let moved = members.iter().filter(|member| member.cluster != representative);
        changed.extend(moved.map(|member| (member.id, representative)));
    }
    settled.moved = changed.len();
    archive.relate(&before, &now, &changed, &time_now())?;
    Ok(settled)
}

/// Sketches documents that were stored before archives had sketches.
fn sketch_the_rest(archive: &mut Archive) -> Result<()> {
    for some in archive.unsketched()?.chunks(256) {
        let mut sketches = Vec::with_capacity(some.len());
        for id in some {
            let folded: Vec<String> = archive
                .placed(*id)?
                .iter()
                .map(|place| crate::text::normalize::fold_tight(&place.text))
                .collect();
            sketches.push((*id, Sketch::of(folded.iter().map(String::as_str))));
        }
        archive.add_sketches(&sketches)?;
    }
    Ok(())
}

/// The distinct folded texts of an archive, in the order in which they stand for each other.
struct Texts<'a> {
    /// For each text its documents; the first stands for them.
    members: Vec<Vec<&'a Sketched>>,
    /// For each text the text that leads its group.
    leaders: Vec<usize>,
}

impl<'a> Texts<'a> {
    fn of(documents: &'a [Sketched]) -> Self {
        let mut places: HashMap<&[u8; 32], usize> = HashMap::with_capacity(documents.len());
        let mut members: Vec<Vec<&Sketched>> = Vec::new();
        for document in documents {
            let place = *places.entry(&document.normal_digest).or_insert(members.len());
            match members.get_mut(place) {
                Some(twins) => twins.push(document),
                None => members.push(vec![document]),
            }
        }
        let sketches: Vec<&Sketch> =
            members.iter().filter_map(|twins| twins.first()).map(|first| &first.sketch).collect();
        let leaders = groups::leaders(&sketches);
        Self { members, leaders }
    }

    /// The document that stands for a text.
    fn first(&self, text: usize) -> Option<&'a Sketched> {
        self.members.get(text).and_then(|twins| twins.first()).copied()
    }

    /// Decisions about documents as decisions about their texts.
    fn verdicts(
        &self,
        verdicts: HashMap<(i64, i64), RelationKind>,
    ) -> HashMap<(usize, usize), RelationKind> {
        if verdicts.is_empty() {
            return HashMap::new();
        }
        let members = self.members.iter().enumerate();
        let texts: HashMap<i64, usize> = members
            .flat_map(|(text, twins)| twins.iter().map(move |twin| (twin.id, text)))
            .collect();
        let mut found = HashMap::new();
        for ((one, other), kind) in verdicts {
            if let (Some(one), Some(other)) = (texts.get(&one), texts.get(&other))
                && one != other
            {
                found.insert((*one.min(other), *one.max(other)), kind);
            }
        }
        found
    }

    fn document(&self, text: usize) -> Option<i64> {
        self.first(text).map(|first| first.id)
    }

    fn leader(&self, text: usize) -> usize {
        self.leaders.get(text).copied().unwrap_or(text)
    }
}

/// Compares texts, once each pair.
pub(super) struct Comparing<'a> {
    texts: &'a Texts<'a>,
    workshop: Workshop<'a>,
    before: &'a HashMap<(i64, i64), Comparison>,
    now: HashMap<(i64, i64), Comparison>,
    /// For each leader what its words are weighed by.
    basis: HashMap<usize, u64>,
    /// Pairs of texts to compare, the first of a pair the first in order.
    pairs: BTreeSet<(usize, usize)>,
    /// The same by their second text.
    earlier: HashMap<usize, Vec<usize>>,
    /// What people decided about pairs of texts.
    verdicts: HashMap<(usize, usize), RelationKind>,
    measured: usize,
}

impl<'a> Comparing<'a> {
    fn new(
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
        pairs.extend(by_passages(archive, texts)?);
        let verdicts = texts.verdicts(archive.verdicts()?);
        pairs.extend(verdicts.keys());
        let mut earlier: HashMap<usize, Vec<usize>> = HashMap::new();
        for (one, other) in &pairs {
            earlier.entry(*other).or_default().push(*one);
        }
        let mut basis = HashMap::new();
        let mut around = HashMap::new();
        for (leader, family) in leaders.iter().zip(families) {
            let family: Vec<usize> = family.into_iter().map(text).collect();
            let digests = family.iter().filter_map(|text| texts.first(*text));
            basis.insert(
                *leader,
                digests.fold(0, |hash, first| mix(hash, u64::from_le_bytes(first.digest))),
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
        let apart = self.verdicts.iter().filter(|(_, kind)| !kind.is_one_story());
        apart.filter_map(move |((one, other), _)| match (*one == text, *other == text) {
            (true, _) => Some(*other),
            (_, true) => Some(*one),
            _ => None,
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

/// Pairs of texts that share passages which few groups have.
fn by_passages(archive: &Archive, texts: &Texts<'_>) -> Result<Vec<(usize, usize)>> {
    let mut places: HashMap<i64, usize> = HashMap::new();
    for (text, members) in texts.members.iter().enumerate() {
        places.extend(members.iter().map(|member| (member.id, text)));
    }
    let mut letters: HashMap<(u32, u32), i64> = HashMap::new();
    let mut failure = None;
    archive.shared_passages(&mut |passage, documents| {
        // Of each group the first text that has the passage.
        let mut groups: BTreeMap<usize, usize> = BTreeMap::new();
        for text in documents.iter().filter_map(|document| places.get(document)) {
            let first = groups.entry(texts.leader(*text)).or_insert(*text);
            *first = (*first).min(*text);
        }
        if !(2..=COMMON).contains(&groups.len()) {
            return;
        }
        let length = archive.passage_length(passage).unwrap_or_else(|error| {
            failure.get_or_insert(error);
            0
        });
        let worth = length / (groups.len() as i64 - 1);
        if worth < WORTH {
            return;
        }
        let mut list: Vec<usize> = groups.into_values().collect();
        list.sort_unstable();
        for (at, one) in list.iter().enumerate() {
            for other in list.iter().skip(at + 1) {
                *letters.entry((*one as u32, *other as u32)).or_default() += worth;
            }
        }
    })?;
    if let Some(error) = failure {
        return Err(error);
    }
    let enough = letters.into_iter().filter(|(_, worth)| *worth >= LETTERS);
    Ok(enough.map(|((one, other), _)| (one as usize, other as usize)).collect())
}

fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

//! Compares the texts of an archive in pairs, each pair once.

use super::apart::{self, Closest};
use super::form;
use super::near::is_near;
use super::neighbourhood::Neighbourhood;
use super::passages::Title;
use super::texts::Texts;
use super::workshop::{Job, Workshop};
use crate::compare::RECIPE;
use crate::model::RelationKind;
use crate::store::{Archive, Comparison, Told};
use anyhow::Result;
use std::collections::{BTreeSet, HashMap};

/// Two documents, the one that stands before the other first.
pub(super) type Key = (i64, i64);

/// Most documents whose words weigh those of one.
const FAMILY: usize = 12;

/// What there is to do about a pair.
enum Step {
    /// Nothing: this is what it was measured as.
    Known(Comparison),
    /// It must be measured, and stands on these bases.
    Measure { job: Job, basis: i64, again: Option<i64> },
}

/// Compares texts, once each pair; and a second time pairs of other stories, once stories are known.
pub(super) struct Comparing<'a> {
    texts: &'a Texts<'a>,
    workshop: Workshop<'a>,
    before: &'a HashMap<Key, Comparison>,
    /// Documents of which nothing holds that was measured before.
    overtaken: &'a BTreeSet<i64>,
    /// What was compared, by documents.
    pub(super) now: HashMap<(i64, i64), Comparison>,
    /// Pairs of which only is known that they were measured again before.
    pending: BTreeSet<Key>,
    /// For each leader the leaders around it, nearest first.
    around: Vec<(usize, Box<[u32]>)>,
    titles: HashMap<usize, Title>,
    /// For each leader what its words are weighed by.
    basis: HashMap<usize, u64>,
    /// The same once stories are known.
    again: Option<HashMap<usize, u64>>,
    /// Pairs of texts to compare, the first of a pair the first in order.
    pub(super) pairs: BTreeSet<(usize, usize)>,
    /// For each text those it is in a pair with.
    beside: HashMap<usize, Vec<usize>>,
    /// What people decided about pairs of texts.
    verdicts: HashMap<(usize, usize), RelationKind>,
    /// The pairs that were measured anew.
    pub(super) measured: BTreeSet<Key>,
    /// What is closest to each document, as far as is known.
    closest: Closest,
}

impl<'a> Comparing<'a> {
    pub(super) fn new(
        archive: &'a Archive,
        texts: &'a Texts<'a>,
        neighbourhood: Neighbourhood,
        (before, overtaken): (&'a HashMap<Key, Comparison>, &'a BTreeSet<i64>),
    ) -> Result<Self> {
        let Neighbourhood { mut pairs, around, titles, .. } = neighbourhood;
        let verdicts = texts.verdicts(archive.verdicts()?);
        pairs.extend(verdicts.keys());
        let mut beside: HashMap<usize, Vec<usize>> = HashMap::new();
        for (one, other) in &pairs {
            beside.entry(*other).or_default().push(*one);
            beside.entry(*one).or_default().push(*other);
        }
        let mut comparing = Self {
            texts,
            workshop: Workshop::new(archive),
            before,
            overtaken,
            now: HashMap::new(),
            pending: BTreeSet::new(),
            around,
            titles,
            basis: HashMap::new(),
            again: None,
            pairs,
            beside,
            verdicts,
            measured: BTreeSet::new(),
            closest: Closest::among(texts),
        };
        comparing.basis = comparing.weigh(None);
        Ok(comparing)
    }

    /// From now on the copies of a text count once in weighing words: `stories` has for each text the
    /// text that stands for its story.
    pub(super) fn regard(&mut self, stories: &[usize]) {
        self.again = Some(self.weigh(Some(stories)));
    }

    /// Makes the workshop weigh words by those around each leader, and says what stands for them.
    fn weigh(&mut self, stories: Option<&[usize]>) -> HashMap<usize, u64> {
        let texts = self.texts;
        let mut basis = HashMap::new();
        let mut families = HashMap::new();
        for (leader, around) in &self.around {
            let family = self.family(*leader, around, stories);
            let digests = family.iter().filter_map(|text| texts.first(*text));
            let digest =
                digests.fold(RECIPE, |hash, first| mix(hash, u64::from_le_bytes(first.digest)));
            basis.insert(*leader, digest);
            let ids = family.iter().filter_map(|text| texts.document(*text)).collect();
            families.insert(texts.document(*leader).unwrap_or_default(), ids);
        }
        self.workshop.weigh_by(families);
        basis
    }

    /// Those around a text that are not of its own title or story, and of several with one title or of
    /// one story only the first: what the versions of one page share is no template, however many.
    fn family(&self, text: usize, around: &[u32], stories: Option<&[usize]>) -> Vec<usize> {
        let story = |text: &usize| stories.and_then(|stories| stories.get(*text)).copied();
        let title = |text: &usize| self.titles.get(text).copied();
        let mut titles: BTreeSet<Title> = title(&text).into_iter().collect();
        let mut told: BTreeSet<usize> = story(&text).into_iter().collect();
        around
            .iter()
            .map(|other| *other as usize)
            .filter(|other| {
                story(other).is_none_or(|story| told.insert(story))
                    && title(other).is_none_or(|title| titles.insert(title))
            })
            .take(FAMILY)
            .collect()
    }

    /// The comparison of two texts, the first of which stands before the second.
    pub(super) fn compare(&mut self, pair: (usize, usize)) -> Result<Comparison> {
        let comparison = match self.step(pair) {
            Step::Known(comparison) => comparison,
            Step::Measure { job, basis, again } => {
                self.measured.insert(job.pair);
                let found = Comparison { basis, again, ..self.workshop.compare(job)? };
                form::told(self.now.get(&(found.left, found.right)), found)
            }
        };
        self.now.insert((comparison.left, comparison.right), comparison.clone());
        Ok(comparison)
    }

    /// Compares pairs, those that must be measured on all cores; `progress` is told how many are done.
    pub(super) fn compare_all(
        &mut self,
        pairs: &[(usize, usize)],
        progress: &mut dyn FnMut(usize),
    ) -> Result<()> {
        let (mut jobs, mut bases) = (Vec::new(), Vec::new());
        for pair in pairs {
            match self.step(*pair) {
                Step::Known(known) => drop(self.now.insert((known.left, known.right), known)),
                Step::Measure { job, basis, again } => {
                    jobs.push(job);
                    bases.push((basis, again));
                }
            }
        }
        let known = pairs.len() - jobs.len();
        let found = self.workshop.compare_all(&jobs, &mut |done| progress(known + done))?;
        for (comparison, (basis, again)) in found.into_iter().zip(bases) {
            let key = (comparison.left, comparison.right);
            self.measured.insert(key);
            let found = Comparison { basis, again, ..comparison };
            self.now.insert(key, form::told(self.now.get(&key), found));
        }
        Ok(())
    }

    /// What there is to do about a pair.
    fn step(&mut self, pair: (usize, usize)) -> Step {
        let key = (
            self.texts.document(pair.0).unwrap_or_default(),
            self.texts.document(pair.1).unwrap_or_default(),
        );
        let basis = self.basis_of(&self.basis, pair);
        let again = self.again.as_ref().map(|again| self.basis_of(again, pair));
        match again {
            None => self.first_step(key, pair, basis),
            Some(again) => self.step_again(key, pair, basis, again),
        }
    }

    fn first_step(&mut self, key: Key, pair: (usize, usize), basis: i64) -> Step {
        if let Some(done) = self.now.get(&key) {
            return Step::Known(done.clone());
        }
        Step::Known(match self.kept(key).filter(|kept| kept.basis == basis) {
            Some(kept) if kept.again.is_none() => kept.clone(),
            // It was measured again, so it was neither of one story at first nor near it.
            Some(kept) => {
                self.pending.insert(key);
                let kind = RelationKind::Unrelated;
                Comparison { kind, evidence: 0.0, again: None, ..kept.clone() }
            }
            None => return Step::Measure { job: self.job(key, pair), basis, again: None },
        })
    }

    fn step_again(&mut self, key: Key, pair: (usize, usize), basis: i64, again: i64) -> Step {
        let is_pending = self.pending.remove(&key);
        let was_form = self.now.get(&key).is_some_and(form::is_form);
        let first = match self.now.get(&key) {
            Some(now) if !is_pending => {
                if now.again.is_some() || again == basis || is_near(now) && !was_form {
                    return Step::Known(now.clone());
                }
                basis
            }
            Some(_) => basis,
            // What only stories ask for was never measured without them.
            None => 0,
        };
        let again = (again != first).then_some(form::mark(again, was_form));
        match self.kept(key).filter(|kept| (kept.basis, kept.again) == (first, again)) {
            Some(kept) => Step::Known(kept.clone()),
            None => Step::Measure { job: self.job(key, pair), basis: first, again },
        }
    }

    /// What was measured before and still holds.
    fn kept(&self, key: Key) -> Option<&'a Comparison> {
        let is_overtaken = self.overtaken.contains(&key.0) || self.overtaken.contains(&key.1);
        // What was put apart by others may stand together by others still.
        let is_whole = |kept: &&Comparison| kept.rule != apart::RULE && !form::was_form(kept);
        self.before.get(&key).filter(|_| !is_overtaken).filter(is_whole)
    }

    fn job(&self, key: Key, pair: (usize, usize)) -> Job {
        let document = |text| self.texts.document(self.texts.leader(text)).unwrap_or_default();
        Job { pair: key, leaders: (document(pair.0), document(pair.1)) }
    }

    /// Stands for what the words of both texts are weighed by.
    fn basis_of(&self, basis: &HashMap<usize, u64>, pair: (usize, usize)) -> i64 {
        let of = |text| basis.get(&self.texts.leader(text)).copied().unwrap_or_default();
        mix(of(pair.0), of(pair.1)).cast_signed()
    }

    /// Whether two texts tell one story: by what a person decided, else by their comparison.
    pub(super) fn is_one_story(&self, pair: (usize, usize), comparison: &Comparison) -> bool {
        match self.verdict(pair) {
            Some(decided) => decided.is_one_story(),
            None => comparison.kind.is_one_story() && !self.are_apart(comparison),
        }
    }

    /// Learns from all that was compared so far what is closest to each document; `told` is known besides.
    pub(super) fn find_closest(&mut self, told: &[Told]) {
        self.closest.learn(self.now.values(), told);
    }

    /// Whether two documents pass for versions of each other although each has far closer ones.
    pub(super) fn are_apart(&self, comparison: &Comparison) -> bool {
        self.closest.are_apart(comparison)
    }

    /// Says so of all that were compared.
    pub(super) fn put_apart(&mut self) {
        self.now.values_mut().for_each(|comparison| self.closest.put_apart(comparison));
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

    /// Those of these texts that this one was compared with and tells one story with, closest first.
    pub(super) fn stories(&self, text: usize, among: &mut dyn FnMut(usize) -> bool) -> Vec<usize> {
        let document = |text| self.texts.document(text).unwrap_or_default();
        let mut near: Vec<(f64, usize)> = self
            .beside
            .get(&text)
            .into_iter()
            .flatten()
            .filter(|one| among(**one))
            .filter_map(|one| {
                let pair = in_order(*one, text);
                let comparison = self.now.get(&(document(pair.0), document(pair.1)))?;
                self.is_one_story(pair, comparison).then_some((comparison.resemblance, *one))
            })
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.into_iter().map(|(_, text)| text).collect()
    }
}

/// Two texts, the first in order first.
pub(super) fn in_order(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

//! Measures pairs of documents on all cores: fetches their words, weighs them, keeps what is needed again.
//!
//! Memory is bounded: what does not fit is read again.

use super::kept::Kept;
use super::near::is_kin;
use crate::compare::{Family, Measure, Rarity, Reading, judge, measure};
use crate::store::{Archive, Comparison, TextReader};
use anyhow::{Result, anyhow};
use rayon::{current_num_threads, in_place_scope};
use rustc_hash::FxHashMap;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

/// Most bytes that are kept of texts, of the runs of their words, and of the weights of these.
const READINGS: usize = 8 << 20;
const RUNS: usize = 24 << 20;
const RARITIES: usize = 4 << 20;
/// A word that stands in so many passages is known: it is no misreading.
pub(super) const KNOWN: usize = 4;
/// Words looked up are remembered up to this number, by all and by each.
const REMEMBERED: usize = 1 << 16;
/// Pairs that a thread takes at once: neighbours mostly, which need the same texts.
const SHARE: usize = 32;

/// A pair to measure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    /// The two documents, the one that stands before the other first.
    pub(super) pair: (i64, i64),
    /// The documents whose families weigh their words.
    pub(super) leaders: (i64, i64),
}

/// Where pairs are measured, by as many hands as there are cores.
pub(super) struct Workshop<'a> {
    archive: &'a Archive,
    shelf: Shelf,
    /// Those that had something to do so far.
    hands: Vec<Hand>,
}

/// What all hands share.
struct Shelf {
    /// For each document those around it, by which its words are weighed.
    families: HashMap<i64, Vec<i64>>,
    readings: Kept<Reading>,
    runs: Kept<Family>,
    rarities: Kept<Rarity>,
    /// Whether words are known, as the index was asked last.
    known: Mutex<FxHashMap<u64, bool>>,
}

/// One that measures.
struct Hand {
    texts: TextReader,
    /// What was asked lately: most words are asked for again and again.
    known: FxHashMap<u64, bool>,
}

impl<'a> Workshop<'a> {
    pub(super) fn new(archive: &'a Archive) -> Self {
        Self {
            archive,
            shelf: Shelf {
                families: HashMap::new(),
                readings: Kept::new(READINGS, Reading::bytes),
                runs: Kept::new(RUNS, Family::bytes),
                rarities: Kept::new(RARITIES, Rarity::bytes),
                known: Mutex::default(),
            },
            hands: Vec::new(),
        }
    }

    /// Has so many hands ready, but no more than there are cores: each opens the archive.
    fn call(&mut self, wanted: usize) -> Result<()> {
        while self.hands.len() < wanted.min(current_num_threads()) {
            self.hands.push(Hand { texts: self.archive.texts()?, known: FxHashMap::default() });
        }
        Ok(())
    }

    /// From now on words are weighed by these families: for each document those around it.
    pub(super) fn weigh_by(&mut self, families: HashMap<i64, Vec<i64>>) {
        self.shelf.families = families;
        self.shelf.rarities = Kept::new(RARITIES, Rarity::bytes);
    }

    /// Measures and judges one pair.
    pub(super) fn compare(&mut self, job: Job) -> Result<Comparison> {
        self.call(1)?;
        let hand = self.hands.first_mut().ok_or_else(|| anyhow!("no thread to compare with"))?;
        hand.compare(&self.shelf, job)
    }

    /// Measures and judges pairs, and gives what was found in their order; `progress` is told how many are
    /// done.
    pub(super) fn compare_all(
        &mut self,
        jobs: &[Job],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Comparison>> {
        self.call(jobs.len().div_ceil(SHARE))?;
        let (shelf, next) = (&self.shelf, AtomicUsize::new(0));
        let mut found: Vec<Option<Comparison>> = vec![None; jobs.len()];
        self.hands.iter().try_for_each(|hand| hand.texts.begin())?;
        let measured: Result<()> = in_place_scope(|scope| {
            let (results, done) = mpsc::channel();
            for hand in &mut self.hands {
                let (results, next) = (results.clone(), &next);
                scope.spawn(move |_| {
                    loop {
                        let start = next.fetch_add(SHARE, Ordering::Relaxed);
                        let end = jobs.len().min(start + SHARE);
                        let Some(share) = jobs.get(start..end) else { return };
                        for (at, job) in (start..).zip(share) {
                            let result = hand.compare(shelf, *job);
                            // Nobody listens any more once another pair has failed.
                            if results.send((at, result)).is_err() {
                                return;
                            }
                        }
                    }
                });
            }
            drop(results);
            for (count, (at, result)) in done.into_iter().enumerate() {
                progress(count);
                if let Some(slot) = found.get_mut(at) {
                    *slot = Some(result?);
                }
            }
            Ok(())
        });
        self.hands.iter().try_for_each(|hand| hand.texts.end())?;
        measured?;
        let whole = found.into_iter().collect::<Option<_>>();
        whole.ok_or_else(|| anyhow!("a thread that compared documents died"))
    }
}

impl Shelf {
    fn is_known(&self, texts: &TextReader, id: u64, word: &str) -> Result<bool> {
        // One character is no word that could be misread into nonsense.
        if word.chars().nth(1).is_none() {
            return Ok(true);
        }
        let all = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all().get(&id) {
            return Ok(*known);
        }
        let is_known = texts.stands_in(word, KNOWN)?;
        let mut all = all();
        if all.len() > REMEMBERED {
            all.clear();
        }
        all.insert(id, is_known);
        Ok(is_known)
    }
}

impl Hand {
    fn compare(&mut self, shelf: &Shelf, job: Job) -> Result<Comparison> {
        let ((left, right), leaders) = (job.pair, job.leaders);
        let (one, other) = (self.reading(shelf, left)?, self.reading(shelf, right)?);
        let weights = (
            self.rarity(shelf, left, leaders.0, &one)?,
            self.rarity(shelf, right, leaders.1, &other)?,
        );
        let mut measure = measure(&one, &other, (&weights.0, &weights.1));
        if let Some(certain) = certain(job.pair, &mut measure) {
            return Ok(certain);
        }
        self.know(shelf, &mut measure, &one, &other)?;
        Ok(comparison(job.pair, &measure))
    }

    fn know(
        &mut self,
        shelf: &Shelf,
        measure: &mut Measure,
        left: &Reading,
        right: &Reading,
    ) -> Result<()> {
        let (texts, known) = (&self.texts, &mut self.known);
        if known.len() > REMEMBERED {
            known.clear();
        }
        let mut failure = None;
        measure.know(left, right, &mut |id, word| {
            *known.entry(id).or_insert_with(|| {
                shelf.is_known(texts, id, word).unwrap_or_else(|error| {
                    failure.get_or_insert(error);
                    true
                })
            })
        });
        failure.map_or(Ok(()), Err)
    }

    fn reading(&self, shelf: &Shelf, document: i64) -> Result<Arc<Reading>> {
        shelf.readings.get(document, || self.read(document))
    }

    fn read(&self, document: i64) -> Result<Reading> {
        let mut reading = Reading::default();
        self.texts.placed(document, &mut |passage, position, text| {
            reading.add(passage, position, text);
        })?;
        reading.shrink();
        Ok(reading)
    }

    fn family(&self, shelf: &Shelf, document: i64) -> Result<Arc<Family>> {
        shelf.runs.get(document, || match shelf.readings.kept(document) {
            Some(reading) => Ok(Family::of(&reading)),
            // What is only weighed by would take the place of what is compared next.
            None => Ok(Family::of(&self.read(document)?)),
        })
    }

    fn rarity(
        &self,
        shelf: &Shelf,
        document: i64,
        leader: i64,
        reading: &Reading,
    ) -> Result<Arc<Rarity>> {
        shelf.rarities.get(document, || {
            let around = shelf.families.get(&leader).map(Vec::as_slice).unwrap_or_default();
            let families = around
                .iter()
                .map(|other| self.family(shelf, *other))
                .collect::<Result<Vec<Arc<Family>>>>()?;
            Ok(Rarity::among(reading, families.iter().map(Arc::as_ref)))
        })
    }
}

/// What a pair is whichever of its differing words the archive knows, so that none need be looked up. The
/// rules for one story ask for few known words that differ and for much noise: what is another story if all
/// that may be noise is, and if nothing is, is one in between too.
fn certain(pair: (i64, i64), measure: &mut Measure) -> Option<Comparison> {
    let mut suppose = |are_known: bool| {
        measure.suppose(are_known);
        comparison(pair, measure)
    };
    let (noisy, clean) = (suppose(false), suppose(true));
    // Of related documents people are told how much is noise.
    let is_told = clean.kind.is_related() && noisy.noise > 0.0;
    let is_certain = !is_told
        && !clean.kind.is_one_story()
        && !noisy.kind.is_one_story()
        && (&clean.rule, clean.doubt) == (&noisy.rule, noisy.doubt)
        && is_kin(&clean) == is_kin(&noisy);
    is_certain.then_some(clean)
}

/// What a pair was measured as.
fn comparison((left, right): (i64, i64), measure: &Measure) -> Comparison {
    let verdict = judge(measure);
    Comparison {
        left,
        right,
        kind: verdict.kind,
        rule: verdict.rule.to_owned(),
        resemblance: rounded(measure.resemblance()),
        left_share: rounded(measure.left.share()),
        right_share: rounded(measure.right.share()),
        left_differs: rounded(measure.left.known_share()),
        right_differs: rounded(measure.right.known_share()),
        noise: rounded(measure.noise()),
        opening: rounded(measure.opening()),
        evidence: (measure.evidence() * 10.0).round() / 10.0,
        doubt: verdict.doubt,
        basis: 0,
        again: None,
    }
}

fn rounded(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

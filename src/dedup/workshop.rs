//! Measures pairs of documents: fetches their words, weighs them, keeps what is needed again.
//!
//! Memory is bounded: what does not fit is read again.

use crate::compare::{Family, Measure, Rarity, Reading, judge, measure};
use crate::store::{Archive, Comparison};
use anyhow::Result;
use std::collections::HashMap;
use std::sync::Arc;

/// Most bytes of readings and families that are kept.
const KEPT: usize = 32 << 20;
/// A word that stands in so many passages is known: it is no misreading.
pub(super) const KNOWN: u64 = 4;

/// What is kept of documents between measurements.
pub(super) struct Workshop<'a> {
    archive: &'a Archive,
    /// For each document those around it, by which its words are weighed.
    families: HashMap<i64, Vec<i64>>,
    readings: Kept<Reading>,
    runs: Kept<Family>,
    rarities: Kept<Rarity>,
    known: HashMap<u64, bool>,
}

impl<'a> Workshop<'a> {
    pub(super) fn new(archive: &'a Archive) -> Self {
        Self {
            archive,
            families: HashMap::new(),
            readings: Kept::default(),
            runs: Kept::default(),
            rarities: Kept::default(),
            known: HashMap::new(),
        }
    }

    /// From now on words are weighed by these families: for each document those around it.
    pub(super) fn weigh_by(&mut self, families: HashMap<i64, Vec<i64>>) {
        self.families = families;
        self.rarities = Kept::default();
    }

    /// Measures and judges a pair; `leaders` are the documents whose families weigh their words.
    pub(super) fn compare(
        &mut self,
        (left, right): (i64, i64),
        leaders: (i64, i64),
    ) -> Result<Comparison> {
        let (one, other) = (self.reading(left)?, self.reading(right)?);
        let weights = (self.rarity(left, leaders.0, &one)?, self.rarity(right, leaders.1, &other)?);
        let mut measure = measure(&one, &other, (&weights.0, &weights.1));
        self.know(&mut measure, &one, &other)?;
        let verdict = judge(&measure);
        Ok(Comparison {
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
            basis: 0,
            again: None,
        })
    }

    fn know(&mut self, measure: &mut Measure, left: &Reading, right: &Reading) -> Result<()> {
        let (archive, known) = (self.archive, &mut self.known);
        let mut failure = None;
        measure.know(left, right, &mut |id, word| {
            *known.entry(id).or_insert_with(|| {
                // One character is no word that could be misread into nonsense.
                if word.chars().nth(1).is_none() {
                    return true;
                }
                match archive.passages_with(word) {
                    Ok(count) => count >= KNOWN,
                    Err(error) => {
                        failure.get_or_insert(error);
                        true
                    }
                }
            })
        });
        failure.map_or(Ok(()), Err)
    }

    fn reading(&mut self, document: i64) -> Result<Arc<Reading>> {
        let archive = self.archive;
        self.readings.get(document, Reading::bytes, || {
            let placed = archive.placed(document)?;
            Ok(Reading::of(
                placed.iter().map(|place| (place.passage_id, place.position, &*place.text)),
            ))
        })
    }

    fn family(&mut self, document: i64) -> Result<Arc<Family>> {
        if let Some(kept) = self.runs.kept(document) {
            return Ok(kept);
        }
        let reading = self.reading(document)?;
        self.runs.get(document, Family::bytes, || Ok(Family::of(&reading)))
    }

    fn rarity(&mut self, document: i64, leader: i64, reading: &Reading) -> Result<Arc<Rarity>> {
        if let Some(kept) = self.rarities.kept(document) {
            return Ok(kept);
        }
        let around = self.families.get(&leader).cloned().unwrap_or_default();
        let families =
            around.iter().map(|other| self.family(*other)).collect::<Result<Vec<Arc<Family>>>>()?;
        let bytes = |rarity: &Rarity| rarity.weights().len() * 4;
        self.rarities
            .get(document, bytes, || Ok(Rarity::among(reading, families.iter().map(Arc::as_ref))))
    }
}

fn rounded(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

/// Things by document, the older half of which is let go when they take too much room.
struct Kept<T> {
    young: HashMap<i64, Arc<T>>,
    old: HashMap<i64, Arc<T>>,
    bytes: usize,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), bytes: 0 }
    }
}

impl<T> Kept<T> {
    fn kept(&self, document: i64) -> Option<Arc<T>> {
        self.young.get(&document).or_else(|| self.old.get(&document)).cloned()
    }

    fn get(
        &mut self,
        document: i64,
        bytes: fn(&T) -> usize,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<Arc<T>> {
        if let Some(kept) = self.young.get(&document) {
            return Ok(Arc::clone(kept));
        }
        let thing = match self.old.remove(&document) {
            Some(thing) => thing,
            None => Arc::new(make()?),
        };
        self.bytes += bytes(&thing);
        if self.bytes > KEPT / 6 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = bytes(&thing);
        }
        self.young.insert(document, Arc::clone(&thing));
        Ok(thing)
    }
}

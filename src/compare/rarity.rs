//! How much a word of a document tells of that document and not of its kind.
//!
//! What a document shares with many others (mastheads, forms, the sentences of a template) says little
//! about whether two of them tell the same story. A word weighs 1 where it stands in a run of words that
//! no other family has, and less the more families have it. Families, not documents: the hundred
//! versions of one page are one family, or a story would count the less the more it is copied.

use super::filter::Filter;
use super::words::{self, Reading};
use rustc_hash::FxHashMap;

/// Words in a run.
const RUN: usize = 3;

/// The runs of words of one document, for weighing others by.
#[derive(Clone, Debug, Default)]
pub struct Family(Vec<u32>);

impl Family {
    /// The runs of a reading.
    pub fn of(reading: &Reading) -> Self {
        Self(runs(reading).collect())
    }

    /// How much memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.0.len() * 4
    }
}

/// The weights of a document's words, 0 to 1.
#[derive(Clone, Debug, Default)]
pub struct Rarity(Vec<f32>);

impl Rarity {
    /// Every word weighs 1.
    pub fn even(reading: &Reading) -> Self {
        Self(vec![1.0; reading.len()])
    }

    /// Weighs each word by how many of the other families have the rarest run it stands in: 1 for none
    /// or one, 1/2 for two, 1/3 for three …
    pub fn among<'a>(reading: &Reading, others: impl IntoIterator<Item = &'a Family>) -> Self {
        let own: Vec<u32> = runs(reading).collect();
        // For each run the number of the last family that has it, and how many have it.
        let mut met: FxHashMap<u32, (u32, u32)> = own.iter().map(|run| (*run, (0, 0))).collect();
        let spread = |run: u32| u64::from(run) << 32;
        let filter = Filter::of(own.iter().map(|run| spread(*run)));
        for (family, other) in (1..).zip(others) {
            for run in other.0.iter().filter(|run| filter.may_have(spread(**run))) {
                if let Some((last, count)) = met.get_mut(run) {
                    *count += u32::from(*last != family);
                    *last = family;
                }
            }
        }
        let count = |run| met.get(run).map_or(1, |(_, count)| (*count).max(1));
        let weights: Vec<f32> = own.iter().map(|run| 1.0 / count(run) as f32).collect();
        let weigh = |word: usize| {
            let first = word.saturating_sub(RUN - 1);
            let last = word.min(weights.len().saturating_sub(1));
            weights.get(first..=last).unwrap_or_default().iter().copied().fold(0.0, f32::max)
        };
        Self((0..reading.len()).map(weigh).collect())
    }

    /// How much memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.0.len() * 4
    }

    /// The weight of one word.
    pub fn of(&self, word: usize) -> f32 {
        self.0.get(word).copied().unwrap_or(1.0)
    }

    /// The weights in order.
    pub fn weights(&self) -> &[f32] {
        &self.0
    }
}

/// Every run of a reading as a number, in order; a reading shorter than a run is one run. Of the few
/// thousand runs that are ever compared one in a million is taken for another.
fn runs(reading: &Reading) -> impl Iterator<Item = u32> {
    let ids = reading.ids();
    words::runs(ids, RUN.min(ids.len().max(1))).map(|run| (run >> 32) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Reading {
        Reading::of([(1, 1, text)])
    }

    #[test]
    fn words_of_a_template_weigh_less_the_more_families_have_them() {
        let others =
            ["this page is about bridges end of page", "this page is about trains end of page"]
                .map(|text| Family::of(&reading(text)));
        let rarity = Rarity::among(&reading("this page is about ferries end of page"), &others);
        assert_eq!(rarity.weights(), [0.5, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5]);
    }

    #[test]
    fn what_one_other_has_is_no_template() {
        let other = Family::of(&reading("the ferry sails at noon"));
        let rarity = Rarity::among(&reading("the ferry sails at noon"), [&other]);
        assert_eq!(rarity.weights(), [1.0; 5]);
    }

    #[test]
    fn texts_shorter_than_a_run_have_weights_too() {
        let other = Family::of(&reading("noon"));
        assert_eq!(Rarity::among(&reading("noon"), [&other, &other]).weights(), [0.5]);
        assert_eq!(Rarity::among(&reading(""), [&other]).weights(), [] as [f32; 0]);
    }
}

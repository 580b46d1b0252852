//! How much a word of a document tells of that document and not of its kind.
//!
//! What a document shares with many others (mastheads, forms, the sentences of a template) says little
//! about whether two of them tell the same story. A word weighs 1 where it stands in a run of words that
//! no other family has, and less the more families have it. Families, not documents: the hundred
//! versions of one page are one family, or a story would count the less the more it is copied.

use super::words::Reading;

/// Words in a run.
const RUN: usize = 3;

/// The runs of words of one document, for weighing others by.
#[derive(Clone, Debug, Default)]
pub struct Family(Vec<u64>);

impl Family {
    /// The distinct runs of a reading.
    pub fn of(reading: &Reading) -> Self {
        let mut runs: Vec<u64> = runs(reading).collect();
        runs.sort_unstable();
        runs.dedup();
        Self(runs)
    }

    /// How much memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.0.len() * 8
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
        let own: Vec<u64> = runs(reading).collect();
        let mut order: Vec<(u64, u32)> = own.iter().copied().zip(0..).collect();
        order.sort_unstable();
        let mut counts = vec![0u32; own.len()];
        for other in others {
            count(&order, &other.0, &mut counts);
        }
        let weights: Vec<f32> = counts.iter().map(|count| 1.0 / (*count).max(1) as f32).collect();
        let weigh = |word: usize| {
            let first = word.saturating_sub(RUN - 1);
            let last = word.min(weights.len().saturating_sub(1));
            weights.get(first..=last).unwrap_or_default().iter().copied().fold(0.0, f32::max)
        };
        Self((0..reading.len()).map(weigh).collect())
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

/// Adds one to the count of every run that the other family has; both are in the order of their runs.
fn count(own: &[(u64, u32)], other: &[u64], counts: &mut [u32]) {
    let mut other = other.iter().peekable();
    for (run, at) in own {
        while other.next_if(|theirs| *theirs < run).is_some() {}
        if other.peek() == Some(&run)
            && let Some(count) = counts.get_mut(*at as usize)
        {
            *count += 1;
        }
    }
}

/// Every run of a reading, in order; a reading shorter than a run is one run.
fn runs(reading: &Reading) -> impl Iterator<Item = u64> {
    let ids = reading.ids();
    ids.windows(RUN.min(ids.len().max(1))).map(|run| {
        run.iter()
            .fold(0u64, |hash, id| (hash ^ id).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31))
    })
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

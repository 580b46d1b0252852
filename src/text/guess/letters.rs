//! How often letters follow each other, language by language.
//!
//! The figures are read from `pairs.txt`, which says where they come from; nothing is learnt here.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A language's letters.
pub(super) struct Model {
    places: HashMap<char, u8>,
    shares: Vec<u8>,
    /// A row for each letter: the costs of those that follow it.
    pairs: Vec<u8>,
    /// Written in Latin letters.
    pub(super) is_latin: bool,
}

/// The languages by their tags.
pub(super) static MODELS: LazyLock<HashMap<&'static str, Model>> = LazyLock::new(|| {
    let lines = include_str!("pairs.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(model).collect()
});

fn model(line: &'static str) -> Option<(&'static str, Model)> {
    let mut fields = line.split(' ');
    let (tag, letters, shares) = (fields.next()?, fields.next()?, fields.next()?);
    let places = letters.chars().zip(0..).collect();
    let digits = |field: &str| field.bytes().map(digit).collect::<Vec<u8>>();
    let pairs = fields.flat_map(digits).collect();
    Some((tag, Model { places, shares: digits(shares), pairs, is_latin: letters.starts_with('a') }))
}

fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'z' => byte - b'a' + 10,
        b'A'..=b'Z' => byte - b'A' + 36,
        _ => u8::MAX,
    }
}

impl Model {
    /// The place of a letter in the alphabet.
    pub(super) fn place(&self, letter: char) -> Option<u8> {
        self.places.get(&letter).copied()
    }

    /// What a letter costs by itself.
    pub(super) fn share(&self, place: u8) -> u64 {
        self.shares.get(usize::from(place)).copied().map_or(61, u64::from)
    }

    /// What the second letter costs after the first.
    pub(super) fn pair(&self, first: u8, second: u8) -> u64 {
        let place = usize::from(first) * self.shares.len() + usize::from(second);
        self.pairs.get(place).copied().map_or(61, u64::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_whole() {
        assert_eq!(MODELS.len(), 43);
        for (tag, model) in MODELS.iter() {
            let letters = model.places.len();
            assert_eq!(model.shares.len(), letters, "{tag}");
            assert_eq!(model.pairs.len(), letters * letters, "{tag}");
            assert!(model.pairs.iter().chain(&model.shares).all(|cost| *cost <= 61), "{tag}");
        }
    }

    #[test]
    fn common_pairs_cost_less_than_rare_ones() {
        let russian = &MODELS["ru"];
        let cost = |a, b| russian.pair(russian.place(a).unwrap(), russian.place(b).unwrap());
        assert!(cost('с', 'т') < cost('с', 'й'));
        assert!(
            russian.share(russian.place('о').unwrap()) < russian.share(russian.place('ф').unwrap())
        );
    }
}

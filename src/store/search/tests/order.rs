//! The order of hits is that of the formula, worked out word by word on the texts themselves.

use super::Archive;
use crate::store::rank::{B, K1};
use crate::text::words::words;

/// What stands in `rank` and `candidates`, said once more.
const TITLE: f64 = 3.0;
const WHOLE: f64 = 0.25;
const PAIR: f64 = 0.2;
const RARITY: f64 = 1.2;
const KIND: f64 = 0.6;

/// Three words that a question may have, beside words that fill; no two of one stem.
const ASKED: [&str; 3] = ["ferry", "harbour", "ice"];
const FILLING: [&str; 9] = ["crew", "lamp", "rope", "mast", "salt", "oak", "dawn", "wave", "flag"];

/// Draws numbers that look as if there was no order in them (Lehmer 1951).
fn draw(state: &mut u64, below: usize) -> usize {
    *state = *state * 48_271 % 2_147_483_647;
    (*state % below as u64) as usize
}

/// A text with a number that no other text has.
fn text(state: &mut u64, number: usize, length: usize) -> String {
    let word = |_| match draw(state, 20) {
        asked @ 0..3 => ASKED[asked],
        _ => FILLING[draw(state, FILLING.len())],
    };
    let mut all: Vec<&str> = (0..length).map(word).collect();
    let number = format!("n{number}");
    all.push(&number);
    all.join(" ")
}

/// How often each word and each pair of neighbours of the question stands.
fn times(text: &str) -> [f64; 5] {
    let words: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
    let single = |asked: &str| words.iter().filter(|word| *word == asked).count() as f64;
    let pair = |one: usize| {
        let next_to = |pair: &&[String]| pair[0] == ASKED[one] && pair[1] == ASKED[one + 1];
        words.windows(2).filter(next_to).count() as f64
    };
    [single(ASKED[0]), single(ASKED[1]), single(ASKED[2]), pair(0), pair(1)]
}

fn length(text: &str) -> f64 {
    words(text).len() as f64
}

/// The passages in the order of the formula: document by document, the title first in each.
fn in_order(documents: &[Vec<String>]) -> Vec<String> {
    let all: Vec<&String> = documents.iter().flatten().collect();
    let words: f64 = all.iter().map(|text| length(text)).sum();
    let telling: Vec<f64> = (0..5)
        .map(|clause| {
            let found = all.iter().filter(|text| times(text)[clause] > 0.0).count() as f64;
            let rarity = (1.0 + (all.len() as f64 - found + 0.5) / (found + 0.5)).ln();
            if clause < 3 { rarity.powf(RARITY) } else { PAIR * rarity }
        })
        .collect();
    let bm25 = |times: [f64; 5], length: f64| -> f64 {
        let k = K1 * (1.0 - B + B * length);
        (0..5)
            .map(|clause| telling[clause] * times[clause] * (K1 + 1.0) / (times[clause] + k))
            .sum()
    };
    let mut scored = Vec::new();
    for document in documents {
        let average = words / documents.len() as f64;
        let sum = |text: &[String]| -> f64 { text.iter().map(|text| length(text)).sum() };
        let add = |one: [f64; 5], other: [f64; 5], by: f64| -> [f64; 5] {
            std::array::from_fn(|clause| one[clause] + by * other[clause])
        };
        let found = document.iter().fold([0.0; 5], |all, text| add(all, times(text), 1.0));
        let whole = WHOLE * bm25(found, sum(document) / average);
        let average = words / all.len() as f64;
        for (place, text) in document.iter().enumerate() {
            if times(text) == [0.0; 5] {
                continue;
            }
            let score = if place == 0 {
                KIND * bm25(times(text), length(text) / average)
            } else {
                let long = length(text) + TITLE * length(&document[0]);
                bm25(add(times(text), times(&document[0]), TITLE), long / average)
            };
            scored.push((score + whole, scored.len(), text.clone()));
        }
    }
    scored.sort_by(|one, next| next.0.total_cmp(&one.0).then(one.1.cmp(&next.1)));
    scored.into_iter().map(|(.., text)| text).collect()
}

#[test]
fn hits_come_in_the_order_of_the_formula() {
    for seed in 1..6 {
        let mut state = seed;
        let mut number = 0;
        let documents: Vec<Vec<String>> = (0..120)
            .map(|_| {
                let paragraphs = 1 + draw(&mut state, 7);
                let mut text = |length: usize| {
                    number += 1;
                    text(&mut state, number, length)
                };
                let mut document = vec![text(3)];
                document.extend((0..paragraphs).map(|place| text(4 + 5 * place)));
                document
            })
            .collect();
        let mut archive = Archive::new();
        for document in &documents {
            let kinds = std::iter::once("title").chain(std::iter::repeat("body"));
            let lines: Vec<_> =
                kinds.zip(document).map(|(kind, text)| (kind, text.as_str(), "", None)).collect();
            archive.add(&lines);
        }
        let sql = "SELECT text FROM search('ferry harbour ice') WHERE all_copies = 1 ORDER BY rank";
        assert_eq!(archive.list(sql), in_order(&documents), "seed {seed}");
    }
}

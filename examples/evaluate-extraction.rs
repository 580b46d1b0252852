//! Measures how well main text is told from the rest of web pages, against pages read by people.
//!
//! The folder has `pages/*.html` and `gold.jsonl` with `{"file": …, "text": …}` a line. Nothing is
//! stored; run it with
//! `cargo run --release --example evaluate-extraction -- FOLDER`.

#![allow(clippy::print_stdout, reason = "an example reports on the standard output")]

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use fonds::format::{self, Input, Options};
use fonds::model::{Extract, Kind};
use serde::Deserialize;

#[derive(Deserialize)]
struct Gold {
    file: String,
    text: String,
}

/// Sums over pages.
#[derive(Default)]
struct Sums {
    precision: f64,
    recall: f64,
    f1: f64,
    pages: f64,
    time: Duration,
}

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("give the folder with pages/ and gold.jsonl")?;
    let folder = Path::new(&folder);
    let gold =
        std::fs::read_to_string(folder.join("gold.jsonl")).context("cannot read gold.jsonl")?;
    let mut sums = Sums::default();
    for line in gold.lines() {
        let gold: Gold = serde_json::from_str(line).context("cannot read a line of gold.jsonl")?;
        let page = folder.join("pages").join(&gold.file);
        let bytes = std::fs::read(&page).with_context(|| format!("cannot read {}", gold.file))?;
        let begun = Instant::now();
        let input = Input { bytes: &bytes, name: &gold.file, options: &Options::default() };
        let read = (format::of(&gold.file, &bytes).read)(&input);
        sums.time += begun.elapsed();
        let text = read.as_ref().map(main_text).unwrap_or_default();
        let (precision, recall) = precision_and_recall(&tokens(&gold.text), &tokens(&text));
        let f1 = harmonic_mean(precision, recall);
        if f1 < 0.8 {
            println!("{f1:.3}  precision {precision:.3}  recall {recall:.3}  {}", gold.file);
        }
        sums.precision += precision;
        sums.recall += recall;
        sums.f1 += f1;
        sums.pages += 1.0;
    }
    let mean = |sum: f64| sum / sums.pages;
    let (precision, recall) = (mean(sums.precision), mean(sums.recall));
    println!(
        "{} pages: token precision {precision:.4}, recall {recall:.4}, F1 of the means {:.4}, mean F1 {:.4}; {:.0} pages a second",
        sums.pages,
        harmonic_mean(precision, recall),
        mean(sums.f1),
        sums.pages / sums.time.as_secs_f64(),
    );
    Ok(())
}

/// The text without the page around it and without the title, which the gold leaves out.
fn main_text(extract: &Extract) -> String {
    let is_main = |kind: Kind| !matches!(kind, Kind::Title | Kind::Boilerplate);
    let paragraphs = extract.paragraphs.iter().filter(|paragraph| is_main(paragraph.kind));
    paragraphs.map(|paragraph| &*paragraph.text).collect::<Vec<_>>().join("\n")
}

fn tokens(text: &str) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    counts
}

fn precision_and_recall(
    gold: &HashMap<String, usize>,
    found: &HashMap<String, usize>,
) -> (f64, f64) {
    let shared: usize =
        gold.iter().map(|(word, count)| found.get(word).copied().unwrap_or(0).min(*count)).sum();
    let share = |of: usize| if of == 0 { 0.0 } else { shared as f64 / of as f64 };
    (share(found.values().sum()), share(gold.values().sum()))
}

fn harmonic_mean(precision: f64, recall: f64) -> f64 {
    if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
}

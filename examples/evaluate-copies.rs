//! Measures whether copies crowd a search: plants copies beside documents, asks questions, and counts
//! how many of the first ten hits say again what a hit above them said.
//!
//! ```sh
//! cargo run --release --example evaluate-copies -- FOLDER QUESTIONS [--show] [--keep ARCHIVE]
//! ```
//!
//! The files of FOLDER that end in .txt are the documents. A line of QUESTIONS is a question, a tab, and the beginning of
//! the paragraph that answers it, or any stretch of it. Beside each document are planted: its bytes, the
//! text with other quotation marks and line ends, the text between a site's masthead and footer, the text
//! with 2 % of its letters misread, and a note that quotes its longest paragraph; and one bulletin of whole
//! documents. A hit repeats another if six in ten runs of five letters of the shorter one (nine in ten
//! of a short one) stand in the longer one, which is not how the search itself tells. `--show` names every
//! question missed; `--keep` makes the archive at a place where it stays.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command of its own, which prints its figures"
)]

#[path = "shared/altered.rs"]
mod altered;
mod shared;

use altered::{misread, requoted, wrapped};
use anyhow::{Context, Result, bail};
use fonds::model::Value;
use fonds::store::{Limits, Reader};
use fonds::text::normalize::fold_tight;
use shared::load;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const DEPTH: usize = 10;
const REPEATS: f64 = 0.6;

/// A text of fewer runs repeats another only if all but one in ten of them stand there.
const SHORT: usize = 60;

fn main() -> Result<()> {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    let show = paths.iter().any(|path| path == "--show");
    paths.retain(|path| path != "--show");
    let keep = paths.iter().position(|path| path == "--keep");
    let kept = keep.map(|at| paths.drain(at..(at + 2).min(paths.len())).next_back());
    let [folder, questions] = paths.as_slice() else {
        bail!("name a folder of documents and a file of questions")
    };
    let work = tempfile::tempdir()?;
    let archive = kept.flatten().map_or_else(|| work.path().join("copies.db"), PathBuf::from);
    let planted = plant(Path::new(folder), work.path())?;
    load(&archive, vec![work.path().join("originals"), work.path().join("planted")])?;
    let reader = Reader::open(&archive, &Limits::default())?;
    let questions = fs::read_to_string(questions)
        .with_context(|| format!("cannot read the questions in {questions}"))?;
    let questions: Vec<(&str, &str)> =
        questions.lines().filter_map(|line| line.split_once('\t')).collect();
    println!("{} questions, {planted} copies planted", questions.len());
    for (name, all_copies) in [("one hit per story", 0), ("--all-copies", 1)] {
        let told = ask(&reader, &questions, all_copies, show && all_copies == 0)?;
        println!(
            "{name:<18} right paragraph first {:>3}, among the first ten {:>3}; repeated {:>3} of {:>3} hits ({:.1} %)",
            told.first,
            told.found,
            told.repeated,
            told.hits,
            100.0 * told.repeated as f64 / told.hits.max(1) as f64
        );
    }
    Ok(())
}

/// What the hits of all questions together were.
#[derive(Default)]
struct Told {
    first: usize,
    found: usize,
    hits: usize,
    repeated: usize,
}

fn ask(reader: &Reader, questions: &[(&str, &str)], all_copies: i64, show: bool) -> Result<Told> {
    let mut told = Told::default();
    for (question, answer) in questions {
        let texts = find(reader, question, all_copies)?;
        let answer = runs(answer);
        let place = texts.iter().position(|text| contained(&answer, &runs(text)) >= 0.8);
        told.first += usize::from(place == Some(0));
        told.found += usize::from(place.is_some());
        told.hits += texts.len();
        if show && place != Some(0) {
            let first = texts.first().map_or("", String::as_str);
            println!("  {question}\n    at {place:?}; first is {first:.70?}");
        }
        let all: Vec<HashSet<String>> = texts.iter().map(|text| runs(text)).collect();
        for (at, one) in all.iter().enumerate() {
            let repeats = |above: &HashSet<String>| {
                let (short, long) =
                    if one.len() < above.len() { (one, above) } else { (above, one) };
                contained(short, long) >= if short.len() < SHORT { 0.9 } else { REPEATS }
            };
            if all.iter().take(at).any(repeats) {
                told.repeated += 1;
                if show {
                    println!("  {question}\n    repeats {:.70?}", texts.get(at));
                }
            }
        }
    }
    Ok(told)
}

/// Runs of five letters, all that folds alike being alike.
fn runs(text: &str) -> HashSet<String> {
    let letters: Vec<char> = fold_tight(text).chars().filter(|c| c.is_alphanumeric()).collect();
    letters.windows(5.min(letters.len().max(1))).map(|run| run.iter().collect()).collect()
}

fn contained(short: &HashSet<String>, long: &HashSet<String>) -> f64 {
    short.intersection(long).count() as f64 / short.len().max(1) as f64
}

/// Writes the copies into the folder `planted`; returns how many there are.
fn plant(folder: &Path, work: &Path) -> Result<usize> {
    let mut texts = Vec::new();
    let entries = fs::read_dir(folder)
        .with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|name| name == "txt")) {
        if let (Ok(text), Some(name)) = (fs::read_to_string(path), path.file_name()) {
            fs::create_dir_all(work.join("originals"))?;
            fs::copy(path, work.join("originals").join(name))?;
            texts.push(text);
        }
    }
    let mut planted = 0;
    let mut write = |name: String, text: String| {
        planted += 1;
        let place = work.join("planted").join(name);
        fs::create_dir_all(place.parent().unwrap_or(work))?;
        fs::write(place, text)
    };
    for (number, text) in texts.iter().enumerate() {
        write(format!("mirror/{number}.txt"), text.clone())?;
        write(format!("quotes/{number}.txt"), requoted(text))?;
        write(format!("site/{number}.txt"), wrapped(text))?;
        write(format!("scan/{number}.txt"), misread(text, number as u64))?;
        let longest = text.split('\n').max_by_key(|line| line.len()).unwrap_or_default();
        write(
            format!("notes/{number}.txt"),
            format!(
                "Reading notes, part {number}\n\nOne paragraph is worth keeping:\n\n{longest}\n\nTo be compared with what we have from last year.\n"
            ),
        )?;
    }
    let bulletin: Vec<&str> = texts.iter().step_by(2).map(String::as_str).collect();
    write(
        "bulletin.txt".to_owned(),
        format!("Bulletin of the reading room, number 7\n\n{}\n", bulletin.join("\n\n* * *\n\n")),
    )?;
    Ok(planted)
}

/// The texts of the first hits, the best first.
fn find(reader: &Reader, words: &str, all_copies: i64) -> Result<Vec<String>> {
    let sql = "SELECT text FROM search(:words) WHERE all_copies = :all ORDER BY rank";
    let words = Value::Text(words.to_owned());
    shared::ask(reader, sql, &[("words", words), ("all", Value::Integer(all_copies))], DEPTH)
}

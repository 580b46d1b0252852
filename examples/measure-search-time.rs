//! Measures how long `search()` takes on a large archive, against `ORDER BY rank` of FTS5 on the same
//! file.
//!
//! ```sh
//! cargo run --release --example measure-search-time -- ARCHIVE [--queries FILE] [--cjk] [--each]
//! ```
//!
//! Sixty questions are made from the archive's own words, from the rarest to stopwords: single words,
//! two words, both of two, phrases. `--cjk` takes the beginnings of sixty Chinese, Japanese and Korean
//! paragraphs instead, and `--queries` the lines of a file. Each is asked three times, ten hits with
//! their snippets; what counts is the least CPU time of the thread, so other work on the machine does not.

#![allow(clippy::print_stdout, reason = "a command of its own, which prints its figures")]

use anyhow::{Context, Result, bail};
use fonds::model::{Flow, Sink, Value};
use fonds::store::{Limits, Reader};
use rustix::time::{ClockId, clock_gettime};
use std::io;
use std::path::PathBuf;

const SEARCH: &str = "SELECT passage_id, snippet FROM search(:words) ORDER BY rank LIMIT 10";
const RANK: &str =
    "SELECT rowid, 1 FROM passage_index WHERE passage_index MATCH :words ORDER BY rank LIMIT 10";
const RUNS: usize = 3;

/// A question, and how FTS5 is asked it.
struct Question {
    words: String,
    expression: String,
}

fn main() -> Result<()> {
    let mut archive = None;
    let (mut file, mut cjk, mut each) = (None, false, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--queries" => file = Some(arguments.next().context("--queries wants a file")?),
            "--cjk" => cjk = true,
            "--each" => each = true,
            _ => archive = Some(PathBuf::from(argument)),
        }
    }
    let Some(archive) = archive else { bail!("name the archive to measure on") };
    let reader = Reader::open(&archive, &Limits::default())?;
    let questions = match file {
        Some(file) => std::fs::read_to_string(file)?.lines().map(plain).collect(),
        None if cjk => beginnings(&reader)?,
        None => words(&reader)?,
    };
    let (mut ours, mut ranks) = (Vec::new(), Vec::new());
    for question in &questions {
        let our = least(&reader, SEARCH, &question.words)?;
        // FTS5 without our segmentation has no equal for a CJK question.
        let rank = if cjk { 0.0 } else { least(&reader, RANK, &question.expression)? };
        if each {
            println!("{our:>9.3} {rank:>9.3}  {}", question.words);
        }
        ours.push(our);
        ranks.push(rank);
    }
    println!("{} questions, ms of CPU time", questions.len());
    report("search()", &mut ours);
    if !cjk {
        report("ORDER BY rank", &mut ranks);
        let sum = |times: &[f64]| times.iter().sum::<f64>();
        println!("rank / search: {:.2}", sum(&ranks) / sum(&ours));
    }
    Ok(())
}

fn report(name: &str, times: &mut [f64]) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let at = ((times.len().max(1) - 1) as f64 * share).round() as usize;
        times.get(at).copied().unwrap_or_default()
    };
    println!(
        "{name:<14} p50 {:>8.2}  p90 {:>8.2}  p99 {:>8.2}  sum {:>9.1}",
        at(0.5),
        at(0.9),
        at(0.99),
        times.iter().sum::<f64>()
    );
}

fn least(reader: &Reader, sql: &str, words: &str) -> Result<f64> {
    let mut least = f64::INFINITY;
    for _ in 0..RUNS {
        let begun = now();
        rows(reader, sql, words)?;
        least = least.min(now() - begun);
    }
    Ok(least)
}

/// The CPU time of this thread so far, in milliseconds.
fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// The first column of every row, as text.
fn rows(reader: &Reader, sql: &str, words: &str) -> Result<Vec<String>> {
    let parameters = [("words".to_owned(), Value::Text(words.to_owned()))];
    let mut taken = Taken(Vec::new());
    let asked = reader.select(sql, &parameters, None, &mut taken);
    asked.map_err(|complaint| anyhow::anyhow!("{}", complaint.describe(sql)))?;
    Ok(taken.0)
}

struct Taken(Vec<String>);

impl Sink for Taken {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        if let Some(Value::Text(text)) = cells.first() {
            self.0.push(text.clone());
        }
        Ok(Flow::More)
    }
}

/// A question of bare words, any of which will do.
fn plain(words: &str) -> Question {
    let quoted: Vec<String> = words.split_whitespace().map(|word| format!("\"{word}\"")).collect();
    Question { words: words.to_owned(), expression: quoted.join(" OR ") }
}

/// Sixty questions in Latin and Cyrillic letters, from what the archive holds.
fn words(reader: &Reader) -> Result<Vec<Question>> {
    // Words of letters alone, the most frequent first; which share of them a question takes its word
    // from makes it common or rare.
    let sql = "SELECT term FROM passage_vocabulary
               WHERE term GLOB '[a-zа-я][a-zа-я]*' AND term NOT GLOB '*[^a-zа-я]*' AND :words = ''
               ORDER BY doc DESC, term";
    let all = rows(reader, sql, "")?;
    let word = |rank: usize| all.get(rank.min(all.len() - 1)).map_or("", String::as_str);
    let ranks = [0, 1, 2, 3, 4, 6, 8, 11, 15, 20, 28, 40, 60, 90, 130, 180, 250, 350, 500, 700];
    let ranks =
        ranks.into_iter().chain([1000, 1500, 2500, 4000, 7000, 12000, 20000, 35000, 50000, 70000]);
    let mut questions: Vec<Question> = ranks.map(|rank| plain(word(rank))).collect();
    for (one, two) in [
        (0, 2),
        (3, 20),
        (10, 40),
        (60, 130),
        (90, 500),
        (200, 250),
        (400, 2500),
        (900, 1000),
        (3000, 9000),
        (15000, 30000),
    ] {
        questions.push(plain(&format!("{} {}", word(one), word(two))));
        let both = format!("{} AND {}", word(one), word(two));
        questions.push(Question { expression: both.clone(), words: both });
    }
    let sql = "SELECT substr(text, 1, 60) FROM passage
               WHERE id % 4999 = 7 AND text GLOB '[A-Za-z]* [a-z]* [a-z]* [a-z]*' AND :words = ''
               ORDER BY id LIMIT 10";
    for text in rows(reader, sql, "")? {
        let letters = text.replace(|c: char| !c.is_alphabetic(), " ");
        let words: Vec<&str> = letters.split_whitespace().skip(1).take(2).collect();
        let phrase = format!("\"{}\"", words.join(" "));
        questions.push(Question { expression: phrase.clone(), words: phrase });
    }
    Ok(questions)
}

/// The beginnings of sixty paragraphs in Chinese, Japanese and Korean, of a question's length.
fn beginnings(reader: &Reader) -> Result<Vec<Question>> {
    let sql = "SELECT substr(text, 1, 20) FROM passage_text
               WHERE cjk AND length(text) > 60 AND id % 499 = 3 AND :words = '' ORDER BY digest LIMIT 60";
    Ok(rows(reader, sql, "")?.iter().map(|words| plain(words)).collect())
}

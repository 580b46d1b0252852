//! Measures how well `search()` finds documents on labelled sets, through the public surface alone:
//! documents are ingested as a user would, questions asked in SQL.
//!
//! ```sh
//! cargo run --release --example evaluate-search -- [--queries N] [--half 0|1] [--keep FOLDER] FOLDER…
//! ```
//!
//! `--half` asks every second query only, so that weights chosen on one half can be judged on the other.
//! `--keep` keeps the archives made, and takes those that an earlier run has kept.
//!
//! A folder is a set: `docs.jsonl` with the fields `id`, `title` and `text`; `queries.tsv` with the
//! query's id and its text; `qrels.tsv` with query, document and grade. The measure is nDCG@10 with
//! linear gain (Järvelin and Kekäläinen 2002, as trec_eval computes it) over the queries that have a
//! relevant document; a document stands where its best paragraph stands. Copies are
//! hits too: where a set holds one text twice, its labels name one of the two.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command of its own, which prints its figures"
)]

mod shared;

use anyhow::{Context, Result, bail};
use fonds::model::Value;
use fonds::store::{Limits, Reader};
use shared::{ask, load};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

const DEPTH: usize = 10;

fn main() -> Result<()> {
    let mut asked = Asked { most: usize::MAX, half: None, keep: None };
    let mut folders = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--queries" => {
                asked.most = arguments.next().context("--queries wants a number")?.parse()?;
            }
            "--half" => {
                asked.half = Some(arguments.next().context("--half wants 0 or 1")?.parse()?);
            }
            "--keep" => {
                asked.keep = Some(arguments.next().context("--keep wants a folder")?.into());
            }
            _ => folders.push(PathBuf::from(argument)),
        }
    }
    if folders.is_empty() {
        bail!("name the folders of sets to measure on");
    }
    println!(
        "{:<16} {:>9} {:>8} {:>8} {:>9} {:>9}",
        "set", "documents", "queries", "nDCG@10", "p50 ms", "p99 ms"
    );
    for folder in folders {
        measure(&folder, &asked)
            .with_context(|| format!("cannot measure on {}", folder.display()))?;
    }
    Ok(())
}

/// What to measure.
struct Asked {
    /// At most so many queries of a set.
    most: usize,
    /// Only those whose place in the file leaves this remainder by two.
    half: Option<usize>,
    /// Where archives are kept from run to run.
    keep: Option<PathBuf>,
}

fn measure(folder: &Path, asked: &Asked) -> Result<()> {
    let work = tempfile::tempdir()?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let archive = asked.keep.as_deref().unwrap_or(work.path()).join(format!("{name}.db"));
    let counts = load(&archive, vec![folder.join("docs.jsonl")])?;
    let stored = counts.stored + counts.known;
    let qrels = fs::read_to_string(folder.join("qrels.tsv"))?;
    let grades = grades(&qrels);
    let reader = Reader::open(&archive, &Limits::default())?;
    let queries = fs::read_to_string(folder.join("queries.tsv"))?;
    let (mut sum, mut times) = (0.0, Vec::new());
    for (at, line) in queries.lines().enumerate() {
        if asked.half.is_some_and(|half| at % 2 != half) {
            continue;
        }
        let Some((id, words)) = line.split_once('\t') else { continue };
        let Some(grades) = grades.get(id) else { continue };
        if times.len() == asked.most {
            break;
        }
        let begun = Instant::now();
        let found = find(&reader, words)?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        sum += ndcg(&found, grades);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        times
            .get(((times.len() as f64 - 1.0) * share).round() as usize)
            .copied()
            .unwrap_or_default()
    };
    println!(
        "{:<16} {stored:>9} {:>8} {:>8.4} {:>9.2} {:>9.2}",
        name,
        times.len(),
        sum / times.len().max(1) as f64,
        at(0.5),
        at(0.99),
    );
    Ok(())
}

/// The identifiers of the documents that answer the words, the best first.
fn find(reader: &Reader, words: &str) -> Result<Vec<String>> {
    let sql = "SELECT metadata.value FROM search(:words) AS hit
               JOIN metadata ON metadata.document_id = hit.document_id
                   AND metadata.name = 'identifier'
               WHERE hit.all_copies = 1
               ORDER BY hit.rank";
    ask(reader, sql, &[("words", Value::Text(words.to_owned()))], DEPTH)
}

fn grades(qrels: &str) -> HashMap<&str, HashMap<&str, f64>> {
    let mut grades: HashMap<&str, HashMap<&str, f64>> = HashMap::new();
    for line in qrels.lines() {
        let mut cells = line.split('\t');
        let (Some(query), Some(document), Some(grade)) = (cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        if let Ok(grade) = grade.parse::<f64>()
            && grade > 0.0
        {
            grades.entry(query).or_default().insert(document, grade);
        }
    }
    grades
}

fn ndcg(found: &[String], grades: &HashMap<&str, f64>) -> f64 {
    let gain = |rank: usize, grade: f64| grade / ((rank + 2) as f64).log2();
    let won = found.iter().take(DEPTH).enumerate();
    let won: f64 =
        won.map(|(rank, id)| gain(rank, grades.get(id.as_str()).copied().unwrap_or(0.0))).sum();
    let mut ideal: Vec<f64> = grades.values().copied().collect();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let best: f64 =
        ideal.into_iter().take(DEPTH).enumerate().map(|(rank, grade)| gain(rank, grade)).sum();
    if best > 0.0 { won / best } else { 0.0 }
}

//! Measures how well documents that tell one story are found on labelled sets, through the public
//! surface alone: documents are ingested as a user would, clusters and relations read in SQL.
//!
//! ```sh
//! cargo run --release --example evaluate-duplicates -- [--keep FOLDER] SET…
//! ```
//!
//! A set is a folder: `docs.jsonl` with the fields `id` and `text`; `gold.tsv` with a document's id and
//! the name of its cluster. Precision, recall and F1 are over pairs of documents: found are pairs with
//! equal `document.cluster_id`, then pairs in `relation`, of whatever kind. `--keep` leaves the archives
//! in that folder.

#![allow(clippy::print_stdout, reason = "a command of its own, which prints its figures")]

mod pairs;
mod shared;

use anyhow::{Context, Result, bail};
use fonds::model::Value;
use fonds::store::{Limits, Reader};
use pairs::rows;
use shared::load;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

const CLUSTERS: &str = "SELECT location, cluster_id FROM document
    JOIN sighting ON sighting.document_id = document.id";
const RELATIONS: &str = "SELECT a.location, b.location FROM relation
    JOIN sighting AS a ON a.document_id = left_id JOIN sighting AS b ON b.document_id = right_id";
const COMPARED: &str = "SELECT '', count(*) FROM comparison";

fn main() -> Result<()> {
    let mut keep = None;
    let mut sets = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--keep" {
            keep = Some(PathBuf::from(arguments.next().context("--keep wants a folder")?));
        } else {
            sets.push(PathBuf::from(argument));
        }
    }
    if sets.is_empty() {
        bail!("name the folders of sets to measure on");
    }
    println!(
        "{:<22} {:>9} {:>7} {:>8} | {:>9} {:>6} {:>6} | {:>9} {:>6} {:>6}",
        "set",
        "documents",
        "pairs",
        "compared",
        "precision",
        "recall",
        "F1",
        "relations",
        "recall",
        "F1"
    );
    for set in sets {
        measure(&set, keep.as_deref())
            .with_context(|| format!("cannot measure on {}", set.display()))?;
    }
    Ok(())
}

fn measure(set: &Path, keep: Option<&Path>) -> Result<()> {
    let name = set.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let work = tempfile::tempdir()?;
    let archive = keep.unwrap_or(work.path()).join(format!("{name}.db"));
    let docs = set.join("docs.jsonl");
    let stored = load(&archive, vec![docs.clone()])?.stored;
    let gold = gold(&docs, &fs::read_to_string(set.join("gold.tsv"))?)?;
    let reader = Reader::open(&archive, &Limits::default())?;
    let mut clusters: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (location, cluster) in rows(&reader, CLUSTERS)? {
        if let (Some(record), Value::Integer(cluster)) = (record(&location), cluster) {
            clusters.entry(cluster).or_default().push(record);
        }
    }
    let same = pairs(clusters.into_values());
    let mut related = same.clone();
    for (left, right) in rows(&reader, RELATIONS)? {
        let Value::Text(right) = right else { continue };
        if let (Some(a), Some(b)) = (record(&left), record(&right)) {
            related.insert((a.min(b), a.max(b)));
        }
    }
    let compared = match rows(&reader, COMPARED)?.pop() {
        Some((_, Value::Integer(count))) => count,
        _ => 0,
    };
    let mut labelled: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (record, cluster) in &gold {
        labelled.entry(cluster).or_default().push(*record);
    }
    let truth = pairs(labelled.into_values());
    let (precision, recall, f1) = scores(&same, &truth);
    let (wide, wide_recall, wide_f1) = scores(&related, &truth);
    println!(
        "{name:<22} {stored:>9} {:>7} {compared:>8} | {precision:>9.4} {recall:>6.4} {f1:>6.4} | {wide:>9.4} {wide_recall:>6.4} {wide_f1:>6.4}",
        truth.len(),
    );
    Ok(())
}

fn scores(found: &BTreeSet<(usize, usize)>, truth: &BTreeSet<(usize, usize)>) -> (f64, f64, f64) {
    let right = found.intersection(truth).count() as f64;
    let precision = right / found.len().max(1) as f64;
    let recall = right / truth.len().max(1) as f64;
    (precision, recall, 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE))
}

fn pairs(groups: impl Iterator<Item = Vec<usize>>) -> BTreeSet<(usize, usize)> {
    let mut pairs = BTreeSet::new();
    for mut group in groups {
        group.sort_unstable();
        for (at, one) in group.iter().enumerate() {
            pairs.extend(group.iter().skip(at + 1).map(|other| (*one, *other)));
        }
    }
    pairs
}

/// The number of the record that a location names: `…/docs.jsonl!12` is 12.
fn record(location: &str) -> Option<usize> {
    location.rsplit_once('!')?.1.parse().ok()
}

/// For each record, counted from 1, the name of its cluster.
fn gold(docs: &Path, table: &str) -> Result<HashMap<usize, String>> {
    let clusters: HashMap<&str, &str> =
        table.lines().filter_map(|line| line.split_once('\t')).collect();
    let mut gold = HashMap::new();
    for (record, line) in fs::read_to_string(docs)?.lines().enumerate() {
        let value: serde_json::Value = serde_json::from_str(line)?;
        let id = value.get("id").and_then(|id| id.as_str()).context("a record has no id")?;
        if let Some(cluster) = clusters.get(id) {
            gold.insert(record + 1, (*cluster).to_owned());
        }
    }
    Ok(gold)
}

//! Measures whether the cost of a document stays the same while an archive grows.
//!
//! ```sh
//! cargo build --release
//! cargo run --release --example measure-growth -- [--work DIR] [--fonds FILE] 10000 100000 1000000
//! ```
//!
//! For each number, so many short documents (five scripts, words by Zipf's law, a tenth near copies) are
//! ingested from one JSONL file; then one more document is ingested, a common word searched for, and
//! `info` asked. CPU time is that of whole processes.

#![allow(clippy::print_stdout, reason = "an example reports on the standard output")]

#[path = "../tests/random/mod.rs"]
mod random;
#[path = "measure-ingest/usage.rs"]
mod usage;
mod zipf;

use anyhow::{Context, Result};
use serde_json::json;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use usage::{Usage, words};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|mode| mode == "--timed") {
        return usage::timed(arguments.get(1..).unwrap_or_default());
    }
    let mut fonds = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/release/fonds");
    let (mut work, mut numbers) = (std::env::temp_dir(), Vec::new());
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--work" => work = arguments.next().context("--work wants a folder")?.into(),
            "--fonds" => fonds = arguments.next().context("--fonds wants a file")?.into(),
            number => numbers.push(number.parse::<u64>().context("give numbers of documents")?),
        }
    }
    println!(
        "| documents | text MB | CPU s | µs a document | × the first | wall s | memory MB | size ÷ text | one more, ms | search, ms | info, ms |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    let mut first = None;
    for number in numbers {
        let folder = tempfile::Builder::new().prefix("measure-growth").tempdir_in(&work)?;
        let each = grown(&fonds, folder.path(), number, first)?;
        first = first.or(Some(each));
    }
    Ok(())
}

/// Fills an archive, prints what it cost, and returns the CPU time of a document in seconds.
fn grown(fonds: &Path, folder: &Path, number: u64, first: Option<f64>) -> Result<f64> {
    let (feed, more) = (folder.join("feed.jsonl"), folder.join("more.txt"));
    let text = write(&feed, number)?;
    fs::write(&more, zipf::Document::numbered(number + 1).text())?;
    let archive = folder.join("fonds.db");
    let run = |arguments: &[&str]| -> Result<Usage> {
        let (fonds, archive) = (fonds.display(), archive.display());
        let mut command = words(&[&fonds, &"--quiet", &"--no-progress", &"--archive", &archive]);
        command.extend(arguments.iter().map(ToString::to_string));
        usage::run(&command, &[0])
    };
    let path = |path: &PathBuf| path.display().to_string();
    let whole = run(&["ingest", "--no-originals", &path(&feed)])?;
    let bytes = fs::metadata(&archive)?.len();
    let one = run(&["ingest", "--no-originals", &path(&more)])?;
    let common = zipf::Document::numbered(0).title;
    let word = common.split(' ').next().unwrap_or_default();
    let search = run(&["search", word])?;
    let info = run(&["info"])?;
    let each = whole.cpu / number as f64;
    println!(
        "| {number} | {:.1} | {:.2} | {:.1} | {:.2} | {:.1} | {:.0} | {:.2} | {:.1} | {:.1} | {:.1} |",
        text as f64 / 1e6,
        whole.cpu,
        each * 1e6,
        each / first.unwrap_or(each),
        whole.wall,
        whole.memory,
        bytes as f64 / text as f64,
        one.cpu * 1e3,
        search.cpu * 1e3,
        info.cpu * 1e3,
    );
    Ok(each)
}

/// Writes so many records; returns the bytes of their texts.
fn write(feed: &Path, number: u64) -> Result<usize> {
    let mut out = BufWriter::new(File::create(feed)?);
    let mut bytes = 0;
    for number in 0..number {
        let document = zipf::Document::numbered(number);
        let text = document.text();
        bytes += text.len();
        writeln!(out, "{}", json!({ "title": document.title, "text": text }))?;
    }
    out.flush()?;
    Ok(bytes)
}

//! Measures how fast documents are folded, sketched and grouped by their sketches, beside datasketch and
//! rensa.
//!
//! ```sh
//! pip install datasketch rensa
//! cargo run --release --example measure-sketches -- FOLDER [--python PROGRAM]
//! ```
//!
//! The texts of the folder are run together and cut into documents of 9,000 bytes, so that every run of
//! the command compares the same work. What counts is CPU time of one thread.

#![allow(clippy::print_stdout, reason = "a command of its own, which prints its figures")]

use anyhow::{Context, Result, ensure};
use fonds::dedup::leaders;
use fonds::fingerprint::Sketch;
use fonds::text::decode::decode;
use fonds::text::normalize::fold_tight;
use rustix::time::{ClockId, clock_gettime};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bytes of a document.
const LENGTH: usize = 9_000;
/// Most documents.
const MOST: usize = 20_000;

fn main() -> Result<()> {
    let mut folder = None;
    let mut python = "python3".to_owned();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--python" => python = arguments.next().context("--python wants a program")?,
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let texts = documents(&folder.context("name a folder with texts")?)?;
    ensure!(!texts.is_empty(), "the folder has no text of {LENGTH} bytes");
    println!("{} documents of {LENGTH} bytes; documents per second of CPU time", texts.len());

    let begun = seconds();
    let folded: Vec<String> = texts.iter().map(|text| fold_tight(text)).collect();
    let with_folding = seconds();
    let sketches: Vec<Sketch> = folded.iter().map(|text| Sketch::of([text.as_str()])).collect();
    let with_sketches = seconds();
    let groups = leaders(&sketches.iter().collect::<Vec<_>>());
    let end = seconds();
    let each = |from: f64, to: f64| texts.len() as f64 / (to - from).max(1e-9);
    println!("fonds: folding alone {:.0}", each(begun, with_folding));
    println!("fonds: sketches alone {:.0}", each(with_folding, with_sketches));
    println!("fonds: groups by their bands alone {:.0}", each(with_sketches, end));
    let whole = each(begun, end);
    println!("fonds: all of it {whole:.0}");
    let leading = groups.iter().enumerate().filter(|(at, leader)| at == *leader).count();
    println!("  {leading} groups");
    for (name, speed) in peers(&python, &texts)? {
        match speed {
            Some(speed) => {
                println!("{name}: {speed:.0}; fonds is {:.0} times as fast", whole / speed)
            }
            None => println!("{name}: not installed for {python}"),
        }
    }
    Ok(())
}

/// The texts of the folder, in the order of their names, as documents of one length.
fn documents(folder: &Path) -> Result<Vec<String>> {
    let mut texts = vec![String::new()];
    for entry in ignore::WalkBuilder::new(folder).sort_by_file_name(Ord::cmp).build() {
        let entry = entry?;
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let bytes = fs::read(entry.path())?;
        let Ok(decoded) = decode(&bytes, None) else { continue };
        for line in decoded.text.lines() {
            if let Some(last) = texts.last_mut() {
                last.push_str(line);
                last.push('\n');
                if last.len() >= LENGTH {
                    texts.push(String::new());
                }
            }
        }
        if texts.len() > MOST {
            break;
        }
    }
    texts.pop();
    texts.truncate(MOST);
    Ok(texts)
}

/// What the packages of Python do with the same documents.
fn peers(python: &str, texts: &[String]) -> Result<Vec<(String, Option<f64>)>> {
    let mut file = tempfile::NamedTempFile::new()?;
    for text in texts.iter().take(4_000) {
        writeln!(file, "{}", serde_json::to_string(text)?)?;
    }
    let output = Command::new(python)
        .args(["-c", include_str!("peers.py")])
        .arg(file.path())
        .output()
        .with_context(|| format!("cannot run {python}"))?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout)?;
    let speeds = lines.lines().filter_map(|line| line.split_once(' '));
    Ok(speeds.map(|(name, speed)| (name.to_owned(), speed.parse().ok())).collect())
}

/// CPU time of this thread so far.
fn seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

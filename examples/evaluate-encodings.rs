//! Measures how many files in legacy encodings are decoded to the text that their encoding gives.
//!
//! The folder has `files/` and `gold.tsv` with a path under it and the name of its encoding a line.
//! The truth is what that codec makes of the bytes: `encoding_rs` where it has the codec, else the
//! program `iconv`, so that no table of fonds judges itself. Nothing is stored; run it with
//! `cargo run --release --example evaluate-encodings -- FOLDER`.

#![allow(clippy::print_stdout, reason = "an example reports on the standard output")]

use std::collections::BTreeMap;
use std::io::Write;
use std::panic::catch_unwind;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use encoding_rs::Encoding;
use fonds::text::decode::decode;

/// What became of one file.
enum Outcome {
    Same,
    /// Another text than the truth, or none; in words.
    Miss(String),
    Panic,
}

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("give the folder with files/ and gold.tsv")?;
    let folder = Path::new(&folder);
    let gold = std::fs::read_to_string(folder.join("gold.tsv")).context("cannot read gold.tsv")?;
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut files, mut same, mut panics) = (0_usize, 0_usize, 0_usize);
    let mut time = Duration::ZERO;
    for line in gold.lines().skip(1) {
        let mut fields = line.split('\t');
        let (Some(path), Some(named)) = (fields.next(), fields.next()) else { continue };
        let bytes = std::fs::read(folder.join("files").join(path))
            .with_context(|| format!("cannot read {path}"))?;
        let truth = truth(&bytes, named).with_context(|| format!("no truth for {path}"))?;
        let begun = Instant::now();
        let outcome = compare(&bytes, &truth);
        time += begun.elapsed();
        let count = counts.entry(named).or_default();
        count.1 += 1;
        files += 1;
        match outcome {
            Outcome::Same => {
                count.0 += 1;
                same += 1;
            }
            Outcome::Miss(why) => println!("miss   {named:14} {path}: {why}"),
            Outcome::Panic => {
                panics += 1;
                println!("PANIC  {named:14} {path}");
            }
        }
    }
    ensure!(files > 0, "gold.tsv names no file");
    for (named, (same, all)) in counts {
        println!("{named:14} {same:3} of {all:3}");
    }
    println!(
        "{same} of {files} files ({:.1} %) decoded to the same text, {panics} panics; {:.2} s",
        same as f64 * 100.0 / files as f64,
        time.as_secs_f64(),
    );
    Ok(())
}

fn compare(bytes: &[u8], truth: &str) -> Outcome {
    let Ok(decoded) = catch_unwind(|| decode(bytes, None)) else { return Outcome::Panic };
    let decoded = match decoded {
        Ok(decoded) => decoded,
        Err(not_text) => return Outcome::Miss(not_text.to_string()),
    };
    if decoded.text == truth {
        return Outcome::Same;
    }
    let other = decoded.text.chars().zip(truth.chars()).find(|(found, named)| found != named);
    let other =
        other.map_or_else(String::new, |(found, named)| format!(", {found:?} for {named:?}"));
    let share = differing(&decoded.text, truth);
    Outcome::Miss(format!("read as {}, {share:.1} % differ{other}", decoded.encoding.name))
}

/// The share of characters that stand elsewhere or are others, in percent.
fn differing(found: &str, truth: &str) -> f64 {
    let same = found.chars().zip(truth.chars()).filter(|(found, truth)| found == truth).count();
    let longer = found.chars().count().max(truth.chars().count());
    (longer - same) as f64 * 100.0 / longer as f64
}

/// The text by the named codec, without a byte order mark and with NUL replaced as fonds does.
fn truth(bytes: &[u8], named: &str) -> Result<String> {
    let label = if named == "CP932" { "Shift_JIS" } else { named };
    let codec = Encoding::for_label_no_replacement(label.as_bytes());
    let text = match codec {
        Some(codec) => codec.decode_with_bom_removal(bytes).0.into_owned(),
        None => by_iconv(bytes, named)?,
    };
    Ok(text.trim_start_matches('\u{feff}').replace('\0', "\u{fffd}"))
}

fn by_iconv(bytes: &[u8], named: &str) -> Result<String> {
    let mut iconv = Command::new("iconv")
        .args(["-f", named, "-t", "UTF-8"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run iconv")?;
    let mut input = iconv.stdin.take().context("iconv takes no input")?;
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = iconv.wait_with_output().context("iconv ended early")?;
    let written = matches!(writer.join(), Ok(Ok(())));
    ensure!(output.status.success() && written, "iconv does not decode {named}");
    let text = String::from_utf8(output.stdout).context("iconv gave no UTF-8")?;
    // By iconv Johab has a won sign where Microsoft's code page 1361, which was in use, has ASCII.
    Ok(if named == "Johab" { text.replace('₩', "\\") } else { text })
}

//! Measures what reading web pages, Word documents and PDF files costs, beside pandoc, pdftotext and
//! trafilatura where they are installed.
//!
//! Three figures for fonds: the reader alone; a whole `fonds ingest`, with its reader processes and all
//! that it does besides (hashing, indexing, comparing, keeping the original, syncing to disk); and that
//! ingest started anew for each document, as the other programs are. CPU time of this process and of its
//! children is counted (Linux), never the clock. Run it with `cargo build --release` and
//! `cargo run --release --example measure-readers -- FOLDER`.

#![allow(clippy::print_stdout, reason = "an example reports on the standard output")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use fonds::format::{self, Input, Options};

/// Other programs: the extension they are asked to read, and how they are called.
const OTHERS: &[(&str, &str, &[&str])] = &[
    ("html", "pandoc", &["--from=html", "--to=plain"]),
    ("html", "trafilatura", &[]),
    ("docx", "pandoc", &["--from=docx", "--to=plain"]),
    ("pdf", "pdftotext", &["-q"]),
];

/// The most documents of a kind that are given to a program that is started for each.
const MOST: usize = 40;

/// How often our own reader reads all documents: the counter ticks in hundredths of a second.
const ROUNDS: u32 = 20;

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("give a folder of documents")?;
    for extension in ["html", "docx", "pdf"] {
        let mut paths = Vec::new();
        find(Path::new(&folder), extension, &mut paths)?;
        paths.sort();
        println!("{extension}: {} files", paths.len());
        let (read, seconds) = own(&paths)?;
        row("fonds, the reader alone", read, seconds);
        if !paths.is_empty() {
            let (read, seconds) = ingested(&paths, paths.len())?;
            row("fonds ingest, all at once", read, seconds);
            let few = paths.get(..paths.len().min(MOST)).unwrap_or(&paths);
            let (read, seconds) = ingested(few, 1)?;
            row("fonds ingest, one at a time", read, seconds);
        }
        let others = OTHERS.iter().filter(|(of, ..)| *of == extension);
        for (_, program, arguments) in others {
            let few = paths.get(..paths.len().min(MOST)).unwrap_or(&paths);
            match other(program, arguments, few)? {
                _ if few.is_empty() => {}
                Some((0, _)) => println!("  {program} read none of {} files", few.len()),
                Some((read, seconds)) => row(program, f64::from(read), seconds),
                None => println!("  {program} is not installed"),
            }
        }
    }
    Ok(())
}

fn row(name: &str, read: f64, seconds: f64) {
    println!(
        "  {name}: {read:.0} files read in {seconds:.2} s of CPU time, {:.1} a second",
        read / seconds.max(0.01)
    );
}

fn find(folder: &Path, extension: &str, paths: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, extension, paths)?;
        } else if path.extension().is_some_and(|of| of == extension) {
            paths.push(path);
        }
    }
    Ok(())
}

/// How many documents fonds reads in one round, and the CPU time of one.
fn own(paths: &[PathBuf]) -> Result<(f64, f64)> {
    let files: Vec<(String, Vec<u8>)> = paths
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Ok((name, std::fs::read(path)?))
        })
        .collect::<Result<_>>()?;
    let options = Options::default();
    let before = cpu_seconds()?;
    let mut read = 0_u32;
    for _ in 0..ROUNDS {
        for (name, bytes) in &files {
            let input = Input { bytes, name, options: &options };
            read += u32::from((format::of(name, bytes).read)(&input).is_ok());
        }
    }
    let rounds = f64::from(ROUNDS);
    Ok((f64::from(read) / rounds, (cpu_seconds()? - before) / rounds))
}

/// How many documents the program ingests, so many at a time into a new archive, and its CPU time.
fn ingested(paths: &[PathBuf], at_a_time: usize) -> Result<(f64, f64)> {
    let own = std::env::current_exe()?;
    let program = own.ancestors().nth(2).context("where is the program?")?.join("fonds");
    let folder = tempfile::tempdir()?;
    let mut read = 0;
    let before = cpu_seconds()?;
    for (number, some) in paths.chunks(at_a_time).enumerate() {
        let archive = folder.path().join(format!("{number}.db"));
        let mut command = Command::new(&program);
        command.args(["ingest", "--quiet", "--json", "--archive"]).arg(archive).args(some);
        let output = command.output().context("build the program first: cargo build --release")?;
        let report: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        read += report["new"].as_u64().unwrap_or_default();
        // The same bytes twice are one document.
        read += report["known"].as_u64().unwrap_or_default();
    }
    Ok((read as f64, cpu_seconds()? - before))
}

/// How many documents a program reads, and its CPU time; `None` where it is not installed.
fn other(program: &str, arguments: &[&str], paths: &[PathBuf]) -> Result<Option<(u32, f64)>> {
    let before = cpu_seconds()?;
    let mut read = 0;
    for path in paths {
        let mut command = Command::new(program);
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        match program {
            "trafilatura" => command.stdin(std::fs::File::open(path)?),
            "pdftotext" => command.arg(path).arg("-"),
            _ => command.arg(path),
        };
        match command.status() {
            Ok(status) => read += u32::from(status.success()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot run {program}")),
        }
    }
    Ok(Some((read, cpu_seconds()? - before)))
}

/// CPU time of this process and of the children it waited for, in seconds.
fn cpu_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").context("cannot read /proc/self/stat")?;
    // The name of the program stands in brackets and may hold spaces.
    let (_, fields) = stat.rsplit_once(')').context("cannot understand /proc/self/stat")?;
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(4)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    Ok(ticks as f64 / 100.0)
}

//! Measures what ingesting a folder costs: `fonds` beside the floor (the same rows and index in plain
//! SQLite, everything at its best) and beside the programs that are installed.
//!
//! ```sh
//! cargo build --release
//! cargo run --release --example measure-ingest -- FOLDER [--runs 3] [--work DIR] [--fonds FILE]
//!     [--only NAME]... [--tantivy]
//! ```
//!
//! They run by turns, so that what else the machine does hits all alike; figures are medians, and
//! ratios medians of the ratios within one turn. CPU time is that of whole processes. `--tantivy` builds
//! the program in benches/tantivy first; DuckDB and sqlite-utils may be in a virtual environment that is
//! first on PATH. `--only` takes those whose name begins so, and the floor.

#![allow(clippy::print_stderr, reason = "an example tells how far it is")]

mod contestants;
mod floor;
mod start;
mod table;
mod usage;

use anyhow::{Context, Result, bail};
use contestants::{ALL, Contestant};
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use usage::{Usage, words};

/// What is measured on.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    /// Where indexes are made, each of which is removed.
    pub(crate) work: PathBuf,
    pub(crate) fonds: PathBuf,
}

/// What was measured of one contestant, run by run.
pub(crate) struct Measured {
    pub(crate) contestant: &'static Contestant,
    pub(crate) runs: Vec<Usage>,
    /// Size of the index in bytes.
    pub(crate) bytes: u64,
    /// CPU time of the whole process for a rare, a usual and a common word; in seconds.
    pub(crate) searches: Vec<f64>,
}

struct Options {
    folder: Folder,
    runs: usize,
    only: Vec<String>,
    build_tantivy: bool,
    _work: tempfile::TempDir,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mode: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match mode[..] {
        ["--timed", ..] => usage::timed(arguments.get(1..).unwrap_or_default()),
        ["--floor", folder, archive] => floor::load(Path::new(folder), Path::new(archive)),
        ["--floor-search", archive, word] => floor::search(Path::new(archive), word),
        ["--walk", folder] => floor::walk(Path::new(folder)),
        _ => measure(&options(arguments)?),
    }
}

fn options(arguments: Vec<String>) -> Result<Options> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut path, mut work) = (None, std::env::temp_dir());
    let (mut runs, mut only, mut build_tantivy) = (3, Vec::new(), false);
    let mut fonds = root.join("target/release/fonds");
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let mut next = || arguments.next().with_context(|| format!("{argument} wants a value"));
        match argument.as_str() {
            "--runs" => runs = next()?.parse().context("--runs wants a number")?,
            "--work" => work = next()?.into(),
            "--fonds" => fonds = next()?.into(),
            "--only" => only.push(next()?),
            "--tantivy" => build_tantivy = true,
            _ => path = Some(PathBuf::from(argument)),
        }
    }
    let path = path.context("give a folder of documents")?.canonicalize()?;
    if !fonds.is_file() {
        bail!("{} is not there: run `cargo build --release` first", fonds.display());
    }
    let work = tempfile::Builder::new().prefix("measure-ingest").tempdir_in(work)?;
    let folder = Folder { path, work: work.path().to_owned(), fonds };
    Ok(Options { folder, runs, only, build_tantivy, _work: work })
}

fn measure(options: &Options) -> Result<()> {
    let Options { folder, runs, only, .. } = options;
    if options.build_tantivy {
        build_tantivy()?;
    }
    let wanted = |one: &&Contestant| {
        only.is_empty()
            || one.name.starts_with("floor")
            || only.iter().any(|of| one.name.starts_with(of))
    };
    let (here, missing): (Vec<_>, Vec<_>) =
        ALL.iter().filter(wanted).partition(|one| one.is_here(folder));
    contestants::write_json(folder)?;
    let mut measured: Vec<Measured> = here
        .into_iter()
        .map(|contestant| Measured { contestant, runs: vec![], bytes: 0, searches: vec![] })
        .collect();
    let mut again = start::Again::default();
    let mut details = start::Details::default();
    for run in 1..=*runs {
        let mut asked = None;
        for (number, one) in (0..).zip(&mut measured) {
            eprintln!("run {run} of {runs}: {}", one.contestant.name);
            let index = folder.work.join(format!("index-{number}"));
            one.runs.push(one.contestant.load(folder, &index)?);
            one.bytes = contestants::bytes(&index)?;
            let words = match &asked {
                Some(words) => words,
                None => asked.insert(floor::words(&index)?),
            };
            if run == *runs {
                one.searches = searches(one.contestant, folder, &index, words)?;
            }
            if one.contestant.name.starts_with("fonds, without") {
                again.measure(folder, &index)?;
                if run == *runs {
                    details.measure(folder, &index)?;
                }
            }
            remove(&index)?;
        }
    }
    let files = floor::files(&folder.path)?;
    let text: u64 = files.iter().map(|(_, bytes)| bytes).sum();
    table::print(&measured, &missing, files.len(), text);
    again.print();
    details.print(text);
    Ok(())
}

/// The least CPU time of five whole processes for each of the words.
fn searches(
    one: &Contestant,
    folder: &Folder,
    index: &Path,
    words: &[String; 3],
) -> Result<Vec<f64>> {
    let mut least = Vec::new();
    for word in words {
        let question = (one.question)(folder, index, word);
        if question.is_empty() {
            return Ok(Vec::new());
        }
        let mut of = f64::INFINITY;
        for _ in 0..5 {
            // ripgrep ends with 1 where nothing is found.
            of = of.min(usage::run(&question, &[0, 1])?.cpu);
        }
        least.push(of);
    }
    Ok(least)
}

fn remove(index: &Path) -> Result<()> {
    if index.is_dir() {
        fs::remove_dir_all(index)?;
    } else {
        fs::remove_file(index)?;
    }
    Ok(())
}

fn build_tantivy() -> Result<()> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/tantivy/Cargo.toml");
    let built = Command::new("cargo")
        .args(["build", "--release", "--manifest-path"])
        .arg(manifest)
        .status()
        .context("cannot run cargo")?;
    if !built.success() {
        bail!("benches/tantivy could not be built");
    }
    Ok(())
}

impl Folder {
    /// The command that ingests the folder into an archive.
    pub(crate) fn ingest(&self, archive: &Path, options: &[&str]) -> Vec<String> {
        let (fonds, archive, folder) =
            (self.fonds.display(), archive.display(), self.path.display());
        let mut command =
            words(&[&fonds, &"--quiet", &"--no-progress", &"--archive", &archive, &"ingest"]);
        command.extend(options.iter().map(ToString::to_string));
        command.push(folder.to_string());
        command
    }

    /// Where a program is; `None` where it is not installed.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        if name == "tantivy-bench" {
            let built = "benches/tantivy/target/release/tantivy-bench";
            return Some(Path::new(env!("CARGO_MANIFEST_DIR")).join(built))
                .filter(|it| it.is_file());
        }
        let paths = std::env::var_os("PATH")?;
        let places = std::env::split_paths(&paths);
        if name == "duckdb-python" {
            let mut pythons = places.map(|place| place.join("python3"));
            return pythons.find(|python| has_duckdb(python));
        }
        let mut programs = places.map(|place| place.join(name));
        programs.find(|program| program.is_file())
    }
}

/// Whether this Python has DuckDB.
fn has_duckdb(python: &dyn AsRef<std::ffi::OsStr>) -> bool {
    let tried = Command::new(python.as_ref())
        .args(["-c", "import duckdb"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success())
}

/// The middle one; of an even number the higher of the two.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A row of a Markdown table.
pub(crate) fn row(cells: &[&dyn Display]) -> String {
    let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
    format!("| {} |", cells.join(" | "))
}

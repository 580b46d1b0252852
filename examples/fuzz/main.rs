//! Runs every reader, the decoders, the segmenter, the folding, containers, searches and the guard of
//! queries on mutated inputs: `cargo run --release --example fuzz -- --seed N --runs M [--folder SEEDS]
//! [--target NAME] [--minutes N] [--kept FOLDER]`; `--list` names the targets, `--target NAME --input FILE` tries one
//! input and lets it panic.
//!
//! Each target gets M runs, or as many as N minutes allow. An input that panics, takes more than ten
//! seconds of the processor or more than 1 GiB of memory is written to the folder `fuzz-found` and the
//! command ends with status 1. The input at hand is in `fuzz-found/NAME-at-hand`: where the process
//! itself ends, that was why.
//!
//! Compiled to count what code is reached, it goes on from inputs that reached something new, and puts
//! them into the folder of `--kept`, from which any later run begins:
//! `CARGO_TARGET_DIR=target/counted RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3
//! -Cllvm-args=-sanitizer-coverage-inline-8bit-counters" cargo build --release --example fuzz --target
//! x86_64-unknown-linux-gnu` (the target keeps the flags from the compiler's own plugins).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::exit,
    dead_code,
    reason = "a trial that cannot go on has failed, and says so"
)]

mod coverage;
#[path = "../../tests/fuzz/mod.rs"]
mod fuzz;
mod memory;
#[path = "../../tests/random/mod.rs"]
mod random;

use fuzz::Target;
use fuzz::trial::{Outcome, Plan, Senses, run};
use rustix::process::{Resource, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Address space of the whole command: an allocation without bounds ends it instead of the computer.
const SPACE: u64 = 6 << 30;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let number =
        |name: &str, default: u64| option(name).map_or(default, |text| text.parse().unwrap());
    let targets = fuzz::targets(option("--folder").map(PathBuf::from).as_deref());
    if arguments.iter().any(|argument| argument == "--list") {
        return targets.iter().for_each(|target| println!("{}", target.name));
    }
    let only = option("--target");
    let mut targets = targets;
    targets.retain(|target| only.as_ref().is_none_or(|only| *only == target.name));
    assert!(!targets.is_empty(), "no target has this name: see --list");
    if let Some(input) = option("--input") {
        return targets[0].take(std::fs::read(input).unwrap());
    }
    let minutes: Option<u64> = option("--minutes").map(|text| text.parse().unwrap());
    let (seed, runs) = (number("--seed", 1), number("--runs", 1000));
    std::panic::set_hook(Box::new(|_| {}));
    let mut limit = getrlimit(Resource::As);
    limit.current = Some(SPACE);
    setrlimit(Resource::As, limit).unwrap();
    std::fs::create_dir_all("fuzz-found").unwrap();
    let mut is_sound = true;
    let kept = option("--kept").map(PathBuf::from);
    for target in &mut targets {
        let until = minutes.map(|minutes| Instant::now() + Duration::from_secs(minutes * 60));
        let kept = kept.as_ref().map(|kept| kept.join(target.name.replace(' ', "-")));
        let before = kept.iter().flat_map(|kept| contents(kept)).collect();
        target.begin_with(before);
        let outcome = tried(target, seed, runs, until);
        for (number, input) in outcome.kept.iter().enumerate() {
            let Some(folder) = &kept else { break };
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join(format!("{seed}-{number}")), input).unwrap();
        }
        is_sound &= outcome.found.is_empty() && outcome.together.is_empty();
    }
    if !is_sound {
        std::process::exit(1);
    }
}

/// What lies in a folder, in the order of the names; nothing where there is none.
fn contents(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Tries a target and says what came of it.
fn tried(target: &Target, seed: u64, runs: u64, until: Option<Instant>) -> Outcome {
    let senses = Senses { begin, is_new: coverage::is_new, bytes: memory::most, time: processor };
    let name = target.name.replace(' ', "-");
    let trace = Some(PathBuf::from(format!("fuzz-found/{name}-at-hand")));
    let begun = processor();
    let outcome = run(target, Plan { seed, runs, until, senses, trace: trace.clone() });
    let Outcome { found, together, kept, slowest, largest, .. } = &outcome;
    println!(
        "{}: {} runs, {} found; {:.0} s of the processor; {} kept, {} of {} edges; the slowest \
         took {:.1} ms, the largest {:.1} MB, the process {} MB",
        target.name,
        outcome.runs,
        found.len() + together.len(),
        (processor() - begun).as_secs_f64(),
        kept.len(),
        coverage::reached(),
        coverage::edges(),
        slowest.0.as_secs_f64() * 1e3,
        largest.0 as f64 / 1e6,
        peak() / 1_000_000,
    );
    let keep = |what: &str, input: &[u8]| {
        let path = format!("fuzz-found/{name}-{seed}-{what}");
        std::fs::write(&path, input).unwrap();
        path
    };
    keep("slowest", &slowest.1);
    keep("largest", &largest.1);
    for (number, found) in found.iter().enumerate() {
        println!("    {}: {}", keep(&number.to_string(), &found.input), found.what);
    }
    together.iter().for_each(|what| println!("    of several at once: {what}"));
    let _gone = trace.map(std::fs::remove_file);
    outcome
}

fn begin() {
    coverage::begin();
    memory::begin();
}

/// Time of the processor that this process took.
fn processor() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// The most bytes that this process had in memory.
fn peak() -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) << 10
}

//! Runs every reader, the decoders, the segmenter, the folding, searches and the guard of queries on
//! mutated inputs: `cargo run --release --example fuzz -- --seed N --runs M [--folder SEEDS]
//! [--target NAME] [--minutes N]`, after `cargo build --release`.
//!
//! Each target gets M runs, or as many as N minutes allow. An input that panics or takes more than ten seconds is written to the
//! folder `fuzz-found` and the command ends with status 1. What a run does depends on the seed alone.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::exit,
    dead_code,
    reason = "a trial that cannot go on has failed, and says so"
)]

#[path = "../tests/main/mutations.rs"]
mod mutations;
#[path = "../tests/main/packed.rs"]
mod packed;
#[path = "../tests/program/mod.rs"]
mod program;
#[path = "../tests/random/mod.rs"]
mod random;
#[path = "../tests/main/seeds.rs"]
mod seeds;

use std::path::PathBuf;
use std::time::{Duration, Instant};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let number =
        |name: &str, default: u64| option(name).map_or(default, |text| text.parse().unwrap());
    let (seed, runs) = (number("--seed", 1), number("--runs", 1000));
    let minutes: Option<u64> = option("--minutes").map(|text| text.parse().unwrap());
    let folder = option("--folder").map(PathBuf::from);
    std::panic::set_hook(Box::new(|_| {}));
    let mut is_wrong = false;
    let only = option("--target");
    for target in mutations::targets(folder.as_deref()) {
        if only.as_ref().is_some_and(|only| *only != target.name) {
            continue;
        }
        let until = minutes.map(|minutes| Instant::now() + Duration::from_secs(minutes * 60));
        let (found, done) = mutations::run(&target, seed, runs, until);
        println!("{}: {done} runs, {} found", target.name, found.len());
        for (number, found) in found.iter().enumerate() {
            is_wrong = true;
            std::fs::create_dir_all("fuzz-found").unwrap();
            let path = format!("fuzz-found/{}-{seed}-{number}", target.name);
            std::fs::write(&path, &found.input).unwrap();
            println!("    {path}: {}", found.what);
        }
    }
    if is_wrong {
        std::process::exit(1);
    }
}

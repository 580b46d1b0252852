//! Damages an archive at random and demands that `fonds repair` restores it or names exactly what
//! is lost: `cargo run --release --example damage-and-repair -- TRIALS SEED`.
//!
//! Damage is a flipped bit, noise, a zeroed sector or page, a page written over another, or a file
//! cut short. It ends with status 1 if a loss was not named, the damaged file was written to, or the
//! new archive is not sound. Nothing outside of its temporary folder is touched.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::exit,
    dead_code,
    reason = "a trial that cannot go on has failed, and says so"
)]

#[path = "../tests/main/damages.rs"]
mod damages;
#[path = "../tests/main/flips.rs"]
mod flips;
mod numbers;
#[path = "../tests/program/mod.rs"]
mod program;
#[path = "../tests/random/mod.rs"]
mod random;

use damages::{Trial, Verdict};
use std::collections::BTreeMap;

fn main() {
    let [trials, seed] = numbers::told([500, 1]);
    let folder = tempfile::tempdir().unwrap();
    let archive = flips::sample(folder.path());
    let trials: Vec<Trial> = damages::run(folder.path(), &archive, trials, seed);
    let mut counts: BTreeMap<Verdict, u64> = BTreeMap::new();
    for trial in &trials {
        *counts.entry(trial.verdict).or_default() += 1;
        if trial.verdict == Verdict::Wrong {
            println!("{trial:#?}");
        }
    }
    println!("{} damages to an archive of {} bytes, seed {seed}", trials.len(), archive.len());
    for (verdict, count) in &counts {
        println!("{count:>8} {}", verdict.word());
    }
    if counts.contains_key(&Verdict::Wrong) {
        std::process::exit(1);
    }
}

//! Flips random bits in an archive and demands that `fonds check` reports every flip that changes
//! what users can read: `cargo run --release --example flip-bits -- FLIPS SEED [WORKERS]`.
//!
//! What users can read is every row of every table and view of the archive and every word of the
//! index. It ends with status 1 if a flip was silent. Nothing outside of its temporary folder is
//! touched.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::exit,
    reason = "a trial that cannot go on has failed, and says so"
)]

#[path = "../tests/main/flips.rs"]
mod flips;
mod numbers;
#[path = "../tests/program/mod.rs"]
mod program;
#[path = "../tests/random/mod.rs"]
mod random;

use std::collections::BTreeMap;

fn main() {
    let [flips, seed, workers] = numbers::told([1000, 1, 2]);
    let folder = tempfile::tempdir().unwrap();
    let archive = flips::sample(folder.path());
    let trials: Vec<flips::Outcome> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers)
            .map(|worker| {
                let (archive, folder) = (&archive, folder.path());
                let share = flips / workers + u64::from(worker < flips % workers);
                scope.spawn(move || {
                    flips::run(folder, archive, 0..archive.len(), share, seed * 1000 + worker)
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for trial in &trials {
        *counts.entry(trial.word()).or_default() += 1;
        if trial.is_silent() {
            println!("silent: {trial:?}");
        }
    }
    println!("{} flips in an archive of {} bytes, seed {seed}", trials.len(), archive.len());
    for (word, count) in &counts {
        println!("{count:>8} {word}");
    }
    if trials.iter().any(flips::Outcome::is_silent) {
        std::process::exit(1);
    }
}

//! Kills real `fonds ingest` processes at random moments and starts them again until all is stored:
//! `cargo run --release --example kill-processes -- KILLS SEED`, after `cargo build --release`.
//!
//! What a reader saw before a kill must be there after it, the archive must be as it was written,
//! and the resumed run must end as an undisturbed one does. It panics if not.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    dead_code,
    reason = "a trial that cannot go on has failed, and says so"
)]

#[path = "../tests/crash/content.rs"]
mod content;
#[path = "../tests/crash/disk.rs"]
mod disk;
mod numbers;
#[path = "../tests/crash/processes.rs"]
mod processes;
#[path = "../tests/program/mod.rs"]
mod program;
#[path = "../tests/random/mod.rs"]
mod random;
#[path = "../tests/crash/runs.rs"]
mod runs;
#[path = "../tests/crash/shim.rs"]
mod shim;

fn main() {
    let [kills, seed] = numbers::told([2000, 1]).map(|number| number as usize);
    let killed = processes::kill_processes(kills, 240, seed as u64);
    println!(
        "{} kills: {} left a log, {} came before there was an archive, {} in a change that the next \
         run took back",
        killed.kills, killed.with_log, killed.before_archive, killed.unread
    );
    println!("{} documents had been seen when they came, 0 lost; every archive sound", killed.seen);
    println!("{} archives resumed to their end, each as an undisturbed run's", killed.ended);
}

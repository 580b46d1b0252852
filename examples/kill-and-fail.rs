//! Kills an ingest, and an upgrade from every schema, after every change of a file, lets every change fail in every way, and ingests the
//! same documents in random schedules: `cargo run --release --example kill-and-fail -- STEP
//! SCHEDULES SEED`, where every STEP-th change is taken.
//!
//! Nothing acknowledged may be lost, a failing disk must be an error that names the archive, and
//! whatever happened, the runs that follow must end with the same content. It panics if not.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::exit,
    dead_code,
    reason = "a trial that cannot go on has failed, and says so"
)]

#[path = "../tests/archives/mod.rs"]
mod archives;
#[path = "../tests/crash/content.rs"]
mod content;
#[path = "../tests/crash/copies.rs"]
mod copies;
#[path = "../tests/crash/cuts.rs"]
mod cuts;
#[path = "../tests/crash/disk.rs"]
mod disk;
#[path = "../tests/crash/kills.rs"]
mod kills;
mod numbers;
#[path = "../tests/random/mod.rs"]
mod random;
#[path = "../tests/crash/runs.rs"]
mod runs;
#[path = "../tests/crash/schedules.rs"]
mod schedules;
#[path = "../tests/crash/shim.rs"]
mod shim;

use fonds::store::Journal;

fn main() {
    let [step, schedules, seed] = numbers::told([1, 200, 1]).map(|number| number as usize);
    let mut is_wrong = false;
    for journal in [Journal::Wal, Journal::Truncate] {
        let kills = kills::kill(journal, step);
        println!("{journal:?}: {kills} kills, nothing lost, every resumed run ended the same");
        for (schema, old) in archives::earlier() {
            let kills = kills::kill_upgrade(&old, journal, step);
            println!(
                "{journal:?}: {kills} kills of an upgrade from schema {schema}, each ended by the next run"
            );
        }
        let (runs, wrong) = kills::fail_at_every(journal, step as u64);
        println!("{journal:?}: {runs} runs on a failing disk, {} wrong", wrong.len());
        wrong.iter().take(20).for_each(|wrong| println!("    {wrong}"));
        is_wrong |= !wrong.is_empty();
    }
    let (runs, wrong) = copies::fail_in_every_work(step as u64);
    println!("{runs} repairs, backups, decisions and records on it, {} wrong", wrong.len());
    wrong.iter().take(20).for_each(|wrong| println!("    {wrong}"));
    is_wrong |= !wrong.is_empty();
    let digest = schedules::make_one_archive(schedules, seed as u64);
    println!("{schedules} schedules of 50 files, one content: {digest}");
    if is_wrong {
        std::process::exit(1);
    }
}

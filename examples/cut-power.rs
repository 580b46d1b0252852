//! Cuts the power at random moments of ingests, upgrades, decisions and recorded checks, with what
//! was not synced dropped, reordered and torn, and demands that nothing acknowledged is lost:
//! `cargo run --release --example cut-power -- CUTS SEED`.
//!
//! Half of the cuts are made with each kind of log. The same cuts are then made without the syncs
//! that `synchronous = NORMAL` and `OFF` leave out, to show that they can lose something. It ends
//! with status 1 if the settings of fonds lost anything, or the weaker ones nothing.

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
#[path = "../tests/crash/cuts.rs"]
mod cuts;
#[path = "../tests/crash/disk.rs"]
mod disk;
mod numbers;
#[path = "../tests/random/mod.rs"]
mod random;
#[path = "../tests/crash/runs.rs"]
mod runs;
#[path = "../tests/crash/shim.rs"]
mod shim;

use fonds::store::Journal;
use runs::Standing;
use std::collections::BTreeMap;

fn main() {
    let [cuts, seed] = numbers::told([10_000, 1]).map(|number| number as usize);
    let mut is_wrong = false;
    for journal in [Journal::Wal, Journal::Truncate] {
        for (name, recorded) in cuts::every_run(journal, 5, 12) {
            // Most of the cuts go to ingests, which do most.
            let share = if name == "ingest" { cuts / 2 * 3 / 5 } else { cuts / 2 / 5 };
            let events = &recorded.events;
            let (counts, first) = cuts::cut(&recorded, events, journal, share, seed as u64);
            is_wrong |= counts.keys().any(|standing| *standing != Standing::Clean);
            tell(&format!("{name}, {journal:?}, {} events", events.len()), &counts);
            first.iter().for_each(|first| println!("    {first}"));
        }
    }
    let folder = cuts::folder();
    let recorded = runs::ingests(folder.path(), Journal::Wal, 5, 12);
    for (name, events) in [
        ("NORMAL", disk::weakened(&recorded.events)),
        ("OFF", disk::without_syncs(&recorded.events)),
    ] {
        let (counts, _) = cuts::cut(&recorded, &events, Journal::Wal, cuts / 20, seed as u64);
        is_wrong |= counts.keys().all(|standing| *standing == Standing::Clean);
        tell(&format!("for comparison: ingest, Wal with synchronous = {name}"), &counts);
    }
    if is_wrong {
        std::process::exit(1);
    }
}

fn tell(what: &str, counts: &BTreeMap<Standing, usize>) {
    let of = |standing| counts.get(&standing).copied().unwrap_or(0);
    println!(
        "{what}: {} cuts, {} lost something acknowledged, {} corrupt",
        counts.values().sum::<usize>(),
        of(Standing::Lost),
        of(Standing::Corrupt)
    );
}

//! Measures what a folder takes to ingest at its highest, memory of the program and of its readers apart
//! (Linux): `cargo run --release --example measure-hostile-files -- [FOLDER] [OPTION OF INGEST…]`.
//!
//! Without a folder it makes one of files that are made to harm their reader, and compares what becomes of
//! each. Build the program first: `cargo build --release`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a trial that cannot go on has failed, and says so"
)]

#[path = "../tests/main/hostile_files.rs"]
mod hostile_files;
#[path = "../tests/main/made.rs"]
mod made;
#[path = "../tests/main/peaks.rs"]
mod peaks;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let own = tempfile::tempdir().unwrap();
    let is_told = arguments.first().is_some_and(|first| !first.starts_with('-'));
    let folder = match is_told {
        true => PathBuf::from(arguments.remove(0)),
        false => own.path().join("d"),
    };
    if !is_told {
        hostile_files::write(&folder);
    }
    let archive = own.path().join("fonds.db");
    let program =
        std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("fonds");
    let mut command = Command::new(&program);
    command.args(["ingest", "--json", "--archive"]).arg(&archive).arg(&folder).args(&arguments);
    let (output, peaks) = peaks::of(command);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let count = |name: &str| report[name].as_u64().unwrap_or_default();
    println!(
        "{} new, {} known, {} skipped, {} failed; exit status {}",
        count("new"),
        count("known"),
        count("skipped"),
        count("failed"),
        output.status.code().unwrap_or(-1)
    );
    println!(
        "{:.1} s of processor time; at the highest {} MiB for the program, {} MiB for the largest of {} readers",
        peaks.seconds,
        peaks.own >> 20,
        peaks.reader >> 20,
        peaks.readers
    );
    if is_told {
        return ExitCode::SUCCESS;
    }
    let sql = "SELECT location, outcome, reason FROM ledger ORDER BY ordinal";
    let mut command = Command::new(program);
    command.args(["query", "--format", "tsv", "--archive"]).arg(archive).arg(sql);
    let rows = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let mut odd = 0;
    for (row, (location, outcome, reason)) in rows.lines().skip(1).zip(hostile_files::FATES) {
        let expected = format!("/d/{location}\t{outcome}\t{reason}");
        if !row.contains(&expected) {
            println!("{row}\n    and not {expected}");
            odd += 1;
        }
    }
    println!("{odd} of {} files met another fate than they should", hostile_files::FATES.len());
    ExitCode::from(u8::from(odd > 0))
}

//! Runs every statement of the attack list with the limits that `fonds query` has by itself and
//! measures the memory and the time of each: `cargo run --release --example measure-attacks`, after
//! `cargo build --release`.
//!
//! It ends with status 1 if one takes more than 300 MB of memory or a second and a half more than its
//! time, or changes a byte of the archive or anything beside it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::exit,
    reason = "a trial that cannot go on has failed, and says so"
)]

#[path = "../tests/program/mod.rs"]
mod program;

use program::program;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Seconds that a statement may take by `--timeout`.
const TIME: u64 = 5;

/// Kilobytes of memory that the process may hold.
const MEMORY: u64 = 300_000;

/// What one statement took.
struct Taken {
    kilobytes: u64,
    time: Duration,
    status: Option<i32>,
    sql: String,
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = tempfile::tempdir().unwrap();
    archive(folder.path());
    let before = files(&[folder.path(), scratch.path()]);
    let mut all = Vec::new();
    for row in include_str!("../tests/main/guard_attacks.tsv").lines() {
        let Some(sql) = row.split('\t').nth(1).filter(|_| !row.starts_with('#')) else { continue };
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        let filled = sql
            .replace("{TMP}", &path(scratch.path()))
            .replace("{OTHER}", &path(&folder.path().join("other.db")))
            .replace("{NL}", "\n")
            .replace("{TAB}", "\t")
            .replace("{NUL}", "\0")
            .replace("{DEEP}", &"(".repeat(100_000))
            .replace("{LONG}", &format!("'{}'", "a".repeat(2_000_000)));
        all.push(run(folder.path(), scratch.path(), &filled, sql));
    }
    let is_unchanged = files(&[folder.path(), scratch.path()]) == before;
    all.sort_by_key(|taken| std::cmp::Reverse(taken.kilobytes));
    for Taken { kilobytes, time, status, sql } in all.iter().take(8) {
        let sql: String = sql.chars().take(90).collect();
        println!("{:>7} kB {:>5.1} s  status {status:?}  {sql}", kilobytes, time.as_secs_f64());
    }
    let most = all[0].kilobytes;
    let longest = all.iter().map(|taken| taken.time).max().unwrap();
    println!(
        "{} statements: at most {} MB and {:.1} s of {TIME} s; archive and folders {}",
        all.len(),
        most / 1000,
        longest.as_secs_f64(),
        if is_unchanged { "unchanged" } else { "CHANGED" }
    );
    let is_late = longest > Duration::from_millis(TIME * 1000 + 1500);
    if most > MEMORY || is_late || !is_unchanged || all.iter().any(|taken| taken.status.is_none()) {
        std::process::exit(1);
    }
}

/// An archive of some thousand paragraphs, and a second one.
fn archive(folder: &Path) {
    std::fs::create_dir(folder.join("d")).unwrap();
    for number in 0..150 {
        let paragraph =
            |n| format!("Ferry {number} sails the road at noon with {n} belts. 一带一路\n\n");
        let text: String = (0..40).map(paragraph).collect();
        std::fs::write(folder.join(format!("d/{number}.txt")), text).unwrap();
    }
    let mut ingest = Command::new(program());
    ingest.args(["--archive", "fonds.db", "ingest", "--quiet", "d"]).current_dir(folder);
    assert!(ingest.stdout(Stdio::null()).status().unwrap().success());
    std::fs::remove_dir_all(folder.join("d")).unwrap();
    std::fs::copy(folder.join("fonds.db"), folder.join("other.db")).unwrap();
}

fn files(folders: &[&Path]) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

fn run(folder: &Path, scratch: &Path, filled: &str, sql: &str) -> Taken {
    let begun = Instant::now();
    let mut child = Command::new(program())
        .arg("--archive")
        .arg(folder.join("fonds.db"))
        .args(["query", "--max-rows", "1000", "--timeout", &TIME.to_string()])
        .current_dir(scratch)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The program may end before it has read everything.
    let _closed = child.stdin.take().unwrap().write_all(filled.as_bytes());
    let mut kilobytes = 0;
    let status = loop {
        kilobytes = kilobytes.max(peak(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Taken { kilobytes, time: begun.elapsed(), status: status.code(), sql: sql.to_owned() }
}

/// The most memory that a process has held so far, in kilobytes (proc(5), VmHWM).
fn peak(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

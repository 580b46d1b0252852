//! What a run of the program takes at its highest: memory of the process itself and of each of its readers,
//! and time of the processor (Linux).

#![allow(clippy::unwrap_used, reason = "a trial must not go on")]

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

/// The highest that was seen.
#[derive(Debug, Default)]
pub(crate) struct Peaks {
    /// Bytes in memory of the process itself.
    pub(crate) own: u64,
    /// Bytes in memory of the largest reader.
    pub(crate) reader: u64,
    /// How many readers there were.
    pub(crate) readers: usize,
    /// Seconds of the processor, of all of them.
    pub(crate) seconds: f64,
}

/// Runs a command to its end and looks at it and its children every few milliseconds.
pub(crate) fn of(mut command: Command) -> (Output, Peaks) {
    let before = children_seconds();
    let mut child: Child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut highest: BTreeMap<u32, u64> = BTreeMap::new();
    while child.try_wait().unwrap().is_none() {
        for id in family(child.id()) {
            let peak = highest.entry(id).or_default();
            *peak = (*peak).max(peak_bytes(id));
        }
        thread::sleep(Duration::from_millis(2));
    }
    let id = child.id();
    let output = child.wait_with_output().unwrap();
    let readers: Vec<u64> =
        highest.iter().filter(|(other, _)| **other != id).map(|(_, peak)| *peak).collect();
    let peaks = Peaks {
        own: highest.get(&id).copied().unwrap_or_default(),
        reader: readers.iter().copied().max().unwrap_or_default(),
        readers: readers.len(),
        seconds: children_seconds() - before,
    };
    (output, peaks)
}

/// A process and its children.
fn family(parent: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
    let mut family = vec![parent];
    let tasks = fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
    let of_threads = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    for ids in children.into_iter().chain(of_threads) {
        family.extend(ids.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
    }
    family.sort_unstable();
    family.dedup();
    family
}

/// The most that a process had in memory so far; 0 where it is gone.
fn peak_bytes(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kibibytes.unwrap_or_default() << 10
}

/// Processor time of all children that ended, theirs included.
fn children_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(13).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

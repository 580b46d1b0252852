//! The table of what was measured, as it stands in docs/performance.md.

#![allow(clippy::print_stdout, reason = "an example reports on the standard output")]

use super::contestants::Contestant;
use super::{Measured, median, row};

/// Prints the contestants with the floor first, and who was not there.
pub(crate) fn print(measured: &[Measured], missing: &[&Contestant], files: usize, text: u64) {
    println!("{files} files, {:.1} MB\n", text as f64 / 1e6);
    println!(
        "{}\n|---|---|---|---|---|---|---|---|---|",
        row(&[
            &"",
            &"CPU s",
            &"× floor",
            &"MB per CPU s",
            &"wall s",
            &"wall ÷ CPU",
            &"memory MB",
            &"size ÷ text",
            &"search ms: rare, usual, common word",
        ])
    );
    let Some(floor) = measured.first() else { return };
    for one in measured {
        let cpu = median(one.runs.iter().map(|run| run.cpu));
        let wall = median(one.runs.iter().map(|run| run.wall));
        let memory = median(one.runs.iter().map(|run| run.memory));
        let pairs = one.runs.iter().zip(&floor.runs);
        let ratio = median(pairs.map(|(run, floor)| run.cpu / floor.cpu));
        let searches: Vec<String> =
            one.searches.iter().map(|seconds| format!("{:.1}", seconds * 1e3)).collect();
        let asked = if searches.is_empty() { "–".to_owned() } else { searches.join(", ") };
        if cpu == 0.0 {
            println!(
                "{}",
                row(&[&one.contestant.name, &"–", &"–", &"–", &"–", &"–", &"–", &"–", &asked])
            );
            continue;
        }
        println!(
            "{}",
            row(&[
                &one.contestant.name,
                &format!("{cpu:.2}"),
                &format!("{ratio:.2}"),
                &format!("{:.1}", text as f64 / 1e6 / cpu),
                &format!("{wall:.2}"),
                &format!("{:.2}", wall / cpu),
                &format!("{memory:.0}"),
                &format!("{:.2}", one.bytes as f64 / text as f64),
                &asked,
            ])
        );
    }
    for one in missing {
        println!("\nnot measured: {} is not installed ({})", one.program, one.name);
    }
    println!();
}

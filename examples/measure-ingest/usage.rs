//! What a program costs: CPU time of it and its children, time, and peak memory.
//!
//! The system keeps one sum over all children that a process waited for. So each program is started
//! by a process of its own, this example again with `--timed`, which waits for nothing else.

#![allow(dead_code, reason = "not every command needs all of it")]

use anyhow::{Context, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::process::{Command, Stdio};
use std::time::Instant;

/// What one run of a program took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// User and system time of the program and its children, in seconds.
    pub(crate) cpu: f64,
    /// Seconds from start to end.
    pub(crate) wall: f64,
    /// Most memory that one of its processes held, in MB.
    pub(crate) memory: f64,
}

impl Usage {
    /// Both, one after the other.
    pub(crate) fn then(self, next: Self) -> Self {
        Self {
            cpu: self.cpu + next.cpu,
            wall: self.wall + next.wall,
            memory: self.memory.max(next.memory),
        }
    }
}

/// The hidden mode: runs the program, forgets what it prints, and prints what it took.
#[allow(clippy::print_stdout, reason = "the process that started this one reads it")]
pub(crate) fn timed(command: &[String]) -> Result<()> {
    let (program, arguments) = command.split_first().context("--timed wants a program")?;
    let begun = Instant::now();
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {program}"))?;
    let wall = begun.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let time = usage.user_time() + usage.system_time();
    // Kilobytes on Linux.
    let memory = usage.max_rss() as f64 / 1024.0;
    let status = output.status.code().unwrap_or(-1);
    println!("{} {wall} {memory} {status}", time.num_microseconds() as f64 / 1e6);
    print!("{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Runs a program to its end.
///
/// # Errors
/// When it cannot be run, or ends with a status that is not among `expected`.
pub(crate) fn run(command: &[String], expected: &[i32]) -> Result<Usage> {
    let output = Command::new(std::env::current_exe()?).arg("--timed").args(command).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let (first, told) = text.split_once('\n').unwrap_or((&text, ""));
    let numbers: Vec<f64> = first.split(' ').filter_map(|number| number.parse().ok()).collect();
    let [cpu, wall, memory, status] = numbers[..] else {
        bail!("cannot run {}: {}", command.join(" "), String::from_utf8_lossy(&output.stderr));
    };
    if !expected.contains(&(status as i32)) {
        bail!("{} ended with status {status}: {told}", command.join(" "));
    }
    Ok(Usage { cpu, wall, memory })
}

/// A command line of words that may be anything printable.
pub(crate) fn words(words: &[&dyn std::fmt::Display]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

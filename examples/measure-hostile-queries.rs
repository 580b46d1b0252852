//! Measures how long each string takes that nobody should type into a search, and fails if one takes
//! too long or is an error.
//!
//! ```sh
//! cargo run --release --example measure-hostile-queries -- ARCHIVE [MILLISECONDS]
//! ```
//!
//! The strings are those of the tests. Ten hits with their snippets are asked for; what counts is the CPU
//! time of the thread, and the bound is 200 ms.

#![allow(clippy::print_stdout, reason = "a command of its own, which prints its figures")]

#[path = "../tests/main/hostile_strings.rs"]
mod hostile_strings;

use anyhow::{Context, Result, anyhow, bail};
use fonds::model::{Flow, Sink, Value};
use fonds::store::{Limits, Reader};
use rustix::time::{ClockId, clock_gettime};
use std::io;
use std::path::Path;

const SEARCH: &str = "SELECT address, snippet FROM search(:words) ORDER BY rank LIMIT 10";

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let archive = arguments.next().context("name the archive to measure on")?;
    let most: f64 = arguments.next().map_or(Ok(200.0), |most| most.parse())?;
    let reader = Reader::open(Path::new(&archive), &Limits::default())?;
    let mut times = Vec::new();
    for (name, typed) in hostile_strings::strings() {
        let words = [("words".to_owned(), Value::Text(typed))];
        let begun = now();
        let asked = reader.select(SEARCH, &words, None, &mut Taken);
        asked.map_err(|complaint| anyhow!("{name}: {}", complaint.describe(SEARCH)))?;
        times.push((now() - begun, name));
    }
    times.sort_by(|one, next| next.0.total_cmp(&one.0));
    for (time, name) in times.iter().take(12) {
        println!("{time:>9.2} ms  {name}");
    }
    let late = times.iter().filter(|(time, _)| *time > most).count();
    println!("{} strings, {late} of them over {most} ms", times.len());
    if late > 0 {
        bail!("{late} strings take longer than {most} ms");
    }
    Ok(())
}

/// The CPU time of this thread so far, in milliseconds.
fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

struct Taken;

impl Sink for Taken {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }

    fn row(&mut self, _: &[Value]) -> io::Result<Flow> {
        Ok(Flow::More)
    }
}

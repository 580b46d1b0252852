//! Ten readers while documents come in: `cargo run --release --example measure-readers-at-once --
//! SECONDS DOCUMENTS`.
//!
//! Each reader asks for a count and for a paragraph, over and over, first at rest and then while an
//! ingest commits. An error, or a count that goes backwards, ends the command with a panic. Times are
//! those of the clock: on a busy machine they are an upper bound.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on has failed"
)]

use fonds::format;
use fonds::ingest::{self, Allowance, Isolation, Listener, Readers, Request, Rules};
use fonds::model::{Counts, Flow, Sink, Value};
use fonds::store::{Archive, Limits, Reader};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const READERS: usize = 10;

struct Quiet;

impl Listener for Quiet {
    fn problem(&self, _: &str, _: &str) {}
    fn reading(&self, _: &str) {}
    fn committed(&self, _: &Counts) {}
}

/// Keeps the first cell.
#[derive(Default)]
struct First(i64);

impl Sink for First {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }
    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        if let Some(Value::Integer(number)) = cells.first() {
            self.0 = *number;
        }
        Ok(Flow::More)
    }
}

fn main() {
    let arguments: Vec<u64> =
        std::env::args().skip(1).map(|argument| argument.parse().unwrap()).collect();
    let [seconds, documents] =
        [(0, 10), (1, 4000)].map(|(at, default)| arguments.get(at).copied().unwrap_or(default));
    let folder = tempfile::tempdir().unwrap();
    write_documents(folder.path(), "before", 500);
    write_documents(folder.path(), "during", documents);
    offer(folder.path(), "before");
    let over = AtomicBool::new(false);
    tell(
        "at rest",
        read_all(folder.path(), &over, || {
            std::thread::sleep(Duration::from_secs(seconds));
        }),
    );
    tell(
        "during an ingest",
        read_all(folder.path(), &over, || {
            let begun = Instant::now();
            offer(folder.path(), "during");
            while begun.elapsed() < Duration::from_secs(seconds) {
                // Offered again, so that commits go on.
                offer(folder.path(), "during");
            }
        }),
    );
}

/// The times of all reads while the work is done, in order.
fn read_all(folder: &Path, over: &AtomicBool, work: impl FnOnce()) -> Vec<Duration> {
    over.store(false, Ordering::Relaxed);
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(|| read(folder, over))).collect();
        work();
        over.store(true, Ordering::Relaxed);
        readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect()
    });
    times.sort_unstable();
    times
}

fn read(folder: &Path, over: &AtomicBool) -> Vec<Duration> {
    let limits = Limits { time: None, memory: 0 };
    let reader = Reader::open(&folder.join("fonds.db"), &limits).unwrap();
    let (mut times, mut last) = (Vec::new(), 0);
    while !over.load(Ordering::Relaxed) {
        for sql in [
            "SELECT max(id) FROM document",
            "SELECT length(text) FROM paragraph WHERE document_id = 7 AND position = 2",
        ] {
            let begun = Instant::now();
            let mut first = First::default();
            reader.select(sql, &[], None, &mut first).unwrap();
            times.push(begun.elapsed());
            if sql.contains("max(id)") {
                assert!(first.0 >= last, "the last id went from {last} to {}", first.0);
                last = first.0;
            }
        }
        // Ten people who think, not ten loops that fight for two cores.
        std::thread::sleep(Duration::from_millis(1));
    }
    times
}

fn tell(when: &str, times: Vec<Duration>) {
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{when}: {} reads by {READERS} readers, no error, p50 {:?}, p99 {:?}, longest {:?}",
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

fn offer(folder: &Path, name: &str) {
    let path = folder.join("fonds.db");
    let request = Request {
        paths: vec![folder.join(name)],
        stdin_name: "-".to_owned(),
        rules: Rules::new(&[], &[]).unwrap(),
        format: format::Options::default(),
        readers: Readers::new(Isolation::Thread, Allowance::default()),
        settle: fonds::dedup::Scope::Auto,
        verify: false,
        keep_originals: true,
        as_json: "{}".to_owned(),
    };
    let archive = Archive::open(&path).unwrap();
    ingest::ingest(archive, &path, &request, &AtomicBool::new(false), &Quiet).unwrap();
}

fn write_documents(folder: &Path, name: &str, count: u64) -> Vec<PathBuf> {
    std::fs::create_dir(folder.join(name)).unwrap();
    (0..count)
        .map(|number| {
            let path = folder.join(name).join(format!("{number:06}.txt"));
            let text = format!(
                "Ferry {name} {number} sails at noon.\n\nIt carries {number} wagons of grain {}.\n",
                number * 31
            )
            .repeat(5);
            std::fs::write(&path, text).unwrap();
            path
        })
        .collect()
}

//! Measures how large the full-text index of an archive is against the text that it indexes.
//!
//! ```sh
//! cargo run --release --example measure-index-size -- ARCHIVE…
//! ```
//!
//! The text is that of all passages with their contexts, each once, in bytes of UTF-8; the index is
//! everything FTS5 keeps beside it: its leaves, the words that lead to them, and the length of each row.
//! An index of Chinese, Japanese or Korean has a word for every character, so their share is told too.

#![allow(clippy::print_stdout, reason = "a command of its own, which prints its figures")]

use anyhow::{Result, anyhow, bail};
use fonds::model::{Flow, Sink, Value};
use fonds::store::{Limits, Reader};
use std::io;
use std::path::PathBuf;

const SIZES: &str = "
SELECT
    (SELECT sum(octet_length(text) + octet_length(context)) FROM passage_text),
    (SELECT sum(octet_length(text) + octet_length(context)) FROM passage_text WHERE cjk),
    (SELECT sum(length(block)) FROM passage_index_data)
        + (SELECT sum(length(term) + 8) FROM passage_index_idx)
        + (SELECT sum(length(sz) + 8) FROM passage_index_docsize)";

fn main() -> Result<()> {
    let archives: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if archives.is_empty() {
        bail!("name the archives to measure");
    }
    println!(
        "{:>10} {:>7} {:>10} {:>13}  archive",
        "text, MB", "CJK, %", "index, MB", "index / text"
    );
    for archive in archives {
        let mut sizes = Sizes::default();
        let reader = Reader::open(&archive, &Limits::default())?;
        reader
            .select(SIZES, &[], None, &mut sizes)
            .map_err(|complaint| anyhow!("{}", complaint.describe(SIZES)))?;
        let [text, cjk, index] = sizes.0;
        println!(
            "{:>10.1} {:>7.0} {:>10.1} {:>13.3}  {}",
            text / 1e6,
            100.0 * cjk / text.max(1.0),
            index / 1e6,
            index / text.max(1.0),
            archive.display()
        );
    }
    Ok(())
}

/// Bytes of all text, of that with CJK characters, and of the index.
#[derive(Default)]
struct Sizes([f64; 3]);

impl Sink for Sizes {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        for (size, cell) in self.0.iter_mut().zip(cells) {
            if let Value::Integer(bytes) = cell {
                *size = *bytes as f64;
            }
        }
        Ok(Flow::More)
    }
}

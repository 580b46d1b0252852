//! The forms in which rows leave the program: one file each, and the list.
//!
//! An output only writes what it is given. It never reads the archive and never shortens a cell,
//! except where a terminal is too narrow to show it.

mod cell;
mod csv;
mod json;
mod jsonl;
mod markdown;
mod table;
mod tsv;

use crate::model::Sink;
use std::io::{self, Write};

/// A sink for the rows of one query that must be told when they are over.
pub trait Output: Sink {
    /// Writes what is still to be written. Without it the rows are visibly incomplete where the form
    /// can show that.
    ///
    /// # Errors
    /// When the place the rows go to cannot be written.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Where rows go.
pub type Writer = Box<dyn Write>;

/// Makes an output. The number is the width in cells of the terminal that the rows go to; `None`
/// when they go to a file or pipe and must arrive exactly as they are.
type Constructor = fn(Writer, Option<usize>) -> Box<dyn Output>;

/// Every output by the name that users type.
const OUTPUTS: [(&str, Constructor); 6] = [
    ("table", table::open),
    ("json", json::open),
    ("jsonl", jsonl::open),
    ("csv", csv::open),
    ("tsv", tsv::open),
    ("markdown", markdown::open),
];

/// The names of all outputs, in the order in which help lists them.
pub fn names() -> impl Iterator<Item = &'static str> {
    OUTPUTS.iter().map(|(name, _)| *name)
}

/// The output of that name, writing to `writer`; `terminal` is the width in cells of the terminal
/// behind it, if there is one. `None` when no output has the name.
pub fn open(name: &str, writer: Writer, terminal: Option<usize>) -> Option<Box<dyn Output>> {
    let (_, constructor) = OUTPUTS.iter().find(|(known, _)| *known == name)?;
    Some(constructor(writer, terminal))
}

#[cfg(test)]
mod tests;

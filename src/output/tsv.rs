//! Tab-separated values with a line of names first; a line is always one row.
//!
//! Inside cells a tab is written `\t`, a line feed `\n`, a carriage return `\r` and a backslash `\\`,
//! so that the text can be had back.

use super::{Output, Writer, cell};
use crate::model::{Flow, Sink, Value};
use crate::text::printable::printable;
use std::borrow::Cow;
use std::io::{self, Write};

struct Tsv {
    writer: Writer,
    on_terminal: bool,
}

pub(super) fn open(writer: Writer, terminal: Option<usize>) -> Box<dyn Output> {
    Box::new(Tsv { writer, on_terminal: terminal.is_some() })
}

impl Tsv {
    fn line<'a>(&mut self, cells: impl Iterator<Item = Cow<'a, str>>) -> io::Result<Flow> {
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                self.writer.write_all(b"\t")?;
            }
            let cell = escape(&cell);
            let cell = if self.on_terminal { printable(&cell) } else { Cow::Borrowed(&*cell) };
            self.writer.write_all(cell.as_bytes())?;
        }
        self.writer.write_all(b"\n")?;
        Ok(Flow::More)
    }
}

fn escape(cell: &str) -> Cow<'_, str> {
    if !cell.contains(['\\', '\t', '\n', '\r']) {
        return Cow::Borrowed(cell);
    }
    let cell = cell.replace('\\', "\\\\").replace('\t', "\\t");
    Cow::Owned(cell.replace('\n', "\\n").replace('\r', "\\r"))
}

impl Sink for Tsv {
    fn columns(&mut self, names: &[String]) -> io::Result<Flow> {
        self.line(names.iter().map(|name| Cow::Borrowed(name.as_str())))
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        self.line(cells.iter().map(cell::text))
    }
}

impl Output for Tsv {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.writer.flush()
    }
}

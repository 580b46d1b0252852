//! A table in GitHub's Markdown, for notes and issue trackers.
//!
//! A cell shows its text and nothing else: signs that Markdown or HTML would act on are escaped.

use super::{Output, Writer, cell};
use crate::model::{Flow, Sink, Value};
use crate::text::printable::printable;
use std::borrow::Cow;
use std::io::{self, Write};

struct Markdown {
    writer: Writer,
}

pub(super) fn open(writer: Writer, _: Option<usize>) -> Box<dyn Output> {
    Box::new(Markdown { writer })
}

impl Markdown {
    fn line<'a>(&mut self, cells: impl Iterator<Item = Cow<'a, str>>) -> io::Result<Flow> {
        self.writer.write_all(b"|")?;
        for cell in cells {
            write!(self.writer, " {} |", escape(&cell))?;
        }
        self.writer.write_all(b"\n")?;
        Ok(Flow::More)
    }
}

/// A backslash is escaped too, or one before a pipe would undo the pipe's.
fn escape(cell: &str) -> String {
    let cell = cell.replace("\r\n", "\n");
    let mut escaped = String::with_capacity(cell.len() + 8);
    for c in printable(&cell).chars() {
        match c {
            '\n' => escaped.push_str("<br>"),
            '\t' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

impl Sink for Markdown {
    fn columns(&mut self, names: &[String]) -> io::Result<Flow> {
        self.line(names.iter().map(|name| Cow::Borrowed(name.as_str())))?;
        self.writer.write_all(b"|")?;
        self.writer.write_all(" --- |".repeat(names.len()).as_bytes())?;
        self.writer.write_all(b"\n")?;
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        self.line(cells.iter().map(cell::text))
    }
}

impl Output for Markdown {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.writer.flush()
    }
}

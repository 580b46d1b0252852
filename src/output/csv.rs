//! Comma-separated values as RFC 4180 has them, with a line of names first and LF at line ends.
//!
//! Cells are exact, except on a terminal, where control characters are written out.

use super::{Output, Writer, cell};
use crate::model::{Flow, Sink, Value};
use crate::text::printable::printable;
use std::borrow::Cow;
use std::io;

struct Csv {
    writer: csv::Writer<Writer>,
    on_terminal: bool,
}

pub(super) fn open(writer: Writer, terminal: Option<usize>) -> Box<dyn Output> {
    Box::new(Csv { writer: csv::Writer::from_writer(writer), on_terminal: terminal.is_some() })
}

impl Csv {
    fn record<'a>(&mut self, cells: impl Iterator<Item = Cow<'a, str>>) -> io::Result<Flow> {
        for cell in cells {
            let cell = if self.on_terminal { printable(&cell) } else { Cow::Borrowed(&*cell) };
            self.writer.write_field(cell.as_bytes()).map_err(io_error)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(io_error)?;
        Ok(Flow::More)
    }
}

/// The error underneath: the crate's own conversion hides its kind, and a closed pipe must be told
/// from a full disk.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

impl Sink for Csv {
    fn columns(&mut self, names: &[String]) -> io::Result<Flow> {
        self.record(names.iter().map(|name| Cow::Borrowed(name.as_str())))
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        self.record(cells.iter().map(cell::text))
    }
}

impl Output for Csv {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.writer.flush()
    }
}

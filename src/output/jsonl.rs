//! One JSON object a line, and nothing else: the form for pipes and for results without end.

use super::json::Keys;
use super::{Output, Writer};
use crate::model::{Flow, Sink, Value};
use std::io::{self, Write};

struct JsonLines {
    writer: Writer,
    keys: Keys,
}

pub(super) fn open(writer: Writer, _: Option<usize>) -> Box<dyn Output> {
    Box::new(JsonLines { writer, keys: Keys::default() })
}

impl Sink for JsonLines {
    fn columns(&mut self, names: &[String]) -> io::Result<Flow> {
        self.keys = Keys::new(names)?;
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        self.keys.write_row(&mut self.writer, cells)?;
        self.writer.write_all(b"\n")?;
        Ok(Flow::More)
    }
}

impl Output for JsonLines {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.writer.flush()
    }
}

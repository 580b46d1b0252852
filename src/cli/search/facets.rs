//! How facets are laid out for reading: one below the other, each with its values and counts.
//!
//! It shows rows as they come and asks nothing.

use crate::model::{Flow, Sink, Value};
use crate::text::printable::on_one_line;
use std::io::{self, Write};

/// Lays facets out.
pub(super) struct Facets<'a> {
    out: &'a mut dyn Write,
    last: Option<String>,
}

impl<'a> Facets<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, last: None }
    }

    /// Whether there was no row.
    pub(super) fn is_empty(&self) -> bool {
        self.last.is_none()
    }
}

impl Sink for Facets<'_> {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        let [Value::Text(facet), Value::Text(value), Value::Integer(hits)] = cells else {
            return Ok(Flow::More);
        };
        if self.last.as_ref() != Some(facet) {
            let gap = if self.last.is_some() { "\n" } else { "" };
            writeln!(self.out, "{gap}{}", on_one_line(facet))?;
            self.last = Some(facet.clone());
        }
        writeln!(self.out, "{hits:>8}  {}", on_one_line(value))?;
        Ok(Flow::More)
    }
}

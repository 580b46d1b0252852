//! How hits are laid out for reading.
//!
//! It shows rows as they come and asks nothing.

use crate::model::{Flow, Sink, Value};
use crate::text::printable::on_one_line;
use std::collections::HashMap;
use std::io::{self, Write};

/// Lays hits out for reading: number and document, address and place, snippet with marks.
pub(super) struct Hits<'a> {
    out: &'a mut dyn Write,
    bold: bool,
    names: HashMap<String, usize>,
    pub(super) count: u64,
}

impl<'a> Hits<'a> {
    /// Hits go to `out`; `bold` shows their marks as a terminal does.
    pub(super) fn new(out: &'a mut dyn Write, bold: bool) -> Self {
        Self { out, bold, names: HashMap::new(), count: 0 }
    }

    fn text(&self, cells: &[Value], name: &str) -> Option<String> {
        match self.names.get(name).and_then(|&at| cells.get(at))? {
            Value::Text(text) => Some(on_one_line(text).into_owned()),
            Value::Integer(number) => Some(number.to_string()),
            _ => None,
        }
    }

    fn number(&self, cells: &[Value], name: &str) -> i64 {
        match self.names.get(name).and_then(|&at| cells.get(at)) {
            Some(Value::Integer(number)) => *number,
            _ => 0,
        }
    }

    fn place(&self, cells: &[Value]) -> String {
        let mut place = self.text(cells, "address").unwrap_or_default();
        if let Some(location) = self.text(cells, "location") {
            place.push_str(&format!("  {location}"));
        }
        for (name, of) in [("other_locations", "more"), ("copies", "copies")] {
            let number = self.number(cells, name);
            if number > 0 {
                place.push_str(&format!(", +{number} {of}"));
            }
        }
        let sources = self.number(cells, "sources");
        if sources > 1 {
            place.push_str(&format!(" from {sources} sources"));
        }
        place
    }
}

impl Sink for Hits<'_> {
    fn columns(&mut self, names: &[String]) -> io::Result<Flow> {
        self.names = names.iter().cloned().zip(0..).collect();
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        let mut heading = self.text(cells, "label").unwrap_or_default();
        if let Some(section) = self.text(cells, "section") {
            heading.push_str(&format!(" › {section}"));
        }
        let snippet = marked(&self.text(cells, "snippet").unwrap_or_default(), self.bold);
        let rank = self.text(cells, "rank").unwrap_or_default();
        let place = self.place(cells);
        if self.count > 0 {
            writeln!(self.out)?;
        }
        writeln!(self.out, "{rank:>2}. {heading}\n    {place}\n    {snippet}")?;
        if let Some(found_as) = self.text(cells, "found_as") {
            writeln!(self.out, "    found as {found_as}")?;
        }
        self.count += 1;
        Ok(Flow::More)
    }
}

/// The snippet with its marks as a terminal shows them. Text that is made safe for a terminal has no
/// escape sequence of its own.
fn marked(snippet: &str, bold: bool) -> String {
    if !bold {
        return snippet.to_owned();
    }
    let mut shown = String::with_capacity(snippet.len() + 16);
    for (at, piece) in snippet.split("**").enumerate() {
        if at > 0 {
            shown.push_str(if at % 2 == 1 { "\u{1b}[1m" } else { "\u{1b}[22m" });
        }
        shown.push_str(piece);
    }
    shown.push_str(if snippet.matches("**").count() % 2 == 1 { "\u{1b}[22m" } else { "" });
    shown
}

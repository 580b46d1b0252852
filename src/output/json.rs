//! A JSON array with one object a row, each on a line of its own.
//!
//! A result that breaks off has no closing bracket, so that no reader takes it for a whole one.

use super::{Output, Writer, cell};
use crate::model::{Flow, Sink, Value};
use serde_json::ser::{CharEscape, Formatter};
use std::io::{self, Write};

struct Json {
    writer: Writer,
    keys: Keys,
    rows: u64,
}

pub(super) fn open(writer: Writer, _: Option<usize>) -> Box<dyn Output> {
    Box::new(Json { writer, keys: Keys::default(), rows: 0 })
}

impl Sink for Json {
    fn columns(&mut self, names: &[String]) -> io::Result<Flow> {
        self.keys = Keys::new(names)?;
        self.writer.write_all(b"[")?;
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        self.writer.write_all(if self.rows == 0 { b"\n" } else { b",\n" })?;
        self.rows += 1;
        self.keys.write_row(&mut self.writer, cells)?;
        Ok(Flow::More)
    }
}

impl Output for Json {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.writer.write_all(if self.rows == 0 { b"]\n" } else { b"\n]\n" })?;
        self.writer.flush()
    }
}

/// The names of the columns as JSON text, colon included.
#[derive(Default)]
pub(super) struct Keys(Vec<Vec<u8>>);

impl Keys {
    /// Columns of one name get `_2`, `_3` … after the first: an object cannot hold a key twice, and
    /// no column may be lost.
    pub(super) fn new(names: &[String]) -> io::Result<Self> {
        let mut taken: Vec<String> = Vec::with_capacity(names.len());
        for name in names {
            let mut key = name.clone();
            let mut number = 1;
            while taken.contains(&key) || (number > 1 && names.contains(&key)) {
                number += 1;
                key = format!("{name}_{number}");
            }
            taken.push(key);
        }
        let mut keys = Vec::with_capacity(taken.len());
        for key in taken {
            let mut json = Vec::new();
            write_text(&mut json, &key)?;
            json.push(b':');
            keys.push(json);
        }
        Ok(Keys(keys))
    }

    pub(super) fn write_row(&self, writer: &mut dyn Write, cells: &[Value]) -> io::Result<()> {
        writer.write_all(b"{")?;
        for (index, (key, value)) in self.0.iter().zip(cells).enumerate() {
            if index > 0 {
                writer.write_all(b",")?;
            }
            writer.write_all(key)?;
            write_value(writer, value)?;
        }
        writer.write_all(b"}")
    }
}

/// Integers are written digit by digit, also beyond 2^53; JSON has no infinity, so it is null.
fn write_value(writer: &mut dyn Write, value: &Value) -> io::Result<()> {
    match value {
        Value::Null => writer.write_all(b"null"),
        Value::Integer(integer) => write!(writer, "{integer}"),
        Value::Real(real) if !real.is_finite() => writer.write_all(b"null"),
        Value::Real(real) => writer.write_all(cell::real_text(*real).as_bytes()),
        Value::Text(text) => write_text(writer, text),
        Value::Blob(bytes) => write!(writer, "\"{}\"", cell::hex(bytes)),
    }
}

fn write_text(writer: &mut dyn Write, text: &str) -> io::Result<()> {
    use serde::Serialize;
    text.serialize(&mut serde_json::Serializer::with_formatter(writer, Escaping))
        .map_err(io::Error::from)
}

/// Compact JSON in which characters that steer a terminal or hide text are escapes too: serde_json
/// lets DEL, C1 controls and bidirectional controls through.
struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_steering) {
            let (plain, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            writer.write_all(plain.as_bytes())?;
            let mut characters = tail.chars();
            if let Some(c) = characters.next() {
                write!(writer, "\\u{:04x}", u32::from(c))?;
            }
            rest = characters.as_str();
        }
        writer.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        serde_json::ser::CompactFormatter.write_char_escape(writer, escape)
    }
}

fn is_steering(c: char) -> bool {
    matches!(
        c,
        '\u{7f}'..='\u{9f}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            // JavaScript takes these two for line ends.
            | '\u{2028}'
            | '\u{2029}'
    )
}

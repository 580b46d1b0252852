//! Keeps the rows of a small result, for commands that lay them out for reading.

use crate::model::{Flow, Sink, Value};
use std::io;

/// The rows of one query.
#[derive(Default)]
pub(super) struct Collected {
    names: Vec<String>,
    rows: Vec<Vec<Value>>,
}

/// One row with the names of its columns.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    names: &'a [String],
    cells: &'a [Value],
}

impl Collected {
    pub(super) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.rows.iter().map(|cells| Record { names: &self.names, cells })
    }
}

impl Sink for Collected {
    fn columns(&mut self, names: &[String]) -> io::Result<Flow> {
        self.names = names.to_vec();
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        self.rows.push(cells.to_vec());
        Ok(Flow::More)
    }
}

impl<'a> Record<'a> {
    fn cell(self, name: &str) -> Option<&'a Value> {
        let column = self.names.iter().position(|column| column == name)?;
        self.cells.get(column)
    }

    /// The text of a cell; `None` where it is NULL or something else.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        match self.cell(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The fraction of a cell; `None` where it is NULL or something else.
    pub(super) fn real(self, name: &str) -> Option<f64> {
        match self.cell(name)? {
            Value::Real(number) => Some(*number),
            Value::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// The number of a cell; 0 where it is NULL or something else.
    pub(super) fn number(self, name: &str) -> i64 {
        match self.cell(name) {
            Some(Value::Integer(number)) => *number,
            _ => 0,
        }
    }
}

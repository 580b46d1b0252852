//! Rows on their way from a query to an output.

use std::io;

/// One cell, with SQLite's five types.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// A 64-bit integer.
    Integer(i64),
    /// A 64-bit float.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// Whether the reader of the rows wants more of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    More,
    /// Enough: stop the query, which is no error.
    Enough,
}

/// Takes the rows of one query as they come.
pub trait Sink {
    /// The names of the columns; called once, before any row.
    ///
    /// # Errors
    /// When the place the rows go to cannot be written.
    fn columns(&mut self, names: &[String]) -> io::Result<Flow>;

    /// One row, with a cell for each column.
    ///
    /// # Errors
    /// When the place the rows go to cannot be written.
    fn row(&mut self, cells: &[Value]) -> io::Result<Flow>;
}

//! What commands that measure relations share: rows of two columns, read in SQL.

use anyhow::Result;
use fonds::model::{Flow, Sink, Value};
use fonds::store::Reader;
use std::io;

/// Rows of two columns, the first of which is text.
pub(crate) fn rows(reader: &Reader, sql: &str) -> Result<Vec<(String, Value)>> {
    let mut found = Pairs::default();
    reader
        .select(sql, &[], None, &mut found)
        .map_err(|complaint| anyhow::anyhow!("{complaint:?}"))?;
    Ok(found.0)
}

#[derive(Default)]
struct Pairs(Vec<(String, Value)>);

impl Sink for Pairs {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        if let [Value::Text(text), value] = cells {
            self.0.push((text.clone(), value.clone()));
        }
        Ok(Flow::More)
    }
}

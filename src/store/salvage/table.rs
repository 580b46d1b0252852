//! The shape of a table's rows, by which a row is known as one of them. It never looks at their
//! meaning.

use super::pages::Row;
use rusqlite::types::Value;
use rusqlite::{Connection, Result};

/// A table of the archive, as its rows are written.
pub(in crate::store) struct Table {
    pub(in crate::store) name: String,
    /// In the order in which a row of the file has them.
    pub(in crate::store) columns: Vec<Column>,
    /// Whether rows are known by a rowid.
    has_rowid: bool,
}

/// A column of a table.
pub(in crate::store) struct Column {
    pub(in crate::store) name: String,
    kind: String,
    may_be_null: bool,
    /// Whether a row written before the column was there need not have it.
    may_be_missing: bool,
    /// Whether it is another name of the rowid.
    is_rowid: bool,
}

/// Tables that are made anew and not taken over.
///
/// `listing` is a reason not to read files, and after a repair those that were hurt have to be read.
const DERIVED: [&str; 4] = ["about", "passage_facts", "document_facts", "listing"];

impl Table {
    /// The tables that hold what users stored, as the new archive has them.
    pub(in crate::store) fn all(connection: &Connection) -> Result<Vec<Self>> {
        let mut select = connection.prepare(
            "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
             ORDER BY name",
        )?;
        let names = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let names: Vec<(String, bool)> = names.collect::<Result<_>>()?;
        let stored = names.into_iter().filter(|(name, _)| !Self::is_internal(name));
        stored.map(|(name, rowless)| Self::one(connection, name, !rowless)).collect()
    }

    /// Whether a table is SQLite's, the index's, or made anew.
    pub(super) fn is_internal(name: &str) -> bool {
        let is_index = name.starts_with("passage_") && name != "passage_text";
        name.starts_with("sqlite_") || is_index || DERIVED.contains(&name)
    }

    fn one(connection: &Connection, name: String, has_rowid: bool) -> Result<Self> {
        // Without rowids, a row begins with its key.
        let mut select = connection.prepare(
            "SELECT name, type, \"notnull\", pk, dflt_value IS NOT NULL FROM pragma_table_info(?1)
             ORDER BY CASE WHEN ?2 OR pk = 0 THEN 1000 + cid ELSE pk END",
        )?;
        let columns = select.query_map((&name, has_rowid), |row| {
            let (kind, key): (String, i64) = (row.get(1)?, row.get(3)?);
            let is_rowid = has_rowid && key == 1 && kind == "INTEGER";
            let may_be_null = !row.get::<_, bool>(2)? && (has_rowid || key == 0);
            let may_be_missing = may_be_null || row.get(4)?;
            Ok(Column { name: row.get(0)?, kind, may_be_null, may_be_missing, is_rowid })
        })?;
        let columns = columns.collect::<Result<_>>()?;
        Ok(Self { name, columns, has_rowid })
    }

    /// Whether the row could be one of this table.
    pub(super) fn fits(&self, row: &Row) -> bool {
        let missing = self.columns.get(row.values.len()..);
        self.has_rowid == row.rowid.is_some()
            && missing.is_some_and(|missing| missing.iter().all(|column| column.may_be_missing))
            && self.columns.iter().zip(&row.values).all(|(column, value)| column.fits(value))
    }

    pub(super) fn values(&self, row: Row) -> Vec<Value> {
        let Row { rowid, values } = row;
        let value = |(column, value): (&Column, Value)| match rowid {
            Some(id) if column.is_rowid => Value::Integer(id),
            _ => value,
        };
        self.columns.iter().zip(values).map(value).collect()
    }
}

impl Column {
    fn fits(&self, value: &Value) -> bool {
        match value {
            Value::Null => self.is_rowid || self.may_be_null,
            _ if self.is_rowid => false,
            // A whole number in a column of REAL is stored as an integer.
            Value::Integer(_) => self.kind.starts_with("INT") || self.kind == "REAL",
            Value::Real(_) => self.kind == "REAL",
            Value::Text(_) => self.kind == "TEXT",
            Value::Blob(_) => self.kind == "BLOB",
        }
    }
}

//! One unambiguous string of bytes for rows of any table, and its SHA-256.
//!
//! Each value is a type tag (0 NULL, 1 integer, 2 float, 3 text, 4 blob), for text and blob the
//! length in eight bytes, then its bytes; numbers are eight bytes, high byte first. Each row begins
//! with tag 5 and each group of rows with tag 6 and a name, so no two different sets of rows have
//! the same encoding. It must never change: digests in archives were made with it.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Params, Result, Row, Statement};
use sha2::{Digest as _, Sha256};

/// A digest of rows.
pub(super) type RowDigest = [u8; 32];

/// Rows on their way into a digest.
pub(super) struct Canonical(Sha256);

impl Canonical {
    /// A digest whose first group has this name.
    pub(super) fn new(name: &str) -> Self {
        let mut canonical = Self(Sha256::new());
        canonical.group(name);
        canonical
    }

    /// Begins a group of rows.
    pub(super) fn group(&mut self, name: &str) {
        self.0.update([6]);
        self.bytes(3, name.as_bytes());
    }

    /// Adds one value.
    pub(super) fn value(&mut self, value: ValueRef<'_>) {
        match value {
            ValueRef::Null => self.0.update([0]),
            ValueRef::Integer(number) => {
                self.0.update([1]);
                self.0.update(number.to_be_bytes());
            }
            ValueRef::Real(number) => {
                self.0.update([2]);
                self.0.update(number.to_bits().to_be_bytes());
            }
            ValueRef::Text(text) => self.bytes(3, text),
            ValueRef::Blob(blob) => self.bytes(4, blob),
        }
    }

    fn bytes(&mut self, tag: u8, bytes: &[u8]) {
        self.0.update([tag]);
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    /// Adds the first columns of a row.
    pub(super) fn row(&mut self, row: &Row<'_>, columns: usize) -> Result<()> {
        self.0.update([5]);
        for column in 0..columns {
            self.value(row.get_ref(column)?);
        }
        Ok(())
    }

    /// Adds every row that the statement gives; returns their number.
    pub(super) fn rows(&mut self, statement: &mut Statement<'_>, by: impl Params) -> Result<u64> {
        let columns = statement.column_count();
        let mut rows = statement.query(by)?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            self.row(row, columns)?;
            count += 1;
        }
        Ok(count)
    }

    /// The digest of what queries by one id give, one after the other.
    pub(super) fn of(
        connection: &Connection,
        name: &str,
        queries: &[&str],
        id: i64,
    ) -> Result<RowDigest> {
        let mut canonical = Self::new(name);
        for sql in queries {
            canonical.rows(&mut *connection.prepare_cached(sql)?, [id])?;
        }
        Ok(canonical.finish())
    }

    pub(super) fn finish(self) -> RowDigest {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(sql: &str) -> RowDigest {
        let connection = Connection::open_in_memory().unwrap();
        let mut canonical = Canonical::new("test");
        canonical.rows(&mut connection.prepare(sql).unwrap(), []).unwrap();
        canonical.finish()
    }

    #[test]
    fn rows_that_differ_in_anything_have_different_digests() {
        let different = [
            "SELECT 1 WHERE 0",
            "SELECT NULL",
            "SELECT ''",
            "SELECT x''",
            "SELECT 1",
            "SELECT 1.0",
            "SELECT '1'",
            "SELECT x'31'",
            "SELECT 'ab', 'c'",
            "SELECT 'a', 'bc'",
            "SELECT 'abc'",
            "SELECT 'a', 'bc' UNION ALL SELECT 'a', 'bc'",
            "SELECT 'a' UNION ALL SELECT 'bc'",
            "SELECT '路桥'",
            "SELECT '路', '桥'",
        ];
        let digests: std::collections::BTreeSet<RowDigest> =
            different.iter().map(|sql| digest(sql)).collect();
        assert_eq!(digests.len(), different.len());
    }

    #[test]
    fn the_encoding_is_the_one_that_archives_were_made_with() {
        let bytes = [
            &[6u8, 3, 0, 0, 0, 0, 0, 0, 0, 4][..],
            b"test",
            &[5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 3, 0, 0, 0, 0, 0, 0, 0, 1, b'a'],
            &[4, 0, 0, 0, 0, 0, 0, 0, 1, 255],
        ]
        .concat();
        let expected: RowDigest = Sha256::digest(&bytes).into();
        assert_eq!(digest("SELECT NULL, 7, 'a', x'ff'"), expected);
    }
}

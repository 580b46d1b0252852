//! Takes out of a damaged file whatever rows can still be read, page by page.
//!
//! SQLite stops at the first fault of a tree; here a page that cannot be read costs the rows on it
//! and no others, and rows that no tree leads to any more are found by their shape. Nothing is
//! judged here: whether a row is as it was written, its digests tell.

mod pages;
mod record;
mod table;

pub(super) use table::Table;

use anyhow::Result;
use pages::{Page, Pages, Row};
use rusqlite::types::Value;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// Indexes that repeat values of their table, in case the table has lost them.
const ECHOES: [(&str, &str); 3] = [
    ("sqlite_autoindex_document_1", "document"),
    ("sqlite_autoindex_sighting_row_1", "sighting_row"),
    ("sqlite_autoindex_sighting_1", "sighting_row"),
];

/// What tables were called before schema 12, and are now.
const RENAMED: (&str, &str) = ("sighting", "sighting_row");

/// What hears each row: the table and the row's first values, in the order of [`Table::columns`].
pub(super) type Take<'a> = &'a mut dyn FnMut(&Table, Vec<Value>) -> Result<()>;

/// What hears each row of an index: the table it belongs to and its values, the rowid last.
pub(super) type Echo<'a> = &'a mut dyn FnMut(&str, Vec<Value>) -> Result<()>;

/// A damaged file, open for taking rows out of it.
pub(super) struct Salvage {
    pages: Pages,
    /// Pages that need not be looked at again.
    seen: Vec<bool>,
    roots: HashMap<String, u32>,
    /// Tables that the file has and no archive.
    pub(super) foreign: Vec<String>,
    /// Whether the list of tables could be read whole.
    pub(super) is_schema_whole: bool,
    /// Tables of which a part could not be reached or read.
    pub(super) torn: BTreeSet<String>,
}

impl Salvage {
    /// Opens the file. The tables are those of the archive that the rows are for.
    pub(super) fn open(path: &Path, tables: &[Table]) -> Result<Self> {
        let pages = Pages::open(path)?;
        let mut seen = vec![false; pages.count() as usize + 1];
        // Free pages may still have rows that were removed for good.
        for number in pages.free() {
            if let Some(seen) = seen.get_mut(number as usize) {
                *seen = true;
            }
        }
        let (roots, foreign, torn) = (HashMap::new(), Vec::new(), BTreeSet::new());
        let mut salvage = Self { pages, seen, roots, foreign, torn, is_schema_whole: false };
        let mut objects = Vec::new();
        salvage.is_schema_whole = salvage.walk(1, &|row| row.values.len() == 5, &mut |row| {
            objects.push(row.values);
            Ok(())
        })?;
        for object in objects {
            let [Value::Text(kind), Value::Text(name), _, Value::Integer(root), _] = &object[..]
            else {
                continue;
            };
            let name = if kind == "table" && name == RENAMED.0 { RENAMED.1 } else { name };
            let is_known = tables.iter().any(|table| table.name == name);
            let is_internal = Table::is_internal(name);
            if kind == "table" && !is_known && !is_internal {
                salvage.foreign.push(name.to_owned());
            }
            salvage.roots.insert(name.to_owned(), u32::try_from(*root).unwrap_or(0));
        }
        Ok(salvage)
    }

    /// Whether the file never had this table.
    pub(super) fn never_had(&self, table: &str) -> bool {
        self.is_schema_whole && !self.roots.contains_key(table)
    }

    /// Hands over every row that a tree leads to.
    pub(super) fn rows(&mut self, tables: &[Table], take: Take<'_>) -> Result<()> {
        for table in tables {
            let root = self.roots.get(&table.name).copied().unwrap_or(0);
            let is_whole =
                self.walk(root, &|row| table.fits(row), &mut |row| take(table, table.values(row)))?;
            if !is_whole {
                self.torn.insert(table.name.clone());
            }
        }
        Ok(())
    }

    /// Hands over rows of torn tables on pages that no tree leads to; call it last.
    pub(super) fn strays(&mut self, tables: &[Table], take: Take<'_>) -> Result<()> {
        let torn: Vec<&Table> =
            tables.iter().filter(|table| self.torn.contains(&table.name)).collect();
        if torn.is_empty() {
            return Ok(());
        }
        for number in (1..).zip(self.seen.iter().skip(1)).filter(|(_, seen)| !**seen) {
            for row in self.pages.page(number.0).rows {
                if let Some(table) = torn.iter().find(|table| table.fits(&row)) {
                    take(table, table.values(row))?;
                }
            }
        }
        Ok(())
    }

    /// Hands over the rows of indexes that repeat what a table states.
    pub(super) fn echoes(&mut self, take: Echo<'_>) -> Result<()> {
        for (index, table) in ECHOES {
            let root = self.roots.get(index).copied().unwrap_or(0);
            self.walk(root, &|row| row.rowid.is_none(), &mut |row| take(table, row.values))?;
        }
        Ok(())
    }

    /// Walks a tree from its root; returns whether all of it could be read. A page whose rows do not
    /// fit is not of this tree: what pointed there is damaged, and its own tree may still want it.
    fn walk(
        &mut self,
        root: u32,
        fits: &dyn Fn(&Row) -> bool,
        take: &mut dyn FnMut(Row) -> Result<()>,
    ) -> Result<bool> {
        let mut is_whole = root != 0;
        let mut ahead = vec![root];
        while let Some(number) = ahead.pop() {
            let is_new = |seen: &mut bool| !std::mem::replace(seen, true);
            if number == 0 || !self.seen.get_mut(number as usize).is_some_and(is_new) {
                is_whole = false;
                continue;
            }
            let Page { children, rows, is_whole: is_page_whole } = self.pages.page(number);
            is_whole &= is_page_whole && rows.iter().all(fits);
            if !rows.is_empty() && !rows.iter().any(fits) {
                if let Some(seen) = self.seen.get_mut(number as usize) {
                    *seen = false;
                }
                continue;
            }
            ahead.extend(children.iter().rev());
            for row in rows.into_iter().filter(fits) {
                take(row)?;
            }
        }
        Ok(is_whole)
    }
}

//! The pages of an SQLite file as bytes, for files that SQLite itself refuses to read.
//!
//! Layout by the SQLite file format (sqlite.org/fileformat2.html, sections 1.3, 1.5 and 1.6). It
//! never trusts a number it reads: whatever points outside of the file, or in circles, is nothing.

use super::record;
use anyhow::{Context, Result};
use rusqlite::types::Value;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The page size of archives, for a file whose header no longer tells.
const PAGE_SIZE: usize = 16384;

/// A file cut into pages.
pub(super) struct Pages {
    file: File,
    size: usize,
    usable: usize,
    bytes: u64,
}

/// What stands on a page.
#[derive(Default)]
pub(super) struct Page {
    /// Pages below this one.
    pub(super) children: Vec<u32>,
    pub(super) rows: Vec<Row>,
    /// Whether it is a page of a tree and all of it could be read.
    pub(super) is_whole: bool,
}

/// One row as it stands: its rowid in a table, `None` in an index or a table without rowids.
pub(super) struct Row {
    pub(super) rowid: Option<i64>,
    pub(super) values: Vec<Value>,
}

impl Pages {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let read = || format!("cannot read {}", path.display());
        let file = File::open(path).with_context(read)?;
        let bytes = file.metadata().with_context(read)?.len();
        let mut header = [0; 100];
        let _short = file.read_at(&mut header, 0).with_context(read)?;
        let stated = usize::from(number16(&header, 16));
        let stated = if stated == 1 { 65536 } else { stated };
        let is_possible = (512..=65536).contains(&stated) && stated.is_power_of_two();
        let size = if is_possible { stated } else { PAGE_SIZE };
        let reserved = usize::from(header.get(20).copied().unwrap_or(0));
        let reserved = if reserved > 64 { 0 } else { reserved };
        Ok(Self { file, size, usable: size - reserved, bytes })
    }

    /// The number of pages, a torn one at the end included.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.bytes.div_ceil(self.size as u64)).unwrap_or(u32::MAX)
    }

    /// The bytes of a page, counted from 1; what the file lacks of it is zeros.
    fn bytes(&self, number: u32) -> Option<Vec<u8>> {
        if number == 0 || number > self.count() {
            return None;
        }
        let mut bytes = vec![0; self.size];
        let start = u64::from(number - 1) * self.size as u64;
        let mut filled = 0;
        // A sector that cannot be read stays zeros: the pages around it still can.
        while let Ok(read) = self.file.read_at(bytes.get_mut(filled..)?, start + filled as u64) {
            filled += read;
            if read == 0 {
                break;
            }
        }
        Some(bytes)
    }

    /// What stands on the page.
    pub(super) fn page(&self, number: u32) -> Page {
        let Some(bytes) = self.bytes(number) else { return Page::default() };
        let start = if number == 1 { 100 } else { 0 };
        let kind = bytes.get(start).copied().unwrap_or(0);
        let (is_tree, is_leaf) = (matches!(kind, 2 | 5 | 10 | 13), matches!(kind, 10 | 13));
        if !is_tree {
            return Page::default();
        }
        let stated = usize::from(number16(&bytes, start + 3));
        let cells = cells(&bytes, start, if is_leaf { 8 } else { 12 }, stated);
        let mut page = Page { is_whole: cells.len() == stated, ..Page::default() };
        for cell in &cells {
            if !is_leaf {
                page.children.push(number32(&bytes, *cell));
            }
            // Inner pages of a table have no rows.
            if kind == 5 {
                continue;
            }
            match self.row(&bytes, if is_leaf { *cell } else { *cell + 4 }, kind == 13) {
                Some(row) => page.rows.push(row),
                None => page.is_whole = false,
            }
        }
        if !is_leaf {
            page.children.push(number32(&bytes, start + 8));
        }
        page
    }

    /// The numbers of the pages that the file says are free.
    pub(super) fn free(&self) -> Vec<u32> {
        let mut free = Vec::new();
        let mut trunk = self.bytes(1).map_or(0, |header| number32(&header, 32));
        // The number of pages bounds the steps, so a list in a circle ends.
        while free.len() <= self.count() as usize {
            let Some(bytes) = self.bytes(trunk) else { break };
            free.push(trunk);
            let leaves = bytes.get(8..).unwrap_or_default().chunks_exact(4);
            free.extend(leaves.take(number32(&bytes, 4) as usize).map(|leaf| number32(leaf, 0)));
            trunk = number32(&bytes, 0);
        }
        free
    }

    /// The row of a cell; `None` where it cannot be one.
    fn row(&self, page: &[u8], at: usize, is_table: bool) -> Option<Row> {
        let (length, mut at) = record::varint(page, at)?;
        let length = usize::try_from(length).ok().filter(|length| *length as u64 <= self.bytes)?;
        let mut rowid = None;
        if is_table {
            let (id, after) = record::varint(page, at)?;
            (rowid, at) = (Some(id), after);
        }
        let local = self.local(length, is_table);
        let mut payload = page.get(at..at + local)?.to_vec();
        if local < length {
            let first = page.get(at + local..at + local + 4).map(|next| number32(next, 0))?;
            self.follow(first, length, &mut payload)?;
        }
        Some(Row { rowid, values: record::values(&payload)? })
    }

    /// How much of a payload stands on the page itself.
    fn local(&self, length: usize, is_table: bool) -> usize {
        let usable = self.usable;
        let most = if is_table { usable - 35 } else { (usable - 12) * 64 / 255 - 23 };
        if length <= most {
            return length;
        }
        let least = (usable - 12) * 32 / 255 - 23;
        let fitting = least + (length - least) % (usable - 4);
        if fitting <= most { fitting } else { least }
    }

    /// Appends what stands on overflow pages.
    fn follow(&self, first: u32, length: usize, payload: &mut Vec<u8>) -> Option<()> {
        let mut next = first;
        // The length bounds the steps, so a chain in a circle ends.
        while payload.len() < length {
            let page = self.bytes(next)?;
            let part = (length - payload.len()).min(self.usable - 4);
            payload.extend_from_slice(page.get(4..4 + part)?);
            next = number32(&page, 0);
        }
        Some(())
    }
}

/// Where the cells of a page begin.
fn cells(page: &[u8], start: usize, header: usize, count: usize) -> Vec<usize> {
    let pointers = page.get(start + header..).unwrap_or_default().chunks_exact(2);
    let cells = pointers.take(count).map(|pointer| usize::from(number16(pointer, 0)));
    cells.filter(|cell| *cell > start + header && *cell < page.len()).collect()
}

fn number16(bytes: &[u8], at: usize) -> u16 {
    let two = bytes.get(at..at + 2).and_then(|two| two.try_into().ok());
    u16::from_be_bytes(two.unwrap_or_default())
}

fn number32(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    u32::from_be_bytes(four.unwrap_or_default())
}

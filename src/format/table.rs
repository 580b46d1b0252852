//! Sheets and records as tables: a row a paragraph, the column names before them.
//!
//! A cell never holds a tab or a line break, so the tabs of a row tell its cells.

use std::collections::BTreeMap;

use super::composed::Composed;
use crate::text::segment::Mark;

/// The longest row that is one, in bytes; a longer one has text in its cells.
const LONGEST: usize = 1 << 16;

/// Cells by row and column; most of a sheet is empty.
#[derive(Debug, Default)]
pub(super) struct Grid(BTreeMap<u32, BTreeMap<u32, String>>);

impl Grid {
    /// Puts words into a cell; white space alone leaves it empty.
    pub(super) fn put(&mut self, (row, column): (u32, u32), words: String) {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if !words.is_empty() {
            self.0.entry(row).or_default().insert(column, words);
        }
    }

    /// The rows that have anything in them, each from the first column that any has.
    pub(super) fn rows(self) -> Vec<Vec<String>> {
        let first = self.0.values().filter_map(|row| row.keys().next()).min().copied();
        let first = first.unwrap_or(0);
        let cells = |row: BTreeMap<u32, String>| {
            let mut cells: Vec<String> = Vec::new();
            for (column, words) in row {
                // A stray cell far to the right is not worth thousands of tabs.
                let empty = usize::try_from(column - first).unwrap_or(0).min(cells.len() + 256);
                cells.resize(empty.max(cells.len()), String::new());
                cells.push(words);
            }
            cells
        };
        self.0.into_values().map(cells).collect()
    }
}

/// Adds a sheet: its name as the caption of its table where it says anything, then its rows.
pub(super) fn push(name: &str, sheets: usize, grid: Grid, composed: &mut Composed) {
    let rows = grid.rows();
    let is_bare = name.trim_start_matches(|c: char| c.is_alphabetic()).trim().parse::<u8>().is_ok();
    if !rows.is_empty() && (sheets > 1 || !is_bare) {
        composed.push(name, Mark::Caption);
    }
    push_rows(&rows, composed);
}

/// Adds rows. The first has the names of columns where it has words alone and others have more.
pub(super) fn push_rows(rows: &[Vec<String>], composed: &mut Composed) {
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    for (place, cells) in rows.iter().enumerate() {
        let is_named = place == 0 && rows.len() > 1 && widest > 1 && are_names(cells, widest);
        let text = cells.join("\t");
        let mark = match (is_named, widest) {
            (true, _) => Mark::Columns,
            // A sheet of one column is a list or a text.
            (false, 1) => Mark::None,
            _ if text.len() > LONGEST => Mark::None,
            _ => Mark::Row,
        };
        composed.push(&text, mark);
    }
}

/// Whether cells are names of columns: words, each another, nearly one a column.
pub(super) fn are_names(cells: &[String], widest: usize) -> bool {
    let filled: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let is_name = |cell: &&&String| {
        cell.chars().any(char::is_alphabetic)
            && cell.len() <= 200
            && !cell.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut distinct = filled.clone();
    distinct.sort_unstable();
    distinct.dedup();
    filled.iter().filter(is_name).count() == filled.len()
        && distinct.len() == filled.len()
        && filled.len() * 3 >= widest * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_are_words_and_differ() {
        let names = |cells: &[&str], widest| {
            are_names(&cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>(), widest)
        };
        assert!(names(&["Year", "Tons"], 2));
        assert!(names(&["", "运量"], 1));
        assert!(!names(&["Year", "2015"], 2));
        assert!(!names(&["Year", "Year"], 2));
        assert!(!names(&["Report of the port"], 5));
    }
}

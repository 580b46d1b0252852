//! Tables that are drawn with characters: grids, and columns under rows of `=`.

use super::inline;

/// A row and whether it has the names of the columns.
pub(super) type Row = (String, bool);

/// Whether a line is a border of a grid.
pub(super) fn is_grid(line: &str) -> bool {
    let line = line.trim();
    line.len() > 2
        && line.starts_with("+")
        && line.ends_with('+')
        && line.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'='))
}

/// Whether a line is the border of a table without a grid: two runs of `=` or more.
pub(super) fn is_simple(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("==")
        && line.contains(' ')
        && line.bytes().all(|byte| matches!(byte, b'=' | b' '))
}

/// The rows of a grid, whose cells may have several lines.
pub(super) fn grid(lines: &[&str]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for line in lines {
        if is_grid(line) {
            let is_head = line.contains('=');
            if is_head {
                rows.iter_mut().for_each(|row| row.1 = true);
            }
            end(&mut open, is_head, &mut rows);
            continue;
        }
        let inside = line.trim().trim_start_matches('|').trim_end_matches('|');
        for (at, cell) in inside.split('|').enumerate() {
            put(&mut open, at, cell);
        }
    }
    end(&mut open, false, &mut rows);
    rows
}

/// The rows under and between borders of `=`, cut where the border's runs begin.
pub(super) fn simple(lines: &[&str]) -> Vec<Row> {
    let Some(border) = lines.first() else { return Vec::new() };
    let starts: Vec<usize> = starts(border);
    let mut rows: Vec<Row> = Vec::new();
    let borders = lines.iter().filter(|line| is_simple(line)).count();
    let mut seen = 0;
    let mut open: Vec<String> = Vec::new();
    for line in lines {
        if is_simple(line) {
            seen += 1;
            end(&mut open, seen == 2 && borders > 2, &mut rows);
            continue;
        }
        let cells = cells(line, &starts);
        // A row whose first cell is blank goes on with the one before.
        if cells.first().is_some_and(|first| !first.trim().is_empty()) {
            end(&mut open, seen == 1 && borders > 2, &mut rows);
        }
        cells.iter().enumerate().for_each(|(at, cell)| put(&mut open, at, cell));
    }
    end(&mut open, false, &mut rows);
    rows
}

fn starts(border: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut before = ' ';
    for (at, c) in border.chars().enumerate() {
        if c == '=' && before != '=' {
            starts.push(at);
        }
        before = c;
    }
    starts
}

fn cells(line: &str, starts: &[usize]) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    let ends = starts.iter().skip(1).copied().chain([usize::MAX]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            letters.get(*start..end.min(letters.len())).unwrap_or_default().iter().collect()
        })
        .collect()
}

fn put(open: &mut Vec<String>, at: usize, cell: &str) {
    if open.len() <= at {
        open.resize(at + 1, String::new());
    }
    let Some(there) = open.get_mut(at) else { return };
    let cell = cell.trim();
    if !there.is_empty() && !cell.is_empty() {
        there.push(' ');
    }
    there.push_str(cell);
}

fn end(open: &mut Vec<String>, is_head: bool, rows: &mut Vec<Row>) {
    let cells = std::mem::take(open);
    if cells.iter().any(|cell| !cell.is_empty()) {
        let cells: Vec<String> = cells.iter().map(|cell| inline::plain(cell)).collect();
        rows.push((cells.join("\t"), is_head));
    }
}

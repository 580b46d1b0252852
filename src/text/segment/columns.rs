//! Lines that are rows: fields between tabs or bars, and columns made of spaces.
//!
//! A table is taken for one only where every line has the same columns; anything else is left to be
//! running text.

use std::borrow::Cow;

use super::super::lines::Line;
use super::super::marks;
use super::{Block, Mark};

/// The longest cell that is believed to be one, in bytes; longer ones are prose with a stray tab.
const LONGEST_CELL: usize = 400;

/// The same for a cell that nothing but spaces parts from the next.
const LONGEST_SPACED: usize = 60;

/// The table that starts at the first of these lines, with the lines it takes.
pub(super) fn table<'a>(text: &'a str, lines: &[Line]) -> Option<(Vec<Block<'a>>, usize)> {
    let first = lines.first()?.of(text);
    if first.trim_start().starts_with('|') {
        return bars(text, lines);
    }
    let Some(tabs) = tab_count(first) else { return spaced(text, lines) };
    let used = lines.iter().take_while(|line| tab_count(line.of(text)) == Some(tabs)).count();
    // Two fields a line is also what an index or a dialogue looks like.
    if used < if tabs >= 2 { 2 } else { 3 } {
        return None;
    }
    let rows = lines.iter().take(used).enumerate();
    let has_names = !first.split('\t').all(is_number);
    let blocks = rows.map(|(place, line)| {
        let row = line.of(text);
        let start = line.start + (row.len() - row.trim_start().len());
        let mark = if place == 0 && has_names { Mark::Columns } else { Mark::Row };
        block(start..line.end, Cow::Borrowed(row.trim()), mark)
    });
    Some((blocks.collect(), used))
}

/// Whether the lines are set in columns by runs of spaces, so that their breaks matter.
pub(super) fn is_aligned(text: &str, lines: &[Line]) -> bool {
    let aligned = |line: &&Line| {
        let line = line.of(text).trim_start();
        line.len() <= LONGEST_CELL && line.contains("   ") && !marks::ends_sentence(line)
    };
    lines.len() >= 2 && lines.iter().filter(aligned).count() * 2 > lines.len()
}

/// Rows whose cells stand one below the other with two spaces or more between them.
fn spaced<'a>(text: &'a str, lines: &[Line]) -> Option<(Vec<Block<'a>>, usize)> {
    let first = lines.first()?.of(text);
    if !first.trim().contains("  ") {
        return None;
    }
    let width = cells_at(first).len();
    let rows: Vec<Vec<(usize, &str)>> = lines
        .iter()
        .map(|line| cells_at(line.of(text)))
        .take_while(|cells| cells.len() == width)
        .collect();
    let is_short = rows.iter().flatten().all(|(_, cell)| cell.len() <= LONGEST_SPACED);
    // What a scanner or a typist has set in two columns is more often two texts.
    if width < 3 || rows.len() < 3 || !is_short || !(0..width).all(|column| stands(&rows, column)) {
        return None;
    }
    let has_names = !rows.first()?.iter().any(|(_, cell)| is_number(cell));
    let blocks = rows.iter().zip(lines).enumerate().map(|(place, (cells, line))| {
        let start = line.start + (line.of(text).len() - line.of(text).trim_start().len());
        let words: Vec<&str> = cells.iter().map(|(_, cell)| *cell).collect();
        let mark = if place == 0 && has_names { Mark::Columns } else { Mark::Row };
        block(start..line.end, Cow::Owned(words.join("\t")), mark)
    });
    Some((blocks.collect(), rows.len()))
}

/// Whether the cells of a column begin or end one below the other.
fn stands(rows: &[Vec<(usize, &str)>], column: usize) -> bool {
    let cells = || rows.iter().filter_map(|row| row.get(column));
    let is_even = |places: Vec<usize>| {
        let (least, most) = (places.iter().min(), places.iter().max());
        least.zip(most).is_some_and(|(least, most)| most - least <= 1)
    };
    is_even(cells().map(|(start, _)| *start).collect())
        || is_even(
            cells().map(|(start, cell)| start + marks::width(cell, LONGEST_SPACED)).collect(),
        )
}

/// The cells of a line, each with the column it begins in.
fn cells_at(line: &str) -> Vec<(usize, &str)> {
    let mut cells = Vec::new();
    let (mut column, mut rest) = (0, line);
    while let Some(start) = rest.find(|c: char| c != ' ') {
        column += start;
        let from = rest.get(start..).unwrap_or_default();
        let cell = from.split("  ").next().unwrap_or(from);
        cells.push((column, cell));
        column += marks::width(cell, LONGEST_CELL);
        rest = from.get(cell.len()..).unwrap_or_default();
    }
    cells
}

fn tab_count(line: &str) -> Option<usize> {
    if line.starts_with('\t') || !line.contains('\t') {
        return None;
    }
    let cells = line.split('\t');
    if cells.clone().any(|cell| cell.len() > LONGEST_CELL) {
        return None;
    }
    let filled = cells.clone().filter(|cell| !cell.trim().is_empty()).count();
    let count = cells.count();
    (filled * 2 > count).then_some(count - 1)
}

fn bars<'a>(text: &'a str, lines: &[Line]) -> Option<(Vec<Block<'a>>, usize)> {
    let count = |line: &Line| cells(line.of(text)).map(|cells| cells.len());
    let width = count(lines.first()?)?;
    let used = lines.iter().take_while(|line| count(line) == Some(width)).count();
    if used < 2 || width < 2 {
        return None;
    }
    let mut blocks = Vec::with_capacity(used);
    for line in lines.iter().take(used) {
        let cells = cells(line.of(text))?;
        if cells.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':' | '=' | ' '))) {
            continue;
        }
        let mark = if blocks.is_empty() { Mark::Columns } else { Mark::Row };
        let shown = line.of(text);
        let start = line.start + (shown.len() - shown.trim_start().len());
        blocks.push(block(start..line.end, Cow::Owned(cells.join("\t")), mark));
    }
    Some((blocks, used))
}

fn cells(line: &str) -> Option<Vec<&str>> {
    let inside = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(inside.split('|').map(str::trim).collect())
}

fn is_number(cell: &str) -> bool {
    let cell = cell.trim();
    !cell.is_empty()
        && cell
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '%' | '+' | ' '))
}

fn block(span: std::ops::Range<usize>, text: Cow<'_, str>, mark: Mark) -> Block<'_> {
    Block { span, text, mark, apart: false, cut: false }
}

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

/// The table that starts at the first of these lines, with the lines it takes.
pub(super) fn table<'a>(text: &'a str, lines: &[Line]) -> Option<(Vec<Block<'a>>, usize)> {
    let first = lines.first()?.of(text);
    if first.trim_start().starts_with('|') {
        return bars(text, lines);
    }
    let tabs = tab_count(first)?;
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

//! Pieces to rows: what stands on one line of a column, and which rows make a table.

use super::lines::Piece;
use crate::text::marks;

/// The least gap between two cells of a table, in sizes of the font.
const CELL_GAP: f32 = 1.1;

/// One line of a column.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its pieces as one.
    pub(super) whole: Piece,
    /// Its pieces one by one, from left to right.
    pub(super) cells: Vec<Piece>,
    /// Whether it is a row of a table.
    pub(super) is_tabular: bool,
}

impl Row {
    /// Its cells with tabs between.
    pub(super) fn tabbed(&self) -> String {
        self.cells.iter().map(|cell| &*cell.text).collect::<Vec<_>>().join("\t")
    }
}

/// The rows of a column, those of tables told.
pub(super) fn rows(mut pieces: Vec<Piece>) -> Vec<Row> {
    pieces.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut groups: Vec<Vec<Piece>> = Vec::new();
    for piece in pieces {
        let group = groups.iter_mut().rev().take(2).find(|group| {
            group
                .first()
                .is_some_and(|first| (first.y - piece.y).abs() < 0.35 * first.size.max(piece.size))
                && group
                    .iter()
                    .all(|other| piece.x0 >= other.x1 - 1.0 || piece.x1 <= other.x0 + 1.0)
        });
        match group {
            Some(group) => group.push(piece),
            None => groups.push(vec![piece]),
        }
    }
    let mut rows: Vec<Row> = groups.into_iter().filter_map(row).collect();
    mark_tables(&mut rows);
    rows
}

fn row(mut pieces: Vec<Piece>) -> Option<Row> {
    pieces.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let mut cells: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match cells.pop() {
            Some(last) if belongs(&last, &piece) => cells.push(last.with(&piece)),
            Some(last) => cells.extend([last, piece]),
            None => cells.push(piece),
        }
    }
    let mut all = cells.iter();
    let first = all.next()?.clone();
    let whole = all.fold(first, |row, cell| row.with(cell));
    Some(Row { whole, cells, is_tabular: false })
}

/// Whether a piece goes on the one before: the gap is narrow, or the one before is the mark of an
/// item, or the leader of a table of contents.
fn belongs(last: &Piece, next: &Piece) -> bool {
    let gap = next.x0 - last.x1;
    let is_mark = last.text.chars().count() <= 5
        && marks::starts_item(&format!("{} x", last.text))
        && gap < 4.0 * last.size;
    gap < CELL_GAP * last.size.max(next.size)
        || is_mark
        || is_leader(&last.text)
        || is_leader(&next.text)
}

/// Dots that lead to a page number.
fn is_leader(text: &str) -> bool {
    let tail: Vec<char> = text.chars().rev().filter(|c| *c != ' ').take(3).collect();
    tail.len() == 3 && tail.iter().all(|c| matches!(c, '.' | '…' | '·' | '‥'))
}

/// Whether a line is an entry of a table of contents: dots lead to a number at its end.
pub(super) fn is_entry(text: &str) -> bool {
    let before =
        text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | 'i' | 'v' | 'x'));
    before.len() < text.len() && is_leader(before)
}

/// Rows with cells below each other's, two or more.
fn mark_tables(rows: &mut [Row]) {
    let mut start = 0;
    while start < rows.len() {
        let here = rows.get(start..).unwrap_or_default();
        let follow = here.iter().zip(here.iter().skip(1));
        let length = 1 + follow.take_while(|(row, next)| are_aligned(row, next)).count();
        let columns = here.iter().take(length).map(|row| row.cells.len()).max().unwrap_or(1);
        if length >= 3 || length == 2 && columns >= 3 {
            rows.iter_mut().skip(start).take(length).for_each(|row| row.is_tabular = true);
        }
        start += length;
    }
}

/// Whether two rows have two cells or more and one of them below another.
fn are_aligned(row: &Row, next: &Row) -> bool {
    if row.cells.len() < 2 || next.cells.len() < 2 {
        return false;
    }
    let near = |a: f32, b: f32| (a - b).abs() < 0.4 * row.whole.size;
    let is_near = next.whole.y - row.whole.y < 4.0 * row.whole.size;
    is_near
        && row.cells.iter().skip(1).any(|cell| {
            next.cells.iter().skip(1).any(|other| {
                near(cell.x0, other.x0)
                    || near(cell.x1, other.x1)
                    || near(cell.x0 + cell.x1, other.x0 + other.x1)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, x0: f32, x1: f32, y: f32) -> Piece {
        Piece { text: text.to_owned(), x0, x1, y, size: 10.0, bold: false, even: false }
    }

    #[test]
    fn cells_below_each_other_make_a_table_and_marks_of_items_do_not() {
        let found = rows(vec![
            piece("Year", 50.0, 70.0, 10.0),
            piece("Tons", 100.0, 120.0, 10.2),
            piece("2015", 50.0, 70.0, 22.0),
            piece("4,100", 95.0, 120.0, 22.0),
            piece("2016", 50.0, 70.0, 34.0),
            piece("171,000", 85.0, 120.0, 34.0),
            piece("•", 50.0, 54.0, 60.0),
            piece("one", 70.0, 90.0, 60.0),
            piece("1.2 Ports . . . .", 50.0, 90.0, 80.0),
            piece("7", 300.0, 305.0, 80.0),
        ]);
        let read: Vec<_> = found.iter().map(|row| (row.is_tabular, row.tabbed())).collect();
        assert_eq!(
            read,
            [
                (true, "Year\tTons".to_owned()),
                (true, "2015\t4,100".to_owned()),
                (true, "2016\t171,000".to_owned()),
                (false, "• one".to_owned()),
                (false, "1.2 Ports . . . . 7".to_owned()),
            ]
        );
        assert!(
            is_entry("1.2 Ports . . . . 7") && !is_entry("Ports 7") && !is_entry("and so on...")
        );
    }
}

//! Rows to paragraphs: where one ends and the next begins, told from distances on the page.
//!
//! Lines are joined as plain text's are; a hyphen that may have cut a word stays with its line
//! break. What a paragraph is to the document is told elsewhere.

use super::rows::{self, Row};
use crate::text::{marks, segment};

/// Distances that hold for the whole document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measures {
    /// From one line of a paragraph to the next, in sizes of the font.
    pub(super) leading: f32,
    /// The size most of the text has, in points.
    pub(super) size: f32,
    /// Whether most lines have letters of equal width, which then say nothing.
    pub(super) is_even: bool,
}

/// What the page shows a paragraph to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Text,
    Row,
    Code,
    /// An entry of a table of contents.
    Entry,
    Running,
}

/// A paragraph, or a part of one that goes on in the next column.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub(super) text: String,
    pub(super) look: Look,
    /// From 0.
    pub(super) page: usize,
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) lines: usize,
    /// Base line of its first line, in points from the top.
    pub(super) y: f32,
    /// Whether its first line is set in.
    pub(super) is_indented: bool,
    /// The room behind its last line, in sizes of the font.
    pub(super) room: f32,
}

impl Chunk {
    /// A header or footer.
    pub(super) fn running(text: String, page: usize, y: f32) -> Self {
        Self {
            text,
            look: Look::Running,
            page,
            size: 0.0,
            bold: false,
            lines: 1,
            y,
            is_indented: false,
            room: 0.0,
        }
    }
}

/// The distances of a document, from the rows of all its columns.
pub(super) fn measure(columns: &[Vec<Row>]) -> Measures {
    let rows = || columns.iter().flatten();
    let length = |row: &Row| row.whole.text.chars().count();
    let total: usize = rows().map(length).sum();
    let even: usize = rows().filter(|row| row.whole.even).map(length).sum();
    let mut sizes: Vec<(f32, usize)> = rows().map(|row| (row.whole.size, length(row))).collect();
    let size = weighted_middle(&mut sizes).unwrap_or(10.0);
    let pairs = columns.iter().flat_map(|column| column.iter().zip(column.iter().skip(1)));
    let mut leadings: Vec<(f32, usize)> = pairs
        .filter(|(row, next)| (row.whole.size - size).abs() < 0.5 && are_alike(row, next))
        .map(|(row, next)| ((next.whole.y - row.whole.y) / row.whole.size, 1))
        .filter(|(leading, _)| (0.8..3.0).contains(leading))
        .collect();
    // Lines inside paragraphs are closer than those between, and there are more of them.
    let leading = weighted_middle(&mut leadings).unwrap_or(1.2);
    Measures { leading, size, is_even: even * 2 > total }
}

fn weighted_middle(values: &mut [(f32, usize)]) -> Option<f32> {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: usize = values.iter().map(|(_, weight)| weight).sum();
    let mut seen = 0;
    let middle = values.iter().find(|(_, weight)| {
        seen += weight;
        seen * 2 >= total
    });
    middle.map(|(value, _)| *value)
}

fn are_alike(row: &Row, next: &Row) -> bool {
    (row.whole.size - next.whole.size).abs() < 0.12 * row.whole.size.max(next.whole.size)
}

/// The paragraphs of a column.
pub(super) fn chunks(rows: &[Row], page: usize, measures: &Measures) -> Vec<Chunk> {
    let right = right_edge(rows);
    let left = rows.iter().map(|row| row.whole.x0).reduce(f32::min).unwrap_or(0.0);
    let mut chunks = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        let here = rows.get(start..).unwrap_or_default();
        let frame = Frame { rows: here, left, right, measures };
        let length = frame.length();
        chunks.push(frame.chunk(length, page));
        start += length;
    }
    chunks
}

/// Where full lines end: what a tenth of the lines reach.
fn right_edge(rows: &[Row]) -> f32 {
    let mut ends: Vec<f32> =
        rows.iter().filter(|row| !row.is_tabular).map(|row| row.whole.x1).collect();
    ends.sort_by(|a, b| b.total_cmp(a));
    ends.get(ends.len() / 10).copied().unwrap_or(0.0)
}

/// The rows from one on, and the edges of their column.
struct Frame<'a> {
    rows: &'a [Row],
    left: f32,
    right: f32,
    measures: &'a Measures,
}

impl Frame<'_> {
    /// How many rows the first paragraph takes.
    fn length(&self) -> usize {
        let Some(first) = self.rows.first() else { return 1 };
        if first.is_tabular || rows::is_entry(&first.whole.text) {
            return 1;
        }
        let is_code = self.is_code(first);
        let mut length = 1;
        for (place, (row, next)) in self.rows.iter().zip(self.rows.iter().skip(1)).enumerate() {
            let parts = if is_code {
                !self.is_code(next) || self.is_apart(row, next, 2.2)
            } else {
                self.parts(place, row, next)
            };
            if parts {
                break;
            }
            length += 1;
        }
        length
    }

    fn is_code(&self, row: &Row) -> bool {
        row.whole.even && !self.measures.is_even && !row.is_tabular
    }

    /// Whether a row of letters of equal width is the rest of a sentence: it stands where the next line of
    /// the paragraph would, and the line before is full and has not ended.
    fn ends_in_code(&self, row: &Row, next: &Row) -> bool {
        !marks::ends_closed(&row.whole.text)
            && !row.is_tabular
            && !self.is_apart(row, next, 1.22)
            && !self.is_short(row, next)
            && (next.whole.x0 - self.left).abs() < 0.7 * next.whole.size
    }

    /// Whether a paragraph ends between two rows, the first of which is the row of this place.
    fn parts(&self, place: usize, row: &Row, next: &Row) -> bool {
        let is_code = self.is_code(next) && !self.ends_in_code(row, next);
        if next.is_tabular || is_code || rows::is_entry(&next.whole.text) {
            return true;
        }
        if self.is_title(row, next) {
            return false;
        }
        if !are_alike(row, next) || self.is_apart(row, next, 1.22) {
            return true;
        }
        let (before, after) = (&*row.whole.text, &*next.whole.text);
        let closed = marks::ends_closed(before);
        let short = self.is_short(row, next);
        if marks::after_bullet(after).is_some()
            || marks::starts_item(after) && (closed || short || self.in_item())
        {
            return true;
        }
        if row.whole.bold != next.whole.bold && (short || closed) {
            return true;
        }
        if self.parts_by_indent(place, row, next, closed, short) {
            return true;
        }
        let open = !closed && marks::starts_lower(after);
        short && !open
    }

    /// Whether two rows are lines of one large title, set in the middle one below the other.
    fn is_title(&self, row: &Row, next: &Row) -> bool {
        let middle = |row: &Row| (row.whole.x0 + row.whole.x1) / 2.0;
        row.whole.size > 1.2 * self.measures.size
            && (row.whole.size - next.whole.size).abs() < 0.02 * row.whole.size
            && (middle(row) - middle(next)).abs() < 0.5 * row.whole.size
            && (row.whole.x0 - next.whole.x0).abs() > 0.5 * row.whole.size
            && (0.0..2.5 * row.whole.size).contains(&(next.whole.y - row.whole.y))
    }

    fn in_item(&self) -> bool {
        self.rows.first().is_some_and(|first| marks::starts_item(&first.whole.text))
    }

    fn is_apart(&self, row: &Row, next: &Row, most: f32) -> bool {
        let distance = next.whole.y - row.whole.y;
        let size = row.whole.size.max(next.whole.size);
        // Large type is set closer than text.
        distance > most * self.measures.leading * size.max(self.measures.size * 0.7) + 0.3
            || distance < -0.5 * size
    }

    /// Whether the next row's first word would have fitted on the row.
    fn is_short(&self, row: &Row, next: &Row) -> bool {
        let room = self.right - row.whole.x1;
        room > wanted(&next.whole.text) * row.whole.size
    }

    fn parts_by_indent(
        &self,
        place: usize,
        row: &Row,
        next: &Row,
        closed: bool,
        short: bool,
    ) -> bool {
        let step = (next.whole.x0 - row.whole.x0) / row.whole.size;
        let is_first = place == 0;
        if step.abs() < 0.7 {
            return false;
        }
        if step < 0.0 {
            // Back from a first line that was set in, or out of an item's hanging lines.
            return !is_first && (closed || short) || is_first && self.in_item();
        }
        if is_first && self.in_item() {
            return false;
        }
        let after = self.rows.get(place + 2).filter(|after| are_alike(next, after));
        let returns =
            after.is_none_or(|after| after.whole.x0 < next.whole.x0 - 0.5 * next.whole.size);
        if returns { closed || short || !is_first } else { closed && short }
    }

    /// The first rows as one paragraph.
    fn chunk(&self, length: usize, page: usize) -> Chunk {
        let rows = self.rows.get(..length).unwrap_or(self.rows);
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Chunk::running(String::new(), page, 0.0);
        };
        let (look, text) = if first.is_tabular {
            (Look::Row, first.tabbed())
        } else if self.is_code(first) {
            (Look::Code, code(rows))
        } else if rows::is_entry(&first.whole.text) {
            (Look::Entry, first.whole.text.clone())
        } else {
            (Look::Text, joined(rows))
        };
        Chunk {
            text,
            look,
            page,
            size: first.whole.size,
            bold: rows.iter().all(|row| row.whole.bold),
            lines: rows.len(),
            y: first.whole.y,
            is_indented: first.whole.x0 - self.left > 0.7 * first.whole.size,
            room: (self.right - last.whole.x1) / last.whole.size,
        }
    }
}

/// The room that a line's first word would have needed on the line before, in sizes of the font.
pub(super) fn wanted(line: &str) -> f32 {
    let word = line.split(' ').next().unwrap_or_default();
    // A line may break before most letters of a script without spaces.
    match word.chars().next() {
        Some(c) if marks::is_spaceless(c) => 2.5,
        _ => {
            word.chars()
                .map(|c| if marks::is_spaceless(c) { 1.0 } else { 0.5 })
                .sum::<f32>()
                .min(20.0)
                + 1.8
        }
    }
}

fn joined(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        append(&mut text, &row.whole.text);
    }
    text
}

/// Adds the next line; a web address that was broken is one word again.
pub(super) fn append(text: &mut String, next: &str) {
    if breaks_address(text, next) {
        text.push_str(next);
    } else {
        segment::append(text, next);
    }
}

/// Whether a line ends inside an address: on a mark of addresses, within what is one.
fn breaks_address(text: &str, next: &str) -> bool {
    let start = text.rfind(|c: char| c.is_whitespace() || marks::is_spaceless(c) || c == '(');
    let word = start.and_then(|at| text.get(at..)).unwrap_or(text);
    let word = word.trim_start_matches(|c: char| !c.is_ascii_graphic() || c == '(');
    if next.starts_with("//") && word.ends_with(':') || word.ends_with(":/") {
        return true;
    }
    let is_address = word.contains("://") || word.contains('@') || word.starts_with("www.");
    let is_path = word.len() > 1 && word.starts_with('/');
    let goes_on = next.starts_with(|c: char| c.is_ascii_alphanumeric());
    (is_address || is_path) && goes_on && word.ends_with(['/', '?', '&', '=', '#', '_', '%'])
        || is_address && word.ends_with('.') && next.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Rows with their breaks, and with as many spaces before them as they are set in by.
fn code(rows: &[Row]) -> String {
    let left = rows.iter().map(|row| row.whole.x0).reduce(f32::min).unwrap_or(0.0);
    let mut text = String::new();
    for row in rows {
        if !text.is_empty() {
            text.push('\n');
        }
        let letters = row.whole.text.chars().count().max(1) as f32;
        let width = ((row.whole.x1 - row.whole.x0) / letters).max(1.0);
        let columns = ((row.whole.x0 - left) / width).round().clamp(0.0, 80.0) as usize;
        text.push_str(&" ".repeat(columns));
        text.push_str(&row.whole.text);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::lines::Piece;
    use super::*;

    /// A column 300 points wide whose lines are given with their indents and their ends.
    fn column(lines: &[(&str, f32, f32, f32)]) -> Vec<Row> {
        let piece = |(text, x0, x1, y): &(&str, f32, f32, f32)| Piece {
            text: (*text).to_owned(),
            x0: *x0,
            x1: *x1,
            y: *y,
            size: 10.0,
            bold: false,
            even: text.starts_with('$'),
        };
        rows::rows(lines.iter().map(piece).collect())
    }

    fn read(lines: &[(&str, f32, f32, f32)]) -> Vec<String> {
        let measures = Measures { leading: 1.2, size: 10.0, is_even: false };
        chunks(&column(lines), 0, &measures).into_iter().map(|chunk| chunk.text).collect()
    }

    #[test]
    fn gaps_indents_and_short_lines_part_paragraphs() {
        assert_eq!(
            read(&[
                ("The ferry sails from the har-", 50.0, 350.0, 20.0),
                ("bour at noon.", 50.0, 120.0, 32.0),
                ("Trains wait for it at the bridge", 65.0, 350.0, 44.0),
                ("until the customs house opens", 50.0, 348.0, 56.0),
                ("again. So it is.", 50.0, 160.0, 68.0),
                ("Far below another one begins", 50.0, 350.0, 90.0),
            ]),
            [
                "The ferry sails from the har-\nbour at noon.",
                "Trains wait for it at the bridge until the customs house opens again. So it is.",
                "Far below another one begins",
            ]
        );
    }

    #[test]
    fn items_hang_and_code_keeps_its_lines() {
        assert_eq!(
            read(&[
                ("• one ferry that sails at noon", 60.0, 350.0, 20.0),
                ("and comes back", 70.0, 150.0, 32.0),
                ("• two", 60.0, 90.0, 44.0),
                ("$ ferry --noon", 50.0, 130.0, 70.0),
                ("$ ferry", 62.0, 104.0, 82.0),
            ]),
            ["• one ferry that sails at noon and comes back", "• two", "$ ferry --noon\n  $ ferry"]
        );
    }

    #[test]
    fn addresses_broken_at_the_end_of_a_line_are_one_word() {
        let whole = |text: &str, next: &str| {
            let mut text = text.to_owned();
            append(&mut text, next);
            text
        };
        assert_eq!(whole("see https:", "//a.example/b"), "see https://a.example/b");
        assert_eq!(whole("(at http://a.example/", "b?c=1)"), "(at http://a.example/b?c=1)");
        assert_eq!(whole("参照https://a.", "example/を"), "参照https://a.example/を");
        assert_eq!(whole("see http://a.example.", "Then go"), "see http://a.example. Then go");
        assert_eq!(whole("ships and/", "or trains"), "ships and/ or trains");
    }
}

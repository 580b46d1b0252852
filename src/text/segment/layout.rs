//! How a text's lines were made: wrapped at a width, or one line for each paragraph.
//!
//! The answer is given once for the document, from what its lines have in common, and then applied
//! line by line. It never looks at words, only at widths, indents, ends and beginnings.

use super::super::lines::{LONGEST, Line};
use super::super::marks;

/// Widths beyond this are all the same: too wide to have been wrapped.
const WIDE: usize = 192;

/// The widest column that people and programs wrap at.
const WIDEST_COLUMN: usize = 160;

/// No text is wrapped narrower than this; shorter lines are verses, lists and addresses.
const NARROWEST_COLUMN: usize = 28;

/// Lines looked at; a text has shown its layout long before.
const SAMPLE: usize = 20_000;

/// How the lines of a document relate to its paragraphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The width that lines were wrapped at, in columns; `None` if each line is a paragraph.
    pub(super) column: Option<usize>,
}

/// How one group of lines is indented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    base: usize,
    /// Paragraphs start to the left of their other lines.
    hanging: bool,
    indented: bool,
    lines: usize,
}

impl Layout {
    pub(super) fn of(text: &str, lines: &[Line]) -> Self {
        let sample = lines.get(..lines.len().min(SAMPLE)).unwrap_or(lines);
        let mut widths = [0_usize; WIDE + 1];
        let mut breaks = 0;
        for (line, _) in breaks_in(sample) {
            if let Some(count) = widths.get_mut(marks::width(line.of(text).trim_start(), WIDE)) {
                *count += 1;
                breaks += 1;
            }
        }
        let column = percentile(&widths, breaks * 9 / 10);
        if breaks == 0 || !(NARROWEST_COLUMN..=WIDEST_COLUMN).contains(&column) {
            return Self { column: None };
        }
        let signs = Signs::of(text, sample, column);
        Self { column: signs.say_wrapped(breaks).then_some(column) }
    }

    /// How many of these lines are its first paragraph.
    pub(super) fn paragraph(&self, text: &str, lines: &[Line], shape: &Shape) -> usize {
        let mut bytes = 0;
        let mut length = 1;
        let first = lines.first().map_or("", |line| line.of(text).trim_start());
        let in_item = marks::starts_item(first);
        for (line, next) in lines.iter().zip(lines.iter().skip(1)) {
            bytes += line.end - line.start + 1;
            let too_long = bytes + (next.end - next.start) > LONGEST - 1024;
            if too_long || next.cut || self.parts(text, line, next, shape, in_item) {
                break;
            }
            length += 1;
        }
        length
    }

    /// Whether the lines are a listing: all are set in, none is broken for want of room, and most have
    /// the marks of code.
    pub(super) fn is_listing(&self, text: &str, lines: &[Line]) -> bool {
        let is_set_in = |line: &Line| line.of(text).starts_with("  ");
        if lines.len() < 2 || !lines.iter().all(is_set_in) {
            return false;
        }
        let marked = lines.iter().filter(|line| has_marks_of_code(line.of(text))).count();
        let column = self.column.unwrap_or(72);
        let has_room = |(line, next): (&Line, &Line)| {
            marks::width(line.of(text), WIDE) + 1 + marks::width(first_word(next.of(text)), 40)
                < column
        };
        marked * 2 > lines.len() && lines.iter().zip(lines.iter().skip(1)).all(has_room)
    }

    /// Whether a paragraph ends between two lines that stand together.
    fn parts(&self, text: &str, line: &Line, next: &Line, shape: &Shape, in_item: bool) -> bool {
        let (before, after) = (line.of(text), next.of(text));
        if after.starts_with('\u{3000}') {
            return true;
        }
        let open = !marks::ends_closed(before) && marks::starts_lower(after);
        if in_item && indent(after) >= 2 && indent(after) > shape.base {
            return marks::starts_item(after.trim_start());
        }
        let Some(column) = self.column else {
            return shape.parts_one_line_paragraphs(before, after, open);
        };
        let room = column.saturating_sub(marks::width(before.trim_start(), WIDE));
        let short =
            room * 5 > column && marks::width(first_word(after), 40) + 1 + column / 6 < room;
        let starts_item = marks::starts_item(after.trim_start());
        if starts_item && (in_item || short || marks::ends_closed(before)) {
            return true;
        }
        if room == 0 && marks::width(before, WIDE) > column * 3 / 2 && marks::ends_closed(before) {
            return true;
        }
        if shape.parts_by_indent(before, after, open) {
            return true;
        }
        let ends = marks::ends_sentence(before) || is_capitals(before) != is_capitals(after);
        short && !open && (ends || room * 2 > column)
    }
}

impl Shape {
    pub(super) fn of(text: &str, lines: &[Line]) -> Self {
        let indents = || lines.iter().map(|line| indent(line.of(text)));
        let base = indents().min().unwrap_or(0);
        let indented = indents().filter(|columns| *columns > base).count();
        let first = indents().next().unwrap_or(0);
        let hanging = first == base && indented * 2 >= lines.len();
        Self { base, hanging, indented: indented > 0, lines: lines.len() }
    }

    fn parts_by_indent(&self, before: &str, after: &str, open: bool) -> bool {
        if !self.indented {
            return false;
        }
        let (left, here) = (indent(before), indent(after));
        if self.hanging {
            return here == self.base && left > self.base && !open;
        }
        // A line that is set in by a column or two in mid-sentence was set in by a scanner.
        here > self.base && !open && (left != here || marks::ends_sentence(before))
    }

    fn parts_one_line_paragraphs(&self, before: &str, after: &str, open: bool) -> bool {
        let wide = marks::width(before, WIDE);
        if marks::starts_item(after.trim_start()) {
            return true;
        }
        let address = self.lines <= 4 && before.ends_with([',', '，']) && wide < 120;
        let goes_on = open && (40..WIDE).contains(&wide);
        !(address || goes_on)
    }
}

/// What speaks for wrapped lines, counted over the breaks between lines that stand together.
#[derive(Default)]
struct Signs {
    /// A line that is not short ends in mid-sentence and the next goes on in lower case.
    lower: usize,
    /// A full line of a script without cases ends in mid-sentence and the next goes on.
    caseless: usize,
    /// The next line's first word would not have fitted.
    tight: usize,
}

impl Signs {
    fn of(text: &str, sample: &[Line], column: usize) -> Self {
        let mut signs = Self::default();
        for (line, next) in breaks_in(sample) {
            let (before, after) = (line.of(text).trim_start(), next.of(text));
            let wide = marks::width(before, WIDE);
            if wide == WIDE || after.starts_with('\u{3000}') {
                continue;
            }
            let words = before.bytes().filter(|byte| *byte == b' ').count();
            let word = marks::width(first_word(after), 40);
            signs.tight +=
                usize::from(words >= 3 && wide < column + 8 && wide + 1 + word >= column);
            if marks::ends_closed(before) {
                continue;
            }
            signs.lower += usize::from(marks::starts_lower(after) && wide * 5 >= column * 3);
            let last = before.chars().next_back().unwrap_or(' ');
            let first = after.trim_start().chars().next().unwrap_or(' ');
            // Korean wraps between words, so its lines end further from the column.
            let slack = match (is_caseless(last), marks::is_hangul(last) || marks::is_hangul(first))
            {
                (false, _) => continue,
                (true, true) => 16,
                (true, false) => 6,
            };
            signs.caseless += usize::from(is_caseless(first) && wide + slack >= column);
        }
        signs
    }

    fn say_wrapped(&self, breaks: usize) -> bool {
        self.lower * 100 >= breaks * 35
            || self.caseless * 100 >= breaks * 50
            || (breaks >= 6 && self.tight * 100 >= breaks * 75)
    }
}

/// Whether a line has marks that sentences have not.
fn has_marks_of_code(line: &str) -> bool {
    !marks::ends_sentence(line)
        && !line.contains("://")
        && line.contains(['/', '\\', '$', '=', '{', '}', '<', '>', '|', '_', '#', '~'])
}

fn is_caseless(c: char) -> bool {
    marks::is_spaceless(c) || marks::is_hangul(c)
}

/// Every pair of lines with no blank line between them.
fn breaks_in(lines: &[Line]) -> impl Iterator<Item = (&Line, &Line)> {
    let pairs = lines.iter().zip(lines.iter().skip(1));
    pairs.filter(|(line, next)| !line.is_blank() && !next.is_blank())
}

fn percentile(counts: &[usize], rank: usize) -> usize {
    let mut seen = 0;
    let found = counts.iter().position(|count| {
        seen += count;
        seen > rank
    });
    found.unwrap_or(WIDE)
}

fn indent(line: &str) -> usize {
    let mut columns = 0;
    for c in line.chars() {
        columns += match c {
            ' ' | '\u{a0}' => 1,
            '\t' => 4,
            '\u{3000}' => 2,
            _ => break,
        };
    }
    columns
}

fn first_word(line: &str) -> &str {
    let line = line.trim_start();
    let end = line.find(|c: char| c.is_whitespace() || marks::is_spaceless(c));
    line.get(..end.unwrap_or(line.len())).unwrap_or(line)
}

/// Whether the line has letters of a script with cases and all of them are capitals.
fn is_capitals(line: &str) -> bool {
    let mut some = false;
    for c in line.chars().take(WIDE) {
        if c.is_lowercase() {
            return false;
        }
        some |= c.is_uppercase();
    }
    some
}

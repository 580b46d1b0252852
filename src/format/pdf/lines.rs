//! Characters to pieces of lines: what stands side by side without a wide gap.
//!
//! Spaces are worked out from gaps where the page draws none. A piece never reaches over the gap
//! between two columns or two cells.

use super::glyphs::{Glyph, UNKNOWN};
use crate::text::marks;
use crate::text::spacing::is_cjk;

/// A gap of this share of the font's size is a space between words.
const SPACE: f32 = 0.11;

/// A wider gap, in sizes of the font, parts two pieces.
const GAP: f32 = 1.1;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Left and right end, in points.
    pub(super) x0: f32,
    pub(super) x1: f32,
    /// The base line, in points from the top.
    pub(super) y: f32,
    /// The largest size that many of its characters have, in points.
    pub(super) size: f32,
    /// Whether most of its characters are bold.
    pub(super) bold: bool,
    /// Whether every letter takes the same room.
    pub(super) even: bool,
}

impl Piece {
    /// The piece and another that stands to the right of it on its line.
    pub(super) fn with(mut self, other: &Piece) -> Piece {
        let between = other.x0 - self.x1;
        if needs_space(between, self.size, last(&self.text), first(&other.text)) {
            self.text.push(' ');
        }
        self.text.push_str(&other.text);
        let wider = other.x1 - other.x0 > self.x1 - self.x0;
        if wider {
            (self.size, self.y) = (other.size, other.y);
        }
        self.bold &= other.bold;
        self.even &= other.even;
        self.x1 = self.x1.max(other.x1);
        self
    }
}

/// Characters that were drawn one after another on one line.
struct Run {
    glyphs: Vec<Glyph>,
    x0: f32,
    x1: f32,
    y: f32,
    size: f32,
}

/// The pieces of a page's characters, all of which run one way, from top to bottom.
pub(super) fn pieces(glyphs: Vec<Glyph>) -> Vec<Piece> {
    let mut runs = runs(glyphs);
    runs.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x0.total_cmp(&b.x0)));
    let mut rows: Vec<Vec<Run>> = Vec::new();
    for run in runs {
        let row = rows.iter_mut().rev().take(6).find(|row| row.iter().any(|of| overlap(of, &run)));
        match row {
            Some(row) => row.push(run),
            None => rows.push(vec![run]),
        }
    }
    rows.into_iter().flat_map(split).collect()
}

fn runs(glyphs: Vec<Glyph>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for glyph in glyphs {
        let Some(run) = runs.last_mut() else {
            runs.push(Run::of(glyph));
            continue;
        };
        if run.glyphs.last().is_some_and(|last| is_twice(last, &glyph)) {
            continue;
        }
        let size = run.size.max(glyph.size);
        let gap = glyph.x - run.x1;
        let is_level = (glyph.y - run.y).abs() < 0.1 * size;
        let is_alike = (glyph.size - run.size).abs() < 0.25 * size;
        if is_level && is_alike && gap > -0.6 * size && gap < GAP * size {
            run.x1 = run.x1.max(glyph.x + glyph.width);
            run.glyphs.push(glyph);
        } else {
            runs.push(Run::of(glyph));
        }
    }
    runs.retain(|run| run.glyphs.iter().any(|glyph| !glyph.text.trim().is_empty()));
    runs
}

/// Whether a character is drawn again where it stands, to look bold.
fn is_twice(one: &Glyph, other: &Glyph) -> bool {
    let near = 0.2 * one.size;
    one.text == other.text
        && !one.text.trim().is_empty()
        && (one.x - other.x).abs() < near.min(0.5 * one.width.max(0.1))
        && (one.y - other.y).abs() < near
}

impl Run {
    fn of(glyph: Glyph) -> Self {
        let (x0, x1, y, size) = (glyph.x, glyph.x + glyph.width, glyph.y, glyph.size);
        Self { glyphs: vec![glyph], x0, x1, y, size }
    }

    fn is_twice(&self, other: &Run) -> bool {
        let near = 0.2 * self.size;
        (self.x0 - other.x0).abs() < near
            && (self.x1 - other.x1).abs() < near
            && (self.y - other.y).abs() < near
            && self.glyphs.len() == other.glyphs.len()
            && self.glyphs.iter().zip(&other.glyphs).all(|(one, two)| one.text == two.text)
    }
}

/// Whether two runs stand on one line: most of the lower one's height is beside the other.
fn overlap(one: &Run, other: &Run) -> bool {
    let height = |run: &Run| (run.y - 0.75 * run.size, run.y + 0.2 * run.size);
    let ((top, bottom), (above, below)) = (height(one), height(other));
    let shared = bottom.min(below) - top.max(above);
    let least = one.size.min(other.size) * 0.95;
    // A raised number is small and stands beside the letters; two lines set tight are not.
    let needed = if (one.size - other.size).abs() < 0.1 * one.size { 0.7 } else { 0.45 };
    shared > needed * least
}

fn split(mut row: Vec<Run>) -> Vec<Piece> {
    row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    row.dedup_by(|next, run| run.is_twice(next));
    let mut pieces: Vec<Maker> = Vec::new();
    for run in row {
        match pieces.last_mut() {
            Some(last) if run.x0 - last.x1 < GAP * last.size.max(run.size) => last.add(run),
            _ => {
                let mut maker = Maker::default();
                maker.add(run);
                pieces.push(maker);
            }
        }
    }
    pieces.into_iter().filter_map(Maker::piece).collect()
}

/// A piece that grows.
#[derive(Default)]
struct Maker {
    text: String,
    glyphs: Vec<Glyph>,
    x1: f32,
    size: f32,
}

impl Maker {
    fn add(&mut self, run: Run) {
        for glyph in run.glyphs {
            let size = self.size.max(glyph.size);
            if needs_space(glyph.x - self.x1, size, last(&self.text), first(&glyph.text)) {
                self.text.push(' ');
            }
            self.text.push_str(&glyph.text);
            self.x1 = self.x1.max(glyph.x + glyph.width);
            self.size = glyph.size;
            self.glyphs.push(glyph);
        }
    }

    fn piece(self) -> Option<Piece> {
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown: Vec<&Glyph> =
            self.glyphs.iter().filter(|glyph| !glyph.text.trim().is_empty()).collect();
        let x0 = shown.first()?.x;
        let x1 = shown.iter().map(|glyph| glyph.x + glyph.width).fold(x0, f32::max);
        let usual = usual(&shown)?;
        let bold = shown.iter().filter(|glyph| glyph.bold).count() * 2 > shown.len();
        let (size, y) = (usual.size, usual.y);
        Some(Piece { text, x0, x1, y, size, bold, even: is_even(&shown) })
    }
}

/// A character in the largest size that a fifth of the piece has: code amid text is set smaller, and
/// a line of little else is a line of the text all the same.
fn usual<'a>(glyphs: &[&'a Glyph]) -> Option<&'a Glyph> {
    let mut sizes: Vec<(i32, f32, &Glyph)> = Vec::new();
    for glyph in glyphs {
        let size = (glyph.size * 10.0) as i32;
        match sizes.iter_mut().find(|(known, ..)| *known == size) {
            Some((_, width, _)) => *width += glyph.width,
            None => sizes.push((size, glyph.width, glyph)),
        }
    }
    let total: f32 = sizes.iter().map(|(_, width, _)| width).sum();
    let many = sizes.into_iter().filter(|(_, width, _)| *width >= 0.2 * total);
    many.max_by_key(|(size, ..)| *size).map(|(.., glyph)| glyph)
}

/// Whether letters of different shapes take the same room, as in source code. A line of which a sixth is
/// Chinese, Japanese or Korean is a sentence that names much code.
fn is_even(glyphs: &[&Glyph]) -> bool {
    let letters = || glyphs.iter().filter(|glyph| glyph.text.len() == 1 && glyph.text != " ");
    let is_wide = |glyph: &&&Glyph| glyph.text.chars().any(is_cjk);
    if glyphs.iter().filter(is_wide).count() * 6 > glyphs.len() {
        return false;
    }
    let relative = |glyph: &Glyph| glyph.width / glyph.size.max(0.1);
    let Some(least) = letters().map(|glyph| relative(glyph)).reduce(f32::min) else { return false };
    let most = letters().map(|glyph| relative(glyph)).fold(0.0, f32::max);
    let mut shapes: Vec<&str> = letters().map(|glyph| &*glyph.text).collect();
    shapes.sort_unstable();
    shapes.dedup();
    let has_words = shapes.iter().any(|shape| shape.chars().all(char::is_alphabetic));
    shapes.len() >= 3 && has_words && most - least < 0.01 && letters().count() * 2 > glyphs.len()
}

fn first(text: &str) -> Option<char> {
    text.chars().next()
}

fn last(text: &str) -> Option<char> {
    text.chars().next_back()
}

/// Whether a gap between two characters stands for a space.
fn needs_space(gap: f32, size: f32, before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    if before == ' ' || after == ' ' {
        return false;
    }
    // Between Chinese and Latin letters a quarter of a letter is custom and no space.
    let wanted = match (marks::is_spaceless(before), marks::is_spaceless(after)) {
        (true, true) => 0.8,
        (true, false) | (false, true) => 0.45,
        (false, false) => SPACE,
    };
    gap > wanted * size
}

/// How many characters of a text no font named.
pub(super) fn unknown(text: &str) -> usize {
    text.chars().filter(|c| *c == UNKNOWN).count()
}

#[cfg(test)]
mod tests {
    use super::super::glyphs::Way;
    use super::*;

    /// A word of which every letter takes half its size.
    fn word(text: &str, x: f32, y: f32, size: f32) -> Vec<Glyph> {
        let mut left = x;
        let mut glyphs = Vec::new();
        for c in text.chars() {
            let width = if c.is_ascii() { size / 2.0 } else { size };
            let text = c.to_string();
            glyphs.push(Glyph { text, x: left, y, width, size, bold: false, way: Way::Right });
            left += width;
        }
        glyphs
    }

    fn texts(glyphs: Vec<Glyph>) -> Vec<String> {
        pieces(glyphs).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn gaps_are_spaces_and_wide_gaps_part_pieces() {
        let mut glyphs = word("The", 10.0, 50.0, 10.0);
        glyphs.extend(word("ferry", 28.0, 50.0, 10.0));
        glyphs.extend(word("port", 80.0, 50.0, 10.0));
        glyphs.extend(word("1", 53.0, 46.0, 6.0));
        assert_eq!(texts(glyphs), ["The ferry1", "port"]);
    }

    #[test]
    fn lines_set_tight_stay_apart_and_order_on_the_page_decides() {
        let mut glyphs = word("below", 10.0, 60.0, 10.0);
        glyphs.extend(word("above", 10.0, 50.0, 10.0));
        assert_eq!(texts(glyphs), ["above", "below"]);
    }

    #[test]
    fn what_is_drawn_twice_to_look_bold_is_read_once() {
        let mut glyphs = word("Plan", 10.0, 50.0, 10.0);
        glyphs.extend(word("Plan", 10.3, 50.0, 10.0));
        for glyph in word("ooh", 10.0, 80.0, 10.0) {
            glyphs.extend([glyph.clone(), Glyph { x: glyph.x + 0.3, ..glyph }]);
        }
        assert_eq!(texts(glyphs), ["Plan", "ooh"]);
    }

    #[test]
    fn chinese_set_beside_latin_letters_gets_no_space() {
        let mut glyphs = word("在", 10.0, 50.0, 10.0);
        glyphs.extend(word("IT", 22.5, 50.0, 10.0));
        glyphs.extend(word("业", 35.0, 50.0, 10.0));
        assert_eq!(texts(glyphs), ["在IT业"]);
    }
}

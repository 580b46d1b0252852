//! All pages of a PDF together: what only shows when they are compared.
//!
//! Nothing is dropped here: what is neither text nor table is passed on under its mark.

use std::collections::{BTreeMap, HashMap};

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::Array;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::{InterpreterCache, InterpreterSettings};

use super::glyphs::{self, Glyph, Way};
use super::lines::{self, Piece};
use super::names::Names;
use super::paragraphs::{self, Chunk, Look, Measures};
use super::{flow, order, rows, running};
use crate::format::Unreadable;
use crate::format::composed::Composed;
use crate::text::marks;
use crate::text::normal::normal;
use crate::text::segment::Mark;

/// The most characters of a document that are read; a book of ten volumes has fewer.
const MOST_CHARACTERS: usize = 30_000_000;

/// The key of a page under which its content is stated.
const CONTENTS: &[u8] = b"Contents";

/// The longest heading, in characters.
const LONGEST_HEADING: usize = 200;

/// Text this much larger than most is a heading.
const LARGER: f32 = 1.12;

/// Text this much smaller than most, at the foot of a page, is a note.
const SMALLER: f32 = 0.93;

/// What was read of a PDF.
pub(super) struct Document {
    chunks: Vec<Chunk>,
    measures: Measures,
    pages: usize,
    /// Pages, from 1, that have pictures and no text.
    pictures: Vec<usize>,
    /// Pages, from 1, whose content is stated and cannot be had.
    damaged: Vec<usize>,
    /// Pages that draw lines and shapes.
    drawn: usize,
    /// Pages whose text was too much to read whole.
    cut: usize,
    characters: usize,
    unknown: usize,
    /// How many pages were read, where their text was too much to read on.
    unread: Option<usize>,
}

impl Document {
    pub(super) fn of(pdf: &Pdf, most: usize) -> Self {
        let cache = InterpreterCache::new();
        let settings = InterpreterSettings::default();
        let mut names = Names::of(pdf);
        let mut pages: Vec<Vec<Piece>> = Vec::new();
        let mut aside: Vec<Vec<Vec<Piece>>> = Vec::new();
        let (mut pictures, mut damaged, mut cut) = (Vec::new(), Vec::new(), 0);
        let (mut glyph_count, mut drawn, mut unread) = (0, 0, None);
        for (place, page) in pdf.pages().iter().take(most).enumerate() {
            if glyph_count > MOST_CHARACTERS {
                unread = Some(place);
                break;
            }
            let sheet = glyphs::of(page, &cache, &settings, &mut names);
            glyph_count += sheet.glyphs.len();
            cut += usize::from(sheet.is_cut);
            drawn += usize::from(sheet.shapes > 0);
            let has_text = sheet.glyphs.iter().any(|glyph| !glyph.text.trim().is_empty());
            if !has_text && sheet.images > 0 {
                pictures.push(place + 1);
            }
            if is_lost(page) {
                damaged.push(place + 1);
            }
            let (main, rest) = ways(sheet.glyphs);
            pages.push(lines::pieces(main));
            aside.push(rest.into_iter().map(lines::pieces).collect());
        }
        let all = || pages.iter().flatten().chain(aside.iter().flatten().flatten());
        let characters = all().map(|piece| piece.text.chars().count()).sum();
        let unknown = all().map(|piece| lines::unknown(&piece.text)).sum();
        let count = pages.len();
        let (chunks, measures) = chunks(pages, aside);
        Self {
            chunks,
            measures,
            pages: count,
            pictures,
            damaged,
            drawn,
            cut,
            characters,
            unknown,
            unread,
        }
    }

    /// Whether there is text to be had.
    ///
    /// # Errors
    /// When all pages are pictures, or no font says which characters it draws.
    pub(super) fn check(&self) -> Result<(), Unreadable> {
        if self.characters == 0 && !self.pictures.is_empty() {
            let pages = self.pictures.len();
            let s = if pages == 1 { "" } else { "s" };
            return Err(Unreadable(format!(
                "scanned: {pages} page{s} with pictures and no text (run OCR on it, e.g. with ocrmypdf)"
            )));
        }
        if self.characters == 0 && !self.damaged.is_empty() {
            let pages = ranges(&self.damaged);
            return Err(Unreadable(format!(
                "damaged or cut off: the content of page {pages} is lost"
            )));
        }
        if self.unknown * 2 > self.characters {
            return Err(Unreadable(
                "its fonts do not say which characters they draw (run OCR on it, e.g. with ocrmypdf --force-ocr)"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.characters == 0 {
            notes.push(match self.drawn {
                0 => "its pages are blank".to_owned(),
                _ => "its pages draw lines and shapes alone (where these are words, run OCR on it)"
                    .to_owned(),
            });
        }
        if !self.pictures.is_empty() {
            let pages = ranges(&self.pictures);
            notes.push(format!("no text but pictures on page {pages} of {}", self.pages));
        }
        if !self.damaged.is_empty() {
            let pages = ranges(&self.damaged);
            notes.push(format!("the content of page {pages} of {} is lost", self.pages));
        }
        if self.unknown > 0 {
            notes.push(format!(
                "{} of {} characters are not named by their fonts",
                self.unknown, self.characters
            ));
        }
        if let Some(pages) = self.unread {
            notes.push(format!("more text than is read: only the first {pages} pages were"));
        }
        if self.cut > 0 {
            notes.push(format!("more text than is read on {} pages", self.cut));
        }
        notes
    }

    /// The document's blocks. Headings are known by their depth in the list of headings, if there
    /// is one, else by their size.
    pub(super) fn composed(&self, headings: &HashMap<String, u8>) -> Composed {
        let depths = self.depths();
        let mut composed = Composed::default();
        let mut page = 0;
        let mut place = 0;
        while let Some(chunk) = self.chunks.get(place) {
            while page <= chunk.page {
                composed.begin_page();
                page += 1;
            }
            let mark = self.mark(place, chunk, headings, &depths);
            let text = match mark {
                Mark::Item => marks::after_bullet(&chunk.text).unwrap_or(&chunk.text),
                _ => &chunk.text,
            };
            composed.push(text, mark);
            place += 1;
        }
        composed
    }

    fn mark(
        &self,
        place: usize,
        chunk: &Chunk,
        headings: &HashMap<String, u8>,
        depths: &[i32],
    ) -> Mark {
        match chunk.look {
            Look::Running => return Mark::Boilerplate,
            Look::Code => return Mark::Code,
            Look::Entry if self.is_of_contents(place) => return Mark::Boilerplate,
            Look::Entry => return Mark::Item,
            Look::Row => return self.row_mark(place, chunk),
            Look::Text => {}
        }
        let length = chunk.text.chars().count();
        if length <= LONGEST_HEADING && chunk.lines <= 4 {
            if let Some(depth) = listed(&chunk.text, headings) {
                return Mark::Heading(depth);
            }
            let unpaged = chunk.text.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
            if unpaged.len() < chunk.text.len() && listed(unpaged, headings).is_some() {
                return Mark::Boilerplate;
            }
            let larger = chunk.size > LARGER * self.measures.size;
            let has_letters = chunk.text.chars().filter(|c| c.is_alphabetic()).count() > 1;
            if larger && has_letters && headings.len() < 3 {
                let depth = depths.iter().position(|size| *size == bucket(chunk.size));
                return Mark::Heading(depth.and_then(|at| u8::try_from(at + 1).ok()).unwrap_or(6));
            }
        }
        if self.is_note(place, chunk) {
            return Mark::Note;
        }
        if marks::after_bullet(&chunk.text).is_some() { Mark::Item } else { Mark::None }
    }

    /// The first row of a table has its column names unless it has numbers.
    fn row_mark(&self, place: usize, chunk: &Chunk) -> Mark {
        let before = place.checked_sub(1).and_then(|place| self.chunks.get(place));
        let is_first = before.is_none_or(|before| before.look != Look::Row);
        let is_named = |cell: &str| !cell.chars().any(char::is_numeric) && !cell.is_empty();
        if is_first && chunk.text.split('\t').all(is_named) { Mark::Columns } else { Mark::Row }
    }

    /// Whether an entry with its page stands in a table of contents: pages run on through the
    /// entries around it. A price list has dots and numbers too.
    fn is_of_contents(&self, place: usize) -> bool {
        // Entries of chapters often have no dots before their pages.
        let is_near = |chunk: &&Chunk| {
            matches!(chunk.look, Look::Entry | Look::Running)
                || chunk.lines == 1 && chunk.text.ends_with(|c: char| c.is_ascii_digit())
        };
        let (before, after) = self.chunks.split_at(place.min(self.chunks.len()));
        let back = before.iter().rev().take(40).take_while(is_near).count();
        let around =
            before.iter().skip(place - back).chain(after.iter().take(40).take_while(is_near));
        let number = |chunk: &Chunk| {
            chunk.text.rsplit([' ', '.']).next().and_then(|page| page.parse::<u32>().ok())
        };
        let numbers: Vec<u32> =
            around.filter(|chunk| chunk.look == Look::Entry).filter_map(number).collect();
        let pairs = numbers.iter().zip(numbers.iter().skip(1));
        let rising = pairs.filter(|(page, next)| page <= next).count();
        numbers.len() >= 4 && rising + 1 + numbers.len() / 8 >= numbers.len()
    }

    /// Small text below all other text of its page that begins with a number or a mark.
    fn is_note(&self, place: usize, chunk: &Chunk) -> bool {
        let is_small = |chunk: &Chunk| chunk.size < SMALLER * self.measures.size;
        let begins = chunk.text.starts_with(|c: char| {
            c.is_numeric() || matches!(c, '*' | '†' | '‡' | '§' | '[' | '注' | '※')
        });
        let after = self.chunks.get(place + 1..).unwrap_or_default();
        let mut below =
            after.iter().take_while(|next| next.page == chunk.page && next.y >= chunk.y);
        begins && is_small(chunk) && below.all(|next| next.look == Look::Running || is_small(next))
    }

    /// Sizes of headings, the largest first.
    fn depths(&self) -> Vec<i32> {
        let larger = self
            .chunks
            .iter()
            .filter(|chunk| chunk.look == Look::Text && chunk.size > LARGER * self.measures.size);
        let mut sizes: Vec<i32> = larger.map(|chunk| bucket(chunk.size)).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes.dedup();
        sizes
    }
}

/// Whether the content of a page is stated and cannot be had. A page may state none, or an empty list.
fn is_lost(page: &Page<'_>) -> bool {
    match (page.page_stream(), page.raw().get::<Array<'_>>(CONTENTS)) {
        (None, _) => page.raw().contains_key(CONTENTS),
        // Each stream that can be had leaves a space at least.
        (Some(content), Some(list)) => content.is_empty() && list.raw_iter().next().is_some(),
        (Some(_), None) => false,
    }
}

/// The depth of a heading in the list of headings, which may leave out its number.
fn listed(text: &str, headings: &HashMap<String, u8>) -> Option<u8> {
    let words = text.split_once(' ').filter(|(number, _)| {
        number.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '章' | '节'))
    });
    let depth = headings.get(&normal(text));
    depth.or_else(|| headings.get(&normal(words?.1))).copied()
}

/// A size in half points.
fn bucket(size: f32) -> i32 {
    (size * 2.0).round() as i32
}

/// The characters that run as most of the page's do, and the others by the way they run.
fn ways(glyphs: Vec<Glyph>) -> (Vec<Glyph>, Vec<Vec<Glyph>>) {
    let mut ways: BTreeMap<Way, Vec<Glyph>> = BTreeMap::new();
    for glyph in glyphs {
        ways.entry(glyph.way).or_default().push(glyph);
    }
    let most = ways.iter().max_by_key(|(_, glyphs)| glyphs.len()).map(|(way, _)| *way);
    let main = most.and_then(|way| ways.remove(&way)).unwrap_or_default();
    (main, ways.into_values().collect())
}

/// The paragraphs of all pages in reading order.
fn chunks(pages: Vec<Vec<Piece>>, aside: Vec<Vec<Vec<Piece>>>) -> (Vec<Chunk>, Measures) {
    let found = running::find(&pages);
    let mut edges: Vec<(Vec<Chunk>, Vec<Chunk>)> = Vec::new();
    let mut columns = Vec::new();
    let mut of_page = Vec::new();
    for (page, (pieces, is_running)) in pages.into_iter().zip(found).enumerate() {
        let mut main = Vec::new();
        let mut edge = Vec::new();
        for (piece, is_running) in pieces.into_iter().zip(is_running) {
            if is_running { edge.push(piece) } else { main.push(piece) }
        }
        let top = main.first().map_or(f32::MAX, |piece| piece.y);
        let edge = rows::rows(edge)
            .into_iter()
            .map(|row| Chunk::running(row.whole.text, page, row.whole.y));
        edges.push(edge.partition(|chunk| chunk.y < top));
        let asides = aside.get(page).cloned().unwrap_or_default();
        for column in order::columns(main).into_iter().chain(asides) {
            columns.push(rows::rows(column));
            of_page.push(page);
        }
    }
    let measures = paragraphs::measure(&columns);
    let mut chunks = Vec::new();
    let mut columns = of_page.into_iter().zip(columns).peekable();
    for (page, (head, foot)) in edges.into_iter().enumerate() {
        chunks.extend(head);
        while let Some((_, column)) = columns.next_if(|(of, _)| *of == page) {
            chunks.extend(paragraphs::chunks(&column, page, &measures));
        }
        chunks.extend(foot);
    }
    (flow::flow(chunks, &measures), measures)
}

/// `3, 5-9`.
fn ranges(numbers: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let written = ranges.into_iter().map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    });
    written.collect::<Vec<_>>().join(", ")
}

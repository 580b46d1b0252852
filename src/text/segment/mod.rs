//! Lines to blocks: what a reader takes for one paragraph, before anyone asks what it is.
//!
//! Blank lines, wrapped lines, indentation, one-line paragraphs, underlines and columns are told
//! apart here; breaks in mid-sentence are mended later, when headings and captions are known.
//! It takes time linear in the text and never makes a block longer than [`lines::LONGEST`].

mod columns;
mod layout;

use std::borrow::Cow;
use std::ops::Range;

use self::layout::Layout;
use super::lines::{self, Line};
use super::marks;

/// What the source's own marks say a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// No mark.
    None,
    /// A heading of this level: `##`, an underline.
    Heading(u8),
    /// An item of a list.
    Item,
    /// Text whose line breaks matter.
    Code,
    /// The column names of a table.
    Columns,
    /// A row of a table.
    Row,
    /// A footnote.
    Note,
    /// The line that names a figure or table.
    Caption,
    /// Text of the page and not of the document.
    Boilerplate,
}

/// A paragraph whose kind is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// Where it stands in the decoded text, in bytes.
    pub span: Range<usize>,
    /// The text as a reader sees it.
    pub text: Cow<'a, str>,
    /// What the source's own marks say.
    pub mark: Mark,
    /// Whether a blank line or nothing stands before it.
    pub apart: bool,
    /// Whether it had to be cut because it was longer than a paragraph may be.
    pub cut: bool,
}

/// The blocks of a plain text in order.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let lines = lines::lines(text);
    let layout = Layout::of(text, &lines);
    let has_pages = memchr::memchr(0x0C, text.as_bytes()).is_some();
    let mut segmenter =
        Segmenter { text, layout, blocks: Vec::with_capacity(lines.len()), underlines: Vec::new() };
    let mut rest = &*lines;
    while let Some(first) = rest.iter().position(|line| !line.is_blank()) {
        rest = rest.get(first..).unwrap_or_default();
        let length = group_length(text, rest, has_pages);
        let (group, after) = rest.split_at(length);
        segmenter.group(group);
        rest = after;
    }
    segmenter.blocks
}

/// How many lines stand together without a blank line or the end of a page between them.
fn group_length(text: &str, lines: &[Line], has_pages: bool) -> usize {
    let ends_page = |line: &Line, next: &Line| {
        has_pages && text.get(line.end..next.start).is_some_and(|gap| gap.contains('\u{0C}'))
    };
    let follows = lines.iter().zip(lines.iter().skip(1));
    1 + follows.take_while(|(line, next)| !next.is_blank() && !ends_page(line, next)).count()
}

struct Segmenter<'a> {
    text: &'a str,
    layout: Layout,
    blocks: Vec<Block<'a>>,
    /// Underline characters in order of first use: the first marks headings of level 1.
    underlines: Vec<(char, bool)>,
}

impl<'a> Segmenter<'a> {
    fn group(&mut self, group: &[Line]) {
        let mut rest = group;
        let mut apart = true;
        // A table or heading may stand anywhere in the group; what is between is running text.
        let mut plain = 0;
        while plain < rest.len() {
            let here = rest.get(plain..).unwrap_or_default();
            let special = self.special(here, plain == 0);
            let Some((blocks, used)) = special else {
                plain += 1;
                continue;
            };
            let (before, from) = rest.split_at(plain);
            self.running(before, apart);
            apart &= before.is_empty();
            for mut block in blocks {
                block.apart = apart;
                apart = false;
                self.blocks.push(block);
            }
            rest = from.get(used..).unwrap_or_default();
            plain = 0;
        }
        self.running(rest, apart);
    }

    /// A table, an underlined heading or a rule that starts here, with the lines it takes.
    fn special(&mut self, lines: &[Line], at_start: bool) -> Option<(Vec<Block<'a>>, usize)> {
        let first = lines.first()?.of(self.text);
        if let Some(table) = columns::table(self.text, lines) {
            return Some(table);
        }
        if let Some(overline) = rule_character(first) {
            return Some(self.overlined(lines, overline).unwrap_or((Vec::new(), 1)));
        }
        let under = rule_character(lines.get(1)?.of(self.text))?;
        let fits = marks::width(lines.get(1)?.of(self.text).trim_start(), 200) + 2
            >= marks::width(first, 200).min(20);
        if !at_start || !fits || marks::width(first, 121) > 120 || marks::ends_closed(first) {
            return None;
        }
        Some((vec![self.heading(lines.first()?, lines.get(1)?, (under, false))], 2))
    }

    fn overlined(&mut self, lines: &[Line], over: char) -> Option<(Vec<Block<'a>>, usize)> {
        let title = lines.get(1)?;
        let under = rule_character(lines.get(2)?.of(self.text))?;
        if under != over || rule_character(title.of(self.text)).is_some() {
            return None;
        }
        Some((vec![self.heading(title, lines.get(2)?, (under, true))], 3))
    }

    fn heading(&mut self, title: &Line, underline: &Line, style: (char, bool)) -> Block<'a> {
        let known = self.underlines.iter().position(|known| *known == style);
        let level = known.unwrap_or_else(|| {
            self.underlines.push(style);
            self.underlines.len() - 1
        });
        let level = u8::try_from(level + 1).unwrap_or(6).min(6);
        let text = title.of(self.text).trim();
        let span = title.start..underline.end;
        Block {
            span,
            text: Cow::Borrowed(text),
            mark: Mark::Heading(level),
            apart: true,
            cut: false,
        }
    }

    /// Running text: one block or several.
    fn running(&mut self, lines: &[Line], apart: bool) {
        let mut apart = apart;
        if columns::is_aligned(self.text, lines) || self.layout.is_listing(self.text, lines) {
            self.blocks.push(kept(self.text, lines));
            return;
        }
        let shape = layout::Shape::of(self.text, lines);
        let mut rest = lines;
        while !rest.is_empty() {
            let length = self.layout.paragraph(self.text, rest, &shape);
            let (paragraph, after) = rest.split_at(length.clamp(1, rest.len()));
            self.blocks.push(joined(self.text, paragraph, apart));
            apart = false;
            rest = after;
        }
    }
}

/// Lines as they stand, breaks and all, without the spaces that all of them begin with.
fn kept<'a>(text: &'a str, lines: &[Line]) -> Block<'a> {
    let span = span_of(text, lines);
    let spaces = |line: &Line| line.of(text).bytes().take_while(|byte| *byte == b' ').count();
    let margin = lines.iter().map(spaces).min().unwrap_or(0);
    let mut whole = String::with_capacity(span.len());
    for line in lines {
        if !whole.is_empty() {
            whole.push('\n');
        }
        whole.push_str(line.of(text).get(margin..).unwrap_or_default());
    }
    Block { span, text: Cow::Owned(whole), mark: Mark::Code, apart: true, cut: false }
}

fn joined<'a>(text: &'a str, lines: &[Line], apart: bool) -> Block<'a> {
    let span = span_of(text, lines);
    let cut = lines.first().is_some_and(|line| line.cut);
    let (first, rest) = match lines {
        [] => ("", lines),
        [first, rest @ ..] => (first.of(text).trim_start(), rest),
    };
    let (mark, first) = match marks::after_bullet(first) {
        Some(behind) => (Mark::Item, behind),
        None => (Mark::None, first),
    };
    if rest.is_empty() {
        return Block { span, text: Cow::Borrowed(first), mark, apart, cut };
    }
    let mut whole = String::with_capacity(span.len());
    whole.push_str(first);
    for line in rest {
        append(&mut whole, line.of(text).trim());
    }
    Block { span, text: Cow::Owned(whole), mark, apart, cut }
}

fn span_of(text: &str, lines: &[Line]) -> Range<usize> {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return 0..0 };
    let shown = first.of(text);
    first.start + (shown.len() - shown.trim_start().len())..last.end
}

/// Adds the next line of a paragraph: with a space, without one between characters of scripts
/// that have none, with the line break kept after a hyphen that may have cut a word.
pub fn append(paragraph: &mut String, next: &str) {
    let (Some(last), Some(first)) = (paragraph.chars().next_back(), next.chars().next()) else {
        paragraph.push_str(next);
        return;
    };
    if matches!(last, '-' | '\u{2010}' | '¬') && cuts_word(paragraph) {
        // 1914-⏎1918 and North-⏎South keep their hyphen in either reading.
        if first.is_lowercase() {
            paragraph.push('\n');
        } else if !first.is_alphanumeric() {
            paragraph.push(' ');
        }
    } else if last != '\u{ad}' && !(marks::is_spaceless(last) && marks::is_spaceless(first)) {
        paragraph.push(' ');
    }
    paragraph.push_str(next);
}

/// Whether a letter or digit stands before the hyphen at the end.
fn cuts_word(paragraph: &str) -> bool {
    paragraph.chars().rev().nth(1).is_some_and(char::is_alphanumeric)
}

/// The character of a line that is nothing but one mark three times or more.
fn rule_character(line: &str) -> Option<char> {
    let line = line.trim();
    let first = line.chars().next()?;
    let is_rule = matches!(
        first,
        '=' | '-'
            | '~'
            | '^'
            | '"'
            | '*'
            | '+'
            | '#'
            | '_'
            | '`'
            | '—'
            | '─'
            | '━'
            | '＝'
            | '－'
            | '\''
    );
    let long = line.len() >= 3 * first.len_utf8();
    (is_rule && long && line.chars().all(|c| c == first)).then_some(first)
}

#[cfg(test)]
mod tests;

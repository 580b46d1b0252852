//! Markdown (CommonMark with tables and footnotes), and texts that carry its marks.
//!
//! Marks are read and removed, words never: what CommonMark would hide, such as the text inside HTML
//! blocks, is kept, and only comments go.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Format, Holds, Input, Unreadable, front_matter, plain};
use crate::model::Extract;
use crate::text::lines::LONGEST;
use crate::text::marks;
use crate::text::segment::{self, Block, Mark};
use crate::text::structure::{self, Declared};

pub(super) const FORMAT: Format = Format {
    name: "markdown",
    version: 3,
    media_type: "text/markdown",
    extensions: &["md", "markdown", "mdown", "mkd"],
    holds: Holds::OneDocument,
    recognises,
    is_signed: false,
    is_bounded: true,
    read,
};

/// A line this wide was not wrapped, so the line break after it is one of its author's, in columns.
const UNWRAPPED: usize = 160;

/// The longest cell of a table of data, in bytes.
const LONGEST_CELL: usize = 400;

fn read(input: &Input) -> Result<Extract, Unreadable> {
    plain::decoded(input, extract)
}

/// The paragraphs of a Markdown text.
pub(super) fn extract(text: &str, declared: &Declared) -> Extract {
    let mut front = front_matter::read(text);
    let stated =
        front.metadata.iter().find(|datum| datum.name == "title").map(|datum| datum.value.clone());
    let declared =
        Declared { title: declared.title.clone().or(stated), place: declared.place.clone() };
    for datum in &mut front.metadata {
        datum.evidence.insert_str(0, &declared.place);
    }
    let mut extract = structure::extract(text, blocks(text, front.end), &declared);
    if !front.metadata.is_empty() {
        front.metadata.append(&mut extract.metadata);
        extract.metadata = front.metadata;
    }
    extract
}

/// Whether a text carries the marks of Markdown beyond doubt: headings set apart, or links.
///
/// Lines that start with `#` among lines of settings or code are comments.
pub(super) fn recognises(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(65_536)).unwrap_or(bytes);
    if head.starts_with(b"#!") || memchr::memchr3(b'#', b'*', b']', head).is_none() {
        return false;
    }
    let (mut headings, mut filled, mut blank_before, mut heading_before) = (0, 0, true, false);
    for line in head.split(|byte| *byte == b'\n') {
        let blank = line.trim_ascii().is_empty();
        headings += usize::from(blank && heading_before);
        filled += usize::from(!blank);
        heading_before = blank_before && is_heading(line);
        blank_before = blank;
    }
    let links = memchr::memmem::find_iter(head, b"](http").take(3).count();
    let bold = memchr::memmem::find_iter(head, b"**").take(2).count() == 2;
    let set_apart = headings >= 2 || headings == 1 && (bold || links > 0);
    set_apart && headings * 2 <= filled + 1 || links == 3
}

fn is_heading(line: &[u8]) -> bool {
    let marks = line.iter().take_while(|byte| **byte == b'#').count();
    (1..=6).contains(&marks) && line.get(marks) == Some(&b' ') && line.len() > marks + 1
}

fn blocks(text: &str, from: usize) -> Vec<Block<'_>> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let source = text.get(from..).unwrap_or_default();
    let mut reader = Reader { text, ..Reader::default() };
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        reader.take(event, range.start + from..range.end + from);
    }
    reader.flush();
    reader.blocks
}

/// Collects blocks from events.
#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    blocks: Vec<Block<'a>>,
    words: String,
    /// Where the block being collected starts and how far it has come, in bytes.
    span: Option<Range<usize>>,
    mark: Option<Mark>,
    /// For each open list, the number of its next item; `None` in lists without numbers.
    lists: Vec<Option<u64>>,
    /// The number or nothing of an item whose first words have not come yet.
    item: Option<Option<u64>>,
    html: String,
    row: Vec<String>,
    /// Length of `words` at the last line break.
    line: usize,
    in_note: bool,
}

impl<'a> Reader<'a> {
    fn take(&mut self, event: Event, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(words) if self.mark == Some(Mark::Code) => self.add(&words, range),
            Event::Text(words) => self.add_text(&words, range),
            Event::Code(words) | Event::InlineMath(words) | Event::DisplayMath(words) => {
                self.add(&words, range)
            }
            Event::SoftBreak => self.soft_break(range),
            Event::HardBreak => self.add("\n", range),
            Event::Html(html) => self.html.push_str(&html),
            Event::InlineHtml(html) if html.starts_with("<br") => self.add("\n", range),
            Event::FootnoteReference(name) => self.add(&format!("[{name}]"), range),
            Event::InlineHtml(_) | Event::Rule | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag, range: Range<usize>) {
        match tag {
            Tag::Paragraph => self.open(range),
            Tag::Heading { level, .. } => {
                self.flush();
                self.open(range);
                self.mark = Some(Mark::Heading(*level as u8));
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.open(range);
                self.mark = Some(Mark::Code);
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(*first);
            }
            Tag::Item => {
                self.flush();
                let number = self.lists.last_mut().and_then(Option::as_mut).map(|next| {
                    *next += 1;
                    *next - 1
                });
                self.item = Some(number);
                self.open(range);
            }
            Tag::FootnoteDefinition(_) => {
                self.flush();
                self.in_note = true;
            }
            Tag::TableHead | Tag::TableRow => {
                self.flush();
                self.row.clear();
            }
            Tag::HtmlBlock => self.html.clear(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(range),
            TagEnd::Heading(_) | TagEnd::CodeBlock => {
                self.reach(range.end);
                self.flush();
            }
            TagEnd::Item => {
                self.flush();
                self.item = None;
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::FootnoteDefinition => {
                self.flush();
                self.in_note = false;
            }
            TagEnd::TableCell => {
                self.span = None;
                let cell = std::mem::take(&mut self.words);
                self.row.push(cell.trim().replace(['\n', '\t'], " "));
                self.line = 0;
            }
            TagEnd::TableHead => self.end_row(range, Mark::Columns),
            TagEnd::TableRow => self.end_row(range, Mark::Row),
            TagEnd::HtmlBlock => self.end_html(range),
            _ => {}
        }
    }

    fn open(&mut self, range: Range<usize>) {
        if self.span.is_none() {
            self.span = Some(range.start..range.start);
        }
    }

    fn reach(&mut self, end: usize) {
        if let Some(span) = &mut self.span {
            span.end = span.end.max(end);
        }
    }

    fn add(&mut self, words: &str, range: Range<usize>) {
        self.open(range.clone());
        self.reach(range.end);
        self.words.push_str(words);
    }

    /// Text after a line break joins as wrapped lines do; an indent of full width starts anew.
    fn add_text(&mut self, words: &str, range: Range<usize>) {
        let after_break = self.words.ends_with('\n') && self.line == self.words.len();
        if !after_break || self.line == 0 {
            self.add(words, range);
            return;
        }
        if words.starts_with('\u{3000}') {
            self.flush();
            self.add(words, range);
            return;
        }
        self.words.truncate(self.words.trim_end().len());
        segment::append(&mut self.words, words);
        self.open(range.clone());
        self.reach(range.end);
    }

    fn soft_break(&mut self, range: Range<usize>) {
        let line = self.words.get(self.line..).unwrap_or_default();
        if marks::width(line, UNWRAPPED) >= UNWRAPPED && marks::ends_closed(line) {
            self.flush();
            return;
        }
        self.add("\n", range);
        self.line = self.words.len();
    }

    fn end_paragraph(&mut self, range: Range<usize>) {
        let source = self.text.get(range.clone()).unwrap_or_default();
        if source.contains('\t') && source.trim_end().contains('\n') {
            // Rows between tabs are no Markdown, so they come as one wrapped paragraph.
            let rows = segment::blocks(source);
            if rows.iter().any(|row| matches!(row.mark, Mark::Columns | Mark::Row)) {
                self.forget();
                self.push_plain(range.start, rows);
                return;
            }
        }
        self.reach(range.end);
        self.flush();
    }

    fn end_row(&mut self, range: Range<usize>, mark: Mark) {
        if self.row.iter().any(|cell| cell.len() > LONGEST_CELL) {
            // A table that holds paragraphs was drawn for their places on the page.
            for cell in std::mem::take(&mut self.row) {
                self.push(range.clone(), Cow::Owned(cell), Mark::None);
            }
            return;
        }
        let text = std::mem::take(&mut self.row).join("\t");
        self.push(range, Cow::Owned(text), mark);
    }

    fn end_html(&mut self, range: Range<usize>) {
        let html = std::mem::take(&mut self.html);
        let words = without_tags(&html);
        self.push(range, Cow::Owned(words), Mark::None);
    }

    fn forget(&mut self) {
        self.words.clear();
        self.span = None;
        self.mark = None;
        self.item = None;
        self.line = 0;
    }

    /// Ends the block being collected.
    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        let span = self.span.take();
        let mark = self.mark.take();
        self.line = 0;
        let Some(span) = span.filter(|_| !words.trim().is_empty()) else { return };
        let number = self.item.take();
        let mark = match (mark, number) {
            (Some(mark), _) => mark,
            (None, Some(_)) => Mark::Item,
            (None, None) if self.in_note => Mark::Note,
            (None, None) => Mark::None,
        };
        let text = match number.flatten() {
            Some(number) => format!("{number}. {}", words.trim()),
            None if mark == Mark::Code => words.trim_end().to_owned(),
            None => words.trim().to_owned(),
        };
        self.push(span, Cow::Owned(text), mark);
    }

    fn push(&mut self, span: Range<usize>, text: Cow<'a, str>, mark: Mark) {
        let source = self.text.get(span.clone()).unwrap_or_default();
        let start = span.start + (source.len() - source.trim_start().len());
        let span = start..(span.start + source.trim_end().len()).max(start);
        if text.trim().is_empty() {
            return;
        }
        if text.len() > LONGEST {
            // Past the bound the marks are not worth the harm of one paragraph of megabytes.
            let plain = segment::blocks(self.text.get(span.clone()).unwrap_or_default());
            self.push_plain(span.start, plain);
            return;
        }
        let sentence = matches!(mark, Mark::Heading(_)) && !source.trim_start().starts_with('#');
        // A rule drawn close below a paragraph makes it a heading to CommonMark, not to a reader.
        let mark = if sentence && (text.len() > 200 || marks::ends_sentence(&text)) {
            Mark::None
        } else {
            mark
        };
        self.blocks.push(Block { span, text, mark, apart: true, cut: false });
    }

    fn push_plain(&mut self, offset: usize, blocks: Vec<Block<'a>>) {
        for mut block in blocks {
            block.span = block.span.start + offset..block.span.end + offset;
            self.blocks.push(block);
        }
    }
}

/// The text of an HTML block without tags and comments.
fn without_tags(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        let end = if tag.starts_with("!--") { "-->" } else { ">" };
        rest = tag.split_once(end).map_or("", |(_, after)| after);
        if !words.ends_with(char::is_whitespace) {
            words.push(' ');
        }
    }
    words.push_str(rest);
    let words = words
        .replace("&nbsp;", "\u{a0}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    let words = words.replace("&amp;", "&");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;

//! Blocks to paragraphs: kinds, headings and their depths, sections, and what a document says of
//! itself.
//!
//! Precision comes before recall: what is not clearly something else is body text. Nothing is
//! invented and nothing of the text is left out; rules hold for every document or are not rules.

mod apparatus;
mod boilerplate;
mod captions;
mod front;
mod headings;
mod joins;
mod labels;
mod names;
mod numbering;
mod people;
mod references;
mod sections;

use std::borrow::Cow;
use std::ops::Range;

use super::language;
use super::lines;
use super::segment::{Block, Mark};
use crate::model::{Extract, Kind, Language, Metadatum, Paragraph};

/// What is known of a document before its text is read, e.g. from the fields of its record.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// The title, which then is not looked for in the text, only recognised there.
    pub title: Option<String>,
    /// Where the text stands, for the evidence of what is found in it: `field text, ` or nothing.
    pub place: String,
}

/// A paragraph in the making.
#[derive(Debug)]
struct Part<'a> {
    /// Where it stands, in bytes.
    span: Range<usize>,
    text: Cow<'a, str>,
    mark: Mark,
    apart: bool,
    cut: bool,
    kind: Kind,
    depth: Option<u8>,
    context: String,
}

/// A statement found in the text, and the part it was found in.
#[derive(Debug)]
struct Found {
    name: &'static str,
    value: String,
    method: &'static str,
    span: Range<usize>,
}

impl Found {
    fn new(
        name: &'static str,
        value: impl Into<String>,
        method: &'static str,
        part: &Part,
    ) -> Self {
        Self { name, value: value.into(), method, span: part.span.clone() }
    }
}

impl<'a> From<Block<'a>> for Part<'a> {
    fn from(block: Block<'a>) -> Self {
        let (kind, depth) = match block.mark {
            Mark::None => (Kind::Body, None),
            Mark::Heading(level) => (Kind::Heading, Some(level)),
            Mark::Item => (Kind::Item, None),
            Mark::Code => (Kind::Code, None),
            Mark::Columns => (Kind::Table, None),
            Mark::Row => (Kind::Row, None),
            Mark::Note => (Kind::Note, None),
            Mark::Caption => (Kind::Caption, None),
            Mark::Boilerplate => (Kind::Boilerplate, None),
        };
        let Block { span, text, mark, apart, cut } = block;
        Self { span, text, mark, apart, cut, kind, depth, context: String::new() }
    }
}

impl Part<'_> {
    /// Whether nothing but its words can tell what it is.
    fn is_open(&self) -> bool {
        self.kind == Kind::Body
    }
}

/// Makes the paragraphs of a document of its blocks.
///
/// The result has no encoding yet; readers that decoded bytes add it.
pub fn extract(text: &str, blocks: Vec<Block>, declared: &Declared) -> Extract {
    let pages = lines::page_ends(text);
    let mut parts: Vec<Part> = blocks.into_iter().map(Part::from).collect();
    boilerplate::mark(&mut parts, &pages);
    let mut found = Vec::new();
    labels::mark(&mut parts, &mut found);
    captions::mark(&mut parts);
    headings::mark(&mut parts);
    front::mark(&mut parts, declared, &mut found);
    references::mark(&mut parts);
    apparatus::mark(&mut parts);
    let mut parts = joins::join(parts, &pages);
    sections::mark_by_heading(&mut parts, &mut found);
    captions::give_context(&mut parts);
    assemble(text, parts, found, &pages, declared)
}

fn assemble(
    text: &str,
    parts: Vec<Part>,
    found: Vec<Found>,
    pages: &[usize],
    declared: &Declared,
) -> Extract {
    let mut notes = Vec::new();
    if parts.is_empty() {
        notes.push("empty".to_owned());
    }
    let cuts = parts.iter().filter(|part| part.cut).count();
    if cuts > 0 {
        notes.push(format!("long paragraph split in {} places at 1 MiB", cuts));
    }
    let sections = sections::of(&parts);
    let mut places = Places::new(text);
    let metadata =
        found.into_iter().map(|found| statement(found, &mut places, &declared.place)).collect();
    let mut paragraphs = Vec::with_capacity(parts.len());
    for (part, section) in parts.into_iter().zip(sections) {
        let page = (!pages.is_empty()).then(|| page_of(pages, part.span.start));
        paragraphs.push(Paragraph {
            kind: part.kind,
            depth: part.depth,
            section,
            language: language_of_part(&part),
            text: part.text.into_owned(),
            context: part.context,
            span: places.characters(part.span),
            page,
        });
    }
    if let Some(title) = &declared.title {
        put_first(title, &mut paragraphs);
    }
    let language = settle_languages(&mut paragraphs);
    let characters = places.total();
    Extract {
        encoding: None,
        characters,
        paragraphs,
        metadata,
        language,
        notes,
        embedded: Vec::new(),
    }
}

/// Puts a declared title that the text does not repeat before its paragraphs, so that it is read
/// and found like any other. It stands in no place of the text: its span is empty.
fn put_first(title: &str, paragraphs: &mut Vec<Paragraph>) {
    if paragraphs.iter().any(|paragraph| paragraph.kind == Kind::Title) {
        return;
    }
    for paragraph in paragraphs.iter_mut() {
        paragraph.section = paragraph.section.map(|section| section + 1);
    }
    let first = Paragraph {
        kind: Kind::Title,
        depth: None,
        section: None,
        text: title.to_owned(),
        context: String::new(),
        span: 0..0,
        page: None,
        language: None,
    };
    paragraphs.insert(0, first);
}

/// A text shorter than this that seems to be in another language than its document more often is
/// a list of names, in characters.
const SURE_ALONE: usize = 120;

/// The language of a paragraph on its own; names and numbers have none.
fn language_of_part(part: &Part) -> Option<Language> {
    match part.kind {
        Kind::Table
        | Kind::Row
        | Kind::Creator
        | Kind::Affiliation
        | Kind::Code
        | Kind::Boilerplate => None,
        _ => language::of(&part.text),
    }
}

/// The language of the whole; takes back what short paragraphs in its script seemed to be in.
fn settle_languages(paragraphs: &mut [Paragraph]) -> Option<Language> {
    let counts = |paragraph: &&Paragraph| !matches!(paragraph.kind, Kind::Boilerplate | Kind::Code);
    let parts = paragraphs.iter().filter(counts);
    let whole = language::of_document(parts.map(|part| (&*part.text, part.language.as_ref())))?;
    for paragraph in paragraphs.iter_mut() {
        let other = paragraph.language.as_ref().is_some_and(|language| *language != whole);
        let length = paragraph.span.end - paragraph.span.start;
        if other
            && length < SURE_ALONE
            && language::share_script(&whole, paragraph.language.as_ref())
        {
            paragraph.language = None;
        }
    }
    Some(whole)
}

fn page_of(pages: &[usize], place: usize) -> u32 {
    u32::try_from(pages.partition_point(|end| *end < place)).unwrap_or(u32::MAX).saturating_add(1)
}

fn statement(found: Found, places: &mut Places, place: &str) -> Metadatum {
    let span = places.characters(found.span);
    Metadatum {
        name: found.name.to_owned(),
        value: found.value.replace("-\n", ""),
        method: found.method,
        evidence: format!("{place}characters {}-{}", span.start, span.end),
    }
}

/// Turns places in bytes into places in characters, in one walk through the text.
struct Places<'a> {
    text: &'a [u8],
    bytes: usize,
    characters: usize,
    is_ascii: bool,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), bytes: 0, characters: 0, is_ascii: text.is_ascii() }
    }

    fn characters(&mut self, span: Range<usize>) -> Range<usize> {
        if self.is_ascii {
            return span;
        }
        let start = self.at(span.start);
        // The end is not walked to: the next part may start before it, inside a joined paragraph.
        let inside = self.text.get(span).unwrap_or_default();
        start..start + count(inside)
    }

    fn at(&mut self, place: usize) -> usize {
        if place < self.bytes {
            self.characters -= count(self.text.get(place..self.bytes).unwrap_or_default());
        } else {
            self.characters += count(self.text.get(self.bytes..place).unwrap_or_default());
        }
        self.bytes = place;
        self.characters
    }

    fn total(&mut self) -> usize {
        if self.is_ascii {
            return self.text.len();
        }
        self.at(self.text.len())
    }
}

/// Characters in UTF-8: every byte that does not continue one.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte as i8) >= -64).count()
}

#[cfg(test)]
mod tests;

//! XML of no kind of its own: editions in TEI, articles in JATS, books in DocBook, feeds, whatever else.
//!
//! The words of an element that has words of its own are a paragraph; a handful of names that such
//! vocabularies share tell headings, items, rows, notes and captions. Attributes are not read, and a file
//! that is not well-formed is read as the plain text it is.

use super::composed::Composed;
use super::xml::{self, Element, Node};
use super::{Format, Holds, Input, Unreadable, charset, date, declaration, office, plain};
use crate::model::{Extract, Metadatum};
use crate::text::segment::Mark;
use crate::text::structure::Declared;

pub(super) const FORMAT: Format = Format {
    name: "xml",
    version: 1,
    media_type: "application/xml",
    extensions: &["xml", "tei", "dbk", "nxml", "rss", "atom"],
    holds: Holds::OneDocument,
    recognises: |bytes| {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        bytes.trim_ascii_start().starts_with(b"<?xml ")
    },
    is_signed: false,
    is_bounded: false,
    read,
};

/// Elements that state something of the document, by the end of their path, and the term for it.
const STATEMENTS: &[(&[&str], &str)] = &[
    (&["titleStmt", "title"], "title"),
    (&["article-meta", "title-group", "article-title"], "title"),
    (&["info", "title"], "title"),
    (&["articleinfo", "title"], "title"),
    (&["bookinfo", "title"], "title"),
    (&["channel", "title"], "title"),
    (&["feed", "title"], "title"),
    (&["titleStmt", "author"], "creator"),
    (&["article-meta", "contrib-group", "contrib", "name"], "creator"),
    (&["info", "author"], "creator"),
    (&["articleinfo", "author"], "creator"),
    (&["bookinfo", "author"], "creator"),
    (&["publicationStmt", "date"], "date"),
    (&["article-meta", "pub-date"], "date"),
    (&["info", "pubdate"], "date"),
    (&["articleinfo", "pubdate"], "date"),
    (&["bookinfo", "pubdate"], "date"),
    (&["publicationStmt", "publisher"], "publisher"),
    (&["publisher", "publisher-name"], "publisher"),
    (&["publicationStmt", "idno"], "identifier"),
    (&["article-meta", "article-id"], "identifier"),
    (&["keywords", "term"], "subject"),
    (&["kwd-group", "kwd"], "subject"),
];

/// Elements that describe the document; their words are no part of its text.
const DESCRIPTIONS: [&str; 7] = [
    "teiHeader",
    "article-meta",
    "journal-meta",
    "info",
    "articleinfo",
    "bookinfo",
    "processing-meta",
];

/// Elements that are blocks wherever they stand, also between words.
const BLOCKS: [&str; 23] = [
    "p",
    "para",
    "list",
    "item",
    "listitem",
    "li",
    "table",
    "tgroup",
    "row",
    "tr",
    "note",
    "fn",
    "footnote",
    "figure",
    "fig",
    "quote-block",
    "lg",
    "l",
    "div",
    "sec",
    "section",
    "sp",
    "code",
];

fn read(input: &Input) -> Result<Extract, Unreadable> {
    let (decoded, note) = charset::decode_page(input)?;
    let root = match xml::parse_text(&decoded.text) {
        Ok(root) => root,
        Err(unreadable) => {
            let mut extract = plain::decoded(input, plain::extract)?;
            extract.notes.push(format!("read as plain text: {unreadable}"));
            return Ok(extract);
        }
    };
    let mut walk = Walk::default();
    walk.element(&root, 0);
    let title = office::title_of(&walk.statements);
    if let Some(language) = root.attribute("lang") {
        office::push(&mut walk.statements, "language", language, "attribute", "attribute lang");
    }
    let mut extract = walk.composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, walk.statements);
    extract.encoding = Some(decoded.encoding);
    extract.notes.extend(note);
    Ok(extract)
}

/// Gathers blocks and statements.
#[derive(Default)]
struct Walk<'a> {
    /// Names of the elements that are open.
    path: Vec<&'a str>,
    /// Elements around that describe the document.
    described: usize,
    composed: Composed,
    statements: Vec<Metadatum>,
}

impl<'a> Walk<'a> {
    /// An element in sections nested so deep.
    fn element(&mut self, element: &'a Element, depth: u8) {
        let is_description = DESCRIPTIONS.contains(&&*element.name);
        self.path.push(&element.name);
        self.described += usize::from(is_description);
        self.state(element);
        let deeper = depth + u8::from(is_section(&element.name) && depth < 6);
        let mark =
            if self.described > 0 { Mark::Boilerplate } else { mark_of(&element.name, deeper) };
        match &*element.name {
            "row" | "tr" if self.described == 0 => self.row(element),
            _ => self.words(element, mark, deeper),
        }
        self.described -= usize::from(is_description);
        self.path.pop();
    }

    /// The words of an element, parted by the blocks inside it. One without words of its own is what its
    /// elements are.
    fn words(&mut self, element: &'a Element, mark: Mark, depth: u8) {
        let has_words = element.children.iter().any(is_words);
        let mut words = String::new();
        // A note amid a sentence comes after it.
        let mut notes = Vec::new();
        for child in &element.children {
            match child {
                Node::Text(text) => words.push_str(text),
                Node::Element(child) if has_words && !BLOCKS.contains(&&*child.name) => {
                    add_inline(child, &mut words);
                }
                Node::Element(child) if has_words && is_note(&child.name) => notes.push(child),
                Node::Element(child) => {
                    self.push(&std::mem::take(&mut words), mark);
                    self.element(child, depth);
                }
            }
        }
        self.push(&words, mark);
        notes.into_iter().for_each(|note| self.element(note, depth));
    }

    fn push(&mut self, words: &str, mark: Mark) {
        let words = match mark {
            Mark::Code => words.to_owned(),
            _ => words.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        self.composed.push(&words, mark);
    }

    fn row(&mut self, row: &Element) {
        let is_named = row
            .elements()
            .next()
            .is_some_and(|cell| cell.name == "th" || cell.attribute("role") == Some("label"))
            || row.attribute("role") == Some("label");
        let cells: Vec<String> = row
            .elements()
            .map(|cell| cell.text().split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        let mark = if is_named { Mark::Columns } else { Mark::Row };
        self.composed.push(&cells.join("\t"), mark);
    }

    fn state(&mut self, element: &Element) {
        let is_here = |(path, _): &&(&[&str], &str)| self.path.ends_with(path);
        let Some((path, term)) = STATEMENTS.iter().find(is_here) else { return };
        if *term == "title" && office::title_of(&self.statements).is_some() {
            return;
        }
        let evidence = format!("element {}", path.join("/"));
        let value = match *term {
            "date" => day(element),
            "creator" => Some(person(element)),
            _ => Some(element.text()),
        };
        if let Some(value) = value {
            office::push(&mut self.statements, term, &value, "element", &evidence);
        }
    }
}

fn is_words(node: &Node) -> bool {
    matches!(node, Node::Text(text) if !text.trim().is_empty())
}

fn is_note(name: &str) -> bool {
    matches!(name, "note" | "fn" | "footnote")
}

fn is_section(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "div1"
            | "div2"
            | "div3"
            | "sec"
            | "section"
            | "chapter"
            | "part"
            | "sect1"
            | "sect2"
            | "sect3"
    )
}

fn mark_of(name: &str, depth: u8) -> Mark {
    match name {
        "head" | "title" => Mark::Heading(depth.clamp(1, 6)),
        "item" | "listitem" | "li" | "list-item" => Mark::Item,
        name if is_note(name) => Mark::Note,
        "caption" | "figDesc" | "figcaption" => Mark::Caption,
        "code" | "programlisting" | "screen" | "eg" => Mark::Code,
        _ => Mark::None,
    }
}

/// Adds the words of an element amid words; a break of a line is a space.
fn add_inline(element: &Element, words: &mut String) {
    if matches!(&*element.name, "lb" | "br" | "pb" | "cb") {
        words.push(' ');
    }
    for child in &element.children {
        match child {
            Node::Text(text) => words.push_str(text),
            Node::Element(child) => add_inline(child, words),
        }
    }
}

/// A day as an attribute, as parts, or as words have it.
fn day(element: &Element) -> Option<String> {
    let part = |name: &str| element.child(name).map(|part| part.text().trim().to_owned());
    let parts = part("year").map(|year| {
        let more = [part("month"), part("day")].into_iter().map_while(|part| part?.parse().ok());
        more.fold(year, |date, number: u8| format!("{date}-{number:02}"))
    });
    let stated = [element.attribute("when").map(str::to_owned), parts, Some(element.text())];
    stated.into_iter().flatten().find_map(|value| date::iso(&value))
}

/// A person's name, its parts in the order in which names are said.
fn person(element: &Element) -> String {
    let part = |names: [&str; 3]| {
        let named = names.iter().find_map(|name| element.child(name));
        named.map(Element::text).unwrap_or_default()
    };
    let given = part(["given-names", "firstname", "forename"]);
    let family = part(["surname", "surname", "surname"]);
    match (given.trim(), family.trim()) {
        ("", "") => element.text(),
        (given, family) => format!("{given} {family}").trim().to_owned(),
    }
}

#[cfg(test)]
mod tests;

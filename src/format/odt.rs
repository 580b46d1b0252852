//! OpenDocument texts (ISO/IEC 26300).
//!
//! What was deleted under tracked changes is not read; nothing is fetched.

use std::collections::HashMap;

use super::composed::Composed;
use super::xml::{self, Element, Node};
use super::zipped::{self, Zipped};
use super::{Format, Holds, Input, Unreadable, declaration, office};
use crate::model::Extract;
use crate::text::segment::Mark;
use crate::text::structure::Declared;

pub(super) const FORMAT: Format = Format {
    name: "odt",
    version: 2,
    media_type: "application/vnd.oasis.opendocument.text",
    extensions: &["odt", "ott"],
    holds: Holds::OneDocument,
    recognises: |bytes| zipped::is_of_type(bytes, "application/vnd.oasis.opendocument.text"),
    is_signed: true,
    is_bounded: false,
    read,
};

/// The longest cell of a table of data, in bytes; longer ones hold paragraphs.
const LONGEST_CELL: usize = 400;

/// The most columns or spaces that one element may stand for.
const MOST_REPEATED: usize = 1000;

fn read(input: &Input) -> Result<Extract, Unreadable> {
    let (content, meta) = parts(input)?;
    let text = content.at(&["body", "text"]).ok_or_else(|| Unreadable("has no text".to_owned()))?;
    let mut reader = Reader { parents: parents(&content), ..Reader::default() };
    reader.blocks(text);
    Ok(extract(&reader.composed, reader.title, meta))
}

/// Reads a document of another kind by what makes the blocks of its content.
///
/// # Errors
/// When it is encrypted, damaged, or has no such content.
pub(super) fn read_body(
    input: &Input,
    compose: impl Fn(&Element) -> Option<Composed>,
) -> Result<Extract, Unreadable> {
    let (content, meta) = parts(input)?;
    let composed = compose(&content).ok_or_else(|| Unreadable("has no content".to_owned()))?;
    Ok(extract(&composed, None, meta))
}

/// The properties of a document, and remarks about reading them.
type Meta = (Element, Vec<String>);

/// The content and the properties of a document.
fn parts(input: &Input) -> Result<(Element, Meta), Unreadable> {
    let mut zipped = Zipped::open(input.bytes)?;
    let manifest = zipped.part("META-INF/manifest.xml")?.unwrap_or_default();
    if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
        return Err(Unreadable("encrypted".to_owned()));
    }
    let content = xml::parse(&zipped.needed("content.xml")?)?;
    let mut notes = Vec::new();
    let meta = office::optional(&mut zipped, "meta.xml", &mut notes).unwrap_or_default();
    Ok((content, (meta, notes)))
}

fn extract(composed: &Composed, title: Option<String>, (meta, mut notes): Meta) -> Extract {
    let none = Element::default();
    let statements = office::statements(meta.child("meta").unwrap_or(&none), title.as_deref());
    let title = title.or_else(|| office::title_of(&statements));
    let mut extract = composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, statements);
    extract.notes.append(&mut notes);
    extract
}

/// The rows of a table, as the words of their cells.
pub(super) fn rows_of(table: &Element) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    add_rows(table, false, &mut rows);
    let reader = Reader::default();
    rows.into_iter().map(|(row, _)| reader.cells(row)).collect()
}

/// Adds the paragraphs inside a shape under one mark.
pub(super) fn add_blocks(shape: &Element, mark: Mark, composed: &mut Composed) {
    let mut reader = Reader::default();
    reader.blocks(shape);
    reader.composed.pass_on(mark, composed);
}

/// The styles that styles made while writing are based on.
fn parents(content: &Element) -> HashMap<String, String> {
    let styles = content.child("automatic-styles").into_iter().flat_map(Element::elements);
    let pair = |style: &Element| {
        Some((
            style.attribute("name")?.to_owned(),
            style.attribute("parent-style-name")?.to_owned(),
        ))
    };
    styles.filter_map(pair).collect()
}

/// Gathers blocks.
#[derive(Default)]
struct Reader {
    composed: Composed,
    parents: HashMap<String, String>,
    title: Option<String>,
    /// Whether the next paragraph begins an item of a list.
    is_item: bool,
}

impl Reader {
    fn blocks(&mut self, parent: &Element) {
        for element in parent.elements() {
            match &*element.name {
                "tracked-changes" | "sequence-decls" | "forms" | "annotation" => {}
                "h" => {
                    let level = element.attribute("outline-level");
                    let level = level.and_then(|level| level.parse().ok()).unwrap_or(1);
                    self.paragraph(element, Mark::Heading(level));
                }
                "p" => self.plain(element),
                "list-item" => {
                    self.is_item = true;
                    self.blocks(element);
                    self.is_item = false;
                }
                "table" => self.table(element),
                _ => self.blocks(element),
            }
        }
    }

    fn plain(&mut self, element: &Element) {
        let style = element.attribute("style-name").unwrap_or_default();
        let style = self.parents.get(style).map_or(style, |parent| parent);
        let mark = match style {
            "Title" => Mark::None,
            "Caption" | "Illustration" | "Table" | "Figure" | "Drawing" => Mark::Caption,
            "Preformatted_20_Text" => Mark::Code,
            _ if std::mem::take(&mut self.is_item) => Mark::Item,
            _ => Mark::None,
        };
        if style == "Title" && self.title.is_none() {
            let mut words = String::new();
            add_words(element, &mut words, &mut Vec::new());
            self.title = Some(words.trim().replace('\n', " ")).filter(|title| !title.is_empty());
        }
        self.paragraph(element, mark);
    }

    fn paragraph(&mut self, element: &Element, mark: Mark) {
        let mut words = String::new();
        let mut asides = Vec::new();
        add_words(element, &mut words, &mut asides);
        self.composed.push(&words, mark);
        for aside in asides {
            if aside.name == "annotation" {
                self.comment(aside);
                continue;
            }
            if aside.name != "note" {
                self.blocks(aside);
                continue;
            }
            let mut note = Reader::default();
            note.blocks(aside.child("note-body").unwrap_or(aside));
            let number = aside.child("note-citation").map(Element::text).unwrap_or_default();
            self.composed.push(&format!("[{number}] {}", note.composed.joined()), Mark::Note);
        }
    }

    /// What a reader has written beside the text.
    fn comment(&mut self, annotation: &Element) {
        let mut comment = Reader::default();
        comment.blocks(annotation);
        let author = annotation.child("creator").map(Element::text);
        office::push_comment(author.as_deref(), &comment.composed.joined(), &mut self.composed);
    }

    /// The rows of a table of data; the blocks of one that only arranges the page.
    fn table(&mut self, table: &Element) {
        let mut rows = Vec::new();
        add_rows(table, false, &mut rows);
        let cells: Vec<Vec<String>> = rows.iter().map(|(row, _)| self.cells(row)).collect();
        let widest = cells.iter().map(Vec::len).max().unwrap_or(0);
        let is_short = cells.iter().flatten().all(|cell| cell.len() <= LONGEST_CELL);
        if widest < 2 || rows.len() < 2 || !is_short {
            rows.into_iter().for_each(|(row, _)| self.blocks(row));
            return;
        }
        for (place, ((_, is_header), cells)) in rows.iter().zip(cells).enumerate() {
            let mark = if place == 0 && *is_header { Mark::Columns } else { Mark::Row };
            self.composed.push(&cells.join("\t"), mark);
        }
    }

    fn cells(&self, row: &Element) -> Vec<String> {
        let mut cells = Vec::new();
        for cell in row.elements().filter(|cell| cell.name == "table-cell") {
            let mut inner = Reader { parents: self.parents.clone(), ..Reader::default() };
            inner.blocks(cell);
            let text = inner.composed.joined();
            let times = repeated(cell, "number-columns-repeated");
            cells.extend(std::iter::repeat_n(text, times));
        }
        cells
    }
}

/// The rows of a table and whether they are its header.
fn add_rows<'e>(parent: &'e Element, is_header: bool, rows: &mut Vec<(&'e Element, bool)>) {
    for element in parent.elements() {
        match &*element.name {
            "table-row" => rows.push((element, is_header)),
            "table-header-rows" => add_rows(element, true, rows),
            "table-rows" | "table-row-group" => add_rows(element, is_header, rows),
            _ => {}
        }
    }
}

fn repeated(element: &Element, attribute: &str) -> usize {
    let count = element.attribute(attribute).and_then(|count| count.parse().ok());
    count.unwrap_or(1).clamp(1, MOST_REPEATED)
}

/// The words of a paragraph; notes and text boxes anchored in it come after it.
fn add_words<'e>(element: &'e Element, words: &mut String, asides: &mut Vec<&'e Element>) {
    for child in &element.children {
        let child = match child {
            Node::Text(text) => {
                add_collapsed(text, words);
                continue;
            }
            Node::Element(child) => child,
        };
        match &*child.name {
            "s" => words.extend(std::iter::repeat_n(' ', repeated(child, "c"))),
            "tab" => words.push(' '),
            "line-break" => words.push('\n'),
            "soft-page-break" | "annotation-end" | "tracked-changes" => {}
            "annotation" => asides.push(child),
            "note" => {
                let number = child.child("note-citation").map(Element::text).unwrap_or_default();
                words.push_str(&format!("[{number}]"));
                asides.push(child);
            }
            "text-box" => asides.push(child),
            _ => add_words(child, words, asides),
        }
    }
}

/// White space in the source is one space.
fn add_collapsed(text: &str, words: &mut String) {
    for c in text.chars() {
        if !c.is_ascii_whitespace() {
            words.push(c);
        } else if !words.ends_with(|last: char| last.is_ascii_whitespace()) {
            words.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::super::zipped::zip_of;
    use super::*;
    use crate::model::Kind;

    const CONTENT: &str = "<d xmlns:text='t' xmlns:table='b'><automatic-styles><style name='P1' \
        parent-style-name='Title'/></automatic-styles><body><text:text><text:tracked-changes><text:p>gone\
        </text:p></text:tracked-changes><text:p text:style-name='P1'>Паром</text:p><text:h \
        text:outline-level='2'>План</text:h><text:p>It<text:s text:c='2'/>sails<text:note>\
        <text:note-citation>1</text:note-citation><text:note-body><text:p>Not on Sundays.</text:p>\
        </text:note-body></text:note> at\n noon.<office:annotation xmlns:office='o' xmlns:dc='c'><dc:creator>Orlov\
        </dc:creator><text:p>Which noon?</text:p></office:annotation></text:p><text:list><text:list-item><text:p>one</text:p>\
        </text:list-item></text:list><table:table><table:table-header-rows><table:table-row>\
        <table:table-cell><text:p>Year</text:p></table:table-cell><table:table-cell><text:p>Tons</text:p>\
        </table:table-cell></table:table-row></table:table-header-rows><table:table-row>\
        <table:table-cell table:number-columns-repeated='2'><text:p>7</text:p></table:table-cell>\
        </table:table-row></table:table></text:text></body></d>";

    fn read_parts(parts: &[(&str, &str)]) -> Result<Extract, Unreadable> {
        let bytes = zip_of(parts);
        read(&Input { bytes: &bytes, name: "a.odt", options: &Options::default() })
    }

    #[test]
    fn a_text_is_read_with_headings_notes_lists_and_tables() {
        let meta = "<m xmlns:meta='m' xmlns:dc='d'><meta><dc:title>Untitled 1</dc:title><dc:creator>\
                    Last Saver</dc:creator><meta:initial-creator>Ito Haru</meta:initial-creator></meta></m>";
        let extract = read_parts(&[("content.xml", CONTENT), ("meta.xml", meta)]).unwrap();
        let kinds: Vec<_> =
            extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect();
        assert_eq!(
            kinds,
            [
                (Kind::Title, "Паром"),
                (Kind::Heading, "План"),
                (Kind::Body, "It  sails[1] at noon."),
                (Kind::Note, "[1] Not on Sundays."),
                (Kind::Note, "[comment by Orlov] Which noon?"),
                (Kind::Item, "one"),
                (Kind::Table, "Year\tTons"),
                (Kind::Row, "7\t7"),
            ]
        );
        assert_eq!(extract.all("creator").collect::<Vec<_>>(), ["Ito Haru"]);
        assert_eq!(extract.first("title (property)"), Some("Untitled 1"));
    }

    #[test]
    fn an_encrypted_text_is_refused_as_such() {
        let manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>";
        let refused = read_parts(&[("META-INF/manifest.xml", manifest), ("content.xml", "x")]);
        assert_eq!(refused.unwrap_err().0, "encrypted");
    }
}

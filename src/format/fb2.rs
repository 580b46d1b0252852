//! FictionBook 2 (XML), the format of Russian electronic libraries.
//!
//! A book is read whole in its order; pictures are passed over, notes come where the file has them.

use super::composed::Composed;
use super::xml::{self, Element};
use super::{Format, Holds, Input, Unreadable, charset, date, declaration, office};
use crate::model::{Extract, Metadatum};
use crate::text::segment::Mark;
use crate::text::structure::Declared;

pub(super) const FORMAT: Format = Format {
    name: "fb2",
    version: 3,
    media_type: "application/x-fictionbook+xml",
    extensions: &["fb2"],
    holds: Holds::OneDocument,
    recognises: |bytes| {
        let head = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
        memchr::memmem::find(head, b"<FictionBook").is_some()
    },
    is_signed: true,
    is_bounded: false,
    read,
};

fn read(input: &Input) -> Result<Extract, Unreadable> {
    let (decoded, note) = charset::decode_page(input)?;
    let book = xml::parse_text(&decoded.text)?;
    let statements = statements(&book);
    let mut composed = Composed::default();
    for body in book.elements().filter(|element| element.name == "body") {
        let is_notes = matches!(body.attribute("name"), Some("notes" | "comments"));
        add(body, 1, if is_notes { Mark::Note } else { Mark::None }, &mut composed);
    }
    let title = office::title_of(&statements);
    let mut extract = composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, statements);
    extract.encoding = Some(decoded.encoding);
    extract.notes.extend(note);
    Ok(extract)
}

/// What the description says of the book, and only that: the file has a date and a maker too.
fn statements(book: &Element) -> Vec<Metadatum> {
    let mut metadata = Vec::new();
    let none = Element::default();
    let about = book.at(&["description", "title-info"]).unwrap_or(&none);
    let print = book.at(&["description", "publish-info"]).unwrap_or(&none);
    let mut state = |name: &str, value: &str, evidence: &str| {
        office::push(&mut metadata, name, value, "element", evidence);
    };
    for element in about.elements() {
        let text = element.text();
        match &*element.name {
            "book-title" => state("title", &text, "title-info/book-title"),
            "author" | "translator" => {
                let parts = ["first-name", "middle-name", "last-name", "nickname"];
                let names = parts.iter().filter_map(|part| element.child(part));
                let name = names.map(Element::text).collect::<Vec<_>>().join(" ");
                let term = if element.name == "author" { "creator" } else { "translator" };
                state(term, &name, &format!("title-info/{}", element.name));
            }
            "genre" => state("subject", &text, "title-info/genre"),
            "annotation" => state("description", &text, "title-info/annotation"),
            "lang" => state("language", &text, "title-info/lang"),
            "date" => {
                let stated = [element.attribute("value").unwrap_or_default(), &text];
                if let Some(day) = stated.iter().find_map(|value| date::iso(value)) {
                    state("date", &day, "title-info/date");
                }
            }
            _ => {}
        }
    }
    for (element, term) in [("publisher", "publisher"), ("isbn", "identifier"), ("year", "issued")]
    {
        let text = print.child(element).map(Element::text).unwrap_or_default();
        state(term, &text, &format!("publish-info/{element}"));
    }
    metadata
}

/// Adds what stands inside an element; a section's title is a heading of its depth.
fn add(parent: &Element, depth: u8, mark: Mark, composed: &mut Composed) {
    for element in parent.elements() {
        match &*element.name {
            "p" | "v" | "text-author" | "date" => composed.push(&element.text(), mark),
            "subtitle" => composed.push(&element.text(), Mark::Heading(depth.min(6))),
            "title" if mark == Mark::Note => composed.push(&joined(element), Mark::Note),
            "title" => composed.push(&joined(element), Mark::Heading(depth.min(6))),
            "section" => add(element, depth.saturating_add(1), mark, composed),
            "table" => {
                let rows = element.elements().filter(|row| row.name == "tr");
                for row in rows {
                    let cells: Vec<String> = row.elements().map(joined).collect();
                    composed.push(&cells.join("\t"), Mark::Row);
                }
            }
            "image" | "binary" => {}
            _ => add(element, depth, mark, composed),
        }
    }
}

/// The words of an element on one line.
fn joined(element: &Element) -> String {
    let mut lines: Vec<String> = element.elements().map(Element::text).collect();
    if lines.is_empty() {
        lines.push(element.text());
    }
    lines.iter().flat_map(|line| line.split_whitespace()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;
    use crate::model::Kind;
    use crate::text::codec::Codec;

    #[test]
    fn a_book_is_read_with_its_sections_notes_and_description() {
        let book = "<?xml version='1.0' encoding='utf-8'?><FictionBook><description><title-info><genre>prose</genre>\
            <author><first-name>Павел</first-name><last-name>Орлов</last-name></author><book-title>Паром</book-title>\
            <date>весна</date><lang>ru</lang></title-info><document-info><date value='2011-01-01'/></document-info>\
            </description><body><title><p>Паром</p></title><section><title><p>Глава</p><p>первая</p></title>\
            <p>Он <emphasis>идёт</emphasis> в полдень.</p></section></body><body name='notes'><section><title><p>1</p>\
            </title><p>Кроме воскресенья.</p></section></body><binary>AAAA</binary></FictionBook>";
        assert!((FORMAT.recognises)(book.as_bytes()));
        let input = Input { bytes: book.as_bytes(), name: "a.fb2", options: &Options::default() };
        let extract = read(&input).unwrap();
        let read: Vec<_> = extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect();
        assert_eq!(
            read,
            [
                (Kind::Title, "Паром"),
                (Kind::Heading, "Глава первая"),
                (Kind::Body, "Он идёт в полдень."),
                (Kind::Note, "1"),
                (Kind::Note, "Кроме воскресенья."),
            ]
        );
        assert_eq!(extract.first("creator"), Some("Павел Орлов"));
        assert_eq!(extract.first("date"), None);
    }

    #[test]
    fn the_declared_encoding_decides_between_those_of_one_script_and_is_on_record() {
        let book = "<?xml version='1.0' encoding='koi8-r'?><FictionBook><body><p>Он идёт.</p></body></FictionBook>";
        let (bytes, _, _) = encoding_rs::KOI8_R.encode(book);
        let read_in = |encoding| {
            let options = Options { encoding, ..Options::default() };
            read(&Input { bytes: &bytes, name: "a.fb2", options: &options }).unwrap()
        };
        let extract = read_in(None);
        assert_eq!(extract.paragraphs[0].text, "Он идёт.");
        let encoding = extract.encoding.unwrap();
        assert_eq!((encoding.name, encoding.declared.as_deref()), ("KOI8-R", Some("koi8-r")));
        let told = read_in(Codec::labelled("windows-1251"));
        assert_eq!(told.encoding.unwrap().method, crate::model::EncodingMethod::Told);
        assert_ne!(told.paragraphs[0].text, "Он идёт.");
    }
}

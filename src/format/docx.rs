//! Word documents (Office Open XML, ECMA-376).
//!
//! Text that was deleted or moved away under tracked changes is not read; nothing is fetched.

mod body;
mod chunks;
mod equations;
mod styles;

use std::collections::BTreeSet;

use super::composed::Composed;
use super::xml::{self, Element};
use super::zipped::{self, Zipped};
use super::{Format, Holds, Input, Unreadable, declaration, embedded, office};
use crate::model::Extract;
use crate::text::segment::Mark;
use crate::text::structure::Declared;
use body::Body;
use chunks::Chunks;
use styles::Styles;

pub(super) const FORMAT: Format = Format {
    name: "docx",
    version: 3,
    media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    extensions: &["docx", "docm", "dotx"],
    holds: Holds::OneDocument,
    recognises: |bytes| zipped::holds(bytes, "word/document.xml"),
    is_signed: true,
    is_bounded: false,
    read,
};

fn read(input: &Input) -> Result<Extract, Unreadable> {
    if let Some(reason) = office::old_or_encrypted(input.bytes) {
        return Err(Unreadable(reason.to_owned()));
    }
    let mut zipped = Zipped::open(input.bytes)?;
    let document = xml::parse(&zipped.needed("word/document.xml")?)?;
    let mut notes = Vec::new();
    let styles = Styles::of(office::optional(&mut zipped, "word/styles.xml", &mut notes).as_ref());
    let chunks = Chunks::read(&mut zipped, input.options, &mut notes);
    let mut body = Body::new(&styles, &chunks);
    body.blocks(document.child("body").unwrap_or(&document));
    let title = body.title.clone();
    let mut composed = body.composed;
    for (part, name) in [("word/footnotes.xml", "footnote"), ("word/endnotes.xml", "endnote")] {
        if let Some(part) = office::optional(&mut zipped, part, &mut notes) {
            add_notes(&part, name, &styles, &mut composed);
        }
    }
    if let Some(part) = office::optional(&mut zipped, "word/comments.xml", &mut notes) {
        add_comments(&part, &styles, &mut composed);
    }
    add_margins(&mut zipped, &styles, &mut notes, &mut composed);
    let core = office::optional(&mut zipped, "docProps/core.xml", &mut notes).unwrap_or_default();
    let statements = office::statements(&core, title.as_deref());
    let title = title.or_else(|| office::title_of(&statements));
    let mut extract = composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, statements);
    extract.notes.append(&mut notes);
    office::note_without_text(&zipped, &mut extract);
    embedded::add(&mut extract, embedded::of_office(&mut zipped));
    Ok(extract)
}

/// The notes of a part, each with the number by which the text refers to it.
fn add_notes(part: &Element, name: &str, styles: &Styles, composed: &mut Composed) {
    for note in part.elements().filter(|element| element.name == name) {
        // The lines that part notes from the text are notes of a type.
        if note.attribute("type").is_some_and(|kind| kind != "normal") {
            continue;
        }
        // Notes hold no other documents.
        let none = Chunks::default();
        let mut body = Body::new(styles, &none);
        body.blocks(note);
        let number = note.attribute("id").unwrap_or_default();
        let text = body.composed.joined();
        if !text.is_empty() {
            composed.push(&format!("[{number}] {text}"), Mark::Note);
        }
    }
}

/// What readers have written beside the text, each with who it was.
fn add_comments(part: &Element, styles: &Styles, composed: &mut Composed) {
    let none = Chunks::default();
    for comment in part.elements().filter(|element| element.name == "comment") {
        let mut body = Body::new(styles, &none);
        body.blocks(comment);
        office::push_comment(comment.attribute("author"), &body.composed.joined(), composed);
    }
}

/// The headers and footers, each of them once.
fn add_margins(
    zipped: &mut Zipped,
    styles: &Styles,
    notes: &mut Vec<String>,
    composed: &mut Composed,
) {
    let none = Chunks::default();
    let mut seen = BTreeSet::new();
    let is_margin = |name: &String| {
        ["word/header", "word/footer"].iter().any(|start| name.starts_with(start))
            && name.ends_with(".xml")
    };
    for name in zipped.names().iter().filter(|name| is_margin(name)) {
        let Some(part) = office::optional(zipped, name, notes) else { continue };
        let mut body = Body::new(styles, &none);
        body.blocks(&part);
        let words = body.composed.joined();
        if seen.insert(words.clone()) {
            composed.push(&words, Mark::Boilerplate);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::super::zipped::zip_of;
    use super::*;
    use crate::model::Kind;

    const STYLES: &str = "<w:styles xmlns:w='w'><w:style w:styleId='1'><w:name w:val='heading 1'/></w:style>\
        <w:style w:styleId='Sub'><w:basedOn w:val='2'/></w:style><w:style w:styleId='2'>\
        <w:pPr><w:outlineLvl w:val='1'/></w:pPr></w:style><w:style w:styleId='T'><w:name w:val='Title'/>\
        </w:style></w:styles>";

    const BODY: &str = "<w:document xmlns:w='w'><w:body><w:p><w:pPr><w:pStyle w:val='T'/></w:pPr><w:r><w:t>\
        渡轮启航</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val='1'/></w:pPr><w:r><w:t>Plan</w:t></w:r></w:p>\
        <w:p><w:r><w:t xml:space='preserve'>It </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r>\
        </w:del><w:ins><w:r><w:t>sails at noon.</w:t><w:footnoteReference w:id='2'/></w:r></w:ins></w:p>\
        <w:p><w:pPr><w:pStyle w:val='Sub'/></w:pPr><w:r><w:t>Cargo</w:t></w:r></w:p><w:tbl><w:tr><w:trPr>\
        <w:tblHeader/></w:trPr><w:tc><w:p><w:r><w:t>Year</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Tons\
        </w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc><w:tc><w:p><w:r><w:t>4,100</w:t></w:r></w:p>\
        </w:tc></w:tr></w:tbl><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>an item</w:t></w:r></w:p></w:body>\
        </w:document>";

    const CORE: &str = "<cp:coreProperties xmlns:cp='c' xmlns:dc='d' xmlns:dcterms='t'><dc:title>Document1\
        </dc:title><dc:creator>Ito Haru;Pavel Orlov</dc:creator><cp:keywords>ferry, port</cp:keywords>\
        <dcterms:created>2019-06-12T08:00:00Z</dcterms:created></cp:coreProperties>";

    fn read_parts(parts: &[(&str, &str)]) -> Result<Extract, Unreadable> {
        let bytes = zip_of(parts);
        read(&Input { bytes: &bytes, name: "a.docx", options: &Options::default() })
    }

    #[test]
    fn a_page_that_was_put_into_a_document_whole_is_read_where_it_stands() {
        let body = "<w:document xmlns:w='w' xmlns:r='r'><w:body><w:p><w:r><w:t>Before.</w:t></w:r></w:p>\
            <w:altChunk r:id='c'/><w:altChunk r:id='d'/><w:p><w:r><w:t>After.</w:t></w:r></w:p></w:body></w:document>";
        let relations = "<R><R Id='c' Type='x/aFChunk' Target='/word/page.html'/>\
            <R Id='d' Type='x/aFChunk' Target='inner.docx'/></R>";
        let page = "<html><body><h2>Hours</h2><p>The ferry sails at noon.</p></body></html>";
        let extract = read_parts(&[
            ("word/document.xml", body),
            ("word/_rels/document.xml.rels", relations),
            ("word/page.html", page),
            ("word/inner.docx", "PK"),
        ])
        .unwrap();
        let texts: Vec<&str> = extract.paragraphs.iter().map(|part| &*part.text).collect();
        assert_eq!(texts, ["Before.", "Hours", "The ferry sails at noon.", "After."]);
        assert_eq!(extract.notes, ["word/inner.docx left out: a part of the format docx"]);
    }

    #[test]
    fn a_document_is_read_with_headings_tables_notes_and_properties() {
        let notes = "<w:footnotes xmlns:w='w'><w:footnote w:type='separator' w:id='0'><w:p><w:r><w:t>-</w:t>\
                     </w:r></w:p></w:footnote><w:footnote w:id='2'><w:p><w:r><w:t>Except on Sundays.</w:t>\
                     </w:r></w:p></w:footnote></w:footnotes>";
        let extract = read_parts(&[
            ("word/document.xml", BODY),
            ("word/styles.xml", STYLES),
            ("word/footnotes.xml", notes),
            ("docProps/core.xml", CORE),
        ])
        .unwrap();
        let kinds: Vec<_> =
            extract.paragraphs.iter().map(|part| (part.kind, part.depth, &*part.text)).collect();
        assert_eq!(
            kinds,
            [
                (Kind::Title, None, "渡轮启航"),
                (Kind::Heading, Some(1), "Plan"),
                (Kind::Body, None, "It sails at noon.[2]"),
                (Kind::Heading, Some(2), "Cargo"),
                (Kind::Table, None, "Year\tTons"),
                (Kind::Row, None, "\t4,100"),
                (Kind::Item, None, "an item"),
                (Kind::Note, None, "[2] Except on Sundays."),
            ]
        );
        let said: Vec<_> =
            extract.metadata.iter().map(|datum| (&*datum.name, &*datum.value)).collect();
        assert_eq!(
            said,
            [
                ("title", "渡轮启航"),
                ("creator", "Ito Haru"),
                ("creator", "Pavel Orlov"),
                ("subject", "ferry"),
                ("subject", "port"),
                ("created", "2019-06-12"),
                ("title (property)", "Document1"),
            ]
        );
    }

    #[test]
    fn diagrams_equations_comments_and_margins_are_read_and_a_first_row_set_apart_names_columns() {
        let row = |cells: [&str; 2]| {
            let cell = |text| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
            format!("<w:tr>{}</w:tr>", cells.map(cell).concat())
        };
        let table = |look: &str, first| {
            let rows = [row(first), row(["2015", "4"])].concat();
            format!("<w:tbl><w:tblPr><w:tblLook {look}/></w:tblPr>{rows}</w:tbl>")
        };
        let body = format!(
            "<w:document xmlns:w='w' xmlns:m='m' xmlns:d='d' xmlns:r='r'><w:body><w:p><w:r><w:t>Area </w:t></w:r><m:oMath>\
             <m:sSup><m:e><m:r><m:t>r</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>\
             <w:r><w:drawing><d:relIds r:dm='d1'/></w:drawing></w:r></w:p>{}{}{}</w:body></w:document>",
            table("w:firstRow='1'", ["Year", "Tons"]),
            table("w:val='0000'", ["Year", "Tons"]),
            table("w:val='04A0'", ["2014", "3"]),
        );
        let relations = "<R><R Id='d1' Type='x/diagramData' Target='diagrams/data1.xml'/></R>";
        let diagram = "<dataModel xmlns:a='a'><ptLst><pt><t><a:p><a:r><a:t>From here</a:t></a:r></a:p></t></pt>\
            <pt type='parTrans'><t><a:p/></t></pt></ptLst></dataModel>";
        let comments = "<w:comments xmlns:w='w'><w:comment w:author='Ito'><w:p><w:r><w:t>Which year?</w:t></w:r></w:p>\
            </w:comment></w:comments>";
        let header = "<w:hdr xmlns:w='w'><w:p><w:r><w:t>Draft 2</w:t></w:r></w:p></w:hdr>";
        let extract = read_parts(&[
            ("word/document.xml", &body),
            ("word/_rels/document.xml.rels", relations),
            ("word/diagrams/data1.xml", diagram),
            ("word/comments.xml", comments),
            ("word/header1.xml", header),
            ("word/header2.xml", header),
        ]);
        let extract = extract.unwrap();
        let read: Vec<_> = extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect();
        assert_eq!(
            read,
            [
                (Kind::Body, "Area r^2"),
                (Kind::Item, "From here"),
                (Kind::Table, "Year\tTons"),
                (Kind::Row, "2015\t4"),
                (Kind::Row, "Year\tTons"),
                (Kind::Row, "2015\t4"),
                (Kind::Row, "2014\t3"),
                (Kind::Row, "2015\t4"),
                (Kind::Note, "[comment by Ito] Which year?"),
                (Kind::Boilerplate, "Draft 2"),
            ]
        );
    }

    #[test]
    fn a_document_of_pictures_says_so() {
        let body = "<w:document xmlns:w='w'><w:body><w:p/></w:body></w:document>";
        let extract = read_parts(&[("word/document.xml", body), ("word/media/a.png", "PNG")]);
        assert_eq!(extract.unwrap().notes, ["empty", "1 picture"]);
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_the_reason() {
        let reason = |bytes: &[u8]| {
            read(&Input { bytes, name: "a.docx", options: &Options::default() }).unwrap_err().0
        };
        assert_eq!(
            reason(
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"
            ),
            "encrypted"
        );
        assert_eq!(
            reason(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            "an Office file of before 2007, of a kind that is not read"
        );
        assert_eq!(reason(b"PK\x03\x04cut"), "damaged or cut off: its list of parts is missing");
        assert_eq!(read_parts(&[("a", "b")]).unwrap_err().0, "has no part word/document.xml");
    }
}

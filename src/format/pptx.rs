//! Presentations of PowerPoint (Office Open XML, ECMA-376).
//!
//! A slide is a page. Words in pictures and in diagrams are not read; nothing is fetched.

use super::composed::Composed;
use super::xml::{self, Element, Node};
use super::zipped::{self, Zipped};
use super::{Format, Holds, Input, Unreadable, declaration, embedded, office};
use crate::model::Extract;
use crate::text::segment::Mark;
use crate::text::structure::Declared;

pub(super) const FORMAT: Format = Format {
    name: "pptx",
    version: 2,
    media_type: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    extensions: &["pptx", "pptm", "ppsx", "potx"],
    holds: Holds::OneDocument,
    recognises: |bytes| zipped::holds(bytes, "ppt/presentation.xml"),
    is_signed: true,
    is_bounded: false,
    read,
};

fn read(input: &Input) -> Result<Extract, Unreadable> {
    if let Some(reason) = office::old_or_encrypted(input.bytes) {
        return Err(Unreadable(reason.to_owned()));
    }
    let mut zipped = Zipped::open(input.bytes)?;
    let presentation = xml::parse(&zipped.needed("ppt/presentation.xml")?)?;
    let mut notes = Vec::new();
    let targets = office::targets(&mut zipped, "ppt/_rels/presentation.xml.rels", &mut notes);
    let mut composed = Composed::default();
    let list = presentation.child("sldIdLst").into_iter().flat_map(Element::elements);
    // The attribute is r:id; the id without a prefix is a number of PowerPoint's own.
    let ids = list.filter_map(|slide| slide.attributes("id").last());
    for (place, id) in ids.enumerate() {
        composed.begin_page();
        let Some((_, target)) = targets.get(id) else {
            notes.push(format!("slide {} left out: not in the file", place + 1));
            continue;
        };
        let part = office::resolve("ppt", target);
        if let Some(slide) = office::optional(&mut zipped, &part, &mut notes) {
            shapes(&slide, false, &mut composed);
            beside(&mut zipped, &part, &mut notes, &mut composed);
        }
    }
    let core = office::optional(&mut zipped, "docProps/core.xml", &mut notes).unwrap_or_default();
    let mut statements = office::statements(&core, None);
    // What PowerPoint calls what nobody has named.
    let unnamed = |value: &str| {
        ["PowerPoint Presentation", "Slide 1", "PowerPoint-Präsentation", "Презентация PowerPoint"]
            .contains(&value)
    };
    for datum in statements.iter_mut().filter(|datum| unnamed(&datum.value)) {
        datum.name = "title (as written)".to_owned();
    }
    let title = office::title_of(&statements);
    let mut extract = composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, statements);
    extract.notes.append(&mut notes);
    office::note_without_text(&zipped, &mut extract);
    embedded::add(&mut extract, embedded::of_office(&mut zipped));
    Ok(extract)
}

/// What other parts add to a slide: diagrams, the speaker's notes, comments.
fn beside(zipped: &mut Zipped, slide: &str, notes: &mut Vec<String>, composed: &mut Composed) {
    let Some((folder, name)) = slide.rsplit_once('/') else { return };
    let relations = office::targets(zipped, &format!("{folder}/_rels/{name}.rels"), notes);
    for kind in ["/diagramData", "/notesSlide", "/comments"] {
        for (_, target) in relations.values().filter(|(of, _)| of.ends_with(kind)) {
            let part = office::optional(zipped, &office::resolve(folder, target), notes);
            let Some(part) = part else { continue };
            match kind {
                "/diagramData" => {
                    office::diagram(&part)
                        .iter()
                        .for_each(|words| composed.push(words, Mark::Item));
                }
                "/notesSlide" => shapes(&part, true, composed),
                _ => comments(&part, composed),
            }
        }
    }
}

/// Comments of either kind that PowerPoint has had.
fn comments(part: &Element, composed: &mut Composed) {
    for comment in part.elements().filter(|comment| comment.name == "cm") {
        let words = comment.child("text").or_else(|| comment.child("txBody")).map(Element::text);
        office::push_comment(None, &words.unwrap_or_default(), composed);
    }
}

/// The text of shapes in the order in which they are drawn.
fn shapes(parent: &Element, is_note: bool, composed: &mut Composed) {
    for element in parent.elements() {
        match &*element.name {
            "sp" => shape(element, is_note, composed),
            "tbl" => table(element, composed),
            "Fallback" => {}
            _ => shapes(element, is_note, composed),
        }
    }
}

fn shape(shape: &Element, is_note: bool, composed: &mut Composed) {
    let Some(body) = shape.child("txBody") else { return };
    let place = shape.at(&["nvSpPr", "nvPr", "ph"]);
    let kind = place.map(|place| place.attribute("type").unwrap_or("obj"));
    if matches!(kind, Some("title" | "ctrTitle")) {
        let lines: Vec<String> = body.elements().map(words).collect();
        composed.push(&lines.join(" "), Mark::Heading(1));
        return;
    }
    let mark = match kind {
        Some("sldNum" | "dt" | "ftr" | "hdr") => Mark::Boilerplate,
        _ if is_note => Mark::Note,
        Some("body" | "obj") => Mark::Item,
        _ => Mark::None,
    };
    for paragraph in body.elements().filter(|element| element.name == "p") {
        composed.push(&words(paragraph), mark);
    }
}

fn words(element: &Element) -> String {
    let mut words = String::new();
    add_words(element, &mut words);
    words
}

fn add_words(element: &Element, words: &mut String) {
    for child in &element.children {
        let Node::Element(child) = child else { continue };
        match &*child.name {
            "t" => words.push_str(&child.text()),
            "br" => words.push(' '),
            "tab" => words.push(' '),
            "pPr" | "rPr" | "Fallback" => {}
            _ => add_words(child, words),
        }
    }
}

fn table(table: &Element, composed: &mut Composed) {
    let has_header = table.child("tblPr").is_some_and(|all| all.attribute("firstRow") == Some("1"));
    let rows = table.elements().filter(|element| element.name == "tr");
    for (place, row) in rows.enumerate() {
        let cells = row.elements().filter(|element| element.name == "tc");
        let texts: Vec<String> = cells
            .map(|cell| words(cell).split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        let mark = if place == 0 && has_header { Mark::Columns } else { Mark::Row };
        composed.push(&texts.join("\t"), mark);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::super::zipped::zip_of;
    use super::*;
    use crate::model::Kind;

    #[test]
    fn slides_are_pages_with_titles_items_tables_and_notes() {
        let shape = |kind: &str, text: &str| {
            format!(
                "<p:sp><p:nvSpPr><p:nvPr><p:ph{kind}/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}\
                     </a:t></a:r></a:p></p:txBody></p:sp>"
            )
        };
        let slide = |shapes: &str| {
            format!(
                "<p:sld xmlns:p='p' xmlns:a='a'><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
            )
        };
        let cell = |text: &str| {
            format!("<a:tc><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>")
        };
        let table = format!(
            "<a:tbl><a:tblPr firstRow='1'/><a:tr>{}{}</a:tr><a:tr>{}{}</a:tr></a:tbl>",
            cell("Year"),
            cell("Tons"),
            cell("2015"),
            cell("4,100")
        );
        let first = slide(&format!(
            "{}{}{}",
            shape(" type='title'", "渡轮"),
            shape(" idx='1'", "It sails."),
            shape(" type='sldNum'", "1")
        ));
        let second = slide(&format!("{}{table}", shape(" type='title'", "Trade")));
        let notes = slide(&shape(" type='body'", "Say it slowly."));
        let relation = |id: &str, kind: &str, to: &str| {
            format!("<R Id='{id}' Type='x/{kind}' Target='{to}'/>")
        };
        let bytes = zip_of(&[
            (
                "ppt/presentation.xml",
                "<p xmlns:r='r'><sldIdLst><sldId id='256' r:id='b'/><sldId id='257' r:id='a'/></sldIdLst></p>",
            ),
            (
                "ppt/_rels/presentation.xml.rels",
                &format!(
                    "<R>{}{}</R>",
                    relation("a", "slide", "slides/slide2.xml"),
                    relation("b", "slide", "/ppt/slides/slide1.xml")
                ),
            ),
            ("ppt/slides/slide1.xml", &first),
            ("ppt/slides/slide2.xml", &second),
            (
                "ppt/slides/_rels/slide1.xml.rels",
                &format!("<R>{}</R>", relation("n", "notesSlide", "../notesSlides/n1.xml")),
            ),
            ("ppt/notesSlides/n1.xml", &notes),
        ]);
        let extract =
            read(&Input { bytes: &bytes, name: "a.pptx", options: &Options::default() }).unwrap();
        let read: Vec<_> =
            extract.paragraphs.iter().map(|part| (part.kind, part.page, &*part.text)).collect();
        assert_eq!(
            read,
            [
                (Kind::Title, Some(1), "渡轮"),
                (Kind::Item, Some(1), "It sails."),
                (Kind::Boilerplate, Some(1), "1"),
                (Kind::Note, Some(1), "Say it slowly."),
                (Kind::Heading, Some(2), "Trade"),
                (Kind::Table, Some(2), "Year\tTons"),
                (Kind::Row, Some(2), "2015\t4,100"),
            ]
        );
        assert_eq!(extract.notes, [] as [&str; 0]);
    }
}

//! The paragraphs and tables of a Word document's body, or of one of its notes.

use super::chunks::Chunks;
use super::equations;
use super::styles::{Role, Styles, heading};
use crate::format::composed::Composed;
use crate::format::table::are_names;
use crate::format::xml::{Element, Node};
use crate::text::segment::Mark;

/// The longest cell of a table of data, in bytes; longer ones hold paragraphs.
const LONGEST_CELL: usize = 400;

/// Elements whose text is not the document's: deleted, moved away, the other half of a twin, or the
/// code of a field.
const UNREAD: &[&str] = &[
    "del",
    "moveFrom",
    "Fallback",
    "instrText",
    "delText",
    "pPr",
    "rPr",
    "sectPr",
    "tblPr",
    "trPr",
    "tcPr",
];

/// Gathers blocks.
pub(super) struct Body<'a> {
    styles: &'a Styles,
    chunks: &'a Chunks,
    pub(super) composed: Composed,
    /// The paragraph in the style of titles.
    pub(super) title: Option<String>,
}

impl<'a> Body<'a> {
    pub(super) fn new(styles: &'a Styles, chunks: &'a Chunks) -> Self {
        Self { styles, chunks, composed: Composed::default(), title: None }
    }

    /// The blocks inside an element, in order.
    pub(super) fn blocks(&mut self, parent: &Element) {
        for element in parent.elements() {
            match &*element.name {
                name if UNREAD.contains(&name) => {}
                "p" => self.paragraph(element),
                "tbl" => self.table(element),
                "altChunk" => {
                    let id = element.attribute("id").unwrap_or_default();
                    self.chunks.add(id, &mut self.composed);
                }
                _ => self.blocks(element),
            }
        }
    }

    fn paragraph(&mut self, paragraph: &Element) {
        let mut words = String::new();
        let mut boxes = Vec::new();
        add_words(paragraph, &mut words, &mut boxes);
        let properties = paragraph.child("pPr");
        let style = properties.and_then(|all| all.child("pStyle")).and_then(|s| s.attribute("val"));
        let level = properties.and_then(|all| all.child("outlineLvl"));
        let role = heading(level.and_then(|level| level.attribute("val")))
            .or_else(|| self.styles.role(style?));
        let is_item = properties.is_some_and(|all| all.child("numPr").is_some());
        let mark = match role {
            Some(Role::Heading(level)) => Mark::Heading(level),
            Some(Role::Title) => {
                let text = words.trim();
                if self.title.is_none() && !text.is_empty() {
                    self.title = Some(text.replace('\n', " "));
                }
                Mark::None
            }
            Some(Role::Caption) => Mark::Caption,
            Some(Role::Code) => Mark::Code,
            None if is_item => Mark::Item,
            None => Mark::None,
        };
        self.composed.push(&words, mark);
        for text_box in boxes {
            match text_box.attribute("dm") {
                Some(id) => self.chunks.add(id, &mut self.composed),
                None => self.blocks(text_box),
            }
        }
    }

    /// The rows of a table of data; the blocks of one that only arranges the page.
    fn table(&mut self, table: &Element) {
        let rows: Vec<&Element> = table.elements().filter(|row| row.name == "tr").collect();
        let cells: Vec<Vec<String>> = rows.iter().map(|row| self.cells(row)).collect();
        let widest = cells.iter().map(Vec::len).max().unwrap_or(0);
        let is_short = cells.iter().flatten().all(|cell| cell.len() <= LONGEST_CELL);
        if widest < 2 || rows.len() < 2 || !is_short {
            rows.into_iter().for_each(|row| self.blocks(row));
            return;
        }
        for (place, (row, cells)) in rows.iter().zip(cells).enumerate() {
            let is_header = row.at(&["trPr", "tblHeader"]).is_some()
                || sets_first_row_apart(table) && are_names(&cells, widest);
            let mark = if place == 0 && is_header { Mark::Columns } else { Mark::Row };
            self.composed.push(&cells.join("\t"), mark);
        }
    }

    fn cells(&self, row: &Element) -> Vec<String> {
        let text = |cell: &Element| {
            let mut body = Body::new(self.styles, self.chunks);
            body.blocks(cell);
            body.composed.joined()
        };
        row.elements().filter(|cell| cell.name == "tc").map(text).collect()
    }
}

/// Whether the first row of a table looks like column names: Word sets it apart unless told not to.
fn sets_first_row_apart(table: &Element) -> bool {
    let Some(look) = table.at(&["tblPr", "tblLook"]) else { return false };
    match look.attribute("firstRow") {
        Some(value) => matches!(value, "1" | "true" | "on"),
        None => {
            let flags = look.attribute("val").and_then(|flags| u32::from_str_radix(flags, 16).ok());
            flags.is_some_and(|flags| flags & 0x20 != 0)
        }
    }
}

/// The words of a paragraph; text boxes and diagrams anchored in it come after it.
fn add_words<'e>(element: &'e Element, words: &mut String, boxes: &mut Vec<&'e Element>) {
    for child in &element.children {
        let Node::Element(child) = child else { continue };
        match &*child.name {
            name if UNREAD.contains(&name) => {}
            "t" => words.push_str(&child.text()),
            "tab" => words.push(' '),
            "cr" => words.push('\n'),
            "br" if child.attribute("type").is_none_or(|kind| kind == "textWrapping") => {
                words.push('\n');
            }
            "br" => words.push(' '),
            "noBreakHyphen" => words.push('\u{2011}'),
            "softHyphen" => words.push('\u{ad}'),
            "footnoteReference" | "endnoteReference" => {
                words.push_str(&format!("[{}]", child.attribute("id").unwrap_or_default()));
            }
            "oMath" => words.push_str(&equations::line(child)),
            "txbxContent" | "relIds" => boxes.push(child),
            _ => add_words(child, words, boxes),
        }
    }
}

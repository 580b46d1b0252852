//! Parts of a Word document that stand at a place of its text: pages and mails that a program put in whole,
//! for Word to convert when it opens the file, and diagrams.

use std::collections::HashMap;

use crate::format::composed::Composed;
use crate::format::zipped::Zipped;
use crate::format::{self, Input, Options, office};
use crate::model::{Kind, Paragraph};
use crate::text::segment::Mark;

/// What the parts say, by the ids by which the text refers to them.
#[derive(Default)]
pub(super) struct Chunks(HashMap<String, Vec<(Mark, String)>>);

impl Chunks {
    /// Reads the parts of formats that hold no others; each that cannot be read is noted.
    pub(super) fn read(zipped: &mut Zipped, options: &Options, notes: &mut Vec<String>) -> Self {
        let targets = office::targets(zipped, "word/_rels/document.xml.rels", notes);
        let mut chunks = HashMap::new();
        for (id, (kind, target)) in targets {
            let name = office::resolve("word", &target);
            if kind.ends_with("/diagramData") {
                let diagram = office::optional(zipped, &name, notes).unwrap_or_default();
                let boxes = office::diagram(&diagram);
                chunks.insert(id, boxes.into_iter().map(|words| (Mark::Item, words)).collect());
                continue;
            }
            if !kind.ends_with("/aFChunk") {
                continue;
            }
            let Ok(Some(bytes)) = zipped.part(&name) else {
                notes.push(format!("{name} left out: not in the file"));
                continue;
            };
            let format = format::of(&name, &bytes);
            if !matches!(format.name, "html" | "eml" | "plain" | "rtf") {
                notes.push(format!("{name} left out: a part of the format {}", format.name));
                continue;
            }
            match (format.read)(&Input { bytes: &bytes, name: &name, options }) {
                Ok(extract) => {
                    let marked = |part: Paragraph| (mark(&part), part.text);
                    chunks.insert(id, extract.paragraphs.into_iter().map(marked).collect());
                }
                Err(unreadable) => notes.push(format!("{name} left out: {unreadable}")),
            }
        }
        Self(chunks)
    }

    /// Adds what a part says.
    pub(super) fn add(&self, id: &str, composed: &mut Composed) {
        for (mark, words) in self.0.get(id).into_iter().flatten() {
            composed.push(words, *mark);
        }
    }
}

fn mark(paragraph: &Paragraph) -> Mark {
    match paragraph.kind {
        Kind::Heading | Kind::Title => Mark::Heading(paragraph.depth.unwrap_or(1)),
        Kind::Item => Mark::Item,
        Kind::Code => Mark::Code,
        Kind::Table => Mark::Columns,
        Kind::Row => Mark::Row,
        Kind::Note => Mark::Note,
        Kind::Caption => Mark::Caption,
        Kind::Boilerplate => Mark::Boilerplate,
        _ => Mark::None,
    }
}

//! Files attached to a PDF, to the whole of it or to a place on a page.
//!
//! The tree of their names is followed to a bound: one that leads back into itself ends there.

use std::collections::HashSet;

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{
    Array, Dict, Name, Object, ObjectIdentifier, Stream, String as Words,
};

use super::properties;
use crate::model::Embedded;

/// The most nodes of the tree, and the most annotations of a page, that are looked at.
const MOST: usize = 10_000;

/// The most files that are taken out.
const MOST_FILES: usize = 1000;

/// The attached files, each with where the document has it.
pub(super) fn files(pdf: &Pdf) -> Vec<(Embedded, String)> {
    let mut found = Found::default();
    let root: Option<Dict> = pdf.xref().get(pdf.xref().root_id());
    let names: Option<Dict> = root.and_then(|root| root.get("Names"));
    if let Some(tree) = names.and_then(|names| names.get::<Dict>("EmbeddedFiles")) {
        named(tree, &mut found);
    }
    for (number, page) in (1..).zip(pdf.pages().iter()) {
        let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { continue };
        for annotation in annotations.iter::<Dict<'_>>().take(MOST) {
            let kind = annotation.get::<Name>("Subtype");
            if kind.is_some_and(|kind| &*kind == b"FileAttachment")
                && let Some(file) = annotation.get::<Dict>("FS")
            {
                found.take(&file, format!("attached on page {number}"));
            }
        }
    }
    found.files
}

/// Follows the tree of names (ISO 32000-1, 7.9.6).
fn named(tree: Dict, found: &mut Found) {
    let mut open = vec![tree];
    let mut seen = 0;
    while let Some(node) = open.pop() {
        seen += 1;
        if seen > MOST {
            return;
        }
        if let Some(kids) = node.get::<Array>("Kids") {
            let kids: Vec<Dict> = kids.iter::<Dict>().take(MOST).collect();
            open.extend(kids.into_iter().rev());
        }
        // Names and files by turns; a file is the only dictionary.
        let Some(pairs) = node.get::<Array>("Names") else { continue };
        for file in pairs.iter::<Object>().take(2 * MOST).filter_map(Object::into_dict) {
            found.take(&file, "attached to the document".to_owned());
        }
    }
}

/// Files that were found, none of them twice.
#[derive(Default)]
struct Found {
    files: Vec<(Embedded, String)>,
    seen: HashSet<ObjectIdentifier>,
}

impl Found {
    /// Takes the file of a file specification (ISO 32000-1, 7.11.3).
    fn take(&mut self, file: &Dict, evidence: String) {
        let text = |key: &str| file.get::<Words>(key).map(|name| properties::text(name.as_bytes()));
        let Some(streams) = file.get::<Dict>("EF") else { return };
        let keys = ["UF", "F", "Unix", "DOS", "Mac"];
        let Some(stream) = keys.iter().find_map(|key| streams.get::<Stream>(key)) else { return };
        if self.files.len() >= MOST_FILES || !self.seen.insert(stream.obj_id()) {
            return;
        }
        let name = text("UF").or_else(|| text("F")).unwrap_or_default();
        if let Ok(bytes) = stream.decoded_data()
            && !bytes.is_empty()
        {
            self.files.push((Embedded { name, bytes: bytes.into_owned() }, evidence));
        }
    }
}

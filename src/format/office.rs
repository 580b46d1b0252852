//! What office files have in common: properties, and ways of being unreadable.
//!
//! The day a file was made is not the day a work was published, so it never becomes `date`.

use std::collections::BTreeMap;

use super::composed::Composed;
use super::date;
use super::xml::{self, Element};
use super::zipped::Zipped;
use crate::model::{Extract, Metadatum};
use crate::text::segment::Mark;

/// Properties by the element that holds them, and their Dublin Core terms.
const TERMS: &[(&str, &str)] = &[
    ("title", "title"),
    ("initial-creator", "creator"),
    ("creator", "creator"),
    ("keywords", "subject"),
    ("keyword", "subject"),
    ("subject", "subject"),
    ("description", "description"),
    ("language", "language"),
    ("created", "created"),
    ("creation-date", "created"),
    ("modified", "modified"),
    ("publisher", "publisher"),
    ("identifier", "identifier"),
];

/// The statements of a file's properties. A title in the text itself, in the style for titles,
/// outranks the property, which often is that of the template.
pub(super) fn statements(properties: &Element, titled: Option<&str>) -> Vec<Metadatum> {
    let mut metadata = Vec::new();
    if let Some(title) = titled {
        push(&mut metadata, "title", title, "style", "paragraph in the style Title");
    }
    // OpenDocument's creator is whoever saved last; its initial creator made the document.
    let has_initial = properties.child("initial-creator").is_some();
    for (element, term) in TERMS {
        if has_initial && *element == "creator" {
            continue;
        }
        for property in properties.elements().filter(|property| property.name == *element) {
            let evidence = format!("property {element}");
            let text = property.text();
            let name = if *term == "title" && titled.is_some() { "title (property)" } else { term };
            for value in values(term, &text) {
                push(&mut metadata, name, &value, "property", &evidence);
            }
        }
    }
    let (after, mut first): (Vec<_>, Vec<_>) =
        metadata.into_iter().partition(|datum| datum.name == "title (property)");
    first.extend(after);
    first
}

/// The values that the text of a property is, for a term.
pub(super) fn values(term: &str, text: &str) -> Vec<String> {
    match term {
        "creator" => text.split([';', '；']).map(str::to_owned).collect(),
        "subject" => text.split([',', ';', '，', '；', '、']).map(str::to_owned).collect(),
        "created" | "modified" => date::iso(text).into_iter().collect(),
        _ => vec![text.to_owned()],
    }
}

pub(super) fn push(
    metadata: &mut Vec<Metadatum>,
    name: &str,
    value: &str,
    method: &'static str,
    evidence: &str,
) {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if !value.is_empty() {
        let (name, evidence) = (name.to_owned(), evidence.to_owned());
        metadata.push(Metadatum { name, value, method, evidence });
    }
}

/// The title among statements.
pub(super) fn title_of(statements: &[Metadatum]) -> Option<String> {
    statements.iter().find(|datum| datum.name == "title").map(|datum| datum.value.clone())
}

/// A part that a document can do without; one that is damaged is noted and left out.
pub(super) fn optional(
    zipped: &mut Zipped,
    name: &str,
    notes: &mut Vec<String>,
) -> Option<Element> {
    let part = zipped.part(name).and_then(|part| part.map(|bytes| xml::parse(&bytes)).transpose());
    part.unwrap_or_else(|unreadable| {
        notes.push(format!("{name} left out: {unreadable}"));
        None
    })
}

/// What a part refers to: kinds and addresses by id.
pub(super) fn targets(
    zipped: &mut Zipped,
    part: &str,
    notes: &mut Vec<String>,
) -> BTreeMap<String, (String, String)> {
    let relations = optional(zipped, part, notes).unwrap_or_default();
    let target = |relation: &Element| {
        let attribute = |name: &str| relation.attribute(name).map(str::to_owned);
        Some((attribute("Id")?, (attribute("Type")?, attribute("Target")?)))
    };
    relations.elements().filter_map(target).collect()
}

/// The name of a part that is referred to from a folder.
pub(super) fn resolve(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').collect();
    for step in target.split('/') {
        match step {
            ".." => drop(path.pop()),
            "." => {}
            name => path.push(name),
        }
    }
    path.join("/")
}

/// The boxes of a diagram (SmartArt) in order, by its data.
pub(super) fn diagram(data: &Element) -> Vec<String> {
    let points = data.child("ptLst").into_iter().flat_map(Element::elements);
    let words = |point: &Element| {
        let lines = point.child("t")?.elements().filter(|line| line.name == "p").map(Element::text);
        let words = lines.filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ");
        (!words.is_empty()).then_some(words)
    };
    points.filter_map(words).collect()
}

/// Adds what a reader has written beside the text.
pub(super) fn push_comment(author: Option<&str>, words: &str, composed: &mut Composed) {
    let author = author.map(str::trim).filter(|author| !author.is_empty());
    if !words.trim().is_empty() {
        let by = author.map(|author| format!(" by {author}")).unwrap_or_default();
        composed.push(&format!("[comment{by}] {words}"), Mark::Note);
    }
}

/// Whether the bytes begin like a compound file, in which Office kept everything before 2007.
pub(super) fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

/// Notes the pictures that a file has instead of text, where it has none.
pub(super) fn note_without_text(zipped: &Zipped, extract: &mut Extract) {
    if !extract.paragraphs.iter().all(|part| part.span.is_empty()) {
        return;
    }
    match zipped.count("/media/") {
        0 => {}
        1 => extract.notes.push("1 picture".to_owned()),
        count => extract.notes.push(format!("{count} pictures")),
    }
}

/// Why a file that begins like those of Office before 2007 is not read: encrypted files are wrapped
/// in that format too.
pub(super) fn old_or_encrypted(bytes: &[u8]) -> Option<&'static str> {
    if !is_compound(bytes) {
        return None;
    }
    let has = |name: &str| {
        let name: Vec<u8> = name.bytes().flat_map(|byte| [byte, 0]).collect();
        memchr::memmem::find(bytes, &name).is_some()
    };
    if has("EncryptedPackage") {
        return Some("encrypted");
    }
    if has("HwpSummaryInformation") {
        return Some("an HWP document, which is not read; save it as DOCX or PDF");
    }
    Some("an Office file of before 2007, of a kind that is not read")
}

//! What ingest hands over for each path: everything worked out, nothing left to do but write it.

use super::original::Original;
use crate::fingerprint::{self, Sketch};
use crate::model::{Digest, Extract, Kind, Outcome, Place, Unread};
use crate::text::normal::normal;
use crate::text::spacing;

/// One path with what became of it.
#[derive(Debug)]
pub struct Arrival {
    /// Where it was seen.
    pub place: Place,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a path, with all that has to be written about it.
#[derive(Debug)]
pub enum Fate {
    /// It is a document, which may or may not be in the archive.
    Document(Box<NewDocument>),
    /// It holds other documents, which arrive on their own; the text says how many.
    Container(String),
    /// Files that were not read, because they have not changed since they were.
    Unchanged(Unread),
    /// A rule leaves it out; the text says which.
    Skipped(String),
    /// Its bytes could not be had; the text says why.
    Failed(String),
}

/// The bytes of a document and what is known of them.
#[derive(Debug)]
pub struct NewDocument {
    /// SHA-256 of the bytes.
    pub digest: Digest,
    /// Number of bytes.
    pub bytes: u64,
    /// Media type (RFC 6838) of the bytes.
    pub media_type: &'static str,
    /// What the document is called where it has no title: its file name.
    pub file_name: String,
    /// Its text, or why there is none.
    pub reading: Reading,
    /// The bytes to keep; `None` where originals are left out or the archive has them.
    pub original: Option<Original>,
}

/// What was made of a document's bytes.
#[derive(Debug)]
pub enum Reading {
    /// The archive has read these bytes before.
    Before,
    /// Text, ready to be stored.
    Text(Box<Text>),
    /// No text could be had; the reason.
    Nothing(String),
}

/// A document's text with everything that is computed from it.
#[derive(Debug)]
pub struct Text {
    pub(super) reader: &'static str,
    pub(super) version: u32,
    pub(super) extract: Extract,
    pub(super) passages: Vec<Passage>,
    pub(super) text_digest: Digest,
    pub(super) normal_digest: Option<Digest>,
    pub(super) sketch: Option<Sketch>,
}

/// What is computed from one paragraph.
#[derive(Debug)]
pub(super) struct Passage {
    pub(super) digest: Digest,
    pub(super) cjk: bool,
    /// The form the index reads, where it differs from the text.
    pub(super) indexed: Option<String>,
}

/// What readers note of a document that has no text.
const EMPTY: &str = "empty";

impl Text {
    /// Computes digests and index forms of what a reader (its name and version) has read.
    pub fn new(reader: &'static str, version: u32, extract: Extract) -> Self {
        let passages: Vec<Passage> = extract
            .paragraphs
            .iter()
            .map(|paragraph| Passage {
                digest: fingerprint::passage_digest(&paragraph.text, &paragraph.context),
                cjk: spacing::has_cjk(&paragraph.text) || spacing::has_cjk(&paragraph.context),
                indexed: match spacing::for_index(&paragraph.text, &paragraph.context) {
                    std::borrow::Cow::Borrowed(_) => None,
                    std::borrow::Cow::Owned(spaced) => Some(spaced),
                },
            })
            .collect();
        let text_digest = fingerprint::text_digest(passages.iter().map(|passage| &passage.digest));
        let normals: Vec<String> =
            extract.paragraphs.iter().map(|paragraph| normal(&paragraph.text)).collect();
        let has_text = !normals.is_empty();
        let normal_digest = has_text.then(|| fingerprint::normal_digest(&normals));
        let own = extract.paragraphs.iter().zip(&normals);
        let own = own.filter(|(paragraph, _)| !is_boilerplate(paragraph.kind));
        let sketch = has_text.then(|| Sketch::of(own.map(|(_, normal)| normal.as_str())));
        Self { reader, version, extract, passages, text_digest, normal_digest, sketch }
    }

    /// Byte sequences that could not be decoded.
    pub fn replaced(&self) -> u64 {
        self.extract.encoding.as_ref().map_or(0, |encoding| encoding.replaced)
    }

    pub(super) fn title(&self) -> Option<&str> {
        self.extract.first("title")
    }

    pub(super) fn creators(&self) -> Option<String> {
        let names: Vec<&str> = self.extract.all("creator").collect();
        (!names.is_empty()).then(|| names.join("; "))
    }
}

impl Reading {
    /// The outcome that a document read like this has in the ledger, and the reason of a failure.
    pub(super) fn failure(&self) -> Option<&str> {
        match self {
            Reading::Nothing(reason) => Some(reason),
            Reading::Before | Reading::Text(_) => None,
        }
    }

    /// Why the ledger has a document that was read and has no text, in words that its reader noted.
    pub(super) fn remark(&self) -> Option<String> {
        let Reading::Text(text) = self else { return None };
        let notes = &text.extract.notes;
        notes.iter().any(|note| note == EMPTY).then(|| {
            let others = notes.iter().filter(|note| *note != EMPTY);
            let said = others.map(String::as_str).collect::<Vec<_>>().join("; ");
            match said.as_str() {
                "" => "no text".to_owned(),
                said if said.starts_with("no text") => said.to_owned(),
                said => format!("no text: {said}"),
            }
        })
    }
}

impl Fate {
    /// The outcome and reason for everything that is no document.
    pub(super) fn without_document(&self) -> Option<(Outcome, &str)> {
        match self {
            Fate::Document(_) | Fate::Unchanged(_) => None,
            Fate::Container(reason) => Some((Outcome::Container, reason)),
            Fate::Skipped(reason) => Some((Outcome::Skipped, reason)),
            Fate::Failed(reason) => Some((Outcome::Failed, reason)),
        }
    }
}

/// Whether a paragraph of this kind is text of the page and not of the document.
pub(super) fn is_boilerplate(kind: Kind) -> bool {
    kind == Kind::Boilerplate
}

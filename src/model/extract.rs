//! What a format's reader makes of a document's bytes.

use super::fixed::{self, Fixed};
use super::{Language, Paragraph};
use serde::{Deserialize, Serialize};

/// How the character encoding of a document was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EncodingMethod {
    /// A byte order mark at the start.
    Mark,
    /// The bytes are valid in it, and chance makes that all but impossible (UTF-8).
    Valid,
    /// Guessed from the frequency of byte sequences.
    Guessed,
    /// The user said so.
    Told,
}

impl EncodingMethod {
    /// The word stored in the archive.
    pub const fn as_str(self) -> &'static str {
        match self {
            EncodingMethod::Mark => "mark",
            EncodingMethod::Valid => "valid",
            EncodingMethod::Guessed => "guessed",
            EncodingMethod::Told => "told",
        }
    }
}

/// The character encoding a document was read in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encoding {
    /// Name by the WHATWG Encoding Standard, e.g. `UTF-8`, `GBK`, `windows-1251`; `IBM855`, `Johab`
    /// and the like for those the standard leaves out.
    #[serde(deserialize_with = "fixed::deserialize")]
    pub name: Fixed,
    /// How it was found.
    pub method: EncodingMethod,
    /// How sure a guess is, in percent; nothing where nothing was guessed.
    pub confidence: Option<u8>,
    /// What the document declares, as written there; believed or not.
    pub declared: Option<String>,
    /// Bytes sequences and NULs that had to be replaced by U+FFFD.
    pub replaced: u64,
}

/// One statement about a document, with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadatum {
    /// Dublin Core's term where it has one (`title`, `creator`, `subject`, `abstract`, `date`,
    /// `language`, `identifier`, …), else the source's own field name.
    pub name: String,
    /// The value; several values of one name are several statements, in the source's order.
    pub value: String,
    /// How it was found, e.g. `first line`, `field`, `label`.
    #[serde(deserialize_with = "fixed::deserialize")]
    pub method: Fixed,
    /// Where it stands, e.g. `characters 12-40` or `field dc_title`.
    pub evidence: String,
}

/// A document as its reader understood it.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Extract {
    /// How the bytes became text.
    pub encoding: Option<Encoding>,
    /// Number of characters (Unicode scalar values) of the decoded text.
    pub characters: usize,
    /// The paragraphs in reading order.
    pub paragraphs: Vec<Paragraph>,
    /// Statements about the document: what it says of itself and what its fields say.
    pub metadata: Vec<Metadatum>,
    /// Language of the whole.
    pub language: Option<Language>,
    /// Remarks worth keeping about the reading: `empty`, `long paragraph split`, …
    pub notes: Vec<String>,
    /// Files that stand inside the document and are documents of their own.
    #[serde(skip)]
    pub embedded: Vec<Embedded>,
}

/// A file inside a document: what is attached to a PDF, or an object in a text or on a slide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded {
    /// Its name, as the document calls it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Extract {
    /// The first value of this name.
    pub fn first<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Every value of this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.metadata.iter().filter(move |datum| datum.name == name).map(|datum| &*datum.value)
    }
}

//! A paragraph as a reader sees it, before it is stored.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::Language;
use serde::{Deserialize, Serialize};

/// What a paragraph is to the document it stands in.
///
/// A table is one `Table` paragraph (its column names) followed by one `Row` paragraph for each
/// row, so tables and rows can both be counted and every row has an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Running text; the default.
    Body,
    /// The title of a section; `Paragraph::depth` tells its level.
    Heading,
    /// The title of the document.
    Title,
    /// Who made the document.
    Creator,
    /// The institution of a creator.
    Affiliation,
    /// The document's own summary, marked as such.
    Abstract,
    /// The document's own keywords, marked as such.
    Keywords,
    /// Whom or what the authors thank.
    Acknowledgement,
    /// The column names of a table.
    Table,
    /// One row of a table.
    Row,
    /// The line that names a figure, table or photograph.
    Caption,
    /// One entry of a list of references.
    Reference,
    /// A remark about the text that is not part of it: translator, source, footnote.
    Note,
    /// One item of a list.
    Item,
    /// Source code or other text whose line breaks matter.
    Code,
    /// Text of the page, not of the document: mastheads, share links, `[ad_1]`.
    Boilerplate,
}

impl Kind {
    /// Every kind, in the order in which the documentation lists them.
    pub const ALL: [Kind; 16] = [
        Kind::Body,
        Kind::Heading,
        Kind::Title,
        Kind::Creator,
        Kind::Affiliation,
        Kind::Abstract,
        Kind::Keywords,
        Kind::Acknowledgement,
        Kind::Table,
        Kind::Row,
        Kind::Caption,
        Kind::Reference,
        Kind::Note,
        Kind::Item,
        Kind::Code,
        Kind::Boilerplate,
    ];

    /// The word stored in the archive and typed after `--kind`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Body => "body",
            Kind::Heading => "heading",
            Kind::Title => "title",
            Kind::Creator => "creator",
            Kind::Affiliation => "affiliation",
            Kind::Abstract => "abstract",
            Kind::Keywords => "keywords",
            Kind::Acknowledgement => "acknowledgement",
            Kind::Table => "table",
            Kind::Row => "row",
            Kind::Caption => "caption",
            Kind::Reference => "reference",
            Kind::Note => "note",
            Kind::Item => "item",
            Kind::Code => "code",
            Kind::Boilerplate => "boilerplate",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The word names no kind of paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKind(String);

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        write!(f, "no kind of paragraph is called {:?}; kinds are {}", self.0, known.join(", "))
    }
}

impl std::error::Error for UnknownKind {}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        let found = Kind::ALL.into_iter().find(|kind| kind.as_str() == word);
        found.ok_or_else(|| UnknownKind(word.to_owned()))
    }
}

/// One paragraph of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    /// What it is to its document.
    pub kind: Kind,
    /// Level of a heading, from 1; `None` for everything else.
    pub depth: Option<u8>,
    /// Index, in the same list of paragraphs, of the heading it stands under.
    pub section: Option<usize>,
    /// The text as a reader sees it: wrapped lines joined, block marks such as `##` removed. A
    /// hyphen at a line's end stays, followed by its line break.
    pub text: String,
    /// Words a reader needs to understand the text that stand elsewhere: for the row of a table
    /// its caption and column names. Empty for everything else.
    pub context: String,
    /// Characters (Unicode scalar values) of the decoded text it was read from, counted from 0,
    /// end excluded; joined paragraphs span from the start of the first part to the end of the
    /// last.
    pub span: Range<usize>,
    /// Page, from 1, where the source has pages.
    pub page: Option<u32>,
    /// Language of this text; `None` where it is too short to tell from that of its document.
    pub language: Option<Language>,
}

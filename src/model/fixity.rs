//! What a check can find: which part of which document is hurt, and how.

/// The part of an archive that is hurt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The file as SQLite sees it: pages, b-trees, constraints.
    Structure,
    /// Tables, views and notes that every archive of this schema has.
    Schema,
    /// The index, compared with the text.
    Index,
    /// The row of a document: title, date, digest and the like.
    Record,
    /// How a document was read, and its metadata.
    Reading,
    /// The order and kinds of a document's paragraphs.
    Placement,
    /// The text of a paragraph.
    Text,
    /// The original bytes of a document.
    Original,
    /// Where and when a document was seen.
    Sighting,
    /// What became of the paths of an accession, and the chain of digests.
    Chain,
    /// Which documents tell one story.
    Cluster,
    /// The results of earlier checks.
    Fixity,
    /// The searches that people keep.
    SavedSearch,
    /// The sets of documents that people name.
    Collection,
}

impl Part {
    /// The word that a report has for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Part::Structure => "structure",
            Part::Schema => "schema",
            Part::Index => "index",
            Part::Record => "record",
            Part::Reading => "reading",
            Part::Placement => "placement",
            Part::Text => "text",
            Part::Original => "original",
            Part::Sighting => "sighting",
            Part::Chain => "chain",
            Part::Cluster => "cluster",
            Part::Fixity => "fixity",
            Part::SavedSearch => "saved search",
            Part::Collection => "collection",
        }
    }
}

/// One thing that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hurt {
    /// The part.
    pub part: Part,
    /// The document it belongs to, by its number in the archive; `None` where it is none's alone.
    pub document_id: Option<i64>,
    /// What is wrong, in one line.
    pub what: String,
}

impl Hurt {
    /// Something that is no single document's.
    pub fn general(part: Part, what: impl Into<String>) -> Self {
        Self { part, document_id: None, what: what.into() }
    }

    /// Something of one document.
    pub fn of(document_id: i64, part: Part, what: impl Into<String>) -> Self {
        Self { part, document_id: Some(document_id), what: what.into() }
    }
}

/// The share of the documents that one check looks at: those whose number leaves this rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which share, from 1.
    pub number: u32,
    /// How many shares there are.
    pub of: u32,
}

impl Share {
    /// Everything.
    pub const ALL: Share = Share { number: 1, of: 1 };

    /// Whether the row with this id is in the share.
    pub fn has(self, id: i64) -> bool {
        id.rem_euclid(i64::from(self.of.max(1))) == i64::from(self.number % self.of.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_cover_every_id_once() {
        for id in [-3, 0, 1, 29, 30, 31, i64::MAX] {
            let covering = (1..=30).filter(|number| Share { number: *number, of: 30 }.has(id));
            assert_eq!(covering.count(), 1, "{id}");
            assert!(Share::ALL.has(id));
        }
    }
}

//! What one document is to another.

use std::fmt;
use std::str::FromStr;

/// The kind of a relation between two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationKind {
    /// The same folded text.
    SameText,
    /// One story, changed over time or told at another length.
    Version,
    /// One text, differing by noise such as wrongly read characters.
    NearCopy,
    /// One stands wholly in the other, which tells more.
    Contains,
    /// Both have a passage that few others have.
    Excerpt,
    /// They share only what many others share too.
    Template,
    /// They share nothing that tells them from others.
    Unrelated,
}

impl RelationKind {
    /// Every kind, closest first.
    pub const ALL: [RelationKind; 7] = [
        RelationKind::SameText,
        RelationKind::Version,
        RelationKind::NearCopy,
        RelationKind::Contains,
        RelationKind::Excerpt,
        RelationKind::Template,
        RelationKind::Unrelated,
    ];

    /// Whether both tell one story, so that one may stand for the other.
    pub const fn is_one_story(self) -> bool {
        matches!(self, RelationKind::SameText | RelationKind::Version | RelationKind::NearCopy)
    }

    /// Whether one has something of the other: more than a template.
    pub const fn is_related(self) -> bool {
        !matches!(self, RelationKind::Template | RelationKind::Unrelated)
    }

    /// The words stored in the archive and typed after `--kind`.
    pub const fn as_str(self) -> &'static str {
        match self {
            RelationKind::SameText => "same text",
            RelationKind::Version => "version",
            RelationKind::NearCopy => "near copy",
            RelationKind::Contains => "contains",
            RelationKind::Excerpt => "excerpt",
            RelationKind::Template => "template",
            RelationKind::Unrelated => "unrelated",
        }
    }
}

/// No relation is called so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRelation(pub String);

impl fmt::Display for UnknownRelation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no relation is called {:?}", self.0)
    }
}

impl std::error::Error for UnknownRelation {}

impl FromStr for RelationKind {
    type Err = UnknownRelation;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| UnknownRelation(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_from_its_words() {
        for kind in RelationKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("copy".parse::<RelationKind>(), Err(UnknownRelation("copy".to_owned())));
    }
}

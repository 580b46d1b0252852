//! The distinct texts among the documents of an archive.

use super::groups;
use crate::fingerprint::Sketch;
use crate::model::RelationKind;
use crate::store::Sketched;
use std::collections::HashMap;

/// The distinct folded texts of an archive, in the order in which they stand for each other.
pub(super) struct Texts<'a> {
    /// For each text its documents; the first stands for them.
    pub(super) members: Vec<Vec<&'a Sketched>>,
    /// For each text the text that leads its group.
    pub(super) leaders: Vec<usize>,
}

impl<'a> Texts<'a> {
    pub(super) fn of(documents: &'a [Sketched]) -> Self {
        let mut places: HashMap<&[u8; 32], usize> = HashMap::with_capacity(documents.len());
        let mut members: Vec<Vec<&Sketched>> = Vec::new();
        for document in documents {
            let place = *places.entry(&document.normal_digest).or_insert(members.len());
            match members.get_mut(place) {
                Some(twins) => twins.push(document),
                None => members.push(vec![document]),
            }
        }
        let sketches: Vec<&Sketch> =
            members.iter().filter_map(|twins| twins.first()).map(|first| &first.sketch).collect();
        let leaders = groups::leaders(&sketches);
        Self { members, leaders }
    }

    /// For each text that a document up to this one has, the text that stands for its story.
    pub(super) fn settled(&self, last: i64) -> Vec<Option<usize>> {
        let texts = self.by_document();
        let story = |twins: &Vec<&Sketched>| texts.get(&told_before(twins, last)?).copied();
        self.members.iter().map(story).collect()
    }

    /// The document that stands for the story of a text: where a document up to `last` tells it, the one
    /// that stands for it already.
    pub(super) fn representative(&self, story: usize, last: i64) -> Option<i64> {
        let twins = self.members.get(story)?;
        told_before(twins, last).or_else(|| twins.first().map(|first| first.id))
    }

    /// The document that stands for a text.
    pub(super) fn first(&self, text: usize) -> Option<&'a Sketched> {
        self.members.get(text).and_then(|twins| twins.first()).copied()
    }

    /// Decisions about documents as decisions about their texts.
    pub(super) fn verdicts(
        &self,
        verdicts: HashMap<(i64, i64), RelationKind>,
    ) -> HashMap<(usize, usize), RelationKind> {
        if verdicts.is_empty() {
            return HashMap::new();
        }
        let texts = self.by_document();
        let mut found = HashMap::new();
        for ((one, other), kind) in verdicts {
            if let (Some(one), Some(other)) = (texts.get(&one), texts.get(&other))
                && one != other
            {
                found.insert((*one.min(other), *one.max(other)), kind);
            }
        }
        found
    }

    /// The document that stands for a text, by its id.
    pub(super) fn document(&self, text: usize) -> Option<i64> {
        self.first(text).map(|first| first.id)
    }

    /// The text that leads the group of a text.
    pub(super) fn leader(&self, text: usize) -> usize {
        self.leaders.get(text).copied().unwrap_or(text)
    }

    /// Which text each document has.
    pub(super) fn by_document(&self) -> HashMap<i64, usize> {
        let mut texts = HashMap::new();
        for (text, twins) in self.members.iter().enumerate() {
            texts.extend(twins.iter().map(|twin| (twin.id, text)));
        }
        texts
    }
}

/// The story of those of these twins that stood in the archive up to this document.
fn told_before(twins: &[&Sketched], last: i64) -> Option<i64> {
    twins.iter().find(|twin| twin.id <= last).map(|twin| twin.cluster)
}

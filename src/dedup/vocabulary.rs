//! Which documents have to be compared anew because the archive has learnt words since.
//!
//! A word that stands in few passages may be a misreading; once it stands in more it is known, and what was
//! measured with it as noise would be measured otherwise. Such a word stood in fewer passages than that
//! before, so few documents are concerned: without this what documents are to each other would depend on
//! the order in which they came.

use super::workshop::KNOWN;
use crate::compare::Reading;
use crate::store::Archive;
use anyhow::Result;
use std::collections::BTreeSet;

/// Words looked up are remembered up to this number.
const REMEMBERED: usize = 1 << 20;

/// The documents up to this one that have a word which only documents after it have made known.
pub(super) fn overtaken(archive: &Archive, last: i64) -> Result<BTreeSet<i64>> {
    let mut documents = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut failure = None;
    archive.passages_since(last, &mut |text| {
        let reading = Reading::of([(0, 0, text)]);
        for at in 0..reading.len() {
            let (word, id) = (reading.word(at), reading.ids().get(at).copied().unwrap_or_default());
            if word.chars().nth(1).is_none() || !seen.insert(id) {
                continue;
            }
            match archive.learnt(word, KNOWN as u64, last) {
                Ok(older) => documents.extend(older),
                Err(error) => {
                    failure.get_or_insert(error);
                }
            }
        }
        if seen.len() > REMEMBERED {
            seen.clear();
        }
    })?;
    failure.map_or(Ok(documents), Err)
}

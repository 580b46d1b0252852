//! Joins a few added documents to the stories of a large archive, without working out anew what all the
//! others are to each other.
//!
//! The added ones are compared with what stands around them by the same rules as ever; what is known about
//! the others is not touched, and so may differ from what all together would give: a document that is more
//! complete than the one that stands for its story comes second, and what has become common through it
//! still counts as rare between others. [`super::settle`] makes up for that, at the latest when the added
//! ones are no longer few.

use super::circle::around;
use super::comparing::Comparing;
use super::neighbourhood::Neighbourhood;
use super::passages::sharing;
use super::settle::{Settled, relate, settle};
use super::texts::Texts;
use crate::store::{Archive, Extent, now as time_now};
use anyhow::Result;
use std::collections::{BTreeSet, HashMap};

/// Among so many documents all is worked out anew each time: it takes no longer.
const FEW: i64 = 4096;
/// Added documents are few up to this part of all.
const PART: i64 = 16;

/// Which documents are looked at after some were added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The added ones where they are few beside those for which all was worked out, else all.
    #[default]
    Auto,
    /// All, whatever was added.
    All,
    /// The added ones, however many they are, where all others were looked at before.
    Added,
    /// None: a later run looks at all.
    Later,
}

/// Brings relations and clusters up to date after documents were added, and tells of how many steps how
/// many are done.
///
/// # Errors
/// When the archive cannot be read or written; then relations and clusters stay as they were.
pub fn settle_added(
    archive: &mut Archive,
    scope: Scope,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Settled> {
    let extent = archive.extent()?;
    match (scope, extent) {
        (Scope::Later, _) => Ok(Settled::default()),
        (Scope::Added, Some(extent)) => add(archive, extent.added, progress),
        (Scope::Auto, Some(extent)) if is_few(archive, extent)? => {
            add(archive, extent.added, progress)
        }
        _ => settle(archive, progress),
    }
}

fn is_few(archive: &Archive, extent: Extent) -> Result<bool> {
    let last = archive.last_document()?;
    Ok(extent.all >= FEW && last - extent.all <= extent.all / PART)
}

/// Compares the documents after this one with those around them.
fn add(
    archive: &mut Archive,
    last: i64,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Settled> {
    let added = archive.sketched_after(last)?;
    let documents = archive.sketched_of(&surroundings(archive, &added, last)?)?;
    let texts = Texts::of(&documents);
    let settled = texts.settled(last);
    let neighbourhood = Neighbourhood::of_added(archive, &texts, &settled)?;
    let (before, overtaken) = (HashMap::new(), BTreeSet::new());
    let mut comparing = Comparing::new(archive, &texts, neighbourhood, (&before, &overtaken))?;
    let clusters = relate(&texts, &settled, (&mut comparing, archive), progress)?;
    let now = comparing.now;
    let measured = now.len();
    let clusters: Vec<(i64, i64)> = texts
        .members
        .iter()
        .zip(clusters)
        .filter_map(|(members, story)| Some((members, texts.representative(story, last)?)))
        .flat_map(|(members, story)| members.iter().map(move |member| (member.id, story)))
        .filter(|(document, _)| added.contains(document))
        .collect();
    archive.relate_added(&now.values().collect::<Vec<_>>(), &clusters, &time_now())?;
    Ok(Settled { documents: added.len(), measured, kept: 0, moved: clusters.len() })
}

/// The added documents with those around them, and with those around each they are to be compared with,
/// whose words weigh its words.
fn surroundings(archive: &Archive, added: &BTreeSet<i64>, last: i64) -> Result<BTreeSet<i64>> {
    let mut near = around(archive, &archive.sketched_of(added)?)?;
    near.extend(sharing(archive, added)?);
    near.extend(added);
    let near = archive.with_representatives(&near)?;
    let documents = archive.sketched_of(&near)?;
    let texts = Texts::of(&documents);
    let settled = texts.settled(last);
    let pairs = Neighbourhood::of_added(archive, &texts, &settled)?.pairs;
    let compared: BTreeSet<i64> = pairs
        .iter()
        .flat_map(|(one, other)| [*one, *other])
        .map(|text| texts.leader(text))
        .filter_map(|text| texts.document(text))
        .filter(|document| !added.contains(document))
        .collect();
    let mut all = around(archive, &archive.sketched_of(&compared)?)?;
    all.extend(near);
    archive.with_representatives(&all)
}

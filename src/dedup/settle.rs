//! Works out what the documents of an archive are to each other, and writes it down.

use super::clusters::stories;
use super::comparing::Comparing;
use super::kin::kin;
use super::neighbourhood::Neighbourhood;
use super::recurring::learn;
use super::texts::Texts;
use super::tour::tour;
use super::vocabulary::overtaken;
use crate::fingerprint::Sketch;
use crate::store::{Archive, Told, now as time_now};
use crate::text::normalize::fold_tight;
use anyhow::Result;
use std::collections::BTreeSet;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Documents looked at.
    pub documents: usize,
    /// Pairs measured on their texts.
    pub measured: usize,
    /// Pairs whose measure was kept from before.
    pub kept: usize,
    /// Documents whose cluster changed.
    pub moved: usize,
}

/// Brings relations and clusters of the archive up to date, and tells of how many steps how many are done.
///
/// # Errors
/// When the archive cannot be read or written; then they stay as they were.
pub fn settle(archive: &mut Archive, progress: &mut dyn FnMut(usize, usize)) -> Result<Settled> {
    sketch_the_rest(archive)?;
    let documents = archive.sketched()?;
    let before = archive.comparisons()?;
    let overtaken = match archive.extent()? {
        Some(extent) if !before.is_empty() => overtaken(archive, extent.all)?,
        _ => BTreeSet::new(),
    };
    let texts = Texts::of(&documents);
    let (now, clusters, recurring, mut settled) = {
        let mut neighbourhood = Neighbourhood::of_all(archive, &texts)?;
        // The pages that were read for it are not read again.
        archive.let_go_of_pages()?;
        let candidates = std::mem::take(&mut neighbourhood.recurring);
        let mut comparing = Comparing::new(archive, &texts, neighbourhood, (&before, &overtaken))?;
        let clusters = relate(&texts, &texts.settled(0), (&mut comparing, archive), progress)?;
        let measured = comparing.measured.len();
        let settled = Settled {
            documents: documents.len(),
            measured,
            kept: comparing.now.len() - measured,
            moved: 0,
        };
        let now = comparing.now;
        let recurring = learn(archive, &candidates, (&texts, &clusters), &now)?;
        (now, clusters, recurring, settled)
    };
    let mut changed = Vec::new();
    for (members, representative) in texts.members.iter().zip(clusters) {
        let Some(representative) = texts.document(representative) else { continue };
        let moved = members.iter().filter(|member| member.cluster != representative);
        changed.extend(moved.map(|member| (member.id, representative)));
    }
    settled.moved = changed.len();
    archive.relate(&before, &now, &changed, &recurring, &time_now())?;
    Ok(settled)
}

/// Compares all pairs, and says for each text which text stands for its story; `settled` has what is not to
/// be asked.
pub(super) fn relate(
    texts: &Texts<'_>,
    settled: &[Option<usize>],
    (comparing, archive): (&mut Comparing<'_>, &Archive),
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<usize>> {
    let pairs = tour(&comparing.pairs);
    // Each pair is looked at twice, the second time mostly in passing.
    comparing.compare_all(&pairs, &mut |done| progress(done, 2 * pairs.len()))?;
    let told = told(archive, texts, settled)?;
    comparing.find_closest(&told);
    let first = stories(&texts.leaders, settled, comparing)?;
    comparing.regard(&first);
    comparing.compare_all(&pairs, &mut |done| progress(pairs.len() + done, 2 * pairs.len()))?;
    comparing.find_closest(&told);
    let stories = stories(&texts.leaders, settled, comparing)?;
    let known = known(archive, texts, settled, &stories)?;
    let is_asked = |text: &usize| settled.get(*text).is_none_or(Option::is_none);
    let mut kin = kin(texts, &stories, &comparing.now, &known);
    kin.retain(|(one, other)| is_asked(one) || is_asked(other));
    comparing.compare_all(&tour(&kin), &mut |_| {})?;
    comparing.put_apart();
    Ok(stories)
}

/// With which other documents those tell one story that are not to be asked.
fn told(archive: &Archive, texts: &Texts<'_>, settled: &[Option<usize>]) -> Result<Vec<Told>> {
    let mut told = Vec::new();
    for (text, _) in settled.iter().enumerate().filter(|(_, story)| story.is_some()) {
        if let Some(document) = texts.document(text) {
            told.extend(archive.told_with(document)?);
        }
    }
    Ok(told)
}

/// Pairs of documents that were found related before, of which the one tells a story that a text has joined
/// which was not there.
fn known(
    archive: &Archive,
    texts: &Texts<'_>,
    settled: &[Option<usize>],
    stories: &[usize],
) -> Result<Vec<(i64, i64)>> {
    let both = || settled.iter().zip(stories).enumerate();
    let joined: BTreeSet<usize> = both()
        .filter(|(_, (settled, _))| settled.is_none())
        .map(|(_, (_, story))| *story)
        .collect();
    let mut known = Vec::new();
    for (text, _) in
        both().filter(|(_, (settled, story))| settled.is_some() && joined.contains(story))
    {
        let Some(document) = texts.document(text) else { continue };
        known.extend(archive.related_to(document)?.into_iter().map(|other| (document, other)));
    }
    Ok(known)
}

/// Sketches documents that were stored before archives had sketches.
fn sketch_the_rest(archive: &mut Archive) -> Result<()> {
    let unsketched = archive.unsketched()?;
    if unsketched.is_empty() {
        return Ok(());
    }
    let texts = archive.texts()?;
    for some in unsketched.chunks(256) {
        let mut sketches = Vec::with_capacity(some.len());
        for id in some {
            let mut folded = Vec::new();
            texts.placed(*id, &mut |_, _, text| folded.push(fold_tight(text)))?;
            sketches.push((*id, Sketch::of(folded.iter().map(String::as_str))));
        }
        archive.add_sketches(&sketches)?;
    }
    Ok(())
}

//! Stories without chains: every member was measured against the one that stands for it.
//!
//! Where A is near B and B near C, A and C need not be near; joining them all the same once made one
//! cluster of 743,779 unrelated pages elsewhere. Here a document joins a story only if it tells one story
//! with a member and has been measured against the representative, with which it must have a good part in
//! common.

use super::comparing::{Comparing, in_order};
use super::near::is_kin;
use anyhow::Result;
use std::collections::BTreeSet;

/// For each text the text that stands for its story.
///
/// `leaders` has for each text the leader of its group, `settled` the text that stands for its story where
/// that is not to be asked; texts are in the order in which they stand for each other.
pub(super) fn stories(
    leaders: &[usize],
    settled: &[Option<usize>],
    comparing: &mut Comparing<'_>,
) -> Result<Vec<usize>> {
    let mut stories = settled.to_vec();
    for (text, leader) in leaders.iter().copied().enumerate() {
        if settled.get(text).copied().flatten().is_some() {
            continue;
        }
        let joined = join(text, leader, &stories, comparing)?;
        if let Some(story) = stories.get_mut(text) {
            *story = Some(joined);
        }
    }
    Ok(stories.into_iter().enumerate().map(|(text, story)| story.unwrap_or(text)).collect())
}

/// The text that stands for the story which a text joins: itself where it tells none of those known so far.
fn join(
    text: usize,
    leader: usize,
    stories: &[Option<usize>],
    comparing: &mut Comparing<'_>,
) -> Result<usize> {
    let story = |text: usize| stories.get(text).copied().flatten();
    let barred: BTreeSet<usize> = comparing.kept_apart(text).filter_map(story).collect();
    let mut tried = BTreeSet::new();
    let mut near = comparing.stories(text, &mut |other| story(other).is_some());
    // Nearly equal sketches only propose; whether it tells one story with its leader, the texts say.
    if leader != text {
        let comparison = comparing.compare((leader, text))?;
        if comparing.is_one_story((leader, text), &comparison) {
            near.insert(0, leader);
        }
    }
    // The stories of texts that a person said tell the same as this one.
    let decided: BTreeSet<usize> = comparing.kept_together(text).filter_map(story).collect();
    // What a person decided goes before what is nearer.
    let mut found: Option<((bool, f64), usize)> = None;
    for member in near {
        let Some(representative) = story(member) else { continue };
        if barred.contains(&representative) || !tried.insert(representative) {
            continue;
        }
        let pair = in_order(representative, text);
        let comparison = comparing.compare(pair)?;
        let is_decided = decided.contains(&representative);
        let are_kin = is_kin(&comparison) && !comparing.are_apart(&comparison);
        let joins = is_decided || are_kin || comparing.is_one_story(pair, &comparison);
        let closeness = (is_decided, comparison.resemblance);
        if joins && found.is_none_or(|(closest, _)| closeness > closest) {
            found = Some((closeness, representative));
        }
    }
    Ok(found.map_or(text, |(_, representative)| representative))
}

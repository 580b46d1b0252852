//! Which documents are worth comparing, and which stand around each other.
//!
//! Two documents are candidates where their sketches share numbers that few others have. What many share
//! is a template and proposes nothing, so the number of candidates grows with the number of documents and
//! not with its square.

use crate::fingerprint::{BINS, Sketch};
use rayon::prelude::*;

/// Numbers that more documents than this share propose no pair; not counting those that by chance have
/// the same of the 65,535 numbers, at most twice as many as there mostly are.
const RARE: usize = 16;
/// Of numbers that more documents than this share only the next few, before and after, are looked at.
const COMMON: usize = 64;
const NEXT: usize = 12;
/// The least number of rare numbers in common.
const LEAST: u16 = 4;
/// The least share of rare numbers in common, of all that either has.
const RESEMBLANCE: f32 = 0.025;
/// The same of the document that has fewer, where the smaller stands in the larger.
const CONTAINMENT: f32 = 0.05;
/// Most documents around one, and the least number of numbers that they have in common with it.
const FAMILY: usize = 32;
const AROUND: u16 = 8;

/// Documents that a thread looks at in one go.
const SHARE: usize = 1024;

/// What the sketches propose.
#[derive(Default)]
pub(super) struct Proposal {
    /// Pairs to compare, the first in order first.
    pub(super) pairs: Vec<(usize, usize)>,
    /// For each document those that share most with it, most first.
    pub(super) families: Vec<Box<[u32]>>,
}

/// Proposes pairs among the documents of these sketches.
pub(super) fn propose(sketches: &[&Sketch]) -> Proposal {
    let shared = Shared::among(sketches);
    let parts: Vec<Proposal> = (0..sketches.len())
        .into_par_iter()
        .step_by(SHARE)
        .map(|start| {
            let mut met = Met::among(&shared);
            let mut part = Proposal::default();
            for at in start..sketches.len().min(start + SHARE) {
                met.propose(at, &mut part);
            }
            part
        })
        .collect();
    let mut proposal = Proposal::default();
    for part in parts {
        proposal.pairs.extend(part.pairs);
        proposal.families.extend(part.families);
    }
    proposal.pairs.sort_unstable();
    proposal
}

/// Counts what one document after the other has in common with all.
struct Met<'a> {
    shared: &'a Shared,
    /// Up to how many documents a number that proposes pairs is shared by.
    rarest: usize,
    /// How many numbers, and how many rare ones, each has in common with the document at hand.
    equal: Vec<u16>,
    rare: Vec<u16>,
}

impl<'a> Met<'a> {
    fn among(shared: &'a Shared) -> Self {
        let documents = shared.filled.len();
        let rarest = RARE + 2 * documents / usize::from(u16::MAX);
        Self { shared, rarest, equal: vec![0; documents], rare: vec![0; documents] }
    }

    /// Adds to the proposal what the document is to be compared with, and those around it.
    fn propose(&mut self, at: usize, proposal: &mut Proposal) {
        let shared = self.shared;
        let mut met = Vec::new();
        for list in shared.lists_of(at) {
            for other in around(list, at) {
                let (Some(rare), Some(equal)) =
                    (self.rare.get_mut(other), self.equal.get_mut(other))
                else {
                    continue;
                };
                if *equal == 0 {
                    met.push(other);
                }
                *equal += 1;
                *rare += u16::from(list.len() <= self.rarest);
            }
        }
        let filled = |at: usize| f32::from(shared.filled.get(at).copied().unwrap_or_default());
        let mut family = Vec::with_capacity(met.len());
        for other in met {
            let (Some(rare), Some(equal)) = (self.rare.get_mut(other), self.equal.get_mut(other))
            else {
                continue;
            };
            let (count, all) = (std::mem::take(rare), std::mem::take(equal));
            if all >= AROUND {
                family.push((std::cmp::Reverse(all), other as u32));
            }
            let (common, ours, theirs) = (f32::from(count), filled(at), filled(other));
            let near = common >= RESEMBLANCE * (ours + theirs - common)
                || common >= CONTAINMENT * ours.min(theirs);
            if other > at && count >= LEAST && near {
                proposal.pairs.push((at, other));
            }
        }
        if family.len() > FAMILY {
            family.select_nth_unstable(FAMILY);
            family.truncate(FAMILY);
        }
        family.sort_unstable();
        // Collecting in place would keep the room of all that were met.
        proposal.families.push(family.iter().map(|(_, other)| *other).collect());
    }
}

/// The others in a list; in a long one only those next to the document, enough to know a template by.
fn around(list: &[u32], at: usize) -> impl Iterator<Item = usize> {
    let place = list.partition_point(|other| (*other as usize) < at);
    let window = match list.len() > COMMON {
        true => place.saturating_sub(NEXT)..(place + NEXT + 1).min(list.len()),
        false => 0..list.len(),
    };
    let near = list.get(window).unwrap_or_default();
    near.iter().map(|other| *other as usize).filter(move |other| *other != at)
}

/// The numbers that several sketches have, with who has them.
#[derive(Default)]
struct Shared {
    /// Documents that share one number of one bin, in order, list after list.
    members: Vec<u32>,
    /// Where each list ends.
    ends: Vec<u32>,
    /// For each bin how many lists come before its own.
    before: Vec<u32>,
    /// For each document and each bin the list it is in, counted from 1 in its bin; 0 for none.
    places: Vec<u16>,
    /// For each document how many numbers it has.
    filled: Vec<u16>,
}

impl Shared {
    fn among(sketches: &[&Sketch]) -> Self {
        let mut shared = Self {
            places: vec![0; sketches.len() * BINS],
            filled: vec![0; sketches.len()],
            ..Self::default()
        };
        let (mut column, mut room) = (Vec::new(), Vec::new());
        for bin in 0..BINS {
            let number = |sketch: &Sketch| sketch.numbers().get(bin).copied().unwrap_or_default();
            column.clear();
            column.extend(
                (0u32..)
                    .zip(sketches)
                    .map(|(at, sketch)| (number(sketch), at))
                    .filter(|(number, _)| *number > 0),
            );
            sort(&mut column, &mut room);
            shared.before.push(shared.ends.len() as u32);
            for (_, at) in &column {
                if let Some(filled) = shared.filled.get_mut(*at as usize) {
                    *filled += 1;
                }
            }
            // There are fewer lists than numbers, and these have 16 bits.
            let lists = column.chunk_by(|a, b| a.0 == b.0).filter(|list| list.len() > 1);
            for (place, list) in (1u16..).zip(lists) {
                shared.add(bin, place, list);
            }
        }
        shared
    }

    fn add(&mut self, bin: usize, place: u16, list: &[(u16, u32)]) {
        self.members.extend(list.iter().map(|(_, at)| *at));
        self.ends.push(self.members.len() as u32);
        for (_, at) in list {
            if let Some(slot) = self.places.get_mut(*at as usize * BINS + bin) {
                *slot = place;
            }
        }
    }

    /// The lists that a document is in.
    fn lists_of(&self, at: usize) -> impl Iterator<Item = &[u32]> {
        let places = self.places.get(at * BINS..(at + 1) * BINS).unwrap_or_default();
        let placed = places.iter().zip(&self.before).filter(|(place, _)| **place > 0);
        placed.map(|(place, before)| self.list(before + u32::from(*place) - 1))
    }

    fn list(&self, index: u32) -> &[u32] {
        let end = |at: u32| self.ends.get(at as usize).copied().unwrap_or_default() as usize;
        let start = index.checked_sub(1).map_or(0, end);
        self.members.get(start..end(index)).unwrap_or_default()
    }
}

/// Sorts documents by their number, those with the same number as they were: by its low byte, then by its
/// high one.
fn sort(column: &mut Vec<(u16, u32)>, room: &mut Vec<(u16, u32)>) {
    for shift in [0, 8] {
        let byte = |number: u16| usize::from(number >> shift & 0xff);
        let mut places = [0usize; 256];
        for (number, _) in &*column {
            if let Some(count) = places.get_mut(byte(*number)) {
                *count += 1;
            }
        }
        let mut before = 0;
        for place in &mut places {
            before += std::mem::replace(place, before);
        }
        room.clear();
        room.resize(column.len(), (0, 0));
        for entry in &*column {
            if let Some(place) = places.get_mut(byte(entry.0)) {
                if let Some(slot) = room.get_mut(*place) {
                    *slot = *entry;
                }
                *place += 1;
            }
        }
        std::mem::swap(column, room);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(from: usize, count: usize) -> String {
        (from..from + count).map(|at| format!("{:x}", at * 2_654_435_761 % 4_294_967_291)).collect()
    }

    fn sketches(texts: &[String]) -> Vec<Sketch> {
        texts.iter().map(|text| Sketch::of([text.as_str()])).collect()
    }

    #[test]
    fn documents_are_sorted_by_number_and_then_stay_as_they_were() {
        let mut column: Vec<(u16, u32)> =
            (0..5000u32).map(|at| ((at * 40_503 % 1009 * 65) as u16, at)).collect();
        let mut expected = column.clone();
        expected.sort_unstable();
        sort(&mut column, &mut Vec::new());
        assert_eq!(column, expected);
    }

    #[test]
    fn texts_with_a_sixth_in_common_are_proposed_and_others_are_not() {
        let texts = [words(0, 300), words(250, 300), words(5000, 300)];
        let sketches = sketches(&texts);
        assert_eq!(propose(&sketches.iter().collect::<Vec<_>>()).pairs, [(0, 1)]);
    }

    #[test]
    fn what_many_documents_share_proposes_no_pair_but_makes_a_family() {
        let template = words(9_000_000, 100);
        let texts: Vec<String> =
            (0..100).map(|at| format!("{template}{}", words(at * 1000, 100))).collect();
        let sketches = sketches(&texts);
        let proposal = propose(&sketches.iter().collect::<Vec<_>>());
        assert_eq!(proposal.pairs, []);
        assert!(proposal.families.iter().all(|family| family.len() == FAMILY));
    }
}

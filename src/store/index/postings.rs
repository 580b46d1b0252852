//! Where a word, phrase or choice of them stands: passages, rising, each with its places.
//!
//! Pure: it is made of bytes that FTS5 has packed, and never asks SQLite for anything. Bytes that make
//! no sense make no list.

use super::varint::{put, varint};
use std::cmp::Ordering;
use std::rc::Rc;

/// The passages that have something, and where in each it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Postings {
    entries: Vec<Entry>,
    /// Places as FTS5 packs them: each is the distance to the one before it, and two more.
    packed: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    passage: u32,
    /// Its places among the packed ones.
    start: u32,
    end: u32,
}

impl Postings {
    /// Reads what FTS5 keeps of one word in one segment. `whole` are the offsets at which a passage is
    /// told by its id and not by its distance to the one before: the first of every page.
    ///
    /// A passage without places was removed; it is kept until [`Postings::over`] has seen it.
    pub(super) fn read(packed: Vec<u8>, whole: &[usize]) -> Option<Self> {
        let mut entries = Vec::with_capacity(packed.len() / 4);
        let mut whole = whole.iter().peekable();
        let (mut at, mut passage) = (0, 0_u64);
        while at < packed.len() {
            let told = whole.next_if(|&&offset| offset <= at);
            let step = varint(&packed, &mut at)?;
            passage = if told.is_some() || entries.is_empty() { step } else { passage + step };
            let length = usize::try_from(varint(&packed, &mut at)? / 2).ok()?;
            let (start, end) = (at, at.checked_add(length)?);
            if end > packed.len() {
                return None;
            }
            let passage = u32::try_from(passage).ok()?;
            let (start, end) = (u32::try_from(start).ok()?, u32::try_from(end).ok()?);
            entries.push(Entry { passage, start, end });
            at += length;
        }
        Some(Self { entries, packed })
    }

    /// This list with what older segments say of passages that it does not speak of.
    pub(super) fn over(self, older: Self) -> Self {
        match (self.is_empty(), older.is_empty()) {
            (true, _) => older,
            (_, true) => self,
            _ => merged(&self, &older, |newer, _| newer),
        }
    }

    /// The list without passages that were removed.
    pub(super) fn settled(mut self) -> Self {
        self.entries.retain(|entry| entry.start < entry.end);
        self
    }

    pub(in crate::store) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.packed.len() + self.entries.len() * size_of::<Entry>()
    }

    pub(in crate::store) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The passage at a place of the list.
    pub(in crate::store) fn passage(&self, at: usize) -> Option<u32> {
        self.entries.get(at).map(|entry| entry.passage)
    }

    /// How often it stands in the passage at a place of the list.
    pub(in crate::store) fn times(&self, at: usize) -> usize {
        // The last byte of every number is the one below 128.
        self.packed_at(at).iter().filter(|byte| **byte < 128).count()
    }

    /// Where it begins in the passage at a place of the list, in words.
    pub(in crate::store) fn places(&self, at: usize) -> Places<'_> {
        Places { packed: self.packed_at(at), at: 0, before: 0 }
    }

    fn packed_at(&self, at: usize) -> &[u8] {
        self.entries.get(at).map(|entry| self.packed_of(*entry)).unwrap_or_default()
    }

    fn packed_of(&self, entry: Entry) -> &[u8] {
        self.packed.get(entry.start as usize..entry.end as usize).unwrap_or_default()
    }

    /// The first place of the list, from this one on, whose passage is not before the one given.
    pub(in crate::store) fn seek(&self, at: usize, passage: u32) -> usize {
        let rest = self.entries.get(at..).unwrap_or_default();
        at + (rest.len() - from(rest, passage).len())
    }

    /// The places that the other list follows at this distance. Two common characters meet in most
    /// passages of an archive, so this is most of the work for a question in Chinese.
    pub(super) fn followed_by(&self, other: &Self, distance: u32) -> Self {
        let mut found = Self::default();
        let (mut ours, mut theirs) = (self.entries.as_slice(), other.entries.as_slice());
        while let (Some((one, after_one)), Some((next, after_next))) =
            (ours.split_first(), theirs.split_first())
        {
            match one.passage.cmp(&next.passage) {
                Ordering::Less => ours = from(after_one, next.passage),
                Ordering::Greater => theirs = from(after_next, one.passage),
                Ordering::Equal => {
                    let behind = Places { packed: other.packed_of(*next), at: 0, before: 0 };
                    let places = Places { packed: self.packed_of(*one), at: 0, before: 0 };
                    found.add_followed(one.passage, places, behind, distance);
                    (ours, theirs) = (after_one, after_next);
                }
            }
        }
        found
    }

    fn add_followed(&mut self, passage: u32, places: Places, mut behind: Places, distance: u32) {
        let start = self.packed.len();
        let mut before = 0;
        let Some(mut next) = behind.next() else { return };
        'places: for place in places {
            let wanted = place.saturating_add(distance);
            while next < wanted {
                let Some(after) = behind.next() else { break 'places };
                next = after;
            }
            if next == wanted {
                put(&mut self.packed, u64::from(place.saturating_sub(before)) + 2);
                before = place;
            }
        }
        self.close(passage, start);
    }

    /// Adds a passage, behind all others; without a place it is not there.
    pub(in crate::store) fn push(&mut self, passage: u32, places: impl Iterator<Item = u32>) {
        let start = self.packed.len();
        let mut before = 0;
        for place in places {
            put(&mut self.packed, u64::from(place.saturating_sub(before)) + 2);
            before = place;
        }
        self.close(passage, start);
    }

    fn close(&mut self, passage: u32, start: usize) {
        let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(self.packed.len())) else {
            return;
        };
        if start < end {
            self.entries.push(Entry { passage, start, end });
        }
    }

    /// The list with only the passages that stand in all of the lists.
    pub(in crate::store) fn kept(&self, passages: &[u32]) -> Self {
        let mut at = 0;
        let mut kept = Self { entries: Vec::new(), packed: self.packed.clone() };
        for &passage in passages {
            at = self.seek(at, passage);
            let entry = self.entries.get(at).filter(|entry| entry.passage == passage);
            kept.entries.extend(entry);
        }
        kept
    }
}

/// The entries from the first on whose passage is not before the one given.
#[inline]
fn from(entries: &[Entry], passage: u32) -> &[Entry] {
    // Common words are seldom far apart.
    if entries.first().is_none_or(|entry| entry.passage >= passage) {
        return entries;
    }
    let mut reach = 1;
    while entries.get(reach).is_some_and(|entry| entry.passage < passage) {
        reach *= 2;
    }
    let known = entries.get(..(reach + 1).min(entries.len())).unwrap_or(entries);
    let at = known.partition_point(|entry| entry.passage < passage);
    entries.get(at..).unwrap_or_default()
}

/// What stands wherever one of the lists does. The longest is copied once, after all others are one.
pub(super) fn any_of(lists: &[Rc<Postings>]) -> Rc<Postings> {
    let longest = lists.iter().enumerate().max_by_key(|(_, list)| list.len());
    match longest {
        Some((at, longest)) if lists.len() > 2 => {
            let (before, after) = lists.split_at(at);
            let others = [before, after.get(1..).unwrap_or_default()].concat();
            any_of_evenly(&[Rc::clone(longest), any_of_evenly(&others)])
        }
        _ => any_of_evenly(lists),
    }
}

fn any_of_evenly(lists: &[Rc<Postings>]) -> Rc<Postings> {
    match lists {
        [] => Rc::default(),
        [one] => Rc::clone(one),
        _ => {
            let (left, right) = lists.split_at(lists.len() / 2);
            let (left, right) = (any_of_evenly(left), any_of_evenly(right));
            if left.is_empty() {
                return right;
            }
            if right.is_empty() {
                return left;
            }
            let mut both = Vec::new();
            let mut any = merged(&left, &right, |mut one, other| {
                // Marked by its length, which no entry has: its places are joined below.
                both.push((one, other));
                one.end = one.start;
                one
            });
            any.join(&both);
            Rc::new(any)
        }
    }
}

impl Postings {
    /// Gives the entries that have no places yet those of the two they are made of.
    fn join(&mut self, both: &[(Entry, Entry)]) {
        let mut both = both.iter();
        let mut places: Vec<u32> = Vec::new();
        for at in 0..self.entries.len() {
            let Some(entry) = self.entries.get(at).copied().filter(|one| one.start == one.end)
            else {
                continue;
            };
            let Some((one, other)) = both.next() else { return };
            places.clear();
            for part in [one, other] {
                let packed = self.packed.get(part.start as usize..part.end as usize);
                places.extend(Places { packed: packed.unwrap_or_default(), at: 0, before: 0 });
            }
            places.sort_unstable();
            let start = self.packed.len();
            let mut before = 0;
            for place in &places {
                put(&mut self.packed, u64::from(place - before) + 2);
                before = *place;
            }
            let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(self.packed.len()))
            else {
                return;
            };
            if let Some(place) = self.entries.get_mut(at) {
                *place = Entry { passage: entry.passage, start, end };
            }
        }
    }
}

/// Both lists in one; `choose` tells what becomes of a passage that stands in both. Packed places are
/// laid behind one another, not read.
fn merged(
    one: &Postings,
    other: &Postings,
    mut choose: impl FnMut(Entry, Entry) -> Entry,
) -> Postings {
    let shift = u32::try_from(one.packed.len()).unwrap_or(u32::MAX);
    let packed = [one.packed.as_slice(), other.packed.as_slice()].concat();
    let moved = |entry: &Entry| Entry {
        passage: entry.passage,
        start: entry.start.saturating_add(shift),
        end: entry.end.saturating_add(shift),
    };
    let mut entries = Vec::with_capacity(one.len() + other.len());
    let (mut left, mut right) = (one.entries.iter().peekable(), other.entries.iter().peekable());
    while let (Some(&&a), Some(&&b)) = (left.peek(), right.peek()) {
        match a.passage.cmp(&b.passage) {
            Ordering::Less => {
                entries.push(a);
                left.next();
            }
            Ordering::Greater => {
                entries.push(moved(&b));
                right.next();
            }
            Ordering::Equal => {
                entries.push(choose(a, moved(&b)));
                left.next();
                right.next();
            }
        }
    }
    entries.extend(left.copied());
    entries.extend(right.map(moved));
    Postings { entries, packed }
}

/// The places of one passage, rising.
#[derive(Clone, Debug)]
pub(in crate::store) struct Places<'a> {
    packed: &'a [u8],
    at: usize,
    before: u32,
}

impl Iterator for Places<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let step = varint(self.packed, &mut self.at)?;
        self.before = self.before.wrapping_add(u32::try_from(step).ok()?.wrapping_sub(2));
        Some(self.before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(all: &[(u32, &[u32])]) -> Rc<Postings> {
        let mut list = Postings::default();
        all.iter().for_each(|(passage, places)| list.push(*passage, places.iter().copied()));
        Rc::new(list)
    }

    fn shown(list: &Postings) -> Vec<(u32, Vec<u32>)> {
        let rows = 0..list.len();
        rows.map(|at| (list.passage(at).unwrap(), list.places(at).collect())).collect()
    }

    #[test]
    fn a_choice_stands_where_any_does_with_the_places_of_all() {
        let any = any_of(&[
            list(&[(1, &[0, 300]), (4, &[2])]),
            list(&[(1, &[7]), (2, &[1])]),
            list(&[(1, &[7, 8]), (9, &[5])]),
        ]);
        let expected = [(1, vec![0, 7, 7, 8, 300]), (2, vec![1]), (4, vec![2]), (9, vec![5])];
        assert_eq!(shown(&any), expected);
        assert_eq!(any.times(0), 5);
    }

    #[test]
    fn a_newer_segment_speaks_before_an_older_one_and_removed_passages_are_gone() {
        // Passage 3 with one place, 5 without: removed; then passage 900, told by its id.
        let newer = Postings::read(vec![3, 2, 4, 2, 1, 135, 4, 4, 2, 3], &[5]).unwrap();
        let older = list(&[(3, &[9]), (5, &[1]), (7, &[1])]);
        let all = newer.over(Postings::clone(&older)).settled();
        assert_eq!(shown(&all), [(3, vec![2]), (7, vec![1]), (900, vec![0, 1])]);
    }

    #[test]
    fn bytes_that_end_too_early_are_no_list() {
        assert_eq!(Postings::read(vec![3, 8, 4], &[]), None);
        assert_eq!(Postings::read(vec![3], &[]), None);
        assert_eq!(Postings::read(vec![0x83], &[]), None);
    }

    #[test]
    fn seeking_finds_the_first_passage_that_is_not_before() {
        let list = list(&(0..100).map(|n| (n * 3, &[1][..])).collect::<Vec<_>>());
        for (from, passage, at) in [(0, 0, 0), (0, 1, 1), (5, 3, 5), (5, 200, 67), (0, 999, 100)] {
            assert_eq!(list.seek(from, passage), at, "{passage}");
        }
    }
}

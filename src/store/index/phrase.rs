//! Words that follow one another, and phrases that stand near each other, as FTS5 understands them.
//!
//! Pure. What it finds must be what `MATCH` finds: the tests of `index` compare the two.

use super::postings::{Places, Postings};
use std::rc::Rc;

/// Where the words follow one another, each at its distance behind the first: the place of the first.
pub(super) fn phrase(words: &[(u32, Rc<Postings>)]) -> Rc<Postings> {
    let Some(((begin, first), behind)) = words.split_first() else { return Rc::default() };
    // The rarest first, so that the frequent ones are looked at where they can matter only.
    let mut behind: Vec<(u32, &Rc<Postings>)> =
        behind.iter().map(|(distance, list)| (distance - begin, list)).collect();
    behind.sort_by_key(|(_, list)| list.len());
    let mut found = Rc::clone(first);
    for (distance, list) in behind {
        found = Rc::new(found.followed_by(list, distance));
    }
    found
}

/// A phrase among others near it: where it stands, and its number of words.
pub(super) struct Near {
    pub(super) places: Rc<Postings>,
    pub(super) words: u32,
}

/// Where all phrases stand with at most so many words between them; each list keeps only the places
/// that are part of such a group.
pub(super) fn near(phrases: &[Near], within: u32) -> Vec<Rc<Postings>> {
    let mut found: Vec<Postings> = phrases.iter().map(|_| Postings::default()).collect();
    let mut at = vec![0; phrases.len()];
    let mut passage = 0;
    loop {
        let mut agreed = true;
        for (at, phrase) in at.iter_mut().zip(phrases) {
            *at = phrase.places.seek(*at, passage);
            let Some(here) = phrase.places.passage(*at) else {
                return found.into_iter().map(Rc::new).collect();
            };
            agreed &= here == passage;
            passage = here;
        }
        if !agreed {
            continue;
        }
        let places = phrases.iter().zip(&at).map(|(phrase, at)| phrase.places.places(*at));
        let groups = groups(places.collect(), phrases, within);
        for (found, places) in found.iter_mut().zip(groups) {
            found.push(passage, places.into_iter());
        }
        passage += 1;
    }
}

/// The places in one passage that are part of a group: the last of a group begins at most `within`
/// words behind the end of every other. The group moves on by the place whose next one comes first.
fn groups(mut places: Vec<Places>, phrases: &[Near], within: u32) -> Vec<Vec<u32>> {
    let mut kept: Vec<Vec<u32>> = phrases.iter().map(|_| Vec::new()).collect();
    let first: Option<Vec<u32>> = places.iter_mut().map(Iterator::next).collect();
    let Some(mut here) = first else { return kept };
    loop {
        let mut last = here.first().copied().unwrap_or(0);
        let mut moved = true;
        while moved {
            moved = false;
            for ((here, places), phrase) in here.iter_mut().zip(&mut places).zip(phrases) {
                let earliest = last.saturating_sub(phrase.words + within);
                moved |= *here < earliest || *here > last;
                while *here < earliest {
                    let Some(next) = places.next() else { return kept };
                    *here = next;
                }
                last = last.max(*here);
            }
        }
        for (kept, here) in kept.iter_mut().zip(&here) {
            if kept.last() != Some(here) {
                kept.push(*here);
            }
        }
        let ahead = here.iter_mut().zip(&mut places);
        let soonest =
            ahead.min_by_key(|(_, places)| Places::clone(places).next().unwrap_or(u32::MAX));
        let Some((here, places)) = soonest else { return kept };
        let Some(next) = places.next() else { return kept };
        *here = next;
    }
}

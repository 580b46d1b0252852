//! Learns boilerplate: passages that begin or end stories which have nothing else in common.
//!
//! Counted are stories that tell nothing of each other, not documents: the most quoted paragraph of an
//! archive stands in many documents too, but in stories that were found to quote one another, and mostly
//! in their midst. What is learnt is marked, and changes nothing of what documents are to each other.

use super::texts::Texts;
use crate::store::{Archive, Comparison, Place};
use anyhow::Result;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The least number of stories, no two of which were found to have anything in common.
pub(super) const STORIES: usize = 4;
/// The least share of documents with a passage at whose beginning or end it stands.
const AT_EDGE: f64 = 0.8;
/// Paragraphs of a document's own before a masthead or after a disclaimer, such as its title, and the most
/// characters they may have.
const OWN: usize = 2;
const SHORT: i64 = 80;
/// Characters from which a passage is too long for boilerplate.
const LONG: i64 = 3000;

/// Which of these passages are boilerplate, each with the number of stories that it stands in. `stories`
/// has for each text the text that stands for its story.
pub(super) fn learn(
    archive: &Archive,
    candidates: &[i64],
    (texts, stories): (&Texts<'_>, &[usize]),
    now: &HashMap<(i64, i64), Comparison>,
) -> Result<BTreeMap<i64, i64>> {
    let kin = Kin::of(texts, stories, now);
    let mut recurring: FxHashMap<i64, Recurring> = FxHashMap::default();
    for passage in candidates {
        let told = kin.stories(&archive.tellers_of(*passage)?);
        if kin.has_strangers(&told) && !is_fact(&archive.passage_text(*passage)?) {
            recurring.insert(*passage, Recurring { stories: told.len(), ..Recurring::default() });
        }
    }
    if recurring.is_empty() {
        return Ok(BTreeMap::new());
    }
    archive.each_document(&mut |places| count(places, &mut recurring))?;
    let learnt = recurring.into_iter().filter(|(_, one)| one.is_boilerplate());
    Ok(learnt.map(|(passage, one)| (passage, one.stories as i64)).collect())
}

/// Whether a passage says something of its own: a short line with a number, such as a date that several
/// stories happen to end with.
fn is_fact(text: &str) -> bool {
    let is_short = text.chars().nth(SHORT as usize).is_none();
    is_short && text.chars().any(char::is_numeric) && !text.contains('©')
}

/// What is counted of a passage.
#[derive(Default)]
struct Recurring {
    stories: usize,
    documents: usize,
    at_edge: usize,
}

impl Recurring {
    fn is_boilerplate(&self) -> bool {
        self.at_edge as f64 >= AT_EDGE * self.documents as f64
    }
}

/// Counts where the recurring passages stand in one document.
fn count(places: &[Place], recurring: &mut FxHashMap<i64, Recurring>) {
    let edge = edge(places, &|passage| recurring.contains_key(&passage));
    let mut seen = FxHashSet::default();
    for (place, is_at_edge) in places.iter().zip(edge).filter(|(place, _)| !place.is_boilerplate) {
        if let Some(one) = recurring.get_mut(&place.passage).filter(|_| seen.insert(place.passage))
        {
            one.documents += 1;
            one.at_edge += usize::from(is_at_edge);
        }
    }
}

/// For each paragraph whether nothing but what recurs stands between it and the beginning or the end of
/// its document, and at most a few short paragraphs.
fn edge(places: &[Place], recurs: &dyn Fn(i64) -> bool) -> Vec<bool> {
    let mut edge = vec![false; places.len()];
    let mut walk = |order: &mut dyn Iterator<Item = (usize, &Place)>| {
        let mut own = 0;
        for (at, place) in order {
            let line = place.may_recur && place.length < LONG && recurs(place.passage);
            if place.is_boilerplate {
                continue;
            }
            if !line {
                own += 1;
                if own > OWN || place.length > SHORT {
                    return;
                }
                continue;
            }
            // A heading below something of the document's own is one of its sections.
            if let Some(is_at_edge) = edge.get_mut(at) {
                *is_at_edge |= !(place.is_heading && own > 0);
            }
        }
    };
    walk(&mut places.iter().enumerate());
    walk(&mut places.iter().enumerate().rev());
    edge
}

/// Which stories were found to have something in common.
struct Kin<'a> {
    stories: &'a [usize],
    by_document: HashMap<i64, usize>,
    pairs: FxHashSet<(usize, usize)>,
}

impl<'a> Kin<'a> {
    fn of(texts: &Texts<'_>, stories: &'a [usize], now: &HashMap<(i64, i64), Comparison>) -> Self {
        let by_document = texts.by_document();
        let story = |document| stories.get(*by_document.get(&document)?).copied();
        let mut pairs = FxHashSet::default();
        for comparison in now.values().filter(|comparison| comparison.kind.is_related()) {
            if let (Some(one), Some(other)) = (story(comparison.left), story(comparison.right)) {
                pairs.insert((one.min(other), one.max(other)));
            }
        }
        Self { stories, by_document, pairs }
    }

    /// The stories that these documents tell, in order.
    fn stories(&self, documents: &BTreeSet<i64>) -> Vec<usize> {
        let text = |document| self.by_document.get(document).copied();
        let mut told: Vec<usize> = documents
            .iter()
            .filter_map(|document| self.stories.get(text(document)?).copied())
            .collect();
        told.sort_unstable();
        told.dedup();
        told
    }

    /// Whether enough of these stories have nothing to do with each other.
    fn has_strangers(&self, told: &[usize]) -> bool {
        let mut strangers: Vec<usize> = Vec::with_capacity(STORIES);
        for story in told {
            if strangers.iter().all(|other| !self.pairs.contains(&(*other, *story))) {
                strangers.push(*story);
            }
            if strangers.len() == STORIES {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paragraphs in one letter each: capitals recur, `#` is a heading that does, `-` is a long paragraph
    /// of the document's own, `.` a short one, `!` is told from the text by the reader.
    fn edge_of(letters: &str) -> String {
        let places: Vec<Place> = letters
            .bytes()
            .map(|letter| Place {
                passage: i64::from(letter),
                may_recur: true,
                is_heading: letter == b'#',
                is_boilerplate: letter == b'!',
                length: if letter == b'-' { 500 } else { 20 },
            })
            .collect();
        let recurs = |passage: i64| {
            u8::try_from(passage).is_ok_and(|letter| letter.is_ascii_uppercase() || letter == b'#')
        };
        let edge = edge(&places, &recurs);
        letters.chars().zip(edge).map(|(letter, edge)| if edge { letter } else { ' ' }).collect()
    }

    #[test]
    fn a_short_line_with_a_number_is_a_fact() {
        assert!(is_fact("Record March 31"));
        assert!(is_fact("二〇二〇年六月一日起施行"));
        assert!(!is_fact("© 2019 The Harbour Post"));
        assert!(!is_fact("Reproduction without permission is prohibited."));
        assert!(!is_fact(
            &"The desk gathers reports from official sources, since 1911, daily. ".repeat(2)
        ));
    }

    #[test]
    fn only_what_stands_at_an_edge_of_a_document_is_boilerplate() {
        assert_eq!(edge_of("AB-C-DE"), "AB   DE");
        assert_eq!(edge_of("..AB-C-D."), "  AB   D ");
        assert_eq!(edge_of("...A-B-..."), "          ");
        assert_eq!(edge_of("#A-"), "#A ");
        assert_eq!(edge_of(".#A-"), "  A ");
        assert_eq!(edge_of("!A-B!"), " A B ");
        assert_eq!(edge_of("ABC"), "ABC");
    }
}

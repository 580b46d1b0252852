//! Who has most in common with some documents: one look at every sketch of the archive, in the order in
//! which they are stored, with nothing kept of those that are far.

use crate::fingerprint::Sketch;
use crate::store::{Archive, Sketched};
use anyhow::Result;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Most stories around a document: more than share a rare number, and than weigh its words.
const STORIES: usize = 48;

/// The documents nearest to any of these: one each of the stories that have most numbers in common with it.
pub(super) fn around(archive: &Archive, some: &[Sketched]) -> Result<BTreeSet<i64>> {
    if some.is_empty() {
        return Ok(BTreeSet::new());
    }
    let columns = Columns::of(some);
    let mut circles: Vec<Circle> = some.iter().map(|_| Circle::default()).collect();
    let mut counts = vec![0u16; some.len()];
    archive.each_sketch(&mut |document, cluster, sketch| {
        for (one, equal) in columns.met(some, sketch, &mut counts) {
            let itself = some.get(one).is_some_and(|one| one.id == document);
            if let Some(circle) = circles.get_mut(one).filter(|_| !itself) {
                circle.meet(document, cluster, equal);
            }
        }
    })?;
    Ok(circles.iter().flat_map(Circle::nearest).collect())
}

/// The stories around one document: for each its nearest document, and what that has in common with it.
#[derive(Default)]
struct Circle {
    stories: FxHashMap<i64, (u16, i64)>,
    /// What a story must have in common to come in at all, once there are many.
    least: u16,
}

impl Circle {
    fn meet(&mut self, document: i64, cluster: i64, equal: u16) {
        if equal < self.least {
            return;
        }
        let nearest = self.stories.entry(cluster).or_insert((equal, document));
        if (equal, -document) > (nearest.0, -nearest.1) {
            *nearest = (equal, document);
        }
        if self.stories.len() > 4 * STORIES {
            let near = self.sorted();
            self.least = near.last().map_or(0, |(equal, ..)| *equal);
            self.stories = near
                .into_iter()
                .map(|(equal, document, story)| (story, (equal, document)))
                .collect();
        }
    }

    /// The nearest stories, the nearest first: what they have in common, document, story.
    fn sorted(&self) -> Vec<(u16, i64, i64)> {
        let mut all: Vec<(u16, i64, i64)> = self
            .stories
            .iter()
            .map(|(story, (equal, document))| (*equal, *document, *story))
            .collect();
        all.sort_by_key(|(equal, document, _)| (std::cmp::Reverse(*equal), *document));
        all.truncate(STORIES);
        all
    }

    fn nearest(&self) -> Vec<i64> {
        self.sorted().into_iter().map(|(_, document, _)| document).collect()
    }
}

/// Up to so many sketches are compared with another as they are, which is quicker than to look each of its
/// numbers up.
const FEW: usize = 16;

/// Which of some sketches have which number at which place.
struct Columns {
    columns: Vec<Column>,
}

/// The numbers at one place.
struct Column {
    /// A bit for each number that any has: it is asked first, and mostly answers no.
    has: Box<[u64]>,
    /// Numbers and who has them, in order.
    numbers: Vec<(u16, u32)>,
}

impl Columns {
    fn of(some: &[Sketched]) -> Self {
        if some.len() <= FEW {
            return Self { columns: Vec::new() };
        }
        let mut columns = Vec::new();
        for place in 0..crate::fingerprint::BINS {
            let number = |one: &Sketched| one.sketch.numbers().get(place).copied();
            let mut numbers: Vec<(u16, u32)> =
                (0..).zip(some).filter_map(|(at, one)| Some((number(one)?, at))).collect();
            numbers.retain(|(number, _)| *number > 0);
            numbers.sort_unstable();
            let mut has = vec![0u64; 1 << 10].into_boxed_slice();
            for (number, _) in &numbers {
                if let Some(bits) = has.get_mut(usize::from(number >> 6)) {
                    *bits |= 1 << (number & 63);
                }
            }
            columns.push(Column { has, numbers });
        }
        Self { columns }
    }

    /// Those that have any number in common with a sketch, and how many. `counts` is room that is all
    /// zeros, before and after.
    fn met(&self, some: &[Sketched], sketch: &Sketch, counts: &mut [u16]) -> Vec<(usize, u16)> {
        if self.columns.is_empty() {
            let equal = some.iter().map(|one| one.sketch.equal(sketch)).enumerate();
            return equal.filter(|(_, equal)| *equal > 0).collect();
        }
        let mut met = Vec::new();
        for (column, number) in self.columns.iter().zip(sketch.numbers()) {
            for at in column.those_with(*number) {
                if let Some(count) = counts.get_mut(at) {
                    if *count == 0 {
                        met.push(at);
                    }
                    *count += 1;
                }
            }
        }
        let mut taken = |at: usize| counts.get_mut(at).map(std::mem::take).unwrap_or_default();
        met.into_iter().map(|at| (at, taken(at))).collect()
    }
}

impl Column {
    fn those_with(&self, number: u16) -> impl Iterator<Item = usize> {
        let bits = self.has.get(usize::from(number >> 6)).copied().unwrap_or_default();
        let numbers = match bits >> (number & 63) & 1 {
            0 => &[],
            _ => {
                let start = self.numbers.partition_point(|(other, _)| *other < number);
                self.numbers.get(start..).unwrap_or_default()
            }
        };
        numbers.iter().take_while(move |(other, _)| *other == number).map(|(_, at)| *at as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketched(id: i64, text: &str) -> Sketched {
        let sketch = Sketch::of([text]);
        Sketched { id, cluster: id, digest: [0; 8], normal_digest: [0; 32], sketch }
    }

    #[test]
    fn many_sketches_are_met_as_few_are() {
        let text = |at: i64| -> String {
            (0..60).map(|word| format!("{:x} ", (at * 20 + word) * 7_919 % 65_521)).collect()
        };
        let some: Vec<Sketched> = (0..40).map(|at| sketched(at, &text(at))).collect();
        let columns = Columns::of(&some);
        let mut counts = vec![0; some.len()];
        for other in &some {
            let mut met = columns.met(&some, &other.sketch, &mut counts);
            met.sort_unstable();
            let plain: Vec<(usize, u16)> = some
                .iter()
                .enumerate()
                .map(|(at, one)| (at, one.sketch.equal(&other.sketch)))
                .filter(|(_, equal)| *equal > 0)
                .collect();
            assert_eq!(met, plain);
        }
    }

    #[test]
    fn of_each_story_the_nearest_document_is_met_and_the_nearest_stories_stay() {
        let mut circle = Circle::default();
        for document in 0..1000 {
            circle.meet(document, document % 500, (document % 250) as u16 + 1);
        }
        // Documents 249, 499, 749 and 999 are nearest, in stories 249 and 499, and the first of each stays.
        let nearest = circle.nearest();
        assert_eq!(nearest.len(), STORIES);
        assert_eq!(nearest.get(..4), Some(&[249, 499, 248, 498][..]));
    }
}

//! Groups of documents whose sketches are nearly equal: the copies and versions of one text.
//!
//! Groups decide nothing. They are what the rest counts by, so that a page with a thousand versions
//! counts once, and what bounds its work, so that a flood of versions costs as many comparisons as it
//! has members.

use crate::fingerprint::Sketch;
use rustc_hash::FxHashMap;

/// Estimated resemblance from which a document belongs to the group of another.
const NEAR: f64 = 0.8;
/// Bins in a band: two documents meet where all of them are equal. At a resemblance of 0.8 all but 3 in
/// 1,000 pairs meet in one of the 32 bands.
const ROWS: usize = 8;

/// For each document the index of the leader of its group: the nearest of the leaders before it, and of
/// several equally near the first in order. Leaders lead themselves, and are never near to each other.
pub fn leaders(sketches: &[&Sketch]) -> Vec<usize> {
    let mut bands = Bands::default();
    let mut leaders = Vec::with_capacity(sketches.len());
    for (at, sketch) in sketches.iter().enumerate() {
        let mut met = bands.leaders(sketch);
        met.sort_unstable();
        met.dedup();
        let mut best: Option<(f64, usize)> = None;
        for leader in met {
            let Some(other) = sketches.get(leader as usize) else { continue };
            let resemblance = sketch.resemblance(other);
            if resemblance >= NEAR && best.is_none_or(|(most, _)| resemblance > most) {
                best = Some((resemblance, leader as usize));
            }
        }
        if best.is_none() {
            bands.add(at as u32, sketch);
        }
        leaders.push(best.map_or(at, |(_, leader)| leader));
    }
    leaders
}

/// Which leaders have which band of numbers: for each the last, and for each of its bands the one before.
#[derive(Default)]
struct Bands {
    last: FxHashMap<u64, u32>,
    /// Leader and the place of the one before in this list, counted from 1.
    chain: Vec<(u32, u32)>,
}

impl Bands {
    fn add(&mut self, leader: u32, sketch: &Sketch) {
        for band in bands(sketch) {
            let before = self.last.get(&band).copied().unwrap_or_default();
            self.chain.push((leader, before));
            self.last.insert(band, self.chain.len() as u32);
        }
    }

    fn leaders(&self, sketch: &Sketch) -> Vec<u32> {
        let mut met = Vec::new();
        for band in bands(sketch) {
            let mut place = self.last.get(&band).copied().unwrap_or_default();
            while let Some((leader, before)) =
                place.checked_sub(1).and_then(|at| self.chain.get(at as usize))
            {
                met.push(*leader);
                place = *before;
            }
        }
        met
    }
}

/// The bands of a sketch that have any number, each as one number.
fn bands(sketch: &Sketch) -> impl Iterator<Item = u64> {
    let (rows, _) = sketch.numbers().as_chunks::<ROWS>();
    (1u64..).zip(rows).filter(|(_, row)| row.iter().any(|number| *number > 0)).map(|(band, row)| {
        row.iter().fold(band, |hash, number| {
            (hash.rotate_left(17) ^ u64::from(*number)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(words: &[&str]) -> Sketch {
        Sketch::of([&*words.concat()])
    }

    #[test]
    fn near_documents_follow_the_first_and_others_lead_themselves() {
        let words: Vec<String> = (0..400).map(|at| format!("word{}", at * 7919 % 10_007)).collect();
        let all: Vec<&str> = words.iter().map(String::as_str).collect();
        let whole = sketch(&all);
        let nearly = sketch(&all[..390]);
        let half = sketch(&all[..200]);
        assert_eq!(leaders(&[&whole, &half, &nearly, &whole, &half]), [0, 1, 0, 0, 1]);
        assert_eq!(leaders(&[]), [] as [usize; 0]);
    }
}

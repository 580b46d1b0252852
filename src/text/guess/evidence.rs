//! What a text shows of its encoding: how often each byte follows each, in and around the words that
//! have bytes beyond ASCII.
//!
//! Markup and English around foreign words say nothing of them, so only neighbours in the same line of
//! words are counted. Nothing is decoded here.

use std::ops::Range;

/// Neighbours of a word that count with it, on either side.
const NEIGHBOURS: usize = 2;

/// Counts of pairs of bytes.
pub(super) struct Evidence {
    /// Each pair that occurs, with its count.
    pub(super) pairs: Vec<(u8, u8, u32)>,
    /// How often a word beyond ASCII stands next to one of ASCII.
    pub(super) mixed: u32,
    /// The sum of all counts.
    pub(super) total: u32,
}

struct Word {
    span: Range<usize>,
    is_foreign: bool,
}

impl Evidence {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let words = words(bytes);
        let mut counts = vec![0_u32; 1 << 16];
        let mut mixed = 0;
        let mut counted = 0;
        for (place, _) in words.iter().enumerate().filter(|(_, word)| word.is_foreign) {
            let before = reach(words.get(..=place).unwrap_or_default().iter().rev(), bytes);
            let after = reach(words.get(place..).unwrap_or_default().iter(), bytes);
            let is_plain = |near: usize| words.get(near).is_some_and(|near| !near.is_foreign);
            mixed += u32::from(before > 0 && is_plain(place - 1));
            mixed += u32::from(after > 0 && is_plain(place + 1));
            let from = counted.max(place - before);
            let to = place + after + 1;
            for word in words.get(from..to).unwrap_or_default() {
                count(bytes, &word.span, &mut counts);
            }
            counted = counted.max(to);
        }
        let pair = |place: usize| [(place >> 8) as u8, (place & 255) as u8];
        let occurring = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let pairs: Vec<(u8, u8, u32)> = occurring
            .map(|(place, count)| {
                let [first, second] = pair(place);
                (first, second, *count)
            })
            .collect();
        let total = pairs.iter().map(|(_, _, count)| count).sum();
        Self { pairs, mixed, total }
    }
}

/// Runs of letters of ASCII and bytes beyond.
fn words(bytes: &[u8]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    for run in bytes.split(|byte| byte.is_ascii() && !byte.is_ascii_alphabetic()) {
        let span = start..start + run.len();
        start = span.end + 1;
        if !run.is_empty() {
            words.push(Word { span, is_foreign: !run.is_ascii() });
        }
    }
    words
}

/// How many of the following words stand close, one after the other, in plain text.
fn reach<'a>(words: impl Iterator<Item = &'a Word> + Clone, bytes: &[u8]) -> usize {
    let close = |(one, next): &(&Word, &Word)| {
        let gap = one.span.end.min(next.span.end)..one.span.start.max(next.span.start);
        let is_markup = |byte: &u8| b"<>&=/".contains(byte);
        gap.len() <= 2 && bytes.get(gap).is_some_and(|gap| !gap.iter().any(is_markup))
    };
    words.clone().zip(words.skip(1)).take(NEIGHBOURS).take_while(close).count()
}

fn count(bytes: &[u8], span: &Range<usize>, counts: &mut [u32]) {
    let space = b' ';
    let mut previous =
        span.start.checked_sub(1).and_then(|before| bytes.get(before)).copied().unwrap_or(space);
    let end = bytes.get(span.end).copied().unwrap_or(space);
    let word = bytes.get(span.clone()).unwrap_or_default();
    for byte in word.iter().copied().chain([end]) {
        if let Some(count) = counts.get_mut(usize::from(previous) << 8 | usize::from(byte)) {
            *count += 1;
        }
        previous = byte;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_near_foreign_ones_count_once_and_markup_parts_them() {
        let evidence = Evidence::of(b"<p>one two \xE9t\xE9 six</p>");
        let letters: Vec<(char, u8, u32)> = evidence
            .pairs
            .iter()
            .filter(|(first, second, _)| {
                first.is_ascii_alphabetic() && second.is_ascii_alphabetic()
            })
            .map(|(first, second, count)| (char::from(*first), *second, *count))
            .collect();
        assert_eq!(
            letters,
            [
                ('i', b'x', 1),
                ('n', b'e', 1),
                ('o', b'n', 1),
                ('s', b'i', 1),
                ('t', b'w', 1),
                ('w', b'o', 1)
            ]
        );
        assert_eq!(evidence.mixed, 2);
    }

    #[test]
    fn text_without_foreign_bytes_shows_nothing() {
        assert_eq!(Evidence::of(b"one two").total, 0);
    }
}

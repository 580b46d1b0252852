//! A document as comparing sees it: its words in order, folded, each with the number it is known by.
//!
//! Words are those of the index ([`crate::text::words`]), so what is compared is what is searched.

use crate::text::spacing::is_cjk;
use crate::text::unicode61::{fold, is_mark, is_word};
use std::ops::Range;

/// A passage of a reading.
#[derive(Clone, Debug)]
pub struct Passage {
    /// The id of the passage in its archive, or any number that is equal for equal texts.
    pub id: i64,
    /// Which words of the reading are its.
    pub words: Range<usize>,
    /// Where in its document the passage stands.
    pub position: i64,
}

/// The words of a document.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Passages in order; those without words are left out.
    pub passages: Vec<Passage>,
    ids: Vec<u64>,
    folded: String,
    ends: Vec<u32>,
    /// For each word the byte range in the text of its passage; empty where nobody asks for it.
    spans: Vec<(u32, u32)>,
    has_spans: bool,
}

impl Reading {
    /// Reads passages, given by id, position and text, and notes where each word stands.
    pub fn of<'a>(passages: impl IntoIterator<Item = (i64, i64, &'a str)>) -> Self {
        let mut reading = Self { has_spans: true, ..Self::default() };
        for (id, position, text) in passages {
            reading.add(id, position, text);
        }
        reading
    }

    /// Reads one more passage.
    pub fn add(&mut self, id: i64, position: i64, text: &str) {
        let start = self.ids.len();
        self.read(text);
        let words = start..self.ids.len();
        if !words.is_empty() {
            self.passages.push(Passage { id, words, position });
        }
    }

    fn read(&mut self, text: &str) {
        let mut open: Option<u32> = None;
        let (bytes, mut next) = (text.as_bytes(), 0);
        while let Some(byte) = bytes.get(next) {
            let at = next;
            // Letters of ASCII, which most texts are made of, are taken by runs.
            if byte.is_ascii_alphanumeric() {
                let run = bytes.get(at..).unwrap_or_default().iter();
                next += run.take_while(|byte| byte.is_ascii_alphanumeric()).count();
                open.get_or_insert(at as u32);
                let from = self.folded.len();
                self.folded.push_str(text.get(at..next).unwrap_or_default());
                self.folded.get_mut(from..).unwrap_or_default().make_ascii_lowercase();
                continue;
            }
            if byte.is_ascii() && *byte != b'-' {
                if let Some(start) = open.take() {
                    self.close(start, at);
                }
                next += 1;
                continue;
            }
            let mut letters = text.get(at..).unwrap_or_default().chars();
            let Some(c) = letters.next() else { return };
            next += c.len_utf8();
            if c == '\u{ad}' {
                continue;
            }
            if c == '-' {
                let after = letters.as_str().trim_start_matches('\u{ad}');
                if after.starts_with('\n') {
                    next = text.len() - after.len() + 1;
                    continue;
                }
            }
            let cjk = is_cjk(c);
            if let Some(start) = open
                && (cjk || !(is_word(c) || is_mark(c)))
            {
                self.close(start, at);
                open = None;
            }
            if !(is_word(c) || open.is_some() && is_mark(c)) {
                continue;
            }
            self.folded.extend(fold(c));
            if cjk {
                self.close(at as u32, at + c.len_utf8());
            } else {
                open.get_or_insert(at as u32);
            }
        }
        if let Some(start) = open {
            self.close(start, text.len());
        }
    }

    /// Ends the word whose letters were added last.
    fn close(&mut self, start: u32, end: usize) {
        let from = self.ends.last().copied().unwrap_or_default() as usize;
        let word = self.folded.get(from..).unwrap_or_default();
        self.ids.push(id(word.as_bytes()));
        self.ends.push(self.folded.len() as u32);
        if self.has_spans {
            self.spans.push((start, end as u32));
        }
    }

    /// Lets go of room that was made for more words.
    pub fn shrink(&mut self) {
        self.passages.shrink_to_fit();
        self.ids.shrink_to_fit();
        self.folded.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// The numbers of the words in order: equal for equal words.
    pub fn ids(&self) -> &[u64] {
        &self.ids
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The folded letters of these words, run together.
    pub fn letters(&self, words: Range<usize>) -> &str {
        let end = |at: usize| self.ends.get(at).copied().unwrap_or_default() as usize;
        let from = words.start.checked_sub(1).map_or(0, end);
        let to = words.end.checked_sub(1).map_or(0, end);
        self.folded.get(from..to).unwrap_or_default()
    }

    /// One word, folded.
    pub fn word(&self, at: usize) -> &str {
        self.letters(at..at + 1)
    }

    /// Byte range of a word in the text of its passage, in a reading made by [`Reading::of`].
    pub fn span(&self, at: usize) -> Range<usize> {
        self.spans.get(at).map_or(0..0, |&(start, end)| start as usize..end as usize)
    }

    /// The passage that a word stands in.
    pub fn passage_of(&self, word: usize) -> Option<&Passage> {
        let after = self.passages.partition_point(|passage| passage.words.end <= word);
        self.passages.get(after)
    }

    /// How much memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.ids.len() * 12
            + self.spans.len() * 8
            + self.folded.len()
            + self.passages.len() * size_of::<Passage>()
    }
}

/// Every run of so many words, given by their numbers, as a number of its own, in order.
pub(super) fn runs(ids: &[u64], count: usize) -> impl Iterator<Item = u64> {
    ids.windows(count).map(|run| {
        run.iter()
            .fold(0u64, |hash, id| (hash.rotate_left(9) ^ id).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    })
}

/// The number of a word: FNV-1a (Fowler, Noll, Vo) over eight bytes at a time, mixed at the end.
fn id(word: &[u8]) -> u64 {
    let (wide, rest) = word.as_chunks::<8>();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ word.len() as u64;
    let mut take =
        |value: u64| hash = (hash ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    for chunk in wide {
        take(u64::from_le_bytes(*chunk));
    }
    let mut last = [0u8; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    take(u64::from_le_bytes(last));
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn the_words_are_those_of_the_index() {
        for text in [
            "Élan重跑gen-ITGC后",
            "logis-\ntics trans\u{ad}port e\u{301}tude co-\u{ad}\nop --\nx",
            "",
            " \n",
            "—…「」",
            "\u{301}\u{0}",
            "-\n",
            "a",
            "路",
            "Россия и Китай, 2019 г.",
        ] {
            let reading = Reading::of([(1, 1, text)]);
            let read: Vec<(String, Range<usize>)> = (0..reading.len())
                .map(|at| (reading.word(at).to_owned(), reading.span(at)))
                .collect();
            let expected: Vec<_> =
                words(text).into_iter().map(|word| (word.text, word.span)).collect();
            assert_eq!(read, expected, "{text:?}");
        }
    }

    #[test]
    fn equal_words_have_equal_numbers_and_passages_know_their_words() {
        let reading = Reading::of([(7, 1, "Ferry at noon"), (8, 2, "…"), (9, 3, "FERRY")]);
        assert_eq!(reading.ids()[0], reading.ids()[3]);
        assert_ne!(reading.ids()[0], reading.ids()[1]);
        assert_eq!(reading.passages.iter().map(|passage| passage.id).collect::<Vec<_>>(), [7, 9]);
        assert_eq!(reading.passage_of(3).map(|passage| passage.position), Some(3));
        assert_eq!(reading.letters(1..3), "atnoon");
    }
}

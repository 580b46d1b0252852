//! The words of a text, as the index holds them.
//!
//! It must give exactly the tokens that `unicode61 remove_diacritics 2` gives for
//! [`spacing::for_index`](super::spacing::for_index) of the text, or a hit would be shown without its
//! marks; `store` has the test that compares them.

use super::spacing::is_cjk;
use super::unicode61::{fold, is_mark, is_word};
use std::ops::Range;

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word as the index holds it: lower case, without diacritics.
    pub text: String,
    /// Bytes of the original text, end excluded.
    pub span: Range<usize>,
    /// Whether it is one CJK character, which is indexed as a word of its own.
    pub cjk: bool,
}

/// The words of the text in order.
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open: Option<Word> = None;
    for (at, c) in letters(text) {
        let end = at + c.len_utf8();
        if is_cjk(c) {
            words.extend(open.take());
            if is_word(c) {
                words.push(Word {
                    text: fold(c).map(String::from).unwrap_or_default(),
                    span: at..end,
                    cjk: true,
                });
            }
            continue;
        }
        match &mut open {
            Some(word) if is_word(c) || is_mark(c) => {
                word.text.extend(fold(c));
                word.span.end = end;
            }
            Some(_) => words.extend(open.take()),
            None if is_word(c) => {
                open = Some(Word {
                    text: fold(c).map(String::from).unwrap_or_default(),
                    span: at..end,
                    cjk: false,
                });
            }
            None => {}
        }
    }
    words.extend(open);
    words
}

/// The characters that the index reads, with their places: no soft hyphen, no hyphen at a line's end
/// with its line break.
fn letters(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut rest = text.char_indices().filter(|&(_, c)| c != '\u{ad}').peekable();
    std::iter::from_fn(move || {
        loop {
            let (at, c) = rest.next()?;
            if c == '-' && rest.next_if(|&(_, next)| next == '\n').is_some() {
                continue;
            }
            return Some((at, c));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(String, &str)> {
        words(text).into_iter().map(|word| (word.text, text.get(word.span).unwrap())).collect()
    }

    #[test]
    fn latin_words_stay_whole_and_cjk_characters_stand_alone() {
        assert_eq!(
            shown("Élan重跑gen-ITGC后"),
            [
                ("elan", "Élan"),
                ("重", "重"),
                ("跑", "跑"),
                ("gen", "gen"),
                ("itgc", "ITGC"),
                ("后", "后")
            ]
            .map(|(word, span)| (word.to_owned(), span))
        );
    }

    #[test]
    fn line_end_hyphens_soft_hyphens_and_marks_stay_inside_the_word() {
        assert_eq!(
            shown("logis-\ntics trans\u{ad}port e\u{301}tude co-\u{ad}\nop --\nx"),
            [
                ("logistics", "logis-\ntics"),
                ("transport", "trans\u{ad}port"),
                ("etude", "e\u{301}tude"),
                ("coop", "co-\u{ad}\nop"),
                ("x", "x"),
            ]
            .map(|(word, span)| (word.to_owned(), span))
        );
    }

    #[test]
    fn a_text_without_words_has_none() {
        for text in ["", " \n", "—…「」", "\u{301}\u{0}", "-\n"] {
            assert_eq!(words(text), [], "{text:?}");
        }
    }
}

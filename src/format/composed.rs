//! Composes the text of a document whose source is markup: its blocks one after another.
//!
//! Spans of such a document count characters of this text, since its source has words between tags
//! and compressed parts. It never changes a block's words.

use std::borrow::Cow;
use std::ops::Range;

use crate::model::{Extract, Paragraph};
use crate::text::lines::LONGEST;
use crate::text::marks;
use crate::text::segment::{self, Block, Mark};
use crate::text::structure::{self, Declared};

/// A document's blocks as they are found, and its text as it grows.
#[derive(Debug, Default)]
pub(super) struct Composed {
    text: String,
    blocks: Vec<(Range<usize>, Mark)>,
    /// Pages that ended since the last block.
    turned: usize,
    has_pages: bool,
}

impl Composed {
    /// Adds a block; one of white space alone is none.
    pub(super) fn push(&mut self, words: &str, mark: Mark) {
        let words = if mark == Mark::Row || mark == Mark::Columns {
            words.trim_matches([' ', '\n', '\r'])
        } else if mark == Mark::Code {
            words.trim_matches(['\n', '\r']).trim_end()
        } else {
            words.trim()
        };
        if words.trim().is_empty() {
            return;
        }
        // A list that was typed by hand.
        let typed = words.strip_prefix(marks::is_bullet).map(str::trim_start);
        let (words, mark) = match typed.filter(|rest| mark == Mark::None && !rest.is_empty()) {
            Some(rest) => (rest, Mark::Item),
            None => (words, mark),
        };
        if self.turned > 0 {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n('\u{c}', std::mem::take(&mut self.turned)));
        } else if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let start = self.text.len();
        // A NUL cannot be stored; everywhere else it has been replaced while decoding.
        words.split('\0').enumerate().for_each(|(place, part)| {
            if place > 0 {
                self.text.push('\u{fffd}');
            }
            self.text.push_str(part);
        });
        self.blocks.push((start..self.text.len(), mark));
    }

    /// Begins a page: a form feed stands between what is on it and what was before.
    pub(super) fn begin_page(&mut self) {
        self.turned += usize::from(self.has_pages);
        self.has_pages = true;
    }

    /// Adds the blocks to another document's; those without a mark get this one.
    pub(super) fn pass_on(&self, mark: Mark, other: &mut Composed) {
        for (span, own) in &self.blocks {
            let words = self.text.get(span.clone()).unwrap_or_default();
            other.push(words, if *own == Mark::None { mark } else { *own });
        }
    }

    /// All words on one line, as the cell of a table has them.
    pub(super) fn joined(&self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether nothing was added.
    pub(super) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The paragraphs of the document.
    pub(super) fn extract(&self, declared: &Declared) -> Extract {
        let mut blocks = Vec::with_capacity(self.blocks.len());
        for (span, mark) in &self.blocks {
            let words = self.text.get(span.clone()).unwrap_or_default();
            if words.len() > LONGEST {
                // Only plain text knows how to cut what is too long for one paragraph.
                for mut block in segment::blocks(words) {
                    block.span = block.span.start + span.start..block.span.end + span.start;
                    blocks.push(block);
                }
                continue;
            }
            let text = Cow::Borrowed(words);
            blocks.push(Block { span: span.clone(), text, mark: *mark, apart: true, cut: false });
        }
        let mut extract = structure::extract(&self.text, blocks, declared);
        // A single page has no end to tell it by; a declared title stands on none.
        let on_page = |part: &&mut Paragraph| part.page.is_none() && !part.span.is_empty();
        if self.has_pages {
            extract.paragraphs.iter_mut().filter(on_page).for_each(|part| part.page = Some(1));
        }
        extract
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    #[test]
    fn blocks_become_paragraphs_with_spans_in_the_composed_text() {
        let mut composed = Composed::default();
        for (words, mark) in [
            ("  渡轮启航 ", Mark::Heading(1)),
            (" \n", Mark::None),
            ("往来三野与乌孙的第二艘渡轮将于五月启航。", Mark::None),
            ("Year\tTons", Mark::Columns),
            ("\t12", Mark::Row),
            ("Share\0", Mark::Boilerplate),
            ("• typed by hand", Mark::None),
            ("— Да, сказал он.", Mark::None),
        ] {
            composed.push(words, mark);
        }
        let extract = composed.extract(&Declared::default());
        let read: Vec<_> = extract
            .paragraphs
            .iter()
            .map(|part| (part.kind, &*part.text, part.span.clone()))
            .collect();
        assert_eq!(
            read,
            [
                (Kind::Title, "渡轮启航", 0..4),
                (Kind::Body, "往来三野与乌孙的第二艘渡轮将于五月启航。", 6..26),
                (Kind::Table, "Year\tTons", 28..37),
                (Kind::Row, "\t12", 39..42),
                (Kind::Boilerplate, "Share\u{fffd}", 44..50),
                (Kind::Item, "typed by hand", 52..65),
                (Kind::Body, "— Да, сказал он.", 67..83),
            ]
        );
        assert_eq!(extract.characters, 83);
    }

    #[test]
    fn a_block_longer_than_a_paragraph_may_be_is_cut() {
        let mut composed = Composed::default();
        composed.push("kurz", Mark::None);
        composed.push(&"东北 ".repeat(400_000), Mark::None);
        let extract = composed.extract(&Declared::default());
        assert!(extract.paragraphs.len() > 2);
        assert!(extract.paragraphs.iter().all(|part| part.text.len() <= LONGEST));
        assert!(Composed::default().is_empty());
    }
}

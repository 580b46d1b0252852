//! Paragraphs that begin with a label: `Abstract:`, `Keywords:` and their like.
//!
//! The label stays in the paragraph's text; the statement made of it is without.

use super::names::{self, Section};
use super::{Found, Part};
use crate::model::Kind;

/// A list of keywords is never longer than this, in bytes.
const LONGEST_KEYWORDS: usize = 1500;

/// Labels are looked for in so many first paragraphs; a document presents itself at its start.
const FIRST: usize = 60;

/// Marks labelled paragraphs and notes what they state.
pub(super) fn mark(parts: &mut [Part], found: &mut Vec<Found>) {
    for part in parts.iter_mut().take(FIRST).filter(|part| part.is_open()) {
        match names::label(&part.text) {
            Some((Section::Abstract, value)) => {
                found.push(Found::new("abstract", value, "label", part));
                part.kind = Kind::Abstract;
            }
            Some((Section::Keywords, value)) if part.text.len() <= LONGEST_KEYWORDS => {
                // A hyphen at the end of a line is no end of a term.
                let list = value.replace("-\n", "");
                found.extend(terms(&list).map(|term| Found::new("subject", term, "label", part)));
                part.kind = Kind::Keywords;
            }
            _ => {}
        }
    }
}

/// The terms of a list of keywords, parted at whichever mark the list uses.
pub(super) fn terms(list: &str) -> impl Iterator<Item = &str> {
    let list = list.trim().trim_end_matches(['.', '。', ';', '；']);
    let separators: &[char] = if list.contains([';', '；']) {
        &[';', '；', '\n']
    } else if list.contains([',', '，', '、']) {
        &[',', '，', '、', '\n']
    } else if list.contains(['·', '•', '|', '／', '/', '\n']) {
        &['·', '•', '|', '／', '/', '\n']
    } else {
        // Chinese lists part their terms with wide spaces, and a term has none inside.
        &['\u{3000}', '\t']
    };
    list.split(separators).map(str::trim).filter(|term| !term.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_parted_at_the_mark_they_use() {
        let read = |list| terms(list).collect::<Vec<_>>();
        assert_eq!(read("ports; rail, sea; trade."), ["ports", "rail, sea", "trade"]);
        assert_eq!(read("港口；铁路；贸易"), ["港口", "铁路", "贸易"]);
        assert_eq!(read("港口　铁路"), ["港口", "铁路"]);
        assert_eq!(read("порт, железная дорога"), ["порт", "железная дорога"]);
        assert_eq!(read("port"), ["port"]);
    }
}

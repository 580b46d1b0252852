//! Which heading every paragraph stands under, and what the heading makes of it.
//!
//! Only headings whose names say so change a kind: abstract, keywords, acknowledgement.

use super::names::{self, Section};
use super::{Found, Part, labels, numbering};
use crate::model::Kind;
use crate::text::marks;

/// An abstract under a heading of its own has at most so many paragraphs.
const LONGEST_ABSTRACT: usize = 3;

/// Gives paragraphs under `Abstract`, `Keywords` and `Acknowledgement` their kind.
pub(super) fn mark_by_heading(parts: &mut [Part], found: &mut Vec<Found>) {
    let mut section = None;
    let mut left = 0;
    for part in parts.iter_mut() {
        if part.kind == Kind::Heading {
            section = announced(&part.text);
            left = if section == Some(Section::Acknowledgement) {
                usize::MAX
            } else {
                LONGEST_ABSTRACT
            };
            continue;
        }
        if !part.is_open() || left == 0 {
            continue;
        }
        left -= 1;
        match section {
            // A short line below is a note or a menu, and what follows it is no summary either.
            Some(Section::Abstract) if marks::width(&part.text, 80) < 80 => left = 0,
            Some(Section::Abstract) => {
                found.push(Found::new("abstract", &*part.text, "heading", part));
                part.kind = Kind::Abstract;
            }
            Some(Section::Keywords) => {
                let list = part.text.replace("-\n", "");
                let terms = labels::terms(&list);
                found.extend(terms.map(|term| Found::new("subject", term, "heading", part)));
                part.kind = Kind::Keywords;
                left = 0;
            }
            Some(Section::Acknowledgement) => part.kind = Kind::Acknowledgement,
            _ => {}
        }
    }
}

fn announced(heading: &str) -> Option<Section> {
    let words = numbering::of(heading).map_or(0, |number| number.words);
    names::section(heading.get(words..)?)
}

/// For every part the place of the heading it stands under; for a heading, of the one above it.
pub(super) fn of(parts: &[Part]) -> Vec<Option<usize>> {
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut sections = Vec::with_capacity(parts.len());
    for (place, part) in parts.iter().enumerate() {
        match part.kind {
            Kind::Heading => {
                let depth = part.depth.unwrap_or(1);
                open.retain(|(above, _)| *above < depth);
                sections.push(open.last().map(|(_, heading)| *heading));
                open.push((depth, place));
            }
            Kind::Title | Kind::Creator | Kind::Affiliation | Kind::Boilerplate => {
                sections.push(None)
            }
            _ => sections.push(open.last().map(|(_, heading)| *heading)),
        }
    }
    sections
}

//! Which blocks are the titles of sections, and at what level.
//!
//! Marked headings (`##`, underlines) are believed. Without a mark a line is a heading only by its
//! number or by being one of the names that sections commonly have; being short is no evidence.

use super::numbering::{self, Form, Number};
use super::{Part, names};
use crate::model::Kind;
use crate::text::marks;
use crate::text::segment::Mark;

/// The longest line that is believed to be a heading without a mark, in columns.
const LONGEST: usize = 120;

/// The longest marked one, in bytes; a longer one is a paragraph that someone marked for its size.
const LONGEST_MARKED: usize = 600;

/// Gives headings their kind and their depth.
pub(super) fn mark(parts: &mut [Part]) {
    let candidates: Vec<Option<Number>> = parts.iter().map(candidate).collect();
    let numbers = Numbers::of(&candidates);
    let mut headings = Vec::new();
    for (place, number) in candidates.iter().enumerate() {
        let Some(number) = number else { continue };
        if is_listed(&candidates, place) {
            continue;
        }
        if is_heading(parts, &candidates, &numbers, place) {
            headings.push((place, number.depth));
        }
    }
    for (place, depth) in headings {
        set(parts, place, depth);
    }
    let named = named(parts);
    for place in named {
        set(parts, place, 1);
    }
    settle_depths(parts);
}

fn set(parts: &mut [Part], place: usize, depth: u8) {
    if let Some(part) = parts.get_mut(place) {
        part.kind = Kind::Heading;
        part.depth = Some(depth);
    }
}

/// The number of a block that has the shape of a heading.
fn candidate(part: &Part) -> Option<Number> {
    if !part.is_open() || part.text.len() > 3 * LONGEST {
        return None;
    }
    let number = numbering::of(&part.text).filter(|_| has_shape(&part.text))?;
    let words = part.text.get(number.words..)?;
    (number.form == Form::Chapter || !marks::starts_lower(words)).then_some(number)
}

fn has_shape(text: &str) -> bool {
    if text.len() > 3 * LONGEST || marks::width(text, LONGEST + 1) > LONGEST {
        return false;
    }
    let question = text.ends_with(['?', '？']);
    let open = !marks::ends_closed(text) && !text.ends_with([',', '，', '、', '-']);
    (question || open) && !text.contains('\n')
}

/// Whether a numbered line stands among its siblings without text between them: a table of
/// contents or a list, not headings.
fn is_listed(candidates: &[Option<Number>], place: usize) -> bool {
    let at =
        |place: Option<usize>| place.and_then(|place| candidates.get(place)).copied().flatten();
    let Some(here) = at(Some(place)) else { return false };
    if let Some(next) = at(place.checked_add(1)) {
        // A deeper heading may follow at once, but not a later one of the same level.
        if next.depth < here.depth || (next.depth == here.depth && next.last > here.last) {
            return true;
        }
        if next.depth > here.depth && is_listed(candidates, place + 1) {
            return true;
        }
    }
    let Some(before) = at(place.checked_sub(1)) else { return false };
    before.depth == here.depth && before.last < here.last
        || before.depth > here.depth && here.last > 1
}

fn is_heading(
    parts: &[Part],
    candidates: &[Option<Number>],
    numbers: &Numbers,
    place: usize,
) -> bool {
    let Some((part, next)) = parts.get(place).zip(parts.get(place + 1)) else { return false };
    let Some(number) = candidates.get(place).and_then(Option::as_ref) else { return false };
    if next.kind == Kind::Row || next.kind == Kind::Boilerplate && parts.len() == place + 2 {
        return false;
    }
    match number.form {
        Form::Chapter => true,
        Form::Levels => number.marked || numbers.have_relative(),
        Form::Han => next.is_open() || next.kind == Kind::Heading,
        Form::Single => {
            let name = part.text.get(number.words..).unwrap_or_default();
            let opens_text = next.is_open() && next.text.len() > part.text.len();
            let opens_level = candidates
                .get(place + 1)
                .and_then(Option::as_ref)
                .is_some_and(|next| next.depth == 2 && next.form == Form::Levels);
            let named = names::section(name).is_some();
            named || opens_level || opens_text && part.apart && numbers.have_sibling(number)
        }
    }
}

/// Which numbers stand before lines that may be headings, taken together once, so that a line can
/// ask for its relatives without a walk through the document.
struct Numbers {
    singles: [bool; 64],
    /// Whether there is one of two levels.
    second_level: bool,
    /// How many are of several levels or of the first.
    relatives: usize,
}

impl Numbers {
    fn of(candidates: &[Option<Number>]) -> Self {
        let mut numbers = Self { singles: [false; 64], second_level: false, relatives: 0 };
        for number in candidates.iter().flatten() {
            let levels = number.form == Form::Levels;
            numbers.second_level |= levels && number.depth == 2;
            numbers.relatives += usize::from(levels || number.depth == 1);
            let single = number.form == Form::Single;
            if let Some(seen) = numbers.singles.get_mut(number.last as usize).filter(|_| single) {
                *seen = true;
            }
        }
        numbers
    }

    /// Whether another numbered line makes it likely that `1.5` is a section and no quantity.
    const fn have_relative(&self) -> bool {
        self.relatives > 1
    }

    /// Whether the number before or after this one stands before a heading somewhere else.
    fn have_sibling(&self, number: &Number) -> bool {
        let seen = |n: u32| self.singles.get(n as usize).copied().unwrap_or(false);
        self.second_level || seen(number.last + 1) || number.last > 0 && seen(number.last - 1)
    }
}

/// Unmarked lines that are nothing but the name of a section.
fn named(parts: &[Part]) -> Vec<usize> {
    let is_named = |(place, part): (usize, &Part)| {
        if !part.is_open() || names::section(&part.text).is_none() {
            return None;
        }
        let next = parts.get(place + 1)?;
        let before = place.checked_sub(1).and_then(|before| parts.get(before));
        // In a text without blank lines a menu has such words too.
        let after_text = before.is_none_or(|before| marks::ends_closed(&before.text));
        let stands_alone = part.apart && (next.apart || next.text.len() > 40);
        (stands_alone || after_text && next.text.len() > 40).then_some(place)
    };
    parts.iter().enumerate().filter_map(is_named).collect()
}

/// Depth comes from the number where there is one, else from the mark. In a document that numbers
/// its sections, one that is merely named stands beside section 1, whatever mark it bears.
fn settle_depths(parts: &mut [Part]) {
    let is_heading = |part: &&Part| part.kind == Kind::Heading;
    let numbers = |part: &Part| {
        numbering::of(&part.text).filter(|number| {
            number.form != Form::Single
                || part.text.get(..number.words).is_some_and(|n| n.contains(['.', '．']))
        })
    };
    let numbered =
        parts.iter().filter(is_heading).filter_map(numbers).any(|number| number.depth == 1);
    for part in parts.iter_mut().filter(|part| part.kind == Kind::Heading) {
        if part.text.len() > LONGEST_MARKED && matches!(part.mark, Mark::Heading(_)) {
            part.kind = Kind::Body;
            part.depth = None;
            continue;
        }
        if let Some(number) = numbers(part) {
            part.depth = Some(number.depth);
        } else if numbered && names::section(&part.text).is_some() {
            part.depth = Some(1);
        }
    }
}

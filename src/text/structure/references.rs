//! The entries of lists of works cited.
//!
//! An entry is believed under a heading that says so, or in a run numbered `[1]`, `[2]`, `[3]`; and
//! only if it looks like one, so that prose under such a heading stays body text.

use super::{Part, names};
use crate::model::Kind;
use crate::text::marks;

/// The longest entry, in bytes.
const LONGEST: usize = 2000;

/// Marks the entries of lists of references.
pub(super) fn mark(parts: &mut [Part]) {
    let mut under = false;
    for place in 0..parts.len() {
        let in_run = is_run(parts, place);
        let Some(part) = parts.get_mut(place) else { break };
        if part.kind == Kind::Heading {
            let name = part
                .text
                .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ' | '、'));
            under = names::section(name) == Some(names::Section::References);
        } else if matches!(part.kind, Kind::Body | Kind::Item)
            && (in_run || under && is_entry(&part.text))
        {
            part.kind = Kind::Reference;
        }
    }
}

fn is_entry(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    marks::after_number(text).is_some()
        || has_year(text)
        || text.contains("://")
        || text.contains("doi")
}

/// Whether this block belongs to three or more in a row, numbered one after the other in square
/// brackets, each with a year.
fn is_run(parts: &[Part], place: usize) -> bool {
    let number = |place: usize| {
        let part = parts.get(place).filter(|part| {
            matches!(part.kind, Kind::Body | Kind::Item | Kind::Reference)
                && part.text.len() <= LONGEST
        })?;
        let (number, rest) =
            marks::after_number(&part.text).filter(|_| part.text.starts_with(['[', '［', '【']))?;
        has_year(rest).then_some(number)
    };
    let Some(here) = number(place) else { return false };
    let follows = |from: usize, n: u32| number(from) == Some(n);
    let next = follows(place + 1, here + 1);
    let before = place >= 1 && here >= 1 && follows(place - 1, here - 1);
    let two_on = next && follows(place + 2, here + 2);
    let two_back = before && place >= 2 && here >= 2 && follows(place - 2, here - 2);
    two_on || two_back || next && before
}

/// Whether a year from 1500 to 2099 stands in the text.
fn has_year(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let starts_year = |(at, window): (usize, &[u8])| {
        let plausible = matches!(window, [b'1', b'5'..=b'9', ..] | [b'2', b'0', ..]);
        plausible
            && window.iter().all(u8::is_ascii_digit)
            && !is_digit(bytes.get(at + 4))
            && !(at > 0 && is_digit(bytes.get(at - 1)))
    };
    bytes.windows(4).enumerate().any(starts_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_four_digits_alone() {
        assert!(has_year("Jin Z. Ports. 2018(8):62"));
        assert!(!has_year("No. 12018"));
        assert!(!has_year("call 20185"));
        assert!(!has_year("in 3018"));
    }
}

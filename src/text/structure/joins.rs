//! Mends paragraphs that a page break or a picture cut in two.
//!
//! Only running text is joined with running text, and only where the first part cannot be whole: it
//! stops in mid-sentence and the next goes on in lower case, or it stops on a word that needs
//! another.

use std::borrow::Cow;

use super::Part;
use crate::model::Kind;
use crate::text::lines::LONGEST;
use crate::text::{marks, segment};

/// A part that stops in mid-sentence is believed to be cut only from this width on, in columns;
/// shorter ones are verses, addresses and headings.
const WIDE_ENOUGH: usize = 60;

/// How many captions and page numbers may stand between the two parts.
const BETWEEN: usize = 2;

/// Words after which a sentence cannot stop, in lower case.
const NEEDS_MORE: &[&str] = &[
    "the",
    "a",
    "an",
    "of",
    "in",
    "on",
    "at",
    "to",
    "for",
    "from",
    "with",
    "by",
    "and",
    "or",
    "nor",
    "as",
    "into",
    "between",
    "among",
    "through",
    "under",
    "over",
    "than",
    "that",
    "which",
    "who",
    "whose",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "its",
    "their",
    "his",
    "her",
    "our",
    "this",
    "these",
    "those",
    "such",
    "every",
    "each",
    "de",
    "la",
    "le",
    "les",
    "des",
    "du",
    "et",
    "der",
    "die",
    "das",
    "und",
    "von",
    "в",
    "во",
    "на",
    "и",
    "с",
    "со",
    "по",
    "для",
    "из",
    "от",
    "о",
    "об",
    "к",
    "у",
    "за",
    "при",
    "или",
    "что",
    "чтобы",
    "не",
    "между",
    "через",
    "под",
    "над",
    "без",
    "до",
    "как",
    "его",
    "их",
    "а",
    "но",
];

/// Endings after which a Chinese, Japanese or Korean sentence cannot stop.
const CJK_NEEDS_MORE: &[&str] = &[
    "的", "和", "与", "與", "及", "在", "对", "對", "从", "為", "为", "将", "把", "被", "以", "，",
    "、", "は", "が", "を", "に", "の", "と", "も", "へ", "을", "를", "은", "는", "의", "에", "와",
    "과", "및",
];

/// Joins what was cut. Page numbers and captions that stood between come after the whole.
pub(super) fn join<'a>(parts: Vec<Part<'a>>, pages: &[usize]) -> Vec<Part<'a>> {
    let mut joined: Vec<Part<'a>> = Vec::with_capacity(parts.len());
    for part in parts {
        let place = first_part(&joined, &part, pages);
        if let Some(first) = place.and_then(|place| joined.get_mut(place)) {
            absorb(first, part);
            continue;
        }
        joined.push(part);
    }
    joined
}

/// Where the paragraph stands that this part goes on, if there is one.
fn first_part(joined: &[Part], part: &Part, pages: &[usize]) -> Option<usize> {
    if !part.is_open() || part.cut {
        return None;
    }
    let floats = |part: &&Part| {
        part.kind == Kind::Caption || part.kind == Kind::Boilerplate && part.text.len() <= 16
    };
    let skipped = joined.iter().rev().take(BETWEEN).take_while(floats).count();
    let place = joined.len().checked_sub(skipped + 1)?;
    let first = joined.get(place)?;
    if !first.is_open() || first.text.len() + part.text.len() > LONGEST - 1 {
        return None;
    }
    let crosses_page = || {
        let ended = pages.partition_point(|end| *end < first.span.end);
        pages.get(ended).is_some_and(|end| *end < part.span.start)
    };
    goes_on(&first.text, &part.text, skipped > 0, crosses_page).then_some(place)
}

fn goes_on(first: &str, next: &str, skipped: bool, crosses_page: impl Fn() -> bool) -> bool {
    if marks::ends_closed(first) || marks::starts_item(next) {
        return false;
    }
    if marks::width(first, WIDE_ENOUGH) < WIDE_ENOUGH {
        return false;
    }
    if marks::starts_lower(next) {
        return true;
    }
    let ends = |words: &[&str]| words.iter().any(|word| first.ends_with(word));
    let starts_cjk = next.starts_with(|c| marks::is_spaceless(c) || marks::is_hangul(c));
    let ends_cjk = first.ends_with(|c| marks::is_spaceless(c) || marks::is_hangul(c));
    if starts_cjk && ends_cjk {
        return !next.starts_with(['（', '［', '【', '《', '「', '『'])
            && (ends(CJK_NEEDS_MORE) && !skipped || crosses_page());
    }
    // What follows a picture in capitals is a new sentence more often than not.
    !skipped && !starts_cjk && next.starts_with(char::is_alphanumeric) && stops_on_needy_word(first)
}

fn stops_on_needy_word(text: &str) -> bool {
    let Some(word) = text.rsplit([' ', '\n', '\u{a0}']).next() else { return false };
    word.len() <= 16 && NEEDS_MORE.contains(&&*word.to_lowercase())
}

fn absorb<'a>(first: &mut Part<'a>, next: Part<'a>) {
    let mut whole = std::mem::replace(&mut first.text, Cow::Borrowed("")).into_owned();
    segment::append(&mut whole, &next.text);
    first.text = Cow::Owned(whole);
    first.span.end = next.span.end;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(first: &str, next: &str) -> bool {
        goes_on(first, next, false, || false)
    }

    #[test]
    fn sentences_cut_in_the_middle_go_on() {
        let first = "The merchants of the town had asked for a second line to the harbour";
        assert!(on(first, "and paid for it themselves."));
        assert!(on(&format!("{first} of the"), "Northern Province."));
        assert!(!on(first, "Northern Province."));
        assert!(!on(&format!("{first}."), "and paid."));
        assert!(!on(&format!("{first}.”[3]"), "and paid."));
        assert!(!on("The harbour", "and paid."));
        assert!(!on(first, "a) the first."));
        assert!(on(
            "Купцы этого города просили провести вторую железную дорогу в",
            "Северную область."
        ));
        assert!(on(
            "这座城市的商人多次请求政府修建通往港口的第二条铁路，以便更好地发展对外贸易的",
            "需要。"
        ));
        assert!(!on(
            "这座城市的商人多次请求政府修建通往港口的第二条铁路，以便更好地发展对外贸易",
            "需要。"
        ));
    }

    #[test]
    fn a_page_break_joins_caseless_text_that_has_not_ended() {
        let first = "这座城市的商人多次请求政府修建通往港口的第二条铁路，以便更好地发展对外贸易";
        assert!(goes_on(first, "关系。", false, || true));
    }
}

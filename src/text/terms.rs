//! Cuts what somebody typed into terms and operators.
//!
//! Nothing typed is an error: whatever is not an operator in its place is words.

use super::concepts::Found;
use super::unicode61::is_word;

/// One part of a typed query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Words or a phrase.
    Term(Term<'a>),
    /// `NEAR(one two, 5)`: terms within so many words.
    Together(Vec<Term<'a>>, u32),
    /// `AND`.
    And,
    /// `OR`.
    Or,
    /// `NOT`.
    Not,
    /// `NEAR` or `NEAR/5`, with the number of words between.
    Near(u32),
}

/// Words between white space, or a phrase between quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Term<'a> {
    /// The text without quotation marks, sign and star.
    pub(super) text: &'a str,
    /// Whether it stood between quotation marks.
    pub(super) quoted: bool,
    /// Whether a `+` stood before it.
    pub(super) plus: bool,
    /// Whether a `-` stood before it.
    pub(super) minus: bool,
    /// Whether a `*` stood after it.
    pub(super) star: bool,
    /// Which of the expressions that were found it is.
    pub(super) concept: Option<usize>,
}

/// How many words may stand between the sides of a plain `NEAR`; FTS5's own default.
const NEAR: u32 = 10;

/// Marks that open a phrase, and those that close it.
const QUOTES: [(&str, &[char]); 4] = [
    ("\"“”„‟＂", &['"', '“', '”', '„', '‟', '＂']),
    ("「", &['」']),
    ("『", &['』']),
    ("«»", &['«', '»']),
];

/// The parts of a typed query, in order; expressions that were found in it stay whole.
pub(super) fn parts<'a>(typed: &'a str, found: &[Found]) -> Vec<Part<'a>> {
    let ahead = Ahead { whole: typed.len(), found };
    let mut parts = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        if let Some((together, after)) = together(rest, ahead) {
            parts.push(together);
            rest = after.trim_start();
            continue;
        }
        let (term, after) = term(rest, ahead);
        parts.push(operator(&term).unwrap_or(Part::Term(term)));
        rest = after.trim_start();
    }
    parts
}

fn operator<'a>(term: &Term<'a>) -> Option<Part<'a>> {
    if term.quoted || term.plus || term.minus || term.star || term.concept.is_some() {
        return None;
    }
    match term.text {
        "AND" => Some(Part::And),
        "OR" => Some(Part::Or),
        "NOT" => Some(Part::Not),
        "NEAR" => Some(Part::Near(NEAR)),
        text => text.strip_prefix("NEAR/")?.parse().ok().map(Part::Near),
    }
}

fn together<'a>(rest: &'a str, ahead: Ahead) -> Option<(Part<'a>, &'a str)> {
    let (inner, after) = rest.strip_prefix("NEAR(")?.split_once(')')?;
    let (inner, within) = match inner.rsplit_once(',') {
        Some((terms, number)) if number.trim().parse::<u32>().is_ok() => {
            (terms, number.trim().parse().unwrap_or(NEAR))
        }
        _ => (inner, NEAR),
    };
    let mut terms = Vec::new();
    // Only here the text does not reach to the end of what was typed, so nothing is found in it.
    let ahead = Ahead { found: &[], ..ahead };
    let mut rest = inner.trim_start();
    while !rest.is_empty() {
        let (term, after) = term(rest, ahead);
        terms.push(term);
        rest = after.trim_start();
    }
    Some((Part::Together(terms, within), after))
}

/// Where in a text, told by what is left of it, expressions were found.
#[derive(Clone, Copy)]
struct Ahead<'f> {
    whole: usize,
    found: &'f [Found],
}

impl Ahead<'_> {
    /// The first expression that begins in the rest of the text, and where in the rest it stands.
    fn next(self, rest: &str) -> Option<(usize, std::ops::Range<usize>)> {
        let here = self.whole - rest.len();
        let at = self.found.partition_point(|one| one.span.start < here);
        let span = &self.found.get(at)?.span;
        Some((at, span.start - here..span.end - here))
    }
}

/// The term at the start of the text, which is not empty and starts with no white space.
fn term<'a>(text: &'a str, ahead: Ahead) -> (Term<'a>, &'a str) {
    let mut term = Term::default();
    let mut rest = text;
    if let Some(unsigned) = text.strip_prefix(['-', '+']) {
        // A sign counts only right before a word: `- 5`, `--` and `-` alone are punctuation.
        if unsigned.starts_with(|c| is_word(c) || closers(c).is_some()) {
            term.minus = text.starts_with('-');
            term.plus = !term.minus;
            rest = unsigned;
        }
    }
    let after = match rest.chars().next().and_then(closers) {
        Some(closers) => {
            let inner = rest.strip_prefix(|_| true).unwrap_or_default();
            let (phrase, after) = inner.split_once(closers).unwrap_or((inner, ""));
            (term.text, term.quoted) = (phrase, true);
            term.concept = ahead.next(inner).and_then(|(at, span)| {
                let (before, after) = (phrase.get(..span.start)?, phrase.get(span.end..)?);
                (!before.contains(is_word) && !after.contains(is_word)).then_some(at)
            });
            match after.strip_prefix('*') {
                Some(after) => {
                    term.star = true;
                    after
                }
                None => after,
            }
        }
        None => {
            let ends = |c: char| c.is_whitespace() || closers(c).is_some();
            let mut end = rest.find(ends).unwrap_or(rest.len());
            match ahead.next(rest) {
                Some((at, span)) if span.start == 0 => {
                    term.concept = Some(at);
                    let (text, after) = rest.split_at_checked(span.end).unwrap_or((rest, ""));
                    term.text = text;
                    // What a mark joins to it is no excluded term.
                    return (term, after.trim_start_matches(['-', '+', '*']));
                }
                Some((_, span)) => end = end.min(span.start),
                None => {}
            }
            let (chunk, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let word = chunk.trim_end_matches([')', ']', ',', '.', ';', ':', '!', '?']);
            let starred = word.strip_suffix('*').filter(|word| word.ends_with(is_word));
            term.star = starred.is_some();
            term.text = starred.unwrap_or(chunk);
            after
        }
    };
    (term, after)
}

/// Whether the mark opens or closes a phrase.
pub(super) fn is_quote(c: char) -> bool {
    QUOTES.iter().any(|(openers, closers)| openers.contains(c) || closers.contains(&c))
}

fn closers(c: char) -> Option<&'static [char]> {
    QUOTES.iter().find(|(openers, _)| openers.contains(c)).map(|&(_, closers)| closers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Part<'_> {
        Part::Term(Term { text, ..Term::default() })
    }

    fn phrase(text: &str) -> Part<'_> {
        Part::Term(Term { text, quoted: true, ..Term::default() })
    }

    #[test]
    fn phrases_stand_between_any_quotation_marks_and_need_no_end() {
        assert_eq!(
            parts("\"a b\" “c d” «e f» 「東 京」『x』 it’s \"open end", &[]),
            [
                phrase("a b"),
                phrase("c d"),
                phrase("e f"),
                phrase("東 京"),
                phrase("x"),
                word("it’s"),
                phrase("open end")
            ]
        );
    }

    #[test]
    fn signs_and_stars_count_only_at_a_word() {
        let minus = Part::Term(Term { text: "tax", minus: true, ..Term::default() });
        let plus = Part::Term(Term { text: "a b", plus: true, quoted: true, ..Term::default() });
        let star = Part::Term(Term { text: "(ping", star: true, ..Term::default() });
        assert_eq!(
            parts("one-belt -tax +\"a b\" (ping*), * - -- +", &[]),
            [word("one-belt"), minus, plus, star, word("*"), word("-"), word("--"), word("+"),]
        );
    }

    #[test]
    fn operators_are_written_in_capitals() {
        assert_eq!(
            parts("a AND b or c OR d NEAR/3 e NOT NEAR(f \"g h\", 4) NEAR(i", &[]),
            [
                word("a"),
                Part::And,
                word("b"),
                word("or"),
                word("c"),
                Part::Or,
                word("d"),
                Part::Near(3),
                word("e"),
                Part::Not,
                Part::Together(
                    vec![
                        Term { text: "f", ..Term::default() },
                        Term { text: "g h", quoted: true, ..Term::default() },
                    ],
                    4
                ),
                word("NEAR(i"),
            ]
        );
    }
}

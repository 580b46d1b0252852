//! Cuts the words of one term into pieces that belong together, and tells what a piece is.
//!
//! It sees one term and never the whole query.

use crate::text::stopwords::is_stopword;
use crate::text::words::Word;

/// The words of a term in pieces that belong together: a run of CJK characters, or words that only one
/// mark joins, as in `one-belt`, `62.5` or `R&D`.
pub(super) fn pieces<'w>(text: &str, words: &'w [Word]) -> Vec<&'w [Word]> {
    let pieces = words.chunk_by(|one, next| {
        let gap = text.get(one.span.end..next.span.start).unwrap_or(" ");
        match (one.cjk, next.cjk) {
            (true, true) => gap.is_empty(),
            (false, false) => joins(gap, one, next),
            _ => false,
        }
    });
    pieces.map(|piece| without_possessive(text, piece)).collect()
}

fn joins(gap: &str, one: &Word, next: &Word) -> bool {
    let digits = || one.text.ends_with(char::is_numeric) && next.text.starts_with(char::is_numeric);
    let mut marks = gap.chars();
    match (marks.next(), marks.next()) {
        (Some(',' | ':'), None) => digits(),
        (Some(mark), None) => {
            matches!(
                mark,
                '-' | '\u{2010}'
                    ..='\u{2013}'
                        | '.'
                        | '\''
                        | '’'
                        | '&'
                        | '/'
                        | '_'
                        | '@'
                        | '+'
                        | '#'
                        | '%'
                        | '~'
                        | '='
            )
        }
        _ => false,
    }
}

fn without_possessive<'w>(text: &str, piece: &'w [Word]) -> &'w [Word] {
    let [owner @ .., before, s] = piece else { return piece };
    let gap = text.get(before.span.end..s.span.start);
    if s.text == "s" && matches!(gap, Some("'" | "’")) {
        piece.get(..=owner.len()).unwrap_or(piece)
    } else {
        piece
    }
}

pub(super) fn is_run(piece: &[Word]) -> bool {
    piece.iter().all(|word| word.cjk)
}

pub(super) fn is_hangul(piece: &[Word]) -> bool {
    let hangul = |c: char| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{ac00}'..='\u{d7fb}');
    !piece.is_empty() && piece.iter().all(|word| word.text.chars().all(hangul))
}

pub(super) fn is_common(piece: &[Word]) -> bool {
    match piece {
        [word] => is_stopword(&word.text),
        _ if is_run(piece) && piece.len() <= 4 => {
            is_stopword(&piece.iter().map(|word| word.text.as_str()).collect::<String>())
        }
        _ => false,
    }
}

/// Whether the piece is made of whole words that hyphens or strokes join, as `ice-free` or `road/rail`:
/// a text may have them apart, in other forms or the other way round.
pub(super) fn is_compound(text: &str, piece: &[Word]) -> bool {
    let gaps = piece.windows(2).all(|pair| {
        let [one, next] = pair else { return false };
        let gap = text.get(one.span.end..next.span.start).unwrap_or_default();
        matches!(gap, "-" | "\u{2010}" | "\u{2011}" | "\u{2012}" | "\u{2013}" | "/")
    });
    let whole = |word: &Word| {
        word.text.chars().all(char::is_alphabetic) && word.text.chars().nth(1).is_some()
    };
    piece.len() > 1 && gaps && !is_run(piece) && piece.iter().all(whole)
}

/// Whether hyphens alone join the words, which are made of letters: what others write as one word.
pub(super) fn is_hyphened(text: &str, piece: &[Word]) -> bool {
    let gaps = piece.windows(2).all(|pair| {
        let [one, next] = pair else { return false };
        let gap = text.get(one.span.end..next.span.start).unwrap_or_default();
        matches!(gap, "-" | "\u{2010}" | "\u{2011}")
    });
    let letters = |word: &Word| word.text.chars().all(char::is_alphabetic);
    piece.len() > 1 && gaps && !is_run(piece) && piece.iter().all(letters)
}

/// Whether two characters out of a longer run only hold a sentence together: hiragana alone, or with a
/// Chinese particle. They are the most frequent of all, so they tell least and cost most.
pub(super) fn is_filling(pair: &[Word]) -> bool {
    let is = |test: fn(char) -> bool| move |word: &Word| word.text.chars().all(test);
    pair.len() == 2
        && (pair.iter().all(is(|c| matches!(c, '\u{3041}'..='\u{309f}')))
            || pair.iter().any(is(|c| matches!(c, '的' | '了'))))
}

/// Whether the piece is written in two capital letters or more.
pub(super) fn is_capitals(text: &str, piece: &[Word]) -> bool {
    let ([first, ..], [.., last]) = (piece, piece) else { return false };
    let written = text.get(first.span.start..last.span.end).unwrap_or_default();
    written.chars().count() > 1 && written.chars().all(char::is_uppercase)
}

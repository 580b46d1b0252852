//! The language of the search box: whatever somebody types, read as words to be found.
//!
//! No text is refused. Bare words are wanted: the more of them and the rarer, the better the hit.
//! Phrases in quotation marks, terms with `+` and terms joined by `AND` or `NEAR` must be there; terms
//! after `-` or `NOT` must not. `OR` joins the terms on its two sides and binds more tightly than `AND`.
//! A star makes a prefix. This module only reads; which inflected forms stand in an archive is for
//! `store` to look up.

use super::stems::stem;
use super::stopwords::is_stopword;
use super::terms::{Part, Term, is_quote, parts};
use super::words::{Word, words};

/// A typed query.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Typed {
    /// What was asked for, in the order it was typed; at most [`Typed::MOST`] clauses.
    pub clauses: Vec<Clause>,
    /// Whether it is a sentence, with stopwords or a long run of Chinese or Japanese, and not a list of
    /// terms.
    pub sentence: bool,
}

/// One thing that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Whether a hit may, must or must not have it.
    pub role: Role,
    /// How often it was typed.
    pub weight: u32,
    /// Any of these will do.
    pub any: Vec<Unit>,
}

/// What a clause does to a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Makes it better.
    Wanted,
    /// Must be there.
    Required,
    /// Must not be there.
    Excluded,
}

/// One phrase, or several that stand near each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The phrases; more than one only for `NEAR`.
    pub phrases: Vec<Phrase>,
    /// How many words may stand between the phrases.
    pub within: u32,
}

/// Words that follow one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The words in the index's spelling, at least one.
    pub words: Vec<String>,
    /// Whether the last word is the start of a word.
    pub prefix: bool,
    /// Whether other forms of the word count too; only for a single word.
    pub inflected: bool,
}

impl Typed {
    /// The most clauses a query has: what is typed beyond them is left out, which only the length of a
    /// pasted page can bring about.
    pub const MOST: usize = 128;

    /// Reads a typed query; `exact` keeps words from standing for their other forms.
    pub fn read(typed: &str, exact: bool) -> Self {
        let mut clauses = Vec::new();
        let chains = chains(&parts(typed));
        let whole = Whole::of(&chains);
        for chain in &chains {
            chain.read(whole, &mut clauses);
            if clauses.len() > 16 * Self::MOST {
                break;
            }
        }
        let sentence = whole.sentence || clauses.iter().any(|(_, common)| *common);
        let telling = |(clause, common): &(Clause, bool)| clause.role != Role::Excluded && !common;
        if clauses.iter().any(telling) {
            clauses.retain(|(clause, common)| clause.role != Role::Wanted || !common);
        }
        let mut typed = Self { sentence, ..Self::default() };
        for (clause, _) in clauses {
            typed.add(clause);
        }
        if exact {
            let units = typed.clauses.iter_mut().flat_map(|clause| &mut clause.any);
            units.flat_map(|unit| &mut unit.phrases).for_each(|phrase| phrase.inflected = false);
        }
        typed
    }

    /// Whether there is nothing to be found: no word at all, or none but excluded ones.
    pub fn is_empty(&self) -> bool {
        self.clauses.iter().all(|clause| clause.role == Role::Excluded)
    }

    fn add(&mut self, clause: Clause) {
        let same =
            |other: &&mut Clause| other.role == clause.role && same_units(&other.any, &clause.any);
        if let Some(other) = self.clauses.iter_mut().find(same) {
            other.weight += clause.weight;
        } else if self.clauses.len() < Self::MOST {
            self.clauses.push(clause);
        }
    }
}

/// The typed query with a space for every quotation mark, so that its phrases are bare words.
pub fn unquoted(typed: &str) -> String {
    typed.chars().map(|c| if is_quote(c) { ' ' } else { c }).collect()
}

/// The terms of a typed query that a hit may or must have, one by one as they were typed, without
/// stopwords: what to name when nothing is found.
pub fn terms(typed: &str) -> Vec<String> {
    let mut shown = Vec::new();
    let parts = parts(typed);
    let chains = chains(&parts);
    for chain in chains.iter().filter(|chain| !chain.excluded) {
        for term in chain.members.iter().flat_map(|(terms, _)| terms).filter(|term| !term.minus) {
            let words = words(term.text);
            let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
            let plain = term.text.get(first.span.start..last.span.end).unwrap_or(term.text);
            let text = match (term.quoted, term.star) {
                (true, _) => format!("\"{plain}\""),
                (false, true) => format!("{plain}*"),
                (false, false) if is_common(&words) => continue,
                (false, false) => plain.to_owned(),
            };
            if !shown.contains(&text) && shown.len() < Typed::MOST {
                shown.push(text);
            }
        }
    }
    shown
}

/// Terms joined by `OR`, each of which may be several joined by `NEAR`.
#[derive(Default)]
struct Chain<'a> {
    members: Vec<(Vec<Term<'a>>, u32)>,
    required: bool,
    excluded: bool,
}

/// What the reading of one term depends on in all the others.
#[derive(Clone, Copy)]
struct Whole {
    /// Whether it holds a run of Han or kana too long for a word.
    sentence: bool,
    /// Whether there is nothing but one term.
    alone: bool,
    /// Whether it has letters that are not capitals, so that capitals mean a name: IT, WHO, US.
    mixed: bool,
}

fn chains<'a>(parts: &[Part<'a>]) -> Vec<Chain<'a>> {
    let is_term = |part: Option<&Part>| matches!(part, Some(Part::Term(_) | Part::Together(..)));
    let mut chains: Vec<Chain> = Vec::new();
    let mut joint = None;
    for (at, part) in parts.iter().enumerate() {
        let between = at > 0 && is_term(parts.get(at - 1)) && is_term(parts.get(at + 1));
        let member = match part {
            Part::Term(term) => (vec![*term], 0),
            Part::Together(terms, within) => (terms.clone(), *within),
            _ if between => {
                joint = Some(part);
                continue;
            }
            // An operator that joins nothing is the word it is written with.
            Part::And => (vec![Term { text: "and", ..Term::default() }], 0),
            Part::Or => (vec![Term { text: "or", ..Term::default() }], 0),
            Part::Not => (vec![Term { text: "not", ..Term::default() }], 0),
            Part::Near(_) => (vec![Term { text: "near", ..Term::default() }], 0),
        };
        join(&mut chains, member, joint.take());
    }
    chains
}

fn join<'a>(chains: &mut Vec<Chain<'a>>, member: (Vec<Term<'a>>, u32), joint: Option<&Part<'a>>) {
    match (joint, chains.last_mut()) {
        (Some(Part::Or), Some(last)) => return last.members.push(member),
        (Some(Part::Near(within)), Some(last)) => {
            last.required = true;
            if let Some((terms, widest)) = last.members.last_mut() {
                terms.extend(member.0);
                *widest = (*widest).max(*within);
            }
            return;
        }
        (Some(Part::And), Some(last)) => last.required = true,
        _ => {}
    }
    let required = matches!(joint, Some(Part::And)) || member.0.len() > 1;
    let excluded = matches!(joint, Some(Part::Not));
    chains.push(Chain { members: vec![member], required, excluded });
}

impl Chain<'_> {
    fn read(&self, whole: Whole, clauses: &mut Vec<(Clause, bool)>) {
        let terms = || self.members.iter().flat_map(|(terms, _)| terms);
        if self.excluded || terms().any(|term| term.minus) {
            let units = self.members.iter().filter_map(|(terms, within)| unit(terms, *within));
            clauses.extend(units.map(|unit| (clause(Role::Excluded, vec![unit]), false)));
        } else if self.required || terms().any(|term| term.quoted || term.plus) {
            let any: Vec<Unit> =
                self.members.iter().filter_map(|(terms, within)| unit(terms, *within)).collect();
            if !any.is_empty() {
                clauses.push((clause(Role::Required, any), false));
            }
        } else {
            terms().for_each(|term| wanted(term, whole, clauses));
        }
    }
}

impl Whole {
    fn of(chains: &[Chain]) -> Self {
        let terms = || chains.iter().flat_map(|chain| &chain.members).flat_map(|(terms, _)| terms);
        let long = |term: &Term| {
            let words = words(term.text);
            pieces(term.text, &words)
                .iter()
                .any(|piece| piece.len() > 4 && is_run(piece) && !is_hangul(piece))
        };
        let mixed =
            |term: &Term| term.text.contains(|c: char| c.is_alphabetic() && !c.is_uppercase());
        Self {
            sentence: terms().any(long),
            alone: terms().nth(1).is_none(),
            mixed: terms().any(mixed),
        }
    }
}

fn clause(role: Role, any: Vec<Unit>) -> Clause {
    Clause { role, weight: 1, any }
}

/// The terms taken word by word as phrases: how a term must or must not be there.
fn unit(terms: &[Term], within: u32) -> Option<Unit> {
    let phrases: Vec<Phrase> = terms
        .iter()
        .filter_map(|term| {
            let words = words(term.text);
            phrase(&words, term.star, !term.quoted)
        })
        .collect();
    if phrases.is_empty() { None } else { Some(Unit { phrases, within }) }
}

fn phrase(words: &[Word], prefix: bool, inflected: bool) -> Option<Phrase> {
    let single = words.len() == 1 && words.iter().all(|word| !word.cjk);
    let words: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
    if words.is_empty() {
        None
    } else {
        Some(Phrase { words, prefix, inflected: inflected && single && !prefix })
    }
}

/// Adds the clauses of a bare term, each with whether it is a stopword.
fn wanted(term: &Term, whole: Whole, clauses: &mut Vec<(Clause, bool)>) {
    let all = words(term.text);
    let pieces = pieces(term.text, &all);
    let last = pieces.len().saturating_sub(1);
    for (at, piece) in pieces.iter().enumerate() {
        let star = term.star && at == last;
        let name = whole.mixed && is_capitals(term.text, piece);
        let common = is_common(piece) && !star && !name;
        let mut add = |words: &[Word], filling: bool| {
            let Some(phrase) = phrase(words, star, true) else { return };
            let common = common || (filling || is_common(words)) && !star && !name;
            let unit = Unit { phrases: vec![phrase], within: 0 };
            clauses.push((clause(Role::Wanted, vec![unit]), common));
        };
        let word = if is_hangul(piece) {
            piece.len() <= 2 || (whole.alone && piece.len() <= 4)
        } else {
            piece.len() <= 2 || (!whole.sentence && piece.len() <= 4)
        };
        if star || word || !is_run(piece) {
            add(piece, false);
            continue;
        }
        // A Korean word stands with its particles: the whole word is one more, rarer witness.
        if is_hangul(piece) {
            add(piece, false);
        }
        piece.windows(2).for_each(|pair| add(pair, is_filling(pair)));
    }
}

/// The words of a term in pieces that belong together: a run of CJK characters, or words that only one
/// mark joins, as in `one-belt`, `62.5` or `R&D`.
fn pieces<'w>(text: &str, words: &'w [Word]) -> Vec<&'w [Word]> {
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

fn is_run(piece: &[Word]) -> bool {
    piece.iter().all(|word| word.cjk)
}

fn is_hangul(piece: &[Word]) -> bool {
    let hangul = |c: char| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{ac00}'..='\u{d7fb}');
    !piece.is_empty() && piece.iter().all(|word| word.text.chars().all(hangul))
}

fn is_common(piece: &[Word]) -> bool {
    match piece {
        [word] => is_stopword(&word.text),
        _ if is_run(piece) && piece.len() <= 4 => {
            is_stopword(&piece.iter().map(|word| word.text.as_str()).collect::<String>())
        }
        _ => false,
    }
}

/// Whether two characters out of a longer run only hold a sentence together: hiragana alone, or with a
/// Chinese particle. They are the most frequent of all, so they tell least and cost most.
fn is_filling(pair: &[Word]) -> bool {
    let is = |test: fn(char) -> bool| move |word: &Word| word.text.chars().all(test);
    pair.len() == 2
        && (pair.iter().all(is(|c| matches!(c, '\u{3041}'..='\u{309f}')))
            || pair.iter().any(is(|c| matches!(c, '的' | '了'))))
}

/// Whether the piece is written in two capital letters or more.
fn is_capitals(text: &str, piece: &[Word]) -> bool {
    let ([first, ..], [.., last]) = (piece, piece) else { return false };
    let written = text.get(first.span.start..last.span.end).unwrap_or_default();
    written.chars().count() > 1 && written.chars().all(char::is_uppercase)
}

fn same_units(left: &[Unit], right: &[Unit]) -> bool {
    let ([left], [right]) = (left, right) else { return left == right };
    match (left.phrases.as_slice(), right.phrases.as_slice()) {
        ([left], [right]) if left.inflected && right.inflected => {
            left.words.iter().map(|word| stem(word)).eq(right.words.iter().map(|word| stem(word)))
        }
        _ => left == right,
    }
}

#[cfg(test)]
mod tests;

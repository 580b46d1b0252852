//! The language of the search box: whatever somebody types, read as words to be found.
//!
//! No text is refused. Bare words are wanted: the more of them and the rarer, the better the hit.
//! Phrases in quotation marks, terms with `+` and terms joined by `AND` or `NEAR` must be there; terms
//! after `-` or `NOT` must not. `OR` joins the terms on its two sides and binds more tightly than `AND`.
//! A star makes a prefix. This module only reads; which inflected forms stand in an archive is for
//! `store` to look up.

mod pieces;

use self::pieces::{
    is_capitals, is_common, is_compound, is_filling, is_hangul, is_hyphened, is_run, pieces,
};
use super::concepts::{Concepts, Expression, Found};
use super::stems::stem;
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
    /// Whether the index alone cannot tell what a hit is, so that its text must be looked at.
    pub checked: bool,
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
    /// Whether it is another expression or spelling of what was typed.
    pub other: bool,
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
    /// The words as they were typed, in small letters where capitals do not count.
    pub typed: Vec<String>,
    /// Which spellings of them count.
    pub spelled: Spelled,
}

/// Which spellings of a phrase count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Spelled {
    /// All that readers take for the same.
    #[default]
    Anyhow,
    /// The letters as they were typed, small or capital.
    Exactly,
    /// The letters as they were typed, small and capital.
    WithCapitals,
}

impl Typed {
    /// The most clauses a query has: what is typed beyond them is left out, which only the length of a
    /// pasted page can bring about.
    pub const MOST: usize = 128;

    /// The most phrases that may have to stand near each other; what goes beyond is left out.
    const MOST_NEAR: usize = 16;

    /// The most prefixes of one or two letters: each of them means a large part of an archive. More of
    /// them are words.
    const MOST_SHORT: usize = 4;

    /// The most words of a phrase that the index is asked for; what follows them is looked at in the
    /// text.
    pub const LONGEST: usize = 64;

    /// Reads a typed query; `exact` keeps words from standing for their other forms and spellings.
    pub fn read(typed: &str, exact: bool) -> Self {
        Self::with(typed, exact, &Concepts::default())
    }

    /// Reads a typed query in which expressions stand for their concepts; with `exact` they do not.
    pub fn with(typed: &str, exact: bool, concepts: &Concepts) -> Self {
        let found = if exact { Vec::new() } else { concepts.found(typed) };
        let mut clauses = Vec::new();
        let chains = chains(&parts(typed, &found));
        let whole = Whole::of(&chains, Known { concepts, found: &found });
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
            typed.clauses.iter_mut().for_each(|clause| clause.any.retain(|unit| !unit.other));
        }
        let mut short = 0;
        let units = typed.clauses.iter_mut().flat_map(|clause| &mut clause.any);
        for phrase in units.flat_map(|unit| &mut unit.phrases) {
            if phrase.is_short() {
                short += 1;
                phrase.prefix = short <= Self::MOST_SHORT;
            }
            if exact {
                phrase.inflected = false;
                phrase.spelled = Spelled::Exactly;
            }
            typed.checked |=
                phrase.spelled != Spelled::Anyhow || phrase.words.len() > Self::LONGEST;
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

/// Whether the character is hiragana, or a Chinese character that is mostly a particle.
pub const fn is_particle(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}' | '的' | '了' | '是' | '在' | '和')
}

/// The typed query with a space for every quotation mark, so that its phrases are bare words.
pub fn unquoted(typed: &str) -> String {
    typed.chars().map(|c| if is_quote(c) { ' ' } else { c }).collect()
}

/// The terms of a typed query that a hit may or must have, one by one as they were typed, without
/// stopwords: what to name when nothing is found.
pub fn terms(typed: &str) -> Vec<String> {
    let mut shown = Vec::new();
    let parts = parts(typed, &[]);
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
struct Whole<'a> {
    known: Known<'a>,
    /// Whether it holds a run of Han or kana too long for a word.
    sentence: bool,
    /// Whether there is nothing but one term.
    alone: bool,
    /// Whether it has letters that are not capitals, so that capitals mean a name: IT, WHO, US.
    mixed: bool,
}

/// The concepts of a query.
#[derive(Clone, Copy)]
struct Known<'a> {
    concepts: &'a Concepts,
    found: &'a [Found],
}

impl Known<'_> {
    /// What the term is with its other expressions, where it is one.
    fn units(self, term: &Term) -> Option<Vec<Unit>> {
        let found = self.found.get(term.concept?)?;
        let typed = expressed(self.concepts.expression(found)?, !term.quoted, false);
        let others = self.concepts.others(found).map(|other| expressed(other, true, true));
        Some(std::iter::once(typed).chain(others).collect())
    }
}

fn expressed(expression: &Expression, inflected: bool, other: bool) -> Unit {
    let inflected = inflected && !expression.capitals && expression.words.len() == 1;
    let phrase = Phrase {
        words: expression.words.clone(),
        prefix: false,
        inflected,
        typed: expression.written.clone(),
        spelled: if expression.capitals { Spelled::WithCapitals } else { Spelled::Anyhow },
    };
    Unit { phrases: vec![phrase], within: 0, other }
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
    fn read(&self, whole: Whole<'_>, clauses: &mut Vec<(Clause, bool)>) {
        let terms = || self.members.iter().flat_map(|(terms, _)| terms);
        if self.excluded || terms().any(|term| term.minus) {
            let units = self.members.iter().flat_map(|(terms, within)| whole.units(terms, *within));
            clauses.extend(units.map(|unit| (clause(Role::Excluded, vec![unit]), false)));
        } else if self.required || terms().any(|term| term.quoted || term.plus) {
            let any: Vec<Unit> = self
                .members
                .iter()
                .flat_map(|(terms, within)| whole.units(terms, *within))
                .collect();
            if !any.is_empty() {
                clauses.push((clause(Role::Required, any), false));
            }
        } else {
            terms().for_each(|term| wanted(term, whole, clauses));
        }
    }
}

impl<'a> Whole<'a> {
    fn of(chains: &[Chain], known: Known<'a>) -> Self {
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
            known,
            sentence: terms().any(long),
            alone: terms().nth(1).is_none(),
            mixed: terms().any(mixed),
        }
    }

    /// What a hit must or must not have: the terms near each other, or one term in any of its
    /// expressions.
    fn units(self, terms: &[Term], within: u32) -> Vec<Unit> {
        let concept = match terms {
            [term] => self.known.units(term),
            _ => None,
        };
        concept.unwrap_or_else(|| unit(terms, within).into_iter().collect())
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
            phrase(term.text, &words, term.star, !term.quoted)
        })
        .take(Typed::MOST_NEAR)
        .collect();
    if phrases.is_empty() { None } else { Some(Unit { phrases, within, other: false }) }
}

fn phrase(text: &str, words: &[Word], prefix: bool, inflected: bool) -> Option<Phrase> {
    let single = words.len() == 1 && words.iter().all(|word| !word.cjk);
    let slices = words.iter().map(|word| text.get(word.span.clone()).unwrap_or_default());
    let typed = slices.map(str::to_lowercase).collect();
    let words: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
    if words.is_empty() {
        return None;
    }
    let inflected = inflected && single && !prefix;
    Some(Phrase { words, prefix, inflected, typed, spelled: Spelled::Anyhow })
}

impl Phrase {
    /// Whether it is a prefix of one or two letters.
    fn is_short(&self) -> bool {
        let short = |word: &String| word.chars().count() < 3;
        self.prefix && self.words.len() == 1 && self.words.iter().all(short)
    }
}

/// Adds the clauses of a bare term, each with whether it is a stopword.
fn wanted(term: &Term, whole: Whole<'_>, clauses: &mut Vec<(Clause, bool)>) {
    if term.concept.is_some() {
        let any = whole.units(&[*term], 0);
        clauses.extend((!any.is_empty()).then(|| (clause(Role::Wanted, any), false)));
        return;
    }
    let all = words(term.text);
    let pieces = pieces(term.text, &all);
    let last = pieces.len().saturating_sub(1);
    for (at, piece) in pieces.iter().enumerate() {
        let star = term.star && at == last;
        let name = whole.mixed && is_capitals(term.text, piece);
        let common = is_common(piece) && !star && !name;
        let mut add = |words: &[Word], filling: bool| {
            let Some(phrase) = phrase(term.text, words, star, true) else { return };
            let common = common || (filling || is_common(words)) && !star && !name;
            let unit = Unit { phrases: vec![phrase], within: 0, other: false };
            let any = std::iter::once(unit).chain(one_word(term.text, piece).filter(|_| !star));
            clauses.push((clause(Role::Wanted, any.collect()), common));
        };
        let word = if is_hangul(piece) {
            piece.len() <= 2 || (whole.alone && piece.len() <= 4)
        } else {
            piece.len() <= 2 || (!whole.sentence && piece.len() <= 4)
        };
        if is_compound(term.text, piece) && !star && !whole.alone {
            piece.chunks(1).for_each(|word| add(word, false));
            continue;
        }
        if star || word || !is_run(piece) {
            add(piece, false);
            continue;
        }
        piece.windows(2).for_each(|pair| add(pair, is_filling(pair)));
    }
}

/// Words that hyphens join, written as one: `preclinical` for `pre-clinical`.
fn one_word(text: &str, piece: &[Word]) -> Option<Unit> {
    if !is_hyphened(text, piece) {
        return None;
    }
    let slices = piece.iter().map(|word| text.get(word.span.clone()).unwrap_or_default());
    let phrase = Phrase {
        words: vec![piece.iter().map(|word| word.text.as_str()).collect()],
        prefix: false,
        inflected: true,
        typed: vec![slices.collect::<String>().to_lowercase()],
        spelled: Spelled::Anyhow,
    };
    Some(Unit { phrases: vec![phrase], within: 0, other: true })
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

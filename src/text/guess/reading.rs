//! What it costs to believe that a text is in one encoding and one language.
//!
//! Costs are quarters of a natural logarithm, as in `pairs.txt`. Those beside the letters' were set by
//! reason and left alone: they stand for how rare a thing is in print, not for any set of files.

use super::candidates::Candidate;
use super::evidence::Evidence;
use super::letters::Model;

/// A letter that the language does not write.
const FOREIGN_LETTER: u64 = 44;
/// A letter of ASCII in a language of another script, and one after another of them.
const LATIN_LETTER: u64 = 12;
const LATIN_PAIR: u64 = 11;
/// What it costs more when one of two letters is foreign, or they are of two scripts.
const FOREIGN_PAIR: u64 = 12;
const TWO_SCRIPTS: u64 = 40;
/// A word of ASCII next to one of another script.
const TWO_SCRIPTS_IN_A_LINE: u64 = 12;
/// Upper case at the start of a word, after lower case, after upper case, and lower after upper.
const CAPITAL: u64 = 6;
const CAPITAL_INSIDE: u64 = 24;
const CAPITALS: u64 = 3;
const AFTER_CAPITAL: u64 = 2;
const UNASSIGNED: u64 = 64;
const SYMBOL: u64 = 36;
/// Marks that printers use: quotation marks, dashes, a hard space.
const TYPOGRAPHY: &str = "\u{a0}“”„‘’‚–—…«»°§©®·•№€£\u{ad}";

/// What a byte is in an encoding, as far as costs go.
#[derive(Clone, Copy, PartialEq)]
enum Sort {
    /// Its place in the alphabet, where it is in it.
    Letter {
        place: Option<u8>,
        is_upper: bool,
        is_latin_abroad: bool,
    },
    Ascii,
    Typography,
    Box,
    Symbol,
    Unassigned,
}

/// One encoding and one language.
pub(super) struct Reading {
    pub(super) candidate: &'static Candidate,
    model: &'static Model,
    sorts: Vec<(Sort, char)>,
}

impl Reading {
    pub(super) fn new(candidate: &'static Candidate, model: &'static Model) -> Self {
        let sort = |byte: u8| {
            let c = character(candidate, byte);
            (sort(c, byte, model), c.unwrap_or('\u{fffd}'))
        };
        Self { candidate, model, sorts: (0..=255).map(sort).collect() }
    }

    /// Whether two readings take a byte for the same character.
    pub(super) fn agrees(&self, other: &Self, byte: u8) -> bool {
        self.sort(byte).1 == other.sort(byte).1
    }

    fn sort(&self, byte: u8) -> (Sort, char) {
        self.sorts.get(usize::from(byte)).copied().unwrap_or((Sort::Unassigned, '\u{fffd}'))
    }

    /// The cost of the whole.
    pub(super) fn cost(&self, evidence: &Evidence) -> u64 {
        let mixed =
            if self.model.is_latin { 0 } else { TWO_SCRIPTS_IN_A_LINE * u64::from(evidence.mixed) };
        let pair = |(first, second, count): &(u8, u8, u32)| {
            u64::from(*count) * self.pair(self.sort(*first), self.sort(*second))
        };
        self.candidate.rarity + mixed + evidence.pairs.iter().map(pair).sum::<u64>()
    }

    fn pair(&self, first: (Sort, char), second: (Sort, char)) -> u64 {
        let after_letter = matches!(first.0, Sort::Letter { .. });
        match second.0 {
            Sort::Letter { is_upper, .. } if after_letter => {
                self.letters(first.0, second.0) + case(first.0, is_upper)
            }
            Sort::Letter { is_upper, .. } => {
                let odd = matches!(first.0, Sort::Symbol | Sort::Box | Sort::Typography)
                    && first.1 != '\u{a0}';
                self.alone(second.0) + if is_upper { CAPITAL } else { 1 } + if odd { 4 } else { 0 }
            }
            Sort::Ascii if !after_letter => 4,
            Sort::Ascii => {
                if second.1.is_ascii_digit() {
                    22
                } else {
                    6
                }
            }
            Sort::Typography => {
                if after_letter {
                    24
                } else {
                    20
                }
            }
            Sort::Box if first.1 == second.1 => 4,
            Sort::Box => {
                if first.0 == Sort::Box {
                    24
                } else {
                    SYMBOL
                }
            }
            Sort::Symbol => SYMBOL,
            Sort::Unassigned => UNASSIGNED,
        }
    }

    /// What a letter costs without regard to the one before.
    fn alone(&self, letter: Sort) -> u64 {
        match letter {
            Sort::Letter { is_latin_abroad: true, .. } => LATIN_LETTER,
            Sort::Letter { place: Some(place), .. } => self.model.share(place),
            _ => FOREIGN_LETTER,
        }
    }

    fn letters(&self, first: Sort, second: Sort) -> u64 {
        let (
            Sort::Letter { place: one, is_latin_abroad: first_abroad, .. },
            Sort::Letter { place: two, is_latin_abroad: second_abroad, .. },
        ) = (first, second)
        else {
            return UNASSIGNED;
        };
        match (first_abroad, second_abroad) {
            (true, true) => LATIN_PAIR,
            (false, false) => match (one, two) {
                (Some(one), Some(two)) => self.model.pair(one, two),
                _ => self.alone(second) + FOREIGN_PAIR,
            },
            _ => self.alone(second) + TWO_SCRIPTS,
        }
    }
}

fn case(first: Sort, is_upper: bool) -> u64 {
    let after_upper = matches!(first, Sort::Letter { is_upper: true, .. });
    1 + match (after_upper, is_upper) {
        (true, true) => CAPITALS,
        (true, false) => AFTER_CAPITAL,
        (false, true) => CAPITAL_INSIDE,
        (false, false) => 0,
    }
}

fn character(candidate: &Candidate, byte: u8) -> Option<char> {
    let byte = [byte];
    let (text, malformed) = candidate.codec.decode(&byte);
    let c = text.chars().next().filter(|_| !malformed)?;
    (c.is_ascii() || !c.is_control()).then_some(c)
}

fn sort(c: Option<char>, byte: u8, model: &Model) -> Sort {
    let Some(c) = c else { return Sort::Unassigned };
    let lower = c.to_lowercase().next().unwrap_or(c);
    let place = model.place(lower);
    if place.is_some() || c.is_alphabetic() || is_mark(c) {
        let is_latin_abroad = byte.is_ascii() && !model.is_latin;
        return Sort::Letter { place, is_upper: lower != c, is_latin_abroad };
    }
    match c {
        c if c.is_ascii() => Sort::Ascii,
        c if TYPOGRAPHY.contains(c) => Sort::Typography,
        '\u{2500}'..='\u{259f}' => Sort::Box,
        _ => Sort::Symbol,
    }
}

/// Marks that belong to the letter before: accents, and the vowels of Hebrew and Arabic.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{652}')
}

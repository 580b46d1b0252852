//! Lists of expressions that say one thing in several spellings and languages.
//!
//! A list is plain text: a line is a concept, its expressions parted by `|`. `=` before an expression
//! keeps its capitals: `=BRI` is found and typed only like this. A line that starts with `#` is a comment.
//! Nothing here knows how a query is read or where texts are.

use super::terms::is_quote;
use super::words::{Word, words};
use std::collections::HashMap;
use std::ops::Range;

/// The most bytes of a list: it is read anew for each search.
const LONGEST: usize = 1 << 20;

/// A list made ready.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concepts {
    lines: Vec<Vec<Expression>>,
    /// Where expressions begin with the word: line and place in it.
    first: HashMap<String, Vec<(usize, usize)>>,
}

/// One expression of a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// Its words in the index's spelling.
    pub words: Vec<String>,
    /// Its words as the list has them, in small letters where capitals do not count.
    pub written: Vec<String>,
    /// Whether its capitals are kept.
    pub capitals: bool,
}

/// An expression that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the typed text, end excluded.
    pub span: Range<usize>,
    line: usize,
    place: usize,
}

impl Concepts {
    /// Reads a list.
    ///
    /// # Errors
    /// The number of the line and what is wrong with it: an expression without words, a concept of one
    /// expression, or a list of more than a megabyte.
    pub fn read(list: &str) -> Result<Self, String> {
        if list.len() > LONGEST {
            return Err(format!("it has {} bytes, {LONGEST} are allowed", list.len()));
        }
        let mut concepts = Self::default();
        for (number, line) in (1..).zip(list.trim_start_matches('\u{feff}').lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let expressions: Vec<Expression> = line.split('|').map(expression).collect();
            if let Some(at) = expressions.iter().position(|one| one.words.is_empty()) {
                return Err(format!("line {number}: expression {} has no word", at + 1));
            }
            if expressions.len() < 2 {
                return Err(format!(
                    "line {number}: one expression alone has no equal; part them by |"
                ));
            }
            for (place, first) in expressions.iter().enumerate() {
                if let Some(word) = first.words.first() {
                    let here = (concepts.lines.len(), place);
                    concepts.first.entry(word.clone()).or_default().push(here);
                }
            }
            concepts.lines.push(expressions);
        }
        Ok(concepts)
    }

    /// The expressions in a typed text, in order, the longest where several begin.
    pub fn found(&self, typed: &str) -> Vec<Found> {
        let mut found = Vec::new();
        if self.lines.is_empty() {
            return found;
        }
        let words = words(typed);
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let starting = self.first.get(&word.text).into_iter().flatten();
            let here = starting
                .filter_map(|&(line, place)| {
                    let expression = self.lines.get(line)?.get(place)?;
                    let here = words.get(at..at + expression.words.len())?;
                    stands(typed, here, expression).then_some((here, line, place))
                })
                .max_by_key(|(here, ..)| here.len());
            let Some((here, line, place)) = here else {
                at += 1;
                continue;
            };
            at += here.len();
            if let (Some(first), Some(last)) = (here.first(), here.last()) {
                found.push(Found { span: first.span.start..last.span.end, line, place });
            }
        }
        found
    }

    /// The expression itself.
    pub fn expression(&self, found: &Found) -> Option<&Expression> {
        self.lines.get(found.line)?.get(found.place)
    }

    /// The other expressions of the concept.
    pub fn others(&self, found: &Found) -> impl Iterator<Item = &Expression> {
        let line = self.lines.get(found.line).map(Vec::as_slice).unwrap_or_default();
        line.iter().enumerate().filter(|(place, _)| *place != found.place).map(|(_, other)| other)
    }
}

fn expression(text: &str) -> Expression {
    let text = text.trim();
    let plain = text.strip_prefix('=');
    let text = plain.unwrap_or(text);
    let words = words(text);
    let written = words.iter().filter_map(|word| text.get(word.span.clone()));
    Expression {
        written: written
            .map(|word| if plain.is_some() { word.to_owned() } else { word.to_lowercase() })
            .collect(),
        words: words.iter().map(|word| word.text.clone()).collect(),
        capitals: plain.is_some(),
    }
}

/// Whether the words of the typed text are the expression: the same words, in the same capitals where
/// they are kept, with neither a quotation mark nor an operator among them.
fn stands(typed: &str, here: &[Word], expression: &Expression) -> bool {
    let slice = |word: &Word| typed.get(word.span.clone()).unwrap_or_default();
    let same = here.iter().zip(&expression.words).all(|(word, asked)| word.text == *asked);
    let between = here.windows(2).all(|pair| {
        let [one, next] = pair else { return true };
        let gap = typed.get(one.span.end..next.span.start).unwrap_or_default();
        !gap.contains(is_quote) && !gap.contains('*')
    });
    let operator = |word: &Word| matches!(slice(word), "AND" | "OR" | "NOT" | "NEAR");
    let capitals = || here.iter().map(slice).eq(expression.written.iter().map(String::as_str));
    same && between && !here.iter().any(operator) && (!expression.capitals || capitals())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str =
        "# names\nOne Belt One Road | Belt and Road | =BRI | 一带一路\nferry|паром\n";

    fn shown(typed: &str) -> Vec<String> {
        let concepts = Concepts::read(LIST).unwrap();
        let found = concepts.found(typed);
        found
            .iter()
            .map(|one| {
                let others: Vec<_> =
                    concepts.others(one).map(|other| other.written.join(" ")).collect();
                format!("{} = {}", typed.get(one.span.clone()).unwrap(), others.join(", "))
            })
            .collect()
    }

    #[test]
    fn expressions_are_found_whole_inside_what_is_typed() {
        assert_eq!(
            shown("the “belt and road” 一带一路倡议 Паром"),
            [
                "belt and road = one belt one road, BRI, 一 带 一 路",
                "一带一路 = one belt one road, belt and road, BRI",
                "Паром = ferry"
            ]
        );
        assert_eq!(shown("belt or road, belt AND road, belt\" and road"), [""; 0]);
    }

    #[test]
    fn capitals_count_where_the_list_keeps_them() {
        assert_eq!(shown("bri Bri"), [""; 0]);
        assert_eq!(shown("(BRI)"), ["BRI = one belt one road, belt and road, 一 带 一 路"]);
    }

    #[test]
    fn a_list_that_cannot_be_meant_names_its_line() {
        let wrong = |list: &str| Concepts::read(list).unwrap_err();
        assert_eq!(
            wrong("a | b\nferry"),
            "line 2: one expression alone has no equal; part them by |"
        );
        assert_eq!(wrong("ferry | — | boat"), "line 1: expression 2 has no word");
        assert_eq!(Concepts::read("\u{feff}# x\n\n").unwrap(), Concepts::default());
    }
}

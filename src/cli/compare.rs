//! The command `compare`: two documents word by word.

use super::address::{self, Document};
use super::collect::Collected;
use super::exit::Exit;
use super::{Global, message, rows};
use crate::compare::{Block, Measure, Rarity, Reading, measure};
use crate::model::Value;
use crate::query;
use crate::text::printable::on_one_line;
use crate::text::spacing::is_cjk;
use anyhow::Result;
use clap::Args;
use std::collections::HashMap;
use std::io::{Write, stdout};
use std::ops::Range;

/// Words of a difference that are shown whole, and numbers of each side, unless all are asked for.
const LONGEST: usize = 60;
const NUMBERS: usize = 20;

/// Compare two documents word by word
///
/// Differing numbers come first, then every difference with the words around it: `[-left-]` stands only
/// in the left document, `{+right+}` only in the right one. Case, quotation marks and line breaks make no
/// difference, nor does the order of passages.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Compare {
    /// Address of a document, or a path where it was seen
    left: String,
    /// Address of the other document, or a path where it was seen
    right: String,

    /// Words to show before and after each difference
    #[arg(short = 'C', long, value_name = "N", default_value_t = 5)]
    context: usize,

    /// Show long differences whole
    #[arg(long)]
    full: bool,
}

const EXAMPLES: &str = "\
Examples:
  fonds compare 3f2a91c4 e07b5d21
  fonds compare press/report.txt mirror/report-2.txt --context 10";

/// A document with its words as they are written.
struct Side {
    document: Document,
    reading: Reading,
    words: Vec<String>,
}

impl Compare {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        let mut passages = HashMap::new();
        let left = side(global, &self.left, &mut passages)?;
        let right = side(global, &self.right, &mut passages)?;
        let even = (&Rarity::even(&left.reading), &Rarity::even(&right.reading));
        let measure = measure(&left.reading, &right.reading, even);
        let mut out = stdout().lock();
        head(&mut out, &left, &measure.left, "left")?;
        head(&mut out, &right, &measure.right, "right")?;
        for (name, side) in [("left", &measure.left), ("right", &measure.right)] {
            if !side.numbers.is_empty() {
                writeln!(out, "numbers only {name:<5}  {}", numbers(&side.numbers, self.full))?;
            }
        }
        let marks = if message::is_styled() {
            [("\x1b[31m", "\x1b[0m"), ("\x1b[32m", "\x1b[0m")]
        } else {
            [("[-", "-]"), ("{+", "+}")]
        };
        let longest = if self.full { usize::MAX } else { LONGEST };
        differences(&mut out, (&left, &right), &measure, (self.context, longest), marks)?;
        Ok(Exit::Done)
    }
}

/// Reads a document; equal texts get equal numbers, on both sides.
fn side(global: &Global, typed: &str, passages: &mut HashMap<String, i64>) -> Result<Side> {
    let document = address::document(global, typed)?;
    let parameters = [
        ("document_id".to_owned(), Value::Integer(document.id)),
        ("position".to_owned(), Value::Null),
        ("context".to_owned(), Value::Integer(0)),
    ];
    let mut found = Collected::default();
    rows::read(global, query::SHOW, &parameters, &mut found)?;
    let own = found.records().filter(|row| row.text("kind") != Some("boilerplate"));
    let texts: Vec<(i64, i64, &str)> = own
        .map(|row| {
            let text = row.text("text").unwrap_or_default();
            let next = passages.len() as i64;
            (*passages.entry(text.to_owned()).or_insert(next), row.number("position"), text)
        })
        .collect();
    let reading = Reading::of(texts.iter().copied());
    let by_position: HashMap<i64, &str> =
        texts.iter().map(|(_, position, text)| (*position, *text)).collect();
    let words = (0..reading.len())
        .map(|word| {
            let passage = reading.passage_of(word).map_or(0, |passage| passage.position);
            let text = by_position.get(&passage).copied().unwrap_or_default();
            on_one_line(text.get(reading.span(word)).unwrap_or_default()).into_owned()
        })
        .collect();
    Ok(Side { document, reading, words })
}

fn head(
    out: &mut dyn Write,
    side: &Side,
    measured: &crate::compare::Side,
    name: &str,
) -> Result<()> {
    let Document { digest, label, .. } = &side.document;
    let share = measured.share() * 100.0;
    writeln!(out, "{name:<5}  {digest}  {label}")?;
    writeln!(out, "       {} words, {share:.1} % of them in the other", measured.words)?;
    Ok(())
}

/// Prints what lies between the shared stretches, in the order of the left document.
fn differences(
    out: &mut dyn Write,
    (left, right): (&Side, &Side),
    measure: &Measure,
    (context, longest): (usize, usize),
    [old, new]: [(&str, &str); 2],
) -> Result<()> {
    let gaps = gaps(&measure.shared, left.words.len(), right.words.len());
    if gaps.is_empty() {
        writeln!(out, "\nno word differs")?;
    }
    for (l, r) in &gaps {
        let before = l.start.saturating_sub(context)..l.start;
        let after = l.end..(l.end + context).min(left.words.len());
        let mut parts = Vec::new();
        parts.extend(join(left, before, longest, ("… ", "")));
        parts.extend(join(left, l.clone(), longest, old));
        parts.extend(join(right, r.clone(), longest, new));
        parts.extend(join(left, after, longest, ("", " …")));
        writeln!(out, "\n  {}", parts.join(" "))?;
    }
    if measure.moved {
        writeln!(out, "\nsome passages stand in another order")?;
    }
    Ok(())
}

/// Stretches of both that stand in no shared one: those between two neighbours in both are one
/// difference, others stand alone.
fn gaps(shared: &[Block], left: usize, right: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let mut taken = vec![false; right];
    for block in shared {
        taken.get_mut(block.right.clone()).unwrap_or_default().fill(true);
    }
    let mut gaps = Vec::new();
    let (mut l, mut r) = (0, 0);
    let end = Block { left: left..left, right: right..right, equal: true };
    for block in shared.iter().chain([&end]) {
        let missing = l..block.left.start.max(l);
        let is_free = |words: &Range<usize>| {
            words.clone().all(|word| taken.get(word).is_some_and(|taken| !taken))
        };
        let added = r..block.right.start.max(r);
        let added = if is_free(&added) { added } else { r..r };
        taken.get_mut(added.clone()).unwrap_or_default().fill(true);
        if !missing.is_empty() || !added.is_empty() {
            gaps.push((missing, added));
        }
        (l, r) = (block.left.end.max(l), block.right.end);
    }
    let mut word = 0;
    while word < right {
        let run = taken.iter().skip(word).take_while(|taken| !**taken).count();
        if run > 0 {
            gaps.push((left..left, word..word + run));
        }
        word += run + 1;
    }
    gaps
}

/// The words of a stretch between two marks; `None` where there are none.
fn join(
    side: &Side,
    words: Range<usize>,
    longest: usize,
    (before, after): (&str, &str),
) -> Option<String> {
    let words = side.words.get(words).filter(|words| !words.is_empty())?;
    let text = match words.len() > longest {
        true => {
            let ends = (words.get(..longest / 2)?, words.get(words.len() - longest / 4..)?);
            let left_out = words.len() - ends.0.len() - ends.1.len();
            format!("{} … {left_out} words … {}", run_together(ends.0), run_together(ends.1))
        }
        false => run_together(words),
    };
    Some(format!("{before}{text}{after}"))
}

/// Words with spaces between, but for those of scripts that have none.
fn run_together(words: &[String]) -> String {
    let mut text = String::new();
    for word in words {
        let is_close =
            text.chars().next_back().is_none_or(is_cjk) && word.chars().next().is_some_and(is_cjk);
        if !text.is_empty() && !is_close {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

fn numbers(numbers: &[String], full: bool) -> String {
    let shown = if full { numbers.len() } else { NUMBERS.min(numbers.len()) };
    let mut text = numbers.iter().take(shown).cloned().collect::<Vec<_>>().join(", ");
    if shown < numbers.len() {
        text.push_str(&format!(" and {} more", numbers.len() - shown));
    }
    text
}

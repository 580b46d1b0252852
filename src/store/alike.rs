//! Which documents are most like one: those that have most of its telling words.
//!
//! This is a search with a document for a question, for readers who want more of the kind. What two
//! documents are to each other, copies above all, is measured in `dedup` and not here.

use super::facts::Facts;
use super::index::{Index, Sought};
use super::patience::Patience;
use super::rank::{B, K1};
use crate::text::stopwords::is_stopword;
use crate::text::typed::is_particle;
use crate::text::words::{Word, words};
use rusqlite::{Connection, Result};
use std::collections::HashMap;

/// How many different words of a document are looked up, the most frequent first, and how many of the
/// most telling stand for it.
const LOOKED_UP: usize = 300;
const TELLING: usize = 32;

/// How often a word of the title counts.
const TITLE: f64 = 3.0;

/// The most documents that are given, and the most words that are named of each.
const MOST: usize = 100;
const NAMED: usize = 8;

/// How many of the documents that have a passage are looked at.
const PLACES: i64 = 64;

/// A document like another.
#[derive(Debug, PartialEq)]
pub(super) struct Alike {
    pub(super) document: i64,
    pub(super) score: f64,
    /// The words that both have, the most telling first.
    pub(super) words: String,
}

/// The documents most like this one, without itself, the most alike first.
///
/// # Errors
/// When the archive cannot be read.
pub(super) fn alike(
    connection: &Connection,
    patience: &Patience,
    document: i64,
) -> Result<Vec<Alike>> {
    let mut index = Index::open(connection, patience)?;
    let (passages, all_words) = index.size()?;
    let documents = "SELECT count(*) FROM document";
    let documents: f64 =
        connection.prepare_cached(documents)?.query_row([], |row| row.get::<_, f64>(0))?;
    let average = (all_words as f64 / documents.max(1.0)).max(1.0);
    let mut facts = Facts::default();
    let mut scores: HashMap<i64, (f64, Vec<(f64, usize)>)> = HashMap::new();
    let telling = telling(connection, &mut index, document, passages as f64)?;
    for (nth, (word, weight)) in telling.iter().enumerate() {
        let found = index.phrase(&Sought { text: word.clone(), prefix: false })?;
        let mut times: HashMap<i64, f64> = HashMap::new();
        for at in 0..found.len() {
            patience.check()?;
            let Some(passage) = found.passage(at).map(i64::from) else { continue };
            for place in places(connection, &mut facts, passage)? {
                *times.entry(place).or_default() += found.times(at) as f64;
            }
        }
        times.remove(&document);
        for (other, times) in times {
            let length = f64::from(facts.document(connection, other)?.words) / average;
            let score = weight * times * (K1 + 1.0) / (times + K1 * (1.0 - B + B * length));
            let entry = scores.entry(other).or_default();
            entry.0 += score;
            entry.1.push((score, nth));
        }
    }
    let mut all: Vec<_> = scores.into_iter().collect();
    all.sort_by(|one, next| next.1.0.total_cmp(&one.1.0).then(one.0.cmp(&next.0)));
    all.truncate(MOST);
    let named = |mut shared: Vec<(f64, usize)>| {
        shared.sort_by(|one, next| next.0.total_cmp(&one.0));
        let words = shared.iter().take(NAMED).filter_map(|(_, nth)| telling.get(*nth));
        words.map(|(word, _)| shown(word)).collect::<Vec<_>>().join(", ")
    };
    let alike = all.into_iter().map(|(document, (score, shared))| Alike {
        document,
        score,
        words: named(shared),
    });
    Ok(alike.collect())
}

/// The documents that have a passage; none where it is boilerplate.
fn places(connection: &Connection, facts: &mut Facts, passage: i64) -> Result<Vec<i64>> {
    let fact = facts.passage(connection, passage)?;
    if !fact.elsewhere {
        let stands = fact.kind.is_some() && !fact.boilerplate;
        return Ok(stands.then(|| fact.document.into()).into_iter().collect());
    }
    if fact.everywhere && fact.boilerplate {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT document_id FROM placement
         WHERE passage_id = ?1 AND (?3 OR NOT boilerplate) LIMIT ?2",
    )?;
    let documents = statement.query_map((passage, PLACES, fact.everywhere), |row| row.get(0))?;
    documents.collect()
}

/// The words that tell most of what the document is about, each with how much.
fn telling(
    connection: &Connection,
    index: &mut Index,
    document: i64,
    passages: f64,
) -> Result<Vec<(String, f64)>> {
    let mut telling = Vec::new();
    for (word, times) in frequent(connection, document)? {
        let found = index.phrase(&Sought { text: word.clone(), prefix: false })?.len() as f64;
        // A word that stands here alone leads nowhere, and would take the place of one that does.
        if found > 1.0 {
            let rarity = (1.0 + (passages - found + 0.5).max(0.5) / (found + 0.5)).ln();
            telling.push((word, rarity * times / (times + K1)));
        }
    }
    telling.sort_by(|one, next| next.1.total_cmp(&one.1).then_with(|| one.0.cmp(&next.0)));
    telling.truncate(TELLING);
    Ok(telling)
}

/// The most frequent words of the document, and pairs of CJK characters, each with how often it stands.
fn frequent(connection: &Connection, document: i64) -> Result<Vec<(String, f64)>> {
    let mut times: HashMap<String, f64> = HashMap::new();
    let mut statement = connection.prepare_cached(
        "SELECT passage_text.text, placement.kind = 'title'
         FROM placement JOIN passage_text ON passage_text.id = placement.passage_id
         WHERE placement.document_id = ?1 AND NOT placement.boilerplate",
    )?;
    let mut rows = statement.query([document])?;
    while let Some(row) = rows.next()? {
        let text = row.get_ref(0)?.as_str()?;
        let weight = if row.get(1)? { TITLE } else { 1.0 };
        for term in terms(text) {
            *times.entry(term).or_default() += weight;
        }
    }
    let mut all: Vec<(String, f64)> = times.into_iter().collect();
    all.sort_by(|one, next| next.1.total_cmp(&one.1).then_with(|| one.0.cmp(&next.0)));
    all.truncate(LOOKED_UP);
    Ok(all)
}

/// What in a text may tell what it is about.
fn terms(text: &str) -> Vec<String> {
    let words = words(text);
    let mut terms: Vec<String> = words
        .iter()
        .filter(|word| !word.cjk && !is_stopword(&word.text) && word.text.chars().nth(1).is_some())
        .map(|word| word.text.clone())
        .collect();
    let pairs = words.windows(2).filter_map(|pair| {
        let [one, next] = pair else { return None };
        let joined = one.cjk && next.cjk && one.span.end == next.span.start;
        let fills = |word: &Word| word.text.chars().all(is_particle);
        (joined && !fills(one) && !fills(next)).then(|| format!("{} {}", one.text, next.text))
    });
    terms.extend(pairs);
    terms
}

/// The word as it is written: without the space between two CJK characters.
fn shown(word: &str) -> String {
    word.replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_two_letters_and_pairs_of_characters_tell_what_a_text_is_about() {
        assert_eq!(terms("The port of X: 東北の振興。G20"), ["port", "g20", "東 北", "振 興"]);
    }
}

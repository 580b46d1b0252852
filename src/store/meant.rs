//! What may have been meant by a word that stands nowhere: one of the archive's own that differs in a
//! letter or two.
//!
//! It looks at the index alone, and at a few texts for a Chinese, Japanese or Korean character that is
//! not the one that was typed.

use super::index::Index;
use super::patience::Patience;
use crate::text::words::{Word, words};
use rusqlite::{Connection, OptionalExtension, Result};
use std::collections::HashMap;

/// Letters of the shortest word that is corrected, and of one that may differ in two.
const SHORTEST: usize = 4;
const LONG: usize = 8;

/// Characters of a CJK expression that is corrected: of two, one wrong leaves too little.
const CJK: std::ops::RangeInclusive<usize> = 3..=12;

/// How many passages are looked at for a character, and how many characters are tried.
const LOOKED_AT: usize = 64;
const TRIED: usize = 3;

/// The word or CJK expression of the archive that is most likely meant; none for more than one word, and
/// where nothing is near.
///
/// # Errors
/// When the archive cannot be read.
pub(super) fn meant(
    connection: &Connection,
    patience: &Patience,
    typed: &str,
) -> Result<Option<String>> {
    let words = words(typed);
    let mut index = Index::open(connection, patience)?;
    match words.as_slice() {
        [word] if !word.cjk => letters(&mut index, &word.text),
        all if CJK.contains(&all.len()) && all.iter().all(|word| word.cjk) => {
            characters(connection, &mut index, all)
        }
        _ => Ok(None),
    }
}

/// The word that differs least, then the most frequent: one that begins with the first or the second
/// letter of what was typed.
fn letters(index: &mut Index, typed: &str) -> Result<Option<String>> {
    let length = typed.chars().count();
    if length < SHORTEST {
        return Ok(None);
    }
    let most = if length < LONG { 1 } else { 2 };
    let distance = |word: &str| {
        let near = word.chars().count().abs_diff(length) <= most;
        near.then(|| strsim::osa_distance(word, typed)).filter(|distance| *distance <= most)
    };
    let mut found = Vec::new();
    let mut starts: Vec<char> = typed.chars().take(2).collect();
    starts.dedup();
    for start in starts {
        let wanted = |word: &str| distance(word).is_some();
        for (word, list) in index.starting(&start.to_string(), usize::MAX, &wanted)? {
            let Some(distance) = distance(&word) else { continue };
            found.push((distance, usize::MAX - list.len(), word));
        }
    }
    Ok(found.into_iter().min().map(|(.., word)| word))
}

/// The expression in which two neighbours changed places or one character is put in, for that keeps all
/// that was typed; else in which one is another, else is left out; the most frequent of them.
fn characters(
    connection: &Connection,
    index: &mut Index,
    typed: &[Word],
) -> Result<Option<String>> {
    let typed: Vec<&str> = typed.iter().map(|word| word.text.as_str()).collect();
    let (mut all, mut other, mut fewer) = (Vec::new(), Vec::new(), Vec::new());
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    for at in 0..typed.len() {
        let mut fitting: Vec<Option<&str>> = typed.iter().copied().map(Some).collect();
        if at > 0 {
            let mut swapped = typed.clone();
            swapped.swap(at - 1, at);
            all.push(owned(&swapped));
            fitting.insert(at, None);
            all.extend(filled(connection, index, &fitting)?);
            fitting.remove(at);
        }
        if let Some(place) = fitting.get_mut(at) {
            *place = None;
        }
        other.extend(filled(connection, index, &fitting)?);
        let mut shorter = typed.clone();
        shorter.remove(at);
        fewer.push(owned(&shorter));
    }
    for tried in [all, other, fewer] {
        if let Some(best) = most_frequent(index, tried)? {
            return Ok(Some(best));
        }
    }
    Ok(None)
}

fn most_frequent(index: &mut Index, tried: Vec<Vec<String>>) -> Result<Option<String>> {
    let mut best: Option<(usize, String)> = None;
    for words in tried {
        let words: Vec<Option<&str>> = words.iter().map(|word| Some(word.as_str())).collect();
        let found = index.spaced(&words)?.len();
        if found > best.as_ref().map_or(0, |(most, _)| *most) {
            best = Some((found, words.into_iter().flatten().collect()));
        }
    }
    Ok(best.map(|(_, word)| word))
}

/// The expression with the characters that stand most often in its one gap.
fn filled(
    connection: &Connection,
    index: &mut Index,
    gap: &[Option<&str>],
) -> Result<Vec<Vec<String>>> {
    let found = index.spaced(gap)?;
    let Some(at) = gap.iter().position(Option::is_none) else { return Ok(Vec::new()) };
    let begin = gap.iter().position(Option::is_some).unwrap_or(0);
    let mut times: HashMap<String, usize> = HashMap::new();
    let mut statement = connection.prepare_cached(
        "SELECT CASE WHEN context = '' THEN text ELSE text || char(32, 10) || context END
         FROM passage_text WHERE id = ?1",
    )?;
    for row in 0..found.len().min(LOOKED_AT) {
        let text: Option<String> =
            statement.query_row([found.passage(row)], |row| row.get(0)).optional()?;
        let words = words(text.as_deref().unwrap_or_default());
        for place in found.places(row) {
            let place = (place as usize + at).checked_sub(begin);
            let word = place.and_then(|place| words.get(place)).filter(|word| word.cjk);
            if let Some(word) = word {
                *times.entry(word.text.clone()).or_default() += 1;
            }
        }
    }
    let mut times: Vec<(String, usize)> = times.into_iter().collect();
    times.sort_by(|one, next| next.1.cmp(&one.1).then_with(|| one.0.cmp(&next.0)));
    let filled = times.into_iter().take(TRIED).map(|(word, _)| {
        gap.iter().map(|one| one.map_or_else(|| word.clone(), str::to_owned)).collect()
    });
    Ok(filled.collect())
}

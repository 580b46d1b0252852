//! Which blocks of a page are its main text: what a readability-class extractor keeps of it.
//!
//! The extractor's own text loses tables, headings and order, so it only votes: the blocks stay those
//! of the page, and what it leaves out is marked, never dropped.

use std::collections::HashSet;

use dom_query::Document;
use dom_smoothie::{Config, Readability, TextMode};

use super::walk::Piece;
use crate::text::segment::Mark;

/// From this many letters on, a block is known wherever it stands.
const TELLING: usize = 24;

/// Bytes that may be looked through for blocks that the extractor broke differently.
const MOST_SEARCHED: usize = 1 << 30;

/// Marks the blocks that are not main text as boilerplate. `title` is what the page says its title
/// is: extractors leave it out of the text.
///
/// Returns whether main text was found; if not, nothing is marked.
pub(super) fn mark(document: &Document, pieces: &mut [Piece], title: Option<&str>) -> bool {
    let Some(main) = main_text(document) else { return false };
    let lines: HashSet<String> =
        main.lines().map(letters).filter(|line| !line.is_empty()).collect();
    let whole = letters(&main);
    let keys: Vec<String> = pieces.iter().map(|piece| letters(&piece.text)).collect();
    let mut searched = 0_usize;
    let is_sure = |key: &String| {
        if key.chars().count() < TELLING {
            return false;
        }
        if lines.contains(key) {
            return true;
        }
        searched = searched.saturating_add(whole.len());
        searched <= MOST_SEARCHED
            && memchr::memmem::find(whole.as_bytes(), key.as_bytes()).is_some()
    };
    let sure: Vec<bool> = keys.iter().map(is_sure).collect();
    let Some(first) = sure.iter().position(|sure| *sure) else { return false };
    let last = sure.iter().rposition(|sure| *sure).unwrap_or(first);
    let beside = beside(&whole, &keys, first, last);
    let title = title.map(letters);
    for (place, ((piece, key), sure)) in pieces.iter_mut().zip(&keys).zip(sure).enumerate() {
        // Short lines such as `Share` also stand in menus, so they count only amid main text.
        let is_amid = (first..=last).contains(&place) && key.chars().count() < TELLING;
        let is_short_main = is_amid && (lines.contains(key) || whole_line(&whole, key, piece.mark));
        let is_title = matches!(piece.mark, Mark::Heading(_)) && title.as_ref() == Some(key);
        if !sure && !is_short_main && !is_title && !beside.contains(&place) {
            piece.mark = Mark::Boilerplate;
        }
    }
    true
}

/// Short blocks that the extractor has right behind the last block that is known, or right before the first,
/// one after the other as the page has them: the table or the list at the end of an article.
fn beside(whole: &str, keys: &[String], first: usize, last: usize) -> HashSet<usize> {
    let mut found = HashSet::new();
    let key = |place: usize| keys.get(place).map_or("", String::as_str);
    let at = whole.rfind(key(last)).map_or(whole.len(), |at| at + key(last).len());
    let mut tail = whole.get(at..).unwrap_or_default();
    for place in last + 1..keys.len() {
        let Some(rest) = tail.strip_prefix(key(place)).filter(|_| !key(place).is_empty()) else {
            break;
        };
        found.insert(place);
        tail = rest;
    }
    let at = whole.find(key(first)).unwrap_or(0);
    let mut head = whole.get(..at).unwrap_or_default();
    for place in (0..first).rev() {
        let Some(rest) = head.strip_suffix(key(place)).filter(|_| !key(place).is_empty()) else {
            break;
        };
        found.insert(place);
        head = rest;
    }
    found
}

/// Rows of a table come as one line of many from the extractor.
fn whole_line(whole: &str, key: &str, mark: Mark) -> bool {
    matches!(mark, Mark::Row | Mark::Columns) && (key.is_empty() || whole.contains(key))
}

fn main_text(document: &Document) -> Option<String> {
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let mut reader = Readability::with_document(document.clone(), None, Some(config)).ok()?;
    let article = reader.parse().ok()?;
    Some(article.text_content.to_string()).filter(|text| !text.trim().is_empty())
}

/// The letters and digits of a text: the same however its spaces and marks are set.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

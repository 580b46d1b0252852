//! One hit per story: which hits say again what a better one has said.
//!
//! A passage that stands in many documents is one hit already. Here a copy is one that was changed on
//! its way: re-quoted, re-set, with errors of recognition, or cut. It is told by the text alone, and
//! more freely where the archive has the documents in one cluster. Nothing is compared but hits.

use super::Hit;
use crate::text::spacing::is_cjk;
use crate::text::words::{Word, words};
use rusqlite::{Connection, OptionalExtension, Result};
use std::collections::HashSet;
use std::collections::hash_map::{DefaultHasher, HashMap};
use std::hash::{Hash, Hasher};

/// How much of a hit must stand in a better one: less where the documents are known to tell one story.
const OF_ONE_CLUSTER: f64 = 0.5;
const OF_ANY: f64 = 0.8;

/// Texts with fewer runs of letters are copies only if all of their words are the same.
const SHORT: usize = 8;

/// Letters in a run: of runs of words a text misread in two letters of a hundred keeps too few.
const RUN: usize = 8;
const RUN_CJK: usize = 5;

/// How many of the documents that have a passage are looked at for their clusters.
const PLACES: i64 = 64;

/// After so many hits only texts of the same words are told as copies: nobody reads so far down, and
/// a search over everything must stay one.
const COMPARED: usize = 256;

/// The hits given so far.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Digests of all their words.
    texts: HashSet<u64>,
    /// Where each run of letters was shown.
    runs: HashMap<u64, Vec<usize>>,
    hits: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    document: i64,
    /// Of all documents it stands in.
    clusters: Vec<i64>,
    numbers: HashSet<String>,
}

impl Shown {
    /// Whether the hit says something new; then it is taken for shown.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub(super) fn is_new(&mut self, connection: &Connection, hit: &Hit) -> Result<bool> {
        let text: Option<String> = connection
            .prepare_cached("SELECT text FROM passage_text WHERE id = ?1")?
            .query_row([hit.passage], |row| row.get(0))
            .optional()?;
        let words = words(text.as_deref().unwrap_or_default());
        if !words.is_empty() && !self.texts.insert(digest(&words)) {
            return Ok(false);
        }
        if self.hits.len() >= COMPARED {
            return Ok(true);
        }
        let clusters = clusters(connection, hit.passage)?;
        let runs = runs(&words);
        let numbers = numbers(&words);
        if runs.len() >= SHORT && self.is_copy(&runs, &numbers, hit.document, &clusters) {
            return Ok(false);
        }
        let at = self.hits.len();
        self.hits.push(Known { document: hit.document, clusters, numbers });
        for run in runs {
            self.runs.entry(run).or_default().push(at);
        }
        Ok(true)
    }

    fn is_copy(
        &self,
        runs: &HashSet<u64>,
        numbers: &HashSet<String>,
        document: i64,
        clusters: &[i64],
    ) -> bool {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for at in runs.iter().filter_map(|run| self.runs.get(run)).flatten() {
            *shared.entry(*at).or_default() += 1;
        }
        shared.into_iter().any(|(at, shared)| {
            let share = shared as f64 / runs.len() as f64;
            let Some(known) = self.hits.get(at) else { return false };
            // Texts from one template differ in their numbers; copies of one text seldom do.
            let one_story = known.clusters.iter().any(|cluster| clusters.contains(cluster));
            let told = one_story && known.document != document;
            if told {
                share >= OF_ONE_CLUSTER
            } else {
                share >= OF_ANY && numbers.is_subset(&known.numbers)
            }
        })
    }
}

/// The clusters of the documents that have the passage.
fn clusters(connection: &Connection, passage: i64) -> Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT cluster_id FROM (
             SELECT document_id FROM placement WHERE passage_id = ?1 LIMIT ?2
         ) JOIN document ON document.id = document_id",
    )?;
    statement.query_map([passage, PLACES], |row| row.get(0))?.collect()
}

fn digest(words: &[Word]) -> u64 {
    let mut hasher = DefaultHasher::new();
    words.iter().for_each(|word| word.text.hash(&mut hasher));
    hasher.finish()
}

fn runs(words: &[Word]) -> HashSet<u64> {
    let letters: Vec<char> = words.iter().flat_map(|word| word.text.chars()).collect();
    let run = |at: usize| {
        let length = if letters.get(at).copied().is_some_and(is_cjk) { RUN_CJK } else { RUN };
        let mut hasher = DefaultHasher::new();
        letters.get(at..at + length)?.hash(&mut hasher);
        Some(hasher.finish())
    };
    (0..letters.len()).filter_map(run).collect()
}

/// The numbers of a text. A word with a misread letter in it, such as `mis5ed` or `1t`, is none.
fn numbers(words: &[Word]) -> HashSet<String> {
    let is_number = |word: &&Word| {
        let digits = word.text.chars().filter(|c| c.is_numeric()).count();
        let letters = word.text.chars().count() - digits;
        digits > 0 && (letters == 0 || digits > 1 && digits >= letters)
    };
    words.iter().filter(is_number).map(|word| word.text.clone()).collect()
}

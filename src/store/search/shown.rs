//! One hit per story: which hits say again what a better one has said.
//!
//! A passage that stands in many documents is one hit already. Here a copy is one that was changed on
//! its way: re-quoted, re-set, with errors of recognition, or cut. It is told by the text alone, and
//! more freely where the archive has the documents in one cluster. Nothing is compared but hits.

use super::Hit;
use crate::text::words::{Word, words};
use rusqlite::{Connection, OptionalExtension, Result};
use std::collections::HashSet;
use std::collections::hash_map::{DefaultHasher, HashMap};
use std::hash::{Hash, Hasher};

/// How much of a hit must stand in a better one: less where the documents are known to tell one story.
const OF_ONE_CLUSTER: f64 = 0.5;
const OF_ANY: f64 = 0.8;

/// Texts with fewer runs of words are copies only if all of their words are the same.
const SHORT: usize = 8;

/// Words in a run: three, or five CJK characters, which are about as much.
const RUN: usize = 3;
const RUN_CJK: usize = 5;

/// After so many hits only texts of the same words are told as copies: nobody reads so far down, and
/// a search over everything must stay one.
const COMPARED: usize = 256;

/// The hits given so far.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Digests of all their words.
    texts: HashSet<u64>,
    /// Where each run of words was shown.
    runs: HashMap<u64, Vec<usize>>,
    hits: Vec<Known>,
    clusters: HashMap<i64, i64>,
}

#[derive(Debug)]
struct Known {
    document: i64,
    cluster: i64,
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
        let cluster = self.cluster(connection, hit.document)?;
        let runs = runs(&words);
        let numbers = numbers(&words);
        if runs.len() >= SHORT && self.is_copy(&runs, &numbers, hit.document, cluster) {
            return Ok(false);
        }
        let at = self.hits.len();
        self.hits.push(Known { document: hit.document, cluster, numbers });
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
        cluster: i64,
    ) -> bool {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for at in runs.iter().filter_map(|run| self.runs.get(run)).flatten() {
            *shared.entry(*at).or_default() += 1;
        }
        shared.into_iter().any(|(at, shared)| {
            let share = shared as f64 / runs.len() as f64;
            let Some(known) = self.hits.get(at) else { return false };
            // Texts from one template differ in their numbers; copies of one text seldom do.
            let told = known.cluster == cluster && known.document != document;
            if told {
                share >= OF_ONE_CLUSTER
            } else {
                share >= OF_ANY && numbers.is_subset(&known.numbers)
            }
        })
    }

    fn cluster(&mut self, connection: &Connection, document: i64) -> Result<i64> {
        if let Some(cluster) = self.clusters.get(&document) {
            return Ok(*cluster);
        }
        let cluster: Option<i64> = connection
            .prepare_cached("SELECT cluster_id FROM document WHERE id = ?1")?
            .query_row([document], |row| row.get(0))
            .optional()?;
        let cluster = cluster.unwrap_or(document);
        self.clusters.insert(document, cluster);
        Ok(cluster)
    }
}

fn digest(words: &[Word]) -> u64 {
    let mut hasher = DefaultHasher::new();
    words.iter().for_each(|word| word.text.hash(&mut hasher));
    hasher.finish()
}

fn runs(words: &[Word]) -> HashSet<u64> {
    let run = |at: usize| {
        let long = words.get(at).is_some_and(|word| word.cjk);
        words.get(at..at + if long { RUN_CJK } else { RUN }).map(digest)
    };
    (0..words.len()).filter_map(run).collect()
}

fn numbers(words: &[Word]) -> HashSet<String> {
    let numbers = words.iter().filter(|word| word.text.contains(char::is_numeric));
    numbers.map(|word| word.text.clone()).collect()
}

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
use std::collections::hash_map::{DefaultHasher, Entry, HashMap};
use std::hash::{BuildHasherDefault, Hash, Hasher};

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
    /// Where each run of letters was shown first, and where again.
    runs: HashMap<u64, usize, AsTheyAre>,
    again: HashMap<u64, Vec<usize>, AsTheyAre>,
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
            match self.runs.entry(run) {
                Entry::Vacant(entry) => {
                    entry.insert(at);
                }
                Entry::Occupied(_) => self.again.entry(run).or_default().push(at),
            }
        }
        Ok(true)
    }

    fn is_copy(
        &self,
        runs: &[u64],
        numbers: &HashSet<String>,
        document: i64,
        clusters: &[i64],
    ) -> bool {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for run in runs {
            let Some(first) = self.runs.get(run) else { continue };
            for at in self.again.get(run).into_iter().flatten().chain([first]) {
                *shared.entry(*at).or_default() += 1;
            }
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

/// Whether the two say the same, neither being a mere part of the other.
///
/// # Errors
/// When the archive cannot be read.
pub(super) fn is_same(connection: &Connection, one: &Hit, other: &Hit) -> Result<bool> {
    let is_copy = |one, other| {
        let mut shown = Shown::default();
        shown.is_new(connection, one)?;
        shown.is_new(connection, other).map(|is_new| !is_new)
    };
    Ok(is_copy(one, other)? && is_copy(other, one)?)
}

/// The story of a document that others tell too.
///
/// # Errors
/// When the archive cannot be read.
pub(super) fn story(connection: &Connection, document: i64) -> Result<Option<i64>> {
    let sql = "SELECT cluster_id FROM document
         WHERE id = ?1 AND EXISTS (
             SELECT 1 FROM document AS other
             WHERE other.cluster_id = document.cluster_id AND other.id <> document.id
         )";
    connection.prepare_cached(sql)?.query_row([document], |row| row.get(0)).optional()
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

/// Digests of the runs of letters, each once.
fn runs(words: &[Word]) -> Vec<u64> {
    let letters: Vec<char> = words.iter().flat_map(|word| word.text.chars()).collect();
    let run = |at: usize| {
        let length = if letters.get(at).copied().is_some_and(is_cjk) { RUN_CJK } else { RUN };
        Some(mixed(letters.get(at..at + length)?))
    };
    let mut runs: Vec<u64> = (0..letters.len()).filter_map(run).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// A digest of a few letters (FNV-1a on characters, then the last step of SplitMix64): thousands are made
/// for a page of hits, and nobody gains by making two that are the same.
fn mixed(letters: &[char]) -> u64 {
    let mix = |digest: u64, letter: &char| {
        (digest ^ u64::from(u32::from(*letter))).wrapping_mul(0x0100_0000_01b3)
    };
    let digest = letters.iter().fold(0xcbf2_9ce4_8422_2325, mix);
    let digest = (digest ^ digest >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    digest ^ digest >> 27
}

/// Keeps digests by themselves.
#[derive(Default)]
struct Itself(u64);

type AsTheyAre = BuildHasherDefault<Itself>;

impl Hasher for Itself {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0 << 8 | u64::from(*byte));
    }

    fn write_u64(&mut self, digest: u64) {
        self.0 = digest;
    }

    fn finish(&self) -> u64 {
        self.0
    }
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

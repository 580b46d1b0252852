//! Words that the program wrote into its own code, when they come back from another of its processes.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// A word of the program's own. The alias keeps serde from borrowing it from what is read.
pub(super) type Fixed = &'static str;

/// The longest word, in bytes, and the most of them: whatever a process sends, memory is bounded.
const LONGEST: usize = 64;
const MOST: usize = 4096;

static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// Reads such a word. Each is kept once, for as long as the program runs.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Fixed, D::Error> {
    let word = String::deserialize(source)?;
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(word) = known.get(&*word) {
        return Ok(word);
    }
    if word.len() > LONGEST || known.len() >= MOST {
        return Err(D::Error::custom("not a word of fonds"));
    }
    let word: Fixed = String::leak(word);
    known.insert(word);
    Ok(word)
}

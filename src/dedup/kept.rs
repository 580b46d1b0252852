//! Keeps what was made for a document until it takes too much room; threads share it.

use anyhow::Result;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Things by document, the older half of which is let go when they take too much room.
pub(super) struct Kept<T> {
    halves: Mutex<Halves<T>>,
    most: usize,
    size: fn(&T) -> usize,
}

struct Halves<T> {
    young: FxHashMap<i64, Arc<T>>,
    old: FxHashMap<i64, Arc<T>>,
    /// What the young take, in bytes.
    bytes: usize,
}

impl<T> Kept<T> {
    /// Keeps things that take up to so many bytes together, of the size that `size` tells.
    pub(super) fn new(most: usize, size: fn(&T) -> usize) -> Self {
        let halves = Halves { young: FxHashMap::default(), old: FxHashMap::default(), bytes: 0 };
        Self { halves: Mutex::new(halves), most, size }
    }

    /// What is kept for a document, else what `make` makes. Two threads that want the same at once may
    /// both make it.
    pub(super) fn get(&self, document: i64, make: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        if let Some(kept) = self.kept(document) {
            return Ok(kept);
        }
        let thing = Arc::new(make()?);
        self.keep(document, &thing);
        Ok(thing)
    }

    /// What is kept for a document.
    pub(super) fn kept(&self, document: i64) -> Option<Arc<T>> {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = halves.young.get(&document) {
            return Some(Arc::clone(kept));
        }
        let thing = halves.old.remove(&document)?;
        self.add(&mut halves, document, &thing);
        Some(thing)
    }

    fn keep(&self, document: i64, thing: &Arc<T>) {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        self.add(&mut halves, document, thing);
    }

    fn add(&self, halves: &mut Halves<T>, document: i64, thing: &Arc<T>) {
        let bytes = (self.size)(thing);
        halves.bytes += bytes;
        if halves.bytes > self.most / 2 {
            halves.old = std::mem::take(&mut halves.young);
            halves.bytes = bytes;
        }
        halves.young.insert(document, Arc::clone(thing));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn what_was_wanted_lately_is_kept_and_the_rest_is_made_again() {
        let kept = Kept::new(40, |text: &String| text.len());
        let made = Cell::new(0);
        let get = |document: i64| {
            let make = || {
                made.set(made.get() + 1);
                Ok(format!("{document:010}"))
            };
            kept.get(document, make).unwrap().to_string()
        };
        for document in [1, 2, 1, 2, 3, 1, 4, 1, 5, 1] {
            assert_eq!(get(document), format!("{document:010}"));
        }
        assert_eq!(made.get(), 5);
        get(2);
        assert_eq!(made.get(), 6);
    }
}

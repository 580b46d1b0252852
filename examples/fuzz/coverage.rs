//! Which code a run reached that none before it had, where the compiler was told to count; without it
//! nothing is ever new, and inputs are made from the first seeds alone.
//!
//! The counters are LLVM's (clang.llvm.org/docs/SanitizerCoverage.html): one byte for each edge, which
//! code that was compiled so counts up. It reads and clears them, and nothing else.

#![allow(unsafe_code, reason = "the counters are handed over as two addresses")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

static BEGIN: AtomicUsize = AtomicUsize::new(0);
static END: AtomicUsize = AtomicUsize::new(0);
/// Of each counter the sizes that it had, a bit for each power of two.
static SEEN: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Called by every part of the program that was compiled to count, before `main`; with the same two
/// addresses each time.
#[unsafe(no_mangle)]
extern "C" fn __sanitizer_cov_8bit_counters_init(begin: *mut u8, end: *mut u8) {
    BEGIN.store(begin.addr(), Ordering::Relaxed);
    END.store(end.addr(), Ordering::Relaxed);
    // The address may be used again from elsewhere.
    let _exposed = begin.expose_provenance();
}

/// The counters, eight in a word; none where nothing counts.
fn counters() -> &'static [AtomicU64] {
    let (begin, end) = (BEGIN.load(Ordering::Relaxed), END.load(Ordering::Relaxed));
    let first = begin.next_multiple_of(8);
    if end <= first {
        return &[];
    }
    // SAFETY: the linker has put the counters there for as long as the program runs, the address is
    // rounded up to that of a word, and the length down.
    unsafe {
        std::slice::from_raw_parts(std::ptr::with_exposed_provenance(first), (end - first) / 8)
    }
}

/// How many edges there are to count.
pub(crate) fn edges() -> usize {
    counters().len() * 8
}

/// Forgets what was counted.
pub(crate) fn begin() {
    counters().iter().for_each(|word| word.store(0, Ordering::Relaxed));
}

/// Whether an edge was taken that never was, or so often as it never was.
pub(crate) fn is_new() -> bool {
    let counters = counters();
    let Ok(mut seen) = SEEN.lock() else { return false };
    seen.resize(counters.len() * 8, 0);
    let mut is_new = false;
    for (word, seen) in counters.iter().zip(seen.chunks_exact_mut(8)) {
        let counted = word.load(Ordering::Relaxed);
        if counted == 0 {
            continue;
        }
        for (count, seen) in counted.to_ne_bytes().into_iter().zip(seen) {
            let size = if count == 0 { 0 } else { 1_u8 << count.ilog2() };
            is_new |= size & !*seen != 0;
            *seen |= size;
        }
    }
    is_new
}

/// How many edges were taken so far.
pub(crate) fn reached() -> usize {
    SEEN.lock().map_or(0, |seen| seen.iter().filter(|seen| **seen != 0).count())
}

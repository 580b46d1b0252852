//! How long a search may go on, and how much memory the lists that it reads may take.
//!
//! SQLite keeps a statement's limits only while the statement runs. What joins and weighs lists does not
//! run in one, and must ask here in every loop that grows with the archive.

use super::clock::Clock;
use rusqlite::{Error, Result, ffi};
use std::sync::Arc;

/// The limits of the query that a search is part of; none by default.
#[derive(Clone, Debug, Default)]
pub(super) struct Patience {
    clock: Option<Arc<Clock>>,
    /// Bytes; 0 is no limit.
    memory: u64,
}

impl Patience {
    pub(super) fn new(clock: &Arc<Clock>, memory: u64) -> Self {
        Self { clock: Some(Arc::clone(clock)), memory }
    }

    /// # Errors
    /// The error of a statement that was interrupted, when time is up or the query was.
    pub(super) fn check(&self) -> Result<()> {
        match &self.clock {
            Some(clock) if clock.is_overdue() || clock.is_interrupted() => {
                Err(Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_INTERRUPT), None))
            }
            _ => Ok(()),
        }
    }

    /// Whether time is left and so many bytes may be held.
    ///
    /// # Errors
    /// As [`Patience::check`]; and the error of a statement for which there is not enough memory.
    pub(super) fn allow(&self, bytes: usize) -> Result<()> {
        if self.memory > 0 && u64::try_from(bytes).is_ok_and(|bytes| bytes > self.memory) {
            return Err(Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_NOMEM), None));
        }
        self.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn code(result: Result<()>) -> Option<i32> {
        result.err().and_then(|error| error.sqlite_error().map(|error| error.extended_code))
    }

    #[test]
    fn a_search_is_stopped_when_time_or_memory_is_up_or_somebody_interrupts_it() {
        let clock = Arc::new(Clock::new(Some(Duration::from_secs(60))));
        clock.start();
        let patience = Patience::new(&clock, 100);
        assert_eq!(code(patience.allow(100)), None);
        assert_eq!(code(patience.allow(101)), Some(ffi::SQLITE_NOMEM));
        clock.interrupt();
        assert_eq!(code(patience.check()), Some(ffi::SQLITE_INTERRUPT));
        let clock = Arc::new(Clock::new(Some(Duration::ZERO)));
        clock.start();
        assert_eq!(code(Patience::new(&clock, 0).allow(1 << 40)), Some(ffi::SQLITE_INTERRUPT));
        assert_eq!(code(Patience::default().allow(usize::MAX)), None);
    }
}

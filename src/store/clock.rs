//! The time that one query may take, shared by the thread that runs it and the threads that watch it.
//!
//! Only time inside SQLite counts: a reader who pauses in a pager must not lose the query. It never
//! stops anything itself; it tells who asks.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Stands for "no deadline" in [`Clock::deadline`] and "no end" in [`Clock::left`].
const NEVER: u64 = u64::MAX;

/// A deadline that can be paused. One thread starts and pauses it, any thread may read it.
#[derive(Debug)]
pub(super) struct Clock {
    /// What every query gets; `None` is no limit.
    time: Option<Duration>,
    base: Instant,
    /// Nanoseconds after the base at which time is up; [`NEVER`] while paused.
    deadline: AtomicU64,
    /// Nanoseconds that remain when a pause ends.
    left: AtomicU64,
    interrupted: AtomicBool,
}

impl Clock {
    /// A clock that gives every query so much time; `None` is no limit. It stands still until
    /// [`Clock::start`], but tells a watcher already how long there is.
    pub(super) fn new(time: Option<Duration>) -> Self {
        Clock {
            time,
            base: Instant::now(),
            deadline: AtomicU64::new(NEVER),
            left: AtomicU64::new(time.map_or(NEVER, nanoseconds)),
            interrupted: AtomicBool::new(false),
        }
    }

    /// Gives a query its time from now on.
    pub(super) fn start(&self) {
        self.left.store(self.time.map_or(NEVER, nanoseconds), Relaxed);
        self.resume();
    }

    /// Stops counting until [`Clock::resume`].
    pub(super) fn pause(&self) {
        let deadline = self.deadline.load(Relaxed);
        if deadline != NEVER {
            self.left.store(deadline.saturating_sub(self.now()), Relaxed);
            self.deadline.store(NEVER, Relaxed);
        }
    }

    /// Counts on after [`Clock::pause`].
    pub(super) fn resume(&self) {
        let left = self.left.load(Relaxed);
        if left != NEVER {
            self.deadline.store(self.now().saturating_add(left), Relaxed);
        }
    }

    /// Ends the count: no query is running.
    pub(super) fn stop(&self) {
        self.left.store(NEVER, Relaxed);
        self.deadline.store(NEVER, Relaxed);
    }

    pub(super) fn interrupt(&self) {
        self.interrupted.store(true, Relaxed);
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Relaxed)
    }

    /// Whether the time is up.
    pub(super) fn is_overdue(&self) -> bool {
        let deadline = self.deadline.load(Relaxed);
        deadline != NEVER && self.now() >= deadline
    }

    /// How long from now the time can be up at the earliest; `None` while there is no limit.
    pub(super) fn remaining(&self) -> Option<Duration> {
        let nanoseconds = match self.deadline.load(Relaxed) {
            NEVER => self.left.load(Relaxed),
            deadline => return Some(Duration::from_nanos(deadline.saturating_sub(self.now()))),
        };
        (nanoseconds != NEVER).then(|| Duration::from_nanos(nanoseconds))
    }

    /// How long the time has been up.
    pub(super) fn overdue(&self) -> Duration {
        match self.deadline.load(Relaxed) {
            NEVER => Duration::ZERO,
            deadline => Duration::from_nanos(self.now().saturating_sub(deadline)),
        }
    }

    fn now(&self) -> u64 {
        nanoseconds(self.base.elapsed())
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(NEVER - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread::sleep;

    #[test]
    fn time_spent_in_a_pause_does_not_count() {
        let clock = Clock::new(Some(Duration::from_millis(40)));
        clock.start();
        clock.pause();
        sleep(Duration::from_millis(60));
        assert!(!clock.is_overdue());
        clock.resume();
        assert!(!clock.is_overdue());
        assert!(clock.remaining().unwrap() > Duration::from_millis(1));
        sleep(Duration::from_millis(60));
        assert!(clock.is_overdue());
        assert!(clock.overdue() >= Duration::from_millis(1));
    }

    #[test]
    fn without_a_limit_and_after_the_end_time_is_never_up() {
        let clock = Clock::new(None);
        clock.start();
        assert_eq!((clock.is_overdue(), clock.remaining()), (false, None));
        let clock = Clock::new(Some(Duration::ZERO));
        clock.start();
        assert!(clock.is_overdue());
        clock.stop();
        assert_eq!((clock.is_overdue(), clock.remaining()), (false, None));
    }

    #[test]
    fn a_watcher_that_looks_before_the_start_learns_the_limit() {
        let second = Duration::from_secs(1);
        assert_eq!(Clock::new(Some(second)).remaining(), Some(second));
    }

    #[test]
    fn an_absurdly_long_limit_does_not_overflow() {
        let clock = Clock::new(Some(Duration::MAX));
        clock.start();
        clock.pause();
        clock.resume();
        assert!(!clock.is_overdue());
    }
}

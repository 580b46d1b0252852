//! One target on many inputs: whether one panics, does not end, or takes more memory than it may.
//!
//! The inputs are taken on a thread that is left behind when it does not end. What is tried depends on
//! the seed alone, and with [`Senses`] also on what the inputs before it reached.

use super::Target;
use super::mutation::{Seed, mutated};
use crate::random::Random;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::Builder;
use std::time::{Duration, Instant};

/// Longer than any reader may take for an input of a few kilobytes, in time of the processor.
const PATIENCE: Duration = Duration::from_secs(10);
/// So much longer it may take by the clock, on a busy computer.
const PATIENCE_BY_THE_CLOCK: u32 = 12;
/// Inputs that led to something new are kept as seeds, so many.
const MOST_KEPT: usize = 20_000;
/// An input that took more than this is found; readers have as much in the program.
const MOST_MEMORY: u64 = 1 << 30;

/// What can be known of a run beside its end.
#[derive(Clone, Copy)]
pub(crate) struct Senses {
    /// A run begins.
    pub(crate) begin: fn(),
    /// Whether the run that ended reached code that none before it had.
    pub(crate) is_new: fn() -> bool,
    /// The most bytes that were allocated at once since the run began.
    pub(crate) bytes: fn() -> u64,
    /// Time of the processor so far.
    pub(crate) time: fn() -> Duration,
}

/// How much is tried, and how.
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) runs: u64,
    pub(crate) until: Option<Instant>,
    pub(crate) senses: Senses,
    /// Where the input at hand is written before it is tried: it is what ended the process, if it ends.
    pub(crate) trace: Option<PathBuf>,
}

/// An input that it did not stand.
pub(crate) struct Found {
    pub(crate) input: Vec<u8>,
    pub(crate) what: String,
    is_endless: bool,
}

/// What came of a trial.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) found: Vec<Found>,
    pub(crate) runs: u64,
    /// What went wrong with several inputs at once; each of them was then tried alone.
    pub(crate) together: Vec<String>,
    /// Inputs that led to something new.
    pub(crate) kept: Vec<Vec<u8>>,
    /// The longest that inputs tried together took, each; and the first of them.
    pub(crate) slowest: (Duration, Vec<u8>),
    /// The most bytes that were allocated at once, and the first of the inputs.
    pub(crate) largest: (u64, Vec<u8>),
}

struct Progress {
    plan: Plan,
    seeds: Vec<Seed>,
    /// Longer inputs are not kept: they take longer and say no more.
    longest: usize,
    random: Random,
    outcome: Outcome,
    /// To be tried before anything else: seeds, and what failed together.
    ahead: VecDeque<Seed>,
    at_hand: Arc<Vec<Vec<u8>>>,
    parts_at_hand: Vec<Seed>,
    is_counted: bool,
    /// Which of the threads goes on; one that did not end must not when it does.
    thread: u64,
    begun: (Instant, Duration),
    number: u64,
}

/// Tries a target as planned. After three inputs that do not end it goes no further: each keeps a core
/// busy.
pub(crate) fn run(target: &Target, plan: Plan) -> Outcome {
    let begun = (Instant::now(), (plan.senses.time)());
    let progress = Arc::new(Mutex::new(Progress {
        seeds: target.seeds.clone(),
        longest: target.longest,
        random: Random(plan.seed),
        outcome: Outcome::default(),
        ahead: target.seeds.iter().cloned().collect(),
        at_hand: Arc::default(),
        parts_at_hand: Vec::new(),
        is_counted: false,
        thread: 0,
        begun,
        number: 0,
        plan,
    }));
    let (done, ended) = channel();
    start(target, &progress, done.clone());
    let mut last = 0;
    loop {
        match ended.recv_timeout(Duration::from_millis(250)) {
            Ok(()) => break,
            Err(RecvTimeoutError::Disconnected) => unreachable!("a sender is kept here"),
            Err(RecvTimeoutError::Timeout) => {}
        }
        let mut now = lock(&progress);
        if now.number == last && now.is_late() {
            now.fail(format!("did not end within {PATIENCE:?}"), true);
            now.thread += 1;
            drop(now);
            start(target, &progress, done.clone());
            continue;
        }
        last = now.number;
    }
    let mut progress = lock(&progress);
    std::mem::take(&mut progress.outcome)
}

fn lock(progress: &Mutex<Progress>) -> MutexGuard<'_, Progress> {
    progress.lock().unwrap()
}

fn start(target: &Target, progress: &Arc<Mutex<Progress>>, done: Sender<()>) {
    let (take, progress) = (Arc::clone(&target.take), Arc::clone(progress));
    let (pieces, at_once) = (Arc::clone(&target.pieces), target.at_once);
    let mine = lock(&progress).thread;
    let work = move || {
        loop {
            let mut now = lock(&progress);
            if now.thread != mine {
                return;
            }
            let Some(inputs) = now.next(&pieces, at_once) else { break };
            let begin = now.plan.senses.begin;
            drop(now);
            begin();
            let ended = catch_unwind(AssertUnwindSafe(|| take(&inputs)));
            let mut now = lock(&progress);
            if now.thread != mine {
                return;
            }
            match ended {
                Ok(()) => now.passed(),
                Err(panic) => {
                    let words = panic.downcast_ref::<String>().cloned();
                    let words = words.or_else(|| panic.downcast_ref::<&str>().map(|&s| s.into()));
                    now.fail(format!("panicked: {}", words.unwrap_or_default()), false);
                }
            }
        }
        let _late = done.send(());
    };
    Builder::new().stack_size(64 << 20).spawn(work).unwrap();
}

impl Progress {
    /// What is tried next; nothing when all is done.
    fn next(&mut self, pieces: &[Vec<u8>], at_once: usize) -> Option<Arc<Vec<Vec<u8>>>> {
        let endless = self.outcome.found.iter().filter(|found| found.is_endless).count();
        let is_over = self.plan.until.is_some_and(|until| Instant::now() > until);
        if endless == 3 || is_over || self.outcome.runs >= self.plan.runs {
            return None;
        }
        self.is_counted = self.ahead.is_empty();
        self.parts_at_hand = match self.ahead.pop_front() {
            Some(seed) => vec![seed],
            None => {
                let left = usize::try_from(self.plan.runs - self.outcome.runs).unwrap_or(at_once);
                (0..at_once.min(left)).map(|_| self.mutated(pieces)).collect()
            }
        };
        self.at_hand = Arc::new(self.parts_at_hand.iter().map(|seed| seed.whole.clone()).collect());
        if let Some(trace) = &self.plan.trace {
            std::fs::write(trace, self.at_hand.concat()).unwrap();
        }
        self.number += 1;
        self.begun = (Instant::now(), (self.plan.senses.time)());
        Some(Arc::clone(&self.at_hand))
    }

    fn mutated(&mut self, pieces: &[Vec<u8>]) -> Seed {
        mutated(&self.seeds, pieces, &mut self.random)
    }

    fn is_late(&self) -> bool {
        let (clock, processor) = self.begun;
        let spent = (self.plan.senses.time)().saturating_sub(processor);
        spent > PATIENCE || clock.elapsed() > PATIENCE * PATIENCE_BY_THE_CLOCK
    }

    fn passed(&mut self) {
        self.count();
        let bytes = (self.plan.senses.bytes)();
        let (first, tried) = (self.at_hand[0].clone(), self.at_hand.len() as u32);
        let took = (self.plan.senses.time)().saturating_sub(self.begun.1) / tried;
        if took > self.outcome.slowest.0 {
            self.outcome.slowest = (took, first.clone());
        }
        if bytes > self.outcome.largest.0 {
            self.outcome.largest = (bytes, first);
        }
        if bytes > MOST_MEMORY {
            self.found(format!("took {} MiB of memory", bytes >> 20), false);
        }
        let is_kept = self.is_counted
            && tried == 1
            && self.seeds.len() < MOST_KEPT
            && self.at_hand[0].len() <= self.longest;
        if (self.plan.senses.is_new)() && is_kept {
            self.outcome.kept.push(self.at_hand[0].clone());
            self.seeds.append(&mut self.parts_at_hand);
        }
    }

    /// One that failed is found; of several each is tried alone.
    fn fail(&mut self, what: String, is_endless: bool) {
        self.count();
        if self.at_hand.len() == 1 {
            return self.found(what, is_endless);
        }
        self.outcome.together.push(what);
        self.ahead.extend(self.parts_at_hand.drain(..));
    }

    fn found(&mut self, what: String, is_endless: bool) {
        let is_known = self.outcome.found.iter().filter(|found| found.what == what).count() >= 3;
        if !is_known {
            self.outcome.found.push(Found { input: self.at_hand.concat(), what, is_endless });
        }
    }

    fn count(&mut self) {
        if self.is_counted {
            self.outcome.runs += self.at_hand.len() as u64;
        }
    }
}

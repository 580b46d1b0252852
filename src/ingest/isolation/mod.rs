//! Where the readers of formats run, and what they may take: a document that kills its reader, or
//! keeps it busy for ever, fails alone.
//!
//! Readers known to be bounded ([`Format::is_bounded`]) run where they are called. The others run in
//! processes that are used again and again, or on threads where the user says so. It never decides
//! what a document is, and never stores anything.

mod frame;
mod limits;
mod pool;
#[cfg(test)]
mod tests;
mod thread;
mod worker;

pub use worker::serve;

use crate::format::{Format, Input};
use crate::model::Extract;
use pool::Pool;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::time::Duration;

/// Stack of a reader: deep nesting is bounded by the readers themselves, and costs no memory unused.
const STACK: usize = 64 << 20;

/// Where readers run.
#[derive(Clone, Debug)]
pub enum Isolation {
    /// In processes of this program, which answers on its standard streams as [`serve`] does.
    Process(Program),
    /// On threads of this process: a reader that exhausts stack or memory ends the run.
    Thread,
}

/// How a reader process is started.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
}

/// What a reader may take for one document.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// Bytes of memory beside those of the document; only processes have a bound.
    pub memory: u64,
    /// How long it may compute, in whole seconds; in a process on Unix that is time of the processor,
    /// and by the clock it may take five times as long.
    pub time: Duration,
}

impl Default for Allowance {
    /// 1 GiB and 60 seconds: of hundreds of sound files the largest takes 0.7 GB, the slowest a few
    /// seconds.
    fn default() -> Self {
        Self { memory: 1 << 30, time: Duration::from_secs(60) }
    }
}

/// The readers of a run.
#[derive(Debug)]
pub struct Readers {
    pool: Option<Pool>,
    allowance: Allowance,
}

impl Readers {
    /// Readers that run there. Nothing is started before it is needed.
    pub fn new(isolation: Isolation, allowance: Allowance) -> Self {
        let pool = match isolation {
            Isolation::Process(program) => Some(Pool::new(program, allowance)),
            Isolation::Thread => None,
        };
        Self { pool, allowance }
    }

    /// What the reader of the format makes of the bytes, or why it made nothing.
    pub(super) fn read(
        &self,
        format: &'static Format,
        input: &Input<'_>,
    ) -> Result<Extract, String> {
        match &self.pool {
            _ if format.is_bounded => caught(format, input),
            Some(pool) => pool.read(format, input),
            None => thread::read(format, input, self.allowance.time),
        }
    }
}

/// A reader that panics fails its document and no other.
fn caught(format: &Format, input: &Input<'_>) -> Result<Extract, String> {
    match panic::catch_unwind(AssertUnwindSafe(|| (format.read)(input))) {
        Ok(read) => read.map_err(|unreadable| unreadable.0),
        Err(_) => Err(defect(format)),
    }
}

fn defect(format: &Format) -> String {
    format!("the reader {} failed on it (a defect of fonds)", format.name)
}

fn late(format: &Format, time: Duration) -> String {
    format!(
        "the reader {} was not done with it after {} seconds (see --reader-seconds)",
        format.name,
        time.as_secs()
    )
}

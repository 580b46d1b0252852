//! The options that say where the readers of formats run, and what they may take.

use crate::ingest::{Allowance, Isolation, Program, Readers};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use std::env;
use std::path::PathBuf;
use std::time::Duration;

/// Options for readers.
#[derive(Args)]
#[command(next_help_heading = "Readers")]
pub(super) struct ReaderOptions {
    /// Where formats other than plain text are read
    #[arg(long, value_name = "WHERE", value_enum, default_value_t = Where::Process)]
    isolation: Where,

    /// Memory that a reader may take for one document, in MiB beside the document itself; bounded on
    /// Linux, Android and FreeBSD, in processes only
    #[arg(long, value_name = "MIB", default_value_t = Allowance::default().memory >> 20, value_parser = clap::value_parser!(u64).range(16..=1 << 20))]
    reader_memory: u64,

    /// Time that a reader may compute for one document (by the clock, five times as long)
    #[arg(long, value_name = "SECONDS", default_value_t = Allowance::default().time.as_secs(), value_parser = clap::value_parser!(u64).range(1..=86_400))]
    reader_seconds: u64,
}

/// Where readers run.
#[derive(Clone, Copy, ValueEnum)]
enum Where {
    /// In processes of their own: a document that kills its reader fails alone
    Process,
    /// On threads: a document that exhausts memory or stack ends the run
    Thread,
}

impl ReaderOptions {
    pub(super) fn readers(&self) -> Result<Readers> {
        let isolation = match self.isolation {
            Where::Process => Isolation::Process(own_program()?),
            Where::Thread => Isolation::Thread,
        };
        let time = Duration::from_secs(self.reader_seconds);
        Ok(Readers::new(isolation, Allowance { memory: self.reader_memory << 20, time }))
    }
}

/// Readers where they are by default.
pub(super) fn default() -> Result<Readers> {
    Ok(Readers::new(Isolation::Process(own_program()?), Allowance::default()))
}

fn own_program() -> Result<Program> {
    let path = if cfg!(any(target_os = "linux", target_os = "android")) {
        // Stays the running program when its file is replaced.
        PathBuf::from("/proc/self/exe")
    } else {
        env::current_exe().context("cannot tell where fonds is (see --isolation)")?
    };
    Ok(Program { path, arguments: vec!["read-documents".to_owned()] })
}

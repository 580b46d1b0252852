//! The hidden command `read-documents`: the inside of a reader process, which `ingest` starts.

use super::exit::Exit;
use crate::ingest::{self, Allowance};
use anyhow::Result;
use clap::Args;
use std::io::{self, Write};
use std::time::Duration;

/// Read documents for another process of fonds
#[derive(Args)]
pub(super) struct ReadDocuments {
    /// Bytes of memory that a reader may take beside those of the document
    #[arg(long)]
    memory: u64,

    /// Seconds that a reader may compute for a document
    #[arg(long)]
    seconds: u64,
}

impl ReadDocuments {
    pub(super) fn run(self) -> Result<Exit> {
        let time = Duration::from_secs(self.seconds);
        let allowance = Allowance { memory: self.memory, time };
        ingest::serve(allowance, &mut io::stdin().lock(), answers()?)?;
        Ok(Exit::Done)
    }
}

/// The stream for answers. Whatever a library may print goes elsewhere from now on.
#[cfg(unix)]
fn answers() -> io::Result<impl Write + Send + 'static> {
    let answers = rustix::io::dup(io::stdout())?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok(std::fs::File::from(answers))
}

#[cfg(not(unix))]
fn answers() -> io::Result<impl Write + Send + 'static> {
    Ok(io::stdout())
}

//! Arguments, dispatch and messages: the only module that prints and that decides exit statuses.

mod address;
mod arenas;
mod backup;
mod boilerplate;
mod check;
mod collect;
mod collection;
mod compare;
mod completions;
mod concepts;
mod decide;
mod duplicates;
mod exit;
mod former;
mod info;
mod ingest;
mod interrupt;
mod ledger;
mod message;
mod progress;
mod query;
mod read_documents;
mod readers;
mod repair;
mod reread;
mod review;
mod rows;
mod search;
mod settle;
mod show;

use crate::store::{self, Archive, Limits, Reader};
use anyhow::Result;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Keep documents, their paragraphs and every copy of them in one SQLite file
///
/// `fonds ingest` reads documents into an archive; `fonds search` finds the paragraph that says it;
/// `fonds query` runs SQL over everything. An archive is one SQLite file that any SQLite tool opens.
#[derive(Parser)]
#[command(name = "fonds", version = version(), max_term_width = 100, after_help = exit::HELP)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Args)]
struct Global {
    /// The archive; only `ingest` creates it
    #[arg(
        short,
        long,
        global = true,
        value_name = "FILE",
        env = "FONDS_ARCHIVE",
        default_value = "fonds.db",
        hide_default_value = false
    )]
    archive: PathBuf,

    /// Print results and errors only
    #[arg(short, long, global = true)]
    quiet: bool,

    /// Wait so long for another process that holds the archive
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 30)]
    wait: u64,

    /// Show no progress, even on a terminal
    #[arg(long, global = true)]
    no_progress: bool,
}

impl Global {
    /// Opens the archive for writing; unlike [`Archive::open`] it never makes one.
    fn open_to_write(&self) -> Result<Archive> {
        Reader::open(&self.archive, &Limits::default())?;
        Archive::open(&self.archive)
    }
}

#[derive(Subcommand)]
enum Command {
    Ingest(ingest::Ingest),
    Search(search::Search),
    Query(query::Query),
    Show(show::Show),
    Duplicates(duplicates::Duplicates),
    Compare(compare::Compare),
    Boilerplate(boilerplate::Boilerplate),
    Collection(collection::Collection),
    Concepts(concepts::Concepts),
    Ledger(ledger::Ledger),
    Info(info::Info),
    Check(check::Check),
    Reread(reread::Reread),
    Settle(settle::Settle),
    Repair(repair::Repair),
    Backup(backup::Backup),
    Completions(completions::Completions),
    #[command(hide = true)]
    ReadDocuments(read_documents::ReadDocuments),
    #[command(name = "man")]
    Manual(completions::Manual),
}

/// Runs the program with the arguments of the process and returns its exit status.
pub fn main() -> ExitCode {
    arenas::share();
    let matches = match Cli::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return usage(&error),
    };
    let Cli { global, command } = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    wait_for_others(&global);
    let result = match command {
        Command::Ingest(command) => command.run(&global),
        Command::Search(command) => command.run(&global),
        Command::Query(command) => command.run(&global),
        Command::Show(command) => command.run(&global),
        Command::Duplicates(command) => command.run(&global),
        Command::Boilerplate(command) => command.run(&global),
        Command::Compare(command) => command.run(&global),
        Command::Collection(command) => command.run(&global),
        Command::Concepts(command) => command.run(&global),
        Command::Ledger(command) => command.run(&global),
        Command::Info(command) => command.run(&global),
        Command::Check(command) => command.run(&global),
        Command::Reread(command) => command.run(&global),
        Command::Settle(command) => command.run(&global),
        Command::Repair(command) => command.run(&global),
        Command::Backup(command) => command.run(&global),
        Command::Completions(command) => command.run(),
        Command::ReadDocuments(command) => command.run(),
        Command::Manual(command) => command.run(),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) => exit::report(&error).into(),
    }
}

/// Whoever holds the archive is named as soon as one waits for it.
fn wait_for_others(global: &Global) {
    let (archive, quiet) = (global.archive.clone(), global.quiet);
    store::wait_for_others(Duration::from_secs(global.wait), move || {
        let holder = store::holder_of(&archive).unwrap_or_else(|| "another process".to_owned());
        if !quiet {
            message::note(&format!("waiting for {holder}, which holds {}", archive.display()));
        }
    });
}

/// Prints help, version or a usage error as clap words it; a closed pipe is no error.
fn usage(error: &clap::Error) -> ExitCode {
    let _closed_pipe = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn version() -> String {
    format!("{} (SQLite {})", env!("CARGO_PKG_VERSION"), crate::store::sqlite_version())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_of_the_commands_are_sound() {
        Cli::command().debug_assert();
    }
}

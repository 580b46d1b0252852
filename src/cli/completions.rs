//! The commands `completions` and `man`: made from the same definitions as the commands themselves.

use super::Cli;
use super::exit::Exit;
use anyhow::{Context, Result};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use std::fs;
use std::io::{Write, stdout};
use std::path::PathBuf;

/// Print the completions for a shell
#[derive(Args)]
#[command(
    after_help = "Example:\n  fonds completions bash > ~/.local/share/bash-completion/completions/fonds"
)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "fonds", &mut script);
        stdout().write_all(&script)?;
        Ok(Exit::Done)
    }
}

/// Print the manual page, or write that of every command into a folder
#[derive(Args)]
#[command(after_help = "Example:\n  fonds man ~/.local/share/man/man1")]
pub(super) struct Manual {
    /// Folder to write the pages into
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

impl Manual {
    pub(super) fn run(self) -> Result<Exit> {
        // Every command has a page of its own; `help` needs none.
        let mut command = Cli::command().disable_help_subcommand(true);
        command.build();
        let Some(folder) = self.folder else {
            let mut page = Vec::new();
            Man::new(command).render(&mut page)?;
            stdout().write_all(&page)?;
            return Ok(Exit::Done);
        };
        let cannot = || format!("cannot write the manual pages into {}", folder.display());
        fs::create_dir_all(&folder).with_context(cannot)?;
        clap_mangen::generate_to(command, &folder).with_context(cannot)?;
        Ok(Exit::Done)
    }
}

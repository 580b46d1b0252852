//! The command `backup`: a verified copy of the archive.

use super::exit::{Ended, Exit};
use super::{Global, message, progress};
use crate::audit::{self, Request};
use crate::model::Share;
use crate::store;
use anyhow::Result;
use clap::Args;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

/// Copy the archive into a new file and verify the copy
///
/// The copy is one consistent state, even while an ingest runs, and one file without a log. It is
/// checked as by `fonds check` before it gets its name; a damaged copy is not kept. Nothing is ever
/// overwritten.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Backup {
    /// The new file
    #[arg(value_name = "FILE")]
    target: PathBuf,

    /// Keep the copy even if the archive is damaged
    #[arg(long)]
    keep_damaged: bool,
}

const EXAMPLES: &str = "\
Examples:
  fonds backup /media/disk/fonds-$(date +%F).db

Exit status: 0 copied and verified, 4 the archive is damaged.";

impl Backup {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        let bar = progress::line(!global.no_progress && !global.quiet, "{spinner} {wide_msg}");
        let verify = |copy: &Path| self.verify(copy, global, &bar);
        let tell = |done, all| bar.set_message(format!("copied {done} of {all} pages"));
        let copied = store::back_up(&global.archive, &self.target, &tell, &verify);
        bar.finish_and_clear();
        copied?;
        if !global.quiet {
            let (from, to) = (global.archive.display(), self.target.display());
            writeln!(stdout(), "{to} is a copy of {from}")?;
        }
        Ok(Exit::Done)
    }

    fn verify(&self, copy: &Path, global: &Global, bar: &indicatif::ProgressBar) -> Result<()> {
        let request = Request { quick: false, originals: false, share: Share::ALL };
        let report = audit::check(copy, &request, &|step, _, _| bar.set_message(step.to_owned()))?;
        let Some(first) = report.findings.first() else { return Ok(()) };
        let archive = global.archive.display();
        let message = format!("{archive} is damaged: {}", first.what);
        if self.keep_damaged {
            message::note(&format!("{message}; the copy has the same damage"));
            return Ok(());
        }
        let message = format!(
            "{message}; no copy was kept\nhint: `fonds check` has the details; --keep-damaged keeps the copy"
        );
        Err(Ended { exit: Exit::Damaged, message }.into())
    }
}

//! The command `settle`: what all documents are to each other, worked out anew.

use super::Global;
use super::exit::Exit;
use super::progress::line;
use crate::dedup::{self, Settled};
use crate::store::{Archive, existing};
use anyhow::Result;
use clap::Args;
use serde_json::json;
use std::io::{Write, stdout};

/// Work out anew what all documents are to each other
///
/// Every ingest works out who copied whom. Where a few documents were added to a large archive (of 4,096
/// documents or more, up to a sixteenth of them), it compares only these with what was there, which takes
/// a moment, and leaves stories as they were. This command looks at all of them: what it finds depends on
/// which documents the archive holds, and not on the order in which they came. An ingest does the same
/// when the added ones are no longer few.
///
/// What people decided holds (see `fonds duplicates --decide`).
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Settle {
    /// Report as JSON
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  fonds settle
  fonds query \"SELECT last_document, settled_at FROM settlement\"";

impl Settle {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        existing(&global.archive)?;
        let mut archive = Archive::open(&global.archive)?;
        let bar = line(!global.no_progress && !global.quiet, "{spinner} {wide_msg}");
        let settled = dedup::settle(&mut archive, &mut |done, steps| {
            // A step takes less time than a line of a terminal.
            if done.is_multiple_of(64) {
                bar.set_message(format!("comparing, {} %", done * 100 / steps.max(1)));
            }
        });
        bar.finish_and_clear();
        let settled = settled?;
        archive.seal()?;
        let told = match self.json {
            true => as_json(settled).to_string(),
            false => in_words(settled),
        };
        writeln!(stdout(), "{told}")?;
        Ok(Exit::Done)
    }
}

fn in_words(settled: Settled) -> String {
    let Settled { documents, measured, kept, moved } = settled;
    let counted = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    };
    format!(
        "{} looked at, {} compared ({measured} anew); {} moved to another story",
        counted(documents, "document"),
        counted(measured + kept, "pair"),
        counted(moved, "document")
    )
}

fn as_json(settled: Settled) -> serde_json::Value {
    let Settled { documents, measured, kept, moved } = settled;
    json!({ "documents": documents, "measured": measured, "kept": kept, "moved": moved })
}

//! The command `repair`: a sound archive out of a damaged one.

use super::exit::Exit;
use super::{Global, message, progress, readers};
use crate::audit::{self, Means, Mended};
use crate::dedup;
use crate::ingest;
use crate::store::{Archive, Named, Sought};
use crate::text::printable::on_one_line;
use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

/// Make a sound archive out of a damaged one, in a new file
///
/// Takes every row that can still be read, compares it with its digests, and restores what is hurt:
/// from the originals that the archive keeps, else from the files where documents were seen, if
/// their bytes are still the same. The damaged archive is only read. What cannot be saved is told,
/// and recorded in the table `loss`; a document that is named there becomes whole when its bytes are
/// ingested again. The new archive passes `fonds check`, or is not kept.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Repair {
    /// The new archive
    #[arg(long, value_name = "NEW")]
    into: PathBuf,

    /// The damaged archive, instead of --archive
    #[arg(value_name = "ARCHIVE")]
    damaged: Option<PathBuf>,

    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  fonds repair fonds.db --into whole.db
  fonds query \"SELECT subject, what FROM loss\" --archive whole.db

Exit status: 0 everything is as it was written, 4 something is lost.";

impl Repair {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        let damaged = self.damaged.as_deref().unwrap_or(&global.archive);
        let bar = progress::line(!global.no_progress && !global.quiet, "{spinner} {wide_msg}");
        let readers = readers::default()?;
        let reread = |sought: &Sought, bytes: &[u8]| ingest::reread(&readers, sought, bytes);
        let means = Means { reread: &reread, relate: &relate };
        let mended = audit::repair(damaged, &self.into, &means, &|step, done, all| {
            bar.set_message(if all > 0 { format!("{step} {done}/{all}") } else { step.to_owned() });
        });
        bar.finish_and_clear();
        let mended = mended?;
        let into = self.into.display().to_string();
        if self.json {
            writeln!(stdout(), "{:#}", as_json(&into, &mended))?;
        } else {
            write!(stdout(), "{}", in_words(&into, &mended))?;
        }
        if !global.quiet {
            remark(&mended);
        }
        Ok(if is_whole(&mended) { Exit::Done } else { Exit::Damaged })
    }
}

fn relate(archive: &Path) -> Result<()> {
    let mut archive = Archive::open(archive)?;
    dedup::settle(&mut archive, &mut |_, _| {})?;
    archive.seal()
}

fn is_whole(mended: &Mended) -> bool {
    let losses = &mended.losses;
    losses.documents.is_empty() && losses.others.is_empty() && !mended.is_log_lost
}

fn remark(mended: &Mended) {
    for table in &mended.foreign {
        message::note(&format!("the table {table} is not of fonds and was not taken over"));
    }
    if mended.is_log_lost {
        message::note("the log beside the archive cannot be read; what only it had is lost");
    }
}

fn in_words(into: &str, mended: &Mended) -> String {
    let mut text = String::new();
    let documents = super::check::counted(mended.report.documents, "document");
    let losses = &mended.losses;
    let state = if is_whole(mended) { "whole" } else { "sound, but not whole" };
    let _infallible = writeln!(text, "{into} is {state}: {documents}");
    for (word, names) in [("restored", &mended.healed), ("read anew", &losses.reread)] {
        for name in names {
            let _infallible = writeln!(text, "{word}{}", super::check::whose(name));
        }
    }
    for (name, what) in &losses.documents {
        let whose = super::check::whose(name);
        let _infallible = writeln!(text, "lost{whose}\n    {}", on_one_line(what));
    }
    for what in &losses.others {
        let _infallible = writeln!(text, "lost\n    {}", on_one_line(what));
    }
    text
}

fn as_json(into: &str, mended: &Mended) -> Value {
    let name = |Named { digest, label, location }: &Named| json!({ "digest": digest, "label": label, "location": location });
    let losses = &mended.losses;
    json!({
        "archive": into,
        "outcome": if is_whole(mended) { "whole" } else { "lossy" },
        "documents": mended.report.documents,
        "restored": mended.healed.iter().map(name).collect::<Vec<_>>(),
        "reread": losses.reread.iter().map(name).collect::<Vec<_>>(),
        "lost": losses.documents.iter().map(|(named, what)| {
            json!({ "document": name(named), "what": what })
        }).collect::<Vec<_>>(),
        "others": losses.others,
        "accession": losses.accession_id,
        "foreign": mended.foreign,
        "log_lost": mended.is_log_lost,
    })
}

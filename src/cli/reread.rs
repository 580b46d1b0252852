//! The command `reread`: documents that the archive holds, read by the readers of today.

use super::exit::Exit;
use super::progress::Progress;
use super::readers::ReaderOptions;
use super::{Global, address, ingest, interrupt};
use crate::ingest::{self as ingesting, Again, EncodingChoice, Reread as Report};
use crate::model::State;
use crate::store::{Archive, Renewal, existing};
use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};
use std::io::{Write, stdout};
use std::path::Path;

/// Read documents again that the archive holds
///
/// Reads kept originals with the readers of today, without the files: those that were read by an older
/// reader, and those that had no text. Named documents are read again whatever read them, also in another
/// encoding. Where an original is not kept, the file is read where it was seen, if its bytes are the same.
///
/// Addresses of paragraphs that did not change stay. Those that did lead on: `fonds show` takes the old
/// address, and the view `moved` has them all. A reading that fails, or is worse than the one before, is
/// not taken.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Reread {
    /// Addresses or paths of documents; without any, all that a newer reader reads otherwise
    #[arg(value_name = "ADDRESS")]
    addresses: Vec<String>,

    /// Read the named documents in this character encoding; `auto` finds it out, whatever was told before
    #[arg(long, value_name = "NAME", requires = "addresses")]
    encoding: Option<String>,

    #[command(flatten)]
    readers: ReaderOptions,

    /// Report as JSON
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  fonds reread
  fonds reread 3f2a91c4 --encoding big5
  fonds query \"SELECT old_address, new_address FROM moved\"";

impl Reread {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        existing(&global.archive)?;
        // Looking addresses up would listen for interrupts in its own way.
        let interrupted =
            interrupt::flag("stopping after the documents at hand; press again to stop at once")?;
        let again = self.again(global)?;
        let archive = Archive::open(&global.archive)?;
        let progress = Progress::new(!global.no_progress, global.quiet);
        let outcome = ingesting::renew(archive, &global.archive, &again, &interrupted, &progress);
        let problems = progress.end();
        let report = outcome?;
        let line = match self.json {
            true => as_json(&global.archive, &report, &problems).to_string(),
            false => in_words(&global.archive, &report),
        };
        writeln!(stdout(), "{line}")?;
        Ok(match report.state {
            State::Interrupted => Exit::Interrupted,
            _ if report.kept > 0 => Exit::SomeInputsFailed,
            _ => Exit::Done,
        })
    }

    fn again(&self, global: &Global) -> Result<Again> {
        let encoding = match self.encoding.as_deref() {
            None => EncodingChoice::Before,
            Some("auto") => EncodingChoice::FoundOut,
            Some(name) => EncodingChoice::Told(ingest::codec(name)?),
        };
        let mut documents = Vec::new();
        for typed in &self.addresses {
            documents.push(address::document(global, typed)?.id);
        }
        documents.sort_unstable();
        documents.dedup();
        Ok(Again {
            documents: (!self.addresses.is_empty()).then_some(documents),
            encoding,
            readers: self.readers.readers()?,
            as_json: json!({ "reread": self.addresses, "encoding": self.encoding }).to_string(),
        })
    }
}

fn in_words(archive: &Path, report: &Report) -> String {
    let Renewal { documents, changed, moved } = report.renewal;
    let state = if report.state == State::Interrupted { "interrupted: " } else { "" };
    let recorded = match report.accession_id {
        Some(id) => format!("; {} has it as accession {id}", archive.display()),
        None => String::new(),
    };
    format!(
        "{state}{documents} read again ({changed} changed, {moved} addresses moved), {} up to date, \
         {} without text, {} kept as they were{recorded}",
        report.current, report.unreadable, report.kept
    )
}

fn as_json(archive: &Path, report: &Report, problems: &[(String, String)]) -> Value {
    let Renewal { documents, changed, moved } = report.renewal;
    json!({
        "archive": archive.display().to_string(),
        "accession": report.accession_id,
        "state": report.state.as_str(),
        "reread": documents,
        "changed": changed,
        "moved": moved,
        "current": report.current,
        "without_text": report.unreadable,
        "kept": report.kept,
        "problems": ingest::told(problems),
    })
}

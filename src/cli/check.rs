//! The command `check`: whether everything is as it was written.

use super::exit::Exit;
use super::{Global, message, progress};
use crate::audit::{self, Files, Finding, Report, Request};
use crate::model::Share;
use crate::store::{self, Checked, Named};
use crate::text::printable::on_one_line;
use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{Write, stdout};

/// Find damage: everything stored is compared with its digests
///
/// Compares every document, text, original, place and ledger row with the digests taken when they
/// were written, the index with the text, and runs SQLite's own checks. Names the documents that
/// are hurt and what can be done. Writes nothing, unless --record is given.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    /// Only what takes a moment: header, schema, files beside the archive, head of the chain
    #[arg(long, conflicts_with_all = ["subset", "originals"])]
    quick: bool,

    /// Also compare the files where documents were seen
    #[arg(long)]
    originals: bool,

    /// Only this share of the documents, such as 1/30, then 2/30 …, for a check a day; structure
    /// and index have no shares and are left out
    #[arg(long, value_name = "N/M", value_parser = share)]
    subset: Option<Share>,

    /// Add the result, dated, to the table fixity
    #[arg(long)]
    record: bool,

    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  fonds check
  fonds check --quick
  fonds check --subset $(date +%-d)/31 --record
  fonds query \"SELECT checked_at, scope, outcome FROM fixity\"

Exit status: 0 sound, 4 damaged.";

impl Check {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        let share = self.subset.unwrap_or(Share::ALL);
        let request = Request { quick: self.quick, originals: self.originals, share };
        let bar = progress::line(!global.no_progress && !global.quiet, "{spinner} {wide_msg}");
        let outcome = audit::check(&global.archive, &request, &|step, done, all| {
            bar.set_message(if all > 0 { format!("{step} {done}/{all}") } else { step.to_owned() });
        });
        bar.finish_and_clear();
        let report = outcome?;
        let archive = global.archive.display().to_string();
        let checked = self.checked(&report, share);
        if self.json {
            writeln!(stdout(), "{:#}", as_json(&archive, &report, &checked))?;
        } else {
            write!(stdout(), "{}", in_words(&archive, &report, self.quick))?;
        }
        if !self.json && !global.quiet {
            remark(&report);
        }
        if self.record && !report.is_unproved {
            checked.record(&global.archive)?;
        }
        Ok(if report.findings.is_empty() { Exit::Done } else { Exit::Damaged })
    }

    fn checked(&self, report: &Report, share: Share) -> Checked {
        let Share { number, of } = share;
        let scope = if of > 1 { format!("{number}/{of}") } else { "all".to_owned() };
        Checked {
            checked_at: store::now(),
            scope: if self.quick { "quick".to_owned() } else { scope },
            documents: report.documents,
            findings: report.findings.len() as u64,
            head: report.head,
        }
    }
}

/// Says what is worth knowing and no damage.
fn remark(report: &Report) {
    if report.is_unproved {
        message::note(
            "the archive is of schema 1 and has no digests to compare with; the next ingest adds them",
        );
    }
    for (id, begun) in &report.glance.open {
        message::note(&format!("accession {id} of {begun} is under way or was cut off"));
    }
    for path in &report.glance.beside {
        message::note(&format!("{} belongs to the archive: copy them together", path.display()));
    }
}

fn in_words(archive: &str, report: &Report, is_quick: bool) -> String {
    let mut text = String::new();
    let count = report.findings.len();
    let checked = if is_quick {
        "nothing wrong at a glance".to_owned()
    } else if report.is_unproved {
        "structure and index checked".to_owned()
    } else {
        format!("{} checked", counted(report.documents, "document"))
    };
    let _infallible = match count {
        0 => writeln!(text, "{archive} is sound: {checked}"),
        _ => writeln!(text, "{archive} is damaged: {}", counted(count as u64, "finding")),
    };
    for Finding { part, document, what, cure, .. } in &report.findings {
        let part = part.as_str();
        let whose = document.as_ref().map(whose).unwrap_or_default();
        let what = on_one_line(what);
        let _infallible = writeln!(text, "\n{part}{whose}\n    {what}\n    {cure}");
    }
    if let Some(Files { same, changed, gone }) = &report.files {
        let _infallible = writeln!(
            text,
            "files: {same} as they were seen, {} changed, {} gone",
            changed.len(),
            gone.len()
        );
        for (word, locations) in [("changed", changed), ("gone", gone)] {
            for location in locations {
                let _infallible = writeln!(text, "    {word}: {}", on_one_line(location));
            }
        }
    }
    text
}

pub(super) fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

pub(super) fn whose(document: &Named) -> String {
    let digest = document.digest.as_deref().map(|digest| digest.chars().take(16).collect());
    let parts = [digest, document.label.clone(), document.location.clone()];
    let parts = parts.iter().flatten().map(|part| format!("  {}", on_one_line(part)));
    parts.collect()
}

fn as_json(archive: &str, report: &Report, checked: &Checked) -> Value {
    let finding = |Finding { part, document, what, cure, .. }: &Finding| {
        json!({
            "part": part.as_str(),
            "document": document.as_ref().map(|Named { digest, label, location }| {
                json!({ "digest": digest, "label": label, "location": location })
            }),
            "what": what,
            "cure": cure,
        })
    };
    json!({
        "archive": archive,
        "checked_at": checked.checked_at,
        "tool": concat!("fonds ", env!("CARGO_PKG_VERSION")),
        "scope": checked.scope,
        "outcome": if report.findings.is_empty() { "sound" } else { "damaged" },
        "documents": report.documents,
        "head": report.head.as_ref().map(ToString::to_string),
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "open_accessions": report.glance.open.iter().map(|(id, _)| id).collect::<Vec<_>>(),
        "files": report.files.as_ref().map(|Files { same, changed, gone }| {
            json!({ "same": same, "changed": changed, "gone": gone })
        }),
    })
}

/// Parses `N/M`.
fn share(text: &str) -> Result<Share, String> {
    let parsed = text.split_once('/').and_then(|(number, of)| {
        Some(Share { number: number.trim().parse().ok()?, of: of.trim().parse().ok()? })
    });
    match parsed {
        Some(share) if share.number >= 1 && share.number <= share.of => Ok(share),
        _ => Err("write it as N/M, such as 1/30".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_written_as_fractions_of_at_most_one() {
        assert_eq!(share("1/30"), Ok(Share { number: 1, of: 30 }));
        assert_eq!(share("30/30"), Ok(Share { number: 30, of: 30 }));
        for text in ["", "1", "0/3", "4/3", "1/0", "-1/3", "a/b", "1/99999999999"] {
            assert!(share(text).is_err(), "{text}");
        }
    }
}

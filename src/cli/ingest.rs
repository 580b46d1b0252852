//! The command `ingest`: documents into the archive.

use super::Global;
use super::exit::Exit;
use super::progress::Progress;
use super::readers::ReaderOptions;
use super::{interrupt, message};
use crate::dedup::Scope;
use crate::format::{self, FieldNames};
use crate::ingest::{self, Report, Request, Rules};
use crate::model::{Counts, State};
use crate::store::{Archive, Journal};
use crate::text::codec::Codec;
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

/// Read documents into the archive
///
/// Reads files, and folders with everything below them, in the order of their names. Documents are
/// known by the SHA-256 of their bytes: seeing one again adds the place where it was seen, never a
/// second document. Every path ends in the ledger (see `fonds ledger`). A file whose name, size and times are as they
/// were when it was read is not read again, unless `--verify` is given. A file that cannot be read
/// is told, recorded, and does not stop the run; the exit status is then 3.
///
/// Plain text, Markdown, reStructuredText, LaTeX, HTML, PDF, DOCX, DOC, ODT, RTF, EPUB, FB2, XML, slides,
/// tables, mail, subtitles, JSONL and CSV are understood, by their content where it tells, whatever the extension.
/// Of a web page the main text is told from the rest, which is kept as boilerplate. Formats other than
/// plain text are read in processes of their own, so that a document which exhausts memory, stack or time
/// fails alone.
///
/// Containers are opened, also inside others, 8 deep: zip, tar, gzip, Zstandard, xz, bzip2, mbox, WARC
/// attachments of mail and PDF, and files embedded in office documents. Each member is a document at
/// CONTAINER!MEMBER. What unpacks to more than 200 times its size (and 64 MiB) is refused; encrypted
/// members are told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Ingest {
    /// Files and folders; `-` reads one document from the standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Take only files that match the pattern (gitignore syntax); may be repeated
    #[arg(long, value_name = "PATTERN")]
    include: Vec<String>,

    /// Leave out files and folders that match the pattern (gitignore syntax); may be repeated
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,

    /// Take hidden files and folders too
    #[arg(long)]
    hidden: bool,

    /// Do not obey the files .fondsignore and .ignore
    #[arg(long)]
    no_ignore: bool,

    /// Refuse documents of more than this many MiB
    #[arg(long, value_name = "MIB", default_value_t = 1024, value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    max_size: u64,

    /// Do not keep the original bytes in the archive
    #[arg(long)]
    no_originals: bool,

    /// Read every file again, also those whose size and times are as they were
    #[arg(long)]
    verify: bool,

    /// For which documents to work out who copied whom: the added ones where they are few beside a large
    /// archive and else all (auto), all, only those that were added, or none until a later run
    #[arg(long, value_name = "WHICH", default_value = "auto", value_enum)]
    settle: Which,

    /// Read text in this character encoding instead of finding it out (e.g. gb18030, shift_jis)
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,

    /// Call the standard input by this name; its ending tells the format (e.g. feed.jsonl)
    #[arg(long, value_name = "NAME", default_value = "-")]
    stdin_name: String,

    #[command(flatten)]
    fields: Fields,

    #[command(flatten)]
    readers: ReaderOptions,

    /// Report as JSON
    #[arg(long)]
    json: bool,
}

/// For which documents it is worked out what they are to each other.
#[derive(Clone, Copy, ValueEnum)]
enum Which {
    Auto,
    All,
    Added,
    Later,
}

impl From<Which> for Scope {
    fn from(which: Which) -> Self {
        match which {
            Which::Auto => Self::Auto,
            Which::All => Self::All,
            Which::Added => Self::Added,
            Which::Later => Self::Later,
        }
    }
}

/// Names of the fields of JSONL records, where they are not the usual ones.
#[derive(Args)]
#[command(next_help_heading = "Fields of JSONL records")]
struct Fields {
    /// Field with the text
    #[arg(long, value_name = "FIELD")]
    text_field: Option<String>,
    /// Field with the title
    #[arg(long, value_name = "FIELD")]
    title_field: Option<String>,
    /// Field with the date
    #[arg(long, value_name = "FIELD")]
    date_field: Option<String>,
    /// Field with the language
    #[arg(long, value_name = "FIELD")]
    language_field: Option<String>,
    /// Field with the address on the web
    #[arg(long, value_name = "FIELD")]
    url_field: Option<String>,
    /// Field with the creator
    #[arg(long, value_name = "FIELD")]
    creator_field: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  fonds ingest reports/
  fonds ingest reports/ --include '*.txt' --exclude 'drafts/'
  fonds ingest press.jsonl --text-field body --date-field published
  curl -s https://example.org/feed.jsonl | fonds ingest - --stdin-name feed.jsonl";

impl Ingest {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        let request = self.request()?;
        if !global.archive.exists() && !request.paths.iter().any(|path| is_there(path)) {
            message::error("none of the paths exists, so no archive was made");
            return Ok(Exit::SomeInputsFailed);
        }
        if let (_, Some(filesystem)) = Journal::for_place(&global.archive) {
            message::note(&format!(
                "{} lies on {filesystem}: writing is slower there, and only one computer at a time may write",
                global.archive.display()
            ));
        }
        let archive = Archive::open(&global.archive)?;
        if !global.quiet {
            for run in &archive.cut_off {
                let (id, begun) = (run.id, &run.started_at);
                message::note(&format!(
                    "accession {id} of {begun} was cut off; the documents it had stored are safe"
                ));
            }
        }
        let interrupted =
            interrupt::flag("stopping after the documents at hand; press again to stop at once")?;
        let progress = Progress::new(!global.no_progress, global.quiet);
        let outcome = ingest::ingest(archive, &global.archive, &request, &interrupted, &progress);
        let problems = progress.end();
        let report = outcome?;
        let line = if self.json {
            as_json(&global.archive, &report, &problems).to_string()
        } else {
            in_words(&global.archive, &report)
        };
        writeln!(stdout(), "{line}")?;
        Ok(match report.state {
            State::Interrupted => Exit::Interrupted,
            _ if report.counts.failed > 0 => Exit::SomeInputsFailed,
            _ => Exit::Done,
        })
    }

    fn request(&self) -> Result<Request> {
        let mut rules = Rules::new(&self.include, &self.exclude)?;
        rules.hidden = self.hidden;
        rules.ignore_files = !self.no_ignore;
        rules.max_bytes = self.max_size << 20;
        let encoding = match &self.encoding {
            Some(name) => Some(codec(name)?),
            None => None,
        };
        Ok(Request {
            paths: self.paths.clone(),
            stdin_name: self.stdin_name.clone(),
            rules,
            format: format::Options { encoding, fields: self.fields.names() },
            readers: self.readers.readers()?,
            keep_originals: !self.no_originals,
            verify: self.verify,
            settle: self.settle.into(),
            as_json: self.options().to_string(),
        })
    }

    /// The options that change what is stored, for the record.
    fn options(&self) -> Value {
        json!({
            "paths": self.paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
            "include": self.include,
            "exclude": self.exclude,
            "hidden": self.hidden,
            "no_ignore": self.no_ignore,
            "max_size": self.max_size,
            "no_originals": self.no_originals,
            "verify": self.verify,
            "encoding": self.encoding,
            "fields": {
                "text": self.fields.text_field,
                "title": self.fields.title_field,
                "date": self.fields.date_field,
                "language": self.fields.language_field,
                "url": self.fields.url_field,
                "creator": self.fields.creator_field,
            },
        })
    }
}

impl Fields {
    fn names(&self) -> FieldNames {
        let mut names = FieldNames::default();
        for (chosen, field) in [
            (&self.text_field, &mut names.text),
            (&self.title_field, &mut names.title),
            (&self.date_field, &mut names.date),
            (&self.language_field, &mut names.language),
            (&self.url_field, &mut names.url),
            (&self.creator_field, &mut names.creator),
        ] {
            if let Some(name) = chosen {
                *field = vec![name.clone()];
            }
        }
        names
    }
}

/// The character encoding that a user calls by this name.
pub(super) fn codec(name: &str) -> Result<Codec> {
    Codec::labelled(name).with_context(|| {
        format!("no character encoding is called {name:?}; try utf-8, gb18030, big5, shift_jis, euc-kr or windows-1251")
    })
}

/// Problems as JSON.
pub(super) fn told(problems: &[(String, String)]) -> Value {
    let told =
        |(location, reason): &(String, String)| json!({ "location": location, "reason": reason });
    problems.iter().map(told).collect()
}

fn is_there(path: &Path) -> bool {
    path.as_os_str() == "-" || path.symlink_metadata().is_ok()
}

fn in_words(archive: &Path, report: &Report) -> String {
    let Counts { stored, known, unchanged, skipped, failed, .. } = report.counts;
    let unchanged =
        if unchanged == 0 { String::new() } else { format!(" ({unchanged} unchanged)") };
    let state = if report.state == State::Interrupted { "interrupted: " } else { "" };
    format!(
        "{state}{stored} new, {known} known{unchanged}, {skipped} skipped, {failed} failed; {} has it as accession {}",
        archive.display(),
        report.accession_id
    ) + &outdated(report.outdated)
}

/// A line about documents that today's readers would read otherwise, if there are any.
fn outdated(documents: u64) -> String {
    match documents {
        0 => String::new(),
        1 => "\n1 document was read by an older reader; `fonds reread` reads it again".to_owned(),
        _ => format!(
            "\n{documents} documents were read by older readers; `fonds reread` reads them again"
        ),
    }
}

fn as_json(archive: &Path, report: &Report, problems: &[(String, String)]) -> Value {
    let Counts { stored, known, unchanged, skipped, failed, containers, sightings } = report.counts;
    json!({
        "archive": archive.display().to_string(),
        "accession": report.accession_id,
        "state": report.state.as_str(),
        "new": stored,
        "known": known,
        "unchanged": unchanged,
        "skipped": skipped,
        "failed": failed,
        "containers": containers,
        "sightings": sightings,
        "read_by_older_readers": report.outdated,
        "problems": told(problems),
    })
}

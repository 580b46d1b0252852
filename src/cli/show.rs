//! The command `show`: a document, or a paragraph in its context, to read.

use super::address::short;
use super::collect::{Collected, Record};
use super::exit::Exit;
use super::rows::{self, NamedOptions};
use super::{Global, address, former::Former, message};
use crate::model::Value;
use crate::query;
use crate::store::Lookup;
use crate::text::printable::{on_one_line, printable};
use anyhow::{Result, bail};
use clap::Args;
use std::io::{self, Write, stdout};
use std::path::Path;

/// Show a document, or one paragraph in its context
///
/// An address is what `fonds search` prints: the beginning of a document's digest, and for a
/// paragraph a slash and the beginning of the passage's. A path where a document was seen works too, or the
/// end of one: a name will do where only one document has it.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Show {
    /// Address of a paragraph or document, or a path where a document was seen
    #[arg(value_name = "ADDRESS")]
    address: String,

    /// Paragraphs to show before and after the one that is addressed
    #[arg(short = 'C', long, value_name = "N", default_value_t = 2)]
    context: u32,

    /// Show the other documents that have the paragraph or tell the document's story instead
    #[arg(short, long, conflicts_with = "original")]
    copies: bool,

    /// Write the document's original bytes instead
    #[arg(long, conflicts_with_all = ["format", "sql"])]
    original: bool,

    #[command(flatten)]
    options: NamedOptions,
}

const EXAMPLES: &str = "\
Examples:
  fonds show 3f2a91c4
  fonds show 3f2a91c4e07b5d21/9d1c55aa2b10 --context 5
  fonds show 3f2a91c4e07b5d21/9d1c55aa2b10 --copies
  fonds show reports/paper.txt --format jsonl
  fonds show 3f2a91c4 --original > paper.txt";

/// What a typed address means.
struct Target {
    id: i64,
    digest: String,
    position: Option<i64>,
}

impl Show {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        if self.options.sql {
            let sql = if self.copies { query::COPIES } else { query::SHOW };
            return rows::run_named(global, sql, &[], &self.options);
        }
        let (document, passage) = split(&self.address);
        let found = address::find(global, document, &self.address)?;
        let record = address::only(&found, &self.address)?;
        let mut target = Target {
            id: record.number("id"),
            digest: record.text("digest").unwrap_or_default().to_owned(),
            position: None,
        };
        if self.original {
            return give_back(&global.archive, &target.digest);
        }
        let mut former = Former::default();
        if let Some(passage) = passage {
            target.position = self.position(global, &target, passage)?;
            if target.position.is_none() {
                former = Former::find(global, target.id, passage);
                target.position = former.became.first().map(|(_, position)| *position);
            }
            if target.position.is_none() && !former.is_there() {
                bail!("the document {} has no paragraph {passage:?}", short(&target.digest));
            }
        }
        if self.copies {
            let parameters = self.parameters(&target);
            let asked = parameters.get(..2).unwrap_or_default();
            return rows::run_named(global, query::COPIES, asked, &self.options);
        }
        if self.options.rows.is_chosen() {
            if former.is_there() {
                message::note(&former.in_one_line());
            }
            return rows::run_named(global, query::SHOW, &self.parameters(&target), &self.options);
        }
        self.read(global, &target, record, &former)
    }

    fn parameters(&self, target: &Target) -> [(String, Value); 3] {
        [
            ("document_id".to_owned(), Value::Integer(target.id)),
            ("position".to_owned(), target.position.map_or(Value::Null, Value::Integer)),
            ("context".to_owned(), Value::Integer(self.context.into())),
        ]
    }

    /// The place of the paragraph with this address in today's reading.
    fn position(&self, global: &Global, target: &Target, passage: &str) -> Result<Option<i64>> {
        let mut all = Collected::default();
        let whole = Target { id: target.id, digest: target.digest.clone(), position: None };
        rows::read(global, query::SHOW, &self.parameters(&whole), &mut all)?;
        let matching: Vec<Record<'_>> = all.records().filter(|row| is_at(*row, passage)).collect();
        match matching[..] {
            [row] => Ok(Some(row.number("position"))),
            [] => Ok(None),
            _ => bail!(
                "{:?} may mean several paragraphs: {}",
                self.address,
                matching
                    .iter()
                    .filter_map(|row| row.text("address"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        }
    }

    /// Prints the document or its part for reading.
    fn read(
        &self,
        global: &Global,
        target: &Target,
        document: Record<'_>,
        former: &Former,
    ) -> Result<Exit> {
        let mut paragraphs = Collected::default();
        if target.position.is_some() || !former.is_there() {
            rows::read(global, query::SHOW, &self.parameters(target), &mut paragraphs)?;
        }
        let id = [("document_id".to_owned(), Value::Integer(target.id))];
        let mut sightings = Collected::default();
        rows::read(global, query::SIGHTINGS, &id, &mut sightings)?;
        let mut out = stdout().lock();
        head(&mut out, document, &sightings)?;
        former.write(&mut out)?;
        for row in paragraphs.records() {
            paragraph(&mut out, row, target.position)?;
        }
        Ok(Exit::Done)
    }
}

fn split(address: &str) -> (&str, Option<&str>) {
    match address.split_once('/') {
        Some((document, passage))
            if !document.is_empty()
                && !passage.is_empty()
                && document.bytes().all(|byte| byte.is_ascii_hexdigit())
                && passage.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'~') =>
        {
            (document, Some(passage))
        }
        _ => (address, None),
    }
}

/// Whether the row's paragraph is the one that `passage` (digits, maybe `~2`) addresses.
fn is_at(row: Record<'_>, passage: &str) -> bool {
    let address = row.text("address").and_then(|address| address.split_once('/'));
    let Some((_, own)) = address else { return false };
    let (own_digits, own_time) = own.split_once('~').unwrap_or((own, "1"));
    let (digits, time) = passage.split_once('~').unwrap_or((passage, "1"));
    own_digits.starts_with(&digits.to_ascii_lowercase()) && own_time == time
}

fn give_back(archive: &Path, digest: &str) -> Result<Exit> {
    let mut out = io::BufWriter::new(stdout().lock());
    if !Lookup::open(archive)?.copy_original(digest, &mut out)? {
        bail!("the archive does not keep the original of {}", short(digest));
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn head(out: &mut dyn Write, document: Record<'_>, sightings: &Collected) -> Result<()> {
    writeln!(out, "{}", on_one_line(document.text("label").unwrap_or_default()))?;
    for name in ["creator", "date", "language"] {
        if let Some(value) = document.text(name) {
            writeln!(out, "  {name:<9} {}", on_one_line(value))?;
        }
    }
    writeln!(
        out,
        "  {:<9} {} ({} paragraphs, {} bytes, {})",
        "document",
        short(document.text("digest").unwrap_or_default()),
        document.number("paragraphs"),
        document.number("bytes"),
        document.text("media_type").unwrap_or_default(),
    )?;
    for sighting in sightings.records() {
        let location = on_one_line(sighting.text("location").unwrap_or_default());
        writeln!(out, "  {:<9} {location}", "seen at")?;
    }
    Ok(())
}

fn paragraph(out: &mut dyn Write, row: Record<'_>, wanted: Option<i64>) -> Result<()> {
    let position = row.number("position");
    let kind = row.text("kind").unwrap_or_default();
    let mark = if wanted == Some(position) { '>' } else { ' ' };
    // Rows of one table stay together.
    if kind != "row" {
        writeln!(out)?;
    }
    let text = printable(row.text("text").unwrap_or_default());
    let label = if kind == "body" { String::new() } else { format!("[{kind}] ") };
    let address = if wanted.is_some() {
        format!("  {}", row.text("address").unwrap_or_default())
    } else {
        String::new()
    };
    writeln!(out, "{mark}{position:>4}  {label}{text}{address}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_a_path() {
        assert_eq!(split("3f2a91c4/9d1c"), ("3f2a91c4", Some("9d1c")));
        assert_eq!(split("3f2a91c4/9d1c~2"), ("3f2a91c4", Some("9d1c~2")));
        assert_eq!(split("3f2a91c4"), ("3f2a91c4", None));
        for path in ["reports/a.txt", "/abs/paper", "dead/beef.txt", "/ab", "ab/"] {
            assert_eq!(split(path), (path, None), "{path}");
        }
    }
}

//! The command `show`: a document, or a paragraph in its context, to read.

use super::Global;
use super::collect::{Collected, Record};
use super::exit::Exit;
use super::rows::{self, NamedOptions};
use crate::model::Value;
use crate::query;
use crate::store::Lookup;
use crate::text::printable::{on_one_line, printable};
use anyhow::{Result, bail};
use clap::Args;
use std::io::{self, Write, stdout};
use std::path::{Path, absolute};

/// Show a document, or one paragraph in its context
///
/// An address is what `fonds search` prints: the beginning of a document's digest, and for a
/// paragraph a slash and the beginning of the passage's. A path where a document was seen works too.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Show {
    /// Address of a paragraph or document, or a path where a document was seen
    #[arg(value_name = "ADDRESS")]
    address: String,

    /// Paragraphs to show before and after the one that is addressed
    #[arg(short = 'C', long, value_name = "N", default_value_t = 2)]
    context: u32,

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
            return rows::run_named(global, query::SHOW, &[], &self.options);
        }
        let (document, passage) = split(&self.address);
        let found = self.find(global, document)?;
        let Some(record) = found.records().next() else {
            bail!("no document has the address {:?}, and none was seen there", self.address);
        };
        if found.records().count() > 1 {
            bail!("{:?} may mean several documents: {}", self.address, candidates(&found));
        }
        let mut target = Target {
            id: record.number("id"),
            digest: record.text("digest").unwrap_or_default().to_owned(),
            position: None,
        };
        if self.original {
            return give_back(&global.archive, &target.digest);
        }
        if let Some(passage) = passage {
            target.position = Some(self.position(global, &target, passage)?);
        }
        if self.options.rows.is_chosen() {
            return rows::run_named(global, query::SHOW, &self.parameters(&target), &self.options);
        }
        self.read(global, &target, record)
    }

    fn find(&self, global: &Global, document: &str) -> Result<Collected> {
        let is_digest =
            document.len() >= 4 && document.bytes().all(|byte| byte.is_ascii_hexdigit());
        let digest = if is_digest { document.to_ascii_lowercase() } else { "-".to_owned() };
        let location = located(&self.address);
        let parameters = [
            ("digest".to_owned(), Value::Text(digest)),
            ("location".to_owned(), Value::Text(location)),
        ];
        let mut found = Collected::default();
        rows::read(global, query::FIND, &parameters, &mut found)?;
        Ok(found)
    }

    fn parameters(&self, target: &Target) -> [(String, Value); 3] {
        [
            ("document_id".to_owned(), Value::Integer(target.id)),
            ("position".to_owned(), target.position.map_or(Value::Null, Value::Integer)),
            ("context".to_owned(), Value::Integer(self.context.into())),
        ]
    }

    fn position(&self, global: &Global, target: &Target, passage: &str) -> Result<i64> {
        let mut all = Collected::default();
        let whole = Target { id: target.id, digest: target.digest.clone(), position: None };
        rows::read(global, query::SHOW, &self.parameters(&whole), &mut all)?;
        let matching: Vec<Record<'_>> = all.records().filter(|row| is_at(*row, passage)).collect();
        match matching[..] {
            [row] => Ok(row.number("position")),
            [] => bail!("the document {} has no paragraph {passage:?}", short(&target.digest)),
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
    fn read(&self, global: &Global, target: &Target, document: Record<'_>) -> Result<Exit> {
        let mut paragraphs = Collected::default();
        rows::read(global, query::SHOW, &self.parameters(target), &mut paragraphs)?;
        let id = [("document_id".to_owned(), Value::Integer(target.id))];
        let mut sightings = Collected::default();
        rows::read(global, query::SIGHTINGS, &id, &mut sightings)?;
        let mut out = stdout().lock();
        head(&mut out, document, &sightings)?;
        for row in paragraphs.records() {
            paragraph(&mut out, row, target.position)?;
        }
        Ok(Exit::Done)
    }
}

/// The location that a typed path means. The name of a member, behind `!`, is no path: the slashes of
/// an address on the web stay as they are.
fn located(address: &str) -> String {
    let (path, member) = address.split_at(address.find('!').unwrap_or(address.len()));
    let whole = absolute(Path::new(path)).ok();
    let whole = whole.as_deref().and_then(Path::to_str).unwrap_or(path);
    format!("{whole}{member}")
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

fn short(digest: &str) -> &str {
    digest.get(..16).unwrap_or(digest)
}

fn candidates(found: &Collected) -> String {
    let name = |row: Record<'_>| {
        let digest = short(row.text("digest").unwrap_or_default()).to_owned();
        format!("{digest} ({})", on_one_line(row.text("label").unwrap_or_default()))
    };
    found.records().map(name).collect::<Vec<_>>().join(", ")
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
    fn the_name_of_a_member_is_taken_as_it_is_typed() {
        assert_eq!(located("/d/./a.warc!http://x.org/a/"), "/d/a.warc!http://x.org/a/");
        assert_eq!(located("/d//we!rd.txt"), "/d/we!rd.txt");
    }

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

//! The command `duplicates`: what the archive holds more than once, and which one stands for it.

use super::collect::{Collected, Record};
use super::exit::Exit;
use super::rows::{self, NamedOptions};
use super::{Global, decide, review};
use crate::model::{RelationKind, Value};
use crate::query;
use crate::text::printable::on_one_line;
use anyhow::Result;
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::io::{Write, stdout};

/// List documents that stand more than once, and say what any two are to each other
///
/// Documents that tell one story stand together: the same text (but for quotation marks, dashes, width,
/// case, white space, encoding), versions, near copies such as another reading of the same scan. Each was
/// measured against the one that represents the story. The same bytes at several places are one document
/// with several sightings. `--kind contains` and `--kind excerpt` list documents that stand in others, and
/// passages that few others have. Nothing is ever deleted, and what you decide holds against the program.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Duplicates {
    /// Two documents to explain or decide about: addresses, or paths where they were seen
    #[arg(value_name = "DOCUMENT", num_args = 2)]
    documents: Vec<String>,

    /// Only this kind
    #[arg(long, value_parser = PossibleValuesParser::new(LISTED))]
    kind: Option<String>,

    /// List pairs that were judged with doubt, those first whose decision moves most documents
    #[arg(long, conflicts_with_all = ["documents", "kind"])]
    review: bool,

    /// At most so many pairs to review
    #[arg(long, value_name = "N", requires = "review", default_value_t = 20)]
    limit: u32,

    /// Say what the two documents are to each other, and by which numbers
    #[arg(long, requires = "documents", conflicts_with_all = ["decide", "undo", "kind"])]
    explain: bool,

    /// Decide what the two documents are to each other; it holds in every later run
    #[arg(long, value_name = "KIND", requires = "documents", conflicts_with_all = ["undo", "kind"],
        value_parser = PossibleValuesParser::new(RelationKind::ALL.map(RelationKind::as_str)))]
    decide: Option<String>,

    /// Take back what was decided about the two documents
    #[arg(long, requires = "documents", conflicts_with = "kind")]
    undo: bool,

    /// Why, for the record
    #[arg(long, requires = "decide", default_value = "", hide_default_value = true)]
    reason: String,

    /// Who decides [default: the name of the user]
    #[arg(long, value_name = "NAME")]
    author: Option<String>,

    #[command(flatten)]
    options: NamedOptions,
}

const LISTED: [&str; 6] =
    ["same bytes", "same text", "version", "near copy", "contains", "excerpt"];

const EXAMPLES: &str = "\
Examples:
  fonds duplicates
  fonds duplicates --kind 'same text' --format csv > copies.csv
  fonds duplicates --kind excerpt
  fonds duplicates --review
  fonds duplicates --explain 3f2a91c4 e07b5d21
  fonds duplicates --decide unrelated 3f2a91c4 e07b5d21 --reason 'two trains, one form'
  fonds duplicates --undo 3f2a91c4 e07b5d21";

impl Duplicates {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        if let [left, right] = self.documents.as_slice() {
            let pair = (left.as_str(), right.as_str());
            return match &self.decide {
                Some(kind) => {
                    decide::decide(global, pair, kind.parse()?, self.author, &self.reason)
                }
                None if self.undo => decide::undo(global, pair, self.author),
                None => decide::explain(global, pair),
            };
        }
        if self.review {
            return review::run(global, self.limit, &self.options);
        }
        if matches!(self.kind.as_deref(), Some("contains" | "excerpt")) {
            return self.related(global);
        }
        let kind = [("kind".to_owned(), self.kind.map_or(Value::Null, Value::Text))];
        if self.options.sql || self.options.rows.is_chosen() {
            return rows::run_named(global, query::DUPLICATES, &kind, &self.options);
        }
        let mut found = Collected::default();
        rows::read(global, query::DUPLICATES, &kind, &mut found)?;
        let mut out = stdout().lock();
        let mut stories = 0;
        let mut before: Option<Record<'_>> = None;
        for row in found.records() {
            let is_new_story =
                before.is_none_or(|before| before.number("cluster_id") != row.number("cluster_id"));
            stories += u64::from(is_new_story);
            story(&mut out, row, before, is_new_story)?;
            before = Some(row);
        }
        match stories {
            0 => writeln!(out, "Nothing stands more than once.")?,
            1 => writeln!(out, "\n1 story stands more than once.")?,
            _ => writeln!(out, "\n{stories} stories stand more than once.")?,
        }
        Ok(Exit::Done)
    }

    /// Lists documents that have something in common and tell other stories.
    fn related(self, global: &Global) -> Result<Exit> {
        let is_containing = self.kind.as_deref() == Some("contains");
        let kind = [("kind".to_owned(), self.kind.map_or(Value::Null, Value::Text))];
        if self.options.sql || self.options.rows.is_chosen() {
            return rows::run_named(global, query::RELATED, &kind, &self.options);
        }
        let mut found = Collected::default();
        rows::read(global, query::RELATED, &kind, &mut found)?;
        let mut out = stdout().lock();
        let verb = if is_containing { "contains" } else { "shares passages with" };
        for row in found.records() {
            let text = |name| on_one_line(row.text(name).unwrap_or_default());
            let share = |name| row.real(name).unwrap_or_default() * 100.0;
            writeln!(
                out,
                "{}  {} ({:.0} % of it)\n  {verb}\n  {}  {} ({:.0} % of it)\n",
                text("document"),
                text("label"),
                share("share"),
                text("other"),
                text("other_label"),
                share("other_share"),
            )?;
        }
        match found.records().count() {
            0 => writeln!(
                out,
                "No two documents {}.",
                if is_containing {
                    "contain each other"
                } else {
                    "share passages that few others have"
                }
            )?,
            1 => writeln!(out, "1 pair.")?,
            count => writeln!(out, "{count} pairs.")?,
        }
        Ok(Exit::Done)
    }
}

/// Prints one place of a story, after the heads that are due before it.
fn story(
    out: &mut dyn Write,
    row: Record<'_>,
    before: Option<Record<'_>>,
    is_new_story: bool,
) -> Result<()> {
    let document = row.text("document").unwrap_or_default();
    if is_new_story {
        if before.is_some() {
            writeln!(out)?;
        }
        writeln!(out, "{}", on_one_line(row.text("label").unwrap_or_default()))?;
    }
    let location = on_one_line(row.text("location").unwrap_or_default());
    let is_same_document =
        !is_new_story && before.is_some_and(|before| before.text("document") == Some(document));
    if is_same_document {
        writeln!(out, "      same bytes at {location}")?;
        return Ok(());
    }
    let relation = match row.text("reason") {
        Some(reason) => format!("represents the story: {reason}"),
        None => {
            let kind = row.text("relation").unwrap_or_default().to_owned();
            match row.real("resemblance").filter(|share| *share < 1.0) {
                Some(share) => format!("{kind}, {:.0} % of the words in common", share * 100.0),
                None => kind,
            }
        }
    };
    // Only a date in the document itself is worth a word; the times of files are in the columns.
    let first = match (row.text("first_at"), row.text("first_by")) {
        (Some(at), Some("date of the document")) if row.number("documents") > 1 => {
            format!("; the first, of {at}")
        }
        _ => String::new(),
    };
    writeln!(out, "  {document}  {relation}{first}")?;
    writeln!(out, "      {location}")?;
    Ok(())
}

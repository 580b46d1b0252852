//! The command `duplicates`: what the archive holds more than once, and which one stands for it.

use super::Global;
use super::collect::{Collected, Record};
use super::exit::Exit;
use super::rows::{self, NamedOptions};
use crate::model::Value;
use crate::query;
use crate::text::printable::on_one_line;
use anyhow::Result;
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::io::{Write, stdout};

/// List documents that stand more than once
///
/// Two documents have the same text when they differ only in quotation marks, dashes, width, case,
/// white space or encoding. The same bytes at several places are one document with several
/// sightings. Nothing is ever deleted: one document represents its story, and the reason is given.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Duplicates {
    /// Only this kind
    #[arg(long, value_parser = PossibleValuesParser::new(["same bytes", "same text"]))]
    kind: Option<String>,

    #[command(flatten)]
    options: NamedOptions,
}

const EXAMPLES: &str = "\
Examples:
  fonds duplicates
  fonds duplicates --kind 'same text' --format csv > copies.csv";

impl Duplicates {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
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
        None => row.text("relation").unwrap_or_default().to_owned(),
    };
    writeln!(out, "  {document}  {relation}")?;
    writeln!(out, "      {location}")?;
    Ok(())
}

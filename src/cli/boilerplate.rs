//! The command `boilerplate`: what recurs and is left out of searches, and the last word on it.

use super::Global;
use super::address;
use super::collect::{Collected, Record};
use super::decide::whoever;
use super::exit::Exit;
use super::rows::{self, NamedOptions};
use crate::model::Value;
use crate::query;
use crate::store::{Archive, Ruling, now};
use crate::text::printable::on_one_line;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::io::{Write, stdout};

/// List the mastheads, disclaimers and menus that recur, and overrule what is taken for one
///
/// A passage is boilerplate where it begins or ends stories that have nothing else in common, four or
/// more. Searches leave it out unless they are told `--all-text`; it is never removed. What a quotation is, is
/// not counted: a paragraph that many documents quote stays.
///
/// `--not` and `--is` overrule that for a passage wherever it stands, now and in documents that come
/// later; `--undo` takes a ruling back.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Boilerplate {
    /// The paragraph at this address is no boilerplate
    #[arg(long, value_name = "ADDRESS", group = "ruled")]
    not: Option<String>,

    /// The paragraph at this address is boilerplate
    #[arg(long, value_name = "ADDRESS", group = "ruled")]
    is: Option<String>,

    /// What was ruled about the paragraph at this address is taken back
    #[arg(long, value_name = "ADDRESS", group = "ruled")]
    undo: Option<String>,

    /// Who says so [default: the user's name]
    #[arg(long, value_name = "NAME", requires = "ruled")]
    author: Option<String>,

    /// Why
    #[arg(long, value_name = "TEXT", requires = "ruled", default_value = "")]
    reason: String,

    /// List at most so many passages
    #[arg(long, value_name = "N", default_value_t = 20, conflicts_with = "ruled")]
    limit: u32,

    #[command(flatten)]
    options: NamedOptions,
}

const EXAMPLES: &str = "\
Examples:
  fonds boilerplate
  fonds boilerplate --not 3f2a91c4/0b1c2d3e4f50 --reason 'the clause we study'
  fonds boilerplate --undo 3f2a91c4/0b1c2d3e4f50
  fonds query \"SELECT text FROM paragraph WHERE boilerplate AND kind = 'body'\"";

impl Boilerplate {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        let (address, boilerplate) = match (&self.not, &self.is, &self.undo) {
            (Some(address), ..) => (address, Some(false)),
            (_, Some(address), _) => (address, Some(true)),
            (.., Some(address)) => (address, None),
            _ => return list(global, self.limit, &self.options),
        };
        let (passage, text) = passage(global, address)?;
        let author = self.author.unwrap_or_else(whoever);
        let ruling = Ruling { passage, boilerplate, author, reason: self.reason };
        let mut archive = Archive::open(&global.archive)?;
        archive.rule(&ruling, &now())?;
        archive.seal()?;
        let said = match boilerplate {
            Some(true) => "boilerplate from now on, wherever it stands",
            Some(false) => "no boilerplate from now on, wherever it stands",
            None => "what the program finds, again",
        };
        writeln!(stdout(), "{}\n  {said}; said by {}", shown(&text), ruling.author)?;
        Ok(Exit::Done)
    }
}

/// The passage that a typed address of a paragraph means, and its text.
fn passage(global: &Global, typed: &str) -> Result<(i64, String)> {
    let Some((_, passage)) = typed.split_once('/') else {
        bail!("{typed:?} is no address of a paragraph; `fonds show DOCUMENT` lists them");
    };
    let document = address::document(global, typed)?;
    let parameters = [
        ("document_id".to_owned(), Value::Integer(document.id)),
        ("passage".to_owned(), Value::Text(passage.to_ascii_lowercase())),
    ];
    let mut found = Collected::default();
    rows::read(global, query::PASSAGE, &parameters, &mut found)?;
    let first = found.records().next();
    let first = first.with_context(|| {
        format!(
            "{} has no paragraph {passage:?}; `fonds show {}` lists them",
            document.label, document.digest
        )
    })?;
    let id = first.number("passage_id");
    if found.records().any(|row| row.number("passage_id") != id) {
        bail!("{typed:?} may mean several paragraphs of {}; type more of it", document.label);
    }
    Ok((id, first.text("text").unwrap_or_default().to_owned()))
}

fn list(global: &Global, limit: u32, options: &NamedOptions) -> Result<Exit> {
    let limit = [("limit".to_owned(), Value::Integer(limit.into()))];
    if options.sql || options.rows.is_chosen() {
        return rows::run_named(global, query::BOILERPLATE, &limit, options);
    }
    let mut found = Collected::default();
    rows::read(global, query::BOILERPLATE, &limit, &mut found)?;
    let mut out = stdout().lock();
    for (number, row) in (1..).zip(found.records()) {
        entry(&mut out, number, row)?;
    }
    match found.records().next() {
        None => writeln!(
            out,
            "No passage was found to be boilerplate by recurring, and none was ruled on."
        )?,
        Some(_) => writeln!(
            out,
            "Searches leave boilerplate out (--all-text finds it). What you say holds: \
             fonds boilerplate --not ADDRESS"
        )?,
    }
    Ok(Exit::Done)
}

fn entry(out: &mut dyn Write, number: usize, row: Record<'_>) -> Result<()> {
    let text = |name| row.text(name).unwrap_or_default();
    let count = |name, one: &str, many: &str| match row.number(name) {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    writeln!(out, "{number:>3}. {}  {}", text("address"), shown(text("text")))?;
    let not = if row.number("is_boilerplate") == 1 { "" } else { "no boilerplate: " };
    writeln!(
        out,
        "     {}, {}; {not}{}\n",
        count("documents", "document", "documents"),
        count("stories", "story", "stories"),
        on_one_line(text("rule"))
    )?;
    Ok(())
}

/// Most characters of a passage in the list.
const SHOWN: usize = 100;

/// The beginning of a passage on one line.
fn shown(text: &str) -> String {
    let line = on_one_line(text);
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.into_owned(),
    }
}

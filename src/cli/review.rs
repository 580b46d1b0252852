//! The list of `duplicates --review`: pairs that a person should look at, those first that matter most.

use super::Global;
use super::collect::{Collected, Record};
use super::exit::Exit;
use super::rows::{self, NamedOptions};
use crate::model::Value;
use crate::query;
use crate::text::printable::on_one_line;
use anyhow::Result;
use std::io::{Write, stdout};

/// Lists at most so many pairs.
pub(super) fn run(global: &Global, limit: u32, options: &NamedOptions) -> Result<Exit> {
    let limit = [("limit".to_owned(), Value::Integer(limit.into()))];
    if options.sql || options.rows.is_chosen() {
        return rows::run_named(global, query::REVIEW, &limit, options);
    }
    let mut found = Collected::default();
    rows::read(global, query::REVIEW, &limit, &mut found)?;
    let mut out = stdout().lock();
    for (number, row) in (1..).zip(found.records()) {
        pair(&mut out, number, row)?;
    }
    match found.records().next() {
        None => writeln!(out, "No pair of documents was judged with doubt.")?,
        Some(_) => writeln!(
            out,
            "What you decide holds: fonds duplicates --decide KIND DOCUMENT DOCUMENT; \
             to see them side by side: fonds compare DOCUMENT DOCUMENT"
        )?,
    }
    Ok(Exit::Done)
}

fn pair(out: &mut dyn Write, number: usize, row: Record<'_>) -> Result<()> {
    let text = |name| on_one_line(row.text(name).unwrap_or_default());
    let percent = |name| row.real(name).unwrap_or_default() * 100.0;
    writeln!(out, "{number:>3}. {}  {}", text("document"), text("label"))?;
    writeln!(out, "     {}  {}", text("other"), text("other_label"))?;
    writeln!(
        out,
        "     {}: {}; {:.0} % of the words in common",
        text("kind"),
        text("rule"),
        percent("resemblance")
    )?;
    let otherwise = match row.number("is_one_story") {
        1 => "If they do not tell one story",
        _ => "If they tell one story",
    };
    let moves = match row.number("documents") {
        1 => "1 document moves".to_owned(),
        count => format!("{count} documents move"),
    };
    writeln!(out, "     {otherwise}, {moves}; doubt {:.0} %\n", percent("doubt"))?;
    Ok(())
}

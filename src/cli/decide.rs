//! What a person says two documents are to each other: decided, taken back, explained.

use super::address::{self, Document};
use super::collect::{Collected, Record};
use super::exit::Exit;
use super::{Global, rows};
use crate::dedup::settle;
use crate::model::{RelationKind, Value};
use crate::query;
use crate::store::{Archive, Decision, now};
use crate::text::printable::on_one_line;
use anyhow::{Result, bail};
use std::io::{Write, stdout};

/// Records what two documents are to each other, and brings the stories in line with it.
pub(super) fn decide(
    global: &Global,
    (left, right): (&str, &str),
    kind: RelationKind,
    author: Option<String>,
    reason: &str,
) -> Result<Exit> {
    let (left, right) = pair(global, left, right)?;
    let decision = Decision {
        documents: (left.id, right.id),
        kind,
        author: author.unwrap_or_else(whoever),
        reason: reason.to_owned(),
    };
    let mut archive = Archive::open(&global.archive)?;
    archive.decide(&decision, &now())?;
    settle(&mut archive, &mut |_, _| {})?;
    archive.seal()?;
    writeln!(
        stdout(),
        "{} and {}: {}, decided by {}; `fonds duplicates --undo` takes it back",
        left.label,
        right.label,
        kind.as_str(),
        decision.author
    )?;
    Ok(Exit::Done)
}

/// Takes back what was decided about two documents.
pub(super) fn undo(
    global: &Global,
    (left, right): (&str, &str),
    author: Option<String>,
) -> Result<Exit> {
    let (left, right) = pair(global, left, right)?;
    let mut archive = Archive::open(&global.archive)?;
    let undone = archive.undecide((left.id, right.id), &author.unwrap_or_else(whoever), &now())?;
    let Some(kind) = undone else {
        archive.seal()?;
        bail!("nothing was decided about {} and {}", left.label, right.label);
    };
    settle(&mut archive, &mut |_, _| {})?;
    archive.seal()?;
    writeln!(
        stdout(),
        "{} and {}: no longer decided to be {}",
        left.label,
        right.label,
        kind.as_str()
    )?;
    Ok(Exit::Done)
}

/// Says what two documents are to each other, and why.
pub(super) fn explain(global: &Global, (left, right): (&str, &str)) -> Result<Exit> {
    let (left, right) = pair(global, left, right)?;
    let parameters = [
        ("left".to_owned(), Value::Integer(left.id)),
        ("right".to_owned(), Value::Integer(right.id)),
    ];
    let mut found = Collected::default();
    rows::read(global, query::EXPLAIN, &parameters, &mut found)?;
    let mut out = stdout().lock();
    writeln!(
        out,
        "left   {}  {}\nright  {}  {}",
        left.digest, left.label, right.digest, right.label
    )?;
    match found.records().next() {
        None => {
            let mut stories = Collected::default();
            rows::read(global, query::EXPLAIN_STORIES, &parameters, &mut stories)?;
            through_stories(&mut out, stories.records().next())?;
        }
        Some(row) => numbers(&mut out, row)?,
    }
    Ok(Exit::Done)
}

/// Says of two documents that were not measured against each other what their stories are.
fn through_stories(out: &mut dyn Write, row: Option<Record<'_>>) -> Result<()> {
    let Some(row) = row else {
        let reason = "they have too little in common to have been measured against each other";
        return Ok(writeln!(out, "unrelated: {reason}")?);
    };
    let text = |name| on_one_line(row.text(name).unwrap_or_default());
    if row.number("is_one_story") == 1 {
        writeln!(
            out,
            "one story: each was measured against the document that stands for it\n  {}  {}",
            text("representative"),
            text("representative_label")
        )?;
        return Ok(());
    }
    writeln!(
        out,
        "{}, as their stories tell: {}\n  {}  {}\n  {}  {}",
        text("kind"),
        text("rule"),
        text("member"),
        text("member_label"),
        text("other_member"),
        text("other_member_label")
    )?;
    Ok(())
}

fn numbers(out: &mut dyn Write, row: Record<'_>) -> Result<()> {
    let text = |name| row.text(name).unwrap_or_default();
    writeln!(out, "{}: {}", text("kind"), text("rule"))?;
    if row.number("decided") == 1 && row.text("measured_kind").is_some() {
        writeln!(out, "  as measured: {}: {}", text("measured_kind"), text("measured_rule"))?;
    }
    for (name, what) in [
        ("resemblance", "words in common, of the words that either has"),
        ("left_share", "of the left one's words stand in the right one"),
        ("right_share", "of the right one's words stand in the left one"),
        (
            "left_differs",
            "of the left one differs in words known from elsewhere, rare words counting more",
        ),
        ("right_differs", "of the right one differs so"),
        ("noise", "differs in words known from nowhere, mostly misreadings"),
        ("opening", "of how they begin differs"),
    ] {
        if let Some(share) = row.real(name) {
            writeln!(out, "  {:>5.1} %  {what}", share * 100.0)?;
        }
    }
    if let Some(evidence) = row.real("evidence") {
        writeln!(out, "  {evidence:>5.0}    words in common that few others have")?;
    }
    Ok(())
}

fn pair(global: &Global, left: &str, right: &str) -> Result<(Document, Document)> {
    let (left, right) = (address::document(global, left)?, address::document(global, right)?);
    if left.id == right.id {
        bail!("both addresses mean the document {} ({})", left.digest, left.label);
    }
    Ok((left, right))
}

/// The name of the user, as the system has it.
pub(super) fn whoever() -> String {
    let name = |variable| std::env::var(variable).ok().filter(|name| !name.is_empty());
    name("USER").or_else(|| name("USERNAME")).unwrap_or_else(|| "unknown".to_owned())
}

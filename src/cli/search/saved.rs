//! Searches that are kept in the archive and run again for what is new.
//!
//! A search is kept as the parameters of [`query::SEARCH`]; what is new is asked with that same SQL.

use super::hits::Hits;
use crate::cli::exit::Exit;
use crate::cli::rows::{self, NamedOptions};
use crate::cli::{Global, message};
use crate::model::Value;
use crate::query;
use crate::store::{Archive, Limits, Reader, SavedSearch, now};
use anyhow::{Context, Result, bail};
use std::io::{Write, stdout};

/// Parameters by their names.
type Parameters = Vec<(String, Value)>;

/// Opens the archive for writing; unlike [`Archive::open`] it never makes one.
fn open(global: &Global) -> Result<Archive> {
    Reader::open(&global.archive, &Limits::default())?;
    Archive::open(&global.archive)
}

/// Keeps a search; what the archive has so far is not new.
pub(super) fn save(global: &Global, name: &str, parameters: Parameters) -> Result<Exit> {
    let mut archive = open(global)?;
    let saved = SavedSearch {
        name: name.to_owned(),
        parameters: written(parameters).to_string(),
        last_run_at: now(),
        last_document: archive.last_document()?,
    };
    archive.save_search(&saved)?;
    archive.seal()?;
    writeln!(stdout(), "saved as {name}; `fonds search --new {name}` tells what is new since now")?;
    Ok(Exit::Done)
}

/// Removes a search.
pub(super) fn forget(global: &Global, name: &str) -> Result<Exit> {
    let mut archive = open(global)?;
    let was_there = archive.forget_search(name)?;
    archive.seal()?;
    if !was_there {
        bail!("no search is saved as {name}");
    }
    writeln!(stdout(), "{name} is no longer saved")?;
    Ok(Exit::Done)
}

/// Shows what a search finds in stories that came after it was run last, then takes them for seen.
pub(super) fn new(global: &Global, name: &str, options: &NamedOptions) -> Result<Exit> {
    let archive = open(global)?;
    let (saved, last) = (archive.saved_search(name)?, archive.last_document()?);
    archive.seal()?;
    let Some(saved) = saved else { bail!("no search is saved as {name}") };
    let mut parameters = read(&saved.parameters)
        .with_context(|| format!("cannot read the search that is saved as {name}"))?;
    parameters.push(("after".to_owned(), Value::Integer(saved.last_document)));
    // What was saved before there were collections is not kept to one.
    if !parameters.iter().any(|(name, _)| name == "collection") {
        parameters.push(("collection".to_owned(), Value::Null));
    }
    if options.sql {
        return rows::run_named(global, query::SEARCH, &parameters, options);
    }
    if options.rows.is_chosen() {
        rows::run_named(global, query::SEARCH, &parameters, options)?;
    } else {
        let out = &mut stdout().lock();
        let mut hits = Hits::new(out, message::is_styled());
        rows::read(global, query::SEARCH, &parameters, &mut hits)?;
        if hits.count == 0 {
            writeln!(out, "nothing new since {}", saved.last_run_at)?;
        }
    }
    let mut archive = Archive::open(&global.archive)?;
    archive.ran_search(name, last, &now())?;
    archive.seal()?;
    Ok(Exit::Done)
}

/// The parameters as they are kept, without `after`, which is of the run.
fn written(parameters: Parameters) -> serde_json::Value {
    let kept = parameters.into_iter().filter(|(name, _)| name != "after");
    let kept = kept.map(|(name, value)| {
        let value = match value {
            Value::Integer(number) => number.into(),
            Value::Text(text) => text.into(),
            _ => serde_json::Value::Null,
        };
        (name, value)
    });
    serde_json::Value::Object(kept.collect())
}

fn read(parameters: &str) -> Result<Parameters> {
    let kept: serde_json::Map<String, serde_json::Value> = serde_json::from_str(parameters)?;
    let kept = kept.into_iter().map(|(name, value)| {
        let value = match value {
            serde_json::Value::String(text) => Value::Text(text),
            value => value.as_i64().map_or(Value::Null, Value::Integer),
        };
        (name, value)
    });
    Ok(kept.collect())
}

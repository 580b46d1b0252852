//! The command `collection`: sets of documents that a user names.
//!
//! A search can be kept to one (`fonds search --collection`), and SQL joins them by `document_id`.

use super::Global;
use super::address;
use super::exit::Exit;
use super::rows::{self, NamedOptions};
use crate::model::Value;
use crate::query;
use crate::store::now;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::io::{BufRead, Write, stdin, stdout};

/// Name a set of documents, to search in it and to count by it
///
/// Without options, shows the collections of the archive, or the documents in one. Documents are named by
/// their addresses, or by paths where they were seen; - reads them from standard input, one a line.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Collection {
    /// The collection
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// Put these documents into it
    #[arg(long, value_name = "ADDRESS", num_args = 1.., requires = "name")]
    add: Vec<String>,

    /// Take these documents out of it; they stay in the archive
    #[arg(long, value_name = "ADDRESS", num_args = 1.., requires = "name", conflicts_with = "add")]
    remove: Vec<String>,

    /// End it; its documents stay in the archive
    #[arg(long, requires = "name", conflicts_with_all = ["add", "remove"])]
    end: bool,

    #[command(flatten)]
    options: NamedOptions,
}

const EXAMPLES: &str = "\
Examples:
  fonds collection press --add 5d1f0a77c2b4e6a9 scans/gazette.pdf
  fonds query --format tsv \"SELECT digest FROM document WHERE date >= '2019'\" |
    tail -n +2 | fonds collection recent --add -
  fonds collection
  fonds collection press
  fonds search ferry --collection press";

impl Collection {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        let Some(name) = &self.name else {
            return rows::run_named(global, query::COLLECTIONS, &[], &self.options);
        };
        if name.is_empty() {
            bail!("a collection needs a name");
        }
        if self.end {
            return end(global, name);
        }
        if self.add.is_empty() && self.remove.is_empty() {
            let parameters = [("name".to_owned(), Value::Text(name.clone()))];
            return rows::run_named(global, query::COLLECTED, &parameters, &self.options);
        }
        change(global, name, &self.add, &self.remove)
    }
}

/// Puts documents into a collection or takes them out. Nothing is changed unless every address is known.
fn change(global: &Global, name: &str, add: &[String], remove: &[String]) -> Result<Exit> {
    let (added, removed) = (documents(global, add)?, documents(global, remove)?);
    let mut archive = global.open_to_write()?;
    let done = if remove.is_empty() {
        let new = archive.collect(name, &added, &now())?;
        format!("{new} documents added to {name}, {} were in it", added.len() - new)
    } else {
        let gone = archive.uncollect(name, &removed)?;
        format!("{gone} documents taken out of {name}, {} were not in it", removed.len() - gone)
    };
    archive.seal()?;
    if !global.quiet {
        writeln!(stdout(), "{done}")?;
    }
    Ok(Exit::Done)
}

fn end(global: &Global, name: &str) -> Result<Exit> {
    let mut archive = global.open_to_write()?;
    let count = archive.end_collection(name)?;
    archive.seal()?;
    if count == 0 {
        bail!("there is no collection {name}");
    }
    if !global.quiet {
        writeln!(stdout(), "{name} is no collection any more; it had {count} documents")?;
    }
    Ok(Exit::Done)
}

/// The documents that addresses mean, each once.
fn documents(global: &Global, addresses: &[String]) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    for address in addresses {
        if address == "-" {
            for line in stdin().lock().lines() {
                let line = line.context("cannot read addresses from standard input")?;
                if !line.trim().is_empty() {
                    found.push(address::document(global, line.trim())?.id);
                }
            }
        } else {
            found.push(address::document(global, address)?.id);
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

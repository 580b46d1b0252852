//! The command `concepts`: lists of expressions that stand for each other in every search.
//!
//! What a list is and how it is used stands in [`crate::text::concepts`].

use super::Global;
use super::exit::Exit;
use super::rows::{self, NamedOptions};
use crate::model::Value;
use crate::query;
use crate::store::now;
use crate::text::concepts::Concepts as List;
use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

/// Store lists of expressions that stand for each other in every search
///
/// Without options, shows the concepts that are stored. A list is plain text: a line is a concept, its
/// expressions in any spellings and languages parted by |, such as: ferry | паром | 渡轮. An expression
/// after = counts only in these capitals; a line after # is a comment.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Concepts {
    /// Show only this list
    #[arg(value_name = "LIST")]
    list: Option<String>,

    /// Store a list, in the place of one of the same name; without FILE, the list that comes with fonds
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = BUILT_IN, conflicts_with = "list")]
    store: Option<PathBuf>,

    /// Call the stored list so, not by the name of its file
    #[arg(long, value_name = "NAME", requires = "store")]
    name: Option<String>,

    /// Remove a list
    #[arg(long, value_name = "LIST", conflicts_with_all = ["list", "store"])]
    remove: Option<String>,

    #[command(flatten)]
    options: NamedOptions,
}

const EXAMPLES: &str = "\
Examples:
  fonds concepts --store
  fonds concepts --store=ports.txt
  fonds concepts ports
  fonds concepts --remove ports
  fonds search ferry --concepts=none";

/// What stands for the list that comes with the program.
pub(super) const BUILT_IN: &str = "built-in";

impl Concepts {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        if let Some(file) = &self.store {
            return store(global, file, self.name.as_deref());
        }
        if let Some(list) = &self.remove {
            return remove(global, list);
        }
        let list = self.list.map_or(Value::Null, Value::Text);
        let parameters = [("list".to_owned(), list)];
        rows::run_named(global, query::STORED_CONCEPTS, &parameters, &self.options)
    }
}

fn store(global: &Global, file: &Path, name: Option<&str>) -> Result<Exit> {
    let list = read(file)?;
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = name.map(str::to_owned).or(stem).unwrap_or_default();
    if name.is_empty() {
        bail!("a list needs a name; give one with --name");
    }
    let mut archive = global.open_to_write()?;
    let count = archive.store_concepts(&name, &list, &now())?;
    archive.seal()?;
    if !global.quiet {
        writeln!(stdout(), "{count} concepts stored as {name}; every search uses them")?;
    }
    Ok(Exit::Done)
}

fn remove(global: &Global, name: &str) -> Result<Exit> {
    let mut archive = global.open_to_write()?;
    let count = archive.remove_concepts(name)?;
    archive.seal()?;
    if count == 0 {
        bail!("no list of concepts is stored as {name}");
    }
    if !global.quiet {
        writeln!(stdout(), "{name} is no longer stored; it had {count} concepts")?;
    }
    Ok(Exit::Done)
}

/// The text of a list, tried before the archive is asked, so that what is wrong with it is said with the
/// name of its file.
///
/// # Errors
/// When the file cannot be read or is no list.
pub(super) fn read(file: &Path) -> Result<String> {
    if file == Path::new(BUILT_IN) {
        return Ok(query::CONCEPTS.to_owned());
    }
    let list = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the concepts in {}", file.display()))?;
    List::read(&list)
        .map_err(|reason| anyhow!("cannot read the concepts in {}: {reason}", file.display()))?;
    Ok(list)
}

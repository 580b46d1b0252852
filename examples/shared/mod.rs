//! What the commands that measure on sets of documents share: they ingest as a user would.

#![allow(clippy::print_stderr, reason = "problems with documents are told")]

use anyhow::{Result, anyhow};
use fonds::format;
use fonds::ingest::{Allowance, Isolation, Listener, Readers, Request, Rules, ingest};
use fonds::model::{Counts, Flow, Sink, Value};
use fonds::store::{Archive, Reader};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Ingests files and folders without keeping originals, and counts what became of them.
pub(crate) fn load(archive: &Path, paths: Vec<PathBuf>) -> Result<Counts> {
    let request = Request {
        paths,
        stdin_name: "-".to_owned(),
        rules: Rules::new(&[], &[])?,
        format: format::Options::default(),
        readers: Readers::new(Isolation::Thread, Allowance::default()),
        keep_originals: false,
        settle: fonds::dedup::Scope::Auto,
        verify: false,
        as_json: "{}".to_owned(),
    };
    let never = AtomicBool::new(false);
    Ok(ingest(Archive::open(archive)?, archive, &request, &never, &Problems)?.counts)
}

struct Problems;

impl Listener for Problems {
    fn problem(&self, location: &str, reason: &str) {
        eprintln!("{location}: {reason}");
    }
    fn reading(&self, _: &str) {}
    fn committed(&self, _: &Counts) {}
}

/// The first different texts that a question of one column gives, at most so many.
#[allow(dead_code, reason = "not every command asks questions")]
pub(crate) fn ask(
    reader: &Reader,
    sql: &str,
    parameters: &[(&str, Value)],
    most: usize,
) -> Result<Vec<String>> {
    let parameters: Vec<_> =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let mut found = Found { texts: Vec::new(), most };
    let asked = reader.select(sql, &parameters, None, &mut found);
    asked.map_err(|complaint| anyhow!("{}", complaint.describe(sql)))?;
    Ok(found.texts)
}

/// Takes texts until there are enough different ones.
struct Found {
    texts: Vec<String>,
    most: usize,
}

impl Sink for Found {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        if let [Value::Text(text)] = cells
            && !self.texts.contains(text)
        {
            self.texts.push(text.clone());
        }
        Ok(if self.texts.len() < self.most { Flow::More } else { Flow::Enough })
    }
}

//! What the commands that measure on labelled sets share: they ingest as a user would, and read in SQL.

#![allow(clippy::print_stderr, reason = "problems with documents are told")]

use anyhow::Result;
use fonds::format;
use fonds::ingest::{Allowance, Isolation, Listener, Readers, Request, Rules, ingest};
use fonds::model::{Counts, Flow, Sink, Value};
use fonds::store::{Archive, Reader};
use std::io;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Ingests a file or folder without keeping originals, and counts the documents stored.
pub(crate) fn load(archive: &Path, documents: &Path) -> Result<u64> {
    let request = Request {
        paths: vec![documents.to_owned()],
        stdin_name: "-".to_owned(),
        rules: Rules::new(&[], &[])?,
        format: format::Options::default(),
        readers: Readers::new(Isolation::Thread, Allowance::default()),
        keep_originals: false,
        as_json: "{}".to_owned(),
    };
    let never = AtomicBool::new(false);
    let report = ingest(Archive::open(archive)?, archive, &request, &never, &Problems)?;
    Ok(report.counts.stored)
}

struct Problems;

impl Listener for Problems {
    fn problem(&self, location: &str, reason: &str) {
        eprintln!("{location}: {reason}");
    }
    fn reading(&self, _: &str) {}
    fn committed(&self, _: &Counts) {}
}

/// Rows of two columns, the first of which is text.
pub(crate) fn rows(reader: &Reader, sql: &str) -> Result<Vec<(String, Value)>> {
    let mut found = Pairs::default();
    reader
        .select(sql, &[], None, &mut found)
        .map_err(|complaint| anyhow::anyhow!("{complaint:?}"))?;
    Ok(found.0)
}

#[derive(Default)]
struct Pairs(Vec<(String, Value)>);

impl Sink for Pairs {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        if let [Value::Text(text), value] = cells {
            self.0.push((text.clone(), value.clone()));
        }
        Ok(Flow::More)
    }
}

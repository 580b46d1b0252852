//! What the commands that measure on sets of documents share: they ingest as a user would.

#![allow(clippy::print_stderr, reason = "problems with documents are told")]

use anyhow::Result;
use fonds::format;
use fonds::ingest::{Allowance, Isolation, Listener, Readers, Request, Rules, ingest};
use fonds::model::Counts;
use fonds::store::Archive;
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

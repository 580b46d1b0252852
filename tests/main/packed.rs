//! Containers as targets of mutations: each is ingested into an archive, as a user would.

use crate::mutations::Target;
use crate::seeds::small;
use flate2::Compression;
use flate2::write::GzEncoder;
use fonds::format;
use fonds::ingest::{self, Allowance, Isolation, Listener, Readers, Request, Rules};
use fonds::model::Counts;
use fonds::store::Archive;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// An archive takes so many inputs, then a new one is made.
const EACH: u64 = 200;

/// One target for each kind of container.
pub(crate) fn targets() -> Vec<Target> {
    let gzip = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let mut tar = tar::Builder::new(Vec::new());
    for (name, text) in [("a.txt", "The ferry sails."), ("d/b.html", "<p>noon</p>")] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        tar.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    let tar = tar.into_inner().unwrap();
    let packed = gzip(&small("warc").concat());
    vec![
        target("a.zip", small("zip")),
        target("a.tar.gz", vec![gzip(&tar)]),
        target("a.tar", vec![tar]),
        target("a.warc", small("warc")),
        target("a.warc.gz", vec![packed]),
        target("a.mbox", small("mbox")),
        target("a.eml", small("eml")),
    ]
}

fn target(name: &'static str, seeds: Vec<Vec<u8>>) -> Target {
    let folder = tempfile::tempdir().unwrap();
    let count = AtomicU64::new(0);
    let take = move |bytes: &[u8]| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        take(folder.path(), name, number, bytes);
    };
    Target::new(&format!("container {name}"), seeds, Arc::new(take))
}

fn take(folder: &Path, name: &str, number: u64, bytes: &[u8]) {
    let archive = folder.join(format!("{}.db", number / EACH));
    if number.is_multiple_of(EACH) && number > 0 {
        let _gone = std::fs::remove_file(folder.join(format!("{}.db", number / EACH - 1)));
    }
    let input = folder.join(name);
    std::fs::write(&input, bytes).unwrap();
    let request = Request {
        paths: vec![input],
        stdin_name: "-".to_owned(),
        rules: Rules::new(&[], &[]).unwrap(),
        format: format::Options::default(),
        readers: Readers::new(Isolation::Thread, Allowance::default()),
        keep_originals: false,
        as_json: "{}".to_owned(),
        settle: fonds::dedup::Scope::Auto,
        verify: false,
    };
    let opened = Archive::open(&archive).unwrap();
    // Whatever the container is, the run ends and tells it.
    let report =
        ingest::ingest(opened, &archive, &request, &AtomicBool::new(false), &Silent).unwrap();
    let Counts { stored, known, skipped, failed, containers, .. } = report.counts;
    assert!(stored + known + skipped + failed + containers > 0, "a container left no row");
}

struct Silent;

impl Listener for Silent {
    fn problem(&self, _: &str, reason: &str) {
        assert!(!reason.contains("this is a defect"), "{reason}");
    }
    fn reading(&self, _: &str) {}
    fn committed(&self, _: &Counts) {}
}

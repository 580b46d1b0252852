//! Containers as targets of mutations: they are ingested into an archive, many at once, as a user
//! would ingest a folder of them.

use super::Target;
use super::seeds::small;
use flate2::Compression;
use flate2::write::GzEncoder;
use fonds::format;
use fonds::ingest::{self, Allowance, Isolation, Listener, Readers, Report, Request, Rules};
use fonds::model::Counts;
use fonds::store::Archive;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// So many are ingested at once: the archive costs as much as two hundred small containers.
const AT_ONCE: usize = 250;

/// One target for each kind of container.
pub(super) fn targets() -> Vec<Target> {
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
        target("zip", small("zip")),
        target("tar.gz", vec![gzip(&tar)]),
        target("tar", vec![tar]),
        target("warc", small("warc")),
        target("warc.gz", vec![packed]),
        target("mbox", small("mbox")),
        target("eml", small("eml")),
    ]
}

fn target(ending: &'static str, seeds: Vec<Vec<u8>>) -> Target {
    let take = move |inputs: &[Vec<u8>]| take(ending, inputs);
    Target::new(&format!("container a.{ending}"), seeds, AT_ONCE, Arc::new(take))
}

fn take(ending: &str, inputs: &[Vec<u8>]) {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir(&inbox).unwrap();
    for (number, input) in inputs.iter().enumerate() {
        std::fs::write(inbox.join(format!("{number}.{ending}")), input).unwrap();
    }
    // Whatever the containers are, the run ends and tells each of them.
    let report = ingested(&folder.path().join("fonds.db"), vec![inbox]);
    let Counts { stored, known, skipped, failed, containers, .. } = report.counts;
    let told = stored + known + skipped + failed + containers;
    assert!(told >= inputs.len() as u64, "a container left no row");
}

/// Makes an archive of these paths, with the readers in this process.
pub(super) fn ingested(archive: &Path, paths: Vec<PathBuf>) -> Report {
    let request = Request {
        paths,
        stdin_name: "-".to_owned(),
        rules: Rules::new(&[], &[]).unwrap(),
        format: format::Options::default(),
        readers: Readers::new(Isolation::Thread, Allowance::default()),
        keep_originals: false,
        as_json: "{}".to_owned(),
        settle: fonds::dedup::Scope::Auto,
        verify: false,
    };
    let opened = Archive::open(archive).unwrap();
    ingest::ingest(opened, archive, &request, &AtomicBool::new(false), &Silent).unwrap()
}

struct Silent;

impl Listener for Silent {
    fn problem(&self, _: &str, reason: &str) {
        assert!(!reason.contains("a defect of fonds"), "{reason}");
    }
    fn reading(&self, _: &str) {}
    fn committed(&self, _: &Counts) {}
}

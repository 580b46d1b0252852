//! Random bits flipped in an archive, and whether `check` reports what they changed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a trial must not go on")]

use crate::program::program;
use crate::random::Random;
use fonds::audit::{self, Request};
use fonds::model::{Part, Share};
use fonds::store::{Archive, Ruling};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::process::Command;

/// What became of one flip.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The byte of the file and the bit of the byte.
    #[allow(dead_code, reason = "told when the flip was silent")]
    at: (usize, u8),
    /// Tables whose content has changed or cannot be read, with the documents where they are known.
    changed: BTreeMap<String, Vec<i64>>,
    /// Whether the check reported anything.
    reported: bool,
    /// Documents that have changed and that no finding names.
    unnamed: Vec<i64>,
}

impl Outcome {
    pub(crate) fn is_silent(&self) -> bool {
        !self.changed.is_empty() && (!self.reported || !self.unnamed.is_empty())
    }

    pub(crate) fn word(&self) -> &'static str {
        match (self.changed.is_empty(), self.reported, self.unnamed.is_empty()) {
            (true, false, _) => "changed nothing that is read",
            (true, true, _) => "changed nothing that is read, and were reported",
            (false, true, true) => "changed what is read, and were reported",
            (false, true, false) => "SILENT about a document: reported without its name",
            (false, false, _) => "SILENT",
        }
    }
}

/// A small archive with every kind of row: copies, containers, failures, tables, five scripts, two
/// accessions, saved searches, a recorded check. Returns its bytes.
pub(crate) fn sample(folder: &Path) -> Vec<u8> {
    let program = program();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/samples");
    std::fs::write(folder.join("broken.txt"), b"\x00\x01\x02\x00\xff\xfe\x00").unwrap();
    std::fs::write(folder.join("copy.txt"), "The ferry sails at noon.\n\nAnd again.\n").unwrap();
    std::fs::write(folder.join("crawl.warc"), crawl()).unwrap();
    for arguments in [
        vec!["ingest", samples.to_str().unwrap()],
        vec!["ingest", "copy.txt", "broken.txt", "crawl.warc"],
        vec!["ingest", samples.to_str().unwrap(), "copy.txt"],
        vec!["search", "ferry", "--language", "en", "--save", "ferries"],
        vec!["search", "桥", "--save", "bridges"],
        vec!["check", "--record"],
    ] {
        let ran = Command::new(&program)
            .args(&arguments)
            .current_dir(folder)
            .env_remove("FONDS_ARCHIVE")
            .output()
            .unwrap();
        let status = ran.status.code();
        assert!(matches!(status, Some(0 | 3)), "{arguments:?}: {status:?} {ran:?}");
    }
    let path = folder.join("fonds.db");
    let mut archive = Archive::open(&path).unwrap();
    let (author, reason) = ("Ann".to_owned(), String::new());
    let ruling = Ruling { passage: 1, boilerplate: Some(true), author, reason };
    archive.rule(&ruling, "2026-01-01T00:00:00Z").unwrap();
    archive.seal().unwrap();
    std::fs::read(path).unwrap()
}

/// A web archive of three pages, one of them under an address that says nothing of its format.
fn crawl() -> String {
    let pages = [
        ("http://x.example/ferry/", "The noon ferry"),
        ("http://x.example/news.php?id=7#top", "The bridge closes"),
        ("https://x.example/a!b.html", "The train waits"),
    ];
    let record = |(address, title): (&str, &str)| {
        let page = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>{title}</title>\
             <p>{title} and nobody at the customs house knows why.</p></html>"
        );
        format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\n\
             WARC-Date: 2020-03-04T05:06:07Z\r\nContent-Length: {}\r\n\r\n{page}\r\n\r\n",
            page.len()
        )
    };
    pages.into_iter().map(record).collect()
}

/// Where the rows of a small table stand in the archive: the content of its one page.
#[allow(dead_code, reason = "for the tests")]
pub(crate) fn rows_of(folder: &Path, archive: &[u8], table: &str) -> Range<usize> {
    const PAGE: usize = 16384;
    let path = folder.join("roots.db");
    std::fs::write(&path, archive).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let connection = Connection::open(&path).unwrap();
    let root: i64 = connection.query_row(sql, [table], |row| row.get(0)).unwrap();
    let start = (root as usize - 1) * PAGE;
    let content = u16::from_be_bytes([archive[start + 5], archive[start + 6]]);
    start + usize::from(content)..start + PAGE
}

/// Flips so many bits of a part of the archive, one at a time, drawn from the seed.
pub(crate) fn run(
    folder: &Path,
    archive: &[u8],
    part: Range<usize>,
    flips: u64,
    seed: u64,
) -> Vec<Outcome> {
    let path = folder.join(format!("flipped-{seed}.db"));
    std::fs::write(&path, archive).unwrap();
    let sound = content(&path);
    let mut random = Random(seed);
    (0..flips)
        .map(|_| {
            let byte = part.start + (random.next() % part.len() as u64) as usize;
            let bit = (random.next() % 8) as u8;
            let mut bytes = archive.to_vec();
            bytes[byte] ^= 1 << bit;
            std::fs::write(&path, &bytes).unwrap();
            let outcome = judge(&path, &sound, (byte, bit));
            let after = std::fs::read(&path).unwrap();
            assert!(after == bytes, "the check of a flip at {byte}.{bit} wrote to the archive");
            outcome
        })
        .collect()
}

fn judge(path: &Path, sound: &Content, at: (usize, u8)) -> Outcome {
    let now = content(path);
    let request = Request { quick: false, originals: false, share: Share::ALL };
    let mut is_schema = false;
    let (reported, named) = match audit::check(path, &request, &|_, _, _| {}) {
        Ok(report) => {
            let ids = |finding: &audit::Finding| finding.document_id;
            // A view that reads otherwise is told by its own name; it is no document's.
            is_schema = report.findings.iter().any(|finding| finding.part == Part::Schema);
            (!report.findings.is_empty(), report.findings.iter().filter_map(ids).collect())
        }
        // What is no archive any more names itself.
        Err(_) => (true, Vec::new()),
    };
    let mut changed: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (key, digest) in sound {
        if now.get(key) != Some(digest) {
            changed.entry(key.0.clone()).or_default().extend(key.1);
        }
    }
    for key in now.keys().filter(|key| !sound.contains_key(*key)) {
        changed.entry(key.0.clone()).or_default();
    }
    // A table that cannot be read at all is no single document's.
    let is_torn = now.is_empty() || now.keys().any(|key| key.0.ends_with(" (unreadable)"));
    let documents = changed.values().flatten().copied();
    let mut unnamed: Vec<i64> =
        documents.filter(|id| !is_torn && !is_schema && !named.contains(id)).collect();
    unnamed.sort_unstable();
    unnamed.dedup();
    Outcome { at, changed, reported, unnamed }
}

/// What users can read: for each table, and each document in it, the digest of its rows.
type Content = BTreeMap<(String, Option<i64>), Vec<u8>>;

/// Every public table and view; the first column tells the document, where there is one.
const PUBLIC: [(&str, &str); 21] = [
    ("document", "SELECT id, * FROM document NOT INDEXED ORDER BY id"),
    ("metadata", "SELECT document_id, * FROM metadata ORDER BY 1, name, ordinal"),
    ("extraction", "SELECT document_id, * FROM extraction NOT INDEXED ORDER BY id"),
    (
        "paragraph",
        "SELECT document_id, position, kind, depth, section, text, language, passage_id, address, start,
             end, page FROM paragraph ORDER BY document_id, position",
    ),
    (
        "placement",
        "SELECT document_id, position, boilerplate FROM placement ORDER BY document_id, position",
    ),
    ("sighting", "SELECT document_id, * FROM sighting_row NOT INDEXED ORDER BY id"),
    ("passage", "SELECT NULL, * FROM passage ORDER BY id"),
    ("sqlar", "SELECT NULL, * FROM sqlar NOT INDEXED ORDER BY name"),
    ("ledger", "SELECT NULL, * FROM ledger ORDER BY accession_id, ordinal"),
    ("accession", "SELECT NULL, * FROM accession ORDER BY id"),
    ("cluster", "SELECT NULL, * FROM cluster ORDER BY id"),
    ("relation", "SELECT NULL, * FROM relation ORDER BY 2, 3"),
    ("comparison", "SELECT NULL, * FROM comparison ORDER BY left_id, right_id"),
    ("decision", "SELECT NULL, * FROM decision ORDER BY id"),
    ("boilerplate", "SELECT NULL, * FROM boilerplate ORDER BY passage_id"),
    ("ruling", "SELECT NULL, * FROM ruling ORDER BY id"),
    ("about", "SELECT NULL, * FROM about ORDER BY name"),
    ("setting", "SELECT NULL, * FROM setting ORDER BY name"),
    ("fixity", "SELECT NULL, * FROM fixity ORDER BY id"),
    ("saved_search", "SELECT NULL, * FROM saved_search ORDER BY name"),
    ("index", "SELECT NULL, * FROM temp.word ORDER BY term, doc, col, \"offset\""),
];

fn content(path: &Path) -> Content {
    let mut content = Content::new();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let Ok(connection) = Connection::open_with_flags(path, flags) else { return content };
    let _unreadable = connection.execute_batch(
        "CREATE VIRTUAL TABLE temp.word USING fts5vocab ('main', 'passage_index', 'instance')",
    );
    for (name, sql) in PUBLIC {
        let mut digests: BTreeMap<Option<i64>, Sha256> = BTreeMap::new();
        let read = connection.prepare(sql).and_then(|mut statement| {
            let columns = statement.column_count();
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let document = row.get::<_, Option<i64>>(0).unwrap_or(None);
                let hasher = digests.entry(document).or_default();
                for column in 1..columns {
                    hash(hasher, row.get_ref(column)?);
                }
            }
            Ok(())
        });
        if read.is_err() {
            content.insert((format!("{name} (unreadable)"), None), Vec::new());
        }
        for (document, hasher) in digests {
            content.insert((name.to_owned(), document), hasher.finalize().to_vec());
        }
    }
    content
}

fn hash(hasher: &mut Sha256, value: ValueRef<'_>) {
    hasher.update(format!("{value:?}").as_bytes());
}

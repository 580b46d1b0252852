//! A reading again that is killed between any two changes of a file: every document has its old reading
//! whole or its new one, and a second run ends where the first would have.

use crate::content;
use crate::cuts::folder;
use crate::disk::Disk;
use crate::runs::{self, Standing, standing};
use fonds::format;
use fonds::ingest::{self, Again, Allowance, EncodingChoice, Isolation, Listener, Readers};
use fonds::model::Counts;
use fonds::store::{Archive, Journal};
use fonds::text::codec::Codec;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// More than a batch.
const DOCUMENTS: usize = 90;

struct Nobody;

impl Listener for Nobody {
    fn problem(&self, _: &str, _: &str) {}
    fn reading(&self, _: &str) {}
    fn committed(&self, _: &Counts) {}
}

fn write_documents(folder: &Path) {
    fs::create_dir_all(folder.join("d")).unwrap();
    for number in 0..DOCUMENTS {
        let text =
            format!("渡轮{number}号五月启航。\n\n桥在{number}点关闭。\n\nThe ferry sails.\n");
        let (bytes, _, _) = encoding_rs::GBK.encode(&text);
        fs::write(folder.join(format!("d/{number:03}.txt")), bytes).unwrap();
    }
}

fn ingest_wrongly(folder: &Path, journal: Journal) {
    let path = folder.join("fonds.db");
    let archive = Archive::open_with(&path, journal).unwrap();
    let mut request = runs::request(vec![folder.join("d")]);
    request.format = format::Options { encoding: Codec::labelled("big5"), ..Default::default() };
    ingest::ingest(archive, &path, &request, &AtomicBool::new(false), &Nobody).unwrap();
}

fn reread(folder: &Path, journal: Journal) {
    let path = folder.join("fonds.db");
    let archive = Archive::open_with(&path, journal).unwrap();
    let again = Again {
        documents: Some((1..=DOCUMENTS as i64).collect()),
        encoding: EncodingChoice::Told(Codec::labelled("gbk").unwrap()),
        readers: Readers::new(Isolation::Thread, Allowance::default()),
        as_json: "{}".to_owned(),
    };
    let report = ingest::renew(archive, &path, &again, &AtomicBool::new(false), &Nobody).unwrap();
    assert_eq!(report.renewal.documents, DOCUMENTS as u64);
}

/// How many documents have each reading, by whether any of their paragraphs is read right.
fn readings(path: &Path) -> (i64, i64) {
    let connection = Connection::open(path).unwrap();
    connection
        .query_row(
            "SELECT count(*), sum((SELECT count(*) FROM paragraph WHERE document_id = document.id
                 AND (text LIKE '渡轮%启航。' OR text LIKE '桥在%关闭。')) IN (0, 2)) FROM document",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap()
}

#[test]
fn a_reading_again_that_is_killed_anywhere_leaves_every_document_read_one_way_or_the_other() {
    for journal in [Journal::Wal, Journal::Truncate] {
        let start = folder();
        write_documents(start.path());
        ingest_wrongly(start.path(), journal);
        let recorded = runs::record(start.path(), || reread(start.path(), journal));
        let path = start.path().join("fonds.db");
        let mut disk = Disk::new(&recorded.before);
        let step = recorded.events.len() / 12;
        for (number, event) in (1..).zip(&recorded.events) {
            disk.see(event);
            if number % step != 0 {
                continue;
            }
            runs::put_back(start.path(), &disk.after_kill());
            let (standing, what) = standing(&path, journal, &BTreeMap::new());
            assert_eq!(standing, Standing::Clean, "killed after event {number}: {what}");
            assert_eq!(readings(&path), (DOCUMENTS as i64, DOCUMENTS as i64));
            reread(start.path(), journal);
            assert!(content::of(&path) == recorded.after, "killed after event {number}");
        }
    }
}

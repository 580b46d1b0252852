//! Documents that are read again: addresses that lead on, and an archive that stays whole.

use crate::random::Random;
use crate::support::Folder;
use fonds::dedup;
use fonds::fingerprint;
use fonds::model::{Extract, Kind, Paragraph, Place};
use fonds::store::{Archive, Arrival, Fate, NewDocument, Original, Reading, Renewed, Text, now};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;

/// 桥在五点关闭。 and more, in GBK.
fn gbk() -> Vec<u8> {
    let text = "桥在五点关闭。\n\n货物常常误船，商人等到天亮。\n\nThe ferry sails at noon.\n";
    encoding_rs::GBK.encode(text).0.into_owned()
}

fn addresses(folder: &Folder) -> Vec<String> {
    folder.rows("SELECT address FROM paragraph ORDER BY document_id, position")
}

fn change(folder: &Folder, sql: &str) {
    let connection = Connection::open(folder.path().join("fonds.db")).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn a_text_that_was_read_in_the_wrong_encoding_is_read_again_without_its_file() {
    let folder = Folder::new();
    let file = folder.write("桥.txt", gbk());
    folder.write("other.txt", "The ferry sails at noon.\n\nIt carries wagons.\n");
    folder.fonds(&["ingest", "桥.txt", "--encoding", "big5"]);
    folder.fonds(&["ingest", "other.txt"]).done();
    std::fs::remove_file(file).unwrap();
    let before = addresses(&folder);
    let ran = folder.fonds(&["reread", before[0].split('/').next().unwrap(), "--encoding", "gbk"]);
    assert_eq!(
        ran.done(),
        "1 read again (1 changed, 2 addresses moved), 0 up to date, 0 without text, 0 kept as they were; \
         fonds.db has it as accession 3\n"
    );
    assert_eq!(folder.fonds(&["check"]).done(), "fonds.db is sound: 2 documents checked\n");
    assert_eq!(
        folder.rows("SELECT text FROM paragraph WHERE document_id = 1"),
        ["桥在五点关闭。", "货物常常误船，商人等到天亮。", "The ferry sails at noon."]
    );
    let after = addresses(&folder);
    assert_eq!(after[2..], before[2..], "unchanged paragraphs keep their addresses");
    assert_eq!(
        folder.rows("SELECT old_address, new_address, method FROM moved ORDER BY old_position"),
        [format!("{}|{}|place", before[0], after[0]), format!("{}|{}|place", before[1], after[1]),]
    );
    assert_eq!(
        folder.rows(
            "SELECT encoding, encoding_method, extraction.id = extraction_id
             FROM extraction JOIN document ON document.id = document_id WHERE document_id = 1"
        ),
        ["Big5|told|0", "GBK|told|1"]
    );
    assert!(folder.fonds(&["search", "五点关闭"]).done().contains("桥在**五点关闭**"));
    assert_eq!(
        folder
            .rows("SELECT state, json_extract(options, '$.encoding') FROM accession WHERE id = 3"),
        ["done|gbk"]
    );
}

#[test]
fn show_leads_from_an_old_address_to_the_new_one() {
    let folder = Folder::new();
    folder.write("桥.txt", gbk());
    folder.fonds(&["ingest", "桥.txt", "--encoding", "big5"]);
    let before = addresses(&folder);
    let old = folder.rows("SELECT text FROM paragraph WHERE position = 1").remove(0);
    folder.fonds(&["reread", "桥.txt", "--encoding", "auto"]).done();
    let after = addresses(&folder);
    let printed = folder.fonds(&["show", &before[0], "--context", "0"]).done();
    let tail: Vec<&str> = printed.lines().rev().take(5).collect();
    assert_eq!(
        tail.into_iter().rev().collect::<Vec<_>>(),
        [
            "",
            &format!("{} is of an earlier reading; it is now {}", before[0], after[0]),
            &format!("it was: {old}"),
            "",
            &format!(">   1  桥在五点关闭。  {}", after[0]),
        ]
    );
    let ran = folder.fonds(&["show", &before[0], "--context", "0", "--format", "jsonl"]);
    assert_eq!(
        ran.stderr,
        format!("fonds: {} is of an earlier reading; it is now {}\n", before[0], after[0])
    );
    assert!(ran.stdout.contains("桥在五点关闭。") && ran.status == 0, "{ran:?}");
    folder.fonds(&["reread", "桥.txt", "--encoding", "big5"]).done();
    assert_eq!(addresses(&folder), before, "read as it was, it has the addresses it had");
    let printed = folder.fonds(&["show", &after[0], "--context", "0"]).done();
    assert!(printed.contains(&format!("it is now {}", before[0])), "{printed}");
    assert_eq!(folder.fonds(&["check"]).done(), "fonds.db is sound: 1 document checked\n");
}

#[test]
fn without_addresses_only_what_an_older_reader_read_is_read_again() {
    let folder = Folder::new();
    folder.write("d/a.txt", "The ferry sails at noon.\n\nIt carries wagons.\n");
    folder.write("d/b.txt", "The bridge closes at five.\n");
    folder.write("d/c.bin", [0_u8, 159, 146, 150, 0, 1, 2, 3]);
    folder.write("d/feed.jsonl", "{\"text\": \"One ferry.\"}\n{\"text\": \"Two ferries.\"}\n");
    let status = folder.fonds(&["ingest", "d"]).status;
    assert_eq!(status, 3);
    let nothing = "0 read again (0 changed, 0 addresses moved), 4 up to date, 1 without text, 0 kept as they were\n";
    assert_eq!(folder.fonds(&["reread"]).done(), nothing);
    assert_eq!(folder.rows("SELECT count(*) FROM accession"), ["1"]);
    change(&folder, "UPDATE extraction SET version = 0 WHERE document_id IN (1, 4)");
    let before = addresses(&folder);
    let dates = folder.rows("SELECT label, title, language FROM document");
    assert_eq!(
        folder.fonds(&["reread"]).done(),
        "2 read again (0 changed, 0 addresses moved), 2 up to date, 1 without text, 0 kept as they were; \
         fonds.db has it as accession 2\n"
    );
    assert_eq!(addresses(&folder), before);
    assert_eq!(folder.rows("SELECT label, title, language FROM document"), dates);
    assert_eq!(folder.fonds(&["reread"]).done(), nothing);
    assert_eq!(folder.fonds(&["check"]).done(), "fonds.db is sound: 5 documents checked\n");
}

#[test]
fn an_ingest_of_known_documents_says_how_many_an_older_reader_read_and_what_to_do() {
    let folder = Folder::new();
    for name in ["a", "b", "c"] {
        folder.write(&format!("d/{name}.txt"), format!("The ferry {name} sails at noon.\n"));
    }
    folder.fonds(&["ingest", "d"]).done();
    let ingest = |known: u8, accession: u8| {
        format!(
            "0 new, {known} known, 0 skipped, 0 failed; fonds.db has it as accession {accession}\n"
        )
    };
    assert_eq!(folder.fonds(&["ingest", "d", "--verify"]).done(), ingest(3, 2));
    change(&folder, "UPDATE extraction SET version = 0 WHERE document_id = 1");
    assert_eq!(
        folder.fonds(&["ingest", "d/b.txt", "--verify"]).done(),
        ingest(1, 3) + "1 document was read by an older reader; `fonds reread` reads it again\n"
    );
    change(&folder, "UPDATE extraction SET reader = 'gone' WHERE document_id = 2");
    assert_eq!(
        folder.fonds(&["ingest", "d", "--verify"]).done(),
        ingest(3, 4) + "2 documents were read by older readers; `fonds reread` reads them again\n"
    );
    let json = folder.fonds(&["ingest", "d", "--verify", "--json"]).done();
    assert!(json.contains("\"read_by_older_readers\":2"), "{json}");
    folder.write("e.txt", "Only new documents ask nothing.\n");
    let new = folder.fonds(&["ingest", "e.txt"]).done();
    assert_eq!(new, "1 new, 0 known, 0 skipped, 0 failed; fonds.db has it as accession 6\n");
    folder.fonds(&["reread"]).done();
    assert_eq!(folder.fonds(&["ingest", "d", "--verify"]).done(), ingest(3, 8));
}

#[test]
fn a_document_without_its_bytes_is_named_and_keeps_its_reading() {
    let folder = Folder::new();
    let file = folder.write("a.txt", "The ferry sails at noon.\n");
    folder.write("b.txt", "The bridge closes at five.\n");
    folder.fonds(&["ingest", "a.txt", "b.txt", "--no-originals"]).done();
    change(&folder, "UPDATE extraction SET version = 0");
    std::fs::write(file, "The ferry sails at one.\n").unwrap();
    let ran = folder.fonds(&["reread"]);
    assert_eq!(
        (ran.stderr.as_str(), ran.status),
        (
            "fonds: DIR/a.txt: its original is not kept and no file has its bytes any more; ingest them \
             again first\n",
            3
        )
    );
    assert!(ran.stdout.starts_with("1 read again (0 changed"), "{ran:?}");
    assert_eq!(
        folder.rows(
            "SELECT text, version > 0 FROM document JOIN paragraph ON paragraph.document_id = document.id
             JOIN extraction ON extraction.id = extraction_id ORDER BY 1"
        ),
        ["The bridge closes at five.|1", "The ferry sails at noon.|0"]
    );
}

#[test]
fn a_damaged_original_and_a_worse_reading_are_not_taken() {
    let folder = Folder::new();
    folder.write("桥.txt", gbk());
    folder.fonds(&["ingest", "桥.txt"]).done();
    let before = folder.rows("SELECT text FROM paragraph");
    change(&folder, "UPDATE sqlar SET data = zeroblob(sz)");
    let ran = folder.fonds(&["reread", "桥.txt"]);
    assert_eq!(
        (ran.stderr.as_str(), ran.status),
        ("fonds: DIR/桥.txt: its original is damaged (see `fonds repair`)\n", 3)
    );
    assert_eq!(folder.rows("SELECT text FROM paragraph"), before);
    let ran = folder.fonds(&["reread", "桥.txt", "--encoding", "klingon"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("no character encoding is called \"klingon\""), "{ran:?}");
}

#[test]
fn an_archive_that_is_not_there_is_not_made() {
    let folder = Folder::new();
    let ran = folder.fonds(&["reread"]);
    assert_eq!(ran.status, 10, "{ran:?}");
    assert_eq!(folder.names(), [] as [&str; 0]);
}

#[test]
fn a_page_from_the_web_keeps_what_its_container_said() {
    let folder = Folder::new();
    let body = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Ferry</title><p>The ferry sails at noon and carries wagons to the other side.</p>";
    let record = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/a\r\n\
         WARC-Date: 2020-03-20T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n\
         Content-Length: {}\r\n\r\n{body}\r\n\r\n",
        body.len()
    );
    folder.write("crawl.warc", record);
    folder.fonds(&["ingest", "crawl.warc"]).done();
    let sql = "SELECT name, value, method FROM metadata ORDER BY 1, 2";
    let before = (folder.rows(sql), addresses(&folder));
    folder.fonds(&["reread", before.1[0].split('/').next().unwrap()]).done();
    assert_eq!((folder.rows(sql), addresses(&folder)), before);
    assert!(before.0.contains(&"source|http://example.org/a|container".to_owned()), "{before:?}");
}

#[test]
fn relations_are_those_of_an_archive_that_was_read_right_at_once() {
    let text = |end: &str| {
        let body: String = (0..12)
            .map(|at| format!("车厢{at}在{}点过桥，货物运往三野港，商人等候渡轮。\n\n", at + 3))
            .collect();
        encoding_rs::GBK.encode(&format!("{body}{end}\n")).0.into_owned()
    };
    let ask = "SELECT left_id, right_id, kind, rule FROM relation ORDER BY 1, 2";
    let stories = "SELECT id, cluster_id FROM document ORDER BY id";
    let ingested = |wrong: bool| {
        let folder = Folder::new();
        folder.write("a.txt", text("渡轮中午启航。"));
        folder.write("b.txt", text("渡轮傍晚启航，下雨。"));
        folder.write("c.txt", "The ferry sails at noon.\n\nIt carries wagons.\n");
        let first: &[&str] = &["ingest", "a.txt", "--encoding", "big5"];
        folder.fonds(if wrong { first } else { &["ingest", "a.txt", "--encoding", "gbk"] });
        folder.fonds(&["ingest", "b.txt", "--encoding", "gbk"]).done();
        folder.fonds(&["ingest", "c.txt"]).done();
        folder
    };
    let (right, wrong) = (ingested(false), ingested(true));
    assert_ne!(wrong.rows(ask), right.rows(ask));
    wrong.fonds(&["reread", "a.txt", "--encoding", "gbk"]).done();
    assert_eq!(wrong.rows(ask), right.rows(ask));
    assert_eq!(wrong.rows(stories), right.rows(stories));
    assert_eq!(wrong.fonds(&["check"]).done(), "fonds.db is sound: 3 documents checked\n");
}

#[test]
fn a_repair_keeps_what_addresses_were_or_says_what_is_lost() {
    let folder = Folder::new();
    folder.write("桥.txt", gbk());
    folder.fonds(&["ingest", "桥.txt", "--encoding", "big5"]);
    folder.fonds(&["reread", "桥.txt", "--encoding", "gbk"]).done();
    let moved = "SELECT old_address, text, new_address FROM moved ORDER BY old_position";
    let before = folder.rows(moved);
    change(&folder, "UPDATE passage_text SET text = replace(text, '五', '六')");
    let ran = folder.fonds(&["repair", "--into", "whole.db"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    std::fs::rename(folder.path().join("whole.db"), folder.path().join("fonds.db")).unwrap();
    assert_eq!(folder.rows(moved), before);
    change(&folder, "UPDATE former_text SET text = 'x'");
    let found = folder.fonds(&["check"]);
    assert!(found.stdout.contains("a paragraph of an earlier reading has changed"), "{found:?}");
    let ran = folder.fonds(&["repair", "--into", "left.db"]);
    assert!(
        ran.stdout.contains("2 of the paragraphs it had in earlier readings are lost"),
        "{ran:?}"
    );
    std::fs::rename(folder.path().join("left.db"), folder.path().join("fonds.db")).unwrap();
    assert_eq!(folder.fonds(&["check"]).done(), "fonds.db is sound: 1 document checked\n");
    assert_eq!(folder.rows("SELECT count(*) FROM moved"), ["0"]);
}

#[test]
fn every_changed_row_about_former_paragraphs_is_reported() {
    for sql in [
        "UPDATE successor SET method = 'words'",
        "DELETE FROM successor",
        "UPDATE former_paragraph SET kind = 'note'",
        "DELETE FROM successor; DELETE FROM former_paragraph",
        "UPDATE extraction SET encoding = 'Big6' WHERE id = 1",
    ] {
        let folder = Folder::new();
        folder.write("桥.txt", gbk());
        folder.fonds(&["ingest", "桥.txt", "--encoding", "big5"]);
        folder.fonds(&["reread", "桥.txt", "--encoding", "gbk"]).done();
        change(&folder, sql);
        let ran = folder.fonds(&["check"]);
        assert_eq!(ran.status, 4, "{sql}");
        assert!(ran.stdout.contains("its metadata have changed"), "{sql}: {ran:?}");
    }
}

/// A document whose paragraphs each have a number that no edit changes.
fn text(paragraphs: &[(usize, usize)]) -> Text {
    let paragraphs = paragraphs.iter().map(|(number, edit)| Paragraph {
        kind: Kind::Body,
        depth: None,
        section: None,
        text: format!(
            "Ferry{number} sails from quay{number} at noon{number} and returns by edit{edit}."
        ),
        context: String::new(),
        span: 0..0,
        page: None,
        language: None,
    });
    Text::new("plain", 1, Extract { paragraphs: paragraphs.collect(), ..Extract::default() })
}

fn store(path: &Path, text: Text) {
    let mut archive = Archive::open(path).unwrap();
    let mut accession = archive.begin(&now(), "{}").unwrap();
    let document = NewDocument {
        digest: fingerprint::digest(b"x"),
        bytes: 1,
        media_type: "text/plain",
        file_name: "x.txt".to_owned(),
        reading: Reading::Text(Box::new(text)),
        original: Some(Original::new(b"x", "x.txt", 0)),
    };
    let place = Place { location: "/x.txt".to_owned(), ..Place::default() };
    let arrival = Arrival { place, fate: Fate::Document(Box::new(document)) };
    archive.write(&mut accession, &now(), &[arrival]).unwrap();
    archive.finish(&accession, &now(), fonds::model::State::Done).unwrap();
}

fn renew(path: &Path, text: Text) {
    let mut archive = Archive::open(path).unwrap();
    let mut accession = archive.begin(&now(), "{}").unwrap();
    let renewed =
        Renewed { document_id: 1, file_name: "x.txt".to_owned(), media_type: "text/plain", text };
    archive.renew(&mut accession, &now(), &[renewed]).unwrap();
    archive.merge(&accession).unwrap();
    dedup::settle(&mut archive, &mut |_, _| {}).unwrap();
    archive.finish(&accession, &now(), fonds::model::State::Done).unwrap();
}

#[test]
fn through_any_readings_every_address_ever_given_leads_to_its_paragraph_or_says_it_is_gone() {
    let mut random = Random(11);
    for _ in 0..5 {
        let folder = Folder::new();
        let path = folder.path().join("fonds.db");
        let mut reading: Vec<(usize, usize)> =
            (0..8 + random.below(20)).map(|number| (number, random.below(2))).collect();
        store(&path, text(&reading));
        // Address → number of its paragraph.
        let mut given: BTreeMap<String, usize> = BTreeMap::new();
        for _ in 0..4 {
            let today = addresses(&folder);
            given.extend(today.iter().cloned().zip(reading.iter().map(|(number, _)| *number)));
            for _ in 0..1 + random.below(6) {
                let at = random.below(reading.len());
                match random.below(3) {
                    0 if reading.len() > 2 => drop(reading.remove(at)),
                    1 => reading.insert(at, (100 + random.below(900), 0)),
                    _ => reading[at].1 = random.below(4),
                }
            }
            renew(&path, text(&reading));
            assert_eq!(folder.fonds(&["check"]).done(), "fonds.db is sound: 1 document checked\n");
            let today: BTreeMap<String, usize> = addresses(&folder)
                .into_iter()
                .zip(reading.iter().map(|(number, _)| *number))
                .collect();
            let moved: BTreeMap<String, String> = folder
                .rows("SELECT old_address, group_concat(new_address) FROM moved GROUP BY 1")
                .into_iter()
                .map(|row| row.split_once('|').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap())
                .collect();
            for (address, number) in &given {
                if today.contains_key(address) {
                    assert!(!moved.contains_key(address), "{address} lives and is said to be gone");
                    continue;
                }
                let new = &moved[address];
                let is_there = reading.iter().filter(|(other, _)| other == number).count() == 1;
                if is_there {
                    assert_eq!(today.get(new), Some(number), "{address} leads to {new}");
                }
            }
            let words =
                |place: &str| folder.rows(&format!("SELECT DISTINCT term FROM {place} ORDER BY 1"));
            let indexed = words("passage_vocabulary").len();
            let texts = folder.rows("SELECT text FROM passage").join(" ").to_lowercase();
            let mut meant: Vec<&str> = texts
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            meant.sort_unstable();
            meant.dedup();
            assert_eq!(indexed, meant.len(), "the index has the words of today's reading alone");
        }
    }
}

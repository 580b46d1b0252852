//! A damaged archive becomes a sound one in a new file, and what is lost is named.

use crate::damages::{self, Verdict};
use crate::flips;
use crate::support::Folder;
use rusqlite::Connection;
use std::fs;

fn archive() -> Folder {
    let folder = Folder::new();
    folder.write("ferry.txt", "The ferry sails at noon.\n\nIt carries seven wagons.\n");
    folder.write("桥.txt", "桥在五点关闭。\n\n货物常常误船。\n");
    folder.fonds(&["ingest", "ferry.txt", "桥.txt"]).done();
    folder
}

/// Changes a row as another program would; the index stays.
fn change(folder: &Folder, sql: &str) {
    let connection = Connection::open(folder.path().join("fonds.db")).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn a_document_is_restored_from_its_original_and_the_old_archive_is_untouched() {
    let folder = archive();
    change(&folder, "UPDATE passage_text SET text = replace(text, '五', '六')");
    let before = folder.bytes("fonds.db");
    let ran = folder.fonds(&["repair", "--into", "whole.db"]);
    assert!(ran.stdout.starts_with("whole.db is whole: 2 documents\nrestored  "), "{ran:?}");
    assert!(ran.stdout.ends_with("  桥.txt  DIR/桥.txt\n"), "{ran:?}");
    assert_eq!((ran.stderr.as_str(), ran.status), ("", 0));
    assert_eq!(folder.bytes("fonds.db"), before);
    assert_eq!(
        folder.fonds(&["check", "--archive", "whole.db"]).done(),
        "whole.db is sound: 2 documents checked\n"
    );
    let found = folder.fonds(&["search", "五点关闭", "--archive", "whole.db"]).done();
    assert!(found.contains("桥在**五点关闭**"), "{found}");
    assert_eq!(folder.names(), ["ferry.txt", "fonds.db", "whole.db", "桥.txt"]);
}

#[test]
fn what_a_web_archive_stated_about_a_page_is_put_back_from_where_it_was_seen() {
    let folder = Folder::new();
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>Ferry</title><p>It sails at noon.</p></html>";
    for (number, date) in ["2020-03-04T05:06:07Z", "2020-03-04T05:06:07.25Z"].iter().enumerate() {
        let record = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x.example/a!b.html?{number}\r\n\
             WARC-Date: {date}\r\nContent-Length: {}\r\n\r\n{page}\r\n\r\n",
            page.len()
        );
        folder.write(&format!("crawl-{number}.warc"), record);
    }
    let stated = "SELECT name, value, method, evidence FROM metadata ORDER BY name, ordinal";
    for (crawl, damage) in [
        // The page's text is hurt and what was stated is left, which is the more exact.
        ("crawl-1.warc", "UPDATE passage_text SET text = replace(text, 'noon', 'moon')"),
        ("crawl-0.warc", "UPDATE metadata SET value = 'http://x.example/' WHERE name = 'source'"),
        ("crawl-0.warc", "DELETE FROM metadata WHERE method = 'container'"),
        ("crawl-0.warc", "DELETE FROM metadata WHERE name = 'captured'; DELETE FROM placement"),
    ] {
        let _none = fs::remove_file(folder.path().join("fonds.db"));
        let _none = fs::remove_file(folder.path().join("whole.db"));
        folder.fonds(&["ingest", crawl]).done();
        let before = folder.rows(stated);
        change(&folder, damage);
        assert_eq!(folder.fonds(&["check"]).status, 4, "{damage}");
        let ran = folder.fonds(&["repair", "--into", "whole.db"]);
        assert!(
            ran.stdout.starts_with("whole.db is whole: 1 document\nrestored  "),
            "{damage} {ran:?}"
        );
        fs::rename(folder.path().join("whole.db"), folder.path().join("fonds.db")).unwrap();
        assert_eq!(folder.rows(stated), before, "{damage}");
    }
}

#[test]
fn saved_searches_are_proved_taken_over_and_named_where_they_are_hurt() {
    let folder = archive();
    for (words, name) in [("noon", "noon ferries"), ("五点", "桥")] {
        folder.fonds(&["search", words, "--save", name]).done();
    }
    let kept = "SELECT name, parameters, saved_at, last_run_at, last_document FROM saved_search";
    let before = folder.rows(kept);
    folder.fonds(&["repair", "--into", "whole.db"]).done();
    fs::rename(folder.path().join("whole.db"), folder.path().join("fonds.db")).unwrap();
    assert_eq!(folder.rows(kept), before);
    change(
        &folder,
        "UPDATE saved_search SET last_document = 0 WHERE name = '桥';
         DELETE FROM saved_search WHERE name LIKE 'noon%'",
    );
    let ran = folder.fonds(&["check"]);
    assert_eq!(ran.status, 4);
    let cure = "do not trust the row; `fonds repair --into NEW` puts it back if that can be proved, or records the loss";
    assert_eq!(
        ran.stdout,
        format!(
            "fonds.db is damaged: 2 findings\n\
             \nsaved search\n    the saved search 桥 is not as it was kept\n    {cure}\n\
             \nsaved search\n    the saved search noon ferries is gone\n    {cure}\n"
        )
    );
    let ran = folder.fonds(&["repair", "--into", "whole.db"]);
    assert_eq!(ran.status, 4, "{ran:?}");
    assert_eq!(
        ran.stdout,
        "whole.db is sound, but not whole: 2 documents\n\
         lost\n    the saved search 桥 is not as it was kept\n\
         lost\n    the saved search noon ferries is gone\n"
    );
    fs::rename(folder.path().join("whole.db"), folder.path().join("fonds.db")).unwrap();
    assert_eq!(folder.rows("SELECT subject, what FROM loss").len(), 2);
    assert_eq!(folder.fonds(&["check"]).status, 0);
    assert_eq!(folder.fonds(&["search", "--new", "桥"]).status, 0);
}

#[test]
fn a_lost_text_is_named_kept_on_record_and_whole_again_after_the_bytes_are_ingested() {
    let folder = archive();
    change(
        &folder,
        "UPDATE passage_text SET text = replace(text, 'noon', 'moon'); DELETE FROM sqlar",
    );
    fs::rename(folder.path().join("ferry.txt"), folder.path().join("moved.txt")).unwrap();
    fs::remove_file(folder.path().join("桥.txt")).unwrap();
    let ran = folder.fonds(&["repair", "fonds.db", "--into", "left.db"]);
    let told: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("    ")).collect();
    assert_eq!(
        told,
        ["    1 of its 2 paragraphs are lost; its original is lost", "    its original is lost"],
        "{ran:?}"
    );
    assert_eq!(ran.status, 4);
    fs::rename(folder.path().join("left.db"), folder.path().join("fonds.db")).unwrap();
    assert_eq!(folder.fonds(&["check"]).done(), "fonds.db is sound: 2 documents checked\n");
    assert_eq!(
        folder.rows("SELECT subject, what FROM loss ORDER BY id"),
        [
            "document|1 of its 2 paragraphs are lost; its original is lost",
            "document|its original is lost",
            "passage|no longer matches its digest: The ferry sails at moon.",
        ]
    );
    assert_eq!(folder.rows("SELECT label, paragraphs FROM document"), ["ferry.txt|0", "桥.txt|2"]);
    folder.fonds(&["ingest", "moved.txt"]).done();
    assert_eq!(
        folder.rows("SELECT text FROM paragraph WHERE document_id = 1"),
        ["The ferry sails at noon.", "It carries seven wagons."]
    );
    assert_eq!(folder.fonds(&["check"]).done(), "fonds.db is sound: 2 documents checked\n");
}

#[test]
fn nothing_is_overwritten_and_what_is_no_archive_is_refused() {
    let folder = archive();
    folder.write("there.db", "mine");
    let ran = folder.fonds(&["repair", "--into", "there.db"]);
    assert_eq!(
        (ran.stderr.as_str(), ran.status),
        ("fonds: there.db is there already; a repair never overwrites\n", 1)
    );
    let ran = folder.fonds(&["repair", "there.db", "--into", "new.db"]);
    assert_eq!(ran.status, 10, "{ran:?}");
    let ran = folder.fonds(&["repair", "missing.db", "--into", "new.db"]);
    assert_eq!(ran.status, 10, "{ran:?}");
    assert_eq!(folder.bytes("there.db"), b"mine");
    assert!(!folder.path().join("new.db").exists());
}

#[test]
fn random_damage_is_put_back_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let archive = flips::sample(folder.path());
    let trials = damages::run(folder.path(), &archive, 40, 1);
    for trial in &trials {
        assert!(trial.verdict != Verdict::Wrong, "{trial:#?}");
    }
    let restored = trials.iter().filter(|trial| trial.verdict == Verdict::Restored).count();
    assert!(restored >= 10, "{restored} of 40 were restored whole");
}

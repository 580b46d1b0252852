//! Runs that are killed, stopped or crossed by another lose nothing that was acknowledged.

use crate::support::Folder;
use std::io::Write;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

fn many(folder: &Folder, name: &str, count: usize) {
    for number in 0..count {
        let text = format!("Ferry {name} {number} sails at noon.\n\nIt carries {number} wagons.\n");
        folder.write(&format!("{name}/{number:05}.txt"), text);
    }
}

/// Everything a user can read, in an order that does not depend on ids.
fn content(folder: &Folder) -> Vec<String> {
    folder.rows(
        "SELECT location, digest, address, kind, text
         FROM sighting JOIN document ON document.id = sighting.document_id
         JOIN paragraph ON paragraph.document_id = document.id ORDER BY 1, 3",
    )
}

fn wait_for(what: impl Fn() -> bool) {
    let begun = Instant::now();
    while !what() {
        assert!(begun.elapsed() < Duration::from_secs(60), "waited in vain");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_killed_run_keeps_what_it_committed_and_the_next_run_goes_on() {
    let folder = Folder::new();
    many(&folder, "d", 700);
    let mut child = folder.command(&["ingest", "d", "--quiet"]).spawn().unwrap();
    wait_for(|| folder.path().join("fonds.db-wal").metadata().is_ok_and(|log| log.len() > 100_000));
    child.kill().unwrap();
    child.wait().unwrap();
    let stored: usize = folder.rows("SELECT count(*) FROM document")[0].parse().unwrap();
    let ran = folder.fonds(&["ingest", "d"]);
    if stored < 700 {
        assert!(
            ran.stderr.starts_with("fonds: accession 1 of 2"),
            "the run that was cut off is told: {ran:?}"
        );
        assert!(
            ran.stderr.ends_with(" was cut off; the documents it had stored are safe\n"),
            "{ran:?}"
        );
    }
    assert_eq!(ran.status, 0);
    assert_eq!(
        folder.rows("SELECT count(*) FROM accession WHERE state = 'open'"),
        ["0"],
        "no accession stays open"
    );
    let undisturbed = Folder::new();
    many(&undisturbed, "d", 700);
    undisturbed.fonds(&["ingest", "d"]).done();
    assert_eq!(content(&folder), content(&undisturbed));
}

#[test]
fn an_interrupted_run_says_so_and_seals_the_archive() {
    let folder = Folder::new();
    many(&folder, "d", 3000);
    let mut command = folder.command(&["ingest", "d"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(|| folder.path().join("fonds.db-wal").metadata().is_ok_and(|log| log.len() > 100_000));
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("interrupted: "));
    assert_eq!(folder.names(), ["d", "fonds.db"]);
    assert_eq!(
        folder.rows("SELECT state, stored = (SELECT count(*) FROM document) FROM accession"),
        ["interrupted|1"]
    );
}

#[test]
fn two_runs_at_once_both_store_everything() {
    let folder = Folder::new();
    many(&folder, "d", 300);
    many(&folder, "e", 300);
    folder.write("first.txt", "first");
    folder.fonds(&["ingest", "first.txt"]).done();
    let children: Vec<_> =
        ["d", "e"].map(|name| folder.command(&["ingest", name]).spawn().unwrap()).into();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(
        folder.rows("SELECT count(*), (SELECT count(*) FROM sighting) FROM document"),
        ["601|601"]
    );
    assert_eq!(folder.rows("SELECT DISTINCT state FROM accession"), ["done"]);
}

#[test]
fn readers_see_a_sound_archive_while_documents_come_in() {
    let folder = Folder::new();
    many(&folder, "d", 600);
    folder.write("first.txt", "first");
    folder.fonds(&["ingest", "first.txt"]).done();
    let mut child = folder.command(&["ingest", "d"]).spawn().unwrap();
    let mut last = 0;
    while child.try_wait().unwrap().is_none() {
        let count: u64 = folder.rows("SELECT count(*) FROM document")[0].parse().unwrap();
        assert!(count >= last, "the count went from {last} to {count}");
        last = count;
    }
    assert_eq!(folder.rows("SELECT count(*) FROM document"), ["601"]);
}

#[test]
fn a_closed_pipe_ends_a_query_quietly() {
    let folder = Folder::new();
    folder.write("a.txt", "text");
    folder.fonds(&["ingest", "a.txt"]).done();
    let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT i FROM n";
    for format in ["csv", "jsonl", "table", "markdown"] {
        let mut command = folder.command(&["query", "--format", format, sql]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{format}");
    }
}

#[test]
fn a_full_disk_is_an_error_and_not_a_success() {
    let folder = Folder::new();
    folder.write("a.txt", "text");
    folder.fonds(&["ingest", "a.txt"]).done();
    let Ok(mut full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    if full.write_all(b"x").is_ok() {
        return;
    }
    let output = folder.command(&["query", "SELECT 1"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "fonds: cannot write the rows: No space left on device (os error 28)\n"
    );
}

#[test]
fn a_locked_archive_is_told_with_the_process_that_holds_it() {
    let folder = Folder::new();
    folder.write("a.txt", "text");
    folder.fonds(&["ingest", "a.txt"]).done();
    let holder = rusqlite::Connection::open(folder.path().join("fonds.db")).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let ran = folder.fonds(&["query", "SELECT 1 FROM document", "--wait", "0"]);
    let own = std::process::id();
    assert_eq!(ran.status, 11, "{ran:?}");
    assert!(ran.stderr.contains("fonds.db is locked by "), "{ran:?}");
    if cfg!(target_os = "linux") {
        assert!(ran.stderr.contains(&format!("(process {own})")), "{ran:?}");
    }
}

#[test]
fn who_waits_hears_for_whom_and_goes_on_when_the_archive_is_free() {
    let folder = Folder::new();
    folder.write("a.txt", "text");
    folder.write("b.txt", "another");
    folder.fonds(&["ingest", "a.txt"]).done();
    let holder = rusqlite::Connection::open(folder.path().join("fonds.db")).unwrap();
    for (arguments, told) in [
        (&["ingest", "b.txt", "--wait", "600"][..], true),
        (&["query", "SELECT count(*) FROM document", "--wait", "600"], true),
        (&["check", "--record", "--quiet"], false),
    ] {
        holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let mut command = folder.command(arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        thread::sleep(Duration::from_millis(3500));
        holder.execute_batch("COMMIT").unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        let is_told = stderr.starts_with("fonds: waiting for ")
            && stderr.ends_with(", which holds fonds.db\n")
            && stderr.lines().count() == 1;
        assert_eq!(is_told, told, "{arguments:?}: {stderr:?}");
    }
    assert_eq!(folder.rows("SELECT count(*) FROM document"), ["2"]);
}

#[test]
fn a_reader_of_the_log_keeps_no_writer_waiting_and_one_of_a_sealed_archive_is_named() {
    let folder = Folder::new();
    for name in ["a", "b", "c"] {
        folder.write(&format!("{name}.txt"), name);
    }
    folder.fonds(&["ingest", "a.txt"]).done();
    let reader = rusqlite::Connection::open(folder.path().join("fonds.db")).unwrap();
    let read = "BEGIN; SELECT count(*) FROM document";
    reader.execute_batch(&format!("PRAGMA journal_mode = WAL; {read}")).unwrap();
    folder.fonds(&["ingest", "b.txt", "--wait", "600"]).done();
    drop(reader);
    folder.fonds(&["ingest", "a.txt"]).done();
    let reader = rusqlite::Connection::open(folder.path().join("fonds.db")).unwrap();
    reader.execute_batch(read).unwrap();
    let ran = folder.fonds(&["ingest", "c.txt", "--wait", "1"]);
    assert_eq!(ran.status, 11, "{ran:?}");
    if cfg!(target_os = "linux") {
        let own = format!("(process {})\n", std::process::id());
        assert!(ran.stderr.contains(&own), "{ran:?}");
    }
    drop(reader);
    assert_eq!(folder.rows("SELECT count(*) FROM document"), ["2"]);
}

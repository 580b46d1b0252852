//! `fonds query` as users meet it: what it answers, what it refuses, and that it leaves nothing behind.

use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A folder with an archive, and a scratch folder in which the program runs.
struct Place {
    folder: tempfile::TempDir,
    scratch: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Place::empty();
        let connection = schema(&place.archive());
        connection.execute_batch(ROWS).unwrap();
        connection.close().unwrap();
        schema(&place.folder.path().join("other.db")).close().unwrap();
        place
    }

    fn empty() -> Self {
        Place { folder: tempfile::tempdir().unwrap(), scratch: tempfile::tempdir().unwrap() }
    }

    fn archive(&self) -> PathBuf {
        self.folder.path().join("fonds.db")
    }

    /// Every file of both folders with its digest.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let folders = [self.folder.path(), self.scratch.path()];
        let entries = folders.into_iter().flat_map(|folder| fs::read_dir(folder).unwrap());
        entries
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), Sha256::digest(fs::read(&path).unwrap()).to_vec()))
            .collect()
    }

    fn query(&self, sql: &[u8], options: &[&str]) -> Output {
        // More address space than the program may use for the query, and what it needs itself.
        let limited = "ulimit -v 900000; exec \"$@\"";
        let mut child = Command::new("sh")
            .args(["-c", limited, "sh", env!("CARGO_BIN_EXE_fonds"), "--archive"])
            .arg(self.archive())
            .arg("query")
            .args(options)
            .current_dir(self.scratch.path())
            .env_remove("FONDS_ARCHIVE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The program may end before it has read everything.
        let _ = child.stdin.take().unwrap().write_all(sql);
        child.wait_with_output().unwrap()
    }

    /// Standard output, standard error and status.
    fn answer(&self, sql: &str, options: &[&str]) -> (String, String, i32) {
        let output = self.query(sql.as_bytes(), options);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code().unwrap())
    }
}

fn schema(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(include_str!("../../migrations/0001-archive.sql")).unwrap();
    connection.pragma_update(None, "application_id", fonds::store::APPLICATION_ID).unwrap();
    connection.pragma_update(None, "user_version", fonds::store::SCHEMA_VERSION).unwrap();
    connection
}

const ROWS: &str = "
    INSERT INTO accession (id, started_at, state, tool, options)
    VALUES (1, '2026-11-22T00:00:00Z', 'open', 'test', '{}');
    INSERT INTO document (id, digest, label, media_type, bytes, cluster_id, accession_id)
    VALUES (1, printf('%064d', 1), 'a.txt', 'text/plain', 4, 1, 1),
           (2, printf('%064d', 2), '北.txt', 'text/plain', 5, 2, 1);
    INSERT INTO sighting (document_id, accession_id, location, first_seen_at, last_seen_at)
    VALUES (1, 1, '/a.txt', '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z');
    INSERT INTO sqlar (name, sz, data) VALUES ('big', 17000000, zeroblob(17000000));
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    INSERT INTO passage_text (id, digest, text, cjk)
    SELECT i, randomblob(32), 'belt and road ' || i || ' 一带', 1 FROM n;
    INSERT INTO placement (document_id, position, passage_id, kind, start, end)
    SELECT 1, id, id, 'body', id, id + 1 FROM passage_text;
    INSERT INTO passage_index (passage_index) VALUES ('rebuild');";

/// The statement that a row of the table stands for.
fn filled(sql: &str, place: &Place) -> Vec<u8> {
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let sql = sql
        .replace("{TMP}", &path(place.scratch.path()))
        .replace("{OTHER}", &path(&place.folder.path().join("other.db")))
        .replace("{NL}", "\n")
        .replace("{TAB}", "\t")
        .replace("{NUL}", "\0")
        .replace("{DEEP}", &"(".repeat(100_000))
        .replace("{LONG}", &format!("'{}'", "a".repeat(2_000_000)));
    sql.into_bytes()
}

#[test]
fn every_statement_of_the_attack_list_meets_its_verdict_and_leaves_no_trace() {
    let place = Place::new();
    let before = place.files();
    let mut failures = Vec::new();
    let table = include_str!("guard_attacks.tsv");
    for row in table.lines().filter(|row| !row.starts_with('#')) {
        let [verdict, sql, _] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let (allowed, words): (&[i32], _) = match verdict {
            "works" => (&[0], ""),
            "wrong" => (&[1], ""),
            "refused" => (&[5], "this statement is refused: "),
            "late" => (&[6], "the query ran out of time"),
            "big" => (&[6], "the query "),
            "bounded" => (&[0, 1, 5, 6], ""),
            _ => panic!("{row}"),
        };
        let begin = Instant::now();
        let timeout = if verdict == "big" { "30" } else { "0.5" };
        let options = ["--timeout", timeout, "--max-memory", "256", "--max-rows", "1000"];
        let output = place.query(&filled(sql, &place), &options);
        let told = String::from_utf8_lossy(&output.stderr);
        let status = output.status.code();
        let is_met = status.is_some_and(|status| allowed.contains(&status))
            && (verdict == "big" || begin.elapsed() < Duration::from_millis(3500))
            && (status == Some(0) || told.starts_with(&format!("fonds: {words}")))
            && !(verdict == "big" && told.contains("out of time"))
            && (verdict != "works" || told.is_empty())
            && !told.contains("panicked")
            && place.files() == before;
        if !is_met {
            let told: String = told.chars().take(300).collect();
            failures.push(format!("{row}\n  {:?} in {:?}: {told}", output.status, begin.elapsed()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_hostile_file_with_the_mark_of_an_archive_gains_nothing() {
    let document = "SELECT * FROM document";
    for (setup, sql) in [
        ("CREATE VIEW document AS SELECT fts3_tokenizer('simple') AS id", document),
        ("CREATE VIEW document AS SELECT load_extension('/tmp/evil') AS id", document),
        ("CREATE VIEW document AS SELECT * FROM dbstat", document),
        (
            "CREATE VIEW document AS WITH RECURSIVE n (i) AS
             (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
            document,
        ),
        ("CREATE VIEW document AS SELECT * FROM d2; CREATE VIEW d2 AS SELECT * FROM document", document),
        ("CREATE VIEW document AS SELECT instr(printf('%.9000000c', 'a'), printf('%.8000000c', 'a') || 'b')", document),
        (
            "CREATE TABLE document (id, x AS (hex(zeroblob(40000000)))); INSERT INTO document VALUES (1)",
            document,
        ),
        (
            "CREATE TABLE document (id); INSERT INTO document VALUES (1);
             PRAGMA writable_schema = ON;
             UPDATE sqlite_master SET sql = 'CREATE TABLE document (id); DROP TABLE x' WHERE name = 'document'",
            document,
        ),
        (
            "CREATE TABLE document (id); PRAGMA writable_schema = ON;
             UPDATE sqlite_master SET rootpage = 1000000 WHERE name = 'document'",
            document,
        ),
        (
            "CREATE TABLE document (id); CREATE TABLE two (id); PRAGMA writable_schema = ON;
             UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'two')",
            document,
        ),
        (
            "CREATE VIRTUAL TABLE passage_index USING fts5 (text);
             INSERT INTO passage_index VALUES ('road road'), ('road');
             UPDATE passage_index_data SET block = x'ffffffffffffffffffff' WHERE id > 1",
            "SELECT rowid FROM passage_index WHERE passage_index MATCH 'road' ORDER BY rank",
        ),
        (
            "CREATE VIRTUAL TABLE passage_index USING fts5 (text);
             UPDATE passage_index_config SET v = 99",
            "SELECT rowid FROM passage_index WHERE passage_index MATCH 'road'",
        ),
        (
            "CREATE VIRTUAL TABLE passage_index USING fts5 (text); PRAGMA writable_schema = ON;
             UPDATE sqlite_master SET sql = 'CREATE VIRTUAL TABLE passage_index USING fts5 (text, tokenize = ''nosuch'')'
             WHERE name = 'passage_index'",
            "SELECT rowid FROM passage_index WHERE passage_index MATCH 'road'",
        ),
        (
            "CREATE VIRTUAL TABLE r USING rtree (id, a, b); INSERT INTO r VALUES (1, 2, 3);
             UPDATE r_node SET data = x'ffffffff'",
            "SELECT * FROM r WHERE a > 0",
        ),
        (
            "CREATE TABLE document (id); CREATE INDEX i ON document (id);
             INSERT INTO document VALUES (1), (2); ANALYZE;
             UPDATE sqlite_stat1 SET stat = '999999999999999999999 -1 x'",
            "SELECT * FROM document WHERE id > 1",
        ),
    ] {
        let place = Place::empty();
        let connection = Connection::open(place.archive()).unwrap();
        connection.execute_batch(setup).unwrap();
        connection.pragma_update(None, "application_id", fonds::store::APPLICATION_ID).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        connection.close().unwrap();
        let before = place.files();
        let begin = Instant::now();
        let output = place.query(sql.as_bytes(), &["--timeout", "0.5", "--max-memory", "256"]);
        let told = String::from_utf8_lossy(&output.stderr);
        let status = output.status.code();
        assert!(matches!(status, Some(0 | 1 | 5 | 6)), "{setup}: {:?} {told}", output.status);
        assert!(status == Some(0) || told.starts_with("fonds: "), "{setup}: {told}");
        assert!(!told.contains("panicked"), "{setup}: {told}");
        assert!(begin.elapsed() < Duration::from_millis(3500), "{setup}");
        assert_eq!(place.files(), before, "{setup}");
    }
}

#[test]
fn rows_come_as_csv_in_a_pipe_and_in_every_other_form_when_asked() {
    let place = Place::new();
    let sql = "SELECT id, label, title FROM document";
    for (format, whole) in [
        (&[][..], "id,label,title\n1,a.txt,\n2,北.txt,\n"),
        (&["-f", "tsv"], "id\tlabel\ttitle\n1\ta.txt\t\n2\t北.txt\t\n"),
        (
            &["-f", "json"],
            "[\n{\"id\":1,\"label\":\"a.txt\",\"title\":null},\n{\"id\":2,\"label\":\"北.txt\",\"title\":null}\n]\n",
        ),
        (
            &["--format", "table"],
            "┌────┬────────┬───────┐\n│ id ┆ label  ┆ title │\n╞════╪════════╪═══════╡\n│  1 ┆ a.txt  ┆       │\n│  2 ┆ 北.txt ┆       │\n└────┴────────┴───────┘\n",
        ),
    ] {
        assert_eq!(place.answer(sql, format), (whole.to_owned(), String::new(), 0));
    }
}

#[test]
fn a_shortened_result_is_told_on_standard_error() {
    let place = Place::new();
    let told = "fonds: only the first 1 rows are shown, there are more\nhint: --max-rows N shows N rows, --max-rows 0 all of them\n";
    assert_eq!(
        place.answer("SELECT id FROM document", &["--max-rows", "1"]),
        ("id\n1\n".to_owned(), told.to_owned(), 0)
    );
    assert_eq!(place.answer("SELECT id FROM document", &["--max-rows", "2"]).1, "");
}

#[test]
fn parameters_are_filled_in_and_numbers_are_numbers() {
    let place = Place::new();
    let sql = "SELECT typeof(:a) AS a, typeof(@b) AS b, $c AS c";
    let options = ["-p", "a=7", "-p", ":b=0.5", "--param", "c=it's = 北"];
    assert_eq!(place.answer(sql, &options).0, "a,b,c\ninteger,real,it's = 北\n");
    let (_, told, status) = place.answer(sql, &["-p", "a=7"]);
    assert_eq!(status, 1);
    assert!(told.starts_with("fonds: no value is given for @b\n"), "{told}");
}

#[test]
fn an_error_shows_the_place_and_what_was_meant() {
    let place = Place::new();
    let (out, told, status) = place.answer("SELECT id,\n  lable\nFROM document\n", &[]);
    assert_eq!((&*out, status), ("", 1));
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[..3], ["fonds: no such column: lable", "  2 |   lable", "        ^^^^^"]);
    assert!(lines[3].starts_with("hint: did you mean label? columns of document: id, "), "{told}");
}

#[test]
fn a_missing_archive_is_an_error_and_stays_missing() {
    let place = Place::empty();
    let (out, told, status) = place.answer("SELECT 1", &[]);
    assert_eq!((&*out, status), ("", 10));
    assert!(told.contains("there is no archive at") && told.contains("\nhint: make one"), "{told}");
    assert!(place.files().is_empty());
}

#[test]
fn a_file_name_that_looks_like_a_uri_is_a_file_name() {
    let place = Place::new();
    fs::copy(place.archive(), place.scratch.path().join("file:a.db?mode=rwc")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_fonds"))
        .args(["-a", "file:a.db?mode=rwc", "query", "SELECT count(*) AS n FROM document"])
        .current_dir(place.scratch.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "n\n2\n");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let place = Place::new();
    let output = Command::new("sh")
        .args(["-c", "{ \"$0\" -a \"$1\" query \"$2\"; echo $? >&2; } | head -n 1"])
        .arg(env!("CARGO_BIN_EXE_fonds"))
        .arg(place.archive())
        .arg("SELECT text FROM paragraph a, (VALUES (1), (2), (3), (4))")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "text\n");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "0\n");
}

#[test]
fn a_full_disk_is_told() {
    let place = Place::new();
    let output = Command::new(env!("CARGO_BIN_EXE_fonds"))
        .arg("-a")
        .arg(place.archive())
        .args(["query", "SELECT 1"])
        .stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told.starts_with("fonds: cannot write the rows: "), "{told}");
}

#[test]
fn ctrl_c_ends_a_query_and_soon_also_one_that_takes_no_notice() {
    let place = Place::new();
    for sql in [
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
        "SELECT instr(printf('%.9000000c', 'a'), printf('%.8000000c', 'a') || 'b')",
    ] {
        let child = Command::new(env!("CARGO_BIN_EXE_fonds"))
            .arg("-a")
            .arg(place.archive())
            .args(["query", "--timeout", "0", sql])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(400));
        let begin = Instant::now();
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130));
        assert!(begin.elapsed() < Duration::from_millis(2500), "{:?}", begin.elapsed());
    }
}

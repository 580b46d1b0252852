//! Tests of the guarded select inside one process; statements that must not work, and memory, are
//! tested on the program itself (tests/main/query.rs).

use super::*;
use std::thread;
use std::time::Instant;

/// The rows of a query, for whole comparisons.
#[derive(Default)]
struct Taken {
    names: Vec<String>,
    rows: Vec<Vec<Value>>,
    enough_after: Option<usize>,
    pause: Duration,
}

impl Sink for Taken {
    fn columns(&mut self, names: &[String]) -> io::Result<Flow> {
        self.names = names.to_vec();
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        thread::sleep(self.pause);
        self.rows.push(cells.to_vec());
        Ok(if self.enough_after == Some(self.rows.len()) { Flow::Enough } else { Flow::More })
    }
}

struct Pipe;

impl Sink for Pipe {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }

    fn row(&mut self, _: &[Value]) -> io::Result<Flow> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

const COUNT: &str =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";

fn archive(folder: &Path) -> PathBuf {
    let path = folder.join("fonds.db");
    let mut connection = Connection::open(&path).unwrap();
    super::super::migrate::run(&mut connection).unwrap();
    connection
        .execute_batch(
            "INSERT INTO accession (id, started_at, state, tool, options)
             VALUES (1, '2026-11-22T00:00:00Z', 'open', 'test', '{}');
             INSERT INTO document (id, digest, label, media_type, bytes, cluster_id, accession_id)
             VALUES (1, printf('%064d', 1), '东北亚.txt', 'text/plain', 4, 1, 1),
                    (2, printf('%064d', 2), 'b.txt', 'text/plain', 5, 2, 1);",
        )
        .unwrap();
    path
}

fn reader(folder: &Path, time: Option<Duration>) -> Reader {
    Reader::open(&archive(folder), &Limits { time, ..Limits::default() }).unwrap()
}

fn select(sql: &str, parameters: &[(&str, Value)]) -> Result<(Selected, Taken), Complaint> {
    let folder = tempfile::tempdir().unwrap();
    let mut taken = Taken::default();
    let parameters: Vec<_> =
        parameters.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
    let selected = reader(folder.path(), None).select(sql, &parameters, None, &mut taken)?;
    Ok((selected, taken))
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn message(result: Result<(Selected, Taken), Complaint>, sql: &str) -> String {
    let told = result.err().unwrap().describe(sql);
    told.lines().next().unwrap().to_owned()
}

#[test]
fn rows_come_with_their_types() {
    let (selected, taken) =
        select("SELECT label, bytes, 0.5, NULL, x'00ff' AS b FROM document", &[]).unwrap();
    assert_eq!(selected, Selected { rows: 2, cut: None });
    assert_eq!(taken.names, ["label", "bytes", "0.5", "NULL", "b"]);
    let row = |label, bytes| {
        vec![
            text(label),
            Value::Integer(bytes),
            Value::Real(0.5),
            Value::Null,
            Value::Blob(vec![0, 255]),
        ]
    };
    assert_eq!(taken.rows, [row("东北亚.txt", 4), row("b.txt", 5)]);
}

#[test]
fn text_that_is_not_utf8_comes_with_replacement_characters() {
    let (_, taken) = select("SELECT CAST(x'e4b8' AS TEXT)", &[]).unwrap();
    assert_eq!(taken.rows, [[text("\u{fffd}")]]);
}

#[test]
fn parameters_are_found_under_all_three_signs() {
    let (_, taken) = select(
        "SELECT :a, @b, $c, :a",
        &[("c", Value::Null), ("b", text("路")), ("a", Value::Integer(1))],
    )
    .unwrap();
    assert_eq!(taken.rows, [[Value::Integer(1), text("路"), Value::Null, Value::Integer(1)]]);
}

#[test]
fn parameters_must_be_given_and_used() {
    let sql = "SELECT bytes FROM document WHERE label = :label";
    assert_eq!(message(select(sql, &[]), sql), "no value is given for :label");
    let both = [("label", text("x")), ("titel", text("y"))];
    assert_eq!(
        message(select(sql, &both), sql),
        "the parameter titel is given, but the statement does not use it"
    );
    let twice = [("label", text("x")), ("label", text("y"))];
    assert_eq!(message(select(sql, &twice), sql), "the parameter label is given twice");
    for sql in ["SELECT ?", "SELECT ?5", "SELECT :a, ?"] {
        let told = message(select(sql, &[("a", Value::Null)]), sql);
        assert_eq!(told, "the statement has a parameter without a name");
    }
    let told = select("SELECT 1, :wörter", &[]).err().unwrap().describe("SELECT 1, :wörter");
    assert_eq!(
        told,
        "no value is given for :wörter\n  SELECT 1, :wörter\n            ^\nhint: add --param wörter=VALUE"
    );
}

#[test]
fn a_shortened_result_says_so_and_a_whole_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let reader = reader(folder.path(), None);
    let run = |max_rows, enough_after| {
        let mut taken = Taken { enough_after, ..Taken::default() };
        let selected = reader.select("SELECT id FROM document", &[], max_rows, &mut taken).unwrap();
        assert_eq!(selected.rows, taken.rows.len() as u64);
        (selected.rows, selected.cut)
    };
    assert_eq!(run(Some(1), None), (1, Some(Cut::MaxRows)));
    assert_eq!(run(Some(0), None), (0, Some(Cut::MaxRows)));
    assert_eq!(run(Some(2), None), (2, None));
    assert_eq!(run(None, Some(1)), (1, Some(Cut::Sink)));
    assert_eq!(run(None, Some(2)), (2, None));
}

#[test]
fn an_endless_query_stops_at_its_time_and_the_reader_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let reader = reader(folder.path(), Some(Duration::from_millis(150)));
    let begin = Instant::now();
    let sql = format!("SELECT max(i) FROM ({COUNT})");
    let stopped = reader.select(&sql, &[], None, &mut Taken::default()).unwrap_err();
    assert!(matches!(stopped, Complaint::Stopped(Stop::Time)), "{stopped:?}");
    assert!(begin.elapsed() < Duration::from_millis(1500), "{:?}", begin.elapsed());
    let mut taken = Taken::default();
    reader.select("SELECT count(*) FROM document", &[], None, &mut taken).unwrap();
    assert_eq!(taken.rows, [[Value::Integer(2)]]);
}

#[test]
fn a_search_stops_at_its_time_though_no_statement_of_it_is_long() {
    let folder = tempfile::tempdir().unwrap();
    let reader = reader(folder.path(), Some(Duration::ZERO));
    for sql in ["SELECT rank FROM search('harbour ferry')", "SELECT did_you_mean('harbuor')"] {
        let stopped = reader.select(sql, &[], None, &mut Taken::default()).unwrap_err();
        assert!(matches!(stopped, Complaint::Stopped(Stop::Time)), "{sql}: {stopped:?}");
    }
}

#[test]
fn time_that_the_sink_takes_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let reader = reader(folder.path(), Some(Duration::from_millis(100)));
    let mut slow = Taken { pause: Duration::from_millis(60), ..Taken::default() };
    let selected = reader.select(&format!("{COUNT} LIMIT 5"), &[], None, &mut slow).unwrap();
    assert_eq!(selected.rows, 5);
}

#[test]
fn a_query_is_interrupted_from_another_thread() {
    let folder = tempfile::tempdir().unwrap();
    let reader = reader(folder.path(), None);
    let interrupt = reader.interrupt_handle();
    let thread = thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        interrupt.interrupt();
    });
    let sql = format!("SELECT max(i) FROM ({COUNT})");
    let ended = reader.select(&sql, &[], None, &mut Taken::default()).unwrap_err();
    assert!(matches!(ended, Complaint::Interrupted), "{ended:?}");
    thread.join().unwrap();
}

#[test]
fn a_closed_pipe_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let ended = reader(folder.path(), None).select("SELECT 1", &[], None, &mut Pipe).unwrap_err();
    let Complaint::Output(error) = ended else { panic!("{ended:?}") };
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
}

#[test]
fn refusals_say_why_and_where() {
    for (sql, told) in [
        (
            "/* x */ DELETE FROM document",
            "this statement is refused: it would change document\n  /* x */ DELETE FROM document\n                      ^^^^^^^^",
        ),
        (
            "SELECT 1; SELECT 2",
            "this statement is refused: a second statement follows the first\n  SELECT 1; SELECT 2\n            ^^^^^^",
        ),
        (
            "SELECT load_extension('x')",
            "this statement is refused: it would call load_extension, which reaches beyond the archive\n  SELECT load_extension('x')\n         ^^^^^^^^^^^^^^",
        ),
        (
            "PRAGMA journal_mode",
            "this statement is refused: it uses PRAGMA journal_mode, which can do more than look up\n  PRAGMA journal_mode\n         ^^^^^^^^^^^^",
        ),
        (
            "CREATE TEMP TABLE t (x)",
            "this statement is refused: it would make a temporary table or view\n  CREATE TEMP TABLE t (x)\n  ^^^^^^",
        ),
        (
            "SELECT 1\0",
            "this statement is refused: a NUL byte stands in it\n  SELECT 1\\u{0}\n          ^^^^^",
        ),
    ] {
        let complaint = select(sql, &[]).err().unwrap();
        assert!(matches!(complaint, Complaint::Refused(_)), "{complaint:?}");
        let described = complaint.describe(sql);
        let (described, hint) = described.rsplit_once("\nhint: ").unwrap();
        assert_eq!(described, told);
        assert!(!hint.is_empty());
    }
}

#[test]
fn an_empty_statement_is_wrong_and_semicolons_alone_end_one() {
    for sql in ["", " \n\t", "-- SELECT 1", "/* SELECT 1", ";", " ; ;"] {
        let complaint = select(sql, &[]).err().unwrap();
        assert!(matches!(complaint, Complaint::Wrong(_)), "{sql:?}: {complaint:?}");
        assert!(complaint.describe(sql).starts_with("the statement is empty\nhint: "));
    }
    assert_eq!(select("SELECT 1;; -- end", &[]).unwrap().0.rows, 1);
}

#[test]
fn a_locked_archive_and_a_missing_one_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = archive(folder.path());
    let missing = Reader::open(&folder.path().join("no.db"), &Limits::default()).unwrap_err();
    assert!(matches!(missing.downcast_ref(), Some(Refusal::Missing(_))), "{missing:?}");
    let writer = Connection::open(&path).unwrap();
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let locked = Reader::open(&path, &Limits::default()).unwrap_err();
    assert!(matches!(locked.downcast_ref(), Some(Refusal::Locked(_))), "{locked:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_only_begins_like_an_archive_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = archive(folder.path());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.truncate(100);
    bytes.resize(5000, 0xff);
    std::fs::write(&path, &bytes).unwrap();
    assert!(Reader::open(&path, &Limits::default()).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_log_that_must_be_worked_in_is_told_in_plain_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = archive(folder.path());
    let writer = Connection::open(&path).unwrap();
    // A transaction so large that pages reach the file before it commits; the copy is what a crash
    // would leave.
    writer
        .execute_batch(
            "PRAGMA cache_size = 2; BEGIN;
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200)
             INSERT INTO about (name, note) SELECT 'n' || i, hex(randomblob(2000)) FROM n;",
        )
        .unwrap();
    let copy = folder.path().join("copy.db");
    std::fs::copy(&path, &copy).unwrap();
    std::fs::copy(folder.path().join("fonds.db-journal"), folder.path().join("copy.db-journal"))
        .unwrap();
    let refused = Reader::open(&copy, &Limits::default()).unwrap_err();
    assert!(matches!(refused.downcast_ref(), Some(Refusal::ReadOnly(..))), "{refused:?}");
}

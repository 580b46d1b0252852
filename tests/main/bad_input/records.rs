//! Records, mail, databases, copies, times.

use super::{Any, Case, Either, Failed, Folder, Holds, Stored, case, judge, one};
use fonds::model::State;
use fonds::store::Archive;
use std::fs;
use std::process::Command;

pub(super) const CASES: &[Case] = &[
    case(71, "JSONL with a bad line", || {
        let folder =
            jsonl(&["{\"text\": \"One ferry.\"}", "{\"text\": ", "{\"text\": \"Three ferries.\"}"]);
        assert_eq!(folder.rows(FATES), ["stored", "failed", "stored", "container"]);
    }),
    case(72, "JSONL with NaN, huge numbers or a key that stands twice", || {
        let folder = jsonl(&[
            "{\"text\": \"One ferry.\", \"n\": NaN}",
            "{\"text\": \"Two ferries.\", \"n\": 123456789012345678901234567890}",
            "{\"text\": \"Three.\", \"text\": \"The last is taken.\"}",
        ]);
        assert_eq!(folder.rows(FATES), ["failed", "stored", "stored", "container"]);
        let notes = "SELECT notes FROM extraction WHERE notes <> ''";
        assert_eq!(folder.rows(notes), ["field text stands twice, the last was taken"]);
    }),
    case(73, "JSONL with a line of 500 MB or nested 100,000 deep", || {
        let deep = format!("{{\"text\": {}", "[".repeat(100_000));
        let folder =
            jsonl(&["{\"text\": \"One ferry.\"}", &deep, "{\"text\": \"Three ferries.\"}"]);
        assert_eq!(folder.rows(FATES), ["stored", "failed", "stored", "container"]);
        let long = format!("{{\"text\": \"{}\"}}", "ferry ".repeat(400_000));
        let folder = Folder::new();
        folder.write("feed.jsonl", format!("{long}\n{{\"text\": \"One ferry.\"}}\n"));
        let ran = folder.fonds(&["ingest", "feed.jsonl", "--max-size", "1"]);
        assert!(ran.status == 3 && ran.stderr.contains("feed.jsonl!1: "), "{ran:?}");
        assert_eq!(folder.rows("SELECT text FROM paragraph"), ["One ferry."]);
    }),
    case(74, "CSV with line ends in cells, ragged rows, an open quotation mark", || {
        let bytes = b"title,text\n\"one\nline\",The ferry sails at noon every day of the week.\nx\n4,5,6\n\"open";
        let folder = Folder::new();
        folder.write("d/ragged.csv", bytes);
        let ran = judge(&folder, "ragged.csv", &Any);
        assert_eq!(ran.status, 0, "{ran:?}");
        let sail =
            "SELECT count(*) FROM paragraph WHERE text LIKE 'The ferry sails at noon every day%'";
        assert_eq!(folder.rows(sail), ["1"]);
        let notes = "SELECT count(*) FROM extraction WHERE notes LIKE '%have not the 2 cells of the first%'";
        assert_eq!(folder.rows(notes), ["3"]);
    }),
    case(75, "mbox with lines that begin with From, and without blank lines", || {
        let mailbox = "From a@x Mon Jan  6 10:00:00 2020\nSubject: one\n\nFrom the port it sails.\n>From quoted\n\n\
            From b@x Tue Jan  7 10:00:00 2020\nSubject: two\n\nbody two\n\
            From c@x Tue Jan  7 11:00:00 2020\nSubject: three\n\nbody three\n";
        let folder = Folder::new();
        folder.write("d/box.mbox", mailbox);
        judge(&folder, "box.mbox", &Any);
        let told = "SELECT reason FROM ledger WHERE outcome = 'container'";
        assert_eq!(folder.rows(told), ["3 messages"]);
        let sails = "SELECT count(*) FROM paragraph WHERE text LIKE '%From the port it sails%'";
        assert_eq!(folder.rows(sails), ["1"]);
    }),
    case(76, "mail with a broken boundary, base64 or character set", || {
        let mail = |head: &str, body: &str| {
            format!("From: a@b\r\nSubject: Ferry\r\n{head}\r\n\r\n{body}\r\n")
        };
        one(
            "boundary.eml",
            mail("Content-Type: multipart/mixed; boundary=x", "no part here"),
            &Either,
        );
        one(
            "base64.eml",
            mail("Content-Transfer-Encoding: base64", "!!!! not base64 ===="),
            &Holds("Ferry"),
        );
        let unknown = mail("Content-Type: text/plain; charset=unknown-8bit", "It sails.");
        one("charset.eml", unknown, &Holds("It sails."));
    }),
    case(77, "SQLite database of another program", || {
        for name in ["base.db", "other.txt"] {
            one(
                name,
                b"SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20",
                &Failed("not text (SQLite database)"),
            );
        }
    }),
    case(78, "the archive itself in the folder", || {
        let folder = Folder::new();
        folder.write("d/a.txt", "The ferry sails.\n");
        folder.fonds(&["ingest", "d", "--archive", "d/own.db"]).done();
        symlink_to(&folder, "own.db", "d/other-name.db");
        let ran = folder.fonds(&["ingest", "d", "--archive", "d/own.db"]);
        assert!(ran.stdout.starts_with("0 new, 1 known"), "{ran:?}");
        assert_eq!((ran.stderr.as_str(), ran.status), ("", 0));
        assert_eq!(folder.fonds(&["check", "--archive", "d/own.db"]).status, 0);
    }),
    case(79, "another archive in the folder", || {
        let folder = Folder::new();
        folder.write("a.txt", "The ferry sails.\n");
        folder.fonds(&["ingest", "a.txt", "--archive", "other.db"]).done();
        let bytes = folder.bytes("other.db");
        one("other.db", bytes, &Failed("fonds archive; ask it with --archive"));
    }),
    case(80, "the same bytes under 10,000 names", || {
        let folder = Folder::new();
        for number in 0..1_000 {
            folder.write(&format!("d/{number}.txt"), "The bridge closes at five.\n");
        }
        folder.fonds(&["ingest", "d"]).done();
        assert_eq!(folder.rows(COUNTS), ["1|1000"]);
        assert_eq!(folder.fonds(&["check"]).status, 0);
    }),
    case(81, "other bytes under the same name", || {
        let folder = Folder::new();
        for text in ["The ferry sails at noon.\n", "The ferry sails at one.\n"] {
            folder.write("d/a.txt", text);
            folder.fonds(&["ingest", "d"]).done();
        }
        assert_eq!(folder.rows(COUNTS), ["2|2"], "the old document keeps its place");
        assert_eq!(folder.fonds(&["check"]).status, 0);
    }),
    case(82, "equal text in different bytes", || {
        let folder = Folder::new();
        folder.write("d/a.txt", "The ferry sails at one.\n");
        folder.write("d/b.txt", "The  ferry sails at one.\r\n");
        folder.fonds(&["ingest", "d"]).done();
        assert_eq!(folder.rows(COUNTS), ["2|2"]);
        assert_eq!(folder.rows("SELECT kind FROM relation"), ["same text"]);
        assert_eq!(folder.fonds(&["check"]).status, 0);
    }),
    case(83, "times of change in 1901, 2106, 2400", || {
        for stamp in ["1901-01-01", "2106-12-31", "1960-01-01", "2400-01-01"] {
            let folder = Folder::new();
            let path = folder.write("d/a.txt", "The train waits.\n");
            let touched = Command::new("touch").args(["-d", stamp]).arg(&path).status().unwrap();
            assert!(touched.success());
            judge(&folder, "a.txt", &Stored(1, "The train waits."));
        }
    }),
    case(84, "clock that went backwards between two runs", || {
        let folder = Folder::new();
        let path = folder.path().join("fonds.db");
        let mut archive = Archive::open(&path).unwrap();
        let later = "2999-01-01T00:00:00Z";
        let accession = archive.begin(later, "{}").unwrap();
        archive.finish(&accession, later, State::Done).unwrap();
        folder.write("a.txt", "The ferry sails.\n");
        folder.fonds(&["ingest", "a.txt"]).done();
        let order = "SELECT id, substr(started_at, 1, 4) < '2999' FROM accession ORDER BY id";
        assert_eq!(folder.rows(order), ["1|0", "2|1"]);
        assert_eq!(folder.fonds(&["check"]).status, 0);
    }),
];

const COUNTS: &str = "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM sighting)";
const FATES: &str = "SELECT outcome FROM ledger ORDER BY ordinal";

/// Ingests these lines; those that fail are told with their number.
fn jsonl(lines: &[&str]) -> Folder {
    let folder = Folder::new();
    folder.write("feed.jsonl", lines.join("\n"));
    let ran = folder.fonds(&["ingest", "feed.jsonl"]);
    assert_eq!(ran.status, 3, "{ran:?}");
    for (number, fate) in (1..).zip(folder.rows(FATES)) {
        let is_told = ran.stderr.contains(&format!("feed.jsonl!{number}: "));
        assert_eq!(is_told, fate == "failed", "{number}: {}", ran.stderr);
    }
    assert_eq!(folder.fonds(&["check"]).status, 0);
    folder
}

fn symlink_to(folder: &Folder, target: &str, name: &str) {
    fs::hard_link(folder.path().join("d").join(target), folder.path().join(name)).unwrap();
}

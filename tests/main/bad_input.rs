//! Bad inputs, each with the one verdict that users should see: the reason that is told and recorded,
//! or the note with which it is stored. Whatever the input is, its neighbours are stored, nothing
//! panics and the archive is sound afterwards.

use crate::support::{Folder, Ran};
use std::fs::{self, File};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::symlink;
use std::process::Command;

/// What a case looks like in the ledger: outcome, and words of the reason.
enum Verdict {
    /// A document with so many paragraphs and, where given, this text among them.
    Stored(usize, &'static str),
    /// A document that stands for at least these texts, in as many paragraphs as it likes.
    Holds(&'static str),
    /// Told and recorded with these words.
    Failed(&'static str),
    Skipped(&'static str),
    /// Failed or stored, as the reader sees fit, but ended and recorded.
    Either,
}

use Verdict::{Either, Failed, Holds, Skipped, Stored};

const NEIGHBOURS: usize = 2;

/// Ingests `bytes` under `name` between two good documents.
fn one(name: &str, bytes: &[u8], verdict: &Verdict) {
    let folder = Folder::new();
    folder.write(&format!("d/{name}"), bytes);
    judge(&folder, name, verdict);
}

fn judge(folder: &Folder, name: &str, verdict: &Verdict) -> Ran {
    folder.write("d/0-neighbour.txt", "The ferry sails at noon.\n");
    folder.write("d/zz-neighbour.txt", "The bridge closes at five.\n");
    let ran = folder.fonds(&["ingest", "d", "--max-size", "64"]);
    let told = |word: &str| ran.stderr.contains(word);
    assert!(!told("panicked") && !told("this is a defect"), "{name}: {}", ran.stderr);
    let neighbours = "SELECT count(*) FROM ledger WHERE location LIKE '%neighbour.txt'
         AND outcome = 'stored'";
    assert_eq!(folder.rows(neighbours), [NEIGHBOURS.to_string()], "{name}: {ran:?}");
    let check = folder.fonds(&["check"]);
    assert_eq!(check.status, 0, "{name}: {check:?}");
    let rows = folder.rows(
        "SELECT outcome || '|' || coalesce(reason, ''),
             (SELECT count(*) FROM paragraph WHERE paragraph.document_id = ledger.document_id)
         FROM ledger WHERE location NOT LIKE '%neighbour.txt' ORDER BY ordinal DESC LIMIT 1",
    );
    let row = rows.first().map_or("", String::as_str);
    let texts = || {
        folder
            .rows(
                "SELECT replace(text, char(10), ' ') FROM paragraph JOIN sighting
                     ON sighting.document_id = paragraph.document_id
                 WHERE location NOT LIKE '%neighbour.txt'",
            )
            .join("\n")
    };
    let expected = match verdict {
        Stored(paragraphs, text) => {
            assert_eq!(row, format!("stored||{paragraphs}"), "{name}: {ran:?}");
            assert!(texts().contains(text), "{name}: {}", texts());
            0
        }
        Holds(text) => {
            assert!(row.starts_with("stored|"), "{name}: {row} {ran:?}");
            assert!(texts().contains(text), "{name}: {}", texts());
            0
        }
        Failed(reason) => {
            assert!(row.starts_with("failed|") && row.contains(reason), "{name}: {row}");
            let shown = name.rsplit('/').next().unwrap();
            assert!(told(reason) && told(shown), "{name} is not named: {}", ran.stderr);
            3
        }
        Skipped(reason) => {
            assert!(row.starts_with("skipped|") && row.contains(reason), "{name}: {row}");
            0
        }
        Either => {
            assert!(row.starts_with("failed|") || row.starts_with("stored|"), "{name}: {row}");
            if row.starts_with("failed|") { 3 } else { 0 }
        }
    };
    assert_eq!(ran.status, expected, "{name}: {ran:?}");
    ran
}

fn utf16(text: &str, mark: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    format!("{mark}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn files_without_text_are_stored_or_fail_with_the_reason() {
    for (name, bytes, verdict) in [
        ("empty.txt", &b""[..], Stored(0, "")),
        ("blank.txt", b" \n\t\n\r\n", Stored(0, "")),
        ("mark.txt", b"\xef\xbb\xbf", Stored(0, "")),
        ("elf.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0", Failed("not text")),
        ("jpeg.txt", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0", Failed("not text")),
        ("base.db", b"SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20", Failed("SQLite")),
        ("other.txt", b"SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20", Failed("SQLite")),
        ("nul.txt", b"The fer\0ry sails at noon and\0 returns at five.\n", Holds("sails at noon")),
    ] {
        one(name, bytes, &verdict);
    }
}

#[test]
fn every_line_end_encoding_and_odd_character_is_read() {
    let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let jis = |text: &str| encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
    let iso = |text: &str| encoding_rs::ISO_2022_JP.encode(text).0.into_owned();
    let euc = |text: &str| encoding_rs::EUC_KR.encode(text).0.into_owned();
    let koi = |text: &str| encoding_rs::KOI8_R.encode(text).0.into_owned();
    let windows = |text: &str| encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
    let dos = |text: &str| encoding_rs::IBM866.encode(text).0.into_owned();
    let chinese = "三野港第二艘渡轮将于五月启航。货物和旅客都可以过河。新的码头也在同一天开放。";
    let japanese = "三野港の第二フェリーは五月に就航します。貨物も旅客も川を渡れます。";
    let korean = "산노에항의 두 번째 여객선이 오월에 취항합니다. 화물과 승객이 강을 건넙니다.";
    let russian =
        "Второй паром между портом и дальним берегом выйдет в мае. Груз ждёт на берегу реки.";
    let cases: Vec<(&str, Vec<u8>, Verdict)> = vec![
        ("no-end.txt", b"The last line has no end".to_vec(), Stored(1, "has no end")),
        ("mark.txt", "\u{feff}A ferry.\n".into(), Stored(1, "A ferry.")),
        ("le.txt", utf16("A ferry sails.\n", true), Stored(1, "A ferry sails.")),
        ("unmarked.txt", utf16("A ferry sails at noon.\n", false), Either),
        ("lossy.txt", b"A good line \xff here, and many more words around it.\n".to_vec(), Either),
        ("gb.txt", gb(chinese), Holds("三野港第二艘渡轮")),
        ("sjis.txt", jis(japanese), Holds("三野港の第二フェリー")),
        ("jis.txt", iso(japanese), Holds("三野港の第二フェリー")),
        ("euc-kr.txt", euc(korean), Holds("산노에항의")),
        ("koi8.txt", koi(russian), Holds("Второй паром")),
        ("1251.txt", windows(russian), Holds("Второй паром")),
        ("866.txt", dos(russian), Holds("Второй паром")),
        ("two.txt", [chinese.as_bytes(), b"\n\n", &gb(chinese)].concat(), Either),
        ("cr.txt", b"One ferry.\r\rTwo ferries.\r".to_vec(), Stored(2, "Two ferries.")),
        ("crlf.txt", b"One ferry.\r\n\r\nTwo ferries.\n\nThree.\r\n".to_vec(), Stored(3, "Three.")),
        ("ls.txt", "One ferry.\u{2029}Two ferries.\u{2029}".into(), Holds("Two ferries.")),
        ("nel.txt", "One ferry.\u{85}\u{85}Two ferries.".into(), Holds("Two ferries.")),
        ("ff.txt", "One ferry.\n\u{c}\nTwo ferries.\n".into(), Holds("Two ferries.")),
        ("rtl.txt", "الوقت \u{202e}abc\u{202c} هنا\n".into(), Holds("الوقت")),
        ("zero.txt", "fer\u{200b}ry lo\u{ad}gistics \u{feff}x\n".into(), Holds("fer\u{200b}ry")),
        ("marks.txt", format!("a{}\n", "\u{301}".repeat(100_000)).into(), Holds("a\u{301}")),
        ("nfd.txt", "Cafe\u{301} at noon\n".into(), Holds("Cafe\u{301}")),
        ("wide.txt", "Ｆｅｒｒｙ ｶﾞｽ\n".into(), Holds("Ｆｅｒｒｙ")),
        ("wtf8.txt", b"A good line \xed\xa0\x80 here, and many more words.\n".to_vec(), Either),
    ];
    for (name, bytes, verdict) in &cases {
        one(name, bytes, verdict);
    }
}

#[test]
fn escapes_in_texts_and_names_never_reach_a_terminal() {
    let folder = Folder::new();
    folder.write("d/\u{1b}[31mred.txt", "\u{1b}]0;gotcha\u{7}The ferry \u{1b}[2Jsails.\n");
    folder.write("d/\u{1b}[31mbad.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0");
    let ran = folder.fonds(&["ingest", "d"]);
    assert!(!ran.stderr.contains('\u{1b}') && ran.stderr.contains("bad.txt"), "{}", ran.stderr);
    for arguments in [
        &["ledger", "--format", "table"][..],
        &["search", "ferry"],
        &["check", "--originals"],
        &["query", "--format", "table", "SELECT text, location FROM paragraph, sighting"],
    ] {
        let ran = folder.fonds(arguments);
        assert!(!ran.stdout.contains('\u{1b}'), "{arguments:?}: {}", ran.stdout);
    }
}

#[test]
fn every_name_is_taken_and_shown_on_one_line() {
    let folder = Folder::new();
    let names: Vec<Vec<u8>> = vec![
        b"-".to_vec(),
        b"--help".to_vec(),
        b"-x.txt".to_vec(),
        b"new\nline.txt".to_vec(),
        b"tab\t\"quote\\.txt".to_vec(),
        b"n\xff\xfe.txt".to_vec(),
        "é.txt".into(),
        "e\u{301}.txt".into(),
        b"Case.txt".to_vec(),
        b"case.txt".to_vec(),
        [&[b'n'; 251][..], b".txt"].concat(),
    ];
    fs::create_dir(folder.path().join("d")).unwrap();
    for (number, name) in names.iter().enumerate() {
        let name = std::ffi::OsString::from_vec(name.clone());
        fs::write(folder.path().join("d").join(name), format!("Ferry {number}.\n")).unwrap();
    }
    let ran = folder.fonds(&["ingest", "d"]);
    assert_eq!(
        ran.stdout,
        "11 new, 0 known, 0 skipped, 0 failed; fonds.db has it as accession 1\n"
    );
    assert_eq!(folder.rows("SELECT count(DISTINCT location) FROM sighting"), ["11"]);
    assert_eq!(
        folder.rows(
            "SELECT hex(raw_location) LIKE '%6EFFFE%' FROM sighting WHERE raw_location IS NOT NULL"
        ),
        ["1"]
    );
    let table = folder.fonds(&["ledger", "--format", "table"]).done();
    assert_eq!(table.lines().filter(|line| line.contains("stored")).count(), 11, "{table}");
    let ran = folder.fonds(&["ingest", "--", "d/-x.txt", "d/--help"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(folder.fonds(&["check", "--originals"]).status, 0);
}

#[test]
fn links_pipes_sockets_and_devices_are_never_waited_for() {
    let make = |what: fn(&Folder)| {
        let folder = Folder::new();
        fs::create_dir(folder.path().join("d")).unwrap();
        what(&folder);
        folder
    };
    judge(
        &make(|folder| symlink("0-neighbour.txt", folder.path().join("d/a-link")).unwrap()),
        "a-link",
        &Skipped("symbolic link, not followed"),
    );
    judge(
        &make(|folder| symlink(".", folder.path().join("d/a-loop")).unwrap()),
        "a-loop",
        &Skipped("symbolic link, not followed"),
    );
    judge(
        &make(|folder| symlink("nowhere", folder.path().join("d/a-link")).unwrap()),
        "a-link",
        &Skipped("dangling"),
    );
    judge(
        &make(|folder| {
            let pipe = folder.path().join("d/a-pipe");
            assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
        }),
        "a-pipe",
        &Skipped("named pipe"),
    );
    judge(
        &make(|folder| {
            std::os::unix::net::UnixListener::bind(folder.path().join("d/a-socket")).unwrap();
        }),
        "a-socket",
        &Skipped("socket"),
    );
    for (named, reason) in [
        ("/dev/zero", "device"),
        ("missing.txt", "no such file or folder"),
        ("dangling", "no such file or folder"),
        ("loop", "symbolic link"),
    ] {
        let folder = Folder::new();
        symlink("nowhere", folder.path().join("dangling")).unwrap();
        symlink("loop", folder.path().join("loop")).unwrap();
        folder.write("good.txt", "The ferry sails.\n");
        let ran = folder.fonds(&["ingest", named, "good.txt"]);
        assert_eq!(ran.status, 3, "{named}: {ran:?}");
        assert!(ran.stdout.starts_with("1 new, 0 known, 0 skipped, 1 failed"), "{ran:?}");
        assert!(ran.stderr.contains(named) && ran.stderr.contains(reason), "{named}: {ran:?}");
    }
}

#[test]
fn copies_hard_links_and_changed_files_are_one_document_or_two_and_every_place_is_kept() {
    let folder = Folder::new();
    folder.write("d/a.txt", "The ferry sails at noon.\n");
    fs::hard_link(folder.path().join("d/a.txt"), folder.path().join("d/b.txt")).unwrap();
    for number in 0..300 {
        folder.write(&format!("d/copies/{number}.txt"), "The bridge closes at five.\n");
    }
    folder.fonds(&["ingest", "d"]).done();
    let counts = "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM sighting)";
    assert_eq!(folder.rows(counts), ["2|302"]);
    // Both names of one file.
    folder.write("d/a.txt", "The ferry sails at one.\n");
    folder.write("d/c.txt", "The  ferry sails at one.\n");
    folder.fonds(&["ingest", "d"]).done();
    assert_eq!(folder.rows(counts), ["4|305"]);
    assert_eq!(
        folder.rows("SELECT count(*) FROM sighting WHERE location LIKE '%/d/a.txt'"),
        ["2"],
        "the old document keeps its place"
    );
    assert_eq!(folder.rows("SELECT count(*) FROM relation WHERE kind = 'same text'"), ["1"]);
    assert_eq!(folder.fonds(&["check"]).status, 0);
}

#[test]
fn times_that_no_clock_shows_are_stored_or_null() {
    for stamp in ["1901-01-01", "2106-12-31", "1960-01-01", "2400-01-01"] {
        let folder = Folder::new();
        let path = folder.write("d/a.txt", "The ferry sails.\n");
        let touched = Command::new("touch").args(["-d", stamp]).arg(&path).status().unwrap();
        assert!(touched.success());
        judge(&folder, "a.txt", &Stored(1, "The ferry sails."));
    }
}

#[test]
fn deep_and_wide_trees_and_few_open_files_are_walked() {
    let folder = Folder::new();
    // Made step by step: the path is longer than a system call takes.
    let script = "d=d; mkdir -p d; cd d; for i in $(seq 1000); do mkdir x; cd -P x; done; echo 'At the bottom.' > a.txt";
    let made = Command::new("bash").args(["-c", script]).current_dir(folder.path()).status();
    assert!(made.unwrap().success());
    for number in 0..500 {
        folder.write(&format!("d/wide/{number}.txt"), format!("Ferry {number}.\n"));
    }
    let program = env!("CARGO_BIN_EXE_fonds");
    let limited = format!("ulimit -n 64; exec {program} ingest d");
    let output = Command::new("bash").args(["-c", &limited]).current_dir(folder.path()).output();
    let output = output.unwrap();
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(words.starts_with("501 new, 0 known"), "{words} {output:?}");
    assert_eq!(folder.fonds(&["check"]).status, 0);
    // Rust's own removal of a folder takes minutes for this one.
    let removed = Command::new("rm").args(["-rf", "d"]).current_dir(folder.path()).status();
    assert!(removed.unwrap().success());
}

#[test]
fn what_is_too_large_is_refused_by_an_option_that_is_named() {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("d")).unwrap();
    File::create(folder.path().join("d/sparse.txt")).unwrap().set_len(1 << 40).unwrap();
    judge(&folder, "sparse.txt", &Failed("--max-size"));
    one("line.txt", &b"ferry ".repeat(3 << 20), &Holds("ferry ferry"));
    let many = "A ferry.\n\n".repeat(100_000);
    one("many.txt", many.as_bytes(), &Holds("A ferry."));
}

#[test]
fn web_pages_and_xml_end_in_time_and_fetch_nothing() {
    for (name, text, verdict) in [
        ("deep.html", "<div>".repeat(200_000) + "The ferry.", Either),
        (
            "attributes.html",
            format!("<p {}>The ferry sails at noon.</p>", "a=b ".repeat(500_000)),
            Either,
        ),
        ("comment.html", "<html><p>The ferry sails.</p><!-- never closed".to_owned(), Either),
        (
            "entities.html",
            "<p>The ferry &#x110000; &#0; &bogus; &amp; sails.</p>".to_owned(),
            Holds("The ferry"),
        ),
        (
            "declared.html",
            "<meta charset=koi8-r><p>三野港第二艘渡轮将于五月启航。</p>".to_owned(),
            Holds("三野港第二艘渡轮"),
        ),
    ] {
        one(name, text.as_bytes(), &verdict);
    }
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">
        <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]>
        <FictionBook><body><section><p>&d;&d;&d;</p></section></body></FictionBook>";
    one("laughs.fb2", laughs.as_bytes(), &Either);
    let outside = "<?xml version=\"1.0\"?><!DOCTYPE f [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>
        <FictionBook><body><section><p>The ferry &x;</p></section></body></FictionBook>";
    let folder = Folder::new();
    folder.write("d/outside.fb2", outside);
    judge(&folder, "outside.fb2", &Either);
    assert_eq!(folder.rows("SELECT count(*) FROM passage WHERE text LIKE '%root:%'"), ["0"]);
}

#[test]
fn broken_binary_formats_fail_alone_with_a_reason() {
    for (name, bytes) in [
        ("cut.pdf", &b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R"[..]),
        ("loop.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"),
        ("no.pdf", b"%PDF-1.7\n%%EOF"),
        ("cut.docx", b"PK\x03\x04\x14\0\0\0\x08\0"),
        ("no.epub", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ("no.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0"),
        ("no.rtf", b"{\\rtf1 {{{{{{{{{{{{ \\bin99999999 x"),
        ("no.odt", b"PK\x03\x04not a zip at all"),
    ] {
        one(name, bytes, &Either);
    }
}

#[test]
fn a_bad_line_of_records_fails_alone_with_its_number() {
    let folder = Folder::new();
    let lines = [
        "{\"title\": \"One\", \"text\": \"The first ferry.\"}".to_owned(),
        "{\"title\": \"Two\", \"text\": ".to_owned(),
        "{\"title\": \"Three\", \"text\": \"The third ferry.\", \"n\": NaN}".to_owned(),
        format!("{{\"text\": {}", "[".repeat(100_000)),
        "{\"text\": \"A lone \\ud800 surrogate.\"}".to_owned(),
        "{\"text\": \"one\", \"text\": \"The last key wins.\", \"big\": 123456789012345678901234567890}"
            .to_owned(),
        "{\"title\": \"Last\", \"text\": \"The last ferry.\"}".to_owned(),
    ];
    folder.write("feed.jsonl", lines.join("\n"));
    let ran = folder.fonds(&["ingest", "feed.jsonl"]);
    assert_eq!(ran.status, 3, "{ran:?}");
    for line in [2, 4] {
        assert!(ran.stderr.contains(&format!("feed.jsonl!{line}: ")), "{line}: {}", ran.stderr);
    }
    let texts = folder.rows("SELECT text FROM paragraph WHERE kind = 'body'").join("|");
    for text in ["The first ferry.", "The last ferry.", "The last key wins."] {
        assert!(texts.contains(text), "{text}: {texts}");
    }
    assert_eq!(folder.fonds(&["check"]).status, 0);
    one("ragged.csv", b"a,b\n\"one\nline\",2\n3\n4,5,6\n\"open", &Either);
}

#[test]
fn broken_mail_gives_what_text_it_has() {
    for (name, text) in [
        (
            "boundary.eml",
            "From: a@b\r\nSubject: Ferry\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\nno part here\r\n",
        ),
        (
            "base64.eml",
            "From: a@b\r\nSubject: Ferry\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!! not base64 ====\r\n",
        ),
        (
            "charset.eml",
            "From: a@b\r\nSubject: Ferry\r\nContent-Type: text/plain; charset=unknown-8bit\r\n\r\nThe ferry sails.\r\n",
        ),
    ] {
        one(name, text.as_bytes(), &Either);
    }
}

#[test]
fn an_archive_in_the_tree_is_left_out_and_another_one_is_told() {
    let folder = Folder::new();
    folder.write("d/a.txt", "The ferry sails.\n");
    folder.fonds(&["ingest", "d", "--archive", "d/own.db"]).done();
    fs::copy(folder.path().join("d/own.db"), folder.path().join("d/other.db")).unwrap();
    let ran = folder.fonds(&["ingest", "d", "--archive", "d/own.db"]);
    assert_eq!(ran.status, 3, "{ran:?}");
    assert!(ran.stderr.contains("other.db") && !ran.stderr.contains("own.db:"), "{ran:?}");
    assert_eq!(folder.fonds(&["check", "--archive", "d/own.db"]).status, 0);
}

#[test]
fn a_bare_environment_and_a_limit_on_file_sizes_change_no_data() {
    let folder = Folder::new();
    folder.write("d/a.txt", "The ferry sails at noon.\n");
    let mut bare = folder.command(&["ingest", "d"]);
    bare.env_clear().env("LANG", "C").env("COLUMNS", "20").env("TMPDIR", "/nonexistent");
    assert!(bare.output().unwrap().status.success());
    for number in 0..400 {
        folder.write(&format!("e/{number}.txt"), format!("Ferry {number}. {}\n", "x".repeat(9000)));
    }
    let program = env!("CARGO_BIN_EXE_fonds");
    // Blocks of 1024 bytes: room for the archive as it is, not for what comes.
    let limited = format!("trap '' XFSZ; ulimit -f 1024; exec {program} ingest e --no-originals");
    let output = Command::new("bash").args(["-c", &limited]).current_dir(folder.path()).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains("fonds.db") && !words.contains("panicked"), "{words}");
    assert_eq!(folder.fonds(&["check"]).status, 0);
    assert_eq!(folder.fonds(&["ingest", "e"]).status, 0);
    assert_eq!(folder.rows("SELECT count(*) FROM document"), ["401"]);
}

#[test]
fn a_file_that_vanishes_or_grows_under_the_reader_is_never_stored_as_a_mixture() {
    let folder = Folder::new();
    for number in 0..200 {
        folder.write(&format!("d/{number:03}.txt"), format!("Ferry {number} sails.\n").repeat(50));
    }
    let growing = folder.path().join("d/100.txt");
    let vanishing = folder.path().join("d/150.txt");
    let child = folder.command(&["ingest", "d"]).spawn().unwrap();
    let _may_be_gone = fs::remove_file(vanishing);
    for _ in 0..50 {
        fs::write(&growing, b"Ferry 100 sails again.\n".repeat(60)).unwrap();
        fs::write(&growing, b"Ferry 100 sails.\n".repeat(50)).unwrap();
    }
    let status = child.wait_with_output().unwrap().status.code();
    assert!(matches!(status, Some(0 | 3)), "{status:?}");
    // What is stored under a digest is what has that digest.
    assert_eq!(folder.fonds(&["check"]).status, 0);
    let known = folder.rows(
        "SELECT count(*) FROM sighting JOIN paragraph USING (document_id)
         WHERE location LIKE '%/100.txt' AND text NOT LIKE 'Ferry 100 sails%'",
    );
    assert_eq!(known, ["0"]);
}

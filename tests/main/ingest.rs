//! What `fonds ingest` takes, leaves out, records and says.

use crate::support::{Folder, samples};

#[test]
fn documents_are_stored_and_the_archive_is_one_sealed_file() {
    let folder = Folder::new();
    folder.write("d/a.txt", "The ferry sails at noon.\n");
    folder.write("d/b.txt", "The bridge closes at five.\n");
    assert_eq!(
        folder.fonds(&["ingest", "d"]).done(),
        "2 new, 0 known, 0 skipped, 0 failed; fonds.db has it as accession 1\n"
    );
    assert_eq!(folder.names(), ["d", "fonds.db"]);
    // Bytes 18 and 19 of an SQLite file are 1 unless it is in WAL mode.
    assert_eq!(folder.bytes("fonds.db")[18..20], [1, 1]);
    assert_eq!(
        folder.rows("SELECT location, outcome FROM ledger"),
        ["DIR/d/a.txt|stored", "DIR/d/b.txt|stored"]
    );
}

#[test]
fn ingesting_again_adds_nothing_and_another_path_adds_a_sighting() {
    let folder = Folder::new();
    folder.write("d/a.txt", "The ferry sails at noon.\n");
    folder.fonds(&["ingest", "d"]).done();
    assert_eq!(
        folder.fonds(&["ingest", "d"]).done(),
        "0 new, 1 known, 0 skipped, 0 failed; fonds.db has it as accession 2\n"
    );
    folder.write("copy/z.txt", "The ferry sails at noon.\n");
    folder.fonds(&["ingest", "copy"]).done();
    assert_eq!(
        folder.rows(
            "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM paragraph),
                    (SELECT count(*) FROM sighting), (SELECT count(*) FROM sqlar),
                    (SELECT group_concat(sightings) FROM accession)"
        ),
        ["1|1|2|1|1,0,1"]
    );
}

#[test]
fn what_cannot_be_read_is_told_and_recorded_and_the_rest_is_stored() {
    let folder = Folder::new();
    folder.write("d/a.txt", "The ferry sails at noon.\n");
    folder.write("d/binary.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0");
    folder.write("d/empty.txt", "");
    folder.write("d/.hidden", "x");
    folder.write("d/z.txt", "The bridge closes at five.\n");
    std::os::unix::fs::symlink("nowhere", folder.path().join("d/dangling")).unwrap();
    std::os::unix::fs::symlink("a.txt", folder.path().join("d/link.txt")).unwrap();
    let fifo = folder.path().join("d/pipe");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let ran = folder.fonds(&["ingest", "d", "missing.txt"]);
    assert_eq!(
        ran.stderr,
        "fonds: DIR/d/binary.txt: not text (ELF program)\n\
         fonds: DIR/d/dangling: skipped: dangling symbolic link\n\
         fonds: DIR/d/link.txt: skipped: symbolic link, not followed\n\
         fonds: DIR/d/pipe: skipped: named pipe\n\
         fonds: DIR/missing.txt: no such file or folder\n"
    );
    assert_eq!(ran.stdout, "3 new, 0 known, 4 skipped, 2 failed; fonds.db has it as accession 1\n");
    assert_eq!(ran.status, 3);
    assert_eq!(
        folder.rows("SELECT location, outcome, reason, document_id FROM ledger ORDER BY location"),
        [
            "DIR/d/.hidden|skipped|hidden|",
            "DIR/d/a.txt|stored||1",
            "DIR/d/binary.txt|failed|not text (ELF program)|2",
            "DIR/d/dangling|skipped|dangling symbolic link|",
            "DIR/d/empty.txt|stored|no text|3",
            "DIR/d/link.txt|skipped|symbolic link, not followed|",
            "DIR/d/pipe|skipped|named pipe|",
            "DIR/d/z.txt|stored||4",
            "DIR/missing.txt|failed|no such file or folder|",
        ]
    );
}

#[test]
fn an_unreadable_file_fails_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let secret = folder.write("d/secret.txt", "x");
    folder.write("d/open.txt", "The ferry sails at noon.\n");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&secret).is_ok() {
        // Root reads everything.
        return;
    }
    let ran = folder.fonds(&["ingest", "d"]);
    assert_eq!(ran.stderr, "fonds: DIR/d/secret.txt: permission denied\n");
    assert_eq!(ran.status, 3);
}

#[test]
fn a_line_of_fifty_megabytes_is_stored_whole_in_several_paragraphs() {
    let folder = Folder::new();
    let line = "丝绸之路 silk road ".repeat(50_000_000 / 23 + 1);
    folder.write("long.txt", &line);
    folder.fonds(&["ingest", "--no-originals", "long.txt"]).done();
    assert_eq!(
        folder.rows(
            "SELECT sum(length(text)) > 30000000, max(length(CAST(text AS BLOB))) <= 1 << 20
             FROM paragraph"
        ),
        ["1|1"]
    );
    assert_eq!(
        folder.rows("SELECT notes <> '' FROM extraction"),
        ["1"],
        "the extraction says that the paragraph was split"
    );
}

#[test]
fn patterns_hidden_files_and_ignore_files_leave_out_what_they_name() {
    let folder = Folder::new();
    for name in ["a.txt", "b.md", "drafts/c.txt", ".git/d.txt", "junk/e.txt", "keep/junk.txt"] {
        folder.write(&format!("d/{name}"), name);
    }
    folder.write("d/.fondsignore", "junk/\n");
    folder.fonds(&["ingest", "d", "--include", "*.txt", "--exclude", "drafts/"]).done();
    assert_eq!(
        folder.rows("SELECT location, outcome, reason FROM ledger ORDER BY location"),
        [
            "DIR/d/.fondsignore|skipped|hidden",
            "DIR/d/.git|skipped|hidden",
            "DIR/d/a.txt|stored|",
            "DIR/d/b.md|skipped|not named by --include",
            "DIR/d/drafts|skipped|excluded by --exclude",
            "DIR/d/junk|skipped|named by an ignore file",
            "DIR/d/keep/junk.txt|stored|",
        ]
    );
}

#[test]
fn a_path_that_is_named_is_taken_whatever_the_rules_say() {
    let folder = Folder::new();
    folder.write("d/.hidden.txt", "hidden");
    std::os::unix::fs::symlink("d/.hidden.txt", folder.path().join("link")).unwrap();
    folder.fonds(&["ingest", "d/.hidden.txt", "link", "--exclude", "*"]).done();
    assert_eq!(folder.rows("SELECT location FROM sighting"), ["DIR/d/.hidden.txt", "DIR/link"]);
}

#[test]
fn the_archive_in_the_folder_it_is_made_from_is_not_ingested() {
    let folder = Folder::new();
    folder.write("a.txt", "The ferry sails at noon.\n");
    for _ in 0..2 {
        let ran = folder.fonds(&["ingest", "."]);
        assert_eq!(ran.status, 0, "{ran:?}");
    }
    assert_eq!(
        folder.rows("SELECT DISTINCT location, outcome FROM ledger ORDER BY 1, 2"),
        [
            "DIR/a.txt|known",
            "DIR/a.txt|stored",
            "DIR/fonds.db|skipped",
            "DIR/fonds.db-shm|skipped",
            "DIR/fonds.db-wal|skipped",
        ]
    );
}

#[test]
fn every_line_of_a_jsonl_file_is_a_document_with_its_fields() {
    let folder = Folder::new();
    folder.write(
        "feed.jsonl",
        "{\"id\":7,\"title\":\"Ferry\",\"text\":\"The ferry sails from the old harbour at noon.\\n\\nIt returns to the town at six in the evening.\",\
         \"date\":\"2019-06-12\",\"creator\":[\"Ito\",\"Orlov\"],\"section\":\"Economy\"}\n\
         \n\
         {\"id\":8,\"text\":\n\
         {\"id\":9,\"text\":\"往来三野与乌孙的第二艘渡轮将于五月十四日启航。\"}\n",
    );
    let ran = folder.fonds(&["ingest", "feed.jsonl"]);
    assert_eq!(ran.status, 3);
    assert!(
        ran.stderr.starts_with("fonds: DIR/feed.jsonl!3: not a JSON object: "),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.stdout, "2 new, 0 known, 0 skipped, 1 failed; fonds.db has it as accession 1\n");
    assert_eq!(
        folder.rows("SELECT label, title, creator, date, language, paragraphs FROM document WHERE paragraphs > 0"),
        ["Ferry|Ferry|Ito; Orlov|2019-06-12|en|3", "feed.jsonl!4||||zh|1"]
    );
    assert_eq!(
        folder.rows("SELECT name, value, method FROM metadata WHERE document_id = 1 AND name IN ('identifier', 'section')"),
        ["identifier|7|field", "section|Economy|field"]
    );
    assert_eq!(
        folder.rows("SELECT location, container FROM sighting ORDER BY id LIMIT 1"),
        ["DIR/feed.jsonl!1|DIR/feed.jsonl"]
    );
    assert_eq!(
        folder.rows("SELECT outcome, reason FROM ledger WHERE location LIKE '%.jsonl'"),
        ["container|3 records"]
    );
}

#[test]
fn every_row_of_a_table_with_texts_is_a_document_and_any_other_table_is_one() {
    let folder = Folder::new();
    folder.write(
        "press.csv",
        "Title,Text,date\nFerry,\"It sails\nat noon.\",2019-06-12\nRail,A train waits.,2019\n",
    );
    folder.write("tons.tsv", "Year\tTons\n2015\t4100\n");
    let ran = folder.fonds(&["ingest", "press.csv", "tons.tsv"]);
    assert_eq!(ran.stdout, "3 new, 0 known, 0 skipped, 0 failed; fonds.db has it as accession 1\n");
    assert_eq!(
        folder.rows("SELECT location, outcome, reason FROM ledger ORDER BY location"),
        [
            "DIR/press.csv|container|2 records",
            "DIR/press.csv!2|stored|",
            "DIR/press.csv!4|stored|",
            "DIR/tons.tsv|stored|",
        ]
    );
    assert_eq!(
        folder.rows("SELECT label, title, date, media_type FROM document ORDER BY id"),
        ["Ferry|Ferry|2019-06-12|text/csv", "Rail|Rail|2019|text/csv", "tons.tsv|||text/csv"]
    );
    assert_eq!(
        folder.rows("SELECT kind, text FROM paragraph WHERE document_id = 3"),
        ["table|Year\\tTons", "row|2015\\t4100"]
    );
    let again = folder.fonds(&["ingest", "press.csv"]);
    assert_eq!(
        again.stdout,
        "0 new, 2 known, 0 skipped, 0 failed; fonds.db has it as accession 2\n"
    );
}

#[test]
fn fields_can_be_mapped_and_the_standard_input_named() {
    let folder = Folder::new();
    let record = b"{\"body\":\"It sails at noon.\",\"headline\":\"Ferry\"}\n";
    folder
        .fonds_with_input(
            &[
                "ingest",
                "-",
                "--stdin-name",
                "press.jsonl",
                "--text-field",
                "body",
                "--title-field",
                "headline",
            ],
            record,
        )
        .done();
    folder.fonds_with_input(&["ingest", "-"], b"A plain text.\n").done();
    assert_eq!(
        folder.rows("SELECT label, text FROM paragraph JOIN document ON document.id = document_id WHERE kind = 'body'"),
        ["Ferry|It sails at noon.", "-|A plain text."]
    );
}

#[test]
fn legacy_encodings_are_read_and_the_guess_is_on_record() {
    let folder = Folder::new();
    folder.fonds(&["ingest", &samples()]).done();
    assert_eq!(
        folder.rows(
            "SELECT DISTINCT encoding, encoding_method, language
             FROM extraction JOIN document ON document.id = document_id
             WHERE encoding <> 'UTF-8' ORDER BY 1"
        ),
        ["GBK|guessed|zh", "Shift_JIS|guessed|ja", "windows-1251|guessed|ru"]
    );
}

#[test]
fn a_guess_says_how_sure_it_is_and_what_was_declared_and_replaced() {
    let folder = Folder::new();
    let koi8 = "Паром отправляется в полдень, если лёд на реке не помешает движению.";
    let (koi8, _, _) = encoding_rs::KOI8_R.encode(koi8);
    folder.write("long.txt", &*koi8);
    folder.write("short.txt", b"caf\x8e\n");
    folder.write("damaged.txt", "Паром отправ\0ляется.");
    folder.write("page.html", "<meta charset=iso-8859-1><p>第二艘渡轮将于五月启航。");
    folder.write("salt.txt", "Salt.");
    folder
        .fonds(&["ingest", "long.txt", "short.txt", "damaged.txt", "page.html", "salt.txt"])
        .done();
    assert_eq!(
        folder.rows(
            "SELECT label, encoding, encoding_method, confidence >= 90, declared_encoding, replaced
             FROM document JOIN extraction ON extraction.id = extraction_id ORDER BY document.id"
        ),
        [
            "long.txt|KOI8-R|guessed|1||0",
            "short.txt|macintosh|guessed|0||0",
            "damaged.txt|UTF-8|valid|||1",
            "page.html|UTF-8|valid||iso-8859-1|0",
            "salt.txt|UTF-8|valid|||0",
        ]
    );
    assert_eq!(folder.fonds(&["check"]).done(), "fonds.db is sound: 5 documents checked\n");
}

#[test]
fn an_encoding_that_is_told_beats_bytes_and_declaration() {
    let folder = Folder::new();
    folder.write("page.html", b"<meta charset=utf-8><p>\x95\xB7\xA6\x82\xB4a");
    folder.write("b.txt", b"\xDD\xE1\xB7\xEB\xA8\xE5");
    folder.fonds(&["ingest", "page.html", "--encoding", "johab"]).done();
    folder.fonds(&["ingest", "b.txt", "--encoding", "cp855"]).done();
    assert_eq!(
        folder.rows(
            "SELECT text, encoding, encoding_method, confidence, declared_encoding
             FROM paragraph JOIN extraction USING (document_id) ORDER BY document_id"
        ),
        ["동북아|Johab|told||utf-8", "Привет|IBM855|told||"]
    );
}

#[test]
fn an_encoding_can_be_told() {
    let folder = Folder::new();
    folder.write("a.txt", b"\xd0\xc5\xcf\xc5\xce\xc9\xc5");
    folder.fonds(&["ingest", "a.txt", "--encoding", "koi8-r"]).done();
    assert_eq!(folder.rows("SELECT text FROM paragraph"), ["пеоение"]);
    let ran = folder.fonds(&["ingest", "a.txt", "--encoding", "klingon"]);
    assert_eq!(
        ran.stderr,
        "fonds: no character encoding is called \"klingon\"; try utf-8, gb18030, big5, shift_jis, euc-kr or windows-1251\n"
    );
    assert_eq!(ran.status, 1);
}

#[test]
fn originals_come_back_byte_for_byte_unless_they_are_left_out() {
    let folder = Folder::new();
    let bytes = b"\xff\xfeF\0e\0r\0r\0y\0";
    folder.write("utf16.txt", bytes);
    folder.fonds(&["ingest", "utf16.txt", "--no-originals"]).done();
    assert_eq!(folder.rows("SELECT count(*) FROM sqlar"), ["0"]);
    folder.fonds(&["ingest", "utf16.txt"]).done();
    assert_eq!(folder.rows("SELECT count(*), sum(sz) FROM sqlar"), ["1|12"]);
    let output = folder.command(&["show", "utf16.txt", "--original"]).output().unwrap();
    assert_eq!(output.stdout, bytes);
}

#[test]
fn the_report_can_be_json() {
    let folder = Folder::new();
    folder.write("a.txt", "x");
    let ran = folder.fonds(&["ingest", "a.txt", "gone.txt", "--json", "--quiet"]);
    assert_eq!(
        ran.stdout,
        "{\"archive\":\"fonds.db\",\"accession\":1,\"state\":\"done\",\"new\":1,\"known\":0,\
         \"unchanged\":0,\"skipped\":0,\"failed\":1,\"containers\":0,\"sightings\":1,\"read_by_older_readers\":0,\"problems\":[{\"location\":\
         \"DIR/gone.txt\",\"reason\":\"no such file or folder\"}]}\n"
    );
    assert_eq!((ran.stderr.as_str(), ran.status), ("", 3));
}

#[test]
fn nothing_is_made_where_there_is_nothing_to_ingest() {
    let folder = Folder::new();
    let ran = folder.fonds(&["ingest", "typo"]);
    assert_eq!(ran.stderr, "fonds: none of the paths exists, so no archive was made\n");
    assert_eq!(ran.status, 3);
    assert_eq!(folder.names(), [] as [&str; 0]);
}

#[test]
fn a_name_that_is_not_utf8_is_ingested_and_kept_exactly() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    let name = std::ffi::OsStr::from_bytes(b"\xb1\xb1\xbe\xa9\x1b[31m.txt");
    std::fs::create_dir(folder.path().join("d")).unwrap();
    std::fs::write(folder.path().join("d").join(name), "Beijing").unwrap();
    folder.fonds(&["ingest", "d"]).done();
    assert_eq!(
        folder.rows("SELECT location, substr(hex(raw_location), -26) FROM sighting"),
        ["DIR/d/\\\\xb1\\\\xb1\\\\xbe\\\\xa9\u{1b}[31m.txt|B1B1BEA91B5B33316D2E747874"]
    );
}

#[test]
fn a_file_of_records_is_known_by_its_content_where_its_name_does_not_tell() {
    let folder = Folder::new();
    folder.write("feed", "{\"text\":\"It sails at noon.\"}\n{\"text\":\"It returns at six.\"}\n");
    folder.fonds(&["ingest", "feed"]).done();
    assert_eq!(
        folder.rows("SELECT location, outcome FROM ledger"),
        ["DIR/feed!1|stored", "DIR/feed!2|stored", "DIR/feed|container"]
    );
}

#[test]
fn a_web_page_is_read_as_one_whatever_its_name_says() {
    let folder = Folder::new();
    folder.write(
        "page.txt",
        "<!DOCTYPE html><html lang=en><head><meta charset=big5><title>Ferry</title>\
         <meta name=citation_author content='Ito, Haru'></head>\
         <body><p>The ferry – at noon.</p></body></html>",
    );
    folder.fonds(&["ingest", "page.txt"]).done();
    assert_eq!(
        folder.rows("SELECT label, creator, language, media_type FROM document"),
        ["Ferry|Ito, Haru|en|text/html"]
    );
    assert_eq!(
        folder.rows("SELECT kind, text FROM paragraph ORDER BY position"),
        ["title|Ferry", "body|The ferry – at noon."]
    );
    assert_eq!(
        folder.rows("SELECT replace(notes, char(10), '; ') FROM extraction"),
        [
            "no main text told from the rest of the page; declared charset big5, but its bytes are UTF-8; its name says plain, its bytes are html"
        ]
    );
}

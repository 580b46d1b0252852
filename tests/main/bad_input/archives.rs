//! Archives that are locked, old, new, damaged, somewhere else or none.

use super::{Case, Folder, case, with_own_mounts};
use rusqlite::Connection;
use std::fs;

pub(super) const CASES: &[Case] = &[
    case(87, "archive on a medium that cannot be written", || {
        let folder = archive();
        fs::create_dir(folder.path().join("medium")).unwrap();
        fs::rename(folder.path().join("fonds.db"), folder.path().join("medium/fonds.db")).unwrap();
        let fonds = env!("CARGO_BIN_EXE_fonds");
        let script = format!(
            "mount --bind medium medium && mount -o remount,ro,bind medium || exit 99
             {fonds} -a medium/fonds.db query 'SELECT label FROM document'; echo $?
             {fonds} -a medium/fonds.db check; echo $?
             {fonds} -a medium/fonds.db ingest b.txt; echo $?"
        );
        folder.write("b.txt", "The bridge closes.\n");
        let Some((said, told)) = with_own_mounts(&folder, &script) else { return };
        let expected = "label\na.txt\n0\nmedium/fonds.db is sound: 1 document checked\n0\n11\n";
        assert_eq!(said, expected, "{told}");
        assert!(told.starts_with("fonds: medium/fonds.db cannot be written: "), "{told}");
    }),
    case(88, "archive that another process holds", || {
        let folder = archive();
        folder.write("b.txt", "The bridge closes.\n");
        let holder = Connection::open(folder.path().join("fonds.db")).unwrap();
        holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
        // Two ingests wait for each other, and one for whoever holds it (tests/main/interruption.rs).
        let ran = folder.fonds(&["ingest", "b.txt", "--wait", "1"]);
        assert_eq!(ran.status, 11, "{ran:?}");
        assert!(ran.stderr.contains("fonds.db is locked by "), "{ran:?}");
        drop(holder);
        assert_eq!(folder.fonds(&["ingest", "b.txt"]).status, 0);
    }),
    case(89, "archive of a newer schema", || {
        let folder = archive();
        let mut bytes = folder.bytes("fonds.db");
        bytes[63] = 99;
        folder.write("fonds.db", &bytes);
        for arguments in [&["info"][..], &["ingest", "a.txt"], &["check"]] {
            let ran = folder.fonds(arguments);
            let ours = format!("schema 99, newer than the schema {}", fonds::store::SCHEMA_VERSION);
            assert!(ran.status == 11 && ran.stderr.contains(&ours), "{ran:?}");
        }
        assert_eq!(folder.bytes("fonds.db"), bytes);
    }),
    case(90, "archive of an older schema", || {
        let folder = Folder::new();
        let old = include_bytes!("../../data/archives/schema-1.db");
        folder.write("fonds.db", old);
        folder.write("new.txt", "A second ferry sails in May.\n");
        let before = folder.rows("SELECT digest, label FROM document ORDER BY id");
        assert_eq!(folder.fonds(&["ingest", "new.txt"]).status, 0);
        let after =
            folder.rows("SELECT digest, label FROM document WHERE label <> 'new.txt' ORDER BY id");
        assert_eq!(after, before);
        assert_eq!(folder.fonds(&["check"]).status, 0);
    }),
    case(91, "file that is no archive", || {
        let folder = Folder::new();
        folder.write("a.txt", "text");
        folder.write("empty.db", "");
        let mut foreign = b"SQLite format 3\0".to_vec();
        foreign.resize(4096, 0);
        folder.write("foreign.db", &foreign);
        for (name, what) in [
            ("a.txt", "it is not an SQLite database"),
            ("empty.db", "it is an empty file"),
            ("foreign.db", "it is an SQLite database of another program"),
        ] {
            for command in [&["info"][..], &["ingest", "a.txt"], &["check"]] {
                let before = folder.bytes(name);
                let ran = folder.fonds(&[command, &["--archive", name]].concat());
                assert!(ran.status == 10 && ran.stderr.contains(what), "{ran:?}");
                assert_eq!(folder.bytes(name), before);
            }
        }
    }),
    case(92, "archive with a page that cannot be read", || {
        let folder = archive();
        let connection = Connection::open(folder.path().join("fonds.db")).unwrap();
        let page: i64 = connection
            .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlar'", [], |row| {
                row.get(0)
            })
            .unwrap();
        drop(connection);
        let mut bytes = folder.bytes("fonds.db");
        let at = (page as usize - 1) * 16_384;
        bytes[at..at + 16_384].fill(0xaa);
        folder.write("fonds.db", &bytes);
        let ran = folder.fonds(&["query", "SELECT count(data) FROM sqlar WHERE data <> ''"]);
        assert_eq!(ran.status, 1, "{ran:?}");
        assert!(ran.stderr.contains("fonds.db") && ran.stderr.contains("`fonds check`"), "{ran:?}");
        assert_eq!(folder.rows("SELECT label FROM document"), ["a.txt"]);
        assert_eq!(folder.fonds(&["check"]).status, 4);
    }),
    case(93, "archive that is cut off", || {
        let folder = archive();
        let bytes = folder.bytes("fonds.db");
        for length in [50, 3_000, 20_000, bytes.len() - 16_384] {
            folder.write("fonds.db", &bytes[..length]);
            for arguments in
                [&["check"][..], &["query", "SELECT * FROM paragraph"], &["ingest", "a.txt"]]
            {
                let ran = folder.fonds(arguments);
                let is_told = ran.stderr.contains("fonds.db") || ran.stdout.contains("damaged");
                assert!(
                    matches!(ran.status, 1 | 4 | 10) && is_told,
                    "{length} {arguments:?}: {ran:?}"
                );
                assert!(!ran.stderr.contains("panicked"), "{ran:?}");
            }
        }
    }),
    case(94, "archive whose index alone is hurt", || {
        let folder = archive();
        let connection = Connection::open(folder.path().join("fonds.db")).unwrap();
        connection
            .execute_batch("UPDATE passage_index_data SET block = x'ff' WHERE id > 10")
            .unwrap();
        drop(connection);
        let ran = folder.fonds(&["search", "ferry"]);
        assert_eq!(ran.status, 1, "{ran:?}");
        assert!(ran.stderr.contains("fonds.db") && ran.stderr.contains("`fonds repair"), "{ran:?}");
        assert_eq!(folder.rows("SELECT text FROM passage"), ["The ferry sails at noon."]);
        assert_eq!(folder.fonds(&["check"]).status, 4);
        folder.fonds(&["repair", "--into", "whole.db"]).done();
    }),
    case(95, "log without its archive", || {
        let folder = Folder::new();
        folder.write("a.txt", "text");
        folder.write("fonds.db-wal", "the only copy of ten documents");
        let ran = folder.fonds(&["ingest", "a.txt"]);
        assert!(
            ran.status == 10 && ran.stderr.contains("its log fonds.db-wal is there"),
            "{ran:?}"
        );
        assert_eq!(folder.bytes("fonds.db-wal"), b"the only copy of ten documents");
    }),
];

fn archive() -> Folder {
    let folder = Folder::new();
    folder.write("a.txt", "The ferry sails at noon.\n");
    folder.fonds(&["ingest", "a.txt"]).done();
    folder
}

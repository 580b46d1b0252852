//! What is no archive, or one this program must not touch, is refused with the reason.

use crate::support::Folder;
use std::fs;

fn refused(folder: &Folder, arguments: &[&str]) -> (String, i32) {
    let before = folder.names();
    let ran = folder.fonds(arguments);
    assert_eq!(ran.stdout, "");
    assert_eq!(folder.names(), before, "a refusal leaves the folder as it was");
    (ran.stderr, ran.status)
}

#[test]
fn files_that_are_no_archive_are_refused_and_left_alone() {
    let folder = Folder::new();
    folder.write("a.txt", "text");
    folder.write("empty.db", "");
    let mut foreign = b"SQLite format 3\0".to_vec();
    foreign.resize(4096, 0);
    folder.write("foreign.db", &foreign);
    fs::create_dir(folder.path().join("dir.db")).unwrap();
    for (name, what) in [
        ("a.txt", "it is not an SQLite database"),
        ("empty.db", "it is an empty file"),
        ("foreign.db", "it is an SQLite database of another program"),
        ("dir.db", "it is a folder"),
    ] {
        for command in [&["info"][..], &["ingest", "a.txt"]] {
            let arguments = [command, &["--archive", name]].concat();
            assert_eq!(
                refused(&folder, &arguments),
                (
                    format!(
                        "fonds: {name} is not a fonds archive: {what}\n\
                         hint: name the archive with --archive FILE or $FONDS_ARCHIVE\n"
                    ),
                    10
                )
            );
        }
    }
    assert_eq!(folder.bytes("foreign.db"), foreign);
}

#[test]
fn an_archive_of_a_newer_program_is_refused() {
    let folder = Folder::new();
    folder.write("a.txt", "text");
    folder.fonds(&["ingest", "a.txt"]).done();
    let mut bytes = folder.bytes("fonds.db");
    bytes[63] = 99;
    folder.write("fonds.db", &bytes);
    for arguments in [&["info"][..], &["ingest", "a.txt"]] {
        assert_eq!(
            refused(&folder, arguments),
            (
                format!(
                    "fonds: fonds.db has schema 99, newer than the schema {} that this program knows\n\
                     hint: install a newer fonds\n",
                    fonds::store::SCHEMA_VERSION
                ),
                11
            )
        );
    }
    assert_eq!(folder.bytes("fonds.db"), bytes);
}

#[test]
fn a_log_without_its_archive_is_never_destroyed() {
    let folder = Folder::new();
    folder.write("a.txt", "text");
    folder.write("fonds.db-wal", "the only copy of ten documents");
    let (stderr, status) = refused(&folder, &["ingest", "a.txt"]);
    assert_eq!(
        stderr,
        "fonds: fonds.db is missing, but its log fonds.db-wal is there and may hold documents\n\
         hint: put the archive back beside its log, or move the log away to start a new archive\n"
    );
    assert_eq!(status, 10);
    assert_eq!(folder.bytes("fonds.db-wal"), b"the only copy of ten documents");
}

#[test]
fn a_sealed_archive_is_read_from_a_folder_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.write("a.txt", "The ferry sails at noon.\n");
    folder.fonds(&["ingest", "a.txt", "--archive", "sealed/fonds.db"]);
    fs::create_dir(folder.path().join("sealed")).unwrap();
    folder.fonds(&["ingest", "a.txt", "--archive", "sealed/fonds.db"]).done();
    let sealed = folder.path().join("sealed");
    fs::set_permissions(&sealed, fs::Permissions::from_mode(0o555)).unwrap();
    let ran =
        folder.fonds(&["query", "SELECT label FROM document", "--archive", "sealed/fonds.db"]);
    fs::set_permissions(&sealed, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(ran.done(), "label\na.txt\n");
    assert_eq!(fs::read_dir(&sealed).unwrap().count(), 1);
}

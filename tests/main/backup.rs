//! A backup is a whole, verified copy, or nothing.

use crate::support::Folder;
use rusqlite::Connection;

fn archive() -> Folder {
    let folder = Folder::new();
    folder.write("ferry.txt", "The ferry sails at noon.\n\nIt carries seven wagons.\n");
    folder.write("桥.txt", "桥在五点关闭。\n");
    folder.fonds(&["ingest", "ferry.txt", "桥.txt"]).done();
    folder
}

#[test]
fn a_backup_has_everything_and_leaves_nothing_else() {
    let folder = archive();
    let before = folder.bytes("fonds.db");
    assert_eq!(folder.fonds(&["backup", "copy.db"]).done(), "copy.db is a copy of fonds.db\n");
    assert_eq!(folder.bytes("fonds.db"), before);
    assert_eq!(folder.names(), ["copy.db", "ferry.txt", "fonds.db", "桥.txt"]);
    let all =
        "SELECT label, address, text FROM paragraph JOIN document ON document.id = document_id";
    let copied = folder.fonds(&["query", all, "--archive", "copy.db"]).done();
    assert_eq!(copied, folder.fonds(&["query", all]).done());
}

#[test]
fn nothing_is_overwritten() {
    let folder = archive();
    folder.write("precious.txt", "precious");
    for target in ["precious.txt", "fonds.db"] {
        let ran = folder.fonds(&["backup", target]);
        assert_eq!(
            (ran.stderr.as_str(), ran.status),
            (&*format!("fonds: {target} is there already; a backup never overwrites\n"), 1)
        );
    }
    assert_eq!(folder.bytes("precious.txt"), b"precious");
    let ran = folder.fonds(&["backup", "absent/copy.db"]);
    assert_eq!(ran.status, 1, "{ran:?}");
}

#[test]
fn the_copy_of_a_damaged_archive_is_kept_only_when_asked_for() {
    let folder = archive();
    let connection = Connection::open(folder.path().join("fonds.db")).unwrap();
    connection.execute("UPDATE document SET title = 'Fery' WHERE id = 1", []).unwrap();
    drop(connection);
    let names = folder.names();
    let ran = folder.fonds(&["backup", "copy.db"]);
    assert_eq!(
        (ran.stderr.as_str(), ran.status),
        (
            "fonds: fonds.db is damaged: its record has changed; no copy was kept\n\
             hint: `fonds check` has the details; --keep-damaged keeps the copy\n",
            4
        )
    );
    assert_eq!(folder.names(), names);
    let ran = folder.fonds(&["backup", "copy.db", "--keep-damaged"]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("copy.db is a copy of fonds.db\n", 0));
    assert_eq!(
        ran.stderr,
        "fonds: fonds.db is damaged: its record has changed; the copy has the same damage\n"
    );
}

#[test]
fn a_backup_made_while_documents_come_in_is_one_sound_file() {
    let folder = archive();
    for number in 0..400 {
        let text = format!("Train {number} waits.\n\nIt has {number} wagons.\n");
        folder.write(&format!("d/{number:04}.txt"), text);
    }
    let mut child = folder.command(&["ingest", "d", "--quiet"]).spawn().unwrap();
    let mut copies = 0;
    while child.try_wait().unwrap().is_none() || copies == 0 {
        let name = format!("copy-{copies}.db");
        folder.fonds(&["backup", &name, "--quiet"]).done();
        folder.fonds(&["check", "--quiet", "--archive", &name]);
        copies += 1;
    }
    let beside = folder.names().into_iter().filter(|name| name.contains(".db-")).count();
    assert_eq!(beside, 0, "{:?}", folder.names());
}

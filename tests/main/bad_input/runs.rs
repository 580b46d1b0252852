//! Runs that have no room, no memory, no home or are stopped.

use super::{Case, Failed, Folder, case, judge, pdfs, with_own_mounts};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(super) const CASES: &[Case] = &[
    case(85, "full disk", || {
        let folder = large();
        let fonds = env!("CARGO_BIN_EXE_fonds");
        let script = format!(
            "mkdir disk && mount -t tmpfs -o size=1500k none disk || exit 99
             {fonds} -a disk/fonds.db ingest e --no-originals; echo status $?
             cp disk/fonds.db disk/fonds.db-* ."
        );
        let Some((said, told)) = with_own_mounts(&folder, &script) else { return };
        assert!(said.contains("status 1") && told.contains("disk/fonds.db"), "{said}{told}");
        goes_on(&folder, 400);
    }),
    case(86, "limit on the size of files", || {
        let folder = large();
        let fonds = env!("CARGO_BIN_EXE_fonds");
        // Blocks of 1024 bytes: room for an archive, not for all of it.
        let limited = format!("trap '' XFSZ; ulimit -f 1500; exec {fonds} ingest e --no-originals");
        let output =
            Command::new("bash").args(["-c", &limited]).current_dir(folder.path()).output();
        let output = output.unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(told.contains("fonds.db") && !told.contains("panicked"), "{told}");
        goes_on(&folder, 400);
    }),
    case(96, "archive that is moved or removed during the run", || {
        for removes in [false, true] {
            let folder = small();
            fs::create_dir(folder.path().join("place")).unwrap();
            let archive = folder.path().join("place/fonds.db");
            let child = start(&folder, &["ingest", "d", "--archive", "place/fonds.db"]);
            wait_for(&folder.path().join("place/fonds.db-wal"));
            if removes {
                fs::remove_dir_all(archive.parent().unwrap()).unwrap();
            } else {
                fs::rename(archive.parent().unwrap(), folder.path().join("moved")).unwrap();
            }
            let output = child.wait_with_output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success(), "{told}");
            assert!(told.contains("place/fonds.db") && !told.contains("panicked"), "{told}");
        }
    }),
    case(97, "standard output that is closed or full", || {
        let folder = small();
        folder.fonds(&["ingest", "d"]).done();
        let sql = "SELECT text FROM paragraph, (VALUES (1), (2), (3), (4), (5), (6), (7), (8))";
        let mut child = start(&folder, &["query", sql]);
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
        for arguments in
            [&["query", "SELECT 1"][..], &["search", "ferry"], &["info"], &["ledger"], &["check"]]
        {
            let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
            let output = folder.command(arguments).stdout(full).output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{arguments:?} {told}");
            assert!(
                told.contains("No space left on device") && !told.contains("panicked"),
                "{told}"
            );
        }
    }),
    case(98, "interruption by Ctrl-C, SIGTERM or SIGHUP", || {
        for signal in ["-INT", "-TERM", "-HUP"] {
            let folder = small();
            let child = start(&folder, &["ingest", "d"]);
            wait_for(&folder.path().join("fonds.db-wal"));
            let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
            assert!(sent.unwrap().success());
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(130), "{signal}: {output:?}");
            assert_eq!(folder.names(), ["d", "fonds.db"], "one file, sealed");
            let state = "SELECT state, stored = (SELECT count(*) FROM document) FROM accession";
            assert_eq!(folder.rows(state), ["interrupted|1"]);
            goes_on(&folder, DOCUMENTS);
        }
    }),
    case(99, "kill -9", || {
        let folder = small();
        let mut child = start(&folder, &["ingest", "d"]);
        wait_for(&folder.path().join("fonds.db-wal"));
        child.kill().unwrap();
        child.wait().unwrap();
        let ran = folder.fonds(&["ingest", "d"]);
        assert!(ran.status == 0 && ran.stderr.contains(" was cut off; "), "{ran:?}");
        goes_on(&folder, DOCUMENTS);
    }),
    case(100, "no home and no place for temporary files", || {
        let folder = Folder::new();
        folder.write("d/a.txt", "The ferry sails at noon.\n");
        let page =
            "<html><title>Ferry</title><p>It sails at noon and carries wagons of ore.</p></html>";
        folder.write("d/b.html", page);
        let mut bare = folder.command(&["ingest", "d"]);
        bare.env_clear().env("TMPDIR", "/nonexistent");
        let output = bare.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(folder.fonds(&["check"]).status, 0);
    }),
    case(101, "no locale, no terminal, 20 columns", || {
        let folder = Folder::new();
        folder.write("d/渡轮.txt", "渡轮五月启航。\n");
        folder.fonds(&["ingest", "d"]).done();
        let query = [
            "query",
            "SELECT label, text FROM paragraph JOIN document ON document.id = document_id",
        ];
        let expected = folder.fonds(&query).done();
        let mut bare = folder.command(&query);
        bare.env_clear().env("LANG", "C").env("COLUMNS", "20");
        assert_eq!(String::from_utf8(bare.output().unwrap().stdout).unwrap(), expected);
    }),
    case(102, "reader that needs more memory than it may have", || {
        let folder = Folder::new();
        folder.write("d/widths.pdf", pdfs::widths());
        judge(&folder, "widths.pdf", &Failed("MiB for it (see --reader-memory)"));
    }),
];

const DOCUMENTS: usize = 1500;

/// More than an archive of a megabyte holds.
fn large() -> Folder {
    let folder = Folder::new();
    for number in 0..400 {
        folder.write(&format!("e/{number}.txt"), format!("Ferry {number}. {}\n", "x".repeat(9000)));
    }
    folder
}

/// Enough documents for a run of some time.
fn small() -> Folder {
    let folder = Folder::new();
    for number in 0..DOCUMENTS {
        folder.write(&format!("d/{number:04}.txt"), format!("Ferry {number} sails at noon.\n"));
    }
    folder
}

fn start(folder: &Folder, arguments: &[&str]) -> Child {
    folder.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn wait_for(log: &Path) {
    let begun = Instant::now();
    while log.metadata().map_or(0, |log| log.len()) < 100_000 {
        assert!(begun.elapsed() < Duration::from_secs(60), "waited in vain for {}", log.display());
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// What was stored is sound, and the next run stores the rest.
fn goes_on(folder: &Folder, documents: usize) {
    assert_eq!(folder.fonds(&["check"]).status, 0);
    let name = if folder.path().join("e").exists() { "e" } else { "d" };
    assert_eq!(folder.fonds(&["ingest", name, "--no-originals"]).status, 0);
    assert_eq!(folder.rows("SELECT count(*) FROM document"), [documents.to_string()]);
    assert_eq!(folder.fonds(&["check"]).status, 0);
}

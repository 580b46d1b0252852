//! Links, pipes, what may not be read, what changes or goes away, what is too many or too large.

use super::{Case, Either, Failed, Folder, Holds, Skipped, case, judge, one};
use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub(super) const CASES: &[Case] = &[
    case(31, "symbolic link to a file or a folder", || {
        let link = |folder: &Folder| symlink("0-neighbour.txt", folder.path().join("d/a-link"));
        judge(
            &with(|folder| link(folder).unwrap()),
            "a-link",
            &Skipped("symbolic link, not followed"),
        );
        let folder = with(|folder| {
            folder.write("e/a.txt", "The train waits.\n");
            symlink("../e", folder.path().join("d/a-link")).unwrap();
        });
        judge(&folder, "a-link", &Skipped("symbolic link, not followed"));
        folder.fonds(&["ingest", "d/a-link"]).done();
        assert_eq!(folder.rows("SELECT count(*) FROM document"), ["3"], "named, it is followed");
    }),
    case(32, "symbolic links in a circle", || {
        let folder = with(|folder| symlink(".", folder.path().join("d/a-loop")).unwrap());
        judge(&folder, "a-loop", &Skipped("symbolic link, not followed"));
        symlink("loop", folder.path().join("loop")).unwrap();
        named_fails(&folder, "loop", "symbolic link");
    }),
    case(33, "symbolic link that leads nowhere", || {
        let folder = with(|folder| symlink("nowhere", folder.path().join("d/a-link")).unwrap());
        judge(&folder, "a-link", &Skipped("dangling"));
        named_fails(&folder, "d/a-link", "no such file or folder");
    }),
    case(34, "hard links to one file", || {
        let folder = Folder::new();
        folder.write("d/a.txt", "The ferry sails at noon.\n");
        fs::hard_link(folder.path().join("d/a.txt"), folder.path().join("d/b.txt")).unwrap();
        folder.fonds(&["ingest", "d"]).done();
        assert_eq!(folder.rows(COUNTS), ["1|2"]);
    }),
    case(35, "named pipe, socket, device", || {
        let folder = with(|folder| {
            let pipe = folder.path().join("d/a-pipe");
            assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
        });
        judge(&folder, "a-pipe", &Skipped("named pipe"));
        named_fails(&folder, "d/a-pipe", "named pipe");
        named_fails(&folder, "/dev/zero", "device");
        let socket = |folder: &Folder| {
            drop(std::os::unix::net::UnixListener::bind(folder.path().join("d/a-socket")).unwrap());
        };
        judge(&with(socket), "a-socket", &Skipped("socket"));
    }),
    case(36, "no permission for a file or a folder", || {
        let folder = with(|folder| {
            folder.write("d/shut.txt", "Nobody reads this.\n");
            folder.write("d/shut/a.txt", "Nor this.\n");
            folder.write("d/open.txt", "The ferry sails.\n");
        });
        let mode = |name: &str, mode| {
            fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(mode))
                .unwrap();
        };
        ["d/shut.txt", "d/shut"].iter().for_each(|name| mode(name, 0));
        mode("", 0o777);
        let mut command = folder.command(&["ingest", "d"]);
        if fs::read(folder.path().join("d/shut.txt")).is_ok() {
            // Whoever may read everything lets somebody do it who may not.
            command.uid(65534).gid(65534);
        }
        let output = command.output().unwrap();
        mode("d/shut", 0o755);
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        for name in ["d/shut.txt: permission denied", "d/shut: permission denied"] {
            assert!(told.contains(name), "{told}");
        }
        assert_eq!(folder.rows("SELECT label FROM document"), ["open.txt"]);
        assert_eq!(folder.fonds(&["check"]).status, 0);
    }),
    case(37, "path that does not exist", || {
        named_fails(&Folder::new(), "missing.txt", "no such file or folder");
    }),
    case(38, "file that is written to while it is read", || {
        let folder = many(200);
        let growing = folder.path().join("d/100.txt");
        let child = folder.command(&["ingest", "d"]).stderr(Stdio::null()).spawn().unwrap();
        for _ in 0..50 {
            fs::write(&growing, b"Ferry 100 sails again.\n".repeat(60)).unwrap();
            fs::write(&growing, b"Ferry 100 sails.\n".repeat(50)).unwrap();
        }
        let status = child.wait_with_output().unwrap().status.code();
        assert!(matches!(status, Some(0 | 3)), "{status:?}");
        // What is stored under a digest is what has that digest.
        assert_eq!(folder.fonds(&["check"]).status, 0);
        let mixed = "SELECT count(*) FROM sighting JOIN paragraph USING (document_id)
             WHERE location LIKE '%/100.txt' AND text NOT LIKE 'Ferry 100 sails%'";
        assert_eq!(folder.rows(mixed), ["0"]);
    }),
    case(39, "file that goes away before it is opened", || {
        goes_away("d/last.txt", |path| fs::remove_file(path).unwrap());
    }),
    case(40, "folder that goes away while its neighbours are read", || {
        goes_away("d/last/", |path| fs::remove_dir_all(path).unwrap());
    }),
    case(41, "read error in the middle of a file", || {
        // Reading it gives an error of the disk, as far as a program can tell.
        named_fails(&Folder::new(), "/proc/self/mem", "input/output error");
    }),
    case(42, "input that hangs, such as a network that is gone", || {
        let folder = Folder::new();
        let mut command = folder.command(&["ingest", "-"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while !folder.path().join("fonds.db").exists() {
            assert!(begun.elapsed() < Duration::from_secs(30));
            std::thread::sleep(Duration::from_millis(20));
        }
        // The program listens for signals soon after.
        std::thread::sleep(Duration::from_secs(2));
        // Nothing comes, and nothing ends: the second signal ends the program.
        let id = child.id().to_string();
        let signal = || Command::new("kill").args(["-INT", &id]).status();
        while begun.elapsed() < Duration::from_secs(30) {
            let _may_be_gone = signal();
            std::thread::sleep(Duration::from_millis(200));
            if child.try_wait().unwrap().is_some() {
                break;
            }
        }
        assert_eq!(child.wait().unwrap().code(), Some(130));
        assert_eq!(folder.fonds(&["check"]).status, 0);
    }),
    case(43, "1,000 folders in each other", || {
        let folder = Folder::new();
        // Made step by step: the path is longer than a system call takes.
        let script = "mkdir d; cd d; for i in $(seq 1000); do mkdir x; cd -P x; done; echo 'At the bottom.' > a.txt";
        let made = Command::new("bash").args(["-c", script]).current_dir(folder.path()).status();
        assert!(made.unwrap().success());
        folder.fonds(&["ingest", "d"]).done();
        assert_eq!(folder.rows("SELECT text FROM paragraph"), ["At the bottom."]);
        assert_eq!(folder.fonds(&["check"]).status, 0);
        // Rust's own removal of a folder takes minutes for this one.
        let removed = Command::new("rm").args(["-rf", "d"]).current_dir(folder.path()).status();
        assert!(removed.unwrap().success());
    }),
    case(44, "100,000 files in one folder", || tiny(1_000)),
    case(45, "a million tiny files", || tiny(2_000)),
    case(46, "64 open files at most", || {
        let folder = many(300);
        let limited = format!("ulimit -n 64; exec {} ingest d", env!("CARGO_BIN_EXE_fonds"));
        let output =
            Command::new("bash").args(["-c", &limited]).current_dir(folder.path()).output();
        let words = String::from_utf8(output.unwrap().stdout).unwrap();
        assert!(words.starts_with("300 new, 0 known, 0 skipped, 0 failed"), "{words}");
        assert_eq!(folder.fonds(&["check"]).status, 0);
    }),
    case(47, "5 million paragraphs in one file", || {
        one("many.txt", "A ferry.\n\n".repeat(100_000), &Holds("A ferry."));
    }),
    case(48, "sparse file of a terabyte", || {
        let folder = with(|folder| {
            let file = File::create(folder.path().join("d/sparse.txt")).unwrap();
            file.set_len(1 << 40).unwrap();
        });
        judge(&folder, "sparse.txt", &Failed("--max-size"));
        // What has neither end nor size stops at the limit too.
        let mut endless = folder.command(&["ingest", "-", "--max-size", "1"]);
        endless.stdin(File::open("/dev/zero").unwrap());
        let output = endless.output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        judge(&folder, "sparse.txt", &Either);
    }),
];

const COUNTS: &str = "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM sighting)";

fn with(what: impl FnOnce(&Folder)) -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("d")).unwrap();
    what(&folder);
    folder
}

/// Files of fifty lines each.
fn many(count: usize) -> Folder {
    let folder = Folder::new();
    for number in 0..count {
        folder.write(&format!("d/{number:03}.txt"), format!("Ferry {number} sails.\n").repeat(50));
    }
    folder
}

fn tiny(count: usize) {
    let folder = Folder::new();
    for number in 0..count {
        folder.write(&format!("d/{number}.txt"), format!("{number}\n"));
    }
    let ran = folder.fonds(&["ingest", "d", "--no-originals"]);
    assert!(ran.stdout.starts_with(&format!("{count} new, 0 known")), "{ran:?}");
    let order = "SELECT group_concat(location) = (SELECT group_concat(location) FROM
             (SELECT location FROM ledger ORDER BY CAST(location AS BLOB)))
         FROM (SELECT location FROM ledger ORDER BY ordinal)";
    assert_eq!(folder.rows(order), ["1"], "in the order of their names");
    assert_eq!(folder.fonds(&["check"]).status, 0);
}

/// A path that the user names and that cannot be had fails, and the next one is stored.
fn named_fails(folder: &Folder, named: &str, reason: &str) {
    let number = folder.names().len();
    folder.write(&format!("good-{number}.txt"), format!("The ferry {number} sails.\n"));
    let ran = folder.fonds(&["ingest", named, &format!("good-{number}.txt")]);
    assert_eq!(ran.status, 3, "{named}: {ran:?}");
    assert!(ran.stdout.starts_with("1 new, 0 known, 0 skipped, 1 failed"), "{ran:?}");
    assert!(ran.stderr.contains(named) && ran.stderr.contains(reason), "{named}: {ran:?}");
    assert_eq!(folder.fonds(&["check"]).status, 0);
}

/// Removes a path that the run has not reached yet.
fn goes_away(name: &str, remove: fn(&std::path::Path)) {
    let folder = Folder::new();
    // More than a run reads ahead.
    for number in 0..3000 {
        folder.write(&format!("d/{number:04}.txt"), format!("{number}\n"));
    }
    let path = folder.path().join(name.trim_end_matches('/'));
    let inner = if name.ends_with('/') { path.join("a.txt") } else { path.clone() };
    fs::create_dir_all(inner.parent().unwrap()).unwrap();
    fs::write(&inner, "The last ferry.\n").unwrap();
    let mut command = folder.command(&["ingest", "d"]);
    let child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    // The folder has been listed when its first files are stored.
    let log = folder.path().join("fonds.db-wal");
    while log.metadata().map_or(0, |log| log.len()) < 200_000 {
        std::thread::sleep(Duration::from_millis(1));
    }
    remove(&path);
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{told}");
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(told.contains(&format!("/{name}: ")), "{told}");
    let counts = "SELECT outcome, count(*) FROM ledger GROUP BY 1 ORDER BY 1";
    assert_eq!(folder.rows(counts), ["failed|1", "stored|3000"]);
    assert_eq!(folder.fonds(&["check"]).status, 0);
}

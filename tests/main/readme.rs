//! The session in the README is run, and what it prints compared.

use crate::support::Folder;
use std::fs;

#[test]
fn the_session_of_the_readme_prints_what_the_readme_says() {
    // The session names the folder of samples as a clone has it.
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Folder::new();
    std::os::unix::fs::symlink(root.join("docs"), folder.path().join("docs")).unwrap();
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    // Documents are seen at absolute paths; the README says where a clone might be.
    let here = folder.path().to_str().unwrap();
    let session = readme.replace("/home/you/fonds", here);
    let mut compared = 0;
    for block in session.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for step in block.split("$ ").skip(1) {
            let (command, expected) = step.split_once('\n').unwrap();
            let printed = run(&folder, command);
            assert_eq!(printed.trim_end(), expected.trim_end(), "$ {command}");
            compared += 1;
        }
    }
    assert!(compared >= 5, "the README has a session");
}

/// What a shell prints for the command, `fonds` being the program under test.
fn run(folder: &Folder, command: &str) -> String {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_fonds"));
    let path =
        format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let output = std::process::Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(folder.path())
        .env("PATH", path)
        .env("COLUMNS", "100")
        .env_remove("FONDS_ARCHIVE")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

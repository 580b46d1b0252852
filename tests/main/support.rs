//! A folder of its own for each test, and the program run inside it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// An empty folder that is the working directory of every command a test runs.
pub(crate) struct Folder(TempDir);

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: i32,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, making the folders above it.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The program with these arguments, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fonds"));
        command.args(arguments).current_dir(self.path()).stdin(Stdio::null());
        command.env_remove("FONDS_ARCHIVE").env_remove("RUST_BACKTRACE").env("COLUMNS", "100");
        command
    }

    /// Runs the program. The folder's own name is written `DIR` in what it printed.
    pub(crate) fn fonds(&self, arguments: &[&str]) -> Ran {
        self.finish(self.command(arguments).output().unwrap())
    }

    /// Runs the program with this standard input.
    pub(crate) fn fonds_with_input(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that needs no input may be gone already.
        let _closed = child.stdin.take().unwrap().write_all(input);
        self.finish(child.wait_with_output().unwrap())
    }

    fn finish(&self, output: std::process::Output) -> Ran {
        let own = self.path().canonicalize().unwrap();
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            text.replace(own.to_str().unwrap(), "DIR").replace(self.path().to_str().unwrap(), "DIR")
        };
        Ran {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            status: output.status.code().unwrap_or(-1),
        }
    }

    /// The rows of a query as lines, cells joined by `|`.
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        let ran = self.fonds(&["query", "--format", "tsv", sql]);
        assert_eq!((ran.stderr.as_str(), ran.status), ("", 0), "{sql}");
        ran.stdout.lines().skip(1).map(|line| line.replace('\t', "|")).collect()
    }

    /// Names of everything in the folder itself, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The bytes of a file in the folder.
    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap()
    }
}

impl Ran {
    /// Asserts that the command was done without a word to standard error; returns what it printed.
    pub(crate) fn done(self) -> String {
        assert_eq!((self.stderr.as_str(), self.status), ("", 0), "{}", self.stdout);
        self.stdout
    }
}

/// The folder of sample documents that ships with the project.
pub(crate) fn samples() -> String {
    format!("{}/docs/samples", env!("CARGO_MANIFEST_DIR"))
}

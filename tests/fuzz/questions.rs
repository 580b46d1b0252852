//! What is typed by users as a target of mutations: words of a search, and statements for the guard.
//!
//! An archive is made once and opened once; a statement that panics costs the connection.

use super::Target;
use fonds::model::{Flow, Sink, Value};
use fonds::store::{Limits, Reader};
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The bytes of the archive are compared after so many statements; after each, its size and time.
const EACH: u64 = 500;

/// Searches and statements, over one archive of the samples.
pub(super) fn targets() -> [Target; 2] {
    let archive = Arc::new(Archive::new());
    let searched = Arc::clone(&archive);
    let words = [
        "ferry corridor",
        "\"amber corridor\" -grain",
        "ferr* OR 走廊",
        "渡轮何时启航？",
        "振兴 経済 полет 여객선 ガス",
    ];
    let words = words.iter().map(|words| words.as_bytes().to_vec()).collect();
    let search = Target::single("search", words, move |words| {
        searched.search(&String::from_utf8_lossy(words))
    });
    let query = Target::single("query", statements(), move |sql| {
        archive.query(&String::from_utf8_lossy(sql));
    });
    [search, query]
}

/// Statements of the list of attacks that end by themselves: bombs are for the test of their limits,
/// and what takes no notice of its deadline is ended by the program and not by the library.
fn statements() -> Vec<Vec<u8>> {
    let attacks = include_str!("../main/guard_attacks.tsv").lines().skip(1);
    let cells = attacks.flat_map(|line| line.split('\t')).filter(|cell| cell.contains(' '));
    let is_bomb = |cell: &str| cell.contains("RECURSIVE") || cell.contains("%.9000000c");
    let ours = cells.filter(|cell| cell.len() < 300 && !is_bomb(cell));
    ours.map(|cell| cell.as_bytes().to_vec()).collect()
}

struct Archive {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    made: Metadata,
    reader: Mutex<Option<Reader>>,
    asked: AtomicU64,
}

struct Nowhere;

impl Sink for Nowhere {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }
    fn row(&mut self, _: &[Value]) -> io::Result<Flow> {
        Ok(Flow::More)
    }
}

impl Archive {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fonds.db");
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/samples");
        super::packed::ingested(&path, vec![samples]);
        let (bytes, made) = (std::fs::read(&path).unwrap(), std::fs::metadata(&path).unwrap());
        Self { folder, bytes, made, reader: Mutex::new(None), asked: AtomicU64::new(0) }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("fonds.db")
    }

    fn select(&self, sql: &str, parameters: &[(String, Value)]) -> Result<(), String> {
        let limits = Limits { time: Some(Duration::from_millis(500)), memory: 0 };
        let held = self.reader.lock().unwrap().take();
        let reader = held.unwrap_or_else(|| Reader::open(&self.path(), &limits).unwrap());
        let outcome = reader.select(sql, parameters, Some(1000), &mut Nowhere);
        *self.reader.lock().unwrap() = Some(reader);
        outcome.map(|_| ()).map_err(|complaint| format!("{complaint:?}"))
    }

    /// Whatever is typed is a legal search.
    fn search(&self, words: &str) {
        let parameters = [("words".to_owned(), Value::Text(words.replace('\0', " ")))];
        let outcome = self.select("SELECT * FROM search(:words) LIMIT 5", &parameters);
        assert!(outcome.is_ok(), "{outcome:?}");
    }

    /// Whatever a query says, the archive stays what it was.
    fn query(&self, sql: &str) {
        let _refused = self.select(sql, &[]);
        let now = std::fs::metadata(self.path()).unwrap();
        assert_eq!(
            now.modified().unwrap(),
            self.made.modified().unwrap(),
            "the archive was written"
        );
        assert_eq!(now.len(), self.made.len(), "the archive has another size");
        if self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(EACH) {
            assert!(std::fs::read(self.path()).unwrap() == self.bytes, "the archive was changed");
        }
        assert_eq!(std::fs::read_dir(self.folder.path()).unwrap().count(), 1);
    }
}

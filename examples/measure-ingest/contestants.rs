//! Who is measured: how each makes an index of a folder and how it is asked, as its users would do it.

use super::usage::{self, Usage, words};
use super::{Folder, floor};
use anyhow::{Context, Result};
use serde_json::json;
use std::fmt::Display;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// One way to make an index of a folder.
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    /// The program that must be there; empty where it always is.
    pub(crate) program: &'static str,
    /// What makes the index at a path.
    load: fn(&Folder, &Path) -> Result<Usage>,
    /// How it is asked for ten hits; empty where it is not.
    pub(crate) question: fn(&Folder, &Path, &str) -> Vec<String>,
}

/// All of them, the floor first: the others are told as multiples of it.
pub(crate) const ALL: [Contestant; 9] = [
    Contestant {
        name: "floor: plain rows, SHA-256, FTS5",
        program: "",
        load: floor_load,
        question: floor_question,
    },
    Contestant {
        name: "fonds, without originals",
        program: "",
        load: fonds_lean,
        question: fonds_question,
    },
    Contestant {
        name: "fonds, with originals",
        program: "",
        load: fonds_whole,
        question: fonds_question,
    },
    Contestant {
        name: "tantivy, text stored (bench program)",
        program: "tantivy-bench",
        load: tantivy,
        question: tantivy_question,
    },
    Contestant {
        name: "sqlite-utils (one row a document)",
        program: "sqlite-utils",
        load: sqlite_utils,
        question: sqlite_utils_question,
    },
    Contestant {
        name: "DuckDB fts",
        program: "duckdb-python",
        load: duckdb,
        question: duckdb_question,
    },
    Contestant {
        name: "recollindex",
        program: "recollindex",
        load: recoll,
        question: recoll_question,
    },
    Contestant { name: "omindex (Xapian)", program: "omindex", load: omega, question: nothing },
    Contestant {
        name: "ripgrep (no index)",
        program: "rg",
        load: ripgrep,
        question: ripgrep_question,
    },
];

impl Contestant {
    pub(crate) fn is_here(&self, folder: &Folder) -> bool {
        self.program.is_empty() || folder.program(self.program).is_some()
    }

    /// Makes an index of the folder at a path where nothing is.
    pub(crate) fn load(&self, folder: &Folder, index: &Path) -> Result<Usage> {
        (self.load)(folder, index).with_context(|| format!("{} failed", self.name))
    }
}

/// The documents and paragraphs as JSON, for the programs that read tables: made beforehand, uncounted.
pub(crate) fn write_json(folder: &Folder) -> Result<()> {
    let mut documents = BufWriter::new(File::create(folder.work.join("documents.jsonl"))?);
    let mut paragraphs = BufWriter::new(File::create(folder.work.join("paragraphs.jsonl"))?);
    let mut id = 0;
    for (path, _) in floor::files(&folder.path)? {
        let bytes = fs::read(&path)?;
        let text = floor::text(&bytes);
        let path = path.to_string_lossy();
        writeln!(documents, "{}", json!({ "path": path, "text": text }))?;
        for text in floor::paragraphs(&text) {
            id += 1;
            writeln!(paragraphs, "{}", json!({ "id": id, "path": path, "text": text }))?;
        }
    }
    documents.flush()?;
    paragraphs.flush()?;
    Ok(())
}

/// The bytes of a file or of everything in a folder.
pub(crate) fn bytes(index: &Path) -> Result<u64> {
    if index.is_file() {
        return Ok(fs::metadata(index)?.len());
    }
    Ok(floor::files(index)?.iter().map(|(_, bytes)| bytes).sum())
}

/// A path as an argument.
fn shown(path: &Path) -> impl Display + '_ {
    path.display()
}

fn own() -> PathBuf {
    std::env::current_exe().unwrap_or_default()
}

fn nothing(_: &Folder, _: &Path, _: &str) -> Vec<String> {
    Vec::new()
}

fn floor_load(folder: &Folder, index: &Path) -> Result<Usage> {
    let own = own();
    usage::run(&words(&[&shown(&own), &"--floor", &shown(&folder.path), &shown(index)]), &[0])
}

fn floor_question(_: &Folder, index: &Path, word: &str) -> Vec<String> {
    words(&[&shown(&own()), &"--floor-search", &shown(index), &word])
}

fn fonds_lean(folder: &Folder, index: &Path) -> Result<Usage> {
    usage::run(&folder.ingest(index, &["--no-originals"]), &[0, 3])
}

fn fonds_whole(folder: &Folder, index: &Path) -> Result<Usage> {
    usage::run(&folder.ingest(index, &[]), &[0, 3])
}

fn fonds_question(folder: &Folder, index: &Path, word: &str) -> Vec<String> {
    words(&[&shown(&folder.fonds), &"--archive", &shown(index), &"search", &word, &"--limit", &10])
}

fn tantivy(folder: &Folder, index: &Path) -> Result<Usage> {
    let program = folder.program("tantivy-bench").unwrap_or_default();
    usage::run(&words(&[&shown(&program), &"index", &shown(&folder.path), &shown(index)]), &[0])
}

fn tantivy_question(folder: &Folder, index: &Path, word: &str) -> Vec<String> {
    let program = folder.program("tantivy-bench").unwrap_or_default();
    words(&[&shown(&program), &"search", &shown(index), &word])
}

fn sqlite_utils(folder: &Folder, index: &Path) -> Result<Usage> {
    let program = folder.program("sqlite-utils").unwrap_or_default();
    let documents = folder.work.join("documents.jsonl");
    let insert = usage::run(
        &words(&[
            &shown(&program),
            &"insert",
            &shown(index),
            &"document",
            &shown(&documents),
            &"--nl",
        ]),
        &[0],
    )?;
    let enable = words(&[&shown(&program), &"enable-fts", &shown(index), &"document", &"text"]);
    Ok(insert.then(usage::run(&enable, &[0])?))
}

fn sqlite_utils_question(folder: &Folder, index: &Path, word: &str) -> Vec<String> {
    let program = folder.program("sqlite-utils").unwrap_or_default();
    words(&[&shown(&program), &"search", &shown(index), &"document", &word, &"--limit", &10])
}

const DUCKDB_LOAD: &str = "
import duckdb, sys
c = duckdb.connect(sys.argv[1])
c.execute('SET threads = 1')
try:
    c.load_extension('fts')
except Exception:
    c.install_extension('fts')
    c.load_extension('fts')
c.execute('CREATE TABLE paragraph AS SELECT * FROM read_json(?, maximum_object_size = 100000000)', [sys.argv[2]])
c.execute(\"PRAGMA create_fts_index('paragraph', 'id', 'text', stemmer = 'none', stopwords = 'none')\")
c.close()";

const DUCKDB_SEARCH: &str = "
import duckdb, sys
c = duckdb.connect(sys.argv[1], read_only = True)
c.load_extension('fts')
print(c.execute('SELECT id, text, fts_main_paragraph.match_bm25(id, ?) AS s FROM paragraph '
    'WHERE s IS NOT NULL ORDER BY s DESC LIMIT 10', [sys.argv[2]]).fetchall())";

fn duckdb(folder: &Folder, index: &Path) -> Result<Usage> {
    let python = folder.program("duckdb-python").unwrap_or_default();
    let paragraphs = folder.work.join("paragraphs.jsonl");
    usage::run(
        &words(&[&shown(&python), &"-c", &DUCKDB_LOAD, &shown(index), &shown(&paragraphs)]),
        &[0],
    )
}

fn duckdb_question(folder: &Folder, index: &Path, word: &str) -> Vec<String> {
    let python = folder.program("duckdb-python").unwrap_or_default();
    words(&[&shown(&python), &"-c", &DUCKDB_SEARCH, &shown(index), &word])
}

fn recoll(folder: &Folder, index: &Path) -> Result<Usage> {
    fs::create_dir_all(index)?;
    let settings =
        format!("topdirs = {}\nidxflushmb = 200\nthrQSizes = -1 -1 -1\n", folder.path.display());
    fs::write(index.join("recoll.conf"), settings)?;
    let program = folder.program("recollindex").unwrap_or_default();
    usage::run(&words(&[&shown(&program), &"-c", &shown(index), &"-z"]), &[0])
}

fn recoll_question(folder: &Folder, index: &Path, word: &str) -> Vec<String> {
    let Some(program) = folder.program("recollq") else { return Vec::new() };
    words(&[&shown(&program), &"-c", &shown(index), &"-n", &10, &word])
}

fn omega(folder: &Folder, index: &Path) -> Result<Usage> {
    let program = folder.program("omindex").unwrap_or_default();
    usage::run(
        &words(&[
            &shown(&program),
            &"--db",
            &shown(index),
            &"--url",
            &"/",
            &"--mime-type=md:text/plain",
            &"--mime-type=rst:text/plain",
            &shown(&folder.path),
        ]),
        &[0],
    )
}

/// Nothing is made; there is only the search.
fn ripgrep(_: &Folder, index: &Path) -> Result<Usage> {
    fs::create_dir_all(index)?;
    Ok(Usage::default())
}

fn ripgrep_question(folder: &Folder, _: &Path, word: &str) -> Vec<String> {
    let program = folder.program("rg").unwrap_or_default();
    words(&[
        &shown(&program),
        &"--threads=1",
        &"--count",
        &"--ignore-case",
        &word,
        &shown(&folder.path),
    ])
}

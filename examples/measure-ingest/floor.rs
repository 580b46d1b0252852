//! The floor: the least that SQLite takes for the documents as rows, their paragraphs, and an FTS5 index
//! over them, with every setting at its best. It knows nothing of formats, copies or safety.

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

/// Scraps shorter than this, in bytes, are joined with what follows.
const SCRAP: usize = 250;

const TABLES: &str = "
    CREATE TABLE document (id INTEGER PRIMARY KEY, path TEXT, digest BLOB, bytes INTEGER);
    CREATE TABLE paragraph (id INTEGER PRIMARY KEY, document_id INTEGER, position INTEGER, text TEXT);
    CREATE VIRTUAL TABLE fts USING fts5 (text, content = 'paragraph', content_rowid = 'id');
    INSERT INTO fts (fts, rank) VALUES ('hashsize', 1048576), ('automerge', 0), ('crisismerge', 1999);";

/// Every file below the folder in the order of their names, with its size.
pub(crate) fn files(folder: &Path) -> Result<Vec<(PathBuf, u64)>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("cannot read the folder {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let metadata = fs::symlink_metadata(&path)?;
            if metadata.is_dir() {
                folders.push(path);
            } else if metadata.is_file() {
                found.push((path, metadata.len()));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A file's bytes as text: UTF-8, else as guessed.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut guess = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    guess.feed(bytes, true);
    guess.guess(None, chardetng::Utf8Detection::Allow).decode(bytes).0
}

/// What stands between blank lines, scraps joined.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut paragraph = String::new();
    for line in text.lines() {
        if !line.trim().is_empty() {
            paragraph.push_str(line);
            paragraph.push('\n');
        } else if paragraph.len() >= SCRAP {
            found.push(std::mem::take(&mut paragraph));
        }
    }
    if !paragraph.is_empty() {
        found.push(paragraph);
    }
    found
}

/// The hidden mode: loads a folder into a new file.
pub(crate) fn load(folder: &Path, archive: &Path) -> Result<()> {
    let connection = Connection::open(archive)?;
    connection.execute_batch(
        "PRAGMA page_size = 16384; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -64000;
         BEGIN;",
    )?;
    connection.execute_batch(TABLES)?;
    let mut document =
        connection.prepare("INSERT INTO document (path, digest, bytes) VALUES (?1, ?2, ?3)")?;
    let mut paragraph = connection
        .prepare("INSERT INTO paragraph (document_id, position, text) VALUES (?1, ?2, ?3)")?;
    for (path, _) in files(folder)? {
        let bytes = fs::read(&path)?;
        let digest = Sha256::digest(&bytes);
        let id = document.insert((path.to_string_lossy(), &digest[..], bytes.len() as i64))?;
        for (position, text) in (1_i64..).zip(paragraphs(&text(&bytes))) {
            paragraph.insert((id, position, text))?;
        }
    }
    connection.execute_batch(
        "INSERT INTO fts (rowid, text) SELECT id, text FROM paragraph;
         INSERT INTO fts (fts) VALUES ('optimize');
         COMMIT;",
    )?;
    Ok(())
}

/// The hidden mode: asks for ten hits, the way that is cheapest in plain SQLite.
#[allow(clippy::print_stdout, reason = "a search prints what it finds")]
pub(crate) fn search(archive: &Path, expression: &str) -> Result<()> {
    let connection = Connection::open_with_flags(archive, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut select = connection.prepare(
        "SELECT rowid, snippet(fts, 0, '', '', '…', 20) FROM fts WHERE fts MATCH ?1
         ORDER BY bm25(fts) LIMIT 10",
    )?;
    let mut rows = select.query([expression])?;
    while let Some(row) = rows.next()? {
        println!("{} {}", row.get::<_, i64>(0)?, row.get::<_, String>(1)?);
    }
    Ok(())
}

/// The hidden mode: names and sizes of all files below a folder, and nothing else.
#[allow(clippy::print_stdout, reason = "so that the walk cannot be left out")]
pub(crate) fn walk(folder: &Path) -> Result<()> {
    let files = files(folder)?;
    println!("{} {}", files.len(), files.iter().map(|(_, size)| size).sum::<u64>());
    Ok(())
}

/// Words to search for: about 5, 1 % and 30 % of the paragraphs have them.
pub(crate) fn words(archive: &Path) -> Result<[String; 3]> {
    let connection = Connection::open(archive)?;
    connection.execute_batch("CREATE VIRTUAL TABLE temp.word USING fts5vocab (main, fts, row)")?;
    let paragraphs: i64 =
        connection.query_row("SELECT count(*) FROM paragraph", [], |row| row.get(0))?;
    let near = |count: i64| {
        connection.query_row(
            "SELECT term FROM temp.word WHERE term NOT GLOB '*[^a-z]*' AND length(term) > 2
             ORDER BY abs(doc - ?1), term LIMIT 1",
            [count],
            |row| row.get::<_, String>(0),
        )
    };
    Ok([near(5)?, near(paragraphs / 100)?, near(paragraphs * 3 / 10)?])
}

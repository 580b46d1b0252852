//! Makes a tantivy index of a folder's paragraphs, their text stored, and asks it for ten hits. The
//! paragraphs are those of the floor in examples/measure-ingest; it hashes nothing.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{STORED, STRING, Schema, TEXT, Value};
use tantivy::{Index, IndexWriter, TantivyDocument, doc};

/// Scraps shorter than this, in bytes, are joined with what follows.
const SCRAP: usize = 250;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["index", folder, index] => load(Path::new(folder), Path::new(index)),
        ["search", index, words] => search(Path::new(index), words),
        _ => bail!("tantivy-bench index FOLDER INDEX, or tantivy-bench search INDEX WORDS"),
    }
}

fn load(folder: &Path, index: &Path) -> Result<()> {
    std::fs::create_dir_all(index)?;
    let mut schema = Schema::builder();
    let path = schema.add_text_field("path", STRING | STORED);
    let text = schema.add_text_field("text", TEXT | STORED);
    let index = Index::create_in_dir(index, schema.build())?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 256 << 20)?;
    for file in files(folder)? {
        let bytes = std::fs::read(&file)?;
        for paragraph in paragraphs(&decoded(&bytes)) {
            writer.add_document(doc!(path => file.to_string_lossy().as_ref(), text => paragraph))?;
        }
    }
    writer.commit()?;
    // One segment, as the others are left.
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.wait_merging_threads()?;
    Ok(())
}

fn search(index: &Path, words: &str) -> Result<()> {
    let index = Index::open_in_dir(index)?;
    let text = index.schema().get_field("text")?;
    let searcher = index.reader()?.searcher();
    let query = QueryParser::for_index(&index, vec![text]).parse_query(words)?;
    for (score, address) in searcher.search(&query, &TopDocs::with_limit(10).order_by_score())? {
        let document: TantivyDocument = searcher.doc(address)?;
        let shown = document.get_first(text).and_then(|value| value.as_str()).unwrap_or_default();
        println!("{score} {}", shown.lines().next().unwrap_or_default());
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let kind = std::fs::symlink_metadata(&path)?;
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut guess = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    guess.feed(bytes, true);
    guess.guess(None, chardetng::Utf8Detection::Allow).decode(bytes).0
}

fn paragraphs(text: &str) -> Vec<String> {
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

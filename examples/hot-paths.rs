//! Runs one hot path on made-up documents, for counting its instructions (`.ci/instructions`).
//!
//! `hot-paths STAGE ARCHIVE`: `none` only makes the documents, which every stage does, so its count is to
//! be taken from theirs. `make` fills the archive that `search` then reads. One thread, the same documents
//! each time, nothing printed but a number that keeps the work from being left out.

#![allow(clippy::print_stdout, reason = "so that the work cannot be left out")]

#[path = "../tests/random/mod.rs"]
mod random;
mod zipf;

use anyhow::{Context, Result, bail};
use fonds::compare::{self, Rarity, Reading};
use fonds::fingerprint::{self, Sketch};
use fonds::model::{Flow, Place, Sink, Value};
use fonds::store::{Archive, Arrival, Fate, Limits, NewDocument, Reader, Reading as Read, Text};
use fonds::text::normalize::fold_tight;
use fonds::text::segment::blocks;
use fonds::text::structure::{Declared, extract};
use std::io;
use std::path::Path;

/// How many documents every stage works on.
const DOCUMENTS: u64 = 300;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let stage = arguments.next().context("name a stage")?;
    let archive = arguments.next().context("name an archive")?;
    let documents: Vec<zipf::Document> = (0..DOCUMENTS).map(zipf::Document::numbered).collect();
    let done = match stage.as_str() {
        "none" => 0,
        "segment" => segment(&documents),
        "fold" => paragraphs(&documents).map(|text| fold_tight(text).len()).sum(),
        "sketch" => sketch(&documents),
        "words" => documents.iter().map(|one| reading(one).len()).sum(),
        "pair" => pairs(&documents),
        "make" => make(&documents, Path::new(&archive))?,
        "search" => search(&documents, Path::new(&archive))?,
        _ => bail!("there is no stage {stage}"),
    };
    println!("{done}");
    Ok(())
}

fn paragraphs(documents: &[zipf::Document]) -> impl Iterator<Item = &str> {
    documents.iter().flat_map(|one| &one.paragraphs).map(String::as_str)
}

fn segment(documents: &[zipf::Document]) -> usize {
    let count = |one: &zipf::Document| {
        let text = one.text();
        extract(&text, blocks(&text), &Declared::default()).paragraphs.len()
    };
    documents.iter().map(count).sum()
}

/// The paragraphs are taken for folded: folding has a stage of its own.
fn sketch(documents: &[zipf::Document]) -> usize {
    let sketch = |one: &zipf::Document| Sketch::of(one.paragraphs.iter().map(String::as_str));
    documents.iter().map(|one| usize::from(sketch(one).numbers()[0])).sum()
}

fn reading(one: &zipf::Document) -> Reading {
    Reading::of((1..).zip(&one.paragraphs).map(|(id, text)| (id, id, text.as_str())))
}

/// Every document against the next but nine, and every copy against the document before.
fn pairs(documents: &[zipf::Document]) -> usize {
    let readings: Vec<Reading> = documents.iter().map(reading).collect();
    let weights: Vec<Rarity> = readings.iter().map(Rarity::even).collect();
    let all = readings.iter().zip(&weights);
    let shared = |((left, l), (right, r)): ((&Reading, &Rarity), (&Reading, &Rarity))| {
        compare::measure(left, right, (l, r)).resemblance()
    };
    let sum: f64 =
        all.clone().zip(all.clone().skip(1)).chain(all.clone().zip(all)).map(shared).sum();
    sum as usize
}

/// Writes all documents in one batch.
fn make(documents: &[zipf::Document], path: &Path) -> Result<usize> {
    let arrivals: Vec<Arrival> =
        (1..).zip(documents).map(|(number, one)| arrival(number, one)).collect();
    let mut archive = Archive::open(path)?;
    let mut accession = archive.begin("2026-01-01T00:00:00Z", "{}")?;
    archive.write(&mut accession, "2026-01-01T00:00:00Z", &arrivals)?;
    archive.merge(&accession)?;
    archive.seal()?;
    Ok(accession.counts.stored as usize)
}

fn arrival(number: u32, one: &zipf::Document) -> Arrival {
    let text = one.text();
    let extract = extract(&text, blocks(&text), &Declared::default());
    let document = NewDocument {
        digest: fingerprint::digest(text.as_bytes()),
        bytes: text.len() as u64,
        media_type: "text/plain",
        file_name: format!("{number}.txt"),
        reading: Read::Text(Box::new(Text::new("plain", 1, extract))),
        original: None,
    };
    let place = Place { location: format!("/made/{number}.txt"), ..Place::default() };
    Arrival { place, fate: Fate::Document(Box::new(document)) }
}

/// Asks for the titles of thirty documents.
fn search(documents: &[zipf::Document], path: &Path) -> Result<usize> {
    const SEARCH: &str = "SELECT passage_id, snippet FROM search(:words) ORDER BY rank LIMIT 10";
    let reader = Reader::open(path, &Limits::default())?;
    let mut rows = Rows(0);
    for one in documents.iter().step_by(10) {
        let parameters = [("words".to_owned(), Value::Text(one.title.clone()))];
        let asked = reader.select(SEARCH, &parameters, None, &mut rows);
        asked.map_err(|complaint| anyhow::anyhow!("{}", complaint.describe(SEARCH)))?;
    }
    Ok(rows.0)
}

/// Counts rows.
struct Rows(usize);

impl Sink for Rows {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }

    fn row(&mut self, _: &[Value]) -> io::Result<Flow> {
        self.0 += 1;
        Ok(Flow::More)
    }
}

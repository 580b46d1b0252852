//! Measures how well the forms of one text agree: HTML, PDF, EPUB, plain text of one manual.
//!
//! The folder has a folder for each edition, and in it files of one name with different
//! extensions (`manual.html`, `manual.pdf`, `manual.txt.gz` …), three or more. For each form it prints how many of
//! its body paragraphs stand in some other form as a paragraph of the same normal text, and how
//! many stand anywhere in its text. Two paragraphs are alike where their letters and numbers are, web
//! addresses aside (`words`), or, more strictly, where their normal texts are (`normal`): the form by
//! which fonds itself tells the same text, with addresses and most punctuation; those that are missed
//! are counted by whether they hold a web address, which some copies mask and others print beside each
//! link. Nothing is stored; run it with
//! `cargo run --release --example evaluate-twins -- FOLDER [--misses | --misses-normal]`.

#![allow(clippy::print_stdout, reason = "an example reports on the standard output")]

use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use fonds::format::{self, Input, Options};
use fonds::model::{Extract, Kind};
use fonds::text::normal::normal;
use fonds::text::normalize::fold;

/// Shorter paragraphs are alike by chance, in folded characters.
const SHORTEST: usize = 30;

/// One file of an edition.
struct Form {
    name: String,
    /// Body paragraphs: as they are read, and the words alone of their folded text.
    body: Vec<(String, String)>,
    /// Every paragraph, the words alone.
    all: HashSet<String>,
    /// The normal text of every paragraph.
    normal: HashSet<String>,
    /// All paragraphs one after another, folded.
    whole: String,
}

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("give the folder with a folder an edition")?;
    let misses = std::env::args().any(|argument| argument == "--misses");
    let strict = std::env::args().any(|argument| argument == "--misses-normal");
    let mut editions: Vec<PathBuf> = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot read {folder}"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    editions.retain(|path| path.is_dir());
    editions.sort();
    for edition in editions {
        println!("{}", edition.display());
        for forms in twins(&edition)?.into_values().filter(|forms| forms.len() > 2) {
            report(&forms, misses || strict, strict);
        }
    }
    Ok(())
}

/// The forms of each text of an edition, by the name they share.
fn twins(edition: &Path) -> Result<BTreeMap<String, Vec<Form>>> {
    let mut twins: BTreeMap<String, Vec<Form>> = BTreeMap::new();
    for entry in std::fs::read_dir(edition)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let stem = name.split('.').next().unwrap_or_default().to_owned();
        let bytes = bytes_of(&path)?;
        let bare = name.strip_suffix(".gz").unwrap_or(&name);
        let input = Input { bytes: &bytes, name: bare, options: &Options::default() };
        match (format::of(bare, &bytes).read)(&input) {
            Ok(extract) => twins.entry(stem).or_default().push(Form::of(name, &extract)),
            Err(unreadable) => println!("  {name}: {unreadable}"),
        }
    }
    twins.values_mut().for_each(|forms| forms.sort_by(|a, b| a.name.cmp(&b.name)));
    Ok(twins)
}

fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if path.extension().is_none_or(|extension| extension != "gz") {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(&*bytes).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

impl Form {
    fn of(name: String, extract: &Extract) -> Self {
        let folded = |text: &str| words_alone(&fold(text));
        let is_body = |kind: Kind| matches!(kind, Kind::Body | Kind::Item | Kind::Note);
        let bodies = extract.paragraphs.iter().filter(|paragraph| is_body(paragraph.kind));
        let body: Vec<(String, String)> = bodies
            .map(|paragraph| (paragraph.text.clone(), folded(&paragraph.text)))
            .filter(|(_, folded)| folded.chars().count() >= SHORTEST)
            .collect();
        let all = extract.paragraphs.iter().map(|paragraph| folded(&paragraph.text));
        let all: Vec<String> = all.collect();
        let plain = extract.paragraphs.iter().map(|paragraph| normal(&paragraph.text));
        Self {
            name,
            body,
            whole: all.concat(),
            all: all.into_iter().collect(),
            normal: plain.collect(),
        }
    }
}

/// The letters and numbers of a folded text. Quotation and emphasis marks differ between forms by
/// custom, and web addresses are masked in some copies, so neither is compared.
fn words_alone(folded: &str) -> String {
    let in_address =
        |c: char| c.is_ascii_graphic() && !matches!(c, '(' | ')' | '"' | '\'' | ',' | ';');
    let mut words = String::with_capacity(folded.len());
    let mut rest = folded;
    while let Some(c) = rest.chars().next() {
        let end = if in_address(c) { rest.find(|c| !in_address(c)) } else { Some(c.len_utf8()) };
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        if !is_address(word) {
            words.extend(word.chars().filter(|c| c.is_alphanumeric()));
        }
        rest = after;
    }
    words
}

/// Whether a word is a web address or the name of a host: a point between letters.
fn is_address(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    word.contains("://")
        || word.split_once('.').is_some_and(|(before, after)| {
            before.len() > 1 && after.starts_with(|c: char| c.is_ascii_lowercase())
        })
}

fn report(forms: &[Form], misses: bool, strict: bool) {
    for form in forms {
        let others = || forms.iter().filter(|other| other.name != form.name);
        let same =
            form.body.iter().filter(|(_, folded)| others().any(|other| other.all.contains(folded)));
        let (same, all) = (same.count(), form.body.len());
        let is_normal = |text: &str| {
            let normal = normal(text);
            others().any(|other| other.normal.contains(&normal))
        };
        let missed: Vec<&str> =
            form.body.iter().map(|(text, _)| &**text).filter(|text| !is_normal(text)).collect();
        let linked = missed.iter().filter(|text| text.split_whitespace().any(is_address)).count();
        let found = all - missed.len();
        let is_in = |folded: &String| others().any(|other| other.whole.contains(folded));
        let (inside, outside): (Vec<_>, Vec<_>) =
            form.body.iter().partition(|(_, folded)| is_in(folded));
        println!(
            "  {}: {same} of {all} paragraphs are paragraphs of another form by words ({:.1} %), {found} by normal text ({:.1} %; {linked} of {} missed hold an address), {} stand in its text ({:.1} %)",
            form.name,
            percent(same, all),
            percent(found, all),
            missed.len(),
            inside.len(),
            percent(inside.len(), all),
        );
        for (text, folded) in form.body.iter().filter(|_| misses) {
            let is_missed = match strict {
                true => !is_normal(text),
                false => !others().any(|other| other.all.contains(folded)),
            };
            if is_missed {
                let kind = if outside.iter().any(|(miss, _)| miss == text) { "-" } else { "~" };
                println!("    {kind} {}", text.replace('\n', "⏎"));
            }
        }
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    part as f64 * 100.0 / whole.max(1) as f64
}

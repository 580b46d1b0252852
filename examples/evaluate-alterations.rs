//! Alters copies of documents in known ways, ingests all, and counts how many are found again.
//!
//! ```sh
//! cargo run --release --example evaluate-alterations -- FOLDER [--documents N] [--seed N] [--keep FOLDER]
//! ```
//!
//! The folder is ingested; of its stories N (200) are drawn that have between 1,500 and 60,000
//! characters and no relation to each other. From each one copy of every kind is made: reflowed,
//! shuffled, with a share of its words replaced, read by a poor scanner, cut to its half or to 30 % of
//! its middle, or wrapped in the parts of a web page. All go into a new archive. Recall is the share of
//! copies that stand in the story of their original or have a relation with a document of it; precision
//! the share of all pairs that are said to be of one story or to have a relation whose origin is the
//! same.

#![allow(clippy::print_stdout, reason = "a command of its own, which prints its figures")]

mod pairs;
#[path = "../tests/random/mod.rs"]
mod random;
mod shared;

use anyhow::{Context, Result, bail};
use fonds::model::Value;
use fonds::store::{Limits, Reader};
use pairs::rows;
use random::Random;
use shared::load;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const ORIGINALS: &str = "SELECT CAST(text.document_id AS TEXT), text.text FROM (
        SELECT document_id, group_concat(text, char(10) || char(10)) AS text
        FROM (SELECT document_id, text FROM paragraph WHERE NOT boilerplate
              ORDER BY document_id, position)
        GROUP BY document_id
    ) AS text
    JOIN document ON document.id = text.document_id
    WHERE document.id = document.cluster_id AND length(text.text) BETWEEN 1500 AND 60000
    ORDER BY document.digest";
const RELATED: &str = "SELECT left_id || ' ' || right_id, 1 FROM relation";
/// Places of documents of one story, or whose stories have a relation.
const NEAR: &str = "WITH near (one, other) AS (
        SELECT left_story.cluster_id, right_story.cluster_id FROM relation
        JOIN document AS left_story ON left_story.id = left_id
        JOIN document AS right_story ON right_story.id = right_id
        UNION SELECT id, id FROM cluster
    )
    SELECT a.location || char(9) || b.location, 1 FROM near
    JOIN document AS one ON one.cluster_id = near.one
    JOIN document AS other ON other.cluster_id = near.other
    JOIN sighting AS a ON a.document_id = one.id
    JOIN sighting AS b ON b.document_id = other.id AND b.id <> a.id";
/// Places of documents that are said to have something in common: of one story, or with a relation.
const SAID: &str = "WITH said (one, other) AS (
        SELECT left_id, right_id FROM relation
        UNION SELECT one.id, other.id FROM document AS one
        JOIN document AS other ON other.cluster_id = one.cluster_id AND other.id >= one.id
    )
    SELECT a.location || char(9) || b.location, 1 FROM said
    JOIN sighting AS a ON a.document_id = one
    JOIN sighting AS b ON b.document_id = other AND b.id <> a.id";

/// The kinds of copies, with the recall that is aimed at.
const KINDS: [(&str, f64); 11] = [
    ("reflowed", 0.95),
    ("shuffled", 0.95),
    ("edits-1", 0.95),
    ("edits-3", 0.95),
    ("edits-10", 0.95),
    ("noise-1", 0.95),
    ("noise-3", 0.95),
    ("half", 0.95),
    ("middle-30", 0.90),
    ("wrapped", 0.95),
    ("same", 0.95),
];

fn main() -> Result<()> {
    let (mut folder, mut keep) = (None, None);
    let (mut documents, mut seed) = (200usize, 1u64);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("{argument} wants a value"));
        match argument.as_str() {
            "--documents" => documents = value()?.parse()?,
            "--seed" => seed = value()?.parse()?,
            "--keep" => keep = Some(PathBuf::from(value()?)),
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let Some(folder) = folder else { bail!("name the folder of documents to alter") };
    let work = tempfile::tempdir()?;
    let work = keep.unwrap_or_else(|| work.path().to_owned());
    let mut random = Random(seed);
    let originals = originals(&folder, &work, documents, &mut random)?;
    let copies = work.join("copies");
    let words: Vec<&str> = originals.iter().flat_map(|text| text.split_whitespace()).collect();
    for (at, text) in originals.iter().enumerate() {
        let place = copies.join(at.to_string());
        fs::create_dir_all(&place)?;
        fs::write(place.join("original.txt"), text)?;
        for (kind, _) in KINDS {
            fs::write(place.join(format!("{kind}.txt")), altered(kind, text, &words, &mut random))?;
        }
    }
    report(&work, &copies, originals.len())
}

/// Counts what is found among the copies, and prints it.
fn report(work: &Path, copies: &Path, originals: usize) -> Result<()> {
    let archive = work.join("copies.db");
    load(&archive, vec![copies.to_owned()])?;
    let reader = Reader::open(&archive, &Limits::default())?;
    let (near, said) = (pairs(&reader, NEAR)?, pairs(&reader, SAID)?);
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for (left, right) in &near {
        for (one, other) in [(left, right), (right, left)] {
            if one.0 == other.0 && one.1 == "original" {
                *found.entry(other.1.as_str()).or_default() += 1;
            }
        }
    }
    println!("{originals} originals, {} copies of each", KINDS.len());
    println!("{:<10} {:>6} {:>6}", "kind", "recall", "aim");
    for (kind, aim) in KINDS {
        let recall = found.get(kind).copied().unwrap_or_default() as f64 / originals.max(1) as f64;
        println!("{kind:<10} {recall:>6.3} {aim:>6.2}");
    }
    let right = said.iter().filter(|(left, right)| left.0 == right.0).count();
    println!(
        "precision  {:>6.3}   0.98   ({right} of {} pairs are of one origin)",
        right as f64 / said.len().max(1) as f64,
        said.len()
    );
    Ok(())
}

/// A copy or original: which original it comes from, and its kind.
type Place = (String, String);

fn pairs(reader: &Reader, sql: &str) -> Result<BTreeSet<(Place, Place)>> {
    let mut pairs = BTreeSet::new();
    for (locations, _) in rows(reader, sql)? {
        if let Some((left, right)) = locations.split_once('\t')
            && let (Some(left), Some(right)) = (place(left), place(right))
        {
            pairs.insert((left.clone().min(right.clone()), left.max(right)));
        }
    }
    Ok(pairs)
}

/// The number of the original and the kind of the copy: `…/12/half.txt`.
fn place(location: &str) -> Option<Place> {
    let mut parts = location.rsplit('/');
    let kind = parts.next()?.strip_suffix(".txt")?.to_owned();
    Some((parts.next()?.to_owned(), kind))
}

/// Texts of the folder that have nothing to do with each other.
fn originals(folder: &Path, work: &Path, count: usize, random: &mut Random) -> Result<Vec<String>> {
    let archive = work.join("originals.db");
    load(&archive, vec![folder.to_owned()])?;
    let reader = Reader::open(&archive, &Limits::default())?;
    let mut texts: Vec<(i64, String)> = Vec::new();
    for (id, text) in rows(&reader, ORIGINALS)? {
        if let Value::Text(text) = text {
            texts.push((id.parse()?, text));
        }
    }
    let mut related: BTreeSet<(i64, i64)> = BTreeSet::new();
    for (pair, _) in rows(&reader, RELATED)? {
        if let Some((left, right)) = pair.split_once(' ') {
            let (left, right) = (left.parse()?, right.parse()?);
            related.extend([(left, right), (right, left)]);
        }
    }
    shuffle(random, &mut texts);
    let mut taken: Vec<(i64, String)> = Vec::new();
    for (id, text) in texts {
        if taken.len() < count && taken.iter().all(|(other, _)| !related.contains(&(*other, id))) {
            taken.push((id, text));
        }
    }
    if taken.is_empty() {
        bail!("{} has no document of 1,500 to 60,000 characters", folder.display());
    }
    Ok(taken.into_iter().map(|(_, text)| text).collect())
}

fn altered(kind: &str, text: &str, words: &[&str], random: &mut Random) -> String {
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    let count = text.chars().count();
    match kind {
        "reflowed" => reflowed(text),
        "shuffled" => {
            let mut paragraphs = paragraphs;
            shuffle(random, &mut paragraphs);
            paragraphs.join("\n\n")
        }
        "edits-1" => edited(text, words, 0.01, random),
        "edits-3" => edited(text, words, 0.03, random),
        "edits-10" => edited(text, words, 0.10, random),
        "noise-1" => misread(text, 0.01, random),
        "noise-3" => misread(text, 0.03, random),
        "half" => text.chars().take(count / 2).collect(),
        "middle-30" => text.chars().skip(count * 35 / 100).take(count * 30 / 100).collect(),
        "wrapped" => wrapped(text, random),
        _ => format!("{text}\n"),
    }
}

/// Lines of other widths, and every second paragraph joined with the next.
fn reflowed(text: &str) -> String {
    let mut out = String::new();
    for (at, paragraph) in text.split("\n\n").enumerate() {
        if at > 0 {
            out.push_str(if at % 2 == 0 { "\n\n" } else { "\n" });
        }
        let mut width = 0;
        for (at, word) in paragraph.split_whitespace().enumerate() {
            if at > 0 {
                out.push(if width > 52 { '\n' } else { ' ' });
                width = if width > 52 { 0 } else { width + 1 };
            }
            width += word.chars().count();
            out.push_str(word);
        }
    }
    out
}

/// A share of the words replaced, left out or doubled by others; where there are no spaces, of the
/// characters.
fn edited(text: &str, words: &[&str], share: f64, random: &mut Random) -> String {
    let has_spaces = text.split_whitespace().count() * 12 > text.chars().count();
    if !has_spaces {
        let letters: Vec<char> = text.chars().collect();
        return letters
            .iter()
            .map(|letter| match fraction(random) < share && letter.is_alphanumeric() {
                true => letters.get(random.below(letters.len())).copied().unwrap_or(*letter),
                false => *letter,
            })
            .collect();
    }
    let mut out = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        if fraction(random) >= share {
            out.push_str(word);
            continue;
        }
        let other = words.get(random.below(words.len())).copied().unwrap_or_default();
        match random.below(3) {
            0 => {}
            1 => out.extend([word, other, " "]),
            _ => out.extend([other, " "]),
        }
    }
    out
}

/// A share of the letters misread as others that look like them, lost, or taken for two.
fn misread(text: &str, share: f64, random: &mut Random) -> String {
    const ALIKE: &str = "ec cl1ilI1 rnnm uvvu hbbh oc0OO0 S55S B88B tf ft нп пн еєсе тш шт 日曰 末未 土士 己已 大太 千干 人入";
    let alike: Vec<Vec<char>> = ALIKE.split(' ').map(|group| group.chars().collect()).collect();
    let mut out = String::new();
    for letter in text.chars() {
        if fraction(random) >= share || !letter.is_alphanumeric() {
            out.push(letter);
            continue;
        }
        let group = alike.iter().find(|group| group.contains(&letter));
        match (random.below(4), group) {
            (0, _) => {}
            (1, _) => out.extend([letter, letter]),
            (_, Some(group)) => out.extend(group.get(random.below(group.len()))),
            (_, None) => out.push(if letter.is_ascii() { 'e' } else { '口' }),
        }
    }
    out
}

/// The text as a site prints it: a menu before, links and a notice after.
fn wrapped(text: &str, random: &mut Random) -> String {
    let site = random.below(40);
    let menu: String = (0..12).map(|at| format!("Section {} of site {site}\n\n", at * 7)).collect();
    let links: String = (0..12)
        .map(|_| format!("Read also: headline number {} of {site}\n\n", random.below(100_000)))
        .collect();
    format!(
        "Portal {site}\n\n{menu}{text}\n\n{links}Share this page. Subscribe to the letter of portal \
         {site}. All rights reserved, no part may be reproduced without permission.\n"
    )
}

/// A number from 0 to 1.
fn fraction(random: &mut Random) -> f64 {
    (random.next() >> 11) as f64 / (1u64 << 53) as f64
}

fn shuffle<T>(random: &mut Random, things: &mut [T]) {
    for at in (1..things.len()).rev() {
        things.swap(at, random.below(at + 1));
    }
}

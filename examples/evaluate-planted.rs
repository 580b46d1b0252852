//! Plants copies, quotations and a template beside five documents, and tells whether each is found as what
//! it is, in any order of ingests.
//!
//! ```sh
//! cargo run --release --example evaluate-planted -- FOLDER [--orders 20]
//! ```
//!
//! The first five files of FOLDER that end in .txt are the documents. Planted are: the bytes of the second;
//! the second with other quotation marks and line ends; the fifth between a site's masthead and footer; the
//! first with 2 % of its letters misread; a bulletin with the third whole and 22 blocks of the second; a
//! note that quotes the longest paragraph of the fifth, another that quotes one sentence of the fourth;
//! and four stories of one template. They are ingested together, and then one by one in so many random
//! orders; relations, stories and boilerplate must be the same each time. Ends with status 1 where
//! something is not as it should be.

#![allow(
    clippy::print_stdout,
    clippy::exit,
    reason = "a command of its own, which prints its figures"
)]

#[path = "shared/altered.rs"]
mod altered;
#[path = "../tests/random/mod.rs"]
mod random;
mod shared;

use altered::{misread, requoted, wrapped};
use anyhow::{Context, Result, bail};
use fonds::model::{Flow, Sink, Value};
use fonds::store::{Limits, Reader};
use random::Random;
use shared::load;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What must be found: two files, and what they may be to each other.
const EXPECTED: [(&str, &str, &[&str]); 8] = [
    ("2.txt", "requoted.txt", &["same text"]),
    ("5.txt", "site.txt", &["near copy", "version", "contains"]),
    ("1.txt", "scan.txt", &["near copy"]),
    ("3.txt", "bulletin.txt", &["contains"]),
    ("2.txt", "bulletin.txt", &["excerpt", "contains"]),
    ("5.txt", "note-paragraph.txt", &["excerpt"]),
    ("4.txt", "note-sentence.txt", &["excerpt"]),
    ("2.txt", "mirror.txt", &["same document"]),
];

/// Relations with the documents' first names, as text, where a part of a story is a part of every document
/// that tells it; stories; boilerplate that was learnt.
const FOUND: [&str; 3] = [
    "WITH name AS (
         SELECT document_id, cluster_id,
             min(replace(location, rtrim(location, replace(location, '/', '')), '')) AS name
         FROM sighting JOIN document ON document.id = document_id GROUP BY document_id
     )
     SELECT DISTINCT kind || '|' || min(one.name, other.name) || '|' || max(one.name, other.name)
     FROM relation JOIN name AS left_name ON left_name.document_id = left_id
     JOIN name AS right_name ON right_name.document_id = right_id
     JOIN name AS one ON one.cluster_id = left_name.cluster_id
     JOIN name AS other ON other.cluster_id = right_name.cluster_id
     WHERE kind IN ('contains', 'excerpt')
         OR one.document_id = left_id AND other.document_id = right_id
     ORDER BY 1",
    "SELECT group_concat(digest, ' ') FROM (SELECT digest, cluster_id FROM document ORDER BY digest)
     GROUP BY cluster_id ORDER BY 1",
    "SELECT DISTINCT text FROM paragraph WHERE boilerplate AND kind <> 'boilerplate' ORDER BY 1",
];

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, orders) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [folder] => (folder, 20),
        [folder, "--orders", orders] => {
            (folder, orders.parse().context("--orders wants a number")?)
        }
        _ => bail!("name a folder with five documents"),
    };
    let work = tempfile::tempdir()?;
    let mut paths = plant(Path::new(folder), &work.path().join("planted"))?;
    let together = found(&work.path().join("together.db"), std::slice::from_ref(&paths))?;
    let mut is_right = report(&together);
    let mut random = Random(7);
    let mut same = 0;
    for order in 0..orders {
        for at in (1..paths.len()).rev() {
            paths.swap(at, (random.next() % (at as u64 + 1)) as usize);
        }
        let one_by_one: Vec<Vec<PathBuf>> = paths.iter().map(|path| vec![path.clone()]).collect();
        let apart = found(&work.path().join(format!("{order}.db")), &one_by_one)?;
        same += usize::from(apart == together);
    }
    println!("{same} of {orders} random orders, one file at a time, give the same");
    is_right &= same == orders;
    std::process::exit(i32::from(!is_right));
}

/// Tells of each expected relation whether it is there, of the rest that there is none.
fn report(found: &[Vec<String>]) -> bool {
    let [relations, _, boilerplate] = found else { return false };
    let mut right = 0;
    for (one, other, kinds) in EXPECTED {
        let told = relations.iter().find_map(|relation| {
            let (kind, pair) = relation.split_once('|')?;
            (pair == format!("{one}|{other}")).then_some(kind)
        });
        // A file with the bytes of another is another place of one document, and has no relation to it.
        let told = told.or((kinds == ["same document"]).then_some("same document"));
        let is_right = told.is_some_and(|kind| kinds.contains(&kind));
        right += usize::from(is_right);
        println!("{:<9} {one} and {other}: {}", mark(is_right), told.unwrap_or("nothing"));
    }
    let between = |relation: &&String| relation.matches("wire-").count() == 2;
    let called: Vec<&String> = relations.iter().filter(between).collect();
    let quoted = boilerplate.iter().filter(|text| text.len() > 300).count();
    println!(
        "{:<9} of 6 pairs of one template {} are called copies",
        mark(called.is_empty()),
        called.len()
    );
    println!("{:<9} {quoted} quoted paragraphs are called boilerplate", mark(quoted == 0));
    for text in boilerplate {
        println!("          boilerplate: {text:.70}");
    }
    right == EXPECTED.len() && called.is_empty() && quoted == 0
}

fn mark(is_right: bool) -> &'static str {
    if is_right { "right" } else { "WRONG" }
}

/// Ingests the paths group by group, and gives what is found then.
fn found(archive: &Path, groups: &[Vec<PathBuf>]) -> Result<Vec<Vec<String>>> {
    for paths in groups {
        load(archive, paths.clone())?;
    }
    let reader = Reader::open(archive, &Limits::default())?;
    FOUND.iter().map(|sql| lines(&reader, sql)).collect()
}

fn lines(reader: &Reader, sql: &str) -> Result<Vec<String>> {
    let mut found = Lines::default();
    let asked = reader.select(sql, &[], None, &mut found);
    asked.map_err(|complaint| anyhow::anyhow!("{}", complaint.describe(sql)))?;
    Ok(found.0)
}

#[derive(Default)]
struct Lines(Vec<String>);

impl Sink for Lines {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        if let [Value::Text(text)] = cells {
            self.0.push(text.clone());
        }
        Ok(Flow::More)
    }
}

/// Writes the documents and what is planted beside them; gives the paths.
fn plant(folder: &Path, into: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|name| name == "txt"));
    paths.sort();
    let texts: Vec<String> =
        paths.iter().take(5).map(fs::read_to_string).collect::<io::Result<_>>()?;
    let [first, second, third, fourth, fifth] = texts.as_slice() else {
        bail!("{} has fewer than five files that end in .txt", folder.display())
    };
    let mut files: Vec<(String, String)> =
        (1..).zip(&texts).map(|(number, text)| (format!("{number}.txt"), text.clone())).collect();
    let longest = fifth.lines().max_by_key(|line| line.len()).unwrap_or_default();
    let sentence =
        fourth.split(". ").max_by_key(|sentence| sentence.len().min(250)).unwrap_or_default();
    let blocks: Vec<&str> =
        second.lines().filter(|line| !line.trim().is_empty()).take(22).collect();
    let mut add = |name: &str, text: String| files.push((name.to_owned(), text));
    add("mirror.txt", second.clone());
    add("requoted.txt", requoted(second));
    add("site.txt", wrapped(fifth));
    add("scan.txt", misread(first, 7));
    add("bulletin.txt", bulletin(third, &blocks));
    add("note-paragraph.txt", note("paragraph", longest));
    add("note-sentence.txt", note("sentence", &format!("\u{201c}{sentence}.\u{201d}")));
    for (number, facts) in [
        ("Sannoe opened a rail terminal", "12 million"),
        ("Usun moved its ferry pier", "8 million"),
        ("Orlov closed one car works", "230 million"),
        ("Kida bought the cold store", "31 million"),
    ]
    .into_iter()
    .enumerate()
    {
        add(&format!("wire-{number}.txt"), wire(facts));
    }
    fs::create_dir_all(into)?;
    let write = |(name, text): (String, String)| {
        let path = into.join(name);
        fs::write(&path, text)?;
        Ok(path)
    };
    files.into_iter().map(write).collect()
}

fn bulletin(whole: &str, blocks: &[&str]) -> String {
    let news: String = (0..40)
        .map(|at| {
            let word = |by: usize| format!("{:x}", (at * 7919 + by * 104_729 + 17) % 1_000_003);
            format!("Port {} paid {} for {} before {}.\n\n", word(1), word(2), word(3), word(4))
        })
        .collect();
    format!("Bulletin of the reading room\n\n{news}{whole}\n\n{}\n", blocks.join("\n\n"))
}

fn note(what: &str, quoted: &str) -> String {
    format!(
        "Notes for the {what} seminar\n\nI found this in what we were given to read last week:\n\n{quoted}\n\n\
         Who counted, and when? To be asked at the next meeting of the {what} seminar.\n"
    )
}

fn wire((what, cost): (&str, &str)) -> String {
    format!(
        "NORTHERN WIRE\n\n{what} on Monday, officials said, at a cost of {cost} crowns.\n\n\
         The Northern Wire gathers reports from official sources. It does not warrant that they are \
         complete or correct. Readers who rely on them do so at their own risk.\n\nTo subscribe or to \
         cancel write to the desk. Reproduction without permission is prohibited. All times are local.\n"
    )
}

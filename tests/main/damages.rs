//! Random damage done to an archive, and whether `repair` puts it back or names what is lost.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a trial must not go on")]

use crate::random::Random;
use fonds::audit::{self, Means};
use fonds::ingest::{Allowance, Isolation, Readers};
use fonds::store::{Archive, Sought};
use fonds::{dedup, ingest};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What became of one damaged archive.
#[derive(Debug)]
#[allow(dead_code, reason = "told when the trial failed")]
pub(crate) struct Trial {
    /// What was done to the file.
    pub(crate) damage: String,
    pub(crate) verdict: Verdict,
    /// What differs from the sound archive and was not told, the first five.
    pub(crate) differences: Vec<String>,
    /// What the repair said is lost.
    pub(crate) told: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// Everything users can read is as it was, and nothing was said to be lost.
    Restored,
    /// Everything is as it was, but a part of it could not be proved.
    Unproved,
    /// Something is lost, and all of it is named.
    Named,
    /// Nothing of an archive was left to read.
    Refused,
    /// Something is lost that is not named, or the repair failed.
    Wrong,
}

impl Verdict {
    #[allow(dead_code, reason = "for the example")]
    pub(crate) fn word(self) -> &'static str {
        match self {
            Verdict::Restored => "restored whole",
            Verdict::Unproved => "whole, with a part that could not be proved and was named",
            Verdict::Named => "lost something, and named it",
            Verdict::Refused => "refused: nothing of an archive was left",
            Verdict::Wrong => "WRONG",
        }
    }
}

/// Damages the archive so many times, drawn from the seed, and repairs each.
pub(crate) fn run(folder: &Path, archive: &[u8], trials: u64, seed: u64) -> Vec<Trial> {
    let name = |what: &str| folder.join(format!("{what}-{seed}.db"));
    let (damaged, repaired) = (name("damaged"), name("repaired"));
    std::fs::write(&damaged, archive).unwrap();
    let sound = content(&damaged);
    let mut random = Random(seed);
    (0..trials)
        .map(|_| {
            let (damage, bytes) = damaged_by(&mut random, archive);
            std::fs::write(&damaged, &bytes).unwrap();
            let _none = std::fs::remove_file(&repaired);
            let trial = judge(&damaged, &repaired, &sound, damage);
            assert!(std::fs::read(&damaged).unwrap() == bytes, "the damaged file was written to");
            trial
        })
        .collect()
}

/// One kind of damage that disks, copies and people do.
fn damaged_by(random: &mut Random, archive: &[u8]) -> (String, Vec<u8>) {
    const PAGE: usize = 16384;
    let mut bytes = archive.to_vec();
    let pages = archive.len() / PAGE;
    let mut below = |most: usize| (random.next() % most as u64) as usize;
    let kind = below(8);
    let (page, other, at) = (below(pages), below(pages), below(archive.len()));
    let mut noise = |from: usize, count: usize, bytes: &mut [u8]| {
        for byte in bytes.iter_mut().skip(from).take(count) {
            *byte = below(256) as u8;
        }
    };
    let damage = match kind {
        0 | 1 => {
            bytes[at] ^= 1 << (page % 8);
            format!("a bit of byte {at} flipped")
        }
        2 => {
            noise(at, 32, &mut bytes);
            format!("32 bytes of noise at {at}")
        }
        3 => {
            let sector = at / 512 * 512;
            bytes[sector..sector + 512].fill(0);
            format!("the sector at {sector} zeroed")
        }
        4 => {
            bytes[page * PAGE..(page + 1) * PAGE].fill(0);
            format!("page {} zeroed", page + 1)
        }
        5 => {
            noise(page * PAGE, PAGE, &mut bytes);
            format!("page {} overwritten with noise", page + 1)
        }
        6 => {
            bytes.truncate(at);
            format!("truncated to {at} bytes")
        }
        _ => {
            let copy = bytes[other * PAGE..(other + 1) * PAGE].to_vec();
            bytes[page * PAGE..(page + 1) * PAGE].copy_from_slice(&copy);
            format!("page {} written over page {}", other + 1, page + 1)
        }
    };
    (damage, bytes)
}

fn judge(damaged: &Path, repaired: &Path, sound: &Content, damage: String) -> Trial {
    let relate = |path: &Path| {
        let mut archive = Archive::open(path)?;
        dedup::settle(&mut archive, &mut |_, _| {})?;
        archive.seal()
    };
    let readers = Readers::new(Isolation::Thread, Allowance::default());
    let reread = |sought: &Sought, bytes: &[u8]| ingest::reread(&readers, sought, bytes);
    let means = Means { reread: &reread, relate: &relate };
    let mended = match audit::repair(damaged, repaired, &means, &|_, _, _| {}) {
        Ok(mended) => mended,
        Err(error) => {
            let message = format!("{error:#}");
            let is_nothing = message.contains("nothing of an archive can be read");
            let verdict = if is_nothing { Verdict::Refused } else { Verdict::Wrong };
            return Trial { damage, verdict, differences: vec![message], told: Vec::new() };
        }
    };
    let documents = mended.losses.documents.iter();
    let named: BTreeSet<String> =
        documents.clone().filter_map(|(name, _)| name.digest.clone()).collect();
    let described = documents.map(|(name, what)| format!("{:?}: {what}", name.location));
    let told: Vec<String> = described.chain(mended.losses.others.iter().cloned()).collect();
    let now = content(repaired);
    let keys: BTreeSet<&Key> = sound.keys().chain(now.keys()).collect();
    let differing: Vec<&Key> =
        keys.into_iter().filter(|key| sound.get(*key) != now.get(*key)).collect();
    let others = mended.losses.others.join("\n");
    let is_told = |(table, document): &Key| match (document, *table) {
        // A copy that was lost makes its representative another.
        (_, "relation") => !told.is_empty(),
        (_, "sighting") => others.contains(" was seen ") || others.contains(" places, "),
        (Some(document), _) => {
            let is_gone = !now.contains_key(&("document", Some(document.clone())));
            named.contains(document)
                || document.starts_with("lost ")
                || (is_gone && others.contains(" documents, "))
        }
        (None, "ledger") => others.contains("paths") || others.contains(" was seen "),
        (None, "accession") => others.contains("accession"),
        (None, "decision") => others.contains("decision"),
        (None, "ruling") => others.contains("ruling"),
        (None, "saved_search") => others.contains("saved search"),
        (None, _) => others.contains("earlier check") || others.contains("fixity"),
    };
    let is_all_told = differing.iter().all(|key| is_told(key));
    let verdict = match (differing.is_empty(), told.is_empty(), is_all_told) {
        (true, true, _) => Verdict::Restored,
        (true, false, _) => Verdict::Unproved,
        (false, _, true) => Verdict::Named,
        _ => Verdict::Wrong,
    };
    let untold = differing.iter().filter(|key| !is_told(key));
    let differences = untold.take(5).map(|key| {
        let short = |content: &Content| {
            let rows = content.get(*key).cloned().unwrap_or_default();
            let other = if std::ptr::eq(content, sound) { &now } else { sound };
            let same = other.get(*key).cloned().unwrap_or_default();
            let own = rows.iter().filter(|row| !same.contains(row)).take(1);
            own.map(|row| row.chars().take(160).collect::<String>()).collect::<String>()
        };
        format!("{key:?}: {} -> {}", short(sound), short(&now))
    });
    Trial { damage, verdict, differences: differences.collect(), told }
}

/// A table, and the document by its digest where a row is one document's.
type Key = (&'static str, Option<String>);

/// What users can read, without the numbers that rows have.
type Content = BTreeMap<Key, Vec<String>>;

const READ: [(&str, &str); 13] = [
    (
        "document",
        "SELECT digest, label, title, creator, date, language, media_type, bytes, characters,
             paragraphs, hex(text_digest), hex(normal_digest) FROM document",
    ),
    (
        "metadata",
        "SELECT digest, name, ordinal, value, method, evidence
         FROM metadata JOIN document ON document.id = document_id ORDER BY 1, 2, 3",
    ),
    (
        "paragraph",
        "SELECT digest, position, paragraph.kind, depth, section, text, paragraph.language, address,
             start, end, page
         FROM paragraph JOIN document ON document.id = document_id ORDER BY 1, 2",
    ),
    (
        "placement",
        "SELECT document.digest, position, boilerplate
         FROM placement JOIN document ON document.id = document_id ORDER BY 1, 2",
    ),
    (
        "ruling",
        "SELECT NULL, hex(passage_text.digest), boilerplate, decided_at, author, reason
         FROM ruling JOIN passage_text ON passage_text.id = passage_id ORDER BY ruling.id",
    ),
    (
        "original",
        "SELECT substr(name, 1, 64), name, mode, mtime, sz, hex(data) FROM sqlar ORDER BY name",
    ),
    (
        "sighting",
        "SELECT digest, location, raw_location, container, modified_at, first_seen_at, last_seen_at
         FROM sighting JOIN document ON document.id = document_id ORDER BY 1, 2",
    ),
    (
        "relation",
        "SELECT one.digest, other.digest, relation.kind, round(resemblance, 9), rule FROM relation
         JOIN document AS one ON one.id = left_id JOIN document AS other ON other.id = right_id
         ORDER BY 1, 2",
    ),
    (
        "ledger",
        "SELECT NULL, accession_id, ordinal, location, outcome, reason FROM ledger ORDER BY 2, 3",
    ),
    (
        "accession",
        "SELECT NULL, id, started_at, finished_at, state, tool, options, stored, known, skipped,
             failed, containers, sightings
         FROM accession WHERE options NOT LIKE '{\"repaired\":%' ORDER BY id",
    ),
    (
        "decision",
        "SELECT NULL, one.digest, other.digest, kind, decided_at, author, reason FROM decision
         JOIN document AS one ON one.id = left_id JOIN document AS other ON other.id = right_id
         ORDER BY decision.id",
    ),
    (
        "fixity",
        "SELECT NULL, checked_at, tool, scope, outcome, documents, findings FROM fixity ORDER BY id",
    ),
    (
        "saved_search",
        "SELECT NULL, name, parameters, saved_at, last_run_at, last_document
         FROM saved_search ORDER BY name",
    ),
];

fn content(path: &Path) -> Content {
    let connection = Connection::open(path).unwrap();
    let mut content = Content::new();
    for (table, sql) in READ {
        let mut select = connection.prepare(sql).unwrap();
        let columns = select.column_count();
        let mut rows = select.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells = (1..columns).map(|at| match row.get_ref(at).unwrap() {
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                other => format!("{other:?}"),
            });
            let line = cells.collect::<Vec<_>>().join("|");
            content.entry((table, row.get(0).unwrap())).or_default().push(line);
        }
    }
    content
}

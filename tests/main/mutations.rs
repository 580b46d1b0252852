//! Mutated inputs for everything that reads other people's bytes, and whether one panics or hangs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a trial must not go on")]

use crate::packed;
use crate::program::program;
use crate::random::Random;
use crate::seeds::{Parts, parts_of, small, zip_of};
use fonds::format::{FORMATS, Format, Input, Options};
use fonds::model::{Flow, Sink, Value};
use fonds::store::{Limits, Reader};
use fonds::text::codec::Codec;
use fonds::text::{decode, normalize, printable, segment, spacing, words};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread::Builder;
use std::time::{Duration, Instant};

/// Something that takes bytes from others.
pub(crate) struct Target {
    pub(crate) name: String,
    seeds: Vec<Seed>,
    take: Arc<Take>,
}

/// What a mutation begins with; of a zip file its parts, as a compressed one is only ever broken.
struct Seed {
    whole: Vec<u8>,
    parts: Option<Parts>,
}

impl Target {
    pub(crate) fn new(name: &str, seeds: Vec<Vec<u8>>, take: Arc<Take>) -> Self {
        let seed = |whole: Vec<u8>| Seed { parts: parts_of(&whole), whole };
        Self { name: name.to_owned(), seeds: seeds.into_iter().map(seed).collect(), take }
    }
}

pub(crate) type Take = dyn Fn(&[u8]) + Send + Sync;

/// An input that it did not stand.
pub(crate) struct Found {
    pub(crate) input: Vec<u8>,
    pub(crate) what: String,
    is_endless: bool,
}

/// Longer than any reader may take for an input of a few kilobytes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Pieces that mean something to one reader or another.
const PIECES: [&[u8]; 48] = [
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    "\u{feff}".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{301}".as_bytes(),
    "路".as_bytes(),
    "가".as_bytes(),
    "ﷺ".as_bytes(),
    "\u{ad}".as_bytes(),
    b"-\n",
    b"\r",
    b"\x0c",
    b"\x1b[2J",
    b"\n\n",
    b"<",
    b">",
    b"<div>",
    b"</p>",
    b"<!--",
    b"]]>",
    b"&#x110000;",
    b"&amp",
    b"<table><tr><td>",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\u",
    b"\\ud800",
    b"{\\rtf1",
    b"\\'",
    b"\\bin99999",
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"%PDF-",
    b" obj",
    b"stream\n",
    b"=?utf-8?B?",
    b"boundary=",
    b"-->",
    b"00:00:01,000 --> 00:00:02,000",
    b"99999999999999999999",
    b"-1",
    b"'",
    b"UNION SELECT",
];

/// Every target with its seeds; files of the folder are seeds of the readers they are for.
pub(crate) fn targets(folder: Option<&Path>) -> Vec<Target> {
    let mut targets: Vec<Target> = FORMATS.iter().map(|format| of_format(format, folder)).collect();
    let texts: Vec<Vec<u8>> = samples().into_iter().map(|(_, bytes)| bytes).collect();
    targets.push(Target::new("texts", texts.clone(), Arc::new(texts_of)));
    targets.extend(packed::targets());
    let archive = Arc::new(archive());
    let searched = Arc::clone(&archive);
    let words = ["ferry corridor", "\"amber corridor\" -grain", "ferr* OR 走廊", "渡轮何时启航？"];
    targets.push(Target::new(
        "search",
        words.iter().map(|words| words.as_bytes().to_vec()).collect(),
        Arc::new(move |bytes| searched.search(&String::from_utf8_lossy(bytes))),
    ));
    let attacks = include_str!("guard_attacks.tsv").lines().skip(1);
    let statements = attacks.flat_map(|line| line.split('\t')).filter(|cell| cell.contains(' '));
    // Bombs are for the test of their limits; what takes no notice of its deadline is ended by the
    // program and not by the library.
    let is_bomb = |cell: &str| cell.contains("RECURSIVE") || cell.contains("%.9000000c");
    let statements = statements.filter(|cell| cell.len() < 300 && !is_bomb(cell));
    targets.push(Target::new(
        "query",
        statements.map(|cell| cell.as_bytes().to_vec()).collect(),
        Arc::new(move |bytes| archive.query(&String::from_utf8_lossy(bytes))),
    ));
    targets
}

/// Runs a target on so many inputs, or until the time is up; returns those that it did not stand, and
/// how many it was given. After three that do not end it goes no further: each keeps a core busy.
pub(crate) fn run(
    target: &Target,
    seed: u64,
    runs: u64,
    until: Option<Instant>,
) -> (Vec<Found>, u64) {
    let mut random = Random(seed);
    let mut found: Vec<Found> = Vec::new();
    for done in 0..runs {
        let endless = found.iter().filter(|found| found.is_endless).count();
        if endless == 3 || until.is_some_and(|until| Instant::now() > until) {
            return (found, done);
        }
        let input = mutated(&target.seeds, &mut random);
        // A reader that does not end is left behind on its thread.
        let (take, bytes) = (Arc::clone(&target.take), input.clone());
        let (done, ended) = channel();
        Builder::new()
            .stack_size(64 << 20)
            .spawn(move || {
                let outcome = catch_unwind(AssertUnwindSafe(|| take(&bytes)));
                let _late = done.send(outcome);
            })
            .unwrap();
        let ended = ended.recv_timeout(PATIENCE);
        let is_endless = ended.is_err();
        let what = match ended {
            Ok(Err(panic)) => {
                let words = panic.downcast_ref::<String>().cloned();
                let words = words.or_else(|| panic.downcast_ref::<&str>().map(|&s| s.to_owned()));
                format!("panicked: {}", words.unwrap_or_default())
            }
            Err(_) => format!("did not end within {PATIENCE:?}"),
            Ok(Ok(())) => continue,
        };
        found.push(Found { input, what, is_endless });
    }
    (found, runs)
}

fn of_format(format: &'static Format, folder: Option<&Path>) -> Target {
    let fits = |name: &str| {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        format.extensions.contains(&ending)
    };
    let mut seeds: Vec<Vec<u8>> =
        samples().into_iter().filter(|(name, _)| fits(name)).map(|(_, bytes)| bytes).collect();
    for path in folder.into_iter().flat_map(files) {
        let is_small = path.metadata().is_ok_and(|metadata| metadata.len() < 200_000);
        if is_small && fits(&path.to_string_lossy().to_lowercase()) {
            seeds.push(std::fs::read(path).unwrap());
        }
    }
    seeds.extend(small(format.name));
    let name = format!("a.{}", format.extensions.first().copied().unwrap_or("bin"));
    let take = move |bytes: &[u8]| {
        let options = Options::default();
        (format.recognises)(bytes);
        // What cannot be read is an error, which is fine; only a panic is not.
        let _read = (format.read)(&Input { bytes, name: &name, options: &options });
    };
    Target::new(format.name, seeds, Arc::new(take))
}

fn texts_of(bytes: &[u8]) {
    for label in LABELS {
        let _told = decode::decode(bytes, Codec::labelled(label));
    }
    let _text = decode::decode(bytes, None).map(|decoded| {
        let text = decoded.text;
        let _blocks = segment::blocks(&text);
        let _folded = normalize::fold_tight(&text);
        let _words = words::words(&text);
        let _indexed = spacing::for_index(&text, "");
        let _shown = printable::printable(&text);
    });
}

/// Encodings of every kind of decoder.
const LABELS: [&str; 14] = [
    "utf-8",
    "utf-16",
    "utf-32",
    "gb18030",
    "hz-gb-2312",
    "big5",
    "shift_jis",
    "iso-2022-jp",
    "euc-jp",
    "euc-kr",
    "iso-2022-kr",
    "johab",
    "koi8-r",
    "x-mac-ce",
];

fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/samples");
    let read = |path: std::path::PathBuf| {
        (path.to_string_lossy().into_owned(), std::fs::read(&path).unwrap())
    };
    files(&folder).into_iter().map(read).collect()
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let (mut found, mut ahead) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = ahead.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { ahead.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// An archive of the samples, and what it was.
struct Archive {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
}

fn archive() -> Archive {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/samples");
    let ran = Command::new(program())
        .arg("ingest")
        .arg(samples)
        .current_dir(folder.path())
        .env_remove("FONDS_ARCHIVE")
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    let bytes = std::fs::read(folder.path().join("fonds.db")).unwrap();
    Archive { folder, bytes }
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
    fn select(&self, sql: &str, parameters: &[(String, Value)]) -> Result<(), String> {
        let limits = Limits { time: Some(Duration::from_millis(500)), memory: 0 };
        let reader = Reader::open(&self.folder.path().join("fonds.db"), &limits).unwrap();
        let outcome = reader.select(sql, parameters, Some(1000), &mut Nowhere);
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
        assert!(std::fs::read(self.folder.path().join("fonds.db")).unwrap() == self.bytes);
        assert_eq!(std::fs::read_dir(self.folder.path()).unwrap().count(), 1);
    }
}

/// A seed, or one part of it, with some bytes changed, removed, doubled, replaced by meaningful ones or
/// by another seed's.
fn mutated(seeds: &[Seed], random: &mut Random) -> Vec<u8> {
    let seed = &seeds[random.below(seeds.len())];
    let other = &seeds[random.below(seeds.len())];
    let Some(parts) = seed.parts.as_ref().filter(|parts| !parts.is_empty() && random.below(5) > 0)
    else {
        return mutated_bytes(seed.whole.clone(), &other.whole, random);
    };
    let mut parts = parts.clone();
    let at = random.below(parts.len());
    let from = other.parts.as_ref().filter(|parts| !parts.is_empty());
    let from = from.map_or(&other.whole, |parts| &parts[random.below(parts.len())].1);
    parts[at].1 = mutated_bytes(std::mem::take(&mut parts[at].1), from, random);
    if random.below(20) == 0 {
        parts.remove(random.below(parts.len()));
    }
    zip_of(&parts)
}

fn mutated_bytes(mut bytes: Vec<u8>, other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut below = |most| random.below(most);
    for _ in 0..=below(8) {
        let at = below(bytes.len() + 1);
        let end = (at + below(64)).min(bytes.len());
        match below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << below(8),
            1 if at < bytes.len() => bytes[at] = below(256) as u8,
            2 => drop(bytes.drain(at..end)),
            3 => {
                let part = bytes[at..end].repeat(1 + below(20));
                bytes.splice(at..at, part);
            }
            4 => {
                let from = below(other.len() + 1);
                let to = (from + below(300)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            5 if below(12) == 0 => {
                let piece = PIECES[below(PIECES.len())].repeat(1 + below(2000));
                bytes.splice(at..at, piece);
            }
            _ => drop(bytes.splice(at..at, PIECES[below(PIECES.len())].iter().copied())),
        }
    }
    bytes
}

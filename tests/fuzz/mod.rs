//! Mutated inputs for everything that reads other people's bytes, and whether one panics, does not
//! end or takes too much memory. The targets are here; it knows nothing of how they are tried.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::unreachable,
    reason = "a trial must not go on, and a small dose of it does not need all of this"
)]

pub(crate) mod mutation;
mod packed;
mod pieces;
mod questions;
pub(crate) mod seeds;
pub(crate) mod trial;

use fonds::format::{FORMATS, Format, Input, Options};
use fonds::text::codec::Codec;
use fonds::text::{decode, normalize, printable, segment, spacing, words};
use mutation::Seed;
use seeds::small;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Something that takes bytes from others.
pub(crate) struct Target {
    pub(crate) name: String,
    seeds: Vec<Seed>,
    /// Longer inputs are no seeds, but for the first.
    longest: usize,
    /// What is put into inputs.
    pieces: Arc<Vec<Vec<u8>>>,
    /// So many inputs are taken at once.
    at_once: usize,
    take: Arc<Take>,
}

pub(crate) type Take = dyn Fn(&[Vec<u8>]) + Send + Sync;

impl Target {
    fn new(name: &str, seeds: Vec<Vec<u8>>, at_once: usize, take: Arc<Take>) -> Self {
        let pieces = Arc::new(pieces::pieces(name, &seeds));
        let longest = seeds.iter().map(Vec::len).max().unwrap_or(0).max(800);
        let seeds = seeds.into_iter().map(Seed::new).collect();
        Self { name: name.to_owned(), seeds, longest, pieces, at_once, take }
    }

    /// A target that takes one input after the other.
    fn single(
        name: &str,
        seeds: Vec<Vec<u8>>,
        take: impl Fn(&[u8]) + Send + Sync + 'static,
    ) -> Self {
        let each = move |inputs: &[Vec<u8>]| inputs.iter().for_each(|input| take(input));
        Self::new(name, seeds, 1, Arc::new(each))
    }

    /// Begins with these inputs too.
    pub(crate) fn begin_with(&mut self, inputs: Vec<Vec<u8>>) {
        let short = inputs.into_iter().filter(|input| input.len() <= self.longest);
        self.seeds.extend(short.map(Seed::new));
    }

    /// Takes one input, here and now.
    pub(crate) fn take(&self, input: Vec<u8>) {
        (self.take)(&[input]);
    }
}

/// Every target with its seeds; files of the folder are seeds of the readers they are for.
pub(crate) fn targets(folder: Option<&Path>) -> Vec<Target> {
    let mut targets: Vec<Target> = FORMATS.iter().map(|format| of_format(format, folder)).collect();
    let texts: Vec<Vec<u8>> = samples().into_iter().map(|(_, bytes)| bytes).collect();
    targets.push(Target::single("texts", texts, texts_of));
    targets.extend(packed::targets());
    targets.extend(questions::targets());
    targets
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
    Target::single(format.name, seeds, move |bytes| {
        let options = Options::default();
        (format.recognises)(bytes);
        // What cannot be read is an error, which is fine; only a panic is not.
        let _read = (format.read)(&Input { bytes, name: &name, options: &options });
    })
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

/// Begins of the project's samples, by their names: what follows says nothing new to a reader.
fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/samples");
    let read = |path: PathBuf| {
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.truncate(1500);
        (path.to_string_lossy().into_owned(), bytes)
    };
    files(&folder).into_iter().map(read).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
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

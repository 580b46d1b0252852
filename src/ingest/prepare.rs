//! From offers to arrivals, on all cores: reads and hashes the bytes, asks the archive which it holds,
//! and reads the text of the others.
//!
//! The bytes that are hashed are the bytes that are parsed: a file is read once.

use super::inside;
use super::location;
use super::offer::{Bytes, Found, Offer, plain, too_large};
use super::{Readers, Request};
use crate::fingerprint;
use crate::format::{self, Format, Holds, Input, Row};
use crate::model::{Digest, Embedded, Metadatum, Place};
use crate::store::{Arrival, Fate, Held, Lookup, NewDocument, Original, Reading, Text};
use anyhow::Result;
use rayon::prelude::*;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Prepares batches of one request.
pub(super) struct Preparer<'a> {
    request: &'a Request,
    lookup: Lookup,
}

/// An offer whose bytes have been read, or whose fate is known.
pub(super) enum Loaded {
    Document { place: Place, bytes: Bytes, digest: Digest, damage: Option<String> },
    Decided(Arrival),
}

impl<'a> Preparer<'a> {
    pub(super) fn new(archive: &Path, request: &'a Request) -> Result<Self> {
        Ok(Self { request, lookup: Lookup::open(archive)? })
    }

    /// The arrivals of a batch, in its order.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub(super) fn prepare(&self, batch: Vec<Offer>) -> Result<Vec<Arrival>> {
        let request = self.request;
        let loaded: Vec<Loaded> =
            batch.into_par_iter().map(|offer| load(offer, request.rules.max_bytes)).collect();
        let held = loaded
            .iter()
            .map(|loaded| match loaded {
                Loaded::Document { digest, .. } => self.lookup.held(digest),
                Loaded::Decided(_) => Ok(Held::default()),
            })
            .collect::<Result<Vec<Held>>>()?;
        Ok(loaded
            .into_par_iter()
            .zip(held)
            .flat_map_iter(|(loaded, held)| match loaded {
                Loaded::Document { place, bytes, digest, damage } => {
                    arrivals(place, &bytes, digest, held, damage, request)
                }
                Loaded::Decided(arrival) => vec![arrival],
            })
            .collect())
    }
}

pub(super) fn load(offer: Offer, max_bytes: u64) -> Loaded {
    let Offer { place, found } = offer;
    let (path, size, damage) = match found {
        Found::Bytes(bytes) => return Loaded::of(place, *bytes, None),
        Found::File(path, size) => (path, size, None),
        Found::Damaged(path, size, damage) => (path, size, Some(damage)),
        Found::Unchanged(run) => return Loaded::decided(place, Fate::Unchanged(run)),
        Found::Container(reason) => return Loaded::decided(place, Fate::Container(reason)),
        Found::Skipped(reason) => {
            return Loaded::decided(place, Fate::Skipped(reason.into_owned()));
        }
        Found::Failed(reason) => return Loaded::decided(place, Fate::Failed(reason)),
    };
    match read(&path, size, max_bytes) {
        Ok(bytes) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Loaded::of(place, Bytes { bytes, name, ..Bytes::default() }, damage)
        }
        Err(reason) => Loaded::decided(place, Fate::Failed(reason)),
    }
}

impl Loaded {
    fn of(place: Place, bytes: Bytes, damage: Option<String>) -> Self {
        let digest = fingerprint::digest(&bytes.bytes);
        Loaded::Document { place, bytes, digest, damage }
    }

    fn decided(place: Place, fate: Fate) -> Self {
        Loaded::Decided(Arrival { place, fate })
    }
}

/// The bytes of a file that did not change while it was read; a second try for one that did.
pub(super) fn read(path: &Path, size: u64, max_bytes: u64) -> Result<Vec<u8>, String> {
    for _ in 0..2 {
        match read_once(path, size, max_bytes) {
            Ok(Some(bytes)) => return Ok(bytes),
            Ok(None) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err("vanished after it was listed".to_owned());
            }
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                return Err(too_large(max_bytes));
            }
            Err(error) => return Err(plain(&error)),
        }
    }
    Err("changed while it was read, twice".to_owned())
}

fn read_once(path: &Path, size: u64, max_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    let file = File::open(path)?;
    let before = file.metadata()?;
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(max_bytes)).unwrap_or(0) + 1);
    let read = (&file).take(max_bytes + 1).read_to_end(&mut bytes)?;
    if read as u64 > max_bytes {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let after = fs::metadata(path)?;
    let is_whole = read as u64 == before.len()
        && before.len() == after.len()
        && before.modified().ok() == after.modified().ok();
    Ok(is_whole.then_some(bytes))
}

/// What arrives of the bytes at a place: a document; or the rows of a table that are documents, each
/// called by the line it begins on, and the table. With `damage`, a document known to be unreadable.
pub(super) fn arrivals(
    place: Place,
    read: &Bytes,
    digest: Digest,
    held: Held,
    damage: Option<String>,
    request: &Request,
) -> Vec<Arrival> {
    let format = read.format.unwrap_or_else(|| format::of(&read.name, &read.bytes));
    let rows = match format.holds {
        // A row on its own is the file it was written into, with one row.
        Holds::Rows(rows) if damage.is_none() => {
            rows(&Input { bytes: &read.bytes, name: &read.name, options: &request.format })
        }
        _ => None,
    };
    let Some(rows) = rows else {
        return documents(place, read, digest, held, format, damage, request);
    };
    let fate = Fate::Container(format!("{} records", rows.len()));
    let rows = rows.into_iter().flat_map(|row: Row| {
        let place =
            location::of_member(&place, &row.line.to_string(), None, place.modified_at.clone());
        let digest = fingerprint::digest(&row.bytes);
        let row = Bytes { bytes: row.bytes, name: "row.csv".to_owned(), ..Bytes::default() };
        // Whether the archive holds it was not asked; the writer asks.
        documents(place, &row, digest, Held::default(), format, None, request)
    });
    let mut arrivals: Vec<Arrival> = rows.collect();
    arrivals.push(Arrival { place, fate });
    arrivals
}

/// A document, and behind it the files that stand inside it.
fn documents(
    mut place: Place,
    read: &Bytes,
    digest: Digest,
    held: Held,
    format: &'static Format,
    damage: Option<String>,
    request: &Request,
) -> Vec<Arrival> {
    let bytes = &*read.bytes;
    let input = Input { bytes, name: &read.name, options: &request.format };
    let read_all = || read_whole(&request.readers, format, &input, &read.statements);
    let (reading, embedded) = match damage {
        Some(reason) => (Reading::Nothing(reason), Vec::new()),
        // What stands inside it was seen again too.
        None if held.text && held.embedded => (Reading::Before, read_all().1),
        None if held.text => (Reading::Before, Vec::new()),
        None => read_all(),
    };
    if !embedded.is_empty() {
        // Its own row does not stand for those that follow: the file is read the next time too.
        place.stamp = None;
    }
    let inside: Vec<Arrival> =
        embedded.into_iter().flat_map(|file| inside::arrivals(&place, file, request)).collect();
    let is_wanted = request.keep_originals && !held.original;
    let original = is_wanted.then(|| Original::new(bytes, &read.name, modified(&place)));
    let media_type = match reading {
        Reading::Nothing(_) => "application/octet-stream",
        _ => format.media_type,
    };
    let document = NewDocument {
        digest,
        bytes: bytes.len() as u64,
        media_type,
        file_name: file_name(&place),
        reading,
        original,
    };
    let own = Arrival { place, fate: Fate::Document(Box::new(document)) };
    std::iter::once(own).chain(inside).collect()
}

/// Reads the text; a reader that fails, dies or does not end fails its document and no other.
pub(super) fn read_text(
    readers: &Readers,
    format: &'static Format,
    input: &Input<'_>,
    statements: &[Metadatum],
) -> Reading {
    read_whole(readers, format, input, statements).0
}

/// The same, and the files that stand inside the document.
fn read_whole(
    readers: &Readers,
    format: &'static Format,
    input: &Input<'_>,
    statements: &[Metadatum],
) -> (Reading, Vec<Embedded>) {
    match readers.read(format, input) {
        Ok(mut extract) => {
            let embedded = std::mem::take(&mut extract.embedded);
            extract.notes.extend(format::contradiction(input.name, format));
            extract.metadata.extend_from_slice(statements);
            let text = Text::new(format.name, format.version, extract);
            (Reading::Text(Box::new(text)), embedded)
        }
        Err(reason) => (Reading::Nothing(reason), Vec::new()),
    }
}

/// What a document without a title is called.
pub(super) fn file_name(place: &Place) -> String {
    let start = match &place.container {
        Some(container) => container.rfind('/'),
        None => place.location.rfind('/'),
    };
    let name = start.and_then(|slash| place.location.get(slash + 1..));
    name.unwrap_or(&place.location).to_owned()
}

fn modified(place: &Place) -> i64 {
    let stamp = place.modified_at.as_deref().and_then(|time| time.parse::<jiff::Timestamp>().ok());
    stamp.map_or(0, jiff::Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_called_by_its_file_name() {
        let place = |location: &str, container: Option<&str>| Place {
            location: location.to_owned(),
            container: container.map(str::to_owned),
            ..Place::default()
        };
        assert_eq!(file_name(&place("/d/报告 1.txt", None)), "报告 1.txt");
        assert_eq!(file_name(&place("/d/f.jsonl!12", Some("/d/f.jsonl"))), "f.jsonl!12");
        assert_eq!(file_name(&place("/d/z.zip!in/x.txt", Some("/d/z.zip"))), "z.zip!in/x.txt");
        assert_eq!(file_name(&place("-", None)), "-");
    }
}

//! From offers to arrivals, on all cores: reads and hashes the bytes, asks the archive which it holds,
//! and reads the text of the others.
//!
//! The bytes that are hashed are the bytes that are parsed: a file is read once.

use super::Request;
use super::location;
use super::patience::{self, PATIENCE};
use super::records::Records;
use super::walk::{Found, Offer, plain, too_large};
use crate::fingerprint;
use crate::format::{self, Format, Holds, Input};
use crate::model::{Digest, Place};
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
enum Loaded {
    Bytes { place: Place, bytes: Vec<u8>, digest: Digest },
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
                Loaded::Bytes { digest, .. } => self.lookup.held(digest),
                Loaded::Decided(_) => Ok(Held::default()),
            })
            .collect::<Result<Vec<Held>>>()?;
        Ok(loaded
            .into_par_iter()
            .zip(held)
            .map(|(loaded, held)| match loaded {
                Loaded::Bytes { place, bytes, digest } => {
                    arrivals(place, &bytes, digest, held, request)
                }
                Loaded::Decided(arrival) => vec![arrival],
            })
            .flatten()
            .collect())
    }
}

fn load(offer: Offer, max_bytes: u64) -> Loaded {
    let Offer { place, found } = offer;
    let fate = match found {
        Found::Bytes(bytes) | Found::Record(bytes) => {
            let digest = fingerprint::digest(&bytes);
            return Loaded::Bytes { place, bytes, digest };
        }
        Found::File(path, size) => match read(&path, size, max_bytes) {
            Ok(bytes) => {
                let digest = fingerprint::digest(&bytes);
                return Loaded::Bytes { place, bytes, digest };
            }
            Err(reason) => Fate::Failed(reason),
        },
        Found::Container(reason) => Fate::Container(reason),
        Found::Skipped(reason) => Fate::Skipped(reason.to_owned()),
        Found::Failed(reason) => Fate::Failed(reason),
    };
    Loaded::Decided(Arrival { place, fate })
}

/// The bytes of a file that did not change while it was read; a second try for one that did.
fn read(path: &Path, size: u64, max_bytes: u64) -> Result<Vec<u8>, String> {
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

/// What arrives of the bytes at a place: a document, or the records of a file whose name did not tell
/// that it holds any, and the file.
fn arrivals(
    place: Place,
    bytes: &[u8],
    digest: Digest,
    held: Held,
    request: &Request,
) -> Vec<Arrival> {
    let file_name = file_name(&place);
    if place.container.is_some() {
        // A record is called `feed.jsonl!12` and read as its file is.
        let name = file_name.rsplit_once('!').map_or(&*file_name, |(container, _)| container);
        let format = format::of(name, bytes);
        return vec![document(place, bytes, digest, held, format, request)];
    }
    let format = format::of(&file_name, bytes);
    if format.name == "csv" {
        let input = Input { bytes, name: &file_name, options: &request.format };
        if let Some(rows) = format::csv::rows(&input) {
            return row_arrivals(&place, rows, format, request);
        }
    }
    if format.holds == Holds::OneDocument {
        return vec![document(place, bytes, digest, held, format, request)];
    }
    let records = Records::new(place, bytes, request.rules.max_bytes);
    records
        .map(|offer| match load(offer, request.rules.max_bytes) {
            Loaded::Decided(arrival) => arrival,
            // Whether the archive holds it was not asked; the writer asks.
            Loaded::Bytes { place, bytes, digest } => {
                document(place, &bytes, digest, Held::default(), format, request)
            }
        })
        .collect()
}

/// The rows of a table that are documents, and the table. Each is called by the line it begins on.
fn row_arrivals(
    place: &Place,
    rows: Vec<format::csv::Row>,
    format: &'static Format,
    request: &Request,
) -> Vec<Arrival> {
    let fate = Fate::Container(format!("{} records", rows.len()));
    let row = |row: format::csv::Row| {
        let place = location::of_member(place, &row.line.to_string());
        let digest = fingerprint::digest(&row.bytes);
        // Whether the archive holds it was not asked; the writer asks.
        document(place, &row.bytes, digest, Held::default(), format, request)
    };
    let mut arrivals: Vec<Arrival> = rows.into_iter().map(row).collect();
    arrivals.push(Arrival { place: place.clone(), fate });
    arrivals
}

fn document(
    place: Place,
    bytes: &[u8],
    digest: Digest,
    held: Held,
    format: &'static Format,
    request: &Request,
) -> Arrival {
    let file_name = file_name(&place);
    let name = &*file_name;
    let reading = if held.text {
        Reading::Before
    } else {
        read_text(format, &Input { bytes, name, options: &request.format })
    };
    let is_wanted = request.keep_originals && !held.original;
    let original =
        is_wanted.then(|| Original::new(bytes, original_name(&place, name), modified(&place)));
    let media_type = match reading {
        Reading::Nothing(_) => "application/octet-stream",
        _ => format.media_type,
    };
    let document =
        NewDocument { digest, bytes: bytes.len() as u64, media_type, file_name, reading, original };
    Arrival { place, fate: Fate::Document(Box::new(document)) }
}

/// Reads the text; a reader that panics or does not end fails its document and no other.
pub(super) fn read_text(format: &'static Format, input: &Input<'_>) -> Reading {
    match patience::read(format, input, PATIENCE) {
        Ok(mut extract) => {
            extract.notes.extend(format::contradiction(input.name, format));
            Reading::Text(Box::new(Text::new(format.name, format.version, extract)))
        }
        Err(reason) => Reading::Nothing(reason),
    }
}

fn file_name(place: &Place) -> String {
    let start = match &place.container {
        Some(container) => container.rfind('/'),
        None => place.location.rfind('/'),
    };
    let name = start.and_then(|slash| place.location.get(slash + 1..));
    name.unwrap_or(&place.location).to_owned()
}

/// The name whose extension the original keeps: a record of a `.jsonl` file is `.json`.
fn original_name<'a>(place: &Place, name: &'a str) -> &'a str {
    match &place.container {
        Some(container) if format::by_name(container).is_some_and(|f| f.name == "csv") => "row.csv",
        Some(_) => "record.json",
        None => name,
    }
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

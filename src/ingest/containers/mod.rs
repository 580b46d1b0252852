//! From a container to one offer for each member, through containers in containers.
//!
//! Members are handed on one by one as they are unpacked; a container is never held in memory, and
//! nothing is written to disk under a name that a container chose. What a file may unpack to, and
//! how deep, is bounded, so a bomb ends as a row of the ledger.

mod budget;
mod checksum;
mod compressed;
mod http;
mod kind;
mod mail;
mod mbox;
mod names;
mod records;
mod tar;
mod warc;
mod zip;

use super::location;
use super::offer::{Bytes, Found, Offer, plain, too_large};
use super::rules::Rules;
use crate::format::{self, Format, Holds};
use crate::model::Place;
use budget::Budget;
use kind::Kind;
use records::Records;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// Containers in containers are opened down to this depth.
const DEEPEST: u32 = 8;
/// Bytes that tell the kind of a container; a tar header has 512, a mail more than a few lines.
const HEAD: usize = 4096;
/// Stack of the thread that unpacks: a few frames for each of [`DEEPEST`] levels.
const STACK: usize = 8 << 20;

/// Where the bytes of a container come from.
pub(super) enum Source {
    File(PathBuf, u64),
    Memory(Vec<u8>),
    Stream(Box<dyn Read + Send>),
}

/// An iterator over what is in one file, and at the end over the file itself.
pub(super) struct Members {
    place: Place,
    offers: Receiver<Offer>,
    thread: Option<JoinHandle<()>>,
}

/// Whether a file holds, or may hold, other documents.
pub(super) fn may_hold_members(path: &Path, name: &str) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD as u64).read_to_end(&mut head));
    // What cannot be opened is told where it is read as a document.
    read.is_ok() && hold_members(&head, name)
}

/// Whether bytes, or the first of them, are those of a file that holds other documents.
pub(super) fn hold_members(head: &[u8], name: &str) -> bool {
    Kind::of(name, head.get(..head.len().min(HEAD)).unwrap_or(head)).is_some()
}

impl Members {
    /// Begins to unpack in a thread of its own, which waits until its offers are taken.
    pub(super) fn of(place: Place, name: String, source: Source, rules: Arc<Rules>) -> Self {
        let (offers, offered) = sync_channel(1);
        let at = At { place: place.clone(), name, depth: 0 };
        let unpack = move || {
            let size = match &source {
                Source::File(_, size) => Some(*size),
                Source::Memory(bytes) => Some(bytes.len() as u64),
                Source::Stream(_) => None,
            };
            let origin = match &source {
                Source::File(path, size) => Some((path.clone(), *size)),
                _ => None,
            };
            let budget = Budget::of(size);
            let mut unpacking =
                Unpacking { rules, budget, offers, origin, members: 0, extra: None };
            // A receiver that is gone has all it wants.
            let _gone = unpacking.begin(&at, source);
        };
        // Where no thread can be had, the sender is dropped at once and the file fails.
        let thread = thread::Builder::new().stack_size(STACK).spawn(unpack).ok();
        Self { place, offers: offered, thread }
    }
}

impl Iterator for Members {
    type Item = Offer;

    fn next(&mut self) -> Option<Offer> {
        if let Ok(offer) = self.offers.recv() {
            return Some(offer);
        }
        let panicked = self.thread.take()?.join().is_err();
        panicked.then(|| Offer::failed(self.place.clone(), "unpacking failed (a defect of fonds)"))
    }
}

/// A member, or the outermost file, on its way.
struct At {
    place: Place,
    name: String,
    depth: u32,
}

/// Why unpacking ends before its end.
enum Stop {
    /// Nobody wants more offers.
    Gone,
    /// The rest of the container cannot be had; the reason.
    Broken(String),
}

struct Unpacking {
    rules: Arc<Rules>,
    budget: Budget,
    offers: SyncSender<Offer>,
    /// The outermost file and its size, where it is one.
    origin: Option<(PathBuf, u64)>,
    /// Members of the container at hand.
    members: u64,
    /// What else is to be said of it.
    extra: Option<String>,
}

impl Unpacking {
    fn begin(&mut self, at: &At, source: Source) -> Result<(), Stop> {
        match source {
            Source::File(path, _) => match File::open(path) {
                Ok(file) => self.member(at, None, &mut BufReader::with_capacity(1 << 16, file)),
                Err(error) => self.failed(at, plain(&error)),
            },
            Source::Memory(bytes) => self.member(at, None, &mut Cursor::new(bytes)),
            Source::Stream(mut stream) => self.member(at, None, &mut stream),
        }
    }

    fn offer(&mut self, place: Place, found: Found) -> Result<(), Stop> {
        self.offers.send(Offer { place, found }).map_err(|_| Stop::Gone)
    }

    fn failed(&mut self, at: &At, reason: impl Into<String>) -> Result<(), Stop> {
        self.offer(at.place.clone(), Found::Failed(reason.into()))
    }

    /// A member by the bytes of its name; `None` where a rule leaves it out, which has been offered.
    fn enter(
        &mut self,
        at: &At,
        name: &names::Name,
        modified: Option<String>,
    ) -> Result<Option<At>, Stop> {
        let place = location::of_member(&at.place, &name.text, name.raw.as_deref(), modified);
        if let Some(reason) = self.rules.against_member(&name.text) {
            self.offer(place, Found::Skipped(reason.into()))?;
            return Ok(None);
        }
        self.members += 1;
        let last = name.text.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        Ok(Some(At { place, name: last, depth: at.depth + 1 }))
    }

    /// Whatever the stream holds: a container, whose members are offered, or a document.
    ///
    /// `size` is what the container says the stream has: a shorter one is cut off.
    fn member(&mut self, at: &At, size: Option<u64>, stream: &mut dyn Read) -> Result<(), Stop> {
        let mut head = Vec::with_capacity(HEAD);
        if let Err(error) = (&mut *stream).take(HEAD as u64).read_to_end(&mut head) {
            return self.failed(at, plain(&error));
        }
        let kind = Kind::of(&at.name, &head);
        let mut stream = Cursor::new(head).chain(stream);
        let Some(kind) = kind else { return self.document(at, size, &mut stream) };
        self.open(at, kind, &mut stream)
    }

    fn open(&mut self, at: &At, kind: Kind, stream: &mut dyn Read) -> Result<(), Stop> {
        if at.depth >= DEEPEST && !matches!(kind, Kind::Objects) {
            let reason = format!("containers are opened {DEEPEST} deep, and this one is deeper");
            return self.failed(at, reason);
        }
        match kind {
            Kind::Zip => zip::open(self, at, stream),
            Kind::Compressed(method) => compressed::open(self, at, method, stream),
            Kind::Tar => self.container(at, "members", |own| tar::members(own, at, stream)),
            Kind::Warc => warc::open(self, at, stream),
            Kind::Mbox => self.container(at, "messages", |own| mbox::messages(own, at, stream)),
            Kind::Mail => mail::open(self, at, stream),
            Kind::Records(format) => self.records(at, format, BufReader::new(stream)),
            Kind::Objects => self.document(at, None, stream),
        }
    }

    /// Offers the members of a container, by `offer_members`, and then the container itself.
    fn container(
        &mut self,
        at: &At,
        noun: &str,
        offer_members: impl FnOnce(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let outer = std::mem::take(&mut self.members);
        let result = offer_members(self);
        let members = std::mem::replace(&mut self.members, outer);
        let noun = if members == 1 { noun.trim_end_matches('s') } else { noun };
        let found = match result {
            Err(Stop::Gone) => return Err(Stop::Gone),
            _ if self.budget.is_spent() => {
                Found::Failed(format!("{}, stopped after {members} {noun}", self.budget.reason()))
            }
            Ok(()) => {
                let extra = self.extra.as_deref().unwrap_or_default();
                Found::Container(format!("{members} {noun}{extra}"))
            }
            Err(Stop::Broken(reason)) if members == 0 => self.nothing_of(at, reason),
            Err(Stop::Broken(reason)) => Found::Failed(format!("{reason}, after {members} {noun}")),
        };
        self.offer(at.place.clone(), found)
    }

    /// A container of which nothing can be had: where it is a file, its bytes are hashed at least.
    fn nothing_of(&self, at: &At, reason: String) -> Found {
        match &self.origin {
            Some((path, size)) if at.depth == 0 && *size <= self.rules.max_bytes => {
                Found::Damaged(path.clone(), *size, reason)
            }
            _ => Found::Failed(reason),
        }
    }

    fn document(&mut self, at: &At, size: Option<u64>, stream: &mut dyn Read) -> Result<(), Stop> {
        let read = read_bounded(stream, self.rules.max_bytes);
        if self.budget.is_spent() {
            let reason = self.budget.reason();
            return self.failed(at, reason);
        }
        let bytes = match read {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return self.failed(at, too_large(self.rules.max_bytes)),
            Err(error) => return self.failed(at, broken(&error)),
        };
        if let Some(size) = size.filter(|size| bytes.len() as u64 != *size) {
            return self.failed(at, format!("cut off: {} of {size} bytes are there", bytes.len()));
        }
        let format = format::of(&at.name, &bytes);
        if matches!(format.holds, Holds::Records) {
            return self.records(at, format, Cursor::new(bytes));
        }
        let bytes = Bytes { bytes, name: at.name.clone(), ..Bytes::default() };
        self.offer(at.place.clone(), Found::Bytes(Box::new(bytes)))
    }

    fn records(
        &mut self,
        at: &At,
        format: &'static Format,
        reader: impl io::BufRead,
    ) -> Result<(), Stop> {
        let records = Records::new(at.place.clone(), format, reader, self.rules.max_bytes);
        for offer in records {
            if self.budget.is_spent() {
                let reason = self.budget.reason();
                return self.failed(at, reason);
            }
            self.offer(offer.place, offer.found)?;
        }
        Ok(())
    }
}

/// All bytes of the stream, or `None` where there are more than the limit.
fn read_bounded(stream: &mut dyn Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = stream.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((read as u64 <= limit).then_some(bytes))
}

/// Why the bytes of a member cannot be read, in words that say that more was expected.
fn broken(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "cut off".to_owned(),
        _ => format!("damaged: {}", plain(error)),
    }
}

//! What the walk and the containers offer: one thing at one place, read or not yet read.

use crate::format::Format;
use crate::model::{Metadatum, Place, Unread};
use std::borrow::Cow;
use std::io;
use std::path::PathBuf;

/// One thing that was found, in the order of the ledger.
#[derive(Debug)]
pub(super) struct Offer {
    pub(super) place: Place,
    pub(super) found: Found,
}

/// What was found at a place.
#[derive(Debug)]
pub(super) enum Found {
    /// A regular file, not read yet, with its size as listed.
    File(PathBuf, u64),
    /// A regular file that announces a container of which nothing can be had, and why.
    Damaged(PathBuf, u64, String),
    /// Bytes without a file of their own: a member of a container, or the standard input.
    Bytes(Box<Bytes>),
    /// Files that look as they did when they were read last.
    Unchanged(Unread),
    /// A file whose members have been offered; how many they were.
    Container(String),
    /// Left out by a rule.
    Skipped(Cow<'static, str>),
    /// Not to be had.
    Failed(String),
}

/// A document's bytes with what its container says of it.
#[derive(Debug, Default)]
pub(super) struct Bytes {
    pub(super) bytes: Vec<u8>,
    /// The name it is read by and kept under: only ever a hint.
    pub(super) name: String,
    /// The format, where the container settles it.
    pub(super) format: Option<&'static Format>,
    /// Statements of the container about the document, such as the address a page was fetched from.
    pub(super) statements: Vec<Metadatum>,
}

impl Offer {
    /// Bytes that it will take to read it.
    pub(super) fn bytes(&self) -> u64 {
        match &self.found {
            Found::File(_, bytes) | Found::Damaged(_, bytes, _) => *bytes,
            Found::Bytes(read) => read.bytes.len() as u64,
            Found::Unchanged(_) | Found::Container(_) | Found::Skipped(_) | Found::Failed(_) => 0,
        }
    }

    pub(super) fn failed(place: Place, reason: impl Into<String>) -> Self {
        Self { place, found: Found::Failed(reason.into()) }
    }

    pub(super) fn skipped(place: Place, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { place, found: Found::Skipped(reason.into()) }
    }
}

/// The reason of a document larger than the limit, with the option that raises it.
pub(super) fn too_large(limit: u64) -> String {
    format!("larger than {} MiB (raise --max-size)", limit >> 20)
}

/// An I/O error in plain lower-case words, without the number that Rust adds.
pub(super) fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            let mut letters = text.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
        }
    }
}

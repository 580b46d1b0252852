//! From the paths that a user names to one offer for each file, member or thing that is neither.
//!
//! Folders are walked in the order of their entries' bytes, without recursion and with one folder
//! open at a time. Nothing is opened but regular files: a named pipe would wait for ever. Symbolic
//! links are followed only where the user names them.

use super::containers::{self, Members, Source};
use super::offer::{Bytes, Found, Offer, plain, too_large};
use super::rules::{self, Rules};
use super::{Request, location};
use crate::format::{self, Holds};
use crate::model::Place;
use crate::store::identity;
use anyhow::Result;
use ignore::gitignore::Gitignore;
use std::ffi::OsString;
use std::fs::{self, FileType, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec::IntoIter;

/// A folder that is being walked.
struct Folder {
    path: PathBuf,
    /// Its path below the one the user named, for patterns.
    below: PathBuf,
    entries: IntoIter<OsString>,
    ignore: Option<Gitignore>,
}

/// An iterator over everything the request offers.
pub(super) struct Walk<'a> {
    rules: Arc<Rules>,
    stdin_name: &'a str,
    archive: Own,
    named: IntoIter<PathBuf>,
    folders: Vec<Folder>,
    members: Option<Members>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(request: &'a Request, archive: &Path) -> Result<Self> {
        Ok(Self {
            rules: Arc::new(request.rules.clone()),
            stdin_name: &request.stdin_name,
            archive: Own::of(archive),
            named: request.paths.clone().into_iter(),
            folders: Vec::new(),
            members: None,
        })
    }

    /// A path that the user named: no pattern leaves it out, and links are followed.
    fn named(&mut self, path: PathBuf) -> Option<Offer> {
        if path.as_os_str() == "-" {
            return self.standard_input();
        }
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => self.enter(path, PathBuf::new(), &metadata),
            Ok(metadata) if metadata.is_file() => self.file(path, &metadata),
            Ok(metadata) => {
                let what = special(metadata.file_type());
                let place = location::of(&path, Some(&metadata));
                Some(Offer::failed(
                    place,
                    format!("{what}; to read from it, pipe it into `fonds ingest -`"),
                ))
            }
            Err(error) => Some(Offer::failed(location::of(&path, None), plain(&error))),
        }
    }

    fn standard_input(&mut self) -> Option<Offer> {
        let place = Place { location: self.stdin_name.to_owned(), ..Place::default() };
        let name = self.stdin_name.to_owned();
        let format = format::by_name(&name);
        if format.is_some_and(|format| matches!(format.holds, Holds::Records)) {
            self.unpack(place, name, Source::Stream(Box::new(io::stdin())));
            return None;
        }
        let mut bytes = Vec::new();
        let limit = self.rules.max_bytes;
        match io::stdin().lock().take(limit + 1).read_to_end(&mut bytes) {
            Ok(read) if read as u64 > limit => Some(Offer::failed(place, too_large(limit))),
            Ok(_) if containers::hold_members(&bytes, &name) => {
                self.unpack(place, name, Source::Memory(bytes));
                None
            }
            Ok(_) => {
                let found = Found::Bytes(Box::new(Bytes { bytes, name, ..Bytes::default() }));
                Some(Offer { place, found })
            }
            Err(error) => Some(Offer::failed(place, plain(&error))),
        }
    }

    /// What is in a container is offered before anything else.
    fn unpack(&mut self, place: Place, name: String, source: Source) {
        self.members = Some(Members::of(place, name, source, Arc::clone(&self.rules)));
    }

    /// An entry of a folder.
    fn entry(&mut self, path: PathBuf, below: PathBuf) -> Option<Offer> {
        let metadata = match fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => return Some(Offer::failed(location::of(&path, None), plain(&error))),
        };
        let kind = metadata.file_type();
        if let Some(reason) = self.reason_against(&path, &below, &metadata) {
            return Some(Offer::skipped(location::of(&path, Some(&metadata)), reason));
        }
        if kind.is_dir() {
            self.enter(path, below, &metadata)
        } else if kind.is_file() {
            self.file(path, &metadata)
        } else {
            let place = location::of(&path, Some(&metadata));
            let reason = if !kind.is_symlink() {
                special(kind)
            } else if path.exists() {
                "symbolic link, not followed"
            } else {
                "dangling symbolic link"
            };
            Some(Offer::skipped(place, reason))
        }
    }

    fn reason_against(
        &self,
        path: &Path,
        below: &Path,
        metadata: &Metadata,
    ) -> Option<&'static str> {
        if self.archive.is(path, metadata) {
            return Some(rules::OWN_ARCHIVE);
        }
        if let Some(reason) = self.rules.against(below, metadata.is_dir()) {
            return Some(reason);
        }
        // The folder nearest to the entry speaks first.
        let verdict =
            self.folders.iter().rev().filter_map(|folder| folder.ignore.as_ref()).find_map(
                |ignore| match ignore.matched(path, metadata.is_dir()) {
                    ignore::Match::None => None,
                    verdict => Some(verdict.is_ignore()),
                },
            );
        (verdict == Some(true)).then_some(rules::IGNORED)
    }

    fn enter(&mut self, path: PathBuf, below: PathBuf, metadata: &Metadata) -> Option<Offer> {
        let names = fs::read_dir(&path)
            .and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect());
        let mut names: Vec<OsString> = match names {
            Ok(names) => names,
            Err(error) => {
                return Some(Offer::failed(location::of(&path, Some(metadata)), plain(&error)));
            }
        };
        names.sort_unstable();
        let ignore = if self.rules.ignore_files { rules::ignore_files(&path) } else { None };
        self.folders.push(Folder { path, below, entries: names.into_iter(), ignore });
        None
    }

    fn file(&mut self, path: PathBuf, metadata: &Metadata) -> Option<Offer> {
        let place = location::of(&path, Some(metadata));
        if self.archive.is(&path, metadata) {
            return Some(Offer::skipped(place, rules::OWN_ARCHIVE));
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        if containers::may_hold_members(&path, &name) {
            self.unpack(place, name, Source::File(path, metadata.len()));
            return None;
        }
        if metadata.len() > self.rules.max_bytes {
            return Some(Offer::failed(place, too_large(self.rules.max_bytes)));
        }
        Some(Offer { place, found: Found::File(path, metadata.len()) })
    }
}

impl Iterator for Walk<'_> {
    type Item = Offer;

    fn next(&mut self) -> Option<Offer> {
        loop {
            if let Some(members) = &mut self.members {
                match members.next() {
                    Some(offer) => return Some(offer),
                    None => self.members = None,
                }
            }
            let offer = if let Some(folder) = self.folders.last_mut() {
                let Some(name) = folder.entries.next() else {
                    self.folders.pop();
                    continue;
                };
                let (path, below) = (folder.path.join(&name), folder.below.join(&name));
                self.entry(path, below)
            } else {
                let path = self.named.next()?;
                self.named(path)
            };
            if offer.is_some() {
                return offer;
            }
        }
    }
}

/// The archive that is being written, and the side files of SQLite.
struct Own {
    path: PathBuf,
    identity: Option<(u64, u64)>,
}

impl Own {
    fn of(archive: &Path) -> Self {
        let path = fs::canonicalize(archive).unwrap_or_else(|_| archive.to_owned());
        let identity = fs::metadata(&path).ok().as_ref().and_then(identity);
        Self { path, identity }
    }

    /// Whether the file is the archive, under whatever name, or a side file of it.
    fn is(&self, path: &Path, metadata: &Metadata) -> bool {
        if self.identity.is_some() && identity(metadata) == self.identity {
            return true;
        }
        let (Some(own), Some(name)) = (self.path.file_name(), path.file_name()) else {
            return false;
        };
        let Some(rest) = name.as_encoded_bytes().strip_prefix(own.as_encoded_bytes()) else {
            return false;
        };
        (matches!(rest, b"-wal" | b"-shm" | b"-journal" | b"") || rest.starts_with(b".creating-"))
            && fs::canonicalize(path).is_ok_and(|real| real.parent() == self.path.parent())
    }
}

#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "named pipe"
    } else if kind.is_socket() {
        "socket"
    } else {
        "device"
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "not a regular file"
}

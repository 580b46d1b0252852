//! From the paths that a user names to one offer for each file, member or thing that is neither.
//!
//! Folders are walked in the order of their entries' bytes, without recursion and with one folder
//! open at a time. Nothing is opened but regular files: a named pipe would wait for ever. Symbolic
//! links are followed only where the user names them.

use super::containers::{self, Members, Source};
use super::offer::{Bytes, Found, Offer, plain, too_large};
use super::rules::{self, Rules};
use super::unchanged::{self, Before, Run};
use super::{Request, location};
use crate::format::{self, Holds};
use crate::model::{Place, Stamp, Unread};
use crate::store::{Lookup, identity};
use anyhow::Result;
use ignore::gitignore::Gitignore;
use std::ffi::OsString;
use std::fs::{self, FileType, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use std::vec::IntoIter;

/// A folder that is being walked.
struct Folder {
    path: PathBuf,
    /// Its path below the one the user named, for patterns.
    below: PathBuf,
    entries: IntoIter<OsString>,
    ignore: Option<Gitignore>,
    before: Before,
}

/// An iterator over everything the request offers.
pub(super) struct Walk<'a> {
    rules: Arc<Rules>,
    stdin_name: &'a str,
    archive: Own,
    named: IntoIter<PathBuf>,
    folders: Vec<Folder>,
    members: Option<Members>,
    /// What a message is followed by.
    attachment: Option<Offer>,
    lookup: Lookup,
    keep_originals: bool,
    verify: bool,
    /// What chooses among the members of containers.
    member_rules: String,
    /// The folder of the file that was named last.
    named_in: Option<(PathBuf, Before)>,
    run: Run,
    /// What was found after a run that had to be offered first.
    next: Option<Offer>,
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
            attachment: None,
            lookup: Lookup::open(archive)?,
            keep_originals: request.keep_originals,
            verify: request.verify,
            member_rules: request.rules.of_members(),
            named_in: None,
            run: Run::default(),
            next: None,
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
        let before = self.before(&path);
        self.folders.push(Folder { path, below, entries: names.into_iter(), ignore, before });
        None
    }

    /// What is known of the files in a folder.
    fn before(&self, folder: &Path) -> Before {
        if self.verify {
            return Before::default();
        }
        Before::of(&self.lookup, folder, self.keep_originals)
    }

    /// The row that says what a file was that looks like this, from its folder's listing.
    fn find(&mut self, path: &Path, stamp: Stamp) -> Option<Unread> {
        if let Some(folder) = self.folders.last() {
            return folder.before.find(stamp);
        }
        let folder = path.parent()?;
        if self.named_in.as_ref().is_none_or(|(of, _)| of != folder) {
            self.named_in = Some((folder.to_owned(), self.before(folder)));
        }
        self.named_in.as_ref()?.1.find(stamp)
    }

    fn file(&mut self, path: PathBuf, metadata: &Metadata) -> Option<Offer> {
        if self.archive.is(&path, metadata) {
            return Some(Offer::skipped(location::of(&path, Some(metadata)), rules::OWN_ARCHIVE));
        }
        let now = SystemTime::now();
        let stamp = path.file_name().and_then(|name| unchanged::stamp(name, metadata));
        let as_container = |stamp| unchanged::stamp_of_container(stamp, &self.member_rules);
        let (stamp, container) = (stamp, stamp.map(as_container));
        let found = stamp.and_then(|stamp| self.find(&path, stamp));
        let found = found.or_else(|| self.find(&path, container?));
        if let Some(file) = found.filter(|_| metadata.len() <= self.rules.max_bytes) {
            let place = Place::default();
            return Some(Offer { place, found: Found::Unchanged(file) });
        }
        let is_sure = unchanged::is_sure(metadata, now);
        let mut place = location::of(&path, Some(metadata));
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        if containers::may_hold_members(&path, &name) {
            place.stamp = container.filter(|_| is_sure);
            self.unpack(place, name, Source::File(path, metadata.len()));
            return None;
        }
        if metadata.len() > self.rules.max_bytes {
            return Some(Offer::failed(place, too_large(self.rules.max_bytes)));
        }
        place.stamp = stamp.filter(|_| is_sure);
        Some(Offer { place, found: Found::File(path, metadata.len()) })
    }
}

impl Iterator for Walk<'_> {
    type Item = Offer;

    /// The next thing, with files that have not changed joined to runs.
    fn next(&mut self) -> Option<Offer> {
        if let Some(offer) = self.next.take() {
            return Some(offer);
        }
        loop {
            let offer = self.one();
            let ended = match offer {
                Some(Offer { found: Found::Unchanged(file), .. }) => self.run.add(file),
                other => {
                    let ended = self.run.take();
                    if ended.is_none() {
                        return other;
                    }
                    self.next = other;
                    ended
                }
            };
            if let Some(run) = ended {
                return Some(Offer { place: Place::default(), found: Found::Unchanged(run) });
            }
        }
    }
}

impl Walk<'_> {
    /// The next thing that is found.
    fn one(&mut self) -> Option<Offer> {
        loop {
            if let Some(members) = &mut self.members {
                match self.attachment.take().or_else(|| members.next()) {
                    Some(mut offer) => {
                        let is_file = offer.place.container.is_none();
                        if is_file && matches!(offer.found, Found::Bytes(_)) {
                            // A message comes before its attachments, which its own row would not stand for.
                            self.attachment = members.next();
                            offer.place.stamp =
                                offer.place.stamp.filter(|_| self.attachment.is_none());
                        }
                        return Some(offer);
                    }
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

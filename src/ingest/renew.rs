//! Reads documents again that the archive holds: with the readers of today, or in another encoding.
//!
//! It offers no path and adds no document. The bytes are those of the document or they are not read:
//! an original that does not match its digest, or a file that has changed, is told and left alone.

use super::prepare::{self, file_name, read_text};
use super::reread::options;
use super::{Listener, Readers};
use crate::dedup;
use crate::fingerprint;
use crate::format::{self, Format, Holds, Input};
use crate::model::State;
use crate::store::{Accession, Archive, Lookup, Reading, Renewal, Renewed, Standing, Text, now};
use crate::text::codec::Codec;
use anyhow::{Context, Result};
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Most documents and bytes in a batch, as when they came in.
const DOCUMENTS: usize = 64;
const BYTES: u64 = 16 << 20;

/// In which encoding to read.
#[derive(Clone, Copy, Debug, Default)]
pub enum EncodingChoice {
    /// As before: the one that the user had told, else found out.
    #[default]
    Before,
    /// Found out, whatever the user had told.
    FoundOut,
    /// This one.
    Told(Codec),
}

/// What to read again.
pub struct Again {
    /// These documents, whatever read them; else those that a newer reader would read otherwise, and
    /// those without a text.
    pub documents: Option<Vec<i64>>,
    /// The encoding.
    pub encoding: EncodingChoice,
    /// What reads them.
    pub readers: Readers,
    /// The same as JSON, for the accession's row.
    pub as_json: String,
}

/// What was read again.
#[derive(Clone, Debug)]
pub struct Reread {
    /// The accession under which it is recorded; `None` where nothing was to be read.
    pub accession_id: Option<i64>,
    /// What changed.
    pub renewal: Renewal,
    /// Documents whose reader is today's already.
    pub current: u64,
    /// Documents that had no text and have none now.
    pub unreadable: u64,
    /// Documents that keep their reading because a new one could not be had or was worse; each is told.
    pub kept: u64,
    /// Whether it was done or interrupted.
    pub state: State,
}

/// What became of one document.
enum Fate {
    Renewed(Box<Renewed>),
    Current,
    /// It had no text, and has none now.
    Unreadable,
    /// Its reading stays as it was.
    Kept(String),
}

/// Reads documents again and puts the new readings in the place of the old ones.
///
/// `interrupted` is looked at between batches.
///
/// # Errors
/// When the archive cannot be read or written. What was committed before stays. Documents that cannot
/// be read again are no errors: they are told to the listener and keep the reading they have.
pub fn renew(
    mut archive: Archive,
    path: &Path,
    again: &Again,
    interrupted: &AtomicBool,
    listener: &dyn Listener,
) -> Result<Reread> {
    let mut reread = Reread {
        accession_id: None,
        renewal: Renewal::default(),
        current: 0,
        unreadable: 0,
        kept: 0,
        state: State::Done,
    };
    let mut accession = None;
    let mut work = || -> Result<()> {
        let lookup = Lookup::open(path)?;
        let ids = match &again.documents {
            Some(ids) => ids.clone(),
            None => lookup.documents()?,
        };
        for batch in (Batches { lookup: &lookup, ids: ids.into_iter().peekable() }) {
            if interrupted.load(Ordering::Relaxed) {
                reread.state = State::Interrupted;
                return Ok(());
            }
            let renewed = sort(read(&lookup, batch?, again, listener), &mut reread, listener);
            if renewed.is_empty() {
                continue;
            }
            let mut open = match accession.take() {
                Some(open) => open,
                None => archive.begin(&now(), &again.as_json)?,
            };
            let written = archive.renew(&mut open, &now(), &renewed);
            accession = Some(open);
            reread.renewal.add(written?);
        }
        Ok(())
    };
    let written = work();
    let Some(accession) = accession else {
        // A run that was killed may have left relations that do not hold any more.
        if written.is_ok() && !archive.is_settled()? {
            settle(&mut archive, listener)?;
        }
        archive.seal()?;
        return written.map(|()| reread);
    };
    reread.accession_id = Some(accession.id);
    end(archive, &accession, &reread, written, listener)?;
    Ok(reread)
}

fn settle(archive: &mut Archive, listener: &dyn Listener) -> Result<()> {
    dedup::settle(archive, &mut |done, steps| listener.relating(done, steps)).map(|_| ())
}

/// Works out how the documents relate now, and ends the accession.
fn end(
    mut archive: Archive,
    accession: &Accession,
    reread: &Reread,
    written: Result<()>,
    listener: &dyn Listener,
) -> Result<()> {
    let settled = archive.merge(accession).and_then(|()| match written.is_ok() {
        true => settle(&mut archive, listener),
        false => Ok(()),
    });
    let state = if written.is_err() { State::Failed } else { reread.state };
    let finished = archive.finish(accession, &now(), state);
    written.with_context(|| {
        format!("stopped; the {} documents read again before are safe", reread.renewal.documents)
    })?;
    finished?;
    settled
        .context("everything is read again, but how the documents relate could not be worked out")
}

/// Counts what became of a batch, tells what is told, and gives what is to be written.
fn sort(
    fates: Vec<(Standing, Fate)>,
    reread: &mut Reread,
    listener: &dyn Listener,
) -> Vec<Renewed> {
    let mut renewed = Vec::new();
    for (standing, fate) in fates {
        match fate {
            Fate::Renewed(one) => renewed.push(*one),
            Fate::Current => reread.current += 1,
            Fate::Unreadable => reread.unreadable += 1,
            Fate::Kept(reason) => {
                reread.kept += 1;
                listener.problem(&standing.place.location, &reason);
            }
        }
    }
    renewed
}

/// Cuts the documents into batches, each of which becomes one transaction.
struct Batches<'a, I: Iterator<Item = i64>> {
    lookup: &'a Lookup,
    ids: std::iter::Peekable<I>,
}

impl<I: Iterator<Item = i64>> Iterator for Batches<'_, I> {
    type Item = Result<Vec<Standing>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.ids.peek()?;
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < DOCUMENTS && bytes < BYTES {
            let Some(id) = self.ids.next() else { break };
            match self.lookup.standing(id) {
                Ok(Some(standing)) => {
                    bytes += standing.bytes;
                    batch.push(standing);
                }
                Ok(None) => {}
                Err(error) => return Some(Err(error)),
            }
        }
        Some(Ok(batch))
    }
}

/// Reads the documents of a batch on all cores.
fn read(
    lookup: &Lookup,
    batch: Vec<Standing>,
    again: &Again,
    listener: &dyn Listener,
) -> Vec<(Standing, Fate)> {
    if let Some(first) = batch.first() {
        listener.reading(&first.place.location);
    }
    let with_bytes: Vec<(Standing, Result<Vec<u8>, String>)> = batch
        .into_iter()
        .map(|standing| {
            let bytes = bytes_of(lookup, &standing);
            (standing, bytes)
        })
        .collect();
    let read = |(standing, bytes): (Standing, Result<Vec<u8>, String>)| {
        let fate = match bytes {
            Ok(bytes) => fate(&standing, &bytes, again),
            Err(reason) => Fate::Kept(reason),
        };
        (standing, fate)
    };
    with_bytes.into_par_iter().map(read).collect()
}

/// The bytes of a document: its original, else a file where it was seen that still has them.
fn bytes_of(lookup: &Lookup, standing: &Standing) -> Result<Vec<u8>, String> {
    let is_right = |bytes: &Vec<u8>| fingerprint::digest(bytes).to_string() == standing.digest;
    let mut bytes = Vec::new();
    match lookup.copy_original(&standing.digest, &mut bytes) {
        Ok(true) if is_right(&bytes) => return Ok(bytes),
        Ok(false) => {}
        _ => return Err("its original is damaged (see `fonds repair`)".to_owned()),
    }
    let mut files = standing.files.iter();
    let found = files
        .find_map(|path| prepare::read(path, standing.bytes, standing.bytes).ok().filter(is_right));
    found.ok_or_else(|| {
        "its original is not kept and no file has its bytes any more; ingest them again first"
            .to_owned()
    })
}

fn fate(standing: &Standing, bytes: &[u8], again: &Again) -> Fate {
    let name = reading_name(standing);
    let format = format_of(standing, &name, bytes);
    let is_newer = standing
        .reader
        .as_ref()
        .is_none_or(|(reader, version)| reader != format.name || *version < format.version);
    if again.documents.is_none() && !is_newer {
        return Fate::Current;
    }
    let mut options = options(standing.told_encoding.as_deref(), &standing.options);
    match again.encoding {
        EncodingChoice::Before => {}
        EncodingChoice::FoundOut => options.encoding = None,
        EncodingChoice::Told(codec) => options.encoding = Some(codec),
    }
    let input = Input { bytes, name: &name, options: &options };
    if standing.reader.is_some() && holds_many(format, standing, &input) {
        let next = "ingest its file again to have its records as documents";
        return Fate::Kept(format!("is read as {} records now: {next}", format.name));
    }
    let text = match read_text(&again.readers, format, &input, &standing.statements) {
        Reading::Text(text) => *text,
        Reading::Before => return Fate::Current,
        Reading::Nothing(reason) => return without_text(standing, again, reason),
    };
    if let Some(reason) = worse(standing, &text, again) {
        return Fate::Kept(reason);
    }
    Fate::Renewed(Box::new(Renewed {
        document_id: standing.id,
        file_name: file_name(&standing.place),
        media_type: format.media_type,
        text,
    }))
}

fn without_text(standing: &Standing, again: &Again, reason: String) -> Fate {
    match (&standing.reader, &again.documents) {
        (None, None) => Fate::Unreadable,
        (None, Some(_)) => Fate::Kept(reason),
        (Some(_), _) => Fate::Kept(format!("keeps its reading, for the new one failed: {reason}")),
    }
}

/// Why a new reading is not to take the place of the old one, if so.
fn worse(standing: &Standing, text: &Text, again: &Again) -> Option<String> {
    let (before, replaced) = (standing.replaced, text.replaced());
    let is_wanted = matches!(again.encoding, EncodingChoice::Told(_));
    (standing.reader.is_some() && replaced > before && !is_wanted).then(|| {
        format!(
            "keeps its reading: the new one could not decode {replaced} byte sequences instead of {before}"
        )
    })
}

/// Whether the bytes would arrive as many documents today. A record or row on its own is one.
fn holds_many(format: &Format, standing: &Standing, input: &Input<'_>) -> bool {
    match format.holds {
        _ if is_record(standing) => false,
        Holds::OneDocument => false,
        Holds::Records => true,
        Holds::Rows(rows) => rows(input).is_some(),
    }
}

/// The name of a member inside its container.
fn member(standing: &Standing) -> Option<&str> {
    standing.place.container.as_ref()?;
    standing.place.location.rsplit_once('!').map(|(_, member)| member)
}

/// Whether the document is a record that is called by its line.
fn is_record(standing: &Standing) -> bool {
    let is_line = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    let ending = standing.kept_ending.as_deref();
    member(standing).is_some_and(is_line)
        && (matches!(ending, Some(".json" | ".csv"))
            || matches!(&standing.reader, Some((name, _)) if name == "jsonl" || name == "csv"))
}

/// A record is in the format of its container, as it was; all else is what it looks like today.
fn format_of(standing: &Standing, name: &str, bytes: &[u8]) -> &'static Format {
    let settled = || match (&standing.reader, standing.kept_ending.as_deref()) {
        (Some((reader, _)), _) => format::called(reader),
        (None, Some(".csv")) => format::called("csv"),
        (None, _) => format::called("jsonl"),
    };
    let settled = if is_record(standing) { settled() } else { None };
    settled.unwrap_or_else(|| format::of(name, bytes))
}

/// The name that a document was read by: that of its file or its place in its container, with the ending
/// that its original keeps, as a page from the web may have got it from its media type.
fn reading_name(standing: &Standing) -> String {
    let name = member(standing).unwrap_or(&standing.place.location);
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match standing.kept_ending.as_deref() {
        Some(ending) if !name.to_ascii_lowercase().ends_with(ending) => format!("{name}{ending}"),
        _ => name.to_owned(),
    }
}

//! Paths to rows: walks, reads, prepares on all cores, and writes with one writer.
//!
//! Three stages run side by side, a batch in each: the walk finds paths, `prepare` reads, hashes and
//! parses them, the archive writes them. The order of the walk is the order of the ledger, however
//! many cores there are. Nothing is acknowledged before its transaction is committed.

mod batch;
mod containers;
mod inside;
mod isolation;
mod location;
mod offer;
mod prepare;
mod renew;
mod reread;
mod rules;
mod unchanged;
mod walk;

pub use isolation::{Allowance, Isolation, Program, Readers, serve};
pub use renew::{Again, EncodingChoice, Reread, renew};
pub use reread::reread;
pub use rules::{BadPattern, Rules};

use crate::dedup::{self, Scope};
use crate::format;
use crate::model::{Counts, State};
use crate::store::{Accession, Archive, Arrival, Fate, Reading, now};
use anyhow::{Context, Result};
use batch::Batches;
use offer::Offer;
use prepare::Preparer;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use walk::Walk;

/// What to ingest and how.
pub struct Request {
    /// Files and folders, or `-` for the standard input.
    pub paths: Vec<PathBuf>,
    /// What the standard input is called.
    pub stdin_name: String,
    /// What is left out.
    pub rules: Rules,
    /// How formats are read.
    pub format: format::Options,
    /// What reads them.
    pub readers: Readers,
    /// Whether the original bytes are kept in the archive.
    pub keep_originals: bool,
    /// Whether files are read that look as they did when they were read last.
    pub verify: bool,
    /// Which documents are looked at for what they are to each other, when all are stored.
    pub settle: Scope,
    /// The same as JSON, for the accession's row.
    pub as_json: String,
}

/// Hears what happens while it happens.
pub trait Listener: Sync {
    /// A path could not be read, or was left out for a reason the user may not expect.
    fn problem(&self, location: &str, reason: &str);
    /// Work on this path begins.
    fn reading(&self, location: &str);
    /// These counts are committed.
    fn committed(&self, counts: &Counts);
    /// Everything is stored, and so many of so many steps are done in working out how documents relate.
    fn relating(&self, _done: usize, _steps: usize) {}
}

/// How an accession ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// The accession's number.
    pub accession_id: i64,
    /// What became of everything that was offered.
    pub counts: Counts,
    /// Whether it was done or interrupted.
    pub state: State,
    /// Documents in the archive that were read by an older reader than today's; asked only where known
    /// bytes were met.
    pub outdated: u64,
}

/// Offers the paths of the request to the archive.
///
/// `interrupted` is looked at between batches: set, the ingest ends after the batch it is writing.
///
/// # Errors
/// When the archive cannot be written. What was committed before stays, and the accession is marked
/// as failed where that is still possible. Paths that cannot be read are no errors: they are in the
/// ledger and told to the listener.
pub fn ingest(
    mut archive: Archive,
    path: &Path,
    request: &Request,
    interrupted: &AtomicBool,
    listener: &dyn Listener,
) -> Result<Report> {
    let mut accession = archive.begin(&now(), &request.as_json)?;
    let preparer = Preparer::new(path, request)?;
    let walk = Walk::new(request, path)?;
    let written: Result<()> = thread::scope(|scope| {
        // Room for one batch between two stages: memory stays that of a few batches.
        let (offers, offered) = sync_channel::<Vec<Offer>>(1);
        let (arrivals, arrived) = sync_channel::<Result<Vec<Arrival>>>(1);
        scope.spawn(move || send_batches(walk, &offers, interrupted));
        scope.spawn(move || prepare_batches(&preparer, &offered, &arrivals, listener));
        write_batches((&mut archive, &mut accession), &arrived, interrupted, listener)
    });
    let state = match &written {
        Err(_) => State::Failed,
        Ok(()) if interrupted.load(Ordering::Relaxed) => State::Interrupted,
        Ok(()) => State::Done,
    };
    let settled = archive.merge(&accession).and_then(|()| match &written {
        Ok(()) if accession.counts.stored > 0 || !archive.is_settled()? => {
            let progress = &mut |done, steps| listener.relating(done, steps);
            dedup::settle_added(&mut archive, request.settle, progress).map(|_| ())
        }
        _ => Ok(()),
    });
    let outdated = match accession.counts.known {
        0 => Ok(0),
        _ => archive.outdated(is_current),
    };
    let finished = archive.finish(&accession, &now(), state);
    let stopped =
        || format!("stopped; the {} documents stored before are safe", accession.counts.stored);
    written.with_context(stopped)?;
    let counts = finished?;
    settled
        .context("everything is stored, but how the documents relate could not be worked out")?;
    let outdated = outdated
        .context("everything is stored, but what older readers read could not be counted")?;
    Ok(Report { accession_id: accession.id, counts, state, outdated })
}

/// Whether a reader, by its name, has this version still.
fn is_current(reader: &str, version: u32) -> bool {
    format::called(reader).is_some_and(|format| format.version <= version)
}

fn send_batches(walk: Walk, offers: &SyncSender<Vec<Offer>>, interrupted: &AtomicBool) {
    for batch in Batches::new(walk) {
        // The receiver is gone when the writer has stopped.
        if interrupted.load(Ordering::Relaxed) || offers.send(batch).is_err() {
            return;
        }
    }
}

fn prepare_batches(
    preparer: &Preparer<'_>,
    offered: &Receiver<Vec<Offer>>,
    arrivals: &SyncSender<Result<Vec<Arrival>>>,
    listener: &dyn Listener,
) {
    for batch in offered {
        if let Some(offer) = batch.first() {
            listener.reading(&offer.place.location);
        }
        if arrivals.send(preparer.prepare(batch)).is_err() {
            return;
        }
    }
}

/// Writes batches as they arrive: those that are ready, in one transaction. Nobody is told before it is
/// committed.
fn write_batches(
    (archive, accession): (&mut Archive, &mut Accession),
    arrived: &Receiver<Result<Vec<Arrival>>>,
    interrupted: &AtomicBool,
    listener: &dyn Listener,
) -> Result<()> {
    // To wait for the next batch with a transaction open would keep others from writing.
    while let Ok(first) = arrived.recv() {
        let mut writing = archive.writing(accession)?;
        let mut problems = Vec::new();
        let mut failure = None;
        let mut next = Some(first);
        while let Some(batch) = next.take() {
            match batch {
                Ok(batch) => {
                    writing.add(&now(), &batch)?;
                    problems.extend(batch.iter().filter_map(problem));
                }
                Err(error) => failure = Some(error),
            }
            let is_over = failure.is_some() || interrupted.load(Ordering::Relaxed);
            if !is_over && !writing.is_enough() {
                next = arrived.try_recv().ok();
            }
        }
        writing.commit(accession)?;
        for (location, reason) in &problems {
            listener.problem(location, reason);
        }
        listener.committed(&accession.counts);
        failure.map_or(Ok(()), Err)?;
        if interrupted.load(Ordering::Relaxed) {
            return Ok(());
        }
    }
    Ok(())
}

/// Where and why a path was not stored, unless a rule of the user's left it out.
fn problem(arrival: &Arrival) -> Option<(String, String)> {
    let reason = match &arrival.fate {
        Fate::Failed(reason) => reason.clone(),
        Fate::Skipped(reason) if !rules::is_expected(reason) => format!("skipped: {reason}"),
        Fate::Document(document) => match &document.reading {
            Reading::Nothing(reason) => reason.clone(),
            _ => return None,
        },
        Fate::Container(_) | Fate::Skipped(_) | Fate::Unchanged(_) => return None,
    };
    Some((arrival.place.location.clone(), reason))
}

//! What a disk may hold after a power cut: everything that was synced, and of the rest any part, in
//! any order, torn at any sector.

use crate::random::Random;
use crate::shim::Event;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Files by their paths.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The sector that a disk writes whole or not at all.
const SECTOR: usize = 512;

#[derive(Clone, Debug)]
enum Pending {
    Write(u64, Vec<u8>),
    Truncate(u64),
}

#[derive(Clone, Debug, Default)]
struct Kept {
    /// What is lasting; `None` where not even the name is.
    lasting: Option<Vec<u8>>,
    /// Whether the name is there as long as there is power.
    is_there: bool,
    pending: Vec<Pending>,
    /// The file that had this name before, as long as its removal is not lasting.
    before: Option<Vec<u8>>,
}

/// A disk, as the events of a record change it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk(BTreeMap<PathBuf, Kept>);

impl Disk {
    /// A disk on which these files are lasting.
    pub(crate) fn new(files: &Files) -> Self {
        let kept = |bytes: &Vec<u8>| Kept {
            lasting: Some(bytes.clone()),
            is_there: true,
            ..Kept::default()
        };
        Self(files.iter().map(|(path, bytes)| (path.clone(), kept(bytes))).collect())
    }

    pub(crate) fn see(&mut self, event: &Event) {
        match event {
            Event::Create(path) => {
                let before = self.0.remove(path).and_then(|old| old.lasting.or(old.before));
                let file = Kept { is_there: true, before, ..Kept::default() };
                self.0.insert(path.clone(), file);
            }
            Event::Write(path, at, bytes) => {
                let pending = Pending::Write(*at, bytes.clone());
                self.0.entry(path.clone()).or_default().pending.push(pending);
            }
            Event::Truncate(path, size) => {
                let pending = Pending::Truncate(*size);
                self.0.entry(path.clone()).or_default().pending.push(pending);
            }
            Event::Sync(path) => {
                let file = self.0.entry(path.clone()).or_default();
                let is_new = file.lasting.is_none();
                let mut bytes = file.lasting.take().unwrap_or_default();
                file.pending.drain(..).for_each(|pending| apply(&mut bytes, &pending));
                file.lasting = Some(bytes);
                // SQLite syncs the folder with the first sync of a new log.
                if is_new {
                    self.sync_folder();
                }
            }
            Event::Delete(path, is_lasting) => {
                if let Some(file) = self.0.get_mut(path) {
                    file.is_there = false;
                }
                if *is_lasting {
                    self.sync_folder();
                }
            }
            Event::Mark(_) => {}
        }
    }

    fn sync_folder(&mut self) {
        self.0.retain(|_, file| file.is_there);
        for file in self.0.values_mut() {
            file.lasting.get_or_insert_default();
            file.before = None;
        }
    }

    /// The files as the processes see them: what is left when a process is killed.
    pub(crate) fn after_kill(&self) -> Files {
        let mut files = Files::new();
        for (path, file) in self.0.iter().filter(|(_, file)| file.is_there) {
            let mut bytes = file.lasting.clone().unwrap_or_default();
            file.pending.iter().for_each(|pending| apply(&mut bytes, pending));
            files.insert(path.clone(), bytes);
        }
        files
    }

    /// What may be left when the power is cut.
    pub(crate) fn after_cut(&self, random: &mut Random) -> Files {
        let style = random.below(5);
        let mut files = Files::new();
        for (path, file) in &self.0 {
            // A name that was made or removed since the folder was synced may or may not be there.
            let was_there = file.lasting.is_some();
            let is_there =
                if was_there == file.is_there { was_there } else { random.below(2) == 0 };
            if !is_there {
                if let Some(before) = file.before.clone().filter(|_| random.below(2) == 0) {
                    files.insert(path.clone(), before);
                }
                continue;
            }
            let mut bytes = file.lasting.clone().unwrap_or_default();
            let mut pending: Vec<&Pending> = file.pending.iter().collect();
            if style == 4 {
                for at in (1..pending.len()).rev() {
                    pending.swap(at, random.below(at + 1));
                }
            }
            for pending in pending {
                match style {
                    0 => {}
                    1 => apply(&mut bytes, pending),
                    2 | 4 if random.below(2) == 0 => apply(&mut bytes, pending),
                    3 => tear(&mut bytes, pending, random),
                    _ => {}
                }
            }
            files.insert(path.clone(), bytes);
        }
        files
    }
}

fn apply(bytes: &mut Vec<u8>, pending: &Pending) {
    match pending {
        Pending::Write(at, written) => {
            let at = *at as usize;
            if bytes.len() < at + written.len() {
                bytes.resize(at + written.len(), 0);
            }
            bytes[at..at + written.len()].copy_from_slice(written);
        }
        Pending::Truncate(size) => bytes.resize(*size as usize, 0),
    }
}

/// Applies some sectors of a write.
fn tear(bytes: &mut Vec<u8>, pending: &Pending, random: &mut Random) {
    let Pending::Write(at, written) = pending else {
        if random.below(2) == 0 {
            apply(bytes, pending);
        }
        return;
    };
    let mut from = 0;
    while from < written.len() {
        let start = *at as usize + from;
        let count = (SECTOR - start % SECTOR).min(written.len() - from);
        if random.below(2) == 0 {
            let part = written[from..from + count].to_vec();
            apply(bytes, &Pending::Write(start as u64, part));
        }
        from += count;
    }
}

/// The record without the syncs that `synchronous = NORMAL` leaves out: those of the log at the end
/// of a transaction. Before a checkpoint writes to the archive, the log is still synced.
pub(crate) fn weakened(events: &[Event]) -> Vec<Event> {
    let is_log = |path: &PathBuf| path.to_string_lossy().ends_with("-wal");
    let is_checkpoint = |at: usize| {
        let next = events[at + 1..].iter().find(|event| !matches!(event, Event::Mark(_)));
        matches!(next, Some(Event::Write(path, ..)) if !is_log(path))
    };
    let is_kept = |(at, event): &(usize, &Event)| !matches!(event, Event::Sync(path) if is_log(path) && !is_checkpoint(*at));
    events.iter().enumerate().filter(is_kept).map(|(_, event)| event.clone()).collect()
}

/// The record without any sync.
pub(crate) fn without_syncs(events: &[Event]) -> Vec<Event> {
    events.iter().filter(|event| !matches!(event, Event::Sync(_))).cloned().collect()
}

//! What happened in one run of `ingest`, path by path.

/// What became of a path that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Its bytes were new: a document was added.
    Stored,
    /// Its bytes were in the archive already.
    Known,
    /// It holds other documents, which have rows of their own.
    Container,
    /// A rule leaves it out.
    Skipped,
    /// It could not be read; the reason says why.
    Failed,
}

impl Outcome {
    /// The word stored in the ledger.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Stored => "stored",
            Outcome::Known => "known",
            Outcome::Container => "container",
            Outcome::Skipped => "skipped",
            Outcome::Failed => "failed",
        }
    }
}

/// How an accession stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Under way, or cut off by a crash.
    Open,
    /// Everything offered was dealt with.
    Done,
    /// Stopped by the user; what was acknowledged is stored.
    Interrupted,
    /// Stopped by an error; what was acknowledged is stored.
    Failed,
}

impl State {
    /// The word stored in the archive.
    pub const fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Done => "done",
            State::Interrupted => "interrupted",
            State::Failed => "failed",
        }
    }
}

/// Where bytes were seen.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Place {
    /// The place as it is shown: an absolute path, `-`, or `container!member`.
    pub location: String,
    /// The exact bytes of the path, where `location` cannot show them (a name that is not UTF-8).
    pub raw: Option<Vec<u8>>,
    /// The location of the container, for a member of one.
    pub container: Option<String>,
    /// When the file was last changed: UTC, ISO 8601, whole seconds; `None` where unknown.
    pub modified_at: Option<String>,
    /// What the file looked like when it was listed; `None` where that would not show a change.
    pub stamp: Option<Stamp>,
}

/// The name, size and times of a file as one number: 8 bytes of their SHA-256.
pub type Stamp = u64;

/// A run of paths that were not read, because their files look as they did when they were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The accession that read them.
    pub accession_id: i64,
    /// The row that the first of them has in its ledger; the others follow.
    pub ordinal: i64,
    /// How many they are: one for a file, more for a container, whose members come before it.
    pub paths: i64,
    /// How many of them are containers.
    pub containers: i64,
}

/// How many paths met which outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Counts {
    /// Documents added.
    pub stored: u64,
    /// Paths whose bytes were in the archive already.
    pub known: u64,
    /// How many of the known were not read, because they have not changed.
    pub unchanged: u64,
    /// Paths left out by a rule.
    pub skipped: u64,
    /// Paths that could not be read.
    pub failed: u64,
    /// Containers opened.
    pub containers: u64,
    /// Places where a document had not been seen before.
    pub sightings: u64,
}

impl Counts {
    /// Counts one path.
    pub fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Stored => self.stored += 1,
            Outcome::Known => self.known += 1,
            Outcome::Container => self.containers += 1,
            Outcome::Skipped => self.skipped += 1,
            Outcome::Failed => self.failed += 1,
        }
    }
}

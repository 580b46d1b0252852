//! Exit statuses: one number for each meaning, and what becomes which.

use super::message;
use crate::store::Refusal;
use std::fmt;
use std::io;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done; an empty result is done too.
    Done = 0,
    /// Failed.
    Failed = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// Finished, but some inputs could not be read.
    SomeInputsFailed = 3,
    /// A check found damage.
    Damaged = 4,
    /// The query was refused, because it could do more than read.
    Refused = 5,
    /// The query was stopped by a limit.
    Stopped = 6,
    /// The archive is not there or is no archive.
    NoArchive = 10,
    /// The archive is locked, read-only or newer than the program.
    Unavailable = 11,
    /// Interrupted by the user.
    Interrupted = 130,
}

/// A command ended with a message and a status of its own.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) exit: Exit,
    pub(super) message: String,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Ended {}

/// The statuses, as `--help` lists them.
pub(super) const HELP: &str = "\
Exit status:
    0  done (an empty result is done)
    1  failed
    2  the command line was not understood
    3  finished, but some inputs could not be read
    4  check found damage
    5  query refused: it would write
    6  query stopped by a limit
   10  no archive there
   11  archive locked, read-only or newer than this program
  130  interrupted";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Prints an error with its advice and tells the status it ends the program with.
pub(super) fn report(error: &anyhow::Error) -> Exit {
    if is_closed_pipe(error) {
        return Exit::Done;
    }
    message::error(&format!("{error:#}"));
    if let Some(ended) = error.downcast_ref::<Ended>() {
        return ended.exit;
    }
    let Some(refusal) = error.downcast_ref::<Refusal>() else { return Exit::Failed };
    message::hint(refusal.hint());
    match refusal {
        Refusal::Moved(_) => Exit::Failed,
        Refusal::Missing(_) | Refusal::NotAnArchive(..) | Refusal::OrphanLog(..) => Exit::NoArchive,
        Refusal::Newer(..) | Refusal::Locked(_) | Refusal::ReadOnly(..) | Refusal::Altered(..) => {
            Exit::Unavailable
        }
    }
}

/// Whether the reader of our output went away, as `head` does when it has enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::{Context, Result};
    use std::path::PathBuf;

    #[test]
    fn a_refusal_has_its_status_through_any_context() {
        let refused: Result<()> = Err(Refusal::Locked(PathBuf::from("a.db")).into());
        assert_eq!(report(&refused.context("cannot begin").unwrap_err()), Exit::Unavailable);
        let ended = Ended { exit: Exit::Stopped, message: "out of time".to_owned() };
        assert_eq!(report(&ended.into()), Exit::Stopped);
        let refused = Refusal::Missing(PathBuf::from("a.db")).into();
        assert_eq!(report(&refused), Exit::NoArchive);
        assert_eq!(report(&anyhow::anyhow!("disk full")), Exit::Failed);
    }

    #[test]
    fn a_closed_pipe_is_a_quiet_success() {
        let closed = io::Error::from(io::ErrorKind::BrokenPipe);
        assert_eq!(report(&anyhow::Error::new(closed).context("cannot write")), Exit::Done);
    }
}

//! Runs one statement of the user's own on a connection that cannot write, row by row into a sink.
//!
//! It never holds more than one row, never shortens a result without telling, and leaves the archive
//! and its folder as they were.

use super::advice;
use super::clock::Clock;
use super::complaint::{Complaint, Fault, Stop};
use super::functions;
use super::guard::{self, Denial, Denials, LONGEST_SQL, Limits};
use super::header::{self, Refusal};
use super::parameters;
use super::patience::Patience;
use super::tokens::{Token, place_of, tokens};
use crate::model::{Flow, Sink, Value};
use anyhow::Context;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, InterruptHandle, Row};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// An archive opened for questions.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    path: PathBuf,
    clock: Arc<Clock>,
    denials: Denials,
}

/// How a query ended that ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selected {
    /// Rows that went into the sink.
    pub rows: u64,
    /// Whether the statement had more to give, and who did not want it.
    pub cut: Option<Cut>,
}

/// Who did not want more rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The caller, by `max_rows`.
    MaxRows,
    /// The sink had enough.
    Sink,
}

/// Ends the running query from another thread.
pub struct Interrupt {
    handle: InterruptHandle,
    clock: Arc<Clock>,
}

impl Interrupt {
    /// Ends the query that runs, and any that would follow. Some functions of SQLite take no notice
    /// for minutes (`instr`, `replace` on long texts): a caller who cannot wait ends the process.
    pub fn interrupt(&self) {
        self.clock.interrupt();
        self.handle.interrupt();
    }
}

/// Tells another thread how much time the running query has left.
#[derive(Clone, Debug)]
pub struct Watch(Arc<Clock>);

impl Watch {
    /// How long from now the time can be up at the earliest; `None` while there is no limit.
    pub fn remaining(&self) -> Option<Duration> {
        self.0.remaining()
    }

    /// How long the time has been up.
    pub fn overdue(&self) -> Duration {
        self.0.overdue()
    }
}

impl Reader {
    /// Opens the archive so that nothing can be written through it.
    ///
    /// # Errors
    /// A [`Refusal`] when there is no archive, it is of a newer program, or it is locked for longer than
    /// this program waits; else whatever keeps the file from being read.
    pub fn open(path: &Path, limits: &Limits) -> anyhow::Result<Self> {
        header::existing(path)?;
        let clock = Arc::new(Clock::new(limits.time));
        let mut connection = guard::open(path, limits).map_err(|error| opening(path, error))?;
        // The first look at the file: a damaged, locked or half-written one is refused here.
        connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
            .map_err(|error| opening(path, error))?;
        guard::stand_in(&connection).map_err(|error| opening(path, error))?;
        let patience = Patience::new(&clock, limits.memory);
        functions::register(&connection, &patience).context("cannot set up the SQL functions")?;
        let denials =
            guard::lock(&mut connection, &clock).context("cannot guard the connection")?;
        Ok(Reader { connection, path: path.to_owned(), clock, denials })
    }

    /// A handle that ends the running query from another thread.
    pub fn interrupt_handle(&self) -> Interrupt {
        Interrupt { handle: self.connection.get_interrupt_handle(), clock: Arc::clone(&self.clock) }
    }

    /// A view of the deadline for another thread.
    pub fn watch(&self) -> Watch {
        Watch(Arc::clone(&self.clock))
    }

    /// Runs the one statement in `sql` and hands its rows to the sink, at most `max_rows` of them.
    ///
    /// Parameters are named without their sign: `words` fills `:words`, `@words` and `$words`. Each
    /// must be used, and each that is used must be given.
    ///
    /// # Errors
    /// See [`Complaint`]. Rows may have gone into the sink before it.
    pub fn select(
        &self,
        sql: &str,
        parameters: &[(String, Value)],
        max_rows: Option<u64>,
        sink: &mut dyn Sink,
    ) -> Result<Selected, Complaint> {
        check_text(sql)?;
        self.denials.take();
        self.clock.start();
        let selected = self.run(sql, parameters, max_rows, sink);
        let selected = match selected {
            Ok(selected) => Ok(selected),
            Err(Failure::Complaint(complaint)) => Err(complaint),
            Err(Failure::Prepare(error)) => Err(self.complain(sql, error, true)),
            Err(Failure::Step(error)) => Err(self.complain(sql, error, false)),
        };
        self.clock.stop();
        selected
    }

    fn run(
        &self,
        sql: &str,
        parameters: &[(String, Value)],
        max_rows: Option<u64>,
        sink: &mut dyn Sink,
    ) -> Result<Selected, Failure> {
        let mut statement = self.connection.prepare(sql).map_err(Failure::Prepare)?;
        if !statement.readonly() || statement.column_count() == 0 {
            return Err(refused(sql, Denial::unknown()).into());
        }
        parameters::bind(&mut statement, sql, parameters)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.raw_query();
        let mut row = rows.next().map_err(Failure::Step)?;
        // Only now: a query that fails at once must not look like one that found nothing.
        let mut flow = self.outside(|| sink.columns(&names))?;
        let mut cells = Vec::with_capacity(names.len());
        let mut count = 0;
        while let Some(found) = row {
            let is_full = max_rows.is_some_and(|most| count >= most);
            if is_full || flow == Flow::Enough {
                let cut = if is_full { Cut::MaxRows } else { Cut::Sink };
                return Ok(Selected { rows: count, cut: Some(cut) });
            }
            if self.clock.is_interrupted() {
                return Err(Complaint::Interrupted.into());
            }
            read_cells(found, names.len(), &mut cells).map_err(Failure::Step)?;
            flow = self.outside(|| sink.row(&cells))?;
            count += 1;
            row = rows.next().map_err(Failure::Step)?;
        }
        Ok(Selected { rows: count, cut: None })
    }

    /// Does something that is not the query's work, and takes no time from it.
    fn outside(&self, work: impl FnOnce() -> io::Result<Flow>) -> Result<Flow, Complaint> {
        self.clock.pause();
        let flow = work();
        self.clock.resume();
        flow.map_err(Complaint::Output)
    }

    /// What an error of SQLite means to the user.
    fn complain(&self, sql: &str, error: rusqlite::Error, preparing: bool) -> Complaint {
        // An inner statement of a table-valued function may report the interruption in other words,
        // so the clock is asked before the error.
        if self.clock.is_interrupted() {
            return Complaint::Interrupted;
        }
        if self.clock.is_overdue() {
            return Complaint::Stopped(Stop::Time);
        }
        // Advice asks the schema, which must not end as the query did but may be hostile too.
        self.clock.start();
        // FTS5 may be denied something it can do without, which is no reason to blame the statement.
        if let Some(denial) = self.denials.take().filter(|_| is_authorization(&error)) {
            return refused(sql, denial);
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::OutOfMemory) => Complaint::Stopped(Stop::Memory),
            Some(ErrorCode::TooBig) => Complaint::Stopped(Stop::Size),
            Some(ErrorCode::OperationInterrupted) => Complaint::Interrupted,
            _ if is_authorization(&error) => refused(sql, Denial::unknown()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Complaint::Archive(Refusal::Locked(self.path.clone()))
            }
            Some(ErrorCode::ReadOnly) => refused(sql, Denial::unknown()),
            Some(ErrorCode::DatabaseCorrupt) => Complaint::Wrong(damaged(&self.path, &error)),
            _ => Complaint::Wrong(advice::explain(&self.connection, sql, error, preparing)),
        }
    }
}

/// What went wrong inside [`Reader::run`], and when: SQLite's messages mean different things while a
/// statement is read and while it runs.
enum Failure {
    Complaint(Complaint),
    Prepare(rusqlite::Error),
    Step(rusqlite::Error),
}

impl From<Complaint> for Failure {
    fn from(complaint: Complaint) -> Self {
        Failure::Complaint(complaint)
    }
}

/// A refused function is reported as an ordinary error, so the words are looked at too.
fn is_authorization(error: &rusqlite::Error) -> bool {
    let text = error.to_string();
    error.sqlite_error_code() == Some(ErrorCode::AuthorizationForStatementDenied)
        || ["not authorized", "authorization denied", "prohibited", "may not be modified"]
            .iter()
            .any(|words| text.contains(words))
}

/// Damage that a query has met: other queries may still be answered.
fn damaged(path: &Path, error: &rusqlite::Error) -> Fault {
    let hint = "`fonds check` tells what is hurt, `fonds repair --into NEW` takes what can be read";
    let message = format!("{} is damaged: {error}", path.display());
    Fault { message, offset: None, hint: Some(hint.to_owned()) }
}

fn refused(sql: &str, denial: Denial) -> Complaint {
    refused_at(place_of(sql, &denial.name), denial)
}

fn refused_at(offset: Option<usize>, denial: Denial) -> Complaint {
    let message = format!("this statement is refused: {}", denial.reason);
    Complaint::Refused(Fault { message, offset, hint: Some(denial.hint) })
}

/// Refuses what must not even be shown to SQLite, which reads no further than a NUL and would run
/// the half before it.
fn check_text(sql: &str) -> Result<(), Complaint> {
    if let Some(offset) = sql.find('\0') {
        let denial = Denial::whole("a NUL byte stands in it", "take the NUL byte out");
        return Err(refused_at(Some(offset), denial));
    }
    let wrong = |message: String, hint: &str| {
        let hint = Some(hint.to_owned());
        Err(Complaint::Wrong(Fault { message, offset: None, hint }))
    };
    if sql.len() > LONGEST_SQL {
        let message = format!("the statement has {} bytes, {LONGEST_SQL} are allowed", sql.len());
        return wrong(message, "pass long values with --param");
    }
    let tokens = tokens(sql);
    let mut statements =
        tokens.split(|token| token.is(sql, ";")).filter(|statement| !statement.is_empty());
    if statements.next().is_none() {
        let example = "write one, such as: SELECT * FROM document";
        return wrong("the statement is empty".to_owned(), example);
    }
    let Some(second) = statements.next().and_then(<[Token]>::first) else { return Ok(()) };
    let denial =
        Denial::whole("a second statement follows the first", "give one statement at a time");
    Err(refused_at(Some(second.span.start), denial))
}

fn read_cells(row: &Row<'_>, count: usize, cells: &mut Vec<Value>) -> rusqlite::Result<()> {
    cells.clear();
    for index in 0..count {
        cells.push(match row.get_ref(index)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(integer) => Value::Integer(integer),
            ValueRef::Real(real) => Value::Real(real),
            // SQL can cast any bytes to text.
            ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
            ValueRef::Blob(bytes) => Value::Blob(bytes.to_owned()),
        });
    }
    Ok(())
}

/// An error while the file is opened, in the words of the archive.
pub(super) fn opening(path: &Path, error: rusqlite::Error) -> anyhow::Error {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Refusal::Locked(path).into(),
        Some(ErrorCode::NotADatabase) => {
            Refusal::NotAnArchive(path, "it only begins like an SQLite database").into()
        }
        Some(ErrorCode::ReadOnly) => {
            let why = "a write was cut off, and its log can only be worked in by writing";
            Refusal::ReadOnly(path, why.to_owned()).into()
        }
        Some(ErrorCode::CannotOpen) if has_log(&path) => {
            let why = "its log is there, and reading it takes a file beside it";
            Refusal::ReadOnly(path, why.to_owned()).into()
        }
        _ => anyhow::Error::new(error).context(format!("cannot read {}", path.display())),
    }
}

fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    Path::new(&log).exists()
}

#[cfg(test)]
#[path = "select_tests.rs"]
mod tests;

//! From SQL to rows on the user's screen: the way of every command that answers with rows.
//!
//! Every such command goes through one function, so that each has the same limits, formats, messages and
//! exit statuses, and none has a way to the archive that could write.

use super::exit::{Ended, Exit};
use super::{Global, message};
use crate::model::{Sink, Value};
use crate::output;
use crate::store::{Complaint, Cut, Interrupt, Limits, Reader, Selected, Stop, Watch};
use crate::text::printable::printable;
use anyhow::{Context, Result, bail};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::thread;
use std::time::Duration;

/// How long a query may go on after it was told to stop. Some of SQLite's functions take no notice
/// for minutes (`instr` and `replace` on long texts), so the process is ended then: it only reads.
const GRACE: Duration = Duration::from_secs(1);

/// Rows of a table that nobody asked to be longer.
const TABLE_ROWS: u64 = 100_000;

/// Width of a terminal that does not tell its own.
const USUAL_WIDTH: usize = 80;

/// Options of every command that answers with rows.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct RowOptions {
    /// Form of the rows [default: table on a terminal, csv in a pipe or file]
    #[arg(short, long, value_parser = clap::builder::PossibleValuesParser::new(output::names()))]
    format: Option<String>,

    /// Stop after this many seconds of work; 0 is no limit
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    timeout: Duration,

    /// Show at most this many rows, and say so where there are more; 0 is no limit [default: 100000
    /// for table, none for others]
    #[arg(long, value_name = "N")]
    max_rows: Option<u64>,

    /// Stop when the query needs more memory than this many MiB; 0 is no limit
    #[arg(long, value_name = "MIB", default_value_t = 240)]
    max_memory: u64,
}

impl RowOptions {
    /// Whether a form of the rows was asked for, where a command has a layout of its own.
    pub(super) fn is_chosen(&self) -> bool {
        self.format.is_some()
    }

    fn limits(&self) -> Limits {
        Limits {
            time: (self.timeout > Duration::ZERO).then_some(self.timeout),
            memory: self.max_memory.saturating_mul(1 << 20),
        }
    }
}

/// Options of a command that is made of SQL of our own.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct NamedOptions {
    #[command(flatten)]
    pub(super) rows: RowOptions,

    /// Print the SQL of this command instead of running it
    #[arg(long)]
    pub(super) sql: bool,
}

/// Runs one statement on the archive and writes its rows to standard output.
///
/// # Errors
/// When the archive cannot be opened or read, or the statement did not run to its end.
pub(super) fn run(
    global: &Global,
    sql: &str,
    parameters: &[(String, Value)],
    options: &RowOptions,
) -> Result<Exit> {
    let terminal = io::stdout().is_terminal().then(width);
    let format = options.format.as_deref().unwrap_or(match terminal {
        Some(_) => "table",
        None => "csv",
    });
    let max_rows = match options.max_rows {
        Some(0) => None,
        None if format == "table" => Some(TABLE_ROWS),
        most => most,
    };
    let writer = Box::new(BufWriter::with_capacity(1 << 16, io::stdout().lock()));
    let Some(mut output) = output::open(format, writer, terminal) else {
        bail!("no format is called {format}");
    };
    let archive = Asked::open(global, &options.limits())?;
    let selected = archive.ask(sql, parameters, max_rows, output.as_mut())?;
    output.finish().context("cannot write the rows")?;
    tell_cut(selected, max_rows);
    Ok(Exit::Done)
}

/// As [`run`], for a command that is made of SQL of our own: with `--sql` it prints the SQL, with its
/// parameters as comments, so that it can be changed and given to `fonds query`.
pub(super) fn run_named(
    global: &Global,
    sql: &str,
    parameters: &[(String, Value)],
    options: &NamedOptions,
) -> Result<Exit> {
    if !options.sql {
        return run(global, sql, parameters, &options.rows);
    }
    let mut text = sql.trim_end().to_owned();
    text.push('\n');
    for (name, value) in parameters {
        text.push_str(&format!("-- :{name} = {}\n", printable(&literal(value))));
    }
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Exit::Done)
}

/// Runs a statement of our own and hands its rows to a sink that lays them out for reading.
pub(super) fn read(
    global: &Global,
    sql: &str,
    parameters: &[(String, Value)],
    sink: &mut dyn Sink,
) -> Result<()> {
    Asked::open(global, &Limits::default())?.read(sql, parameters, sink)
}

/// The archive, open for the statements of one command, of which every one goes this way.
pub(super) struct Asked(Reader);

impl Asked {
    /// # Errors
    /// When the archive cannot be opened.
    pub(super) fn open(global: &Global, limits: &Limits) -> Result<Self> {
        let reader = Reader::open(&global.archive, limits)?;
        on_interrupt(reader.interrupt_handle());
        Ok(Self(reader))
    }

    /// Runs a statement of our own and hands its rows to a sink that lays them out for reading.
    ///
    /// # Errors
    /// When the archive cannot be read, or the statement did not run to its end.
    pub(super) fn read(
        &self,
        sql: &str,
        parameters: &[(String, Value)],
        sink: &mut dyn Sink,
    ) -> Result<()> {
        self.ask(sql, parameters, None, sink).map(|_| ())
    }

    fn ask(
        &self,
        sql: &str,
        parameters: &[(String, Value)],
        max_rows: Option<u64>,
        sink: &mut dyn Sink,
    ) -> Result<Selected> {
        watch(self.0.watch(), sql.to_owned());
        let complaint = match self.0.select(sql, parameters, max_rows, sink) {
            Ok(selected) => return Ok(selected),
            Err(Complaint::Archive(refusal)) => return Err(refusal.into()),
            Err(Complaint::Output(error)) => return Err(error).context("cannot write the rows"),
            Err(complaint) => complaint,
        };
        let exit = match complaint {
            Complaint::Refused(_) => Exit::Refused,
            Complaint::Stopped(_) => Exit::Stopped,
            Complaint::Interrupted => Exit::Interrupted,
            Complaint::Wrong(_) | Complaint::Output(_) | Complaint::Archive(_) => Exit::Failed,
        };
        Err(Ended { exit, message: complaint.describe(sql) }.into())
    }
}

fn tell_cut(selected: Selected, max_rows: Option<u64>) {
    match selected.cut {
        None => {}
        Some(Cut::MaxRows) => {
            let most = max_rows.unwrap_or(selected.rows);
            message::note(&format!("only the first {most} rows are shown, there are more"));
            message::hint("--max-rows N shows N rows, --max-rows 0 all of them");
        }
        Some(Cut::Sink) => {
            let rows = selected.rows;
            message::note(&format!(
                "only the first {rows} rows are shown, a table can hold no more"
            ));
            message::hint("--format csv or jsonl gives all of them");
        }
    }
}

/// Ends the process one second after the deadline of a query that takes no notice of it.
fn watch(watch: Watch, sql: String) {
    thread::spawn(move || {
        while let Some(remaining) = watch.remaining() {
            if watch.overdue() >= GRACE {
                message::error(&Complaint::Stopped(Stop::Time).describe(&sql));
                end(Exit::Stopped);
            }
            thread::sleep(
                remaining.max(Duration::from_millis(1)) + GRACE - watch.overdue().min(GRACE),
            );
        }
    });
}

/// The first Ctrl-C ends the query, the second, or a second's wait, the process.
fn on_interrupt(interrupt: Interrupt) {
    let mut pressed = false;
    let handler = move || {
        if pressed {
            end(Exit::Interrupted);
        }
        pressed = true;
        interrupt.interrupt();
        thread::spawn(|| {
            thread::sleep(GRACE);
            end(Exit::Interrupted);
        });
    };
    // Without a handler, or with that of an earlier statement, Ctrl-C ends the process, which a
    // reader survives.
    let _ = ctrlc::set_handler(handler);
}

#[expect(clippy::exit, reason = "a thread that SQLite does not yield to cannot be ended otherwise")]
fn end(exit: Exit) -> ! {
    std::process::exit(exit as i32)
}

fn width() -> usize {
    terminal_size::terminal_size().map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0))
}

/// The value that a typed text means: a number where it is written like one, else the text.
///
/// `007`, `+5` and `1e5` stay texts: they are rather identifiers, and the start of a digest may look
/// like any of them.
pub(super) fn typed(text: &str) -> Value {
    if let Ok(integer) = text.parse::<i64>()
        && integer.to_string() == text
    {
        return Value::Integer(integer);
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_real =
        text.strip_prefix('-').unwrap_or(text).split_once('.').is_some_and(|(whole, fraction)| {
            digits(whole) && digits(fraction) && (whole == "0" || !whole.starts_with('0'))
        });
    match text.parse() {
        Ok(real) if is_real => Value::Real(real),
        _ => Value::Text(text.to_owned()),
    }
}

/// The value as it is written in SQL.
fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(integer) => integer.to_string(),
        Value::Real(real) => format!("{real:?}"),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''").replace('\n', " ")),
        Value::Blob(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("x'{digits}'")
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "write a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_numbers_are_numbers_and_everything_else_is_text() {
        for (text, integer) in [("0", 0), ("-7", -7), ("9223372036854775807", i64::MAX)] {
            assert_eq!(typed(text), Value::Integer(integer));
        }
        for (text, real) in [("0.5", 0.5), ("-0.50", -0.5), ("12.25", 12.25)] {
            assert_eq!(typed(text), Value::Real(real));
        }
        for text in [
            "",
            "007",
            "+5",
            "1e5",
            "-",
            ".5",
            "5.",
            "00.5",
            "1.2.3",
            "9223372036854775808",
            "inf",
            "NaN",
            "１２",
            " 1",
            "北",
            "--1",
            "2016-05-01",
        ] {
            assert_eq!(typed(text), Value::Text(text.to_owned()));
        }
    }

    #[test]
    fn seconds_may_be_broken_but_not_negative() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        assert_eq!(seconds("0"), Ok(Duration::ZERO));
        for text in ["-1", "nan", "inf", "1e300", "ten", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}

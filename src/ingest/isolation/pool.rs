//! Reader processes from outside: lends one to each document, and replaces those that die.
//!
//! A process is killed when its time is up. Of one that died, the document it had in its hands is read
//! once more by a new one; a second death, or time that is up, fails the document.

use super::frame::{self, Answer, Order};
use super::{Allowance, Program, late};
use crate::format::{Format, Input};
use crate::model::Extract;
use std::io::{self, BufReader, Read};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How many times longer than it may compute a process may take by the clock, on a busy computer.
const SLACK: u32 = if cfg!(unix) { 5 } else { 1 };
/// Documents that one process reads before another takes its place, so that nothing that readers
/// leave behind adds up.
const DOCUMENTS: u32 = 500;
/// Bytes of documents after which the same is done: large ones leave large holes in its memory.
const BYTES: u64 = 256 << 20;
/// Bytes kept of what a process complains.
const COMPLAINTS: usize = 4096;
/// One that does not answer any more is given 100 times this long to die by itself.
const MOMENT: Duration = Duration::from_millis(10);
const MOMENTS: u32 = 100;

/// Processes that wait for documents. There are never more than threads that read at once.
#[derive(Debug)]
pub(super) struct Pool {
    program: Program,
    allowance: Allowance,
    idle: Mutex<Vec<Process>>,
}

/// Why a process gave no answer.
enum Lost {
    TimeUp,
    Stack,
    Memory,
    Died(String),
}

impl Pool {
    pub(super) fn new(program: Program, allowance: Allowance) -> Self {
        Self { program, allowance, idle: Mutex::default() }
    }

    pub(super) fn read(&self, format: &Format, input: &Input<'_>) -> Result<Extract, String> {
        let (mut process, mut is_second) = (self.waiting(), false);
        loop {
            let mut at_work = match process.take() {
                Some(process) => process,
                None => self.start().map_err(|error| unstarted(&error))?,
            };
            match at_work.read(format, input) {
                Ok(answer) => {
                    if !at_work.is_spent() {
                        self.idle().push(at_work);
                    }
                    return answer;
                }
                Err(lost) if is_second || matches!(lost, Lost::TimeUp) => {
                    return Err(self.reason(format, lost));
                }
                Err(_) => is_second = true,
            }
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Process>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A process that waits and lives.
    fn waiting(&self) -> Option<Process> {
        loop {
            let process = self.idle().pop()?;
            if process.is_alive() {
                return Some(process);
            }
        }
    }

    fn start(&self) -> io::Result<Process> {
        Process::start(&self.program, self.allowance)
    }

    /// Why a document was not read, with what can be done.
    fn reason(&self, format: &Format, lost: Lost) -> String {
        let reader = format.name;
        match lost {
            Lost::TimeUp => late(format, self.allowance.time),
            Lost::Stack => format!("the reader {reader} ran out of stack: it is nested too deep"),
            Lost::Memory => format!(
                "the reader {reader} needs more than {} MiB for it (see --reader-memory)",
                self.allowance.memory >> 20
            ),
            Lost::Died(how) => format!("the process of the reader {reader} died twice: {how}"),
        }
    }
}

fn unstarted(error: &io::Error) -> String {
    format!("no process could be started to read it: {error} (see --isolation)")
}

/// A process that reads, with what watches it.
#[derive(Debug)]
struct Process {
    child: Arc<Mutex<Child>>,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    complaints: Option<JoinHandle<Vec<u8>>>,
    /// Told at the beginning and at the end of each document.
    watch: SyncSender<()>,
    is_late: Arc<AtomicBool>,
    documents: u32,
    bytes: u64,
}

impl Process {
    fn start(program: &Program, allowance: Allowance) -> io::Result<Self> {
        let mut command = Command::new(&program.path);
        command.args(&program.arguments);
        command.arg("--memory").arg(allowance.memory.to_string());
        command.arg("--seconds").arg(allowance.time.as_secs().to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // The end of what it complains tells why it died; a backtrace would stand in its place.
        command.env("RUST_BACKTRACE", "0");
        // A signal from the terminal is for whoever hands out the documents.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let streams = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(orders), Some(answers), Some(errors)) = streams else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let child = Arc::new(Mutex::new(child));
        let is_late = Arc::new(AtomicBool::new(false));
        let (watch, watched) = sync_channel(1);
        let (its_child, its_lateness) = (Arc::clone(&child), Arc::clone(&is_late));
        thread::Builder::new().spawn(move || {
            watch_over(&its_child, &watched, allowance.time * SLACK, &its_lateness)
        })?;
        let complaints = thread::Builder::new().spawn(move || last_of(errors))?;
        Ok(Self {
            child,
            orders,
            answers: BufReader::new(answers),
            complaints: Some(complaints),
            watch,
            is_late,
            documents: 0,
            bytes: 0,
        })
    }

    fn is_alive(&self) -> bool {
        matches!(locked(&self.child).try_wait(), Ok(None))
    }

    fn is_spent(&self) -> bool {
        self.documents >= DOCUMENTS || self.bytes >= BYTES
    }

    fn read(&mut self, format: &Format, input: &Input<'_>) -> Result<Answer, Lost> {
        self.documents += 1;
        self.bytes += input.bytes.len() as u64;
        let _watcher_gone = self.watch.send(());
        let answer = self.exchange(format, input);
        let _watcher_gone = self.watch.send(());
        answer.map_err(|_| self.end())
    }

    fn exchange(&mut self, format: &Format, input: &Input<'_>) -> io::Result<Answer> {
        frame::write(&mut self.orders, &Order::new(format, input), input.bytes)?;
        frame::read_answer(&mut self.answers)
    }

    /// What became of a process that does not answer as it should, which is ended.
    fn end(&mut self) -> Lost {
        let status = ended(&self.child);
        if self.is_late.load(Ordering::Relaxed) {
            return Lost::TimeUp;
        }
        let complaints = self.complaints.take().and_then(|thread| thread.join().ok());
        let complaints = complaints.unwrap_or_default();
        let said = String::from_utf8_lossy(&complaints);
        if status.as_ref().is_ok_and(|status| is_time_up(*status)) {
            return Lost::TimeUp;
        }
        if said.contains("has overflowed its stack") {
            return Lost::Stack;
        }
        if said.contains("memory allocation of") {
            return Lost::Memory;
        }
        let status = status.map_or_else(|error| error.to_string(), in_words);
        match said.trim().lines().last() {
            Some(last) => Lost::Died(format!("{status}, {last}")),
            None => Lost::Died(status),
        }
    }
}

/// How the process ended: by itself, which tells more, or killed after a moment.
fn ended(child: &Mutex<Child>) -> io::Result<ExitStatus> {
    for _ in 0..MOMENTS {
        if let Some(status) = locked(child).try_wait()? {
            return Ok(status);
        }
        thread::sleep(MOMENT);
    }
    let mut child = locked(child);
    let _dead_already = child.kill();
    child.wait()
}

impl Drop for Process {
    fn drop(&mut self) {
        let mut child = locked(&self.child);
        let _dead_already = child.kill();
        let _reaped = child.wait();
    }
}

fn locked(child: &Mutex<Child>) -> std::sync::MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Kills the process when a document takes longer than it may.
fn watch_over(child: &Mutex<Child>, watched: &Receiver<()>, time: Duration, is_late: &AtomicBool) {
    while watched.recv().is_ok() {
        if watched.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
            is_late.store(true, Ordering::Relaxed);
            let _dead_already = locked(child).kill();
            return;
        }
    }
}

/// The last of what the process complains.
fn last_of(mut errors: ChildStderr) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut buffer = [0; COMPLAINTS];
    while let Ok(read) = errors.read(&mut buffer) {
        if read == 0 {
            break;
        }
        kept.extend_from_slice(buffer.get(..read).unwrap_or_default());
        kept.drain(..kept.len().saturating_sub(COMPLAINTS));
    }
    kept
}

#[cfg(unix)]
fn in_words(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match status.signal() {
        Some(signal) => format!("signal {signal}"),
        None => status.to_string(),
    }
}

/// Whether the system ended the process because it had computed long enough.
#[cfg(unix)]
fn is_time_up(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(not(unix))]
fn is_time_up(_status: ExitStatus) -> bool {
    false
}

#[cfg(not(unix))]
fn in_words(status: ExitStatus) -> String {
    status.to_string()
}

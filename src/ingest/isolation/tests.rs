//! Reader processes that die, hang and talk nonsense, each really done by a process.

use super::*;
use crate::format::{self, Options};
use std::process;

const PAGE: &[u8] = b"<html><body><p>The second ferry sails at noon.</p></body></html>";

/// Reads a page by processes that are this command of a shell; `$0` is this test program.
fn read_by(command: &str, seconds: u64) -> Result<Extract, String> {
    let own = std::env::current_exe().unwrap().display().to_string();
    let arguments = vec!["-c".to_owned(), command.to_owned(), own];
    let program = Program { path: "/bin/sh".into(), arguments };
    let allowance = Allowance { memory: 256 << 20, time: Duration::from_secs(seconds) };
    let readers = Readers::new(Isolation::Process(program), allowance);
    let input = Input { bytes: PAGE, name: "page.html", options: &Options::default() };
    readers.read(format::called("html").unwrap(), &input)
}

/// Reads a page by a process that runs one of the ignored tests below, which are no tests. What the
/// harness prints is no answer; the stream for answers stays open until the process dies.
fn read_by_test(name: &str) -> Result<Extract, String> {
    let name = format!("ingest::isolation::tests::{name}");
    let run = format!("exec \"$0\" --exact {name} --ignored --nocapture");
    read_by(&format!("exec 3>&1; {run} > /dev/null"), 60)
}

#[expect(unconditional_recursion, reason = "to exhaust the stack")]
fn deeper(depth: u64) -> u64 {
    std::hint::black_box(depth) + deeper(std::hint::black_box(depth + 1))
}

#[test]
#[ignore = "exhausts the stack of its process"]
fn exhausts_its_stack() {
    deeper(0);
}

#[test]
#[ignore = "exhausts the memory of its process"]
fn exhausts_its_memory() {
    limits::leave_no_core().unwrap();
    limits::bound_memory(64 << 20).unwrap();
    let mut kept = Vec::new();
    loop {
        kept.push(std::hint::black_box(vec![1_u8; 1 << 20]));
    }
}

#[test]
#[ignore = "computes for ever"]
fn computes_for_ever() {
    limits::leave_no_core().unwrap();
    limits::bound_time(Duration::from_secs(1)).unwrap();
    while std::hint::black_box(true) {}
}

#[test]
#[ignore = "aborts its process"]
fn aborts() {
    limits::leave_no_core().unwrap();
    process::abort();
}

#[test]
#[cfg(unix)]
fn a_document_that_kills_its_reader_fails_with_the_reason() {
    let reason = |name| read_by_test(name).unwrap_err();
    assert_eq!(
        reason("exhausts_its_stack"),
        "the reader html ran out of stack: it is nested too deep"
    );
    assert_eq!(reason("aborts"), "the process of the reader html died twice: signal 6");
    assert_eq!(
        reason("computes_for_ever"),
        "the reader html was not done with it after 60 seconds (see --reader-seconds)"
    );
    if limits::BOUNDS_MEMORY {
        assert_eq!(
            reason("exhausts_its_memory"),
            "the reader html needs more than 256 MiB for it (see --reader-memory)"
        );
    }
}

#[test]
#[cfg(unix)]
fn a_process_that_hangs_is_killed_whether_or_not_it_takes_the_document() {
    let late = "the reader html was not done with it after 1 seconds (see --reader-seconds)";
    assert_eq!(read_by("exec sleep 1000", 1).unwrap_err(), late);
    assert_eq!(read_by("cat > /dev/null; exec sleep 1000", 1).unwrap_err(), late);
    assert_eq!(
        read_by("exec > /dev/null; exec sleep 1000", 1).unwrap_err(),
        "the process of the reader html died twice: signal 9"
    );
}

#[test]
#[cfg(unix)]
fn a_process_that_answers_nonsense_is_ended() {
    let reason = read_by("exec yes", 60).unwrap_err();
    assert_eq!(reason, "the process of the reader html died twice: signal 9");
    let reason = read_by("echo 'no such luck' >&2; exit 7", 60).unwrap_err();
    assert_eq!(reason, "the process of the reader html died twice: exit status: 7, no such luck");
}

#[test]
fn without_a_program_nothing_is_read_and_the_reason_says_what_to_do() {
    let program = Program { path: "/no/such/program".into(), arguments: Vec::new() };
    let readers = Readers::new(Isolation::Process(program), Allowance::default());
    let options = Options::default();
    let input = Input { bytes: PAGE, name: "page.html", options: &options };
    let reason = readers.read(format::called("html").unwrap(), &input).unwrap_err();
    assert!(reason.starts_with("no process could be started to read it: "), "{reason}");
    let plain = Input { bytes: b"Noon.", name: "a.txt", options: &options };
    assert!(readers.read(format::called("plain").unwrap(), &plain).is_ok());
}

#[test]
#[cfg(unix)]
fn what_a_process_sends_is_what_a_thread_reads() {
    let mut orders = Vec::new();
    let options = Options::default();
    let input = Input { bytes: PAGE, name: "page.html", options: &options };
    let html = format::called("html").unwrap();
    frame::write(&mut orders, &frame::Order::new(html, &input), PAGE).unwrap();
    let order: frame::Begun<frame::Order> = frame::begin(&mut &*orders).unwrap().unwrap();
    let mut answers = Vec::new();
    worker::reply(order.head, PAGE, &mut answers).unwrap();
    let mut answers = &*answers;
    let answer = frame::read_answer(&mut answers).unwrap();
    assert_eq!(answer, caught(html, &input));
}

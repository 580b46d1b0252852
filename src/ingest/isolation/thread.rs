//! Runs the reader of a format on a thread, with an end to its time.
//!
//! The thread cannot be stopped, so a reader that never ends keeps one core busy until the program
//! does: a document is lost, not the run. It does not bound memory, and a reader that exhausts it, or
//! its stack, ends the program.

use super::{STACK, caught, defect, late};
use crate::format::{Format, Input, Options};
use crate::model::Extract;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::Duration;

/// What the reader makes of the bytes, or why it made nothing.
pub(super) fn read(
    format: &'static Format,
    input: &Input<'_>,
    time: Duration,
) -> Result<Extract, String> {
    let (bytes, name): (Vec<u8>, String) = (input.bytes.to_owned(), input.name.to_owned());
    let options: Options = input.options.clone();
    let (done, read) = channel();
    let work = move || {
        let input = Input { bytes: &bytes, name: &name, options: &options };
        // Nobody listens any more when the time was up.
        let _late = done.send(caught(format, &input));
    };
    if let Err(error) = Builder::new().stack_size(STACK).spawn(work) {
        return Err(format!("no thread could be had to read it: {error}"));
    }
    match read.recv_timeout(time) {
        Ok(read) => read,
        Err(RecvTimeoutError::Timeout) => Err(late(format, time)),
        Err(RecvTimeoutError::Disconnected) => Err(defect(format)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{self, Unreadable};

    fn read_by(reader: fn(&Input<'_>) -> Result<Extract, Unreadable>, patience: u64) -> String {
        let html = format::of("page.html", b"<html><body><p>Noon.</p></body></html>");
        let format: &'static Format = Box::leak(Box::new(Format { read: reader, ..*html }));
        let input = Input { bytes: b"x", name: "x.html", options: &Options::default() };
        match read(format, &input, Duration::from_millis(patience)) {
            Ok(extract) => format!("{} paragraphs", extract.paragraphs.len()),
            Err(reason) => reason,
        }
    }

    #[test]
    fn a_reader_that_never_ends_fails_its_document() {
        let endless = |_: &Input<'_>| -> Result<Extract, Unreadable> {
            loop {
                std::thread::sleep(Duration::from_secs(1));
            }
        };
        assert_eq!(
            read_by(endless, 50),
            "the reader html was not done with it after 0 seconds (see --reader-seconds)"
        );
    }

    #[test]
    fn a_reader_that_panics_fails_its_document() {
        let panics = |_: &Input<'_>| -> Result<Extract, Unreadable> { panic!("on purpose") };
        assert_eq!(read_by(panics, 10_000), "the reader html failed on it (a defect of fonds)");
        assert_eq!(read_by(|_| Ok(Extract::default()), 10_000), "0 paragraphs");
    }
}

//! Mailboxes in the mbox format: a message a document, its attachments below it.
//!
//! Of its variants mboxo and mboxrd a message comes out as it was sent: one `>` is taken off lines
//! that begin with `>From `. A line of a message that only begins with "From " does not cut it.

use super::names::Name;
use super::{At, Stop, Unpacking, broken, mail};
use crate::ingest::offer::too_large;
use std::io::{self, BufRead, BufReader, Read};

/// The longest line that may separate messages; what is longer is text.
const LONGEST: usize = 1000;

/// Offers the messages of a mailbox.
pub(super) fn messages(own: &mut Unpacking, at: &At, stream: &mut dyn Read) -> Result<(), Stop> {
    let mut messages = Messages::new(BufReader::new(stream), own.rules.max_bytes);
    let mut number = 0_u64;
    loop {
        let message = messages.next().map_err(|error| Stop::Broken(broken(&error)))?;
        let Some(message) = message else { return Ok(()) };
        number += 1;
        let name = Name::text(number.to_string());
        let Some(mut member) = own.enter(at, &name, None)? else { continue };
        "message.eml".clone_into(&mut member.name);
        match message {
            Some(bytes) => mail::message(own, &member, bytes)?,
            None => own.failed(&member, too_large(own.rules.max_bytes))?,
        }
        if own.budget.is_spent() {
            return Ok(());
        }
    }
}

struct Messages<R> {
    reader: R,
    max_bytes: u64,
    /// Whether a separator has been read whose message has not.
    is_begun: bool,
}

impl<R: BufRead> Messages<R> {
    fn new(reader: R, max_bytes: u64) -> Self {
        Self { reader, max_bytes, is_begun: false }
    }

    /// The next message without its separator and the blank line behind it; inside, `None` for one
    /// that is too large.
    fn next(&mut self) -> io::Result<Option<Option<Vec<u8>>>> {
        let mut message = Vec::new();
        let mut is_too_large = false;
        let mut after_blank = true;
        let mut line = Vec::new();
        loop {
            line.clear();
            // A line longer than the limit comes in pieces, and ends in a message that is too large.
            let limit = self.max_bytes.max(LONGEST as u64).saturating_add(1);
            if (&mut self.reader).take(limit).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if is_separator(&line, after_blank) {
                if std::mem::replace(&mut self.is_begun, true) {
                    return Ok(Some(whole(message, is_too_large)));
                }
                continue;
            }
            after_blank = line.trim_ascii_end().is_empty();
            if (message.len() + line.len()) as u64 > self.max_bytes {
                is_too_large = true;
                message = Vec::new();
            }
            if !is_too_large {
                message.extend_from_slice(unquoted(&line));
            }
        }
        if !std::mem::take(&mut self.is_begun) {
            return Ok(None);
        }
        Ok(Some(whole(message, is_too_large)))
    }
}

/// The message without the blank line that stands before the next separator.
fn whole(mut message: Vec<u8>, is_too_large: bool) -> Option<Vec<u8>> {
    for end in [&b"\n\r\n"[..], b"\n\n"] {
        if message.ends_with(end) {
            message.truncate(message.len() - end.len() + 1);
            break;
        }
    }
    (!is_too_large).then_some(message)
}

/// Whether the line separates messages: `From` and an address with a date, or any such line after a
/// blank one that still ends in a year.
fn is_separator(line: &[u8], after_blank: bool) -> bool {
    if !line.starts_with(b"From ") || line.len() > LONGEST {
        return false;
    }
    has_date(line) || (after_blank && year(line.trim_ascii_end()))
}

/// Whether the line has a time of day and a year, as separators do.
pub(super) fn has_date(line: &[u8]) -> bool {
    let words = || line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let is_time = |word: &[u8]| {
        let mut parts = word.split(|byte| *byte == b':');
        let is_number =
            |part: &[u8]| (1..=2).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
        parts.by_ref().take(2).filter(|part| is_number(part)).count() == 2 && parts.all(is_number)
    };
    let is_month = |word: &[u8]| {
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            .iter()
            .any(|month| word.eq_ignore_ascii_case(month.as_bytes()))
    };
    words().any(is_time) && words().any(is_month) && words().any(year)
}

fn year(line: &[u8]) -> bool {
    let word = line.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
    word.len() == 4 && word.iter().all(u8::is_ascii_digit)
}

fn unquoted(line: &[u8]) -> &[u8] {
    let rest = line.iter().take_while(|byte| **byte == b'>').count();
    let is_quoted = rest > 0 && line.get(rest..).is_some_and(|rest| rest.starts_with(b"From "));
    if is_quoted { line.get(1..).unwrap_or(line) } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mailbox: &str, max_bytes: u64) -> Vec<Option<String>> {
        let mut messages = Messages::new(mailbox.as_bytes(), max_bytes);
        std::iter::from_fn(|| messages.next().unwrap())
            .map(|message| message.map(|bytes| String::from_utf8(bytes).unwrap()))
            .collect()
    }

    #[test]
    fn messages_are_cut_at_separators_and_quoted_lines_unquoted() {
        let mailbox = "From a@x.org Mon Jan  6 10:00:00 2020\nSubject: one\n\nFrom here on it rains.\n>From there too.\n>>From all.\n\n\
                       From b@x.org Tue Jan  7 09:00:00 +0900 2020\r\nSubject: two\r\n\r\nText\r\n\r\n\
                       From c Tue, 7 Jan 2020\nSubject: three\n";
        assert_eq!(
            read(mailbox, 1000),
            [
                Some(
                    "Subject: one\n\nFrom here on it rains.\nFrom there too.\n>From all.\n"
                        .to_owned()
                ),
                Some("Subject: two\r\n\r\nText\r\n".to_owned()),
                Some("Subject: three\n".to_owned()),
            ]
        );
    }

    #[test]
    fn a_message_over_the_limit_fails_alone() {
        let mailbox = "From a Mon Jan  6 10:00:00 2020\nlong long long\nFrom b Mon Jan  6 10:00:00 2020\nshort\n";
        assert_eq!(read(mailbox, 10), [None, Some("short\n".to_owned())]);
        assert_eq!(read("", 10), []);
    }
}

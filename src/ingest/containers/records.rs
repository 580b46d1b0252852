//! Cuts a file of records into its lines, each of which is a document.
//!
//! A file of any length passes through; a line longer than the limit fails alone and is never held
//! in memory.

use crate::format::Format;
use crate::ingest::location;
use crate::ingest::offer::{Bytes, Found, Offer, plain, too_large};
use crate::model::Place;
use std::io::{self, BufRead, Read};

/// An iterator over the records of one file, and at the end over the file itself.
pub(super) struct Records<R> {
    container: Place,
    format: &'static Format,
    reader: R,
    max_bytes: u64,
    line: u64,
    records: u64,
    ended: bool,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(
        container: Place,
        format: &'static Format,
        reader: R,
        max_bytes: u64,
    ) -> Self {
        Self { container, format, reader, max_bytes, line: 0, records: 0, ended: false }
    }

    /// The next line without its line break; `None` at the end, `Some(Err)` where it is too long.
    fn line(&mut self) -> io::Result<Option<Result<Vec<u8>, String>>> {
        let mut line = Vec::new();
        let limit = self.max_bytes + 1;
        let read = (&mut self.reader).take(limit).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if read as u64 == limit && line.last() != Some(&b'\n') {
            self.skip_line()?;
            return Ok(Some(Err(too_large(self.max_bytes))));
        }
        while matches!(line.last(), Some(b'\n' | b'\r')) {
            line.pop();
        }
        if self.line == 1 && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        Ok(Some(Ok(line)))
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            let end = memchr::memchr(b'\n', buffer);
            let passed = end.map_or(buffer.len(), |end| end + 1);
            let is_over = end.is_some() || buffer.is_empty();
            self.reader.consume(passed);
            if is_over {
                return Ok(());
            }
        }
    }

    fn member(&self, found: Found) -> Offer {
        let modified = self.container.modified_at.clone();
        let place = location::of_member(&self.container, &self.line.to_string(), None, modified);
        Offer { place, found }
    }

    fn whole(&mut self, error: Option<&io::Error>) -> Offer {
        self.ended = true;
        let records = self.records;
        let found = match error {
            None => Found::Container(format!("{records} records")),
            Some(error) => Found::Failed(format!("{} after {records} records", plain(error))),
        };
        Offer { place: self.container.clone(), found }
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Offer;

    fn next(&mut self) -> Option<Offer> {
        while !self.ended {
            match self.line() {
                Ok(Some(Ok(line))) if line.iter().all(u8::is_ascii_whitespace) => {}
                Ok(Some(Ok(line))) => {
                    self.records += 1;
                    let bytes = Bytes {
                        bytes: line,
                        // Kept on its own, a record is an object and no longer lines of them.
                        name: "record.json".to_owned(),
                        format: Some(self.format),
                        statements: Vec::new(),
                    };
                    return Some(self.member(Found::Bytes(Box::new(bytes))));
                }
                Ok(Some(Err(reason))) => return Some(self.member(Found::Failed(reason))),
                Ok(None) => return Some(self.whole(None)),
                Err(error) => return Some(self.whole(Some(&error))),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offers(text: &str, max_bytes: u64) -> Vec<(String, String)> {
        let container = Place { location: "/d/f.jsonl".to_owned(), ..Place::default() };
        let format = crate::format::by_name("f.jsonl").unwrap();
        let records = Records::new(container, format, text.as_bytes(), max_bytes);
        let found = |found| match found {
            Found::Bytes(record) => String::from_utf8(record.bytes).unwrap(),
            other => format!("{other:?}"),
        };
        records.map(|offer| (offer.place.location, found(offer.found))).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|&(place, found)| (place.to_owned(), found.to_owned())).collect()
    }

    #[test]
    fn every_line_that_is_not_blank_is_a_record_named_by_its_number() {
        assert_eq!(
            offers("\u{feff}{\"a\":1}\r\n\n  \n{\"b\":2}", 100),
            pairs(&[
                ("/d/f.jsonl!1", "{\"a\":1}"),
                ("/d/f.jsonl!4", "{\"b\":2}"),
                ("/d/f.jsonl", "Container(\"2 records\")"),
            ])
        );
    }

    #[test]
    fn a_line_over_the_limit_fails_alone() {
        assert_eq!(
            offers("{\"a\":1}\n{\"b\":\"long\"}\n{\"c\":3}\n", 8),
            pairs(&[
                ("/d/f.jsonl!1", "{\"a\":1}"),
                ("/d/f.jsonl!2", "Failed(\"larger than 0 MiB (raise --max-size)\")"),
                ("/d/f.jsonl!3", "{\"c\":3}"),
                ("/d/f.jsonl", "Container(\"2 records\")"),
            ])
        );
    }

    #[test]
    fn an_empty_file_holds_no_records() {
        assert_eq!(offers("", 8), pairs(&[("/d/f.jsonl", "Container(\"0 records\")")]));
    }
}

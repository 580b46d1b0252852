//! What a reader process is asked and answers: frames on its standard streams.
//!
//! A frame is the length of its head as 4 bytes, the length of its body as 8 (both little-endian),
//! the head as JSON, the body. The bytes of a document are a body and are never encoded. Both ends are
//! the same program, so the protocol has no version.

use crate::format::{self, FieldNames, Format, Input, Options};
use crate::model::{Embedded, Extract};
use crate::text::codec::Codec;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// The longest head: names of a file and of fields.
const LONGEST_HEAD: u64 = 16 << 20;

/// A document to be read; the body has its bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    reader: String,
    name: String,
    encoding: Option<String>,
    fields: FieldNames,
}

/// What became of it.
pub(super) type Answer = Result<Extract, String>;

/// What an answer's body holds: the answer as JSON, and behind it the embedded files.
#[derive(Debug, Serialize, Deserialize)]
struct Contents {
    answer: u64,
    embedded: Vec<(String, u64)>,
}

impl Order {
    pub(super) fn new(format: &Format, input: &Input<'_>) -> Self {
        Self {
            reader: format.name.to_owned(),
            name: input.name.to_owned(),
            encoding: input.options.encoding.map(|encoding| encoding.name().to_owned()),
            fields: input.options.fields.clone(),
        }
    }

    /// The format, the name and the options.
    pub(super) fn take(self) -> Option<(&'static Format, String, Options)> {
        let encoding = self.encoding.as_deref().and_then(Codec::labelled);
        Some((format::called(&self.reader)?, self.name, Options { encoding, fields: self.fields }))
    }
}

/// Writes a frame. The body is not copied.
pub(super) fn write(stream: &mut dyn Write, head: &impl Serialize, body: &[u8]) -> io::Result<()> {
    let head = serde_json::to_vec(head)?;
    let head_length = u32::try_from(head.len()).map_err(io::Error::other)?;
    let mut start = Vec::with_capacity(12 + head.len());
    start.extend_from_slice(&head_length.to_le_bytes());
    start.extend_from_slice(&(body.len() as u64).to_le_bytes());
    start.extend_from_slice(&head);
    stream.write_all(&start)?;
    stream.write_all(body)?;
    stream.flush()
}

/// The beginning of a frame that is being read.
pub(super) struct Begun<H> {
    pub(super) head: H,
    pub(super) body_length: u64,
}

/// Reads a frame up to its body; `None` where the stream ends before it.
pub(super) fn begin<H: for<'de> Deserialize<'de>>(
    stream: &mut dyn Read,
) -> io::Result<Option<Begun<H>>> {
    let mut lengths = Vec::with_capacity(12);
    stream.take(12).read_to_end(&mut lengths)?;
    if lengths.is_empty() {
        return Ok(None);
    }
    let (head, body) = lengths.split_at_checked(4).ok_or(io::ErrorKind::UnexpectedEof)?;
    let head_length = u32::from_le_bytes(head.try_into().map_err(io::Error::other)?);
    let body_length = u64::from_le_bytes(body.try_into().map_err(io::Error::other)?);
    if u64::from(head_length) > LONGEST_HEAD {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let head = body_of(stream, head_length.into())?;
    Ok(Some(Begun { head: serde_json::from_slice(&head)?, body_length }))
}

/// Writes what became of a document.
pub(super) fn write_answer(stream: &mut dyn Write, mut answer: Answer) -> io::Result<()> {
    let embedded = match &mut answer {
        Ok(extract) => std::mem::take(&mut extract.embedded),
        Err(_) => Vec::new(),
    };
    let mut body = serde_json::to_vec(&answer)?;
    let mut contents = Contents { answer: body.len() as u64, embedded: Vec::new() };
    for Embedded { name, bytes } in embedded {
        contents.embedded.push((name, bytes.len() as u64));
        body.extend(bytes);
    }
    write(stream, &contents, &body)
}

/// Reads what became of a document.
pub(super) fn read_answer(stream: &mut dyn Read) -> io::Result<Answer> {
    let begun = begin::<Contents>(stream)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    let mut answer: Answer = serde_json::from_slice(&body_of(stream, begun.head.answer)?)?;
    for (name, length) in begun.head.embedded {
        let bytes = body_of(stream, length)?;
        if let Ok(extract) = &mut answer {
            extract.embedded.push(Embedded { name, bytes });
        }
    }
    Ok(answer)
}

/// Reads the body of a frame.
pub(super) fn body_of(stream: &mut dyn Read, length: u64) -> io::Result<Vec<u8>> {
    // A length that is told is not yet memory that is needed, but a mebibyte is no risk.
    let mut body = Vec::with_capacity(usize::try_from(length.min(1 << 20)).unwrap_or(0));
    let read = stream.take(length).read_to_end(&mut body)?;
    if read as u64 == length { Ok(body) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_as_it_was_written_and_one_cut_off_is_an_error() {
        let options = Options::default();
        let input = Input { bytes: b"<p>Noon.", name: "a.html", options: &options };
        let mut stream = Vec::new();
        let html = format::called("html").unwrap();
        write(&mut stream, &Order::new(html, &input), input.bytes).unwrap();
        let mut rest = &*stream;
        let begun: Begun<Order> = begin(&mut rest).unwrap().unwrap();
        assert_eq!(body_of(&mut rest, begun.body_length).unwrap(), b"<p>Noon.");
        let (format, name, read) = begun.head.take().unwrap();
        assert_eq!((format.name, &*name, read.fields), ("html", "a.html", options.fields));
        assert!(begin::<Order>(&mut rest).unwrap().is_none());
        let embedded = vec![Embedded { name: "b".to_owned(), bytes: vec![0, 7] }];
        for answer in [Ok(Extract { embedded, ..Extract::default() }), Err("damaged".to_owned())] {
            let mut stream = Vec::new();
            write_answer(&mut stream, answer.clone()).unwrap();
            assert_eq!(read_answer(&mut &*stream).unwrap(), answer);
            assert!(read_answer(&mut &stream[..stream.len() - 1]).is_err());
        }
        for length in 1..stream.len() {
            let mut rest = &stream[..length];
            let begun = begin::<Order>(&mut rest);
            let body = begun.and_then(|begun| body_of(&mut rest, begun.unwrap().body_length));
            assert!(body.is_err(), "{length}");
        }
    }
}

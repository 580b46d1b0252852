//! An HTTP response as a web archive keeps it: status, the fields that matter, and the body as the
//! server meant it.

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::{self, BufRead, BufReader, Read};

/// The longest head of a response; what is longer is none.
const LONGEST: u64 = 256 << 10;

/// The head of a response.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    /// Media type in lower case, without parameters.
    pub(super) media_type: String,
    pub(super) is_chunked: bool,
    /// How the body is compressed, in lower case; empty where it is not.
    pub(super) coding: String,
}

impl Head {
    /// Reads the head; `None` where the bytes are no response.
    pub(super) fn read(stream: &mut dyn BufRead) -> io::Result<Option<Self>> {
        let mut stream = stream.take(LONGEST);
        let mut line = Vec::new();
        stream.read_until(b'\n', &mut line)?;
        let text = String::from_utf8_lossy(&line).into_owned();
        let status =
            text.starts_with("HTTP/").then(|| text.split_ascii_whitespace().nth(1)).flatten();
        let Some(status) = status.and_then(|status| status.parse().ok()) else { return Ok(None) };
        let mut head = Head { status, ..Head::default() };
        loop {
            line.clear();
            if stream.read_until(b'\n', &mut line)? == 0 || line.trim_ascii().is_empty() {
                return Ok(Some(head));
            }
            head.field(&String::from_utf8_lossy(&line));
        }
    }

    fn field(&mut self, line: &str) {
        let Some((name, value)) = line.split_once(':') else { return };
        let value = value.trim().to_ascii_lowercase();
        match &*name.trim().to_ascii_lowercase() {
            "content-type" => self.media_type = media_type(&value),
            "transfer-encoding" => self.is_chunked = value.contains("chunked"),
            "content-encoding" if value != "identity" => self.coding = value,
            _ => {}
        }
    }
}

/// A media type in lower case, without its parameters.
pub(super) fn media_type(value: &str) -> String {
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Unpacks a body; `None` where it is compressed in a way that is not understood. Some archives have
/// taken the coding off and left the field that names it: bytes that are not so coded are the body.
pub(super) fn unpacked<'a>(
    head: &Head,
    stream: &'a mut dyn BufRead,
) -> io::Result<Option<Box<dyn Read + 'a>>> {
    let begins_chunk = |start: &[u8]| {
        let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let size = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        !size.is_empty() && size.len() <= 16 && size.iter().all(u8::is_ascii_hexdigit)
    };
    let is_chunked = head.is_chunked && begins_chunk(stream.fill_buf()?);
    let mut stream: Box<dyn BufRead + 'a> = if is_chunked {
        Box::new(BufReader::new(Chunked { stream, left: 0, is_over: false }))
    } else {
        Box::new(stream)
    };
    let start = stream.fill_buf()?;
    Ok(Some(match &*head.coding {
        "" => Box::new(stream),
        "gzip" | "x-gzip" if start.starts_with(b"\x1f\x8b") => {
            Box::new(MultiGzDecoder::new(stream))
        }
        "gzip" | "x-gzip" => Box::new(stream),
        "deflate" if start.first().is_some_and(|byte| byte & 0x0f == 8) => {
            Box::new(ZlibDecoder::new(stream))
        }
        "deflate" => Box::new(DeflateDecoder::new(stream)),
        _ => return Ok(None),
    }))
}

/// A body in chunks, each headed by its size.
struct Chunked<R> {
    stream: R,
    left: u64,
    is_over: bool,
}

impl<R: BufRead> Chunked<R> {
    fn begin(&mut self) -> io::Result<()> {
        let mut line = Vec::new();
        while line.trim_ascii().is_empty() {
            line.clear();
            if (&mut self.stream).take(1024).read_until(b'\n', &mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let text = String::from_utf8_lossy(&line).into_owned();
        let size = text.split(';').next().unwrap_or_default().trim();
        self.left = u64::from_str_radix(size, 16)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a chunk without its size"))?;
        self.is_over = self.left == 0;
        Ok(())
    }
}

impl<R: BufRead> Read for Chunked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.is_over {
            self.begin()?;
        }
        if self.is_over || buffer.is_empty() {
            return Ok(0);
        }
        let read = (&mut self.stream).take(self.left).read(buffer)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn body(response: &[u8]) -> (u16, String, Option<Vec<u8>>) {
        let mut stream = response;
        let head = Head::read(&mut stream).unwrap().unwrap();
        let body = unpacked(&head, &mut stream).unwrap().map(|mut body| {
            let mut bytes = Vec::new();
            body.read_to_end(&mut bytes).unwrap();
            bytes
        });
        (head.status, head.media_type, body)
    }

    #[test]
    fn chunks_are_joined_and_compression_is_taken_off() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(b"The ferry").unwrap();
        let gzip = gzip.finish().unwrap();
        let mut response = b"HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=x\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
        for part in gzip.chunks(10) {
            response.extend(format!("{:x}\r\n", part.len()).as_bytes());
            response.extend(part);
            response.extend(b"\r\n");
        }
        response.extend(b"0\r\n\r\n");
        assert_eq!(body(&response), (200, "text/html".to_owned(), Some(b"The ferry".to_vec())));
    }

    #[test]
    fn a_coding_that_has_been_taken_off_already_is_no_error() {
        let response =
            b"HTTP/1.0 200\nTransfer-Encoding: chunked\nContent-Encoding: gzip\n\nThe ferry";
        assert_eq!(body(response).2.as_deref(), Some(&b"The ferry"[..]));
        assert_eq!(body(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nx").2, None);
        assert_eq!(Head::read(&mut &b"no response"[..]).unwrap(), None);
    }
}

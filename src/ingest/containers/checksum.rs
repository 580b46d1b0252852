//! Digests that a record of a web archive states of its own block (WARC 1.1, 5.8).
//!
//! A wrong digest never keeps a record out; it is counted.

use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use std::io::{self, BufRead, Read};

/// The letters of base32 (RFC 4648, 6).
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A stream whose bytes are digested as they are taken.
pub(super) struct Digested<R> {
    stream: R,
    /// What is stated, and the way it is made; `None` where nothing is that is understood.
    stated: Option<(String, Way)>,
}

enum Way {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl<R: BufRead> Digested<R> {
    /// Digests what the field states, such as `sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ`.
    pub(super) fn new(stream: R, field: &str) -> Self {
        let stated = field.split_once(':').and_then(|(name, stated)| {
            let way = match &*name.trim().to_ascii_lowercase() {
                "sha1" => Way::Sha1(Sha1::new()),
                "sha256" | "sha-256" => Way::Sha256(Sha256::new()),
                _ => return None,
            };
            Some((stated.trim().trim_end_matches('=').to_owned(), way))
        });
        Self { stream, stated }
    }

    /// Whether everything that was taken has another digest than is stated.
    pub(super) fn is_wrong(&self) -> bool {
        let Some((stated, way)) = &self.stated else { return false };
        let digest = match way {
            Way::Sha1(way) => way.clone().finalize().to_vec(),
            Way::Sha256(way) => way.clone().finalize().to_vec(),
        };
        !stated.eq_ignore_ascii_case(&base32(&digest))
            && !stated.eq_ignore_ascii_case(&hex(&digest))
    }

    pub(super) fn stream(&self) -> &R {
        &self.stream
    }
}

impl<R: BufRead> BufRead for Digested<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.stream.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if let Some((_, way)) = &mut self.stated {
            // What is there already is given without reading on.
            let taken = self.stream.fill_buf().ok().and_then(|bytes| bytes.get(..count));
            match (way, taken) {
                (Way::Sha1(way), Some(bytes)) => way.update(bytes),
                (Way::Sha256(way), Some(bytes)) => way.update(bytes),
                _ => {}
            }
        }
        self.stream.consume(count);
    }
}

impl<R: BufRead> Read for Digested<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base32(digest: &[u8]) -> String {
    let (mut text, mut bits, mut count) = (String::new(), 0_u32, 0);
    let mut letter =
        |five: u32| text.extend(LETTERS.get(five as usize & 31).map(|b| char::from(*b)));
    for byte in digest {
        bits = bits << 8 | u32::from(*byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            letter(bits >> count);
        }
    }
    if count > 0 {
        letter(bits << (5 - count));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_right_in_base32_and_in_hexadecimal_and_wrong_otherwise() {
        // `printf ferry | sha1sum`, `… | sha256sum`, and the first by `base32`.
        for (field, is_wrong) in [
            ("sha1:9a3d3f1c1cd7b61e5ba07dd6e2c8c6e3e0a1b4a4", true),
            ("sha1:VJEDL53WYZXS2BISHHE6YF5OW56SK63W", false),
            ("SHA1:aa4835f776c66f2d051239c9ec17aeb77d257b76", false),
            ("sha256:e9087d0b20d80d3e12bc8530d883d7ad9c1eb3ebc5cb61824a2b460816503797", false),
            ("md5:0", false),
            ("", false),
        ] {
            let mut digested = Digested::new(&b"ferry"[..], field);
            io::copy(&mut digested, &mut io::sink()).unwrap();
            assert_eq!(digested.is_wrong(), is_wrong, "{field}");
        }
    }
}

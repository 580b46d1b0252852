//! Pure numbers that stand for texts: digests.
//!
//! What is stored must stay the same for ever: every function here names the exact procedure, and
//! its test pins known answers.

mod sketch;

pub use sketch::{BINS, Sketch};

use crate::model::Digest;
use sha2::{Digest as _, Sha256};
use std::io::{self, Read};

/// The SHA-256 of the bytes (FIPS 180-4).
pub fn digest(bytes: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::digest(bytes).into())
}

/// The SHA-256 of everything that the reader gives.
///
/// # Errors
/// When it cannot be read.
pub fn digest_of_reader(mut reader: impl Read) -> io::Result<Digest> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = reader.read(&mut buffer)?;
        if count == 0 {
            return Ok(Digest::from_bytes(hasher.finalize().into()));
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
}

/// The digest of a passage: SHA-256 of its text, or of text, U+001F and context where there is
/// context.
pub fn passage_digest(text: &str, context: &str) -> Digest {
    let mut hasher = Sha256::new_with_prefix(text);
    if !context.is_empty() {
        hasher.update("\u{1f}");
        hasher.update(context);
    }
    Digest::from_bytes(hasher.finalize().into())
}

/// The digest of a document's text: SHA-256 over the digests of its passages in order.
pub fn text_digest<'a>(passages: impl IntoIterator<Item = &'a Digest>) -> Digest {
    let mut hasher = Sha256::new();
    for passage in passages {
        hasher.update(passage.as_bytes());
    }
    Digest::from_bytes(hasher.finalize().into())
}

/// The digest of a document's normal text: SHA-256 over the normal texts of its paragraphs in order
/// ([`crate::text::normal::normal`]), so that neither quotation marks nor line breaks nor the cut into
/// paragraphs changes it.
pub fn normal_digest(normals: &[String]) -> Digest {
    let mut hasher = Sha256::new();
    for text in normals {
        hasher.update(text);
    }
    Digest::from_bytes(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normal::normal;

    #[test]
    fn digests_have_their_published_values() {
        assert_eq!(
            digest(b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(digest_of_reader(&b"abc"[..]).unwrap(), digest(b"abc"));
        assert_eq!(passage_digest("abc", ""), digest(b"abc"));
        assert_eq!(
            passage_digest("1\tRussia", "Table 1"),
            digest("1\tRussia\u{1f}Table 1".as_bytes())
        );
    }

    #[test]
    fn the_normal_digest_ignores_quotation_marks_and_the_cut_into_paragraphs() {
        let digest = |texts: &[&str]| {
            normal_digest(&texts.iter().map(|text| normal(text)).collect::<Vec<_>>())
        };
        let one = digest(&["“One Belt”", "and Road"]);
        assert_eq!(one, digest(&["\"One Belt\" and\nRoad"]));
        assert_ne!(one, digest(&["\"One Belt\" and Toad"]));
    }
}

//! Plain text in any encoding.
//!
//! Every text is readable; only bytes that are no text at all are refused.

use super::{Format, Holds, Input, Unreadable};
use crate::model::Extract;
use crate::text::decode::decode;
use crate::text::segment;
use crate::text::structure::{self, Declared};

pub(super) const FORMAT: Format = Format {
    name: "plain",
    version: 3,
    media_type: "text/plain",
    extensions: &["txt", "text"],
    holds: Holds::OneDocument,
    recognises: |_| true,
    is_signed: false,
    is_bounded: true,
    read,
};

fn read(input: &Input) -> Result<Extract, Unreadable> {
    decoded(input, extract)
}

/// Decodes a file that is text throughout, and has its paragraphs read.
pub(super) fn decoded(
    input: &Input,
    extract: fn(&str, &Declared) -> Extract,
) -> Result<Extract, Unreadable> {
    let decoded = decode(input.bytes, input.options.encoding)
        .map_err(|not_text| Unreadable(not_text.to_string()))?;
    let mut extract = extract(&decoded.text, &Declared::default());
    extract.encoding = Some(decoded.encoding);
    Ok(extract)
}

/// The paragraphs of a text that has no markup.
pub(super) fn extract(text: &str, declared: &Declared) -> Extract {
    structure::extract(text, segment::blocks(text), declared)
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;
    use crate::model::{EncodingMethod, Kind};

    fn read_bytes(bytes: &[u8]) -> Result<Extract, Unreadable> {
        read(&Input { bytes, name: "a.txt", options: &Options::default() })
    }

    #[test]
    fn a_text_in_a_legacy_encoding_is_read_and_says_so() {
        let (bytes, _, _) = encoding_rs::GBK.encode("东北地区的经济发展，需要进一步对外开放。");
        let extract = read_bytes(&bytes).unwrap();
        let encoding = extract.encoding.unwrap();
        assert_eq!(encoding.method, EncodingMethod::Guessed);
        assert_eq!(extract.paragraphs.len(), 1);
        assert_eq!(extract.paragraphs[0].text, "东北地区的经济发展，需要进一步对外开放。");
        assert_eq!(extract.paragraphs[0].kind, Kind::Body);
    }

    #[test]
    fn empty_text_is_a_document_without_paragraphs() {
        for bytes in [&b""[..], b" \r\n\t", b"\xEF\xBB\xBF", b"\xFF\xFE"] {
            let extract = read_bytes(bytes).unwrap();
            assert_eq!((extract.paragraphs.len(), extract.notes), (0, vec!["empty".to_owned()]));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_name() {
        let refused = read_bytes(b"\x7fELF\x02\x01\x01\0").unwrap_err();
        assert_eq!(refused.to_string(), "not text (ELF program)");
    }
}

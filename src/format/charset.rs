//! The character encoding of a page or an XML file: what it declares, against what its bytes are.
//!
//! The bytes win. A declaration decides only between encodings of one script, which a short text tells
//! apart badly; it is on record either way.

use crate::format::{Input, Unreadable};
use crate::text::codec::Codec;
use crate::text::decode::{Decoded, decode};

/// How far into a page its declaration is looked for, in bytes.
const HEAD: usize = 4096;

/// A guess of this confidence, in percent, needs no declaration.
const SURE: u8 = 90;

/// A decoded page and a note on what it declared.
pub(super) fn decode_page<'a>(
    input: &Input<'a>,
) -> Result<(Decoded<'a>, Option<String>), Unreadable> {
    let refuse = |not_text: crate::text::decode::NotText| Unreadable(not_text.to_string());
    let mut decoded = decode(input.bytes, input.options.encoding).map_err(refuse)?;
    let Some(label) = declared(input.bytes) else { return Ok((decoded, None)) };
    decoded.encoding.declared = Some(label.clone());
    let Some(encoding) = Codec::labelled(&label) else {
        return Ok((decoded, Some(format!("declared charset {label} is unknown"))));
    };
    if encoding.name() == decoded.encoding.name {
        return Ok((decoded, None));
    }
    let is_doubtful = decoded.encoding.confidence.is_some_and(|confidence| confidence < SURE);
    if is_doubtful && are_alike(encoding.name(), decoded.encoding.name) {
        let told = decode(input.bytes, Some(encoding)).map_err(refuse)?;
        if told.encoding.replaced <= decoded.encoding.replaced {
            let mut told = told;
            told.encoding.method = decoded.encoding.method;
            told.encoding.declared = decoded.encoding.declared;
            told.encoding.confidence = decoded.encoding.confidence;
            let note = format!("declared charset {label} followed");
            return Ok((told, Some(note)));
        }
    }
    // ASCII is the same in nearly all of them, so the declaration is no error there.
    if input.bytes.is_ascii() {
        return Ok((decoded, None));
    }
    let note = format!("declared charset {label}, but its bytes are {}", decoded.encoding.name);
    Ok((decoded, Some(note)))
}

/// The label in `<meta charset>`, `<meta http-equiv>` or the XML declaration.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, after) = if head.trim_start().starts_with("<?xml") {
        head.split_once("encoding").or_else(|| head.split_once("charset"))?
    } else {
        head.split_once("charset")?
    };
    let label = after.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.:".contains(c)));
    let label = end.map_or(label, |end| label.get(..end).unwrap_or_default());
    (!label.is_empty() && label.len() <= 40).then(|| label.to_owned())
}

/// Whether both are encodings of one byte a character for languages of one script.
fn are_alike(one: &str, other: &str) -> bool {
    is_latin(one) && is_latin(other) || is_cyrillic(one) && is_cyrillic(other)
}

fn is_cyrillic(name: &str) -> bool {
    matches!(
        name,
        "windows-1251"
            | "KOI8-R"
            | "KOI8-U"
            | "IBM866"
            | "ISO-8859-5"
            | "x-mac-cyrillic"
            | "IBM855"
    )
}

/// Encodings of one byte a character for languages in Latin script.
fn is_latin(name: &str) -> bool {
    matches!(
        name,
        "windows-1250"
            | "windows-1252"
            | "windows-1254"
            | "windows-1257"
            | "windows-1258"
            | "ISO-8859-2"
            | "ISO-8859-3"
            | "ISO-8859-4"
            | "ISO-8859-10"
            | "ISO-8859-13"
            | "ISO-8859-14"
            | "ISO-8859-15"
            | "ISO-8859-16"
            | "macintosh"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Options;

    fn read(bytes: &[u8]) -> (String, &'static str, Option<String>) {
        let options = Options::default();
        let (decoded, note) =
            decode_page(&Input { bytes, name: "a.html", options: &options }).unwrap();
        (decoded.text.into_owned(), decoded.encoding.name, note)
    }

    #[test]
    fn the_bytes_win_over_the_declaration_and_both_are_on_record() {
        let page = "<meta charset=iso-8859-1><p>第二艘渡轮将于五月启航";
        assert_eq!(
            read(page.as_bytes()),
            (
                page.to_owned(),
                "UTF-8",
                Some("declared charset iso-8859-1, but its bytes are UTF-8".to_owned())
            )
        );
        let (bytes, _, _) = encoding_rs::GBK.encode(page);
        assert_eq!(read(&bytes).1, "GBK");
    }

    #[test]
    fn a_declaration_that_fits_needs_no_note() {
        let page =
            "<?xml version='1.0' encoding='Shift_JIS'?><p>フェリーは五月に就航する予定である。";
        let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(page);
        assert_eq!(read(&bytes), (page.to_owned(), "Shift_JIS", None));
        assert_eq!(read(b"<meta charset='iso-8859-1'>plain").2, None);
    }

    #[test]
    fn a_declaration_decides_between_latin_encodings() {
        let page =
            "<meta http-equiv=Content-Type content='text/html; charset=iso-8859-2'><p>Zażółć";
        let (bytes, _, _) = encoding_rs::ISO_8859_2.encode(page);
        assert_eq!(read(&bytes).0, page);
    }

    #[test]
    fn a_charset_nobody_knows_is_on_record() {
        let note = read("<meta charset='klingon'><p>é".as_bytes()).2;
        assert_eq!(note.as_deref(), Some("declared charset klingon is unknown"));
        assert_eq!(read("charset".as_bytes()).2, None);
    }
}

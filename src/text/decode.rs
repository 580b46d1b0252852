//! Bytes to text: finds the character encoding and decodes, counting what had to be replaced.
//!
//! It never guesses silently: the encoding found and the way it was found are part of the result.
//! Text that is valid UTF-8 already is borrowed, never copied.

use std::borrow::Cow;
use std::fmt;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr_iter, memmem};

use super::binary;
use crate::model::{Encoding, EncodingMethod};

/// A document's text and how its bytes became it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text without byte order mark, with U+FFFD for what is no character and for NUL.
    pub text: Cow<'a, str>,
    /// The encoding, how it was found, and how much was replaced.
    pub encoding: Encoding,
}

/// The bytes are not text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotText(pub &'static str);

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not text ({})", self.0)
    }
}

impl std::error::Error for NotText {}

/// How many bytes the detector reads first, from the first that is not ASCII on. It is the slowest
/// part of reading; an East Asian encoding shows in a few lines and proves itself by decoding the rest
/// without error.
const FIRST_READ: usize = 4 << 10;

/// How many it reads where that proves nothing, as in encodings of one byte a character.
const SECOND_READ: usize = 64 << 10;

/// Decodes a document.
///
/// `told` is what the user said the encoding is. A byte order mark outranks it, as in the WHATWG
/// Encoding Standard; so does nothing else.
///
/// # Errors
///
/// The bytes announce or prove themselves to be something other than text.
pub fn decode<'a>(
    bytes: &'a [u8],
    told: Option<&'static encoding_rs::Encoding>,
) -> Result<Decoded<'a>, NotText> {
    if let Some(decoded) = by_mark(bytes) {
        return Ok(decoded);
    }
    if let Some(name) = binary::announced(bytes) {
        return Err(NotText(name));
    }
    if let Some(encoding) = told {
        return Ok(in_encoding(bytes, encoding, EncodingMethod::Told));
    }
    // UTF-16 of ASCII letters is valid UTF-8 with a NUL for every other byte.
    if memchr(0, bytes).is_some()
        && let Some(encoding) = utf16_without_mark(bytes)
    {
        return Ok(in_encoding(bytes, encoding, EncodingMethod::Guessed));
    }
    if binary::is_mostly_control(bytes) {
        return Err(NotText("too many control characters"));
    }
    // ISO-2022-JP is ASCII throughout, so it is valid UTF-8 as well.
    let shifts = memmem::find(bytes, b"\x1b$").is_some();
    if shifts && detect(bytes, FIRST_READ) == encoding_rs::ISO_2022_JP {
        return Ok(in_encoding(bytes, encoding_rs::ISO_2022_JP, EncodingMethod::Guessed));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(valid(text));
    }
    if is_damaged_utf8(bytes) {
        return Ok(in_encoding(bytes, UTF_8, EncodingMethod::Valid));
    }
    Ok(guessed(bytes))
}

/// The encoding with this label: any label of the WHATWG Encoding Standard, in any case, with `_`
/// or nothing where the standard has `-`; also `CP949`, `CP936`, `CP950` and `CP932`.
///
/// Returns `None` for a label that names none, or one that is not for reading text.
pub fn encoding_labelled(label: &str) -> Option<&'static encoding_rs::Encoding> {
    let plain = label.trim().to_ascii_lowercase().replace('_', "-");
    let known = match &*plain {
        "cp949" | "uhc" => "euc-kr",
        "cp936" => "gbk",
        "cp950" | "cp951" => "big5",
        "cp932" | "sjis" => "shift_jis",
        "eucjp" => "euc-jp",
        "euckr" => "euc-kr",
        "utf16" => "utf-16le",
        "koi8r" => "koi8-r",
        other => other,
    };
    let found = encoding_rs::Encoding::for_label_no_replacement(known.as_bytes());
    found.or_else(|| {
        let underscored = known.replace('-', "_");
        encoding_rs::Encoding::for_label_no_replacement(underscored.as_bytes())
    })
}

fn by_mark(bytes: &[u8]) -> Option<Decoded<'_>> {
    // UTF-32's little-endian mark begins with UTF-16's.
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE\0\0") {
        return Some(utf32(rest, "UTF-32LE", u32::from_le_bytes));
    }
    if let Some(rest) = bytes.strip_prefix(b"\0\0\xFE\xFF") {
        return Some(utf32(rest, "UTF-32BE", u32::from_be_bytes));
    }
    let (encoding, length) = encoding_rs::Encoding::for_bom(bytes)?;
    let rest = bytes.get(length..).unwrap_or_default();
    Some(in_encoding(rest, encoding, EncodingMethod::Mark))
}

fn in_encoding<'a>(
    bytes: &'a [u8],
    encoding: &'static encoding_rs::Encoding,
    method: EncodingMethod,
) -> Decoded<'a> {
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    let mut replaced = 0;
    if malformed {
        // A replacement character that the author wrote counts too: it cannot be told apart, and
        // one U+FFFD too many in a count does less harm than a second decoding.
        replaced = count_replacements(&text);
    }
    let (text, nuls) = without_nul(text);
    let replaced = replaced + nuls;
    Decoded { text, encoding: Encoding { name: encoding.name(), method, replaced } }
}

fn valid(text: &str) -> Decoded<'_> {
    let (text, replaced) = without_nul(Cow::Borrowed(text));
    let encoding = Encoding { name: UTF_8.name(), method: EncodingMethod::Valid, replaced };
    Decoded { text, encoding }
}

fn without_nul(text: Cow<'_, str>) -> (Cow<'_, str>, u64) {
    let nuls = memchr_iter(0, text.as_bytes()).count();
    let text = if nuls == 0 { text } else { Cow::Owned(text.replace('\0', "\u{fffd}")) };
    (text, u64::try_from(nuls).unwrap_or(u64::MAX))
}

fn count_replacements(text: &str) -> u64 {
    let count = memmem::find_iter(text.as_bytes(), "\u{fffd}").count();
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn utf32<'a>(bytes: &[u8], name: &'static str, read: fn([u8; 4]) -> u32) -> Decoded<'a> {
    let mut text = String::with_capacity(bytes.len() / 3);
    let mut replaced = 0;
    for unit in bytes.chunks(4) {
        let number = unit.try_into().ok().map(read);
        let c = number.and_then(char::from_u32).filter(|c| *c != '\0');
        replaced += u64::from(c.is_none());
        text.push(c.unwrap_or('\u{fffd}'));
    }
    let encoding = Encoding { name, method: EncodingMethod::Mark, replaced };
    Decoded { text: Cow::Owned(text), encoding }
}

/// Mostly valid UTF-8 is UTF-8 with damage: other encodings hit its patterns only by rare chance.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad, mut rest) = (0_usize, 0_usize, bytes);
    while !rest.is_empty() {
        let error = match std::str::from_utf8(rest) {
            Ok(valid) => {
                good += multibyte_characters(valid.as_bytes());
                break;
            }
            Err(error) => error,
        };
        let (valid, after) = rest.split_at(error.valid_up_to());
        good += multibyte_characters(valid);
        bad += 1;
        // Damage on this scale is another encoding; do not walk a whole legacy file byte by byte.
        if bad > 16 && bad > good {
            return false;
        }
        rest = after.get(error.error_len().unwrap_or(after.len())..).unwrap_or_default();
    }
    good > bad * 4
}

fn multibyte_characters(valid: &[u8]) -> usize {
    valid.iter().filter(|byte| **byte >= 0xC2).count()
}

/// UTF-16 where it is sure: nearly every pair of bytes has NUL on one side and none on the other
/// (Latin text), or the text decodes without error into few blocks of Unicode (the rest).
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    if bytes.len() < 8 || bytes.len() % 2 == 1 {
        return None;
    }
    let head = bytes.get(..bytes.len().min(65_536)).unwrap_or(bytes);
    let (mut high, mut low, mut pairs) = (0_usize, 0_usize, 0_usize);
    for pair in head.chunks_exact(2) {
        pairs += 1;
        high += usize::from(pair.first() == Some(&0));
        low += usize::from(pair.last() == Some(&0));
    }
    let (encoding, on, off) =
        if low > high { (UTF_16LE, low, high) } else { (UTF_16BE, high, low) };
    if off * 50 > on {
        return None;
    }
    if on * 10 >= pairs * 7 || is_plausible(head, encoding) { Some(encoding) } else { None }
}

/// Whether the text decodes cleanly and holds line ends or spaces and no private or odd characters.
fn is_plausible(head: &[u8], encoding: &'static encoding_rs::Encoding) -> bool {
    let (text, malformed) = encoding.decode_without_bom_handling(head);
    // A surrogate pair cut in two by the end of the sample is no error of the text.
    if malformed && text.trim_end_matches('\u{fffd}').contains('\u{fffd}') {
        return false;
    }
    let mut spaces = 0_usize;
    let mut letters = 0_usize;
    for c in text.chars() {
        match c {
            ' ' | '\n' | '\r' | '\t' | '\u{3000}'..='\u{3002}' => spaces += 1,
            c if c.is_control() => return false,
            c if super::spacing::is_cjk(c) || ('\u{400}'..'\u{530}').contains(&c) => letters += 1,
            c if c.is_ascii_alphanumeric() => letters += 1,
            _ => {}
        }
    }
    let characters = text.chars().count();
    spaces > 0 && letters * 10 >= characters * 7
}

/// Decodes text in an encoding that has to be guessed.
fn guessed(bytes: &[u8]) -> Decoded<'_> {
    let first = detect(bytes, FIRST_READ);
    if !first.is_single_byte() {
        let decoded = in_encoding(bytes, first, EncodingMethod::Guessed);
        if decoded.encoding.replaced == 0 {
            return decoded;
        }
    }
    in_encoding(bytes, detect(bytes, SECOND_READ), EncodingMethod::Guessed)
}

fn detect(bytes: &[u8], reads: usize) -> &'static encoding_rs::Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    // The characters just before tell which letters the first foreign one stands among.
    let first = bytes.iter().position(|byte| !byte.is_ascii() || *byte == 0x1b).unwrap_or(0);
    let start = first.saturating_sub(64);
    let end = bytes.len().min(start + reads);
    detector.feed(bytes.get(start..end).unwrap_or(bytes), end == bytes.len());
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, &'static str, EncodingMethod, u64) {
        let decoded = decode(bytes, None).unwrap();
        let Encoding { name, method, replaced } = decoded.encoding;
        (decoded.text.into_owned(), name, method, replaced)
    }

    #[test]
    fn valid_utf8_is_borrowed() {
        let decoded = decode("Пояс и путь 一带一路".as_bytes(), None).unwrap();
        assert!(matches!(decoded.text, Cow::Borrowed("Пояс и путь 一带一路")));
        assert_eq!(decoded.encoding.method, EncodingMethod::Valid);
    }

    #[test]
    fn byte_order_marks_decide_and_leave_the_text() {
        let method = EncodingMethod::Mark;
        assert_eq!(read(b"\xEF\xBB\xBFabc"), ("abc".into(), "UTF-8", method, 0));
        assert_eq!(read(b"\xFF\xFEa\0\x00\x4e"), ("a一".into(), "UTF-16LE", method, 0));
        assert_eq!(read(b"\xFE\xFF\0a\x4e\x00"), ("a一".into(), "UTF-16BE", method, 0));
        assert_eq!(read(b"\xFF\xFE\0\0a\0\0\0"), ("a".into(), "UTF-32LE", method, 0));
        assert_eq!(read(b"\0\0\xFE\xFF\0\0\0a\0"), ("a\u{fffd}".into(), "UTF-32BE", method, 1));
        assert_eq!(read(b"\xEF\xBB\xBF"), (String::new(), "UTF-8", method, 0));
    }

    #[test]
    fn utf16_without_a_mark_is_decoded_where_it_is_sure() {
        let latin: Vec<u8> = "Belt and Road".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&latin).0, "Belt and Road");
        let text = "丝绸之路经济带 和海上丝绸之路。\n东北振兴";
        let chinese: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&chinese).0, text);
    }

    #[test]
    fn nul_and_invalid_bytes_become_replacement_characters_and_are_counted() {
        assert_eq!(read(b"one\0two three").0, "one\u{fffd}two three");
        let mut damaged = "Экономический коридор".as_bytes().to_vec();
        damaged.extend(b"\xFF end");
        let (text, name, _, replaced) = read(&damaged);
        assert_eq!((&*text, name, replaced), ("Экономический коридор\u{fffd} end", "UTF-8", 1));
    }

    #[test]
    fn legacy_encodings_are_guessed() {
        let chinese = "中国东北地区的经济发展与对外开放，需要进一步加强国际合作。";
        let russian = "Сотрудничество России и Китая развивается быстрыми темпами.";
        let japanese = "東北アジアの経済協力は、これからの課題である。";
        let korean = "동북아시아의 경제 협력은 앞으로의 과제이다.";
        for (text, encoding) in [
            (chinese, encoding_rs::GBK),
            (russian, encoding_rs::WINDOWS_1251),
            (russian, encoding_rs::KOI8_R),
            (japanese, encoding_rs::SHIFT_JIS),
            (japanese, encoding_rs::EUC_JP),
            (japanese, encoding_rs::ISO_2022_JP),
            (korean, encoding_rs::EUC_KR),
        ] {
            let (bytes, _, _) = encoding.encode(text);
            assert_eq!(read(&bytes).0, text, "{}", encoding.name());
        }
    }

    #[test]
    fn what_the_user_says_beats_the_guess_but_not_a_mark() {
        let told = Some(encoding_rs::KOI8_R);
        assert_eq!(decode(b"\xF0\xCF\xD1\xD3", told).unwrap().text, "Пояс");
        assert_eq!(decode(b"\xEF\xBB\xBFabc", told).unwrap().encoding.name, "UTF-8");
    }

    #[test]
    fn what_is_not_text_says_what_it_is() {
        let image = decode(b"\xFF\xD8\xFF\xE0\0\x10JFIF", None).unwrap_err();
        assert_eq!(image.to_string(), "not text (JPEG image)");
        let noise: Vec<u8> = (0..200_u32).map(|n| (n * 37 % 31) as u8).collect();
        let noise = decode(&noise, None).unwrap_err();
        assert_eq!(noise.to_string(), "not text (too many control characters)");
    }

    #[test]
    fn labels_are_read_as_people_write_them() {
        for (label, name) in [
            ("utf8", "UTF-8"),
            ("GB18030", "gb18030"),
            ("Shift-JIS", "Shift_JIS"),
            ("CP949", "EUC-KR"),
            ("windows_1251", "windows-1251"),
            (" latin1 ", "windows-1252"),
        ] {
            assert_eq!(encoding_labelled(label).map(|found| found.name()), Some(name), "{label}");
        }
        assert_eq!(encoding_labelled("klingon"), None);
    }

    #[test]
    fn nothing_is_empty_text() {
        assert_eq!(read(b""), (String::new(), "UTF-8", EncodingMethod::Valid, 0));
    }
}

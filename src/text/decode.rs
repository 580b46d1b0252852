//! Bytes to text: finds the character encoding and decodes, counting what had to be replaced.
//!
//! It never guesses silently: the encoding found and the way it was found are part of the result.
//! Text that is valid UTF-8 already is borrowed, never copied.

use std::borrow::Cow;
use std::fmt;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{ISO_2022_JP, UTF_8};
use memchr::{memchr, memchr_iter, memmem};

use super::binary;
use super::codec::{Codec, HZ, ISO_2022_KR, JOHAB, UTF_32BE, UTF_32LE};
use super::guess;
use super::unmarked;
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

/// The confidence that no guess exceeds, in percent.
const SUREST: u8 = 99;

/// Decodes a document.
///
/// `told` is what the user said the encoding is. A byte order mark outranks it, as in the WHATWG
/// Encoding Standard; so does nothing else.
///
/// # Errors
///
/// The bytes announce or prove themselves to be something other than text.
pub fn decode(bytes: &[u8], told: Option<Codec>) -> Result<Decoded<'_>, NotText> {
    if let Some(decoded) = by_mark(bytes) {
        return Ok(decoded);
    }
    if let Some(name) = binary::announced(bytes) {
        return Err(NotText(name));
    }
    if let Some(codec) = told {
        return Ok(in_codec(bytes, codec, EncodingMethod::Told));
    }
    // UTF-16 of ASCII letters is valid UTF-8 with a NUL for every other byte.
    if memchr(0, bytes).is_some()
        && let Some(codec) = unmarked::of_wide_units(bytes)
    {
        return Ok(in_codec(bytes, codec, EncodingMethod::Guessed));
    }
    if unmarked::is_iso_2022_kr(bytes) {
        return Ok(in_codec(bytes, ISO_2022_KR, EncodingMethod::Guessed));
    }
    if binary::is_mostly_control(bytes) {
        return Err(NotText("too many control characters"));
    }
    // ISO-2022-JP is ASCII throughout, so it is valid UTF-8 as well.
    let shifts = memmem::find(bytes, b"\x1b$").is_some();
    if shifts && detect(bytes, FIRST_READ) == ISO_2022_JP {
        return Ok(in_codec(bytes, ISO_2022_JP.into(), EncodingMethod::Guessed));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        if unmarked::is_hz(bytes) {
            return Ok(in_codec(bytes, HZ, EncodingMethod::Guessed));
        }
        return Ok(valid(text));
    }
    if is_damaged_utf8(bytes) {
        return Ok(in_codec(bytes, UTF_8.into(), EncodingMethod::Valid));
    }
    Ok(guessed(bytes))
}

fn by_mark(bytes: &[u8]) -> Option<Decoded<'_>> {
    let (codec, length) = match bytes {
        // UTF-32's little-endian mark begins with UTF-16's.
        [0xFF, 0xFE, 0, 0, ..] => (UTF_32LE, 4),
        [0, 0, 0xFE, 0xFF, ..] => (UTF_32BE, 4),
        _ => {
            let (encoding, length) = encoding_rs::Encoding::for_bom(bytes)?;
            (encoding.into(), length)
        }
    };
    Some(in_codec(bytes.get(length..).unwrap_or_default(), codec, EncodingMethod::Mark))
}

fn in_codec(bytes: &[u8], codec: Codec, method: EncodingMethod) -> Decoded<'_> {
    let (text, malformed) = codec.decode(bytes);
    let mut replaced = 0;
    if malformed {
        // A replacement character that the author wrote counts too: it cannot be told apart, and
        // one U+FFFD too many in a count does less harm than a second decoding.
        replaced = count_replacements(&text);
    }
    let (text, nuls) = without_nul(text);
    let replaced = replaced + nuls;
    let confidence =
        (method == EncodingMethod::Guessed).then(|| several_bytes_confidence(bytes, replaced));
    Decoded {
        text,
        encoding: Encoding { name: codec.name(), method, confidence, declared: None, replaced },
    }
}

/// How sure a guess of an encoding with several bytes a character is, in percent.
///
/// Bytes of another encoding form a valid pair about six times in ten, so every pair without error
/// leaves six tenths of the doubt; each error takes the belief in ten pairs.
fn several_bytes_confidence(bytes: &[u8], replaced: u64) -> u8 {
    let beyond_ascii = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    // What is shifted or has NULs proves itself otherwise.
    let pairs = if beyond_ascii == 0 { 10.0 } else { beyond_ascii as f64 / 2.0 };
    let damage = (replaced as f64 * 10.0 / pairs).min(1.0);
    ((1.0 - 0.6_f64.powf(pairs)) * (1.0 - damage) * 100.0).min(f64::from(SUREST)) as u8
}

fn valid(text: &str) -> Decoded<'_> {
    let (text, replaced) = without_nul(Cow::Borrowed(text));
    let encoding = Encoding {
        name: UTF_8.name(),
        method: EncodingMethod::Valid,
        confidence: None,
        declared: None,
        replaced,
    };
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

/// Decodes text in an encoding that has to be guessed.
///
/// `chardetng` knows East Asian encodings; which of those with one byte a character it is, and
/// whether it is one of them after all, `guess` knows better. See docs/decisions/0007-encodings.md.
fn guessed(bytes: &[u8]) -> Decoded<'_> {
    if unmarked::is_johab(bytes) {
        return in_codec(bytes, JOHAB, EncodingMethod::Guessed);
    }
    let first = detect(bytes, FIRST_READ);
    if !first.is_single_byte() {
        let decoded = in_codec(bytes, first.into(), EncodingMethod::Guessed);
        // So much of another encoding would not decode without error.
        if decoded.encoding.replaced == 0 && decoded.encoding.confidence == Some(SUREST) {
            return decoded;
        }
    }
    let narrow = guess::one_byte_a_character(bytes);
    let second = detect(bytes, SECOND_READ);
    match narrow {
        Some(guess) if second.is_single_byte() || guess.is_read_well() => {
            let mut decoded = in_codec(bytes, guess.codec, EncodingMethod::Guessed);
            decoded.encoding.confidence = Some(guess.confidence);
            decoded
        }
        _ => in_codec(bytes, second.into(), EncodingMethod::Guessed),
    }
}

/// So much of a text, from just before its first byte that shows an encoding: the characters before
/// tell which letters it stands among.
fn sample(bytes: &[u8], length: usize) -> &[u8] {
    let first = bytes.iter().position(|byte| !byte.is_ascii() || *byte == 0x1b).unwrap_or(0);
    let start = first.saturating_sub(64);
    bytes.get(start..bytes.len().min(start + length)).unwrap_or(bytes)
}

fn detect(bytes: &[u8], length: usize) -> &'static encoding_rs::Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let sample = sample(bytes, length);
    let is_whole = bytes.as_ptr_range().end == sample.as_ptr_range().end;
    detector.feed(sample, is_whole);
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, &'static str, EncodingMethod, u64) {
        let decoded = decode(bytes, None).unwrap();
        let Encoding { name, method, replaced, .. } = decoded.encoding;
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
        let told = Some(encoding_rs::KOI8_R.into());
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
    fn nothing_is_empty_text() {
        assert_eq!(read(b""), (String::new(), "UTF-8", EncodingMethod::Valid, 0));
    }
}

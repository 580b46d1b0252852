//! Names of members: as text, with the bytes beside it where the text cannot show them.
//!
//! Containers made before UTF-8 say nothing of the encoding of their names. All names of a container
//! are guessed together, since one alone is too short. A name is data: it never becomes a path.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// The name of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) text: String,
    /// Its bytes, where they are not the text's.
    pub(super) raw: Option<Vec<u8>>,
}

/// How the names of one container are read that are not UTF-8.
pub(super) enum Reading {
    In(&'static Encoding),
    /// The code page of the IBM PC, which the zip format takes for granted.
    CodePage437,
}

impl Reading {
    /// The encoding that suits all of these names together.
    pub(super) fn of<'a>(names: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        let mut foreign = Vec::new();
        for name in names.filter(|name| std::str::from_utf8(name).is_err()).take(2000) {
            foreign.extend_from_slice(name);
            foreign.push(b'\n');
        }
        if foreign.is_empty() {
            return Reading::CodePage437;
        }
        detector.feed(&foreign, true);
        let guess = detector.guess(None, Utf8Detection::Deny);
        let (text, malformed) = guess.decode_without_bom_handling(&foreign);
        // Western single-byte guesses are what remains when nothing is known; zip files that are
        // old enough for that are from the IBM PC.
        if malformed || !is_likely(guess, &text) {
            return Reading::CodePage437;
        }
        Reading::In(guess)
    }

    /// The name that these bytes are.
    pub(super) fn name(&self, raw: &[u8]) -> Name {
        if let Ok(text) = std::str::from_utf8(raw) {
            return Name::of(text.to_owned(), raw);
        }
        let text = match self {
            Reading::In(encoding) => encoding.decode_without_bom_handling(raw).0.into_owned(),
            Reading::CodePage437 => raw.iter().map(|byte| code_page_437(*byte)).collect(),
        };
        Name::of(text, raw)
    }
}

impl Name {
    fn of(text: String, raw: &[u8]) -> Self {
        // SQLite keeps a NUL, but most of what reads from it does not.
        let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text };
        let raw = (text.as_bytes() != raw).then(|| raw.to_vec());
        Self { text, raw }
    }

    /// A name that is text to begin with.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        let raw = text.clone();
        Self::of(text, raw.as_bytes())
    }
}

/// Whether a guess is more than the last resort: of many bytes a character, or foreign letters.
fn is_likely(guess: &'static Encoding, text: &str) -> bool {
    let foreign = text.chars().filter(|c| !c.is_ascii()).count();
    let letters = text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).count();
    let latin = text.chars().filter(|c| ('\u{80}'..'\u{250}').contains(c)).count();
    !guess.is_single_byte() || (letters * 10 >= foreign * 9 && latin * 10 < foreign)
}

fn code_page_437(byte: u8) -> char {
    const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(upper) => UPPER.chars().nth(usize::from(upper)).unwrap_or('\u{fffd}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &[&[u8]]) -> Vec<String> {
        let reading = Reading::of(names.iter().copied());
        names.iter().map(|name| reading.name(name).text).collect()
    }

    #[test]
    fn names_in_legacy_encodings_are_read_together_and_their_bytes_kept() {
        for (encoding, texts) in [
            (encoding_rs::SHIFT_JIS, ["資料/報告書.txt", "会議の記録.doc"]),
            (encoding_rs::GBK, ["新建文件夹/报告.txt", "东北地区经济.doc"]),
            (encoding_rs::EUC_KR, ["보고서/항만.txt", "새 문서.hwp"]),
            (encoding_rs::IBM866, ["Отчёт о работе.txt", "Документы/порт.txt"]),
        ] {
            let raw: Vec<Vec<u8>> =
                texts.iter().map(|text| encoding.encode(text).0.into_owned()).collect();
            let raw: Vec<&[u8]> = raw.iter().map(Vec::as_slice).collect();
            assert_eq!(read(&raw), texts, "{}", encoding.name());
            let name = Reading::of(raw.iter().copied()).name(raw[0]);
            assert_eq!(name.raw.as_deref(), Some(raw[0]));
        }
    }

    #[test]
    fn western_names_are_in_the_code_page_of_zip_and_utf8_is_utf8() {
        assert_eq!(read(&[b"R\x82sum\x82.txt", "日本.txt".as_bytes()]), ["Résumé.txt", "日本.txt"]);
        assert_eq!(Name::text("a/b.txt"), Name { text: "a/b.txt".to_owned(), raw: None });
    }

    #[test]
    fn every_byte_of_the_code_page_is_a_character() {
        assert!((0..=255).all(|byte| code_page_437(byte) != '\u{fffd}'));
        assert_eq!(code_page_437(0xe1), 'ß');
    }
}

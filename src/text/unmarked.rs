//! Encodings that show by themselves, without a mark at the start: by NULs, shifts or valid pairs.
//!
//! Each answer is a yes only where chance all but excludes it; what is less sure is left to guessing.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use memchr::memmem;

use super::codec::{Codec, JOHAB, UTF_32BE, UTF_32LE};

/// UTF-32 or UTF-16 in a text that has NULs.
pub(super) fn of_wide_units(bytes: &[u8]) -> Option<Codec> {
    utf32(bytes).or_else(|| utf16(bytes).map(Codec::from))
}

/// UTF-32: every unit is a character, and the high byte of every one is NUL.
fn utf32(bytes: &[u8]) -> Option<Codec> {
    if bytes.len() < 8 || !bytes.len().is_multiple_of(4) {
        return None;
    }
    let head = bytes.get(..bytes.len().min(65_536))?;
    let is = |read: fn([u8; 4]) -> u32| {
        head.chunks_exact(4).all(|unit| {
            let number = unit.try_into().map(read).unwrap_or_default();
            number > 8 && char::from_u32(number).is_some()
        })
    };
    if is(u32::from_le_bytes) {
        return Some(UTF_32LE);
    }
    is(u32::from_be_bytes).then_some(UTF_32BE)
}

/// UTF-16 where it is sure: nearly every pair of bytes has NUL on one side and none on the other
/// (Latin text), or the text decodes without error into few blocks of Unicode (the rest).
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
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
fn is_plausible(head: &[u8], encoding: &'static Encoding) -> bool {
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

/// Korean mail: its announcement, and a shift after it.
pub(super) fn is_iso_2022_kr(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or(bytes);
    let announced = memmem::find(head, b"\x1b$)C").and_then(|at| bytes.get(at..));
    announced.is_some_and(|after| after.contains(&0x0E)) && bytes.is_ascii()
}

/// Chinese between `~{` and `~}`: everything there is a pair, and nearly all are common characters.
/// (Formats of Lisp have the same braces, but no pairs in them.)
pub(super) fn is_hz(bytes: &[u8]) -> bool {
    let (mut pairs, mut common) = (0_usize, 0_usize);
    for start in memmem::find_iter(bytes, b"~{") {
        let inside = bytes.get(start + 2..).unwrap_or_default();
        let line = inside.iter().position(|byte| *byte == b'\n').unwrap_or(inside.len());
        let inside = inside.get(..line).unwrap_or(inside);
        let inside = memmem::find(inside, b"~}").and_then(|end| inside.get(..end));
        for pair in inside.unwrap_or_default().chunks(2) {
            let [lead @ 0x21..=0x77, 0x21..=0x7E] = pair else { return false };
            pairs += 1;
            // Punctuation, and the characters of the first level.
            common += usize::from(matches!(lead, 0x21 | 0x23 | 0x30..=0x57));
        }
    }
    pairs >= 4 && common * 10 >= pairs * 9
}

/// Korean in Johab: it decodes without error, and nearly all its syllables are among the 2,350 of
/// KS X 1001, which are a fifth of those that Johab can write.
pub(super) fn is_johab(bytes: &[u8]) -> bool {
    let (text, malformed) = JOHAB.decode(bytes);
    if malformed {
        return false;
    }
    let (mut syllables, mut common, mut others) = (0_usize, 0_usize, 0_usize);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        if !('가'..='힣').contains(&c) {
            others += 1;
            continue;
        }
        syllables += 1;
        let mut buffer = [0; 4];
        let (bytes, _, _) = encoding_rs::EUC_KR.encode(c.encode_utf8(&mut buffer));
        common += usize::from(matches!(*bytes, [0xB0..=0xC8, 0xA1..=0xFE]));
    }
    syllables >= 8 && common * 100 >= syllables * 97 && others <= syllables * 3
}

#[cfg(test)]
mod tests {
    use super::super::decode::decode;
    use super::*;

    fn read(bytes: &[u8]) -> (String, &'static str) {
        let decoded = decode(bytes, None).unwrap();
        (decoded.text.into_owned(), decoded.encoding.name)
    }

    #[test]
    fn utf16_without_a_mark_is_decoded_where_it_is_sure() {
        let latin: Vec<u8> = "Belt and Road".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&latin), ("Belt and Road".to_owned(), "UTF-16LE"));
        let text = "丝绸之路经济带 和海上丝绸之路。\n东北振兴";
        let chinese: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&chinese), (text.to_owned(), "UTF-16BE"));
    }

    #[test]
    fn utf32_without_a_mark_is_decoded() {
        let text = "琥珀 Ferry";
        for (bytes, name) in [
            (
                text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect::<Vec<u8>>(),
                "UTF-32BE",
            ),
            (text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(), "UTF-32LE"),
        ] {
            assert_eq!(read(&bytes), (text.to_owned(), name));
        }
    }

    #[test]
    fn shifted_korean_and_chinese_are_decoded_and_lisp_stays_lisp() {
        assert_eq!(read(b"\x1b$)C\x0eGQ1[\x0f\n").1, "ISO-2022-KR");
        assert_eq!(
            read(b"From: a\n~{VPNDVPND~}, ~{VP~}\n"),
            ("From: a\n中文中文, 中\n".to_owned(), "HZ-GB-2312")
        );
        assert_eq!(read(b"(format t \"~{~a~^, ~}~%\" list)").1, "UTF-8");
    }

    #[test]
    fn korean_in_johab_is_told_from_its_neighbours() {
        let text = "동북아시아의 경제 협력은 앞으로의 과제이다.";
        let johab = b"\x95\xB7\xA6\x82\xB4a\xAF\xA1\xB4a\xB7\x81 \x89w\xB9A \xD1s\x9Db\xB7e \xB4|\xB7a\x9D\xA1\xB7\x81 \x89\xC1\xB9A\xB7\xA1\x94a.";
        assert_eq!(read(johab), (text.to_owned(), "Johab"));
        let (euc_kr, _, _) = encoding_rs::EUC_KR.encode(text);
        assert!(!is_johab(&euc_kr));
    }
}

//! Johab (KS C 5601-1992 annex 3, code page 1361): Korean with every syllable as its three letters.
//!
//! Symbols and Hanja are in the order of KS X 1001 and are looked up there, in EUC-KR. The lower half is
//! ASCII, with a backslash where some fonts show a won sign, as Microsoft's code page has it.

use encoding_rs::EUC_KR;

/// The compatibility letters for a lone initial or final consonant, in the order of the syllables.
const INITIALS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const FINALS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

pub(super) fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    let mut rest = bytes;
    while let Some((lead, after)) = rest.split_first() {
        rest = after;
        if lead.is_ascii() {
            text.push(char::from(*lead));
            continue;
        }
        let pair = after.first().and_then(|trail| character(*lead, *trail));
        match pair {
            Some(c) => {
                text.push(c);
                rest = after.get(1..).unwrap_or_default();
            }
            // The second byte may be a letter of its own.
            None => text.push('\u{fffd}'),
        }
    }
    text
}

fn character(lead: u8, trail: u8) -> Option<char> {
    match lead {
        0x84..=0xD3 => hangul(lead, trail),
        0xD9..=0xDE | 0xE0..=0xF9 => in_ks_x_1001(lead, trail),
        _ => None,
    }
}

/// Five bits each for initial, vowel and final; some values stand for no letter, others for nothing.
fn hangul(lead: u8, trail: u8) -> Option<char> {
    if !matches!(trail, 0x41..=0x7E | 0x81..=0xFE) {
        return None;
    }
    let code = u32::from(lead) << 8 | u32::from(trail);
    let initial = match code >> 10 & 31 {
        1 => None,
        n @ 2..=20 => Some(n - 2),
        _ => return None,
    };
    let vowel = match code >> 5 & 31 {
        2 => None,
        n @ 3..=7 => Some(n - 3),
        n @ 10..=15 => Some(n - 5),
        n @ 18..=23 => Some(n - 7),
        n @ 26..=29 => Some(n - 9),
        _ => return None,
    };
    let last = match code & 31 {
        1 => None,
        n @ 2..=17 => Some(n - 1),
        n @ 19..=29 => Some(n - 2),
        _ => return None,
    };
    let nth = |letters: &str, n: u32| letters.chars().nth(usize::try_from(n).ok()?);
    match (initial, vowel, last) {
        (Some(i), Some(v), last) => {
            char::from_u32(0xAC00 + (i * 21 + v) * 28 + last.unwrap_or_default())
        }
        (Some(i), None, None) => nth(INITIALS, i),
        (None, Some(v), None) => char::from_u32(0x314F + v),
        (None, None, Some(l)) => nth(FINALS, l - 1),
        (None, None, None) => Some('\u{3000}'),
        _ => None,
    }
}

/// Two rows of KS X 1001 lie in the trails of each lead.
fn in_ks_x_1001(lead: u8, trail: u8) -> Option<char> {
    let row = if lead < 0xE0 { (lead - 0xD9) * 2 } else { (lead - 0xE0) * 2 + 41 };
    let place = match trail {
        0x31..=0x7E => trail - 0x31,
        0x91..=0xFE => trail - 0x43,
        _ => return None,
    };
    let code = [0xA1 + row + place / 94, 0xA1 + place % 94];
    let (text, malformed) = EUC_KR.decode_without_bom_handling(&code);
    // The row of letters stands among the syllables, and nowhere else.
    let is_letter = lead == 0xDA && (0xA1..=0xD3).contains(&trail);
    if malformed || is_letter { None } else { text.chars().next() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_letters_symbols_and_hanja_are_decoded() {
        assert_eq!(decode(b"\xD0\x65\x8B\x69 a\\"), "한글 a\\");
        assert_eq!(decode(b"\x88\x41\x84\x61\xD9\x31\xE0\x31"), "ㄱㅏ\u{3000}伽");
    }

    #[test]
    fn what_is_no_pair_becomes_one_replacement_character() {
        assert_eq!(decode(b"\xD0"), "\u{fffd}");
        assert_eq!(decode(b"\xD0\x20a"), "\u{fffd} a");
        assert_eq!(decode(b"\xFF\xD0\x65"), "\u{fffd}한");
    }
}

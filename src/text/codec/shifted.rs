//! Encodings of seven bits that shift between ASCII and pairs of bytes: ISO-2022-KR and HZ.
//!
//! The pairs are those of EUC-KR and GBK without their eighth bit. A shift that never ends, as in a mail
//! cut short, ends with its line.

use encoding_rs::{EUC_KR, Encoding, GBK};

/// RFC 1557: SO begins Korean, SI ends it; the header `ESC $ ) C` announces both.
pub(super) fn iso_2022_kr(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    let mut shifted = false;
    let mut rest = bytes;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(b"\x1b$)C") {
            rest = after;
            continue;
        }
        let marks = |byte: &u8| matches!(byte, 0x0E | 0x0F | 0x1B | b'\n');
        let end = rest.iter().position(marks).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        push(run, shifted.then_some(EUC_KR), &mut text);
        rest = after;
        if let Some((mark, after)) = after.split_first() {
            shifted = *mark == 0x0E || (shifted && *mark == 0x1B);
            if matches!(mark, b'\n' | 0x1B) {
                text.push(char::from(*mark));
            }
            rest = after;
        }
    }
    text
}

/// RFC 1843: `~{` begins Chinese, `~}` ends it, `~~` is a tilde, `~` at the end of a line joins it.
pub(super) fn hz(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    let mut shifted = false;
    let mut rest = bytes;
    while !rest.is_empty() {
        let marks = |byte: &u8| matches!(byte, b'~' | b'\n');
        // A tilde that is the second half of a pair is no mark.
        let end = if shifted {
            2 * rest.chunks(2).take_while(|pair| !pair.first().is_some_and(marks)).count()
        } else {
            rest.iter().position(marks).unwrap_or(rest.len())
        };
        let (run, after) = rest.split_at(end.min(rest.len()));
        push(run, shifted.then_some(GBK), &mut text);
        let mut taken = 2;
        match (after.first(), after.get(1)) {
            (Some(b'~'), Some(b'{')) => shifted = true,
            (Some(b'~'), Some(b'}')) => shifted = false,
            (Some(b'~'), Some(b'~')) => text.push('~'),
            (Some(b'~'), Some(b'\n')) => {}
            (Some(byte), _) => {
                text.push(char::from(*byte));
                shifted = false;
                taken = 1;
            }
            (None, _) => taken = 0,
        }
        rest = after.get(taken..).unwrap_or_default();
    }
    text
}

fn push(run: &[u8], pairs: Option<&'static Encoding>, text: &mut String) {
    let Some(encoding) = pairs else {
        text.push_str(&String::from_utf8_lossy(run));
        return;
    };
    let raise = |byte: &u8| if byte.is_ascii_graphic() { byte | 0x80 } else { *byte };
    let raised: Vec<u8> = run.iter().map(raise).collect();
    text.push_str(&encoding.decode_without_bom_handling(&raised).0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_between_so_and_si_is_decoded() {
        assert_eq!(iso_2022_kr(b"\x1b$)C\x0eGQ1[\x0f a\n"), "한글 a\n");
        assert_eq!(iso_2022_kr(b"\x1b$)C\x0eGQ1[\nGQ"), "한글\nGQ");
        assert_eq!(iso_2022_kr(b"\x0eGQ1"), "한\u{fffd}");
    }

    #[test]
    fn chinese_between_braces_with_tildes_is_decoded() {
        assert_eq!(hz(b"one ~{VPND~} ~~ two~\n\n"), "one 中文 ~ two\n");
        assert_eq!(hz(b"~{VPND\nthree ~"), "中文\nthree ~");
        assert_eq!(hz(b"~{VPN"), "中\u{fffd}");
    }
}

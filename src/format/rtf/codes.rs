//! The tokens of RTF: groups, control words, and bytes of text.
//!
//! It knows no control word but `\bin`, whose bytes are no tokens.

use encoding_rs::Encoding;

/// The deepest group; no writer comes near.
const DEEPEST: usize = 100_000;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// A control word and its number.
    Word(&'a str, Option<i32>),
    /// A control sign, such as `\~`.
    Sign(u8),
    /// A byte of text.
    Byte(u8),
}

/// Hands every token over, in order.
///
/// # Errors
/// When groups are nested too deep, in words that follow the document's name.
pub(super) fn walk<'a>(
    bytes: &'a [u8],
    mut take: impl FnMut(Token<'a>),
) -> Result<(), &'static str> {
    let mut rest = bytes;
    let mut depth = 0_usize;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'{' => {
                depth += 1;
                if depth > DEEPEST {
                    return Err("broken RTF (groups nested too deep)");
                }
                take(Token::Open);
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                take(Token::Close);
            }
            b'\\' => rest = control(after, &mut take),
            b'\r' | b'\n' | 0 => {}
            byte => take(Token::Byte(*byte)),
        }
    }
    Ok(())
}

/// Takes what follows a backslash and returns what follows that.
fn control<'a>(bytes: &'a [u8], take: &mut impl FnMut(Token<'a>)) -> &'a [u8] {
    let letters = bytes.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
    if letters == 0 {
        return sign(bytes, take);
    }
    let (word, rest) = bytes.split_at(letters);
    let minus = usize::from(rest.first() == Some(&b'-'));
    let digits = rest.iter().skip(minus).take(10).take_while(|byte| byte.is_ascii_digit()).count();
    let length = if digits > 0 { minus + digits } else { 0 };
    let (number, rest) = rest.split_at(length);
    let number = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
    let word = std::str::from_utf8(word).unwrap_or_default();
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    if word == "bin" {
        let skipped = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
        return rest.get(skipped..).unwrap_or_default();
    }
    take(Token::Word(word, number));
    rest
}

fn sign<'a>(bytes: &'a [u8], take: &mut impl FnMut(Token<'a>)) -> &'a [u8] {
    let Some((sign, rest)) = bytes.split_first() else { return bytes };
    if *sign == b'\'' {
        let byte = rest.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        if let Some(byte) = byte.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            take(Token::Byte(byte));
            return rest.get(2..).unwrap_or_default();
        }
        return rest;
    }
    take(match sign {
        b'{' | b'}' | b'\\' => Token::Byte(*sign),
        b'\r' | b'\n' => Token::Word("par", None),
        b'\t' => Token::Word("tab", None),
        other => Token::Sign(*other),
    });
    rest
}

/// The encoding of a Windows code page.
pub(super) fn of_page(page: i32) -> Option<&'static Encoding> {
    let label = match page {
        932 => "shift_jis",
        936 => "gb18030",
        949 => "euc-kr",
        950 => "big5",
        874 => "windows-874",
        1250..=1258 => return Encoding::for_label(format!("windows-{page}").as_bytes()),
        10000 => "macintosh",
        65001 => "utf-8",
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// The encoding of a font's set of characters; 0 and 1 say nothing.
pub(super) fn of_set(set: i32) -> Option<&'static Encoding> {
    of_page(match set {
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

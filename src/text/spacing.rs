//! The form in which the index reads a text: what the view `passage_index_source` does in plain SQL,
//! done fast.
//!
//! It must give the same characters as the view for every text, or an index rebuilt by stock SQLite
//! would differ from the one that was loaded; `store` has the test that compares them.

use std::borrow::Cow;

/// Whether the character is indexed as a word of its own: Han, kana, hangul and their like.
#[inline]
pub const fn is_cjk(c: char) -> bool {
    // Most characters of most texts are below the first of them, or Han.
    match c {
        '\0'..='\u{10ff}' => false,
        '\u{4e00}'..='\u{9fff}' => true,
        _ => is_high_cjk(c as u32),
    }
}

const fn is_high_cjk(code: u32) -> bool {
    matches!(
        code,
        0x1100..=0x11FF
            | 0x2E80..=0x2FDF
            | 0x3005..=0x3007
            | 0x3021..=0x3029
            | 0x3031..=0x3035
            | 0x3038..=0x303C
            | 0x3041..=0x3096
            | 0x309D..=0x309F
            | 0x30A1..=0x30FA
            | 0x30FC..=0x318E
            | 0x31A0..=0x31BF
            | 0x31F0..=0x31FF
            | 0x3400..=0x4DBF
            | 0x4E00..=0x9FFF
            | 0xA960..=0xA97C
            | 0xAC00..=0xD7A3
            | 0xD7B0..=0xD7FB
            | 0xF900..=0xFAFF
            | 0xFF66..=0xFFDC
            | 0x1B000..=0x1B16F
            | 0x20000..=0x3FFFD
    )
}

/// Whether any character of the text is indexed as a word of its own.
pub fn has_cjk(text: &str) -> bool {
    // The first of them, U+1100, takes three bytes in UTF-8 and starts with 0xE1.
    text.bytes().any(|byte| byte >= 0xE1) && text.chars().any(is_cjk)
}

/// The text as the index reads it: soft hyphens removed, a hyphen at a line's end joined with the
/// next line, a zero-width space on both sides of every CJK character.
pub fn for_index<'a>(text: &'a str, context: &str) -> Cow<'a, str> {
    let mut whole = Cow::Borrowed(text);
    if !context.is_empty() {
        whole = Cow::Owned(format!("{text} \n{context}"));
    }
    if whole.contains('\u{ad}') {
        whole = Cow::Owned(whole.replace('\u{ad}', ""));
    }
    if whole.contains("-\n") {
        whole = Cow::Owned(whole.replace("-\n", ""));
    }
    if !has_cjk(text) && !has_cjk(context) {
        return whole;
    }
    let mut spaced = String::with_capacity(whole.len() * 3);
    for c in whole.chars() {
        if is_cjk(c) {
            spaced.push('\u{200b}');
            spaced.push(c);
            spaced.push('\u{200b}');
        } else {
            spaced.push(c);
        }
    }
    Cow::Owned(spaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_characters_stand_apart_and_latin_words_stay_whole() {
        assert_eq!(
            for_index("重跑gen-itgc后", ""),
            "\u{200b}重\u{200b}\u{200b}跑\u{200b}gen-itgc\u{200b}后\u{200b}"
        );
    }

    #[test]
    fn hyphens_of_line_ends_and_soft_hyphens_go_and_context_is_added() {
        assert_eq!(
            for_index("logis-\ntics trans\u{ad}port", "Table 1"),
            "logistics transport \nTable 1"
        );
    }

    #[test]
    fn a_text_without_any_of_it_is_not_copied() {
        assert!(matches!(for_index("Belt and Road", ""), Cow::Borrowed(_)));
    }
}

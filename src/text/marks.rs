//! What single characters and the ends of lines tell a reader: sentence ends, list marks, widths.
//!
//! It knows nothing of paragraphs or documents; every question is about one line.

use super::spacing::is_cjk;

/// Whether the text ends as a sentence does, looking through closing quotation marks, brackets,
/// emphasis marks and reference numbers such as `[7]`.
pub fn ends_sentence(text: &str) -> bool {
    let bare = without_closers(text);
    bare.ends_with(is_sentence_final)
}

/// Whether the text ends with a mark after which a sentence goes on only by rare exception: a
/// sentence end, a colon or a semicolon.
pub fn ends_closed(text: &str) -> bool {
    without_closers(text)
        .ends_with(|c| is_sentence_final(c) || matches!(c, ':' | ';' | '：' | '；'))
}

/// Marks that end a sentence in the languages fonds reads.
pub const fn is_sentence_final(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '．' | '｡' | '؟' | '।' | '‼' | '⁉')
}

/// Quotation marks and brackets that close.
pub const fn is_closer(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '’'
            | '”'
            | '»'
            | '›'
            | ')'
            | ']'
            | '}'
            | '）'
            | '］'
            | '」'
            | '』'
            | '】'
            | '〉'
            | '》'
            | '〕'
            | '＂'
            | '＇'
            | '*'
            | '_'
            | '“'
            | '‟'
    )
}

/// Quotation marks and brackets that open.
pub const fn is_opener(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '‘'
            | '“'
            | '„'
            | '«'
            | '‹'
            | '('
            | '['
            | '{'
            | '（'
            | '［'
            | '「'
            | '『'
            | '【'
            | '〈'
            | '《'
            | '〔'
            | '*'
            | '_'
    )
}

fn without_closers(text: &str) -> &str {
    let mut bare = text.trim_end();
    loop {
        let shorter = bare.trim_end_matches(is_closer).trim_end();
        let shorter = without_reference_number(bare).unwrap_or(shorter);
        if shorter.len() == bare.len() {
            return bare;
        }
        bare = shorter;
    }
}

/// `end.[7]` → `end.`; `None` where the brackets hold something other than numbers.
fn without_reference_number(text: &str) -> Option<&str> {
    let (before, inside) = text.strip_suffix(']')?.rsplit_once('[')?;
    let numeric = |c: char| c.is_ascii_digit() || matches!(c, ',' | '-' | '–' | ' ');
    (!inside.is_empty() && inside.chars().all(numeric)).then_some(before)
}

/// The first character past opening quotation marks and brackets.
pub fn first_letter(text: &str) -> Option<char> {
    text.trim_start().chars().find(|c| !is_opener(*c))
}

/// Whether the text begins as the middle of a sentence does, in scripts that have cases.
pub fn starts_lower(text: &str) -> bool {
    first_letter(text).is_some_and(char::is_lowercase)
}

/// Whether the character is written without spaces between words: Han, kana and their
/// punctuation, but not hangul.
pub fn is_spaceless(c: char) -> bool {
    // Nearly every character asked about is Latin or Cyrillic.
    if c < '\u{2e80}' {
        return false;
    }
    if matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3041}'..='\u{3096}') {
        return true;
    }
    let punctuation =
        matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff65}' | '\u{fe30}'..='\u{fe4f}');
    punctuation || (is_cjk(c) && !is_hangul(c))
}

/// Whether the character is a Korean letter or syllable.
pub const fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}' | '\u{a960}'..='\u{a97c}' | '\u{d7b0}'..='\u{d7fb}')
}

/// Width of the text in terminal columns (wide characters take two), counted no further than
/// `limit`, so that it costs little on a line of megabytes.
pub fn width(text: &str, limit: usize) -> usize {
    let bytes = text.as_bytes();
    // No character takes more than four bytes; marks of no width in such numbers are no words.
    if bytes.len() >= limit.saturating_mul(4) {
        return limit;
    }
    if bytes.get(..limit.min(bytes.len())).is_some_and(<[u8]>::is_ascii) {
        return bytes.len().min(limit);
    }
    let mut columns = 0;
    for c in text.chars() {
        columns += match c {
            c if c < '\u{300}' => 1,
            '\u{300}'..='\u{36f}' => 0,
            c if c < '\u{1100}' => 1,
            // East Asian Wide and Fullwidth (UAX #11), in blocks.
            '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' => 2,
            '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3fffd}' => 2,
            _ => 1,
        };
        if columns >= limit {
            return limit;
        }
    }
    columns
}

/// The text behind a list mark (`-`, `*`, `•`, `・` …) with white space after it. A long dash is none: it
/// begins what somebody says.
pub fn after_bullet(text: &str) -> Option<&str> {
    let mut rest = text.chars();
    let mark = rest.next()?;
    let spaced = matches!(mark, '-' | '*' | '+' | '–');
    let free = is_bullet(mark);
    if !spaced && !free {
        return None;
    }
    let rest = rest.as_str();
    if spaced && !rest.starts_with([' ', '\t']) {
        return None;
    }
    let rest = rest.trim_start();
    (!rest.is_empty()).then_some(rest)
}

/// Whether the character is a list mark and nothing else.
pub const fn is_bullet(mark: char) -> bool {
    matches!(
        mark,
        // Signs of the fonts Symbol and Wingdings, as programs pass them on.
        '\u{f0a7}'
            | '\u{f0b7}'
            | '\u{f0d8}'
            | '\u{f0fc}'
            | '•'
            | '●'
            | '○'
            | '■'
            | '□'
            | '◆'
            | '◇'
            | '▪'
            | '▫'
            | '‣'
            | '⁃'
            | '◦'
            | '・'
            | '·'
            | '➢'
            | '✓'
    )
}

/// The number of a list item and the text behind it: `1.`, `1)`, `(1)`, `[1]`, `①`, `１．`.
pub fn after_number(text: &str) -> Option<(u32, &str)> {
    let first = text.chars().next()?;
    if let circled @ 1..=20 = u32::from(first).wrapping_sub(0x245F) {
        return Some((circled, text.strip_prefix(first)?.trim_start()));
    }
    let (open, inside) = match text.strip_prefix(['(', '[', '（', '【', '［']) {
        Some(inside) => (true, inside),
        None => (false, text),
    };
    let (number, rest) = leading_number(inside)?;
    let rest = match rest.strip_prefix(['.', ')', '）', '．', '、', ']', '】', '］']) {
        Some(after) if open == rest.starts_with([']', '】', '］', ')', '）']) || !open => after,
        _ => return None,
    };
    let tight = open || rest.starts_with(is_spaceless) || rest.starts_with(is_hangul);
    if !tight && !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let rest = rest.trim_start();
    (!rest.is_empty()).then_some((number, rest))
}

/// A number of at most three digits, ASCII or full-width, and the rest.
pub fn leading_number(text: &str) -> Option<(u32, &str)> {
    let mut number = 0_u32;
    let mut digits = 0;
    let mut rest = text.chars();
    loop {
        let before = rest.as_str();
        let digit = match rest.next() {
            Some(c @ '0'..='9') => u32::from(c) - u32::from('0'),
            Some(c @ '０'..='９') => u32::from(c) - u32::from('０'),
            _ => return (digits > 0).then_some((number, before)),
        };
        digits += 1;
        if digits > 3 {
            return None;
        }
        number = number * 10 + digit;
    }
}

/// Whether the text opens a list item of any form.
pub fn starts_item(text: &str) -> bool {
    after_bullet(text).is_some()
        || after_number(text).is_some()
        || after_letter(text)
        || text.starts_with("— ")
}

/// `a)`, `(b)`, `（一）`: marks that are letters.
fn after_letter(text: &str) -> bool {
    let (open, inside) = match text.strip_prefix(['(', '（']) {
        Some(inside) => (true, inside),
        None => (false, text),
    };
    let mut rest = inside.chars();
    let Some(first) = rest.next() else { return false };
    let closed = rest.as_str().starts_with([')', '）']);
    closed && (first.is_alphabetic() || open && first.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_through_quotes_brackets_and_reference_numbers() {
        for text in [
            "done.",
            "done.”",
            "done[3].",
            "done.[3]",
            "done.[3, 4-6]",
            "做完了。」",
            "Всё!»",
            "so?)",
        ] {
            assert!(ends_sentence(text), "{text}");
        }
        for text in ["not done", "", "the", "没有做完", "see [note]", "one,", "following:"] {
            assert!(!ends_sentence(text), "{text}");
        }
        assert!(ends_closed("the following:"));
    }

    #[test]
    fn width_counts_columns_and_stops_at_the_limit() {
        assert_eq!(width("abc", 100), 3);
        assert_eq!(width("东北abc", 100), 7);
        assert_eq!(width("e\u{301}", 100), 1);
        assert_eq!(width("东北东北东北", 5), 5);
        assert_eq!(width("", 5), 0);
    }

    #[test]
    fn list_marks_are_told_from_words() {
        assert_eq!(after_bullet("- point"), Some("point"));
        assert_eq!(after_bullet("•point"), Some("point"));
        assert_eq!(after_bullet("\u{f0b7} point"), Some("point"));
        assert_eq!(after_bullet("-5 degrees"), None);
        assert_eq!(after_bullet("— Да, — сказал он."), None);
        assert!(starts_item("— Да, — сказал он."));
        assert_eq!(after_number("1. point"), Some((1, "point")));
        assert_eq!(after_number("(12) point"), Some((12, "point")));
        assert_eq!(after_number("[3] Author"), Some((3, "Author")));
        assert_eq!(after_number("③第三"), Some((3, "第三")));
        assert_eq!(after_number("１．はじめに"), Some((1, "はじめに")));
        assert_eq!(after_number("3.5 percent"), None);
        assert_eq!(after_number("1990. A year"), None);
        assert_eq!(after_number("(1 of 3)"), None);
        assert!(starts_item("(a) first"));
        assert!(starts_item("（一）加快"));
        assert!(!starts_item("(after) first"));
    }

    #[test]
    fn korean_has_spaces_and_chinese_has_none() {
        assert!(is_spaceless('东') && is_spaceless('の') && is_spaceless('。'));
        assert!(!is_spaceless('한') && !is_spaceless('a'));
    }
}

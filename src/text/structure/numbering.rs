//! The numbers before headings in the five languages and the depth they stand for.
//!
//! It reads only the number; whether a numbered line is a heading is for `headings` to say.

use super::super::marks;

/// The number at the start of a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// Level, from 1.
    pub(super) depth: u8,
    /// The last number of it, e.g. 3 in 2.3.
    pub(super) last: u32,
    /// How much the form alone proves.
    pub(super) form: Form,
    /// Whether a mark ends it, as in `2.1.`; without one it may be a quantity.
    pub(super) marked: bool,
    /// Where the words start, in bytes.
    pub(super) words: usize,
}

/// The form of a heading's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `2.1`, `B.1.2`: several levels.
    Levels,
    /// `1.` or `1`: also the form of list items.
    Single,
    /// `第一章`, `Chapter 3`, `Глава 1`, `제1장`.
    Chapter,
    /// `一、`, `（一）`.
    Han,
}

/// The number a line starts with, if it starts with one.
pub(super) fn of(text: &str) -> Option<Number> {
    chapter_east(text).or_else(|| chapter_west(text)).or_else(|| han(text)).or_else(|| levels(text))
}

fn levels(text: &str) -> Option<Number> {
    let first = text.chars().next()?;
    let (mut rest, mut depth, mut last) = if first.is_ascii_uppercase() {
        // An appendix: a letter only counts with a number behind it.
        (text.get(1..)?.strip_prefix('.')?, 1_u8, 0)
    } else {
        (text, 0, 0)
    };
    let mut dotted = false;
    while let Some((number, after)) = marks::leading_number(rest) {
        // 12.05 and 183.00 are prices; no section is the zeroth.
        if number > 60 || rest.starts_with(['0', '０']) {
            return None;
        }
        depth = depth.saturating_add(1);
        last = number;
        let next = after.strip_prefix(['.', '．']);
        dotted = next.is_some();
        rest = next.unwrap_or(after);
        if !dotted {
            break;
        }
    }
    if depth == 0 || (first.is_ascii_uppercase() && depth == 1) || depth > 6 {
        return None;
    }
    let spaced = rest.starts_with(char::is_whitespace);
    let glued = dotted && rest.starts_with(|c| marks::is_spaceless(c) || marks::is_hangul(c));
    let words = rest.trim_start();
    if !(spaced || glued) || !marks::first_letter(words).is_some_and(char::is_alphabetic) {
        return None;
    }
    let form = if depth > 1 { Form::Levels } else { Form::Single };
    if form == Form::Single && !dotted && last > 30 {
        return None;
    }
    Some(Number { depth, last, form, marked: dotted, words: text.len() - words.len() })
}

/// `第一章`, `第3節`, `제2장`.
fn chapter_east(text: &str) -> Option<Number> {
    let rest = text.strip_prefix('第').or_else(|| text.strip_prefix('제'))?;
    let is_digit = |c: char| c.is_numeric() || han_digit(c).is_some();
    let end = rest.char_indices().take(8).find(|(_, c)| !is_digit(*c))?.0;
    let (digits, after) = rest.split_at_checked(end)?;
    if digits.is_empty() {
        return None;
    }
    let depth = match after.chars().next()? {
        '编' | '編' | '卷' | '篇' | '部' | '章' | '편' | '장' | '부' => 1,
        '节' | '節' | '절' => 2,
        _ => return None,
    };
    let words = after.get(after.chars().next()?.len_utf8()..)?;
    // 第一部分 and 第一章节 are words of a sentence as often as not.
    let apart = words.is_empty()
        || words.starts_with(|c: char| c.is_whitespace() || matches!(c, '：' | ':' | '、' | '.'));
    let last = value(digits);
    apart.then(|| Number {
        depth,
        last,
        form: Form::Chapter,
        marked: true,
        words: text.len() - words.trim_start().len(),
    })
}

/// Words that number parts of a document, with the depth of what they number.
const PARTS: &[(&str, u8)] = &[
    ("chapter", 1),
    ("part", 1),
    ("appendix", 1),
    ("annex", 1),
    ("section", 2),
    ("article", 2),
    ("глава", 1),
    ("часть", 1),
    ("раздел", 1),
    ("приложение", 1),
    ("параграф", 2),
    ("статья", 2),
];

/// `Chapter 3`, `Part II`, `Глава 1`, `Раздел 2`, `Appendix A`.
fn chapter_west(text: &str) -> Option<Number> {
    // Every paragraph is asked, and lowering its first word is the dear part.
    if !text.starts_with(['C', 'P', 'A', 'S', 'Г', 'Ч', 'Р', 'П', 'С']) {
        return None;
    }
    let (word, rest) = text.split_once([' ', '\u{a0}'])?;
    if word.len() > 20 || !rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let word = word.to_lowercase();
    let depth = PARTS.iter().find(|(name, _)| *name == word)?.1;
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let (number, words) = rest.split_at_checked(end)?;
    let last = match number.parse() {
        Ok(last) => last,
        Err(_) => roman(number)?,
    };
    // "Chapter 3 describes …" is a sentence; "Chapter 3: Ports" and "Chapter 3 Ports" are headings.
    let marked = words.is_empty() || words.starts_with(['.', ':', ',', '—', '–', '-']);
    let words = words.trim_start_matches(['.', ':', '—', '–', '-', ' ', '\u{a0}']);
    let titled = marked || words.starts_with(|c: char| c.is_uppercase() || marks::is_opener(c));
    titled.then(|| Number {
        depth,
        last,
        form: Form::Chapter,
        marked: true,
        words: text.len() - words.len(),
    })
}

/// A Roman number up to 39, or a single capital letter as appendices have it.
fn roman(number: &str) -> Option<u32> {
    let mut sum = 0;
    let mut before = 0;
    for c in number.chars() {
        let value = match c {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            'A'..='H' if number.len() == 1 => u32::from(c) - u32::from('A') + 1,
            _ => return None,
        };
        sum += value;
        if value > before && before > 0 {
            sum -= 2 * before;
        }
        before = value;
    }
    (sum > 0).then_some(sum)
}

/// `一、` and `（一）`.
fn han(text: &str) -> Option<Number> {
    let (inside, open) = match text.strip_prefix(['（', '(']) {
        Some(inside) => (inside, true),
        None => (text, false),
    };
    let end = inside.char_indices().take(5).find(|(_, c)| han_digit(*c).is_none())?.0;
    let (digits, after) = inside.split_at_checked(end)?;
    if digits.is_empty() {
        return None;
    }
    let closers: &[char] = if open { &['）', ')'] } else { &['、', '．'] };
    let words = after.strip_prefix(closers)?.trim_start_matches('、');
    let last = value(digits);
    let depth = if open { 2 } else { 1 };
    Some(Number {
        depth,
        last,
        form: Form::Han,
        marked: true,
        words: text.len() - words.trim_start().len(),
    })
}

/// The value of ASCII, full-width or Han digits: 12, １２ and 十二 are all twelve.
fn value(digits: &str) -> u32 {
    let (mut sum, mut digit) = (0_u32, 0_u32);
    for c in digits.chars() {
        let full_width = u32::from(c).wrapping_sub(0xFF10);
        match c.to_digit(10).or((full_width < 10).then_some(full_width)).or(han_digit(c)) {
            Some(tens @ (10 | 100)) => {
                sum = sum.saturating_add(digit.max(1).saturating_mul(tens));
                digit = 0;
            }
            Some(one) => digit = digit.saturating_mul(10).saturating_add(one),
            None => {}
        }
    }
    sum.saturating_add(digit)
}

const fn han_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '百' => 100,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(text: &str) -> Option<u8> {
        of(text).map(|number| number.depth)
    }

    #[test]
    fn depth_follows_the_number() {
        for (text, expected) in [
            ("1. Ports", 1),
            ("1 Ports", 1),
            ("2.1. Ports", 2),
            ("2.1.3 Ports", 3),
            ("B.4.12. 完成安装", 3),
            ("第一章 总则", 1),
            ("第十二节 口岸", 2),
            ("제2장 경제", 1),
            ("第2節　港湾", 2),
            ("一、工作回顾", 1),
            ("（三）对外开放", 2),
            ("Глава 3. Порты", 1),
            ("Chapter 4: Ports", 1),
            ("Part IV", 1),
            ("１．はじめに", 1),
        ] {
            assert_eq!(depth(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn numbers_in_sentences_are_no_numbering() {
        for text in [
            "2016 was a good year",
            "62.5 % of trade",
            "62.5% of trade",
            "3rd ship",
            "第一批货物到港",
            "第一部分内容",
            "Chapter 3 describes ports",
            "Part of the harbour",
            "A. Smith",
            "一带一路",
            "一些港口",
            "",
            "1.",
        ] {
            assert_eq!(depth(text), None, "{text}");
        }
    }
}

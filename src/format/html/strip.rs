//! The text of a page of which no tree can be built: tags removed, blocks kept apart.
//!
//! One pass, time linear in the page, whatever its tags do.

use super::super::composed::Composed;
use crate::text::segment::Mark;

/// Elements inside a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "img", "kbd",
    "label", "mark", "q", "ruby", "s", "small", "span", "strong", "sub", "sup", "tt", "u", "var",
    "wbr",
];

/// The blocks of a page by its tags alone.
pub(super) fn strip(html: &str) -> Composed {
    let mut composed = Composed::default();
    add(html, &mut composed);
    composed
}

/// Adds the blocks of a page by its tags alone.
pub(super) fn add(html: &str, composed: &mut Composed) {
    let mut words = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        if let Some(comment) = tag.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            words.push('<');
            rest = tag;
            continue;
        }
        let (inside, after) = tag.split_once('>').unwrap_or((tag, ""));
        let name: String = inside
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(16)
            .collect::<String>()
            .to_ascii_lowercase();
        rest = after;
        if !inside.starts_with('/') && matches!(&*name, "script" | "style") {
            rest = after_element(after, &name);
        }
        if !INLINE.contains(&&*name) {
            push(composed, &std::mem::take(&mut words));
        }
    }
    words.push_str(rest);
    push(composed, &words);
}

fn after_element<'a>(html: &'a str, name: &str) -> &'a str {
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("</") {
        if after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return after.split_once('>').map_or("", |(_, after)| after);
        }
        rest = after;
    }
    ""
}

fn push(composed: &mut Composed, words: &str) {
    let words = words.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    composed.push(&characters(&words), Mark::None);
}

/// The text with its character references replaced by the characters they stand for.
fn characters(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let reference = after.split_once(';').filter(|(name, _)| name.len() <= 10);
        match reference.and_then(|(name, tail)| Some((character(name)?, tail))) {
            Some((c, tail)) => {
                text.push(c);
                rest = tail;
            }
            None => {
                text.push('&');
                rest = after;
            }
        }
    }
    text + rest
}

fn character(name: &str) -> Option<char> {
    let number = |digits, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let digits = name.strip_prefix('#')?;
            match digits.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => number(hexadecimal, 16),
                None => number(digits, 10),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::structure::Declared;

    #[test]
    fn words_are_kept_and_tags_are_not() {
        let composed = strip(
            "<div><p>One <b>bold</b> a &lt; b &#x4e1c;&#21271; &bogus; 3 < 4<!-- no --></p>\
             <script>if (a < b) no()</SCRIPT><p>two<p>three <unclosed",
        );
        let extract = composed.extract(&Declared::default());
        let texts: Vec<&str> = extract.paragraphs.iter().map(|part| &*part.text).collect();
        assert_eq!(texts, ["One bold a < b 东北 &bogus; 3 < 4", "two", "three"]);
    }

    #[test]
    fn a_hundred_thousand_levels_take_no_time() {
        let html = format!("{}deep{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        assert!(!strip(&html).is_empty());
        assert!(strip(&"<".repeat(100_000)).extract(&Declared::default()).characters == 100_000);
    }
}

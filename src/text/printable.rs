//! Text that is safe to send to a terminal.
//!
//! Documents and file names are other people's words: an escape sequence in one must never reach a
//! terminal as such.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with control characters and bidirectional controls written as `\u{1b}`; tabs and line
/// feeds stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_unsafe(c) {
            // Writing to a String cannot fail.
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// The text on one line: as [`printable`], with tabs and line breaks escaped too.
pub fn on_one_line(text: &str) -> Cow<'_, str> {
    let safe = printable(text);
    if !safe.contains(['\n', '\t']) {
        return safe;
    }
    Cow::Owned(safe.replace('\n', "\\n").replace('\t', "\\t"))
}

fn is_unsafe(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_bidirectional_controls_are_written_out() {
        assert_eq!(
            printable("a\u{1b}[31mb\u{202e}c\r\u{9b}"),
            "a\\u{1b}[31mb\\u{202e}c\\u{d}\\u{9b}"
        );
    }

    #[test]
    fn ordinary_text_passes_unchanged() {
        let text = "一带一路\tв 2013 г.\n“One Belt”";
        assert_eq!(printable(text), text);
        assert_eq!(on_one_line(text), "一带一路\\tв 2013 г.\\n“One Belt”");
    }
}

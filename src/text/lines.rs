//! Cuts a text into lines and knows the page every place stands on.
//!
//! Line breaks are LF, CR LF, CR, form feed, U+0085, U+2028 and U+2029. No line is longer than
//! [`LONGEST`]; nothing here copies text.

use memchr::{memchr, memmem};

use super::marks::is_sentence_final;

/// The longest line, and so the longest paragraph, in bytes: 1 MiB.
pub const LONGEST: usize = 1 << 20;

/// How far before the bound a better place to cut is looked for, in bytes.
const LOOK_BACK: usize = 4096;

/// One line, without its line break and without white space at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it starts, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
    /// Whether it goes on the line before, which had to be cut at [`LONGEST`].
    pub cut: bool,
}

impl Line {
    /// The line's text.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether there is nothing on it but white space.
    pub const fn is_blank(&self) -> bool {
        self.start == self.end
    }
}

/// Every line of the text in order. A line of white space alone is empty.
pub fn lines(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    let mut found = Vec::with_capacity(bytes.len() / 64);
    let mut start = 0;
    if has_only_line_feeds(bytes) {
        while let Some(length) = bytes.get(start..).and_then(|rest| memchr(b'\n', rest)) {
            push(&mut found, text, start, start + length);
            start += length + 1;
        }
    } else {
        while let Some((end, next)) = next_break(bytes, start) {
            push(&mut found, text, start, end);
            start = next;
        }
    }
    if start < bytes.len() {
        push(&mut found, text, start, bytes.len());
    }
    found
}

/// Where pages end: the place of every form feed, in bytes. Empty where the text has no pages.
pub fn page_ends(text: &str) -> Vec<usize> {
    memchr::memchr_iter(0x0C, text.as_bytes()).collect()
}

fn has_only_line_feeds(bytes: &[u8]) -> bool {
    memchr::memchr2(b'\r', 0x0C, bytes).is_none()
        && memmem::find(bytes, "\u{2028}".as_bytes()).is_none()
        && memmem::find(bytes, "\u{2029}".as_bytes()).is_none()
        && memmem::find(bytes, "\u{85}".as_bytes()).is_none()
}

/// The next line break from `from` on: where it starts and where the next line does.
fn next_break(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(from..)?;
    for (place, byte) in rest.iter().enumerate() {
        let end = from + place;
        let length = match byte {
            b'\n' | 0x0C => 1,
            b'\r' if bytes.get(end + 1) == Some(&b'\n') => 2,
            b'\r' => 1,
            0xC2 if bytes.get(end + 1) == Some(&0x85) => 2,
            0xE2 if matches!(bytes.get(end + 1..end + 3), Some([0x80, 0xA8 | 0xA9])) => 3,
            _ => continue,
        };
        return Some((end, end + length));
    }
    None
}

fn push(found: &mut Vec<Line>, text: &str, start: usize, end: usize) {
    let line = text.get(start..end).unwrap_or_default();
    let end = start + line.trim_end().len();
    if end - start <= LONGEST {
        found.push(Line { start, end, cut: false });
        return;
    }
    let mut from = start;
    while from < end {
        let to = cut_before(text, from, end);
        let piece = text.get(from..to).unwrap_or_default();
        found.push(Line { start: from, end: from + piece.trim_end().len(), cut: from > start });
        from = to;
    }
}

/// Where a line that is too long is cut: after the last sentence end within reach, else after the
/// last white space, else at the last character boundary.
fn cut_before(text: &str, from: usize, end: usize) -> usize {
    if end - from <= LONGEST {
        return end;
    }
    let bound = boundary_at_or_before(text, from + LONGEST);
    let reach = boundary_at_or_before(text, bound - LOOK_BACK);
    let window = text.get(reach..bound).unwrap_or_default();
    let sentence = window.rfind(is_sentence_final);
    let place = sentence.or_else(|| window.rfind(char::is_whitespace));
    let Some(place) = place else { return bound };
    let after = window.get(place..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    reach + place + after
}

fn boundary_at_or_before(text: &str, place: usize) -> usize {
    (place.saturating_sub(3)..=place).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        lines(text).iter().map(|line| line.of(text)).collect()
    }

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        assert_eq!(
            texts("a\nb\r\nc\rd\u{85}e\u{2028}f\u{2029}g\u{0C}h"),
            ["a", "b", "c", "d", "e", "f", "g", "h"]
        );
        assert_eq!(texts("a\n\n  \nb \n"), ["a", "", "", "b"]);
        assert_eq!(texts(""), [""; 0]);
        assert_eq!(texts("“é”…\r东"), ["“é”…", "东"]);
    }

    #[test]
    fn form_feeds_end_pages() {
        assert_eq!(page_ends("a\u{0C}b\n\u{0C}"), [1, 4]);
    }

    #[test]
    fn a_line_over_the_bound_is_cut_at_a_character_after_white_space() {
        let chinese = "东".repeat(LONGEST);
        let pieces = lines(&chinese);
        assert_eq!(pieces.len(), 4);
        assert!(pieces.iter().all(|line| line.end - line.start <= LONGEST));
        assert!(pieces.iter().skip(1).all(|line| line.cut));
        assert_eq!(pieces.iter().map(|line| line.of(&chinese)).collect::<String>(), chinese);

        let words = "word ".repeat(LONGEST / 4);
        assert!(lines(&words).iter().all(|line| line.of(&words).ends_with("word")));
    }

    #[test]
    fn a_hundred_thousand_combining_marks_are_one_line() {
        let text = format!("a{}", "\u{301}".repeat(100_000));
        assert_eq!(texts(&text), [text.as_str()]);
    }
}

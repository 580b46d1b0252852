//! The words of an SQL text and where they stand, as SQLite's tokenizer cuts them.
//!
//! It serves messages and the early refusal of a second statement; it decides nothing alone that the
//! authorizer would not refuse too.

use std::ops::Range;

/// One word, string, number or sign of an SQL text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) sort: Sort,
    /// Bytes of the SQL text.
    pub(super) span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A keyword, name or number.
    Word,
    /// A name in double quotes, backticks or square brackets.
    QuotedName,
    /// A text in single quotes.
    Text,
    /// A single sign.
    Sign,
}

impl Token {
    /// The token as it stands in the SQL text.
    pub(super) fn of<'a>(&self, sql: &'a str) -> &'a str {
        sql.get(self.span.clone()).unwrap_or_default()
    }

    /// The name that the token means, without its quotes.
    pub(super) fn name<'a>(&self, sql: &'a str) -> &'a str {
        let text = self.of(sql);
        if self.sort != Sort::QuotedName {
            return text;
        }
        text.trim_start_matches(['"', '`', '[']).trim_end_matches(['"', '`', ']'])
    }

    pub(super) fn is(&self, sql: &str, word: &str) -> bool {
        self.sort != Sort::Text && self.of(sql).eq_ignore_ascii_case(word)
    }
}

/// The tokens of the SQL text in order, comments and white space left out.
pub(super) fn tokens(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let start = sql.len() - rest.len();
        let (sort, length) = next(rest, first);
        if let Some(sort) = sort {
            tokens.push(Token { sort, span: start..start + length });
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    tokens
}

/// Where the name, or the parameter of that name, stands first; where it does not, or the name is
/// empty, where the statement begins.
pub(super) fn place_of(sql: &str, name: &str) -> Option<usize> {
    let tokens = tokens(sql);
    let bare = name.trim_start_matches([':', '@', '$']);
    let sign = name.len() - bare.len();
    let found = tokens.iter().find(|token| token.name(sql).eq_ignore_ascii_case(bare));
    match found {
        Some(token) if !bare.is_empty() => Some(token.span.start.saturating_sub(sign)),
        _ => tokens.first().map(|token| token.span.start),
    }
}

/// The sort (none for space and comments) and length in bytes of the first token.
fn next(rest: &str, first: char) -> (Option<Sort>, usize) {
    match first {
        '\'' => (Some(Sort::Text), quoted(rest, '\'')),
        '"' | '`' => (Some(Sort::QuotedName), quoted(rest, first)),
        '[' => (Some(Sort::QuotedName), rest.find(']').map_or(rest.len(), |end| end + 1)),
        '-' if rest.starts_with("--") => (None, rest.find('\n').unwrap_or(rest.len())),
        '/' if rest.starts_with("/*") => {
            (None, rest.get(2..).and_then(|r| r.find("*/")).map_or(rest.len(), |end| end + 4))
        }
        // The white space of SQLite, and the byte order mark it skips.
        ' ' | '\t' | '\n' | '\r' | '\x0c' | '\u{feff}' => (None, first.len_utf8()),
        _ if is_name(first) => (Some(Sort::Word), rest.find(|c| !is_name(c)).unwrap_or(rest.len())),
        _ => (Some(Sort::Sign), first.len_utf8()),
    }
}

/// The length of a quoted token; a doubled quotation mark stands for itself.
fn quoted(rest: &str, mark: char) -> usize {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((position, c)) = characters.next() {
        if c != mark {
            continue;
        }
        if characters.next_if(|&(_, following)| following == mark).is_none() {
            return position + 1;
        }
    }
    rest.len()
}

/// SQLite takes every character beyond ASCII for a letter.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(sql: &str) -> Vec<&str> {
        tokens(sql).iter().map(|token| token.of(sql)).collect()
    }

    #[test]
    fn words_texts_and_signs_are_told_apart_and_comments_left_out() {
        assert_eq!(
            cut("SELECT \"a\"\"b\", 'it''s; -- no' /* ; */ FROM [x y] -- end;\n;"),
            ["SELECT", "\"a\"\"b\"", ",", "'it''s; -- no'", "FROM", "[x y]", ";"]
        );
    }

    #[test]
    fn chinese_names_and_texts_are_not_cut_apart() {
        assert_eq!(
            cut("SELECT '一带' AS 路 FROM 表"),
            ["SELECT", "'一带'", "AS", "路", "FROM", "表"]
        );
    }

    #[test]
    fn what_is_left_open_reaches_to_the_end() {
        assert_eq!(cut("SELECT 'open"), ["SELECT", "'open"]);
        assert_eq!(cut("a /* open"), ["a"]);
        assert_eq!(cut("a /*/ b"), ["a"]);
        assert_eq!(cut("a [b"), ["a", "[b"]);
        assert_eq!(cut(" \n-- only a comment"), [""; 0]);
    }
}

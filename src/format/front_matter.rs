//! The block of `key: value` lines that may stand before a Markdown text.
//!
//! It reads only what is plain: strings, lists of strings. Anything deeper makes the whole block
//! text like any other, so nothing is lost by misreading it.

use std::ops::Range;

use super::date;
use crate::model::Metadatum;

/// The longest block that is believed to be one, in bytes.
const LONGEST: usize = 65_536;

/// What stands before the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    /// Its statements, evidence included.
    pub(super) metadata: Vec<Metadatum>,
    /// Where the text begins, in bytes.
    pub(super) end: usize,
}

/// Reads the front matter of a text; empty where there is none.
pub(super) fn read(text: &str) -> FrontMatter {
    block(text).and_then(|inside| statements(text, inside)).unwrap_or_default()
}

/// Where the lines between the marks are.
fn block(text: &str) -> Option<Range<usize>> {
    let start = if text.starts_with("---\n") {
        4
    } else if text.starts_with("---\r\n") {
        5
    } else {
        return None;
    };
    let limit = (start..=text.len().min(LONGEST)).rev().find(|at| text.is_char_boundary(*at))?;
    let mut at = start;
    for line in text.get(start..limit)?.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some(start..at);
        }
        at += line.len();
    }
    None
}

fn statements(text: &str, inside: Range<usize>) -> Option<FrontMatter> {
    let mut metadata = Vec::new();
    let mut key = "";
    let mut at = inside.start;
    for line in text.get(inside.clone())?.split_inclusive('\n') {
        let place = at;
        at += line.len();
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let evidence = || {
            let start = text.get(..place).unwrap_or_default().chars().count();
            format!("characters {start}-{}", start + line.chars().count())
        };
        if let Some(item) = line.trim_start().strip_prefix("- ") {
            if key.is_empty() {
                return None;
            }
            state(&mut metadata, key, item, &evidence());
            continue;
        }
        let (name, value) = line.split_once(':')?;
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
        if name.is_empty() || name.starts_with([' ', '\t']) || !name.chars().all(plain) {
            return None;
        }
        key = name.trim();
        let value = value.trim();
        let list = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        for value in list.map_or(vec![value], |list| list.split(',').collect()) {
            state(&mut metadata, key, value, &evidence());
        }
    }
    if metadata.is_empty() {
        return None;
    }
    let rest = text.get(inside.end..)?;
    let end = inside.end + rest.find('\n').map_or(rest.len(), |line| line + 1);
    Some(FrontMatter { metadata, end })
}

fn state(metadata: &mut Vec<Metadatum>, key: &str, value: &str, evidence: &str) {
    let value = value.trim().trim_matches(['"', '\'']).trim();
    if value.is_empty() || matches!(value, "|" | ">" | "null" | "~") {
        return;
    }
    let (mut name, mut value) = (term(key), value.to_owned());
    if name == "date" {
        match date::iso(&value) {
            Some(date) => value = date,
            None => name = "date (as written)",
        }
    }
    metadata.push(Metadatum {
        name: name.to_owned(),
        value,
        method: "front matter",
        evidence: evidence.to_owned(),
    });
}

/// Dublin Core's term for a key, where there is one.
fn term(key: &str) -> &str {
    match &*key.to_ascii_lowercase() {
        "title" => "title",
        "author" | "authors" | "creator" | "creators" => "creator",
        "date" | "published" => "date",
        "lang" | "language" => "language",
        "tags" | "keywords" | "subject" => "subject",
        "abstract" => "abstract",
        "url" | "source" => "source",
        "id" | "identifier" => "identifier",
        "description" => "description",
        "publisher" => "publisher",
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        read(text).metadata.into_iter().map(|datum| (datum.name, datum.value)).collect()
    }

    #[test]
    fn keys_become_terms_and_lists_several_statements() {
        let text = "---\ntitle: \"The Port\"\nauthors:\n  - Jane Roe\n  - Min Kim\ntags: [rail, 港口]\ndate: 2016-04-30\n---\nText\n";
        let found = pairs(text);
        let expected = [
            ("title", "The Port"),
            ("creator", "Jane Roe"),
            ("creator", "Min Kim"),
            ("subject", "rail"),
            ("subject", "港口"),
            ("date", "2016-04-30"),
        ];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(text.get(read(text).end..), Some("Text\n"));
        assert_eq!(read(text).metadata[0].evidence, "characters 4-21");
    }

    #[test]
    fn what_is_not_plain_key_and_value_is_text() {
        for text in
            ["---\nA rule above text.\n---\n", "---\nno end: here\n", "text", "", "---\n---\n"]
        {
            assert_eq!(read(text), FrontMatter::default(), "{text}");
        }
    }

    #[test]
    fn a_date_that_is_none_is_kept_as_written() {
        assert_eq!(
            pairs("---\ndate: spring\n---\n"),
            [("date (as written)".to_owned(), "spring".to_owned())]
        );
    }
}

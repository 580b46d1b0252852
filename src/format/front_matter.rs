//! The block of statements that may stand before a Markdown text: YAML between `---`, or TOML between `+++`.
//!
//! It reads what people write there: words, lists, lists of people with names, texts over several lines.
//! Anchors, tags and the like are read as words. A block that is none of this is text like any other, so
//! nothing is lost by misreading it.

use std::ops::Range;

use super::date;
use crate::model::Metadatum;

/// The longest block that is believed to be one, in bytes.
const LONGEST: usize = 65_536;

/// Keys of an entry of a list that say who or what it is.
const NAMES: [&str; 4] = ["name", "literal", "value", "title"];

/// What stands before the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    /// Its statements, evidence included.
    pub(super) metadata: Vec<Metadatum>,
    /// Where the text begins, in bytes.
    pub(super) end: usize,
}

/// How the statements are written.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Yaml,
    Toml,
}

/// Reads the front matter of a text; empty where there is none.
pub(super) fn read(text: &str) -> FrontMatter {
    let found = block(text, Way::Yaml).or_else(|| block(text, Way::Toml));
    found.and_then(|(way, inside)| statements(text, way, inside)).unwrap_or_default()
}

/// Where the lines between the marks are.
fn block(text: &str, way: Way) -> Option<(Way, Range<usize>)> {
    let (mark, ends): (&str, &[&str]) =
        if way == Way::Yaml { ("---", &["---", "..."]) } else { ("+++", &["+++"]) };
    let after = text.strip_prefix(mark)?;
    let start = mark.len() + if after.starts_with("\r\n") { 2 } else { 1 };
    if !after.starts_with(['\n', '\r']) {
        return None;
    }
    let limit = (start..=text.len().min(LONGEST)).rev().find(|at| text.is_char_boundary(*at))?;
    let mut at = start;
    for line in text.get(start..limit)?.split_inclusive('\n') {
        if ends.contains(&line.trim_end()) {
            return Some((way, start..at));
        }
        at += line.len();
    }
    None
}

/// A line that says something, and where it begins.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    start: usize,
    indent: usize,
}

impl Line<'_> {
    fn end(&self) -> usize {
        self.start + self.indent + self.text.len()
    }
}

fn statements(text: &str, way: Way, inside: Range<usize>) -> Option<FrontMatter> {
    let mut lines = Vec::new();
    let mut at = inside.start;
    for line in text.get(inside.clone())?.split_inclusive('\n') {
        let shown = line.trim();
        if !shown.is_empty() && !shown.starts_with('#') {
            let indent = line.len() - line.trim_start().len();
            lines.push(Line { text: shown, start: at, indent });
        }
        at += line.len();
    }
    let mut stated = Stated { text, metadata: Vec::new(), counted: (0, 0) };
    let mut rest = &*lines;
    let mut section = String::new();
    while let Some((first, after)) = rest.split_first() {
        if way == Way::Toml && first.text.starts_with('[') {
            section = first.text.trim_matches(['[', ']']).to_owned() + ".";
            rest = after;
            continue;
        }
        let (key, value) = first.text.split_once(if way == Way::Yaml { ':' } else { '=' })?;
        let key = key.trim().trim_matches(['"', '\'']);
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
        if key.is_empty() || first.indent > 0 || !key.chars().all(plain) {
            return None;
        }
        let is_inside = |line: &&Line| match way {
            Way::Yaml => line.indent > 0 || line.text.starts_with("- ") || line.text == "-",
            Way::Toml => false,
        };
        let mut length = after.iter().take_while(is_inside).count();
        let closing = [("[", "]"), ("\"\"\"", "\"\"\""), ("'''", "'''"), ("{", "}")]
            .into_iter()
            .find(|(open, close)| opens(value.trim(), open, close));
        if let Some((_, close)) = closing {
            length = after.iter().position(|line| line.text.ends_with(close))? + 1;
        }
        let (below, next) = after.split_at(length);
        stated.key(&format!("{section}{key}"), value.trim(), first, below);
        rest = next;
    }
    if stated.metadata.is_empty() {
        return None;
    }
    let rest = text.get(inside.end..)?;
    let end = inside.end + rest.find('\n').map_or(rest.len(), |line| line + 1);
    Some(FrontMatter { metadata: stated.metadata, end })
}

/// Whether a value opens what ends on another line.
fn opens(value: &str, open: &str, close: &str) -> bool {
    value.strip_prefix(open).is_some_and(|rest| !rest.contains(close))
}

/// Statements as they are read.
struct Stated<'a> {
    text: &'a str,
    metadata: Vec<Metadatum>,
    /// A place in bytes, and the characters before it.
    counted: (usize, usize),
}

impl Stated<'_> {
    /// What a key says: on its line, and on those below that belong to it.
    fn key(&mut self, key: &str, value: &str, first: &Line, below: &[Line]) {
        let last = below.last().unwrap_or(first);
        let lines = || below.iter().map(|line| line.text);
        let is_text = value.trim_end_matches(['+', '-', '1', '2', '4']);
        if is_text == "|" || is_text == ">" {
            let joint = if is_text == "|" { "\n" } else { " " };
            return self.say(key, &lines().collect::<Vec<_>>().join(joint), first, last);
        }
        if !value.is_empty() {
            let whole = std::iter::once(value).chain(lines()).collect::<Vec<_>>().join(" ");
            return self.values(key, &whole, first, last);
        }
        let mut in_list = term(key) == "creator";
        for line in below {
            let (item, words) = match line.text.strip_prefix("- ") {
                Some(words) => (true, words.trim()),
                None => (false, line.text),
            };
            in_list |= item;
            let pair = words.split_once(": ").or_else(|| Some((words.strip_suffix(':')?, "")));
            match pair {
                Some((name, value)) if in_list && NAMES.contains(&name) => {
                    self.values(key, value, line, line);
                }
                Some((name, value)) => self.values(&format!("{key}.{name}"), value, line, line),
                None => self.values(key, words, line, line),
            }
        }
    }

    /// A value, or the values of a list on one line.
    fn values(&mut self, key: &str, value: &str, first: &Line, last: &Line) {
        let list = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        for value in list.map_or(vec![value], |list| list.split(',').collect()) {
            self.say(key, value, first, last);
        }
    }

    fn say(&mut self, key: &str, value: &str, first: &Line, last: &Line) {
        let (start, end) =
            (self.characters(first.start + first.indent), self.characters(last.end()));
        state(&mut self.metadata, key, value, &format!("characters {start}-{end}"));
    }

    fn characters(&mut self, place: usize) -> usize {
        let (at, count) = self.counted;
        let (from, before) = if place < at { (0, 0) } else { (at, count) };
        let more = self.text.get(from..place).unwrap_or_default().chars().count();
        self.counted = (place, before + more);
        before + more
    }
}

fn state(metadata: &mut Vec<Metadatum>, key: &str, value: &str, evidence: &str) {
    let value = value.trim().trim_matches(['"', '\'']).trim();
    if value.is_empty() || matches!(value, "null" | "~" | "[]" | "{}") {
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
    fn people_with_names_texts_of_several_lines_and_deeper_keys_are_read() {
        let text = "---\nauthor:\n- name: Anna Orlova\n  affiliation: Harbour Office\n- Ito Haru\nabstract: |\n  One.\n\n  Two.\n\
                    note: >-\n  It is\n  folded.\nparams:\n  math: true\ntitle: A name that\n  goes on\ntags: [rail,\n  порт]\n---\nText\n";
        let expected = [
            ("creator", "Anna Orlova"),
            ("author.affiliation", "Harbour Office"),
            ("creator", "Ito Haru"),
            ("abstract", "One.\nTwo."),
            ("note", "It is folded."),
            ("params.math", "true"),
            ("title", "A name that goes on"),
            ("subject", "rail"),
            ("subject", "порт"),
        ];
        assert_eq!(pairs(text), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(text.get(read(text).end..), Some("Text\n"));
    }

    #[test]
    fn toml_between_pluses_is_read() {
        let text = "+++\ntitle = \"Ferry\"\ndate = 2020-01-02T03:04:05Z\nauthors = [\"A B\", 'C D']\n[extra]\nmap = 1\n+++\nText\n";
        let expected = [
            ("title", "Ferry"),
            ("date", "2020-01-02"),
            ("creator", "A B"),
            ("creator", "C D"),
            ("extra.map", "1"),
        ];
        assert_eq!(pairs(text), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(text.get(read(text).end..), Some("Text\n"));
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

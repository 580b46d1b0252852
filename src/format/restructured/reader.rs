//! Reads reStructuredText line by line. Indentation only tells where something ends; nothing recurses.

use super::inline;
use super::tables;
use crate::format::composed::Composed;
use crate::format::{date, office};
use crate::model::Metadatum;
use crate::text::marks;
use crate::text::segment::{self, Mark};

pub(super) struct Reader<'a> {
    lines: Vec<&'a str>,
    pub(super) at: usize,
    pub(super) composed: &'a mut Composed,
    /// The characters of titles in the order of their levels, and whether a line is above too.
    levels: Vec<(char, bool)>,
    statements: Vec<Metadatum>,
    has_body: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, composed: &'a mut Composed) -> Self {
        Self {
            lines: text.lines().map(str::trim_end).collect(),
            at: 0,
            composed,
            levels: Vec::new(),
            statements: Vec::new(),
            has_body: false,
        }
    }

    /// Reads everything; gives what is stated of the document.
    pub(super) fn read(mut self) -> Vec<Metadatum> {
        while let Some(line) = self.line(0) {
            if line.is_empty() {
                self.at += 1;
                continue;
            }
            if self.title()
                || self.rule(line)
                || self.explicit(line)
                || self.table(line)
                || self.field(line)
            {
                continue;
            }
            self.has_body = true;
            self.paragraph();
        }
        self.statements
    }

    pub(super) fn line(&self, ahead: usize) -> Option<&'a str> {
        self.lines.get(self.at + ahead).copied()
    }

    /// A line of text with a line of one character below it, maybe also above.
    fn title(&mut self) -> bool {
        let line = |ahead| self.line(ahead).unwrap_or_default();
        let is_over = underline(line(0)).is_some()
            && underline(line(0)) == underline(line(2))
            && !line(1).is_empty();
        let (text, under) = if is_over { (line(1), line(2)) } else { (line(0), line(1)) };
        let Some(sign) = underline(under) else { return false };
        let is_long = under.chars().count() >= marks::width(text, 1000).min(4);
        let is_text =
            !text.is_empty() && underline(text).is_none() && (is_over || indent(text) == 0);
        if !is_long || !is_text {
            return false;
        }
        let kind = (sign, is_over);
        let level = match self.levels.iter().position(|known| *known == kind) {
            Some(level) => level,
            None => {
                self.levels.push(kind);
                self.levels.len() - 1
            }
        };
        let level = u8::try_from(level + 1).unwrap_or(6).min(6);
        self.composed.push(&inline::plain(text.trim()), Mark::Heading(level));
        self.at += if is_over { 3 } else { 2 };
        true
    }

    /// A line of one character between blank lines is a rule.
    fn rule(&mut self, line: &str) -> bool {
        let is_rule = underline(line).is_some() && line.chars().count() >= 4;
        if is_rule {
            self.at += 1;
        }
        is_rule
    }

    /// Directives, footnotes, targets, substitutions and comments.
    fn explicit(&mut self, line: &str) -> bool {
        let own = indent(line);
        let trimmed = line.trim_start();
        let Some(rest) =
            trimmed.strip_prefix("..").filter(|rest| rest.is_empty() || rest.starts_with(' '))
        else {
            return false;
        };
        let rest = rest.trim();
        self.at += 1;
        if let Some(note) = rest.strip_prefix('[')
            && let Some((name, text)) = note.split_once(']')
        {
            let mut words = format!("[{name}]");
            segment::append(&mut words, text.trim());
            for line in self.body(own) {
                segment::append(&mut words, line.trim());
            }
            self.composed.push(&inline::plain(words.trim()), Mark::Note);
            return true;
        }
        // Behind a substitution stands a directive.
        let rest = match rest.strip_prefix('|').and_then(|name| name.split_once("| ")) {
            Some((_, directive)) => directive,
            None => rest,
        };
        match rest.split_once("::") {
            Some((name, argument)) if is_name(name) => self.directive(name, argument.trim(), own),
            _ => {
                let _comment = self.body(own);
            }
        }
        true
    }

    pub(super) fn options(&mut self) {
        while self.line(0).is_some_and(is_option) {
            self.at += 1;
        }
    }

    /// The lines that are indented deeper, with blank ones between.
    pub(super) fn body(&mut self, own: usize) -> Vec<&'a str> {
        let start = self.at;
        let mut end = start;
        while let Some(line) = self.lines.get(self.at) {
            if !line.is_empty() && indent(line) <= own {
                break;
            }
            self.at += 1;
            if !line.is_empty() {
                end = self.at;
            }
        }
        self.at = end;
        self.lines.get(start..end).unwrap_or_default().to_vec()
    }

    fn table(&mut self, line: &str) -> bool {
        let is_grid = tables::is_grid(line);
        if !is_grid && !tables::is_simple(line) {
            return false;
        }
        let rest = self.lines.get(self.at..).unwrap_or_default();
        let count = match is_grid {
            true => {
                rest.iter().take_while(|line| line.trim_start().starts_with(['+', '|'])).count()
            }
            false => simple_length(rest),
        };
        let lines = rest.get(..count.max(1)).unwrap_or_default();
        let rows = if is_grid { tables::grid(lines) } else { tables::simple(lines) };
        for (row, is_head) in rows {
            self.composed.push(&row, if is_head { Mark::Columns } else { Mark::Row });
        }
        self.at += count.max(1);
        true
    }

    /// `:Author: Ito Haru` at the head of a document states something of it.
    fn field(&mut self, line: &str) -> bool {
        let Some((name, value)) = line.strip_prefix(':').and_then(|field| field.split_once(": "))
        else {
            return false;
        };
        if self.has_body || name.contains(['`', ':']) {
            return false;
        }
        self.at += 1;
        let mut words = value.trim().to_owned();
        for line in self.body(0) {
            segment::append(&mut words, line.trim());
        }
        let value = inline::plain(&words);
        let evidence = format!(":{name}:");
        let mut state = |term: &str, value: &str| {
            office::push(&mut self.statements, term, value, "field", &evidence);
        };
        match &*name.to_ascii_lowercase() {
            "author" => state("creator", &value),
            "authors" => value.split(';').for_each(|one| state("creator", one)),
            "date" => {
                if let Some(day) = date::iso(&value) {
                    state("date", &day);
                }
            }
            "organization" => state("publisher", &value),
            "copyright" => state("rights", &value),
            "keywords" => value.split(',').for_each(|one| state("subject", one)),
            "abstract" => {
                self.composed.push("Abstract", Mark::Heading(2));
                self.composed.push(&value, Mark::None);
            }
            _ => self.composed.push(&format!("{name}: {value}"), Mark::None),
        }
        true
    }

    /// A paragraph or an item, and the code that is announced by `::` at its end.
    fn paragraph(&mut self) {
        let first = self.line(0).unwrap_or_default();
        let own = indent(first);
        let trimmed = first.trim_start();
        if trimmed.starts_with(">>> ") {
            let start = self.at;
            while self.line(0).is_some_and(|line| !line.is_empty()) {
                self.at += 1;
            }
            let lines = self.lines.get(start..self.at).unwrap_or_default().to_vec();
            self.composed.push(&dedented(&lines), Mark::Code);
            return;
        }
        if trimmed.starts_with("| ") {
            let words = self.wrapped_by(|words, line| {
                words.push('\n');
                words.push_str(line.trim_start_matches('|').trim());
            });
            self.composed.push(&inline::plain(words.trim_start_matches("| ")), Mark::None);
            return;
        }
        let is_item = marks::starts_item(trimmed) || trimmed.starts_with("#. ");
        let words = if is_item { self.item() } else { self.wrapped() };
        let is_code_next = words.ends_with("::");
        let shown = match words.strip_suffix("::") {
            Some(before) if before.is_empty() || before.ends_with(' ') => before.to_owned(),
            Some(before) => format!("{before}:"),
            None => words,
        };
        // A list may be a table drawn as one; its bullets are no words.
        let shown = inline::plain(shown.trim());
        let shown = if is_item { without_bullet(&shown).to_owned() } else { shown };
        self.composed.push(&shown, if is_item { Mark::Item } else { Mark::None });
        if is_code_next {
            let code = self.body(own);
            self.composed.push(&dedented(&code), Mark::Code);
        }
    }

    /// The lines up to a blank one in one line.
    pub(super) fn wrapped(&mut self) -> String {
        self.wrapped_by(|words, line| segment::append(words, line))
    }

    fn wrapped_by(&mut self, add: fn(&mut String, &str)) -> String {
        let mut words = self.line(0).unwrap_or_default().trim().to_owned();
        self.at += 1;
        while let Some(line) = self.line(0).filter(|line| !line.is_empty()) {
            add(&mut words, line.trim());
            self.at += 1;
        }
        words
    }

    /// The lines of an item: up to a blank one or the next item.
    fn item(&mut self) -> String {
        let mut words = self.line(0).unwrap_or_default().trim().to_owned();
        self.at += 1;
        while let Some(line) = self.line(0).filter(|line| !line.is_empty()) {
            let trimmed = line.trim_start();
            if marks::starts_item(trimmed) || trimmed.starts_with("#. ") {
                break;
            }
            segment::append(&mut words, trimmed);
            self.at += 1;
        }
        words
    }
}

/// How many lines a table without a grid has: to the last border, after which a blank line comes.
fn simple_length(lines: &[&str]) -> usize {
    let mut end = 0;
    for (at, line) in lines.iter().enumerate() {
        let is_last = lines.get(at + 1).is_none_or(|next| next.is_empty());
        if tables::is_simple(line) {
            end = at + 1;
            if at > 0 && is_last {
                break;
            }
        } else if line.is_empty() && lines.get(at + 1).is_none_or(|next| next.is_empty()) {
            break;
        }
    }
    end
}

pub(super) fn indent(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).count()
}

/// The character of a line that has no other.
fn underline(line: &str) -> Option<char> {
    let first = line.chars().next().filter(|c| c.is_ascii_punctuation())?;
    let count = line.chars().count();
    (count >= 2 && line.chars().all(|c| c == first)).then_some(first)
}

fn is_name(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '+');
    !name.is_empty() && name.chars().all(is_letter)
}

/// Whether a line is an option of a directive.
pub(super) fn is_option(line: &str) -> bool {
    let line = line.trim_start();
    line.strip_prefix(':')
        .and_then(|option| option.split_once(':'))
        .is_some_and(|(name, rest)| is_name(name) && (rest.is_empty() || rest.starts_with(' ')))
}

pub(super) fn dedented(lines: &[&str]) -> String {
    let least =
        lines.iter().filter(|line| !line.is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    let cut = |line: &&str| line.chars().skip(least).collect::<String>();
    lines.iter().map(cut).collect::<Vec<_>>().join("\n")
}

/// The words of an item behind its bullet; a number stays.
fn without_bullet(item: &str) -> &str {
    item.strip_prefix("#. ").or_else(|| marks::after_bullet(item)).unwrap_or(item)
}

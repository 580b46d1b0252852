//! Reads LaTeX from its beginning to its end, once. Braces are kept on a list and not on the stack of the
//! program, so that no depth of nesting harms.

use super::accents;
use super::commands::{self, Argument};
use super::source::{Source, closing};
use crate::format::composed::Composed;
use crate::format::date;
use crate::model::Metadatum;
use crate::text::segment::Mark;

/// Stands between two authors.
const BETWEEN: char = '\u{1e}';

/// A pair of braces that is open.
enum Open {
    /// It changes nothing.
    Group,
    /// Its words become something; those before it wait here.
    Argument(Argument, String),
}

pub(super) struct Reader<'a> {
    source: Source<'a>,
    composed: &'a mut Composed,
    words: String,
    /// Footnotes of the paragraph being collected.
    notes: Vec<String>,
    open: Vec<Open>,
    /// How many of them are arguments.
    arguments: usize,
    statements: Vec<Metadatum>,
    /// For each open list, the number of its next item; `None` for one without numbers.
    lists: Vec<Option<u32>>,
    item: Option<String>,
    /// How many tables are open.
    tables: usize,
    /// The first row of a table, until it is known whether a rule follows.
    first_row: Option<String>,
    rows: usize,
    /// Whether what stands before the document's beginning is being read: only statements count there.
    is_preamble: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, composed: &'a mut Composed) -> Self {
        Self {
            source: Source::new(text),
            composed,
            words: String::new(),
            notes: Vec::new(),
            open: Vec::new(),
            arguments: 0,
            statements: Vec::new(),
            lists: Vec::new(),
            item: None,
            tables: 0,
            first_row: None,
            rows: 0,
            is_preamble: text.contains("\\begin{document}"),
        }
    }

    /// Reads everything; gives what is stated of the document.
    pub(super) fn read(mut self) -> Vec<Metadatum> {
        while let Some(c) = self.source.next() {
            match c {
                '\\' => {
                    if !self.command() {
                        break;
                    }
                }
                '%' => self.comment(),
                '{' => self.open.push(Open::Group),
                '}' => self.close(),
                '$' => self.formula(),
                '~' => self.words.push('\u{a0}'),
                '&' if self.tables > 0 => self.words.push('\t'),
                '\n' => self.line_end(),
                '`' if self.source.take("`") => self.words.push('“'),
                '`' => self.words.push('‘'),
                '\'' if self.source.take("'") => self.words.push('”'),
                '\'' => self.words.push('’'),
                '-' if self.source.take("--") => self.words.push('—'),
                '-' if self.source.take("-") => self.words.push('–'),
                other => self.words.push(other),
            }
        }
        while !self.open.is_empty() {
            self.close();
        }
        self.flush();
        self.end_row();
        self.statements
    }

    fn comment(&mut self) {
        let line = self.source.rest.find('\n').unwrap_or(self.source.rest.len());
        let after = self.source.rest.get(line + 1..).unwrap_or_default();
        // The line break belongs to the comment, and so does the indent of the next line; a blank line
        // still ends the paragraph.
        self.source.rest = after.trim_start_matches([' ', '\t']);
        if self.source.rest.starts_with('\n') {
            self.flush();
        }
    }

    /// A blank line ends the paragraph.
    fn line_end(&mut self) {
        let after = self.source.rest.trim_start_matches([' ', '\t', '\r']);
        if after.starts_with('\n') {
            self.source.rest = after.trim_start();
            self.flush();
        } else {
            self.words.push('\n');
        }
    }

    /// A formula in the line stays as it is typed, `$$` is displayed.
    fn formula(&mut self) {
        let is_displayed = self.source.take("$");
        let end = if is_displayed { "$$" } else { "$" };
        let Some(formula) = self.source.until(end) else { return };
        if is_displayed {
            self.display(formula);
        } else {
            self.words.push('$');
            self.words.push_str(formula);
            self.words.push('$');
        }
    }

    fn display(&mut self, formula: &str) {
        if self.is_preamble {
            return;
        }
        self.flush();
        self.composed.push(formula.trim(), Mark::Code);
    }

    /// What a command does; `false` at the end of the document.
    fn command(&mut self) -> bool {
        let letters = self
            .source
            .rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(self.source.rest.len());
        if letters == 0 {
            self.symbol();
            return true;
        }
        let (name, after) = self.source.rest.split_at(letters);
        self.source.rest = after.strip_prefix('*').unwrap_or(after);
        match name {
            "begin" => self.begin(),
            "end" => return self.end(),
            "item" => self.begin_item(),
            "bibitem" => {
                self.flush();
                self.source.options();
                self.source.braced();
            }
            "par" | "newpage" | "clearpage" | "maketitle" | "bigskip" | "medskip" | "smallskip" => {
                self.source.swallow();
                self.flush();
            }
            "hline" | "midrule" | "toprule" | "bottomrule" => self.rule(),
            "newline" | "linebreak" | "tabularnewline" => self.line_break(),
            "verb" | "lstinline" => self.verb(),
            "and" | "And" => self.words.push(BETWEEN),
            "url" | "nolinkurl" | "path" => {
                self.words.push_str(self.source.braced().unwrap_or_default())
            }
            _ if commands::is_definition(name) => self.source.definition(),
            _ => self.other(name),
        }
        true
    }

    /// A command of one character that is no letter.
    fn symbol(&mut self) {
        let Some(c) = self.source.next() else { return };
        match c {
            '\\' => {
                self.source.options();
                self.line_break();
            }
            '(' => {
                if let Some(formula) = self.source.until("\\)") {
                    self.words.push('$');
                    self.words.push_str(formula);
                    self.words.push('$');
                }
            }
            '[' => {
                if let Some(formula) = self.source.until("\\]") {
                    self.display(formula);
                }
            }
            ',' | ';' | ':' | ' ' | '\n' | '\t' => self.words.push(' '),
            '-' | '/' | '!' | '@' => {}
            other => match accents::mark(other.encode_utf8(&mut [0; 4])) {
                Some(mark) => self.accent(mark),
                None => self.words.push(other),
            },
        }
    }

    fn other(&mut self, name: &str) {
        if let Some(sign) = accents::sign(name) {
            self.source.swallow();
            self.words.push_str(sign);
            return;
        }
        if let Some(mark) = accents::mark(name) {
            self.accent(mark);
            return;
        }
        self.source.options();
        for _ in 0..commands::passed_over(name) {
            self.source.braced();
        }
        match commands::argument(name) {
            Some(Argument::Nothing) => {
                self.source.braced();
            }
            Some(argument) => self.open_argument(argument),
            None => self.source.swallow(),
        }
    }

    fn accent(&mut self, mark: char) {
        self.source.rest = self.source.rest.trim_start_matches([' ', '\t']);
        let is_group = self.source.take("{");
        let letter = match self.source.rest.strip_prefix('\\') {
            Some(after) if after.starts_with(['i', 'j']) => {
                self.source.rest = after;
                self.source.next()
            }
            _ => self.source.next(),
        };
        if let Some(letter) = letter.filter(|letter| letter.is_alphabetic()) {
            self.words.push_str(&accents::marked(letter, mark));
        }
        if is_group {
            self.source.take("}");
        }
    }

    fn verb(&mut self) {
        self.source.options();
        let Some(mark) = self.source.next() else { return };
        let end = if mark == '{' { '}' } else { mark };
        if let Some(code) = self.source.until(end.encode_utf8(&mut [0; 4])) {
            self.words.push_str(code);
        }
    }

    fn open_argument(&mut self, argument: Argument) {
        let after = self.source.rest.trim_start();
        let Some(inside) = after.strip_prefix('{') else { return };
        self.source.rest = inside;
        if let Argument::Block(_) = argument {
            self.flush();
        }
        let before = std::mem::take(&mut self.words);
        self.arguments += 1;
        self.open.push(Open::Argument(argument, before));
    }

    fn close(&mut self) {
        let Some(Open::Argument(argument, before)) = self.open.pop() else { return };
        self.arguments -= 1;
        let words = std::mem::replace(&mut self.words, before);
        match argument {
            Argument::Block(mark) if !self.is_preamble => {
                self.composed.push(&on_one_line(&words), mark);
            }
            Argument::Footnote => self.notes.push(on_one_line(&words)),
            Argument::Reference => {
                self.words.push('[');
                self.words.push_str(words.trim());
                self.words.push(']');
            }
            Argument::Statement(name) => self.state(name, &words),
            Argument::Block(_) | Argument::Nothing => {}
        }
    }

    fn state(&mut self, name: &'static str, words: &str) {
        let values: Vec<String> = match name {
            // What stands on the lines below a name is an address.
            "creator" => words
                .split(BETWEEN)
                .map(|one| one.trim_start().lines().next().map_or_else(String::new, on_one_line))
                .collect(),
            "date" => date::iso(words.trim()).into_iter().collect(),
            _ => vec![on_one_line(words)],
        };
        let command = match name {
            "creator" => "author",
            "subject" => "keywords",
            other => other,
        };
        for value in values.into_iter().filter(|value| !value.is_empty()) {
            self.statements.push(Metadatum {
                name: name.to_owned(),
                value,
                method: "command",
                evidence: format!("\\{command}"),
            });
        }
    }

    fn begin(&mut self) {
        let Some(name) = self.source.name() else { return };
        if name == "document" {
            self.words.clear();
            self.open.clear();
            self.arguments = 0;
            self.is_preamble = false;
            return;
        }
        self.flush();
        if commands::is_verbatim(name) {
            self.verbatim(name);
            return;
        }
        self.source.options();
        for _ in 0..commands::environment_arguments(name) {
            self.source.braced();
            self.source.options();
        }
        match name {
            "itemize" | "description" => self.lists.push(None),
            "enumerate" => self.lists.push(Some(1)),
            "abstract" if !self.is_preamble => self.composed.push("Abstract", Mark::Heading(2)),
            "thebibliography" if !self.is_preamble => {
                self.composed.push("References", Mark::Heading(2));
            }
            _ if commands::is_table(name) => {
                self.tables += 1;
                self.rows = 0;
            }
            _ => {}
        }
    }

    fn verbatim(&mut self, name: &str) {
        let end = format!("\\end{{{name}}}");
        let Some(inside) = self.source.until(&end) else { return };
        if !commands::is_hidden(name) {
            let inside = match commands::is_formula(name) {
                true => inside,
                // What is left of the line is options.
                false => inside.split_once('\n').map_or(inside, |(_, code)| code),
            };
            self.display(inside);
        }
    }

    /// Ends an environment; `false` at the end of the document.
    fn end(&mut self) -> bool {
        let Some(name) = self.source.name() else { return true };
        self.flush();
        match name {
            "document" => return false,
            "itemize" | "description" | "enumerate" => {
                self.lists.pop();
                self.item = None;
            }
            _ if commands::is_table(name) => {
                self.end_row();
                self.tables = self.tables.saturating_sub(1);
            }
            _ => {}
        }
        true
    }

    fn begin_item(&mut self) {
        self.flush();
        let label =
            self.source.rest.trim_start_matches([' ', '\t']).strip_prefix('[').and_then(|label| {
                let end = closing(label, '[', ']')?;
                self.source.rest = label.get(end + 1..).unwrap_or_default();
                label.get(..end)
            });
        let number = self.lists.last_mut().and_then(Option::as_mut).map(|next| {
            *next = next.saturating_add(1);
            *next - 1
        });
        self.item = Some(match (label, number) {
            (Some(label), _) => format!("{label} "),
            (None, Some(number)) => format!("{number}. "),
            (None, None) => String::new(),
        });
    }

    fn line_break(&mut self) {
        if self.tables > 0 && self.arguments == 0 {
            self.flush();
        } else {
            self.words.push('\n');
        }
    }

    /// A rule below the first row says that it has the names of the columns.
    fn rule(&mut self) {
        if self.rows == 1
            && let Some(row) = self.first_row.take()
        {
            self.composed.push(&row, Mark::Columns);
        }
    }

    fn end_row(&mut self) {
        if let Some(row) = self.first_row.take() {
            self.composed.push(&row, Mark::Row);
        }
    }

    /// Ends the block being collected.
    fn flush(&mut self) {
        if self.arguments > 0 {
            self.words.push('\n');
            return;
        }
        let words = std::mem::take(&mut self.words);
        if self.is_preamble {
            return;
        }
        let notes = std::mem::take(&mut self.notes);
        if self.tables > 0 {
            self.row(&words);
        } else if !words.trim().is_empty() {
            let words = unwrapped(&words);
            match self.item.take() {
                Some(begin) => self.composed.push(&(begin + words.trim()), Mark::Item),
                None => self.composed.push(&words, Mark::None),
            }
        }
        notes.iter().for_each(|note| self.composed.push(note, Mark::Note));
    }

    fn row(&mut self, words: &str) {
        let cells: Vec<String> = words.split('\t').map(on_one_line).collect();
        if cells.iter().all(String::is_empty) {
            return;
        }
        self.rows += 1;
        let row = cells.join("\t");
        if self.rows == 1 {
            self.first_row = Some(row);
        } else {
            self.end_row();
            self.composed.push(&row, Mark::Row);
        }
    }
}

fn on_one_line(words: &str) -> String {
    words.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of wrapped lines in one line.
fn unwrapped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for line in words.lines().map(|line| line.trim_matches([' ', '\t', '\r'])) {
        crate::text::segment::append(&mut text, line);
    }
    text
}

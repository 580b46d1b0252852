//! What the directives of reStructuredText make of their content. One that is not known has text.

use super::inline;
use super::reader::{Reader, dedented, indent, is_option};
use crate::text::segment::{self, Mark};

/// What a directive makes of its content.
enum Content {
    /// It is text like any other.
    Text,
    Code,
    /// A caption, then text.
    Figure,
    /// Rows of values between commas.
    Csv,
    /// It is not shown, or only says what stands elsewhere.
    Nothing,
}

fn content(directive: &str) -> Content {
    match directive {
        "code" | "code-block" | "sourcecode" | "math" | "parsed-literal" | "literalinclude"
        | "doctest" | "testcode" | "prompt" | "productionlist" => Content::Code,
        "image" | "figure" | "table" => Content::Figure,
        "csv-table" => Content::Csv,
        "contents" | "toctree" | "include" | "raw" | "index" | "module" | "currentmodule"
        | "automodule" | "autoclass" | "autofunction" | "highlight" | "default-role" | "role"
        | "meta" | "sectnum" | "tabularcolumns" | "graphviz" | "digraph" => Content::Nothing,
        _ => Content::Text,
    }
}

impl Reader<'_> {
    /// Reads a directive whose line is indented so far; the reader stands behind that line.
    pub(super) fn directive(&mut self, name: &str, argument: &str, own: usize) {
        let bare = name.rsplit(':').next().unwrap_or(name);
        match content(bare) {
            Content::Nothing => {
                let _passed = self.body(own);
            }
            Content::Code => {
                let code = self.body(own);
                let shown: Vec<&str> =
                    code.iter().skip_while(|line| is_option(line)).copied().collect();
                self.composed.push(&dedented(&shown), Mark::Code);
                // The formula may stand on the line itself.
                if bare == "math" {
                    self.composed.push(argument, Mark::Code);
                }
            }
            Content::Csv => {
                self.composed.push(&inline::plain(argument), Mark::Caption);
                self.csv(own);
            }
            Content::Figure => {
                self.options();
                // A picture's argument is its file, a table's its caption.
                if bare == "table" {
                    self.composed.push(&inline::plain(argument), Mark::Caption);
                } else if self.line(0).is_some_and(str::is_empty)
                    && self.line(1).is_some_and(|line| !line.is_empty() && indent(line) > own)
                {
                    self.at += 1;
                    let words = self.wrapped();
                    self.composed.push(&inline::plain(&words), Mark::Caption);
                }
            }
            Content::Text => {
                let words = argument.trim();
                if !words.is_empty()
                    && self.line(0).is_some_and(|line| !line.is_empty() && !is_option(line))
                {
                    // An admonition whose text begins on its line.
                    let mut words = words.to_owned();
                    segment::append(&mut words, self.wrapped().trim());
                    self.composed.push(&inline::plain(&words), Mark::None);
                } else {
                    self.composed.push(&inline::plain(words), Mark::None);
                    self.options();
                }
            }
        }
    }

    fn csv(&mut self, own: usize) {
        let lines = self.body(own);
        let header = lines.iter().find_map(|line| line.trim_start().strip_prefix(":header:"));
        let body: Vec<&str> =
            lines.iter().skip_while(|line| is_option(line)).map(|line| line.trim()).collect();
        let rows = header.into_iter().map(|row| (row, Mark::Columns));
        for (row, mark) in rows.chain(body.into_iter().map(|row| (row, Mark::Row))) {
            // White space before a quoted cell is none of it.
            let row = row.replace(", \"", ",\"");
            let mut reader = csv::ReaderBuilder::new();
            let mut reader =
                reader.has_headers(false).trim(csv::Trim::All).from_reader(row.as_bytes());
            for record in reader.records().flatten() {
                let cells: Vec<String> = record.iter().map(inline::plain).collect();
                self.composed.push(&cells.join("\t"), mark);
            }
        }
    }
}

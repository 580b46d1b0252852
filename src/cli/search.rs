//! `fonds search`: words in, the paragraphs that answer them out, laid out for reading.
//!
//! All it asks is the SQL of [`query::SEARCH`]; it never asks the archive in another way.

use super::exit::Exit;
use super::rows::{self, NamedOptions};
use super::{Global, message};
use crate::model::{Flow, Sink, Value};
use crate::query;
use crate::text::concepts::Concepts;
use crate::text::printable::on_one_line;
use crate::text::typed;
use anyhow::{Context, Result, anyhow};
use clap::Args;
use std::collections::HashMap;
use std::io::{self, Write, stdout};
use std::path::{Path, PathBuf};

/// Find the paragraphs that answer words best
///
/// Type anything: words, a question, in any language. The more of the words a paragraph has and the
/// rarer they are, the better; words count in all their forms. "Phrases" in quotation marks must be
/// there, terms with + or joined by AND too; -terms must not. OR, NEAR and a star* work as well.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Search {
    /// What to look for; put options before, then --, where a word begins with a minus
    #[arg(required = true)]
    words: Vec<String>,

    /// Show at most this many paragraphs
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: u32,

    /// Only paragraphs in this language, such as en, zh or zh-Hant
    #[arg(long, value_name = "TAG")]
    language: Option<String>,

    /// Only paragraphs of this kind, such as body, heading, abstract, row or reference
    #[arg(long, value_parser = kind)]
    kind: Option<String>,

    /// Only documents seen in this folder or container, or at places like this pattern
    #[arg(long = "in", value_name = "PATH")]
    folder: Option<PathBuf>,

    /// Only documents dated this day or later
    #[arg(long, value_name = "DATE")]
    since: Option<String>,

    /// Search boilerplate too
    #[arg(long)]
    all_text: bool,

    /// Show copies of a paragraph too, not one hit per story
    #[arg(long)]
    all_copies: bool,

    /// Find words only as they are typed: no other forms, spellings or diacritics
    #[arg(long)]
    exact: bool,

    /// Let expressions stand for their equals in a list, in any language; without FILE, the list that
    /// comes with fonds
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = BUILT_IN)]
    concepts: Option<PathBuf>,

    #[command(flatten)]
    options: NamedOptions,
}

const EXAMPLES: &str = "\
Examples:
  fonds search who closes the bridge at five
  fonds search '\"noon ferry\" timber OR grain -coal'
  fonds search 走廊 --language zh --limit 3
  fonds search ferry --in reports/ --since 2019 --format csv";

impl Search {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        if self.options.sql || self.options.rows.is_chosen() {
            return rows::run_named(global, query::SEARCH, &self.parameters()?, &self.options);
        }
        let out = &mut stdout().lock();
        let is_bold = message::is_styled();
        lay_out(&self, out, is_bold, |sql, parameters, sink| {
            rows::read(global, sql, parameters, sink)
        })?;
        Ok(Exit::Done)
    }

    /// The parameters of [`query::SEARCH`].
    ///
    /// # Errors
    /// When the list of concepts cannot be read.
    fn parameters(&self) -> Result<Vec<(String, Value)>> {
        let text =
            |text: Option<&str>| text.map_or(Value::Null, |text| Value::Text(text.to_owned()));
        let folder = self.folder.as_deref().map(place);
        let concepts = self.concepts.as_deref().map(concepts).transpose()?;
        let parameters = [
            ("words", Value::Text(self.words())),
            ("limit", Value::Integer(self.limit.into())),
            ("language", text(self.language.as_deref())),
            ("kind", text(self.kind.as_deref())),
            ("folder", text(folder.as_deref())),
            ("since", text(self.since.as_deref())),
            ("all_text", Value::Integer(self.all_text.into())),
            ("exact", Value::Integer(self.exact.into())),
            ("all_copies", Value::Integer(self.all_copies.into())),
            ("concepts", text(concepts.as_deref())),
        ];
        Ok(parameters.map(|(name, value)| (name.to_owned(), value)).into())
    }

    /// The parameters of [`query::MISSING`].
    fn missing_parameters(&self) -> Vec<(String, Value)> {
        let terms = serde_json::Value::from(typed::terms(&self.words()));
        vec![("terms".to_owned(), Value::Text(terms.to_string()))]
    }

    /// The words as one text. An argument of several words that the shell took out of its quotation
    /// marks was meant to be one argument, not a phrase.
    fn words(&self) -> String {
        self.words.join(" ")
    }
}

/// Searches and lays the hits out for reading.
///
/// `select` runs one SQL text with parameters into a sink.
///
/// # Errors
/// What `select` returns, and when `out` cannot be written.
fn lay_out(
    args: &Search,
    out: &mut dyn Write,
    bold: bool,
    mut select: impl FnMut(&str, &[(String, Value)], &mut dyn Sink) -> Result<()>,
) -> Result<()> {
    let mut hits = Hits::new(out, bold);
    select(query::SEARCH, &args.parameters()?, &mut hits)?;
    if hits.count > 0 {
        return Ok(());
    }
    let mut missing = Missing::default();
    select(query::MISSING, &args.missing_parameters(), &mut missing)?;
    writeln!(out, "{}", nothing(&args.words(), &missing.terms))?;
    Ok(())
}

/// What to say when nothing was found.
fn nothing(words: &str, missing: &[String]) -> String {
    if typed::terms(words).is_empty() {
        return "nothing found: there is no word in what was typed".to_owned();
    }
    match missing {
        [] => "nothing found: every term stands in the archive, but no paragraph fits them all"
            .to_owned(),
        [term] => format!("nothing found: {} stands nowhere in the archive", on_one_line(term)),
        terms => {
            let terms: Vec<_> = terms.iter().map(|term| on_one_line(term)).collect();
            format!("nothing found: these stand nowhere in the archive: {}", terms.join(", "))
        }
    }
}

/// Lays hits out for reading: number and document, address and place, snippet with marks.
struct Hits<'a> {
    out: &'a mut dyn Write,
    bold: bool,
    names: HashMap<String, usize>,
    count: u64,
}

impl<'a> Hits<'a> {
    /// Hits go to `out`; `bold` shows their marks as a terminal does.
    fn new(out: &'a mut dyn Write, bold: bool) -> Self {
        Self { out, bold, names: HashMap::new(), count: 0 }
    }

    fn text(&self, cells: &[Value], name: &str) -> Option<String> {
        match self.names.get(name).and_then(|&at| cells.get(at))? {
            Value::Text(text) => Some(on_one_line(text).into_owned()),
            Value::Integer(number) => Some(number.to_string()),
            _ => None,
        }
    }

    fn number(&self, cells: &[Value], name: &str) -> i64 {
        match self.names.get(name).and_then(|&at| cells.get(at)) {
            Some(Value::Integer(number)) => *number,
            _ => 0,
        }
    }

    fn place(&self, cells: &[Value]) -> String {
        let mut place = self.text(cells, "address").unwrap_or_default();
        if let Some(location) = self.text(cells, "location") {
            place.push_str(&format!("  {location}"));
        }
        for (name, of) in [("other_locations", "more"), ("copies", "copies")] {
            let number = self.number(cells, name);
            if number > 0 {
                place.push_str(&format!(", +{number} {of}"));
            }
        }
        place
    }
}

impl Sink for Hits<'_> {
    fn columns(&mut self, names: &[String]) -> io::Result<Flow> {
        self.names = names.iter().cloned().zip(0..).collect();
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        let mut heading = self.text(cells, "label").unwrap_or_default();
        if let Some(section) = self.text(cells, "section") {
            heading.push_str(&format!(" › {section}"));
        }
        let snippet = marked(&self.text(cells, "snippet").unwrap_or_default(), self.bold);
        let rank = self.text(cells, "rank").unwrap_or_default();
        let place = self.place(cells);
        if self.count > 0 {
            writeln!(self.out)?;
        }
        writeln!(self.out, "{rank:>2}. {heading}\n    {place}\n    {snippet}")?;
        if let Some(found_as) = self.text(cells, "found_as") {
            writeln!(self.out, "    found as {found_as}")?;
        }
        self.count += 1;
        Ok(Flow::More)
    }
}

/// Takes the terms that stand nowhere.
#[derive(Default)]
struct Missing {
    terms: Vec<String>,
}

impl Sink for Missing {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        if let Some(Value::Text(term)) = cells.first() {
            self.terms.push(term.clone());
        }
        Ok(Flow::More)
    }
}

/// The snippet with its marks as a terminal shows them. Text that is made safe for a terminal has no
/// escape sequence of its own.
fn marked(snippet: &str, bold: bool) -> String {
    if !bold {
        return snippet.to_owned();
    }
    let mut shown = String::with_capacity(snippet.len() + 16);
    for (at, piece) in snippet.split("**").enumerate() {
        if at > 0 {
            shown.push_str(if at % 2 == 1 { "\u{1b}[1m" } else { "\u{1b}[22m" });
        }
        shown.push_str(piece);
    }
    shown.push_str(if snippet.matches("**").count() % 2 == 1 { "\u{1b}[22m" } else { "" });
    shown
}

/// The place as locations are written: a whole path; a pattern without a folder matches in any.
fn place(folder: &Path) -> String {
    let typed = folder.to_string_lossy();
    let is_pattern = typed.contains(['*', '?', '[']) && !folder.exists();
    let place = match (is_pattern, folder.is_absolute() || typed.contains("://")) {
        (_, true) => typed.into_owned(),
        (true, false) => format!("*{typed}"),
        (false, false) => {
            let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
            whole.components().collect::<PathBuf>().to_string_lossy().into_owned()
        }
    };
    place.strip_suffix('/').filter(|place| !place.is_empty()).unwrap_or(&place).to_owned()
}

/// What stands for the list that comes with the program.
const BUILT_IN: &str = "built-in";

/// The text of a list of concepts, tried before the archive is asked, so that what is wrong with it is
/// said with its name.
fn concepts(file: &Path) -> Result<String> {
    if file == Path::new(BUILT_IN) {
        return Ok(query::CONCEPTS.to_owned());
    }
    let list = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the concepts in {}", file.display()))?;
    Concepts::read(&list)
        .map_err(|reason| anyhow!("cannot read the concepts in {}: {reason}", file.display()))?;
    Ok(list)
}

fn kind(word: &str) -> std::result::Result<String, String> {
    let kind: std::result::Result<crate::model::Kind, _> = word.parse();
    kind.map(|kind| kind.to_string()).map_err(|unknown| unknown.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: Search,
    }

    fn args(line: &[&str]) -> Search {
        Command::parse_from([&["search"], line].concat()).args
    }

    fn answer(line: &[&str], rows: &[Vec<Value>], bold: bool) -> String {
        let names = [
            "rank",
            "address",
            "label",
            "section",
            "location",
            "other_locations",
            "copies",
            "snippet",
        ];
        let mut out = Vec::new();
        lay_out(&args(line), &mut out, bold, |sql, _, sink| {
            let rows = if sql == query::SEARCH {
                rows.to_vec()
            } else {
                vec![vec![Value::Text("zeppelin".into())]]
            };
            sink.columns(&names.map(str::to_owned))?;
            for row in rows {
                sink.row(&row)?;
            }
            Ok(())
        })
        .unwrap();
        String::from_utf8(out).unwrap()
    }

    fn row(rank: i64, section: Option<&str>, more: i64, snippet: &str) -> Vec<Value> {
        let text = |text: &str| Value::Text(text.to_owned());
        vec![
            Value::Integer(rank),
            text("0123456789abcdef/0123456789ab"),
            text("Ports"),
            section.map_or(Value::Null, text),
            text("/papers/a.txt"),
            Value::Integer(more),
            Value::Integer(more),
            text(snippet),
        ]
    }

    #[test]
    fn hits_are_laid_out_for_reading() {
        let rows = [row(1, Some("Rail"), 2, "a **new** port"), row(2, None, 0, "evil \u{1b}[2J")];
        assert_eq!(
            answer(&["port"], &rows, false),
            " 1. Ports › Rail\n    0123456789abcdef/0123456789ab  /papers/a.txt, +2 more, +2 copies\n    a **new** port\n\
             \n 2. Ports\n    0123456789abcdef/0123456789ab  /papers/a.txt\n    evil \\u{1b}[2J\n"
        );
        let shown = answer(&["port"], &[row(1, None, 0, "a **new** port")], true);
        assert!(shown.ends_with("    a \u{1b}[1mnew\u{1b}[22m port\n"), "{shown:?}");
    }

    #[test]
    fn an_empty_result_names_what_stands_nowhere() {
        assert_eq!(
            answer(&["zeppelin", "port"], &[], false),
            "nothing found: zeppelin stands nowhere in the archive\n"
        );
        assert_eq!(
            answer(&["-"], &[], false),
            "nothing found: there is no word in what was typed\n"
        );
    }

    #[test]
    fn words_may_begin_with_a_minus_behind_two_of_them() {
        let args = args(&["--limit", "3", "--kind", "body", "--", "rail", "-tax"]);
        let parameters: HashMap<String, Value> = args.parameters().unwrap().into_iter().collect();
        assert_eq!(parameters["words"], Value::Text("rail -tax".into()));
        assert_eq!(parameters["limit"], Value::Integer(3));
        assert_eq!(parameters["kind"], Value::Text("body".into()));
        assert_eq!(parameters["folder"], Value::Null);
        let refused = Command::try_parse_from(["search", "a", "--kind", "poem"]);
        assert!(refused.is_err());
    }

    #[test]
    fn folders_become_whole_paths_and_patterns_match_anywhere() {
        assert_eq!(place(Path::new("/papers/")), "/papers");
        assert_eq!(place(Path::new("*.pdf")), "**.pdf");
        assert_eq!(place(Path::new("https://example.org/")), "https://example.org");
        assert!(place(Path::new("./papers")).ends_with("/papers"));
        assert!(!place(Path::new("./papers")).contains("/./"));
    }
}

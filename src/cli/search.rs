//! `fonds search`: words in, the paragraphs that answer them out, laid out for reading.
//!
//! All it asks is the SQL of [`query::SEARCH`]; it never asks the archive in another way.

mod facets;
mod hits;
mod missing;
mod saved;

use self::facets::Facets;
use self::hits::Hits;
use self::missing::Missing;
use super::concepts::{BUILT_IN, read};
use super::exit::Exit;
use super::rows::{self, NamedOptions};
use super::{Global, message};
use crate::model::{Sink, Value};
use crate::query;
use crate::store::Limits;
use crate::text::typed;
use anyhow::Result;
use clap::Args;
use std::io::{Write, stdout};
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
    #[arg(required_unless_present_any = ["new", "forget", "saved"])]
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

    /// Only documents dated this day, month or year or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<String>,

    /// Only documents of this type, such as text/html or application/*
    #[arg(long, value_name = "TYPE")]
    media_type: Option<String>,

    /// Only documents in this collection (fonds collection)
    #[arg(long, value_name = "NAME")]
    collection: Option<String>,

    /// Show the best hits first, or the latest documents
    #[arg(long, value_name = "ORDER", default_value = "relevance", value_parser = ["relevance", "date"])]
    sort: String,

    /// Count the hits by language, kind, year, media type, source and collection instead of showing them
    #[arg(long)]
    facets: bool,

    /// Show the words of the archive that the last word typed may become
    #[arg(long, conflicts_with = "facets")]
    complete: bool,

    /// Search boilerplate too
    #[arg(long)]
    all_text: bool,

    /// Show copies of a paragraph too, not one hit per story
    #[arg(long)]
    all_copies: bool,

    /// Find words only as they are typed: no other forms, spellings or diacritics
    #[arg(long)]
    exact: bool,

    /// Let expressions stand for their equals in this list, in any language, not in the lists that the
    /// archive has (fonds concepts); without FILE, the list that comes with fonds; none for no list
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = BUILT_IN)]
    concepts: Option<PathBuf>,

    /// Keep this search in the archive under a name, with all but --sort and --facets
    #[arg(long, value_name = "NAME", conflicts_with_all = ["facets", "complete"])]
    save: Option<String>,

    /// Show what a saved search finds in stories that came since it was run last
    #[arg(long, value_name = "NAME", conflicts_with_all = ["words", "save", "forget", "saved"])]
    new: Option<String>,

    /// Remove a saved search
    #[arg(long, value_name = "NAME", conflicts_with_all = ["words", "save", "saved"])]
    forget: Option<String>,

    /// List the saved searches
    #[arg(long, conflicts_with_all = ["words", "save"])]
    saved: bool,

    #[command(flatten)]
    options: NamedOptions,
}

const EXAMPLES: &str = "\
Examples:
  fonds search who closes the bridge at five
  fonds search '\"noon ferry\" timber OR grain -coal'
  fonds search 走廊 --language zh --limit 3
  fonds search ferry --in reports/ --since 2019 --format csv
  fonds search bridge --facets
  fonds search corrid --complete
  fonds search 'night shift' --save shift; fonds search --new shift";

impl Search {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        if let Some(name) = &self.new {
            return saved::new(global, name, &self.options);
        }
        if let Some(name) = &self.forget {
            return saved::forget(global, name);
        }
        if self.saved {
            return rows::run_named(global, query::SEARCHES, &[], &self.options);
        }
        if let Some(name) = &self.save {
            return saved::save(global, name, self.parameters()?);
        }
        let (sql, parameters) = self.question()?;
        if self.options.sql || self.options.rows.is_chosen() || self.complete {
            return rows::run_named(global, &sql, &parameters, &self.options);
        }
        let out = &mut stdout().lock();
        let is_bold = message::is_styled();
        let archive = rows::Asked::open(global, &Limits::default())?;
        lay_out(&self, out, is_bold, |sql, parameters, sink| archive.read(sql, parameters, sink))?;
        Ok(Exit::Done)
    }

    /// The SQL of what was asked for, with its parameters.
    fn question(&self) -> Result<(String, Vec<(String, Value)>)> {
        if self.complete {
            let words = self.words();
            let last = words.split_whitespace().next_back().unwrap_or_default();
            let parameters = [
                ("prefix", Value::Text(last.to_owned())),
                ("limit", Value::Integer(self.limit.into())),
            ];
            let parameters = parameters.map(|(name, value)| (name.to_owned(), value));
            return Ok((query::COMPLETE.to_owned(), parameters.into()));
        }
        let mut parameters = self.parameters()?;
        if self.facets {
            parameters.retain(|(name, _)| name != "limit");
            return Ok((query::FACETS.to_owned(), parameters));
        }
        let by_date = self.sort == "date";
        let sql = if by_date { query::search_by_date() } else { query::SEARCH.to_owned() };
        Ok((sql, parameters))
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
            ("until", text(self.until.as_deref())),
            ("media_type", text(self.media_type.as_deref())),
            ("collection", text(self.collection.as_deref())),
            ("after", Value::Null),
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
    let (sql, parameters) = args.question()?;
    let found = if args.facets {
        let mut facets = Facets::new(out);
        select(&sql, &parameters, &mut facets)?;
        !facets.is_empty()
    } else {
        let mut hits = Hits::new(out, bold);
        select(&sql, &parameters, &mut hits)?;
        hits.count > 0
    };
    // Where there is one term alone and something was found, it stands somewhere.
    if found && typed::terms(&args.words()).len() < 2 {
        return Ok(());
    }
    let mut missing = Missing::default();
    select(query::MISSING, &args.missing_parameters(), &mut missing)?;
    if !found {
        writeln!(out, "{}", missing.nothing(&args.words()))?;
    } else if let Some(reason) = missing.reason() {
        writeln!(out, "\n{reason}")?;
    }
    Ok(())
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

/// What stands for no list.
const NO_LIST: &str = "none";

fn concepts(file: &Path) -> Result<String> {
    if file == Path::new(NO_LIST) { Ok(String::new()) } else { read(file) }
}

fn kind(word: &str) -> std::result::Result<String, String> {
    let kind: std::result::Result<crate::model::Kind, _> = word.parse();
    kind.map(|kind| kind.to_string()).map_err(|unknown| unknown.to_string())
}

#[cfg(test)]
mod tests;

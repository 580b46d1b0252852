//! The SQL functions that fonds adds to its own connections.
//!
//! None of them writes, and none may be used in a schema: an archive must never need them to be read.

use super::ftsapi;
use super::patience::Patience;
use crate::fingerprint::Sketch;
use crate::text::highlight::{Finder, highlighted};
use crate::text::normalize;
use crate::text::typed::Typed;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};
use std::borrow::Cow;

/// What `highlight_in` puts around a hit when it is not told.
const MARK: &str = "**";

/// Characters of what is compared letter by letter.
const LONGEST_WORD: usize = 100;

/// Registers every SQL function and table-valued function of fonds on the connection: `fold`,
/// `source`, `edit_distance`, `highlight_in`, `resemblance`, and those that read the index, which go on as long as `patience` allows.
pub(super) fn register(connection: &Connection, patience: &Patience) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("fold", 1, flags, |context| {
        Ok(text(context, 0)?.map(|text| normalize::fold(&text)))
    })?;
    connection.create_scalar_function("edit_distance", 2, flags, |context| {
        let (Some(one), Some(other)) = (text(context, 0)?, text(context, 1)?) else {
            return Ok(None);
        };
        Ok(Some(edit_distance(&one, &other)))
    })?;
    connection.create_scalar_function("source", 2, flags, |context| {
        let (location, container) = (text(context, 0)?, text(context, 1)?);
        Ok(location.map(|location| source(&location, container.as_deref()).to_owned()))
    })?;
    connection.create_scalar_function("resemblance", 2, flags, |context| {
        let sketch = |at| match context.get_raw(at) {
            ValueRef::Blob(bytes) => Sketch::from_bytes(bytes),
            _ => None,
        };
        Ok(sketch(0).zip(sketch(1)).map(|(one, other)| one.resemblance(&other)))
    })?;
    connection.create_scalar_function("highlight_in", -1, flags, highlight_in)?;
    ftsapi::register(connection, patience)
}

/// Where what stands at a location comes from: the host of a page, else the container of a member, else
/// the folder of a file.
fn source<'a>(location: &'a str, container: Option<&'a str>) -> &'a str {
    if let Some((_, page)) = location.split_once("://") {
        return page.split('/').next().unwrap_or(page);
    }
    container.unwrap_or_else(|| location.rsplit_once('/').map_or("", |(folder, _)| folder))
}

/// How many letters two words differ by: put in, left out, changed, or two neighbours swapped (optimal
/// string alignment). Of what is longer than a word only the lengths are compared, for the work grows
/// with their product.
fn edit_distance(one: &str, other: &str) -> i64 {
    let lengths = (one.chars().count(), other.chars().count());
    let distance = if lengths.0.max(lengths.1) > LONGEST_WORD {
        lengths.0.max(lengths.1)
    } else {
        strsim::osa_distance(one, other)
    };
    i64::try_from(distance).unwrap_or(i64::MAX)
}

/// `highlight_in(text, words[, before, after])`: the text with marks around what the words find.
fn highlight_in(context: &Context) -> Result<Option<String>> {
    if !matches!(context.len(), 2 | 4) {
        let message = "highlight_in takes a text and words, then optionally two marks";
        return Err(Error::UserFunctionError(message.into()));
    }
    let (Some(text), Some(typed)) = (text(context, 0)?, text(context, 1)?) else { return Ok(None) };
    let (before, after) = match context.len() {
        4 => (
            self::text(context, 2)?.unwrap_or_default(),
            self::text(context, 3)?.unwrap_or_default(),
        ),
        _ => (MARK.into(), MARK.into()),
    };
    // The words are the same for every row, so they are made ready once.
    let finder = context.get_or_create_aux(1, |value| -> Result<Finder> {
        let typed = value.as_str().unwrap_or(&typed);
        Ok(Finder::new(&Typed::read(typed, false)))
    })?;
    Ok(Some(highlighted(&text, &finder.marks(&text), &before, &after)))
}

/// The argument as text, as SQLite would show it; `None` for NULL.
fn text<'a>(context: &'a Context<'_>, at: usize) -> Result<Option<Cow<'a, str>>> {
    Ok(match context.get_raw(at) {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string().into()),
        ValueRef::Real(number) => Some(number.to_string().into()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_host_a_container_or_a_folder() {
        for (location, container, from) in [
            ("https://example.org/a/b.html", None, "example.org"),
            ("https://example.org", None, "example.org"),
            ("/d/a.warc!http://example.org/", Some("/d/a.warc"), "example.org"),
            ("/d/news.jsonl!12", Some("/d/news.jsonl"), "/d/news.jsonl"),
            ("/d/a.txt", None, "/d"),
            ("-", None, ""),
        ] {
            assert_eq!(source(location, container), from, "{location}");
        }
    }
}

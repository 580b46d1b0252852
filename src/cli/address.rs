//! Which document a typed address means.

use super::collect::{Collected, Record};
use super::{Global, rows};
use crate::model::Value;
use crate::query;
use crate::text::printable::on_one_line;
use anyhow::{Context, Result, bail};
use std::path::{Path, absolute};

/// The documents that may be meant by the beginning of a digest, or were seen at a path; if there are none,
/// those that were seen at a place that ends like it: a name is enough, wherever one stands.
pub(super) fn find(global: &Global, digest: &str, path: &str) -> Result<Collected> {
    let is_digest = digest.len() >= 4 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digest = if is_digest { digest.to_ascii_lowercase() } else { "-".to_owned() };
    let found = read(global, &digest, path, Value::Null)?;
    match ending(path) {
        Some(ending) if found.records().next().is_none() => {
            read(global, &digest, path, Value::Text(ending.to_owned()))
        }
        _ => Ok(found),
    }
}

fn read(global: &Global, digest: &str, path: &str, ending: Value) -> Result<Collected> {
    let parameters = [
        ("digest".to_owned(), Value::Text(digest.to_owned())),
        ("location".to_owned(), Value::Text(located(path))),
        ("ending".to_owned(), ending),
    ];
    let mut found = Collected::default();
    rows::read(global, query::FIND, &parameters, &mut found)?;
    Ok(found)
}

/// The location that a typed path means. The name of a member, behind `!`, is no path: the slashes of
/// an address on the web stay as they are.
fn located(address: &str) -> String {
    let (path, member) = address.split_at(address.find('!').unwrap_or(address.len()));
    let whole = absolute(Path::new(path)).ok();
    let whole = whole.as_deref().and_then(Path::to_str).unwrap_or(path);
    format!("{whole}{member}")
}

/// What a place may end with that is meant by this path: nothing where it begins at the root.
fn ending(path: &str) -> Option<&str> {
    let ending = path.trim_start_matches("./");
    (!ending.is_empty() && !ending.starts_with(['/', '.'])).then_some(ending)
}

/// The one document that was found.
///
/// # Errors
/// When it is none or several.
pub(super) fn only<'a>(found: &'a Collected, address: &str) -> Result<Record<'a>> {
    if found.records().count() > 1 {
        bail!("{address:?} may mean several documents: {}", candidates(found));
    }
    let first = found.records().next();
    first.with_context(|| {
        format!("no document has the address {address:?}, and none was seen there")
    })
}

/// A document by its address.
pub(super) struct Document {
    pub(super) id: i64,
    pub(super) digest: String,
    pub(super) label: String,
}

/// The document that a typed address means.
///
/// # Errors
/// When it means none or several.
pub(super) fn document(global: &Global, address: &str) -> Result<Document> {
    // The address of a paragraph means its document.
    let digest = address.split_once('/').map_or(address, |(document, _)| document);
    let found = find(global, digest, address)?;
    let record = only(&found, address)?;
    Ok(Document {
        id: record.number("id"),
        digest: short(record.text("digest").unwrap_or_default()).to_owned(),
        label: on_one_line(record.text("label").unwrap_or_default()).into(),
    })
}

/// The beginning of a digest, as it is shown.
pub(super) fn short(digest: &str) -> &str {
    digest.get(..16).unwrap_or(digest)
}

fn candidates(found: &Collected) -> String {
    let name = |row: Record<'_>| {
        let digest = short(row.text("digest").unwrap_or_default()).to_owned();
        format!("{digest} ({})", on_one_line(row.text("label").unwrap_or_default()))
    };
    found.records().map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_place_is_a_name_or_a_path_that_goes_down() {
        let endings =
            ["a.txt", "./d/a.txt", "!m.txt", "/d/a.txt", "../a.txt", "./", ""].map(ending);
        assert_eq!(
            endings,
            [Some("a.txt"), Some("d/a.txt"), Some("!m.txt"), None, None, None, None]
        );
    }

    #[test]
    fn the_name_of_a_member_is_taken_as_it_is_typed() {
        assert_eq!(located("/d/./a.warc!http://x.org/a/"), "/d/a.warc!http://x.org/a/");
        assert_eq!(located("/d//we!rd.txt"), "/d/we!rd.txt");
    }
}

//! Reads the bytes of a document again as an earlier ingest read them. It stores nothing.

use super::Readers;
use super::prepare::read_text;
use crate::format::{self, FieldNames, Holds, Input, Options};
use crate::store::{Reading, Reread, Sought};
use crate::text::codec::Codec;
use serde_json::Value;

/// Reads the bytes of a document that a repair restores, with the options of the accession that
/// stored it.
pub fn reread(readers: &Readers, sought: &Sought, bytes: &[u8]) -> Reread {
    // A record is called `feed.jsonl!12` and read as its file is.
    let (container, member) =
        sought.name.rsplit_once('!').filter(|_| sought.is_member).unwrap_or(("", &sought.name));
    let address = sought.member.as_deref().filter(|member| member.contains("://"));
    let is_record = !member.is_empty() && member.bytes().all(|byte| byte.is_ascii_digit());
    let name = if is_record { container } else { member };
    let name = address.map_or(name, |address| address.split(['?', '#']).next().unwrap_or(name));
    let known = sought.reader.as_deref().and_then(format::called);
    let format = known.unwrap_or_else(|| format::of(name, bytes));
    let options = options(sought.encoding.as_deref(), &sought.options);
    let reading = read_text(readers, format, &Input { bytes, name, options: &options }, &[]);
    let (text, media_type) = match reading {
        Reading::Text(text) => (Some(*text), format.media_type),
        Reading::Nothing(_) | Reading::Before => (None, "application/octet-stream"),
    };
    let original_name = match format.holds {
        Holds::Records if is_record => "record.json",
        Holds::Rows(_) if is_record => "row.csv",
        _ => name.rsplit(['/', '\\']).next().unwrap_or(name),
    };
    let mut original_name = original_name.to_owned();
    // The page of an address that does not tell its format was called by the format it has.
    if address.is_some() && format::by_name(&original_name).is_none() {
        if original_name.is_empty() {
            original_name.push_str("index");
        }
        original_name.push('.');
        original_name.push_str(format.extensions.first().unwrap_or(&"bin"));
    }
    Reread { text, media_type, original_name }
}

/// The options with which an accession, given its own as JSON, read a document; `encoding` is the one
/// that its text was told to be in.
pub(super) fn options(encoding: Option<&str>, accession: &str) -> Options {
    let told: Value = serde_json::from_str(accession).unwrap_or_default();
    let label = encoding.or_else(|| told.get("encoding")?.as_str());
    let mut fields = FieldNames::default();
    for (name, field) in [
        ("text", &mut fields.text),
        ("title", &mut fields.title),
        ("date", &mut fields.date),
        ("language", &mut fields.language),
        ("url", &mut fields.url),
        ("creator", &mut fields.creator),
    ] {
        if let Some(name) = told.get("fields").and_then(|fields| fields.get(name)?.as_str()) {
            *field = vec![name.to_owned()];
        }
    }
    Options { encoding: label.and_then(Codec::labelled), fields }
}

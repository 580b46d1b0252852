//! Reads the bytes of a document again as an earlier ingest read them. It stores nothing.

use super::prepare::read_text;
use crate::format::{self, FieldNames, Input, Options};
use crate::store::{Reading, Reread, Sought};
use crate::text::decode;
use serde_json::Value;

/// Reads the bytes of a document that a repair restores, with the options of the accession that
/// stored it.
pub fn reread(sought: &Sought, bytes: &[u8]) -> Reread {
    let name = match sought.is_member {
        // A record is called `feed.jsonl!12` and read as its file is.
        true => sought.name.rsplit_once('!').map_or(&*sought.name, |(container, _)| container),
        false => &sought.name,
    };
    let known = sought.reader.as_deref().and_then(format::called);
    let format = known.unwrap_or_else(|| format::of(name, bytes));
    let options = options(sought);
    let reading = read_text(format, &Input { bytes, name: &sought.name, options: &options });
    let (text, media_type) = match reading {
        Reading::Text(text) => (Some(*text), format.media_type),
        Reading::Nothing(_) | Reading::Before => (None, "application/octet-stream"),
    };
    let is_row = format::by_name(name).is_some_and(|format| format.name == "csv");
    let original_name = match (sought.is_member, is_row) {
        (true, true) => "row.csv",
        (true, false) => "record.json",
        (false, _) => name,
    };
    Reread { text, media_type, original_name: original_name.to_owned() }
}

fn options(sought: &Sought) -> Options {
    let told: Value = serde_json::from_str(&sought.options).unwrap_or_default();
    let label = sought.encoding.as_deref().or_else(|| told.get("encoding")?.as_str());
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
    Options { encoding: label.and_then(decode::encoding_labelled), fields }
}

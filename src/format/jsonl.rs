//! JSON Lines: one JSON object a line, each a document.
//!
//! No field is dropped: what is not understood is kept under its own name. A line that is no
//! object is refused with the column, and never more than that line.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::{FieldNames, Format, Holds, Input, Unreadable, date, declaration, markdown, plain};
use crate::model::{Extract, Metadatum};
use crate::text::decode::decode;
use crate::text::marks;
use crate::text::structure::Declared;

pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    version: 3,
    media_type: "application/jsonl",
    extensions: &["jsonl", "ndjson"],
    holds: Holds::Records,
    recognises,
    is_signed: false,
    is_bounded: true,
    read,
};

/// A string shorter than this is no text that a record was made for, in columns.
const SHORTEST: usize = 80;

/// The first two lines that are not blank are JSON objects.
fn recognises(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1 << 20)).unwrap_or(bytes);
    let lines = head.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let mut objects = 0;
    for line in lines.take(2) {
        let is_object = std::str::from_utf8(line).is_ok_and(|line| parse(line).is_ok());
        if !is_object {
            return false;
        }
        objects += 1;
    }
    objects == 2
}

fn read(input: &Input) -> Result<Extract, Unreadable> {
    let decoded = decode(input.bytes, input.options.encoding)
        .map_err(|not_text| Unreadable(not_text.to_string()))?;
    let mut encoding = decoded.encoding;
    let mut notes = Vec::new();
    let line = decoded.text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let fields = match parse(line) {
        Ok(fields) => fields,
        Err(error) => {
            let (mended, count) = without_lone_surrogates(line);
            if count == 0 {
                return Err(refusal(&error));
            }
            encoding.replaced += count;
            notes.push("lone surrogate replaced".to_owned());
            parse(&mended).map_err(|error| refusal(&error))?
        }
    };
    let record = Record::new(fields, &input.options.fields, &mut notes);
    let mut extract = record.extract(&input.options.fields);
    extract.encoding = Some(encoding);
    notes.append(&mut extract.notes);
    extract.notes = notes;
    Ok(extract)
}

/// `not a JSON object: expected `,` or `}` at column 17`.
fn refusal(error: &serde_json::Error) -> Unreadable {
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or(&message);
    let place =
        if error.column() > 0 { format!(" at column {}", error.column()) } else { String::new() };
    Unreadable(format!("not a JSON object: {reason}{place}"))
}

/// The fields of an object in order, doubles included, which `serde_json::Map` would hide.
struct Fields(Vec<(String, Value)>);

fn parse(line: &str) -> Result<Fields, serde_json::Error> {
    struct Object;
    impl<'de> Visitor<'de> for Object {
        type Value = Fields;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
            let mut fields = Vec::new();
            while let Some(field) = map.next_entry()? {
                fields.push(field);
            }
            Ok(Fields(fields))
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(line);
    let fields = deserializer.deserialize_map(Object)?;
    deserializer.end()?;
    Ok(fields)
}

/// The line with every escape of half a surrogate pair replaced by that of U+FFFD, and their count.
fn without_lone_surrogates(line: &str) -> (String, u64) {
    let mut mended = String::with_capacity(line.len());
    let mut count = 0;
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let unit = surrogate(escape);
        let pair = unit == Some(true) && escape.get(6..).and_then(surrogate) == Some(false);
        let length = if pair {
            12
        } else if unit.is_some() {
            6
        } else {
            2
        };
        // An escape is ASCII, but what follows a lone backslash need not be.
        let length =
            (length.min(escape.len())..=escape.len()).find(|at| escape.is_char_boundary(*at));
        let (escape, after) = escape.split_at(length.unwrap_or(escape.len()));
        if unit.is_some() && !pair {
            mended.push_str("\\ufffd");
            count += 1;
        } else {
            mended.push_str(escape);
        }
        rest = after;
    }
    mended.push_str(rest);
    (mended, count)
}

/// Whether the text starts with the escape of a surrogate, and whether that is a leading one.
fn surrogate(text: &str) -> Option<bool> {
    let unit = u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()?;
    match unit {
        0xD800..=0xDBFF => Some(true),
        0xDC00..=0xDFFF => Some(false),
        _ => None,
    }
}

/// Reads a record of text values, such as the row of a table; empty ones are none.
pub(super) fn of_values<'a>(
    values: impl Iterator<Item = (&'a str, &'a str)>,
    names: &FieldNames,
) -> Extract {
    let fields = values.map(|(name, value)| (name.to_owned(), Value::String(value.to_owned())));
    let mut notes = Vec::new();
    let fields: Vec<(String, Value)> = fields.collect();
    // People write the names of columns in any case.
    let as_written = |known: &Vec<String>| -> Vec<String> {
        let column = |name: &String| {
            let mut columns = fields.iter().map(|(column, _)| column);
            columns.find(|column| column.eq_ignore_ascii_case(name)).unwrap_or(name).clone()
        };
        known.iter().map(column).collect()
    };
    let names = FieldNames {
        text: as_written(&names.text),
        title: as_written(&names.title),
        date: as_written(&names.date),
        language: as_written(&names.language),
        url: as_written(&names.url),
        creator: as_written(&names.creator),
    };
    let record = Record::new(Fields(fields), &names, &mut notes);
    let mut extract = record.extract(&names);
    notes.append(&mut extract.notes);
    extract.notes = notes;
    extract
}

struct Record {
    fields: Vec<(String, Value)>,
    /// Name of the field that holds the text.
    text: Option<String>,
}

impl Record {
    fn new(fields: Fields, names: &FieldNames, notes: &mut Vec<String>) -> Self {
        let mut kept: Vec<(String, Value)> = Vec::with_capacity(fields.0.len());
        for (name, value) in fields.0 {
            if let Some(double) = kept.iter_mut().find(|(known, _)| *known == name) {
                double.1 = value;
                notes.push(format!("field {name} stands twice, the last was taken"));
            } else {
                kept.push((name, value));
            }
        }
        kept = lifted(kept, names);
        let has_text = |name: &&String| {
            kept.iter().any(|(known, value)| known == *name && text_of(value).is_some())
        };
        let is_known = |field: &str| {
            let all = [&names.title, &names.date, &names.language, &names.url, &names.creator];
            all.iter().any(|known| known.iter().any(|name| name == field))
        };
        let text = names.text.iter().find(has_text).cloned().or_else(|| {
            let found = longest(&kept, is_known)?;
            notes.push(format!("text taken from the field {found} (see --text-field)"));
            Some(found)
        });
        Self { fields: kept, text }
    }

    fn extract(self, names: &FieldNames) -> Extract {
        let mut metadata = Vec::new();
        let known = [
            (self.present(&names.title), "title"),
            (self.present(&names.creator), "creator"),
            (self.present(&names.date), "date"),
            (self.present(&names.language), "language"),
            (self.present(&names.url), "source"),
        ];
        for (name, value) in self.fields.iter().filter(|(name, _)| Some(name) != self.text.as_ref())
        {
            let term = known.iter().find(|(field, _)| *field == Some(name)).map(|(_, term)| *term);
            state(&mut metadata, name, term, value);
        }
        let title =
            metadata.iter().find(|datum| datum.name == "title").map(|datum| datum.value.clone());
        let mut extract = self.read_text(title);
        declaration::outrank(&mut extract, metadata);
        extract
    }

    /// The first of these names that a field with a value bears.
    fn present<'a>(&self, names: &'a [String]) -> Option<&'a String> {
        names.iter().find(|name| {
            self.fields.iter().any(|(known, value)| known == *name && !scalars(value).is_empty())
        })
    }

    fn read_text(&self, title: Option<String>) -> Extract {
        let field = self.fields.iter().find(|(name, _)| Some(name) == self.text.as_ref());
        let Some((name, text)) = field.and_then(|(name, value)| Some((name, text_of(value)?)))
        else {
            return Extract { notes: vec!["no text field".to_owned()], ..Extract::default() };
        };
        let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text };
        let declared = Declared { title, place: format!("field {name}, ") };
        if markdown::recognises(text.as_bytes()) {
            markdown::extract(&text, &declared)
        } else {
            plain::extract(&text, &declared)
        }
    }
}

/// The fields of a record, and for an object that holds the text what is inside it: `content.text`.
fn lifted(fields: Vec<(String, Value)>, names: &FieldNames) -> Vec<(String, Value)> {
    let holds_text = |value: &Value| {
        let Value::Object(inner) = value else { return false };
        names.text.iter().any(|name| inner.get(name).is_some_and(|value| text_of(value).is_some()))
    };
    if fields.iter().any(|(name, value)| names.text.contains(name) && text_of(value).is_some()) {
        return fields;
    }
    let mut all = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        match value {
            Value::Object(inner) if holds_text(&Value::Object(inner.clone())) => {
                for (key, value) in inner {
                    let is_taken = all.iter().any(|(known, _)| *known == key);
                    all.push((if is_taken { format!("{name}.{key}") } else { key }, value));
                }
            }
            value => all.push((name, value)),
        }
    }
    all
}

/// The field with the longest string, where that is a text: sentences, and no address or code.
fn longest(fields: &[(String, Value)], is_known: impl Fn(&str) -> bool) -> Option<String> {
    let candidates = fields.iter().filter_map(|(name, value)| match value {
        Value::String(text) if !is_known(name) && is_running(text) => Some((text.len(), name)),
        _ => None,
    });
    candidates.max_by_key(|(length, _)| *length).map(|(_, name)| name.clone())
}

/// Whether a string is running text: long, and parted into words or of a script without spaces.
fn is_running(text: &str) -> bool {
    let spaces = text.bytes().filter(|byte| *byte == b' ').count();
    let wide = text.chars().filter(|c| marks::is_spaceless(*c)).count();
    marks::width(text, SHORTEST) >= SHORTEST
        && !text.trim_start().starts_with(['{', '['])
        && (spaces * 20 >= text.len() || wide * 2 >= text.chars().count())
}

/// The text a field holds: a string, or a list of strings that are its paragraphs.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let parts: Option<Vec<&str>> = parts.iter().map(Value::as_str).collect();
            parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join("\n\n"))
        }
        _ => None,
    }
}

/// The statements a field makes, under the term it is known by or its own name.
fn state(metadata: &mut Vec<Metadatum>, field: &str, term: Option<&str>, value: &Value) {
    let term = if field == "id" { Some("identifier") } else { term };
    for value in scalars(value) {
        let (name, value) = match term {
            Some("date") => match date::iso(&value) {
                Some(date) => ("date", date),
                None => (unlike_date(field), value),
            },
            Some(term) => (term, value),
            None => (field, value),
        };
        let evidence = format!("field {field}");
        metadata.push(Metadatum { name: name.to_owned(), value, method: "field", evidence });
    }
}

/// A name for a value that is no date, so that nobody takes it for one.
fn unlike_date(field: &str) -> &str {
    if field == "date" { "date (as written)" } else { field }
}

/// The values of a field as text: one for a scalar, one for each of a list of scalars, compact JSON
/// for anything deeper; none for null and for empty text.
fn scalars(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) if text.trim().is_empty() => Vec::new(),
        Value::String(text) => vec![text.trim().to_owned()],
        Value::Array(values)
            if values.iter().all(|value| !value.is_array() && !value.is_object()) =>
        {
            values.iter().flat_map(scalars).collect()
        }
        other => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests;

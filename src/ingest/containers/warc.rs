//! Web archives (WARC, ISO 28500): what a crawler was given under each address, with the time.
//!
//! Responses, resources and conversions are documents. Requests, revisits, redirects, errors and
//! what the crawler wrote about itself are counted and not taken for documents.

use super::checksum::Digested;
use super::http::{self, Head};
use super::names::Name;
use super::{At, Stop, Unpacking, broken, plain};
use crate::format;
use crate::ingest::offer::{Bytes, Found, too_large};
use crate::ingest::rules::DECLARED;
use crate::model::Metadatum;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};

/// Records that are taken all the same.
const WRONG: &str = "records whose digest is wrong";

/// The longest head of a record, in bytes.
const LONGEST: u64 = 1 << 20;

/// Offers the documents of a web archive, and the archive with the counts of what is none.
pub(super) fn open(own: &mut Unpacking, at: &At, stream: &mut dyn Read) -> Result<(), Stop> {
    let mut counts = BTreeMap::new();
    let mut stream = BufReader::with_capacity(1 << 16, stream);
    let before = own.extra.take();
    let result = own.container(at, "records", |own| {
        let result = records(own, at, &mut stream, &mut counts);
        own.extra = counted(&counts);
        result
    });
    own.extra = before;
    result
}

/// `; not taken: 2 redirects, 3 requests; 1 records whose digest is wrong`.
fn counted(counts: &Counts) -> Option<String> {
    let others = counts.iter().filter(|(what, _)| **what != WRONG);
    let list: Vec<String> = others.map(|(what, count)| format!("{count} {what}")).collect();
    let mut told = String::new();
    if !list.is_empty() {
        told = format!("; not taken: {}", list.join(", "));
    }
    if let Some(count) = counts.get(WRONG) {
        told.push_str(&format!("; {count} {WRONG}"));
    }
    (!told.is_empty()).then_some(told)
}

type Counts = BTreeMap<&'static str, u64>;

fn records(
    own: &mut Unpacking,
    at: &At,
    stream: &mut impl BufRead,
    counts: &mut Counts,
) -> Result<(), Stop> {
    loop {
        let fields = Fields::read(stream).map_err(|error| Stop::Broken(broken(&error)))?;
        let Some(fields) = fields else { return Ok(()) };
        if fields.is_after_garbage {
            *counts.entry("gaps between records").or_default() += 1;
        }
        let Some(length) = fields.number("content-length") else {
            *counts.entry("records without a length").or_default() += 1;
            continue;
        };
        let mut content = Digested::new(stream.take(length), fields.get("warc-block-digest"));
        record(own, at, &fields, &mut content, counts)?;
        if own.budget.is_spent() {
            return Ok(());
        }
        // What has not been read of it is passed over.
        io::copy(&mut content, &mut io::sink()).map_err(|error| Stop::Broken(broken(&error)))?;
        if content.stream().limit() > 0 {
            return Err(Stop::Broken("cut off in a record".to_owned()));
        }
        if content.is_wrong() {
            *counts.entry(WRONG).or_default() += 1;
        }
    }
}

fn record(
    own: &mut Unpacking,
    at: &At,
    fields: &Fields,
    content: &mut dyn BufRead,
    counts: &mut Counts,
) -> Result<(), Stop> {
    let address = fields.get("warc-target-uri").trim_matches(['<', '>']).to_owned();
    let mut head = Head::default();
    let what = match &*fields.get("warc-type").to_ascii_lowercase() {
        "response" if !address.to_ascii_lowercase().starts_with("http") => Some("other responses"),
        "response" => match Head::read(content) {
            Ok(Some(read)) => {
                head = read;
                refused(head.status)
            }
            Ok(None) => Some("responses that are none"),
            Err(error) => return Err(Stop::Broken(broken(&error))),
        },
        "resource" | "conversion" => {
            head.media_type = http::media_type(fields.get("content-type"));
            None
        }
        "revisit" => Some("revisits"),
        "request" => Some("requests"),
        "metadata" | "warcinfo" => Some("records of the crawler"),
        _ => Some("other records"),
    };
    if let Some(what) = what {
        *counts.entry(what).or_default() += 1;
        return Ok(());
    }
    page(own, at, fields, &address, &head, content)
}

fn refused(status: u16) -> Option<&'static str> {
    match status {
        200..=299 => None,
        300..=399 => Some("redirects"),
        _ => Some("errors"),
    }
}

/// Offers what stood at an address.
fn page(
    own: &mut Unpacking,
    at: &At,
    fields: &Fields,
    address: &str,
    head: &Head,
    content: &mut dyn BufRead,
) -> Result<(), Stop> {
    let captured = fields.get("warc-date");
    let modified =
        captured.parse::<jiff::Timestamp>().ok().map(|time| whole_seconds(time).to_string());
    let Some(mut member) = own.enter(at, &Name::text(address), modified)? else { return Ok(()) };
    if is_no_text(&head.media_type) {
        return own
            .offer(member.place, Found::Skipped(format!("{DECLARED}{}", head.media_type).into()));
    }
    member.name = file_name(address, &head.media_type);
    let body = match http::unpacked(head, content) {
        Ok(Some(body)) => body,
        Ok(None) => {
            let reason =
                format!("compressed in a way this version cannot unpack ({})", head.coding);
            return own.failed(&member, reason);
        }
        Err(error) => return own.failed(&member, broken(&error)),
    };
    let mut body = own.budget.charge(body);
    match super::read_bounded(&mut body, own.rules.max_bytes) {
        Ok(Some(bytes)) => {
            let statements = statements(address, captured);
            let bytes = Bytes { bytes, name: member.name, format: None, statements };
            own.offer(member.place, Found::Bytes(Box::new(bytes)))
        }
        Ok(None) => own.failed(&member, too_large(own.rules.max_bytes)),
        Err(error) if own.budget.is_spent() => own.failed(&member, plain(&error)),
        Err(error) => own.failed(&member, broken(&error)),
    }
}

fn whole_seconds(time: jiff::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// Types that no reader makes text of, and code that only serves to show a page.
fn is_no_text(media_type: &str) -> bool {
    let kind = media_type.split('/').next().unwrap_or_default();
    matches!(kind, "image" | "audio" | "video" | "font")
        || media_type == "text/css"
        || media_type.ends_with("javascript")
        || media_type.starts_with("application/font")
        || media_type.starts_with("application/x-font")
}

/// The last part of an address, with the extension of its media type where it has none of its own.
fn file_name(address: &str, media_type: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let last =
        path.split_once('/').and_then(|(_, path)| path.rsplit('/').next()).unwrap_or_default();
    let declared = format::by_media_type(media_type);
    match (format::by_name(last), declared) {
        (None, Some(declared)) => {
            let extension = declared.extensions.first().copied().unwrap_or_default();
            let stem = if last.is_empty() { "index" } else { last };
            format!("{stem}.{extension}")
        }
        _ => last.to_owned(),
    }
}

fn statements(address: &str, captured: &str) -> Vec<Metadatum> {
    [("source", address, "WARC-Target-URI"), ("captured", captured, "WARC-Date")]
        .into_iter()
        .filter(|(_, value, _)| !value.is_empty())
        .map(|(name, value, field)| Metadatum {
            name: name.to_owned(),
            value: value.to_owned(),
            method: "container",
            evidence: format!("field {field}"),
        })
        .collect()
}

/// The named fields at the head of a record.
struct Fields {
    fields: BTreeMap<String, String>,
    is_after_garbage: bool,
}

impl Fields {
    /// The next record's fields; `None` at the end. What stands before it and is no record, as where
    /// a length was wrong, is passed over.
    fn read(stream: &mut dyn BufRead) -> io::Result<Option<Self>> {
        let mut is_after_garbage = false;
        let mut line = Vec::new();
        loop {
            line.clear();
            if (&mut *stream).take(LONGEST).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            if line.starts_with(b"WARC/") {
                break;
            }
            is_after_garbage |= !line.trim_ascii().is_empty();
        }
        let mut fields = BTreeMap::new();
        let mut last = String::new();
        let mut stream = stream.take(LONGEST);
        loop {
            line.clear();
            if stream.read_until(b'\n', &mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let text = String::from_utf8_lossy(&line).into_owned();
            if text.trim().is_empty() {
                return Ok(Some(Self { fields, is_after_garbage }));
            }
            if text.starts_with([' ', '\t']) {
                let value: &mut String = fields.entry(last.clone()).or_default();
                value.push(' ');
                value.push_str(text.trim());
            } else if let Some((name, value)) = text.split_once(':') {
                last = name.trim().to_ascii_lowercase();
                fields.insert(last.clone(), value.trim().to_owned());
            }
        }
    }

    fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.get(name).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_called_by_its_address_and_its_declared_type() {
        assert_eq!(file_name("http://x.org/a/b.pdf?c=d", "application/octet-stream"), "b.pdf");
        assert_eq!(file_name("http://x.org/", "text/html"), "index.html");
        assert_eq!(file_name("http://x.org", "text/html"), "index.html");
        assert_eq!(file_name("http://x.org/news.php?id=1", "text/html"), "news.php.html");
        assert_eq!(file_name("http://x.org/feed", "application/x-unknown"), "feed");
    }

    #[test]
    fn fields_go_on_in_the_next_line_and_garbage_before_a_record_is_passed() {
        let record = b"tail\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\nX: a\r\n b\r\n\r\nrest";
        let fields = Fields::read(&mut &record[..]).unwrap().unwrap();
        assert_eq!((fields.get("warc-type"), fields.get("x")), ("response", "a b"));
        assert!(fields.is_after_garbage);
        assert!(Fields::read(&mut &b"\r\n\r\n"[..]).unwrap().is_none());
        assert!(Fields::read(&mut &b"WARC/1.0\r\nX: a"[..]).is_err());
    }
}

//! Tells by the first bytes whether something holds other documents, and how.
//!
//! The name is a hint only where bytes alone prove nothing. Office documents are zip files, so a zip
//! file is a container only when its list of parts does not say otherwise.

use crate::format::{self, Format, Holds};

/// What holds other documents.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A zip file, or an office document.
    Zip,
    /// One stream, compressed.
    Compressed(Method),
    Tar,
    Warc,
    Mbox,
    /// One message, which may have attachments.
    Mail,
    /// A file whose name says that every line is a document.
    Records(&'static Format),
    /// Begins like an object of JSON under a name that says nothing: maybe lines of them.
    Objects,
}

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Gzip,
    Zstandard,
    Xz,
    Bzip2,
}

impl Kind {
    /// The kind of a file with this name that begins with these bytes; `None` for a document.
    pub(super) fn of(name: &str, head: &[u8]) -> Option<Self> {
        // An empty zip file under the name of a document is a document without its parts.
        let is_empty = head.starts_with(b"PK\x05\x06\0\0");
        if head.starts_with(b"PK\x03\x04") || (is_empty && format::by_name(name).is_none()) {
            return Some(Kind::Zip);
        }
        if let Some(method) = Method::of(head) {
            return Some(Kind::Compressed(method));
        }
        if is_tar(head) {
            return Some(Kind::Tar);
        }
        if head.starts_with(b"WARC/") {
            return Some(Kind::Warc);
        }
        if head.starts_with(b"From ") && is_mbox(name, head) {
            return Some(Kind::Mbox);
        }
        match format::by_name(name) {
            Some(format) if matches!(format.holds, Holds::Records) => {
                return Some(Kind::Records(format));
            }
            Some(format) if format.name != "eml" => return None,
            _ => {}
        }
        if has_extension(name, &["eml"]) || is_mail(head) {
            return Some(Kind::Mail);
        }
        head.trim_ascii_start().starts_with(b"{").then_some(Kind::Objects)
    }

    /// Whether a compressed stream of this kind is one container together with its compression, as
    /// people take `a.tar.gz` for one.
    pub(super) fn is_one_with_its_compression(self) -> bool {
        matches!(self, Kind::Tar | Kind::Warc | Kind::Mbox | Kind::Records(_))
    }
}

impl Method {
    fn of(head: &[u8]) -> Option<Self> {
        // Text may begin with BZh, but not with the mark of a block behind it.
        let is_bzip2 = head.starts_with(b"BZh")
            && matches!(
                head.get(4..10),
                Some(b"\x31\x41\x59\x26\x53\x59" | b"\x17\x72\x45\x38\x50\x90")
            );
        if head.starts_with(b"\x1f\x8b\x08") {
            Some(Method::Gzip)
        } else if head.starts_with(b"\x28\xb5\x2f\xfd") {
            Some(Method::Zstandard)
        } else if head.starts_with(b"\xfd7zXZ\0") {
            Some(Method::Xz)
        } else {
            is_bzip2.then_some(Method::Bzip2)
        }
    }
}

/// A tar header's checksum is right: the sum of its bytes, with the checksum itself as spaces.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..512) else { return false };
    let Some(field) = header.get(148..156) else { return false };
    let digits: String = field
        .iter()
        .skip_while(|byte| **byte == b' ')
        .take_while(|byte| (b'0'..=b'7').contains(*byte))
        .map(|byte| char::from(*byte))
        .collect();
    let Ok(stated) = u32::from_str_radix(&digits, 8) else { return false };
    let all: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    let own: u32 = field.iter().map(|byte| u32::from(*byte)).sum();
    stated == all - own + 8 * u32::from(b' ') && header.first() != Some(&0)
}

/// A separator line with a date, and under it the first field of a message.
fn is_mbox(name: &str, head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let is_headed = lines.next().is_some_and(|line| is_field(line) || line.starts_with(b">From "));
    let is_named = has_extension(name, &["mbox", "mbx"]);
    (is_headed && super::mbox::has_date(first)) || (is_named && (is_headed || head.len() < 64))
}

/// Header fields that only mail has.
fn is_mail(head: &[u8]) -> bool {
    let mut has_sender = false;
    let mut has_proof = false;
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        if !is_field(line) {
            return false;
        }
        let begins = |field: &str| {
            line.get(..field.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(field.as_bytes()))
        };
        has_sender |= begins("from:");
        has_proof |= ["received:", "message-id:", "mime-version:"].into_iter().any(begins);
    }
    has_sender && has_proof
}

/// Whether the line is `Name: …`.
fn is_field(line: &[u8]) -> bool {
    let name =
        line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    name > 0 && line.get(name) == Some(&b':')
}

pub(super) fn has_extension(name: &str, extensions: &[&str]) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| extensions.contains(&&*extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, head: &[u8]) -> String {
        Kind::of(name, head).map_or_else(String::new, |kind| {
            format!("{kind:?}").split(" {").next().unwrap().to_owned()
        })
    }

    #[test]
    fn bytes_decide_whatever_the_name_says() {
        assert_eq!(kind("a.txt", b"PK\x03\x04"), "Zip");
        assert_eq!(kind("a.txt", b"\x1f\x8b\x08"), "Compressed(Gzip)");
        assert_eq!(kind("a", b"WARC/1.0\r\n"), "Warc");
        assert_eq!(kind("a.txt", b"BZh, a word"), "");
        assert_eq!(kind("a.zip", b"no zip"), "");
        assert_eq!(kind("a.tar", &[0; 1024]), "");
    }

    #[test]
    fn mail_is_known_by_its_fields_and_a_letter_is_not_taken_for_it() {
        let mail = b"Received: by x\r\n\tfoo\r\nFrom: a@example.org\r\n\r\nHello: x";
        assert_eq!(kind("1", mail), "Mail");
        assert_eq!(kind("1.txt", mail), "");
        assert_eq!(kind("1", b"From: Ito\nTo: Orlov\n\nDear Pavel"), "");
        let boxed = b"From a@example.org Mon Jan  6 10:00:00 2020\nSubject: x\n";
        assert_eq!(kind("archive", boxed), "Mbox");
        assert_eq!(kind("a.txt", b"From here on the road is 12:30 long in 2020\nand"), "");
    }

    #[test]
    fn lines_of_objects_are_looked_for_where_the_name_says_nothing() {
        assert_eq!(kind("feed", b" {\"a\":1}"), "Objects");
        assert_eq!(kind("feed.txt", b"{\"a\":1}"), "");
        assert_eq!(kind("feed.jsonl", b"{\"a\":1}"), "Records(Format");
    }
}

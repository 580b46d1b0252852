//! A mail message: the document it is, and its attachments as members.
//!
//! The text is the business of the format's reader; here only what hangs on it is taken apart.

use super::names::Name;
use super::{At, DEEPEST, Stop, Unpacking, broken, read_bounded};
use crate::ingest::offer::{Bytes, Found, plain, too_large};
use mail_parser::{MessageParser, MimeHeaders, PartType};
use std::io::{Cursor, Read};

/// The largest message that is taken apart, in bytes; its parts are held beside it.
const LARGEST: usize = 64 << 20;

/// Offers the message of a stream, and what is attached to it.
pub(super) fn open(own: &mut Unpacking, at: &At, stream: &mut dyn Read) -> Result<(), Stop> {
    match read_bounded(stream, own.rules.max_bytes) {
        Ok(Some(bytes)) => message(own, at, bytes),
        Ok(None) => own.failed(at, too_large(own.rules.max_bytes)),
        Err(error) if own.budget.is_spent() => own.failed(at, plain(&error)),
        Err(error) => own.failed(at, broken(&error)),
    }
}

/// Offers a message and what is attached to it.
pub(super) fn message(own: &mut Unpacking, at: &At, bytes: Vec<u8>) -> Result<(), Stop> {
    let attached = if bytes.len() <= LARGEST { attachments(&bytes) } else { Vec::new() };
    let document = Bytes { bytes, name: at.name.clone(), ..Bytes::default() };
    own.offer(at.place.clone(), Found::Bytes(Box::new(document)))?;
    let outer = std::mem::take(&mut own.members);
    for (name, bytes) in attached {
        let Some(member) = own.enter(at, &Name::text(name), None)? else { continue };
        if member.depth > DEEPEST {
            own.failed(&member, format!("attached more than {DEEPEST} deep"))?;
            continue;
        }
        let mut stream = own.budget.charge(Cursor::new(bytes));
        own.member(&member, None, &mut stream)?;
        if own.budget.is_spent() {
            break;
        }
    }
    own.members = outer;
    Ok(())
}

/// Names and bytes of what is attached, in order.
fn attachments(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Some(message) = MessageParser::default().parse(bytes) else { return Vec::new() };
    let mut names = Vec::new();
    let mut attached = Vec::new();
    for (number, part) in (1_usize..).zip(message.attachments()) {
        let content = match &part.body {
            PartType::Message(inner) => inner.raw_message().to_vec(),
            // An empty part is no document, and an empty name no name.
            _ if part.contents().is_empty() => continue,
            _ => part.contents().to_vec(),
        };
        let name = part.attachment_name().map(str::trim).filter(|name| !name.is_empty());
        let name = match name {
            Some(name) => name.to_owned(),
            None => format!("attachment {number}{}", extension(part)),
        };
        // Two attachments of one name would be one place.
        let name = if names.contains(&name) { format!("{number} {name}") } else { name };
        names.push(name.clone());
        attached.push((name, content));
    }
    attached
}

fn extension(part: &mail_parser::MessagePart<'_>) -> String {
    if matches!(part.body, PartType::Message(_)) {
        return ".eml".to_owned();
    }
    let declared = part
        .content_type()
        .map(|declared| format!("{}/{}", declared.ctype(), declared.subtype().unwrap_or_default()));
    declared
        .and_then(|declared| crate::format::by_media_type(&declared))
        .and_then(|format| format.extensions.first())
        .map_or_else(String::new, |extension| format!(".{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n\
        --cut\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n\
        --cut\r\nContent-Type: text/html; name=\"=?utf-8?B?5aCx5ZGKLmh0bWw=?=\"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+eDwvcD4=\r\n\
        --cut\r\nContent-Type: message/rfc822\r\n\r\nFrom: b@example.org\r\nSubject: inner\r\n\r\nInner text.\r\n--cut--\r\n";

    #[test]
    fn attachments_come_out_decoded_under_their_names() {
        let attached = attachments(MAIL.as_bytes());
        let names: Vec<&str> = attached.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["報告.html", "attachment 2.eml"]);
        assert_eq!(attached[0].1, b"<p>x</p>");
        assert_eq!(attached[1].1, b"From: b@example.org\r\nSubject: inner\r\n\r\nInner text.");
    }

    #[test]
    fn a_message_without_attachments_has_none() {
        assert_eq!(attachments(b"From: a@example.org\r\n\r\nText."), []);
        assert_eq!(attachments(b""), []);
    }
}

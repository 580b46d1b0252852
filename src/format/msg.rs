//! A mail message as Outlook saves it (MS-OXMSG): a compound file of properties.
//!
//! The plain text is read, else the HTML, else the RTF. What is attached is handed on, but for messages in
//! messages, which have no bytes of their own and are named.

mod unpack;

pub(super) use unpack::rtf as unpacked;

use super::composed::Composed;
use super::compound::{Compound, codec_of_page, u16_at, u32_at};
use super::{Format, Holds, Input, Unreadable, declaration, embedded, eml, html, office, rtf};
use crate::model::{Embedded, Extract, Metadatum};
use crate::text::codec::Codec;
use crate::text::decode::decode;
use crate::text::structure::Declared;

pub(super) const FORMAT: Format = Format {
    name: "msg",
    version: 1,
    media_type: "application/vnd.ms-outlook",
    extensions: &["msg"],
    holds: Holds::OneDocument,
    recognises,
    is_signed: true,
    is_bounded: false,
    read,
};

/// The class of the root of a message.
const CLASS: [u8; 16] = [0x0b, 0x0d, 0x02, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];

/// Numbers of properties (MS-OXPROPS), and the terms for them.
const STATED: [(u16, &str, &str); 9] = [
    (0x0037, "title", "PidTagSubject"),
    (0x0C1A, "creator", "PidTagSenderName"),
    (0x0042, "creator", "PidTagSentRepresentingName"),
    (0x0E04, "to", "PidTagDisplayTo"),
    (0x0E03, "cc", "PidTagDisplayCc"),
    (0x1035, "identifier", "PidTagInternetMessageId"),
    (0x1042, "in-reply-to", "PidTagInReplyToId"),
    (0x5D01, "sender", "PidTagSenderSmtpAddress"),
    (0x0070, "conversation", "PidTagConversationTopic"),
];

const BODY: u16 = 0x1000;
const HTML: u16 = 0x1013;
const PACKED_RTF: &str = "__substg1.0_10090102";
/// When it was sent, and when it came.
const TIMES: [u32; 2] = [0x0039_0040, 0x0E06_0040];
/// The code page of texts that are not Unicode.
const PAGES: [u32; 2] = [0x3FFD_0003, 0x3FDE_0003];
const ATTACHED: &str = "__attach_version1.0_#";

/// The root of the compound file says that it is a message; a document in it may be anything.
fn recognises(bytes: &[u8]) -> bool {
    let root = || {
        let size = 1_usize.checked_shl(u32::from(u16_at(bytes, 30)?))?;
        let sector = usize::try_from(u32_at(bytes, 48)?).ok()?;
        let entry = sector.checked_add(1)?.checked_mul(size)?;
        bytes.get(entry.checked_add(80)?..entry.checked_add(96)?)
    };
    office::is_compound(bytes) && root() == Some(&CLASS)
}

fn read(input: &Input) -> Result<Extract, Unreadable> {
    if !office::is_compound(input.bytes) {
        return Err(Unreadable("not a message of Outlook".to_owned()));
    }
    let mut message = Message::open(input)?;
    let statements = message.statements();
    let mut composed = Composed::default();
    let mut notes = Vec::new();
    message.add_body(&mut composed, &mut notes);
    let title = office::title_of(&statements);
    let mut extract = composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, statements);
    extract.notes.append(&mut notes);
    let attached = message.attached(&mut extract.notes);
    embedded::add(&mut extract, attached);
    Ok(extract)
}

struct Message<'a> {
    file: Compound<'a>,
    properties: Vec<u8>,
    codec: Option<Codec>,
}

impl<'a> Message<'a> {
    fn open(input: &Input<'a>) -> Result<Self, Unreadable> {
        let mut file = Compound::open(input.bytes)?;
        let properties = file.stream("__properties_version1.0");
        let properties =
            properties.ok_or_else(|| Unreadable("not a message of Outlook".to_owned()))?;
        let mut message = Self { file, properties, codec: input.options.encoding };
        if message.codec.is_none() {
            let page = PAGES.iter().find_map(|tag| message.fixed(*tag));
            let page = page.and_then(|value| u16::try_from(value & 0xffff_ffff).ok());
            message.codec = page.and_then(codec_of_page);
        }
        Ok(message)
    }

    /// A property of a fixed length; they stand in entries of 16 bytes behind a head of 32.
    fn fixed(&self, tag: u32) -> Option<u64> {
        let entries = self.properties.get(32..)?.chunks_exact(16);
        let mut found = entries.filter(|entry| u32_at(entry, 0) == Some(tag));
        let entry = found.next()?;
        Some(u64::from(u32_at(entry, 12)?) << 32 | u64::from(u32_at(entry, 8)?))
    }

    /// A text among the properties of the message or of one of its parts.
    fn text(&mut self, part: &str, number: u16) -> Option<String> {
        if let Some(bytes) = self.file.stream(&format!("{part}__substg1.0_{number:04X}001F")) {
            let text = encoding_rs::UTF_16LE.decode(&bytes).0;
            return Some(text.trim_end_matches('\0').to_owned());
        }
        let bytes = self.file.stream(&format!("{part}__substg1.0_{number:04X}001E"))?;
        let text = decode(&bytes, self.codec).ok()?.text;
        Some(text.trim_end_matches(['\0', '\u{fffd}']).to_owned())
    }

    fn statements(&mut self) -> Vec<Metadatum> {
        let mut metadata = Vec::new();
        for (number, term, property) in STATED {
            let text = self.text("", number).unwrap_or_default();
            let values: Vec<&str> = match term {
                "to" | "cc" => text.split(';').collect(),
                _ => vec![&*text],
            };
            let evidence = format!("property {property}");
            // Whoever sends for somebody else is named twice, and mostly is the same.
            let is_said = metadata.iter().any(|said: &Metadatum| said.value == text.trim());
            if is_said && matches!(term, "creator" | "conversation") {
                continue;
            }
            for value in values {
                let value = value.trim().trim_matches(['<', '>', '\'']);
                office::push(&mut metadata, term, value, "property", &evidence);
            }
        }
        let sent = TIMES.iter().find_map(|tag| self.fixed(*tag)).and_then(day);
        if let Some(day) = sent {
            office::push(
                &mut metadata,
                "date",
                &day,
                "property",
                "property PidTagClientSubmitTime",
            );
        }
        metadata
    }

    fn add_body(&mut self, composed: &mut Composed, notes: &mut Vec<String>) {
        if let Some(text) = self.text("", BODY).filter(|text| !text.trim().is_empty()) {
            return eml::add_text(&text.replace("\r\n", "\n"), false, composed);
        }
        let page = self.file.stream(&format!("__substg1.0_{HTML:04X}0102"));
        let page = page.and_then(|bytes| Some(decode(&bytes, None).ok()?.text.into_owned()));
        if let Some(page) = page.or_else(|| self.text("", HTML)) {
            return html::add_whole(&page, composed);
        }
        let Some(packed) = self.file.stream(PACKED_RTF) else { return };
        match unpack::rtf(&packed) {
            Some(text) => rtf::add(&text, composed),
            None => notes.push("its text is packed in a way that is not read".to_owned()),
        }
    }

    fn attached(&mut self, notes: &mut Vec<String>) -> Vec<(Embedded, String)> {
        let mut files = Vec::new();
        for part in self.file.storages(ATTACHED) {
            let part = format!("{part}/");
            let name = [0x3707, 0x3704, 0x3001].iter().find_map(|name| self.text(&part, *name));
            let name = name.unwrap_or_default();
            match self.file.stream(&format!("{part}__substg1.0_37010102")) {
                Some(bytes) if !bytes.is_empty() => {
                    files.push((Embedded { name, bytes }, "attachment".to_owned()));
                }
                Some(_) => {}
                None => notes.push(format!("attached and not read: {name}")),
            }
        }
        files
    }
}

/// The day of a time in tenths of a microsecond since 1601, by the clock of UTC.
fn day(ticks: u64) -> Option<String> {
    let seconds = i64::try_from(ticks / 10_000_000).ok()? - 11_644_473_600;
    let time = jiff::Timestamp::from_second(seconds).ok().filter(|_| seconds > 0)?;
    super::date::iso(&time.to_string())
}

#[cfg(test)]
mod tests;

//! One mail message (RFC 5322, MIME).
//!
//! Of alternatives the plain text is read, else the HTML. Quoted answers stay, signatures are marked
//! as boilerplate. Attachments are named here and read by whoever opens the message as a container.

use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders, PartType};

use super::composed::Composed;
use super::{Format, Holds, Input, Unreadable, date, declaration, html, office};
use crate::model::{Extract, Metadatum};
use crate::text::segment::{self, Mark};
use crate::text::structure::Declared;

pub(super) const FORMAT: Format = Format {
    name: "eml",
    version: 2,
    media_type: "message/rfc822",
    extensions: &["eml", "mht", "mhtml"],
    holds: Holds::OneDocument,
    recognises,
    is_signed: false,
    is_bounded: false,
    read,
};

/// The longest signature, in lines.
const LONGEST_SIGNATURE: usize = 15;

/// The first lines are fields of a header, a sender and a mark of mail among them.
fn recognises(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1 << 14)).unwrap_or(bytes);
    let (mut has_sender, mut has_mark) = (false, false);
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        if name.len() == line.len() || name.is_empty() || !name.iter().all(is_name) {
            return false;
        }
        let name = name.to_ascii_lowercase();
        has_sender |= name == b"from";
        has_mark |= [&b"received"[..], b"message-id", b"mime-version"].contains(&&*name);
    }
    has_sender && has_mark
}

fn read(input: &Input) -> Result<Extract, Unreadable> {
    let message = MessageParser::default().parse(input.bytes);
    let message = message.filter(|message| !message.headers().is_empty());
    let message =
        message.ok_or_else(|| Unreadable("not a mail message: it has no header".to_owned()))?;
    let mut composed = Composed::default();
    let parts = message.text_body.iter().filter_map(|place| message.part(*place));
    for part in parts {
        match &part.body {
            PartType::Text(text) => {
                let is_flowed = part.content_type().is_some_and(|kind| {
                    kind.attribute("format")
                        .is_some_and(|format| format.eq_ignore_ascii_case("flowed"))
                });
                add_text(text, is_flowed, &mut composed);
            }
            PartType::Html(page) => html::add_whole(page, &mut composed),
            _ => {}
        }
    }
    let statements = statements(&message);
    let title = office::title_of(&statements);
    let is_bare = composed.is_empty();
    let mut extract = composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, statements);
    if is_bare && message.attachment_count() > 0 {
        extract.notes.push("no text but attachments".to_owned());
    }
    Ok(extract)
}

/// What the header states. The day is that of the sender's clock.
fn statements(message: &Message) -> Vec<Metadatum> {
    let mut metadata = Vec::new();
    let mut state = |name: &str, value: &str, field: &str| {
        office::push(&mut metadata, name, value, "header", &format!("header {field}"));
    };
    state("title", message.subject().unwrap_or_default(), "Subject");
    let from = message.from().or_else(|| message.sender());
    people(from).iter().for_each(|person| state("creator", person, "From"));
    if let Some(day) = message.date().and_then(|stamp| date::iso(&stamp.to_rfc3339())) {
        state("date", &day, "Date");
    }
    state("identifier", message.message_id().unwrap_or_default(), "Message-ID");
    people(message.to()).iter().for_each(|person| state("to", person, "To"));
    people(message.cc()).iter().for_each(|person| state("cc", person, "Cc"));
    for (name, field, value) in [
        ("in-reply-to", "In-Reply-To", message.in_reply_to()),
        ("subject", "Keywords", message.keywords()),
    ] {
        texts(value).iter().for_each(|value| state(name, value, field));
    }
    for (name, field) in
        [("list-id", "List-Id"), ("organization", "Organization"), ("language", "Content-Language")]
    {
        let value = message.header(field).map(texts).unwrap_or_default();
        value.iter().for_each(|value| state(name, value, field));
    }
    for part in message.attachments() {
        let name = part.attachment_name().unwrap_or("without a name");
        state("attachment", name, "Content-Disposition");
    }
    metadata
}

/// People by their names, or by their addresses where they have no names.
fn people(address: Option<&Address>) -> Vec<String> {
    let all = address.map(|address| address.clone().into_list()).unwrap_or_default();
    let one = |person: &mail_parser::Addr| {
        let name = person.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        name.or(person.address.as_deref()).map(str::to_owned)
    };
    all.iter().filter_map(one).collect()
}

fn texts(value: &HeaderValue) -> Vec<String> {
    match value {
        HeaderValue::Text(text) => vec![text.to_string()],
        HeaderValue::TextList(texts) => texts.iter().map(ToString::to_string).collect(),
        HeaderValue::Address(address) => people(Some(address)),
        _ => Vec::new(),
    }
}

/// Adds a text: what is quoted apart from what is not, and the signature as boilerplate.
pub(super) fn add_text(text: &str, is_flowed: bool, composed: &mut Composed) {
    let lines: Vec<(usize, &str)> = text.lines().map(depth).collect();
    let signature = lines.iter().rposition(|(depth, line)| *depth == 0 && line.trim_end() == "--");
    let signature = signature.filter(|place| lines.len() - place <= LONGEST_SIGNATURE);
    let (body, signature) = lines.split_at(signature.unwrap_or(lines.len()));
    let mut rest = body;
    while let Some((depth, _)) = rest.first() {
        let length = rest.iter().take_while(|(other, _)| other == depth).count();
        let (group, after) = rest.split_at(length);
        add_group(group, *depth, is_flowed, composed);
        rest = after;
    }
    let signature: Vec<&str> = signature.iter().map(|(_, line)| *line).collect();
    composed.push(&signature.join("\n"), Mark::Boilerplate);
}

/// How often a line is quoted, and the line.
fn depth(line: &str) -> (usize, &str) {
    let mut rest = line;
    let mut depth = 0;
    while let Some(quoted) =
        rest.strip_prefix('>').or_else(|| (depth > 0).then(|| rest.strip_prefix(" >")).flatten())
    {
        rest = quoted;
        depth += 1;
    }
    (depth, if depth > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest })
}

fn add_group(lines: &[(usize, &str)], depth: usize, is_flowed: bool, composed: &mut Composed) {
    let mut text = String::new();
    for (_, line) in lines {
        // A space before the break says that the paragraph goes on (RFC 3676).
        let goes_on = is_flowed && line.ends_with(' ') && !line.trim().is_empty();
        text.push_str(line);
        if !goes_on {
            text.push('\n');
        }
    }
    for block in segment::blocks(&text) {
        if depth == 0 {
            composed.push(&block.text, block.mark);
        } else {
            composed.push(&format!("{} {}", ">".repeat(depth), block.text), Mark::None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;
    use crate::model::Kind;

    fn read_text(text: &str) -> Extract {
        read(&Input { bytes: text.as_bytes(), name: "a.eml", options: &Options::default() })
            .unwrap()
    }

    #[test]
    fn the_plain_text_is_chosen_and_the_header_is_metadata() {
        let mail = "From: =?utf-8?B?5LyK6Jek5pil?= <ito@port.example>\r\nTo: Orlov <o@port.example>, b@port.example\r\n\
            Subject: =?koi8-r?Q?=F0=C1=D2=CF=CD?=\r\nDate: Wed, 12 Jun 2019 23:30:00 +0900\r\nMessage-ID: <1@port.example>\r\n\
            MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=cut\r\n\r\n--cut\r\n\
            Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            =B6=C9=C2=D6=C6=F4=BA=BD=A1=A3\r\n\r\n> It will sail in May.\r\n>> Will it?\r\n-- \r\nIto\r\n--cut\r\n\
            Content-Type: text/html\r\n\r\n<p>never read</p>\r\n--cut--\r\n";
        assert!(recognises(mail.as_bytes()));
        let extract = read_text(mail);
        let read: Vec<_> = extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect();
        assert_eq!(
            read,
            [
                (Kind::Title, "Паром"),
                (Kind::Body, "渡轮启航。"),
                (Kind::Body, "> It will sail in May."),
                (Kind::Body, ">> Will it?"),
                (Kind::Boilerplate, "--\nIto"),
            ]
        );
        let stated: Vec<_> = extract
            .metadata
            .iter()
            .map(|datum| (&*datum.name, &*datum.value, &*datum.evidence))
            .collect();
        assert_eq!(
            stated,
            [
                ("title", "Паром", "header Subject"),
                ("creator", "伊藤春", "header From"),
                ("date", "2019-06-12", "header Date"),
                ("identifier", "1@port.example", "header Message-ID"),
                ("to", "Orlov", "header To"),
                ("to", "b@port.example", "header To"),
            ]
        );
    }

    #[test]
    fn html_is_read_where_there_is_no_text_and_attachments_are_named() {
        let mail = "From: a@port.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=cut\n\n--cut\n\
            Content-Type: text/html; charset=utf-8\n\n<h1>Plan</h1><p>It sails.</p>\n--cut\n\
            Content-Type: text/plain; name=\"tons.csv\"\nContent-Disposition: attachment; filename=\"tons.csv\"\n\n1,2\n--cut--\n";
        let extract = read_text(mail);
        let read: Vec<&str> = extract.paragraphs.iter().map(|part| &*part.text).collect();
        assert_eq!(read, ["Plan", "It sails."]);
        assert_eq!(extract.first("attachment"), Some("tons.csv"));
        assert_eq!(extract.first("date"), None);
    }

    #[test]
    fn flowed_lines_are_joined_and_text_is_no_mail() {
        let mail = "From: a@port.example\nMessage-ID: <2@x>\nContent-Type: text/plain; format=flowed\n\nIt \nsails.\nOr not.\n";
        let read: Vec<String> =
            read_text(mail).paragraphs.into_iter().map(|part| part.text).collect();
        assert_eq!(read, ["It sails.", "Or not."]);
        assert!(
            !recognises(b"From: the harbour\n\nIt sails.") && !recognises(b"Dear all\nFrom: a\n")
        );
    }
}

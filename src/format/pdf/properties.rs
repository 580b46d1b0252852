//! What a PDF states about itself: its information dictionary and its XMP packet.
//!
//! The day a file was made is `created`, never `date`. Where both state a thing, the dictionary
//! gives the value and the packet's is kept only where it differs.

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{DateTime, Dict, Stream};

use super::super::office::push;
use super::super::xml::{self, Element};
use super::super::{date, office};
use crate::model::Metadatum;

/// The longest XMP packet that is read, in bytes; they hold pictures too.
const LONGEST: usize = 4 << 20;

/// Elements of XMP and the terms they speak for.
const XMP: &[(&str, &str)] = &[
    ("title", "title"),
    ("creator", "creator"),
    ("subject", "subject"),
    ("description", "description"),
    ("publisher", "publisher"),
    ("language", "language"),
    ("rights", "rights"),
    ("doi", "identifier"),
    ("publicationDate", "date"),
    ("coverDate", "date"),
    ("CreateDate", "created"),
    ("ModifyDate", "modified"),
];

/// The statements of a document about itself.
pub(super) fn statements(pdf: &Pdf, notes: &mut Vec<String>) -> Vec<Metadatum> {
    let mut metadata = information(pdf);
    for datum in packet(pdf, notes) {
        let mut of_name = metadata.iter().filter(|known| known.name == datum.name);
        let is_known = of_name.clone().any(|known| known.value == datum.value);
        // One source speaks for each term; a date has two forms and one day.
        let speaks = of_name.all(|known| known.method == datum.method);
        if speaks {
            metadata.push(datum);
        } else if !is_known {
            metadata.push(Metadatum { name: format!("{} (XMP)", datum.name), ..datum });
        }
    }
    metadata
}

fn information(pdf: &Pdf) -> Vec<Metadatum> {
    let fields = pdf.metadata();
    let mut metadata = Vec::new();
    let texts = [
        (&fields.title, "title", "Title"),
        (&fields.author, "creator", "Author"),
        (&fields.keywords, "subject", "Keywords"),
        (&fields.subject, "description", "Subject"),
    ];
    for (value, term, field) in texts {
        let Some(value) = value.as_deref().map(text) else { continue };
        let evidence = format!("information dictionary, {field}");
        let name =
            if term == "title" && is_file_name(&value) { "title (as written)" } else { term };
        for value in office::values(term, &value) {
            push(&mut metadata, name, &value, "property", &evidence);
        }
    }
    let dates = [
        (&fields.creation_date, "created", "CreationDate"),
        (&fields.modification_date, "modified", "ModDate"),
    ];
    for (stamp, term, field) in dates {
        if let Some(day) = stamp.as_ref().and_then(day) {
            let evidence = format!("information dictionary, {field}");
            push(&mut metadata, term, &day, "property", &evidence);
        }
    }
    metadata
}

/// The day of a stamp. What a stamp does not state reads as the first of the month and midnight,
/// so a day is believed only with a time.
fn day(stamp: &DateTime) -> Option<String> {
    let is_midnight = (stamp.hour, stamp.minute, stamp.second) == (0, 0, 0);
    let day = match (stamp.month, stamp.day) {
        (1, 1) if is_midnight => format!("{:04}", stamp.year),
        (month, 1) if is_midnight => format!("{:04}-{month:02}", stamp.year),
        (month, day) => format!("{:04}-{month:02}-{day:02}", stamp.year),
    };
    date::iso(&day)
}

/// Endings of files from which PDF files are made.
const ENDINGS: [&str; 23] = [
    ".doc", ".docm", ".docx", ".dvi", ".html", ".hwp", ".indd", ".odp", ".ods", ".odt", ".pages",
    ".pdf", ".ppt", ".pptx", ".ps", ".qxd", ".rtf", ".tex", ".txt", ".wpd", ".wps", ".xls",
    ".xlsx",
];

/// Whether a title is what a program made of the name of a file.
fn is_file_name(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    let program = title.split_once(" - ").is_some_and(|(program, _)| {
        matches!(program, "microsoft word" | "microsoft powerpoint" | "microsoft excel")
    });
    program || title.starts_with("untitled") || ENDINGS.iter().any(|ending| title.ends_with(ending))
}

fn packet(pdf: &Pdf, notes: &mut Vec<String>) -> Vec<Metadatum> {
    let root: Option<Dict> = pdf.xref().get(pdf.xref().root_id());
    let stream: Option<Stream> = root.and_then(|root| root.get("Metadata"));
    let Some(bytes) = stream.and_then(|stream| stream.decoded().ok().map(|all| all.into_owned()))
    else {
        return Vec::new();
    };
    if bytes.len() > LONGEST {
        notes.push("XMP packet left out: larger than 4 MiB".to_owned());
        return Vec::new();
    }
    match xml::parse(&bytes) {
        Ok(packet) => of_packet(&packet),
        Err(unreadable) => {
            notes.push(format!("XMP packet left out: {unreadable}"));
            Vec::new()
        }
    }
}

/// The statements of a packet: an element or an attribute of a description each.
fn of_packet(packet: &Element) -> Vec<Metadatum> {
    let mut descriptions = Vec::new();
    find(packet, &mut descriptions, 0);
    let mut metadata = Vec::new();
    for (property, term) in XMP {
        let evidence = format!("XMP, {property}");
        for description in &descriptions {
            let attribute = description.attribute(property).map(str::to_owned);
            let elements = description.elements().filter(|element| element.name == *property);
            let values = elements.flat_map(items).chain(attribute);
            for value in values.flat_map(|value| stated(term, &value)) {
                let is_name = *term == "title" && is_file_name(&value);
                let term = if is_name { "title (as written)" } else { term };
                push(&mut metadata, term, &value, "XMP", &evidence);
            }
        }
    }
    metadata.dedup();
    metadata
}

fn stated(term: &str, value: &str) -> Vec<String> {
    match term {
        "date" => date::iso(value).into_iter().collect(),
        "language" if value == "x-default" || value == "x-unknown" => Vec::new(),
        _ => office::values(term, value),
    }
}

fn find<'e>(element: &'e Element, found: &mut Vec<&'e Element>, depth: usize) {
    if element.name == "Description" {
        found.push(element);
    } else if depth < 8 {
        element.elements().for_each(|child| find(child, found, depth + 1));
    }
}

/// The values of a property: those of its list, of which one in every language is only the first.
fn items(property: &Element) -> Vec<String> {
    let Some(list) = property.elements().next() else { return vec![property.text()] };
    let all = list.elements().filter(|item| item.name == "li").map(Element::text);
    if list.name == "Alt" { all.take(1).collect() } else { all.collect() }
}

/// A text string of a PDF: UTF-16 or UTF-8 with a mark, UTF-8 without one where the bytes are
/// valid in it, else PDFDocEncoding, whose letters are those of windows-1252.
pub(super) fn text(bytes: &[u8]) -> String {
    let encoding = match bytes {
        [0xfe, 0xff, ..] => UTF_16BE,
        [0xff, 0xfe, ..] => UTF_16LE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => WINDOWS_1252,
    };
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_in_the_encoding_they_have() {
        assert_eq!(text(b"\xfe\xff\x4e\x1c\x53\x17"), "东北");
        assert_eq!(text("\u{feff}东北".as_bytes()), "东北");
        assert_eq!(text(b"caf\xe9 \0"), "café");
        assert_eq!(text(b""), "");
    }

    #[test]
    fn a_day_that_may_be_a_reader_s_filling_is_not_stated() {
        let stamp = |month, day, hour| DateTime {
            year: 2019,
            month,
            day,
            hour,
            minute: 0,
            second: 0,
            utc_offset_hour: 0,
            utc_offset_minute: 0,
        };
        let read = |month, date, hour| day(&stamp(month, date, hour)).unwrap();
        assert_eq!(read(1, 1, 0), "2019");
        assert_eq!(read(6, 1, 0), "2019-06");
        assert_eq!(read(6, 1, 8), "2019-06-01");
        assert_eq!(day(&stamp(2, 30, 8)), None);
    }

    #[test]
    fn a_packet_states_with_elements_and_attributes() {
        let packet = "<x:xmpmeta xmlns:x='x' xmlns:r='r' xmlns:dc='dc' xmlns:p='p'><r:RDF>\
            <r:Description p:CreateDate='2019-06-12T08:00:00Z' p:publicationDate='June'><dc:title><r:Alt>\
            <r:li>渡轮启航</r:li><r:li>Ferry</r:li></r:Alt></dc:title><dc:creator><r:Seq><r:li>Ito</r:li>\
            <r:li>Orlov</r:li></r:Seq></dc:creator></r:Description></r:RDF></x:xmpmeta>";
        let stated: Vec<_> = of_packet(&xml::parse(packet.as_bytes()).unwrap())
            .into_iter()
            .map(|datum| (datum.name, datum.value, datum.evidence))
            .collect();
        let is = |name: &str, value: &str, field: &str| {
            (name.to_owned(), value.to_owned(), format!("XMP, {field}"))
        };
        assert_eq!(
            stated,
            [
                is("title", "渡轮启航", "title"),
                is("creator", "Ito", "creator"),
                is("creator", "Orlov", "creator"),
                is("created", "2019-06-12", "CreateDate"),
            ]
        );
    }

    #[test]
    fn names_of_files_are_no_titles() {
        for title in [
            "Microsoft Word - Bericht 3",
            "Microsoft PowerPoint - Hafen",
            "report_final.DOCX",
            "Untitled-1",
            "folien.ppt",
        ] {
            assert!(is_file_name(title), "{title}");
        }
        assert!(!is_file_name("Microsoft - a history"));
        assert!(!is_file_name("The port of Sannoe"));
    }
}

//! Electronic books (EPUB 2 and 3).
//!
//! The parts of a book are read in the order of its spine, whole: a book has no page around its text.

use super::composed::Composed;
use super::xml::{self, Element};
use super::zipped::{self, Zipped};
use super::{Format, Holds, Input, Unreadable, date, declaration, html, office};
use crate::model::{Extract, Metadatum};
use crate::text::decode::decode;
use crate::text::structure::Declared;

pub(super) const FORMAT: Format = Format {
    name: "epub",
    version: 2,
    media_type: "application/epub+zip",
    extensions: &["epub"],
    holds: Holds::OneDocument,
    recognises: |bytes| {
        zipped::is_of_type(bytes, "application/epub+zip")
            || zipped::holds(bytes, "META-INF/container.xml") && zipped::holds(bytes, ".opf")
    },
    is_signed: true,
    is_bounded: false,
    read,
};

/// The elements of a package that are statements, which are Dublin Core's.
const TERMS: &[&str] = &[
    "title",
    "creator",
    "contributor",
    "subject",
    "description",
    "publisher",
    "date",
    "language",
    "identifier",
    "rights",
    "source",
];

fn read(input: &Input) -> Result<Extract, Unreadable> {
    let mut zipped = Zipped::open(input.bytes)?;
    let container = xml::parse(&zipped.needed("META-INF/container.xml")?)?;
    let rootfile = container.at(&["rootfiles", "rootfile"]);
    let path = rootfile.and_then(|rootfile| rootfile.attribute("full-path"));
    let path = path.ok_or_else(|| Unreadable("names no package".to_owned()))?;
    let package = xml::parse(&zipped.needed(path)?)?;
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut composed = Composed::default();
    let mut notes = Vec::new();
    for reference in spine(&package) {
        let name = resolve(folder, reference);
        match zipped.part(&name) {
            Ok(Some(bytes)) => match decode(&bytes, None) {
                Ok(decoded) => html::add_whole(&decoded.text, &mut composed),
                Err(_) => notes.push(format!("{name} left out: encrypted or damaged")),
            },
            Ok(None) => notes.push(format!("{name} left out: not in the file")),
            Err(unreadable) => notes.push(format!("{name} left out: {unreadable}")),
        }
    }
    if composed.is_empty() && !notes.is_empty() {
        return Err(Unreadable(notes.swap_remove(0)));
    }
    let statements = statements(&package);
    let declared = Declared { title: office::title_of(&statements), place: String::new() };
    let mut extract = composed.extract(&declared);
    declaration::outrank(&mut extract, statements);
    extract.notes.append(&mut notes);
    Ok(extract)
}

/// The addresses of the book's parts in reading order.
fn spine(package: &Element) -> Vec<&str> {
    let (Some(manifest), Some(spine)) = (package.child("manifest"), package.child("spine")) else {
        return Vec::new();
    };
    let items: std::collections::HashMap<&str, &str> = manifest
        .elements()
        .filter_map(|item| Some((item.attribute("id")?, item.attribute("href")?)))
        .collect();
    let named = spine.elements().filter_map(|item| item.attribute("idref"));
    named.filter_map(|id| items.get(id).copied()).collect()
}

fn statements(package: &Element) -> Vec<Metadatum> {
    let mut metadata = Vec::new();
    let Some(properties) = package.child("metadata") else { return metadata };
    for term in TERMS {
        for property in properties.elements().filter(|property| property.name == *term) {
            let text = property.text();
            let (name, value) = match *term {
                "date" => match date::iso(&text) {
                    Some(date) => ("date", date),
                    None => ("date (as written)", text),
                },
                term => (term, text),
            };
            office::push(&mut metadata, name, &value, "OPF", &format!("element dc:{term}"));
        }
    }
    metadata
}

/// The name in the zip file of an address relative to a folder of it.
fn resolve(folder: &str, reference: &str) -> String {
    let reference = reference.split('#').next().unwrap_or_default();
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let reference = unescape(reference);
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// Replaces `%20` and the like (RFC 3986).
fn unescape(reference: &str) -> String {
    let mut bytes = Vec::with_capacity(reference.len());
    let mut rest = reference.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let escaped =
            pair.filter(|_| *first == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = after.get(if escaped.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::super::zipped::zip_of;
    use super::*;
    use crate::model::Kind;

    #[test]
    fn a_book_is_read_in_the_order_of_its_spine() {
        let bytes = zip_of(&[
            ("mimetype", "application/epub+zip"),
            (
                "META-INF/container.xml",
                "<container><rootfiles><rootfile full-path='O/p.opf'/></rootfiles></container>",
            ),
            (
                "O/p.opf",
                "<package xmlns:dc='d'><metadata><dc:title>渡轮</dc:title><dc:creator>Ito Haru</dc:creator>\
                 <dc:language>zh</dc:language><dc:date>2019-06</dc:date></metadata><manifest>\
                 <item id='a' href='t/a%20b.xhtml'/><item id='b' href='../two.xhtml#x'/>\
                 <item id='c' href='gone.xhtml'/></manifest><spine><itemref idref='b'/><itemref idref='a'/>\
                 <itemref idref='c'/></spine></package>",
            ),
            ("O/t/a b.xhtml", "<html><body><p>二</p></body></html>"),
            ("two.xhtml", "<html><body><h2>一章</h2><p>第二艘渡轮将于五月启航。</p></body></html>"),
        ]);
        assert!((FORMAT.recognises)(&bytes));
        let input = Input { bytes: &bytes, name: "a.epub", options: &Options::default() };
        let extract = read(&input).unwrap();
        let kinds: Vec<_> =
            extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect();
        assert_eq!(
            kinds,
            [
                (Kind::Title, "渡轮"),
                (Kind::Heading, "一章"),
                (Kind::Body, "第二艘渡轮将于五月启航。"),
                (Kind::Body, "二"),
            ]
        );
        assert_eq!(extract.first("date"), Some("2019-06"));
        assert_eq!(extract.first("creator"), Some("Ito Haru"));
        assert_eq!(extract.notes, ["O/gone.xhtml left out: not in the file"]);
    }

    #[test]
    fn addresses_never_leave_the_file() {
        assert_eq!(resolve("O/t", "../../../../etc/passwd"), "etc/passwd");
        assert_eq!(resolve("", "./%E6%B8%A1.html"), "渡.html");
        assert_eq!(resolve("a", "%zz%4"), "a/%zz%4");
    }
}

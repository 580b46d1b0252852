//! Files inside documents: objects in a text, a sheet or on a slide, and what is attached to a PDF.
//!
//! Each is a document of its own, at `report.docx!table.xlsx`. What a program keeps for itself, such as the
//! numbers behind a chart or the parts of an equation, is none.

use std::collections::BTreeSet;

use encoding_rs::{UTF_8, UTF_16LE, WINDOWS_1252};

use super::compound::{self, Compound, u16_at, u32_at};
use super::office;
use super::zipped::Zipped;
use crate::model::{Embedded, Extract};

/// Under which name the metadata has the names of embedded files.
pub const TERM: &str = "embedded file";

/// The most files of one document, and their most bytes.
const MOST: usize = 1000;
const MOST_BYTES: usize = 256 << 20;

/// Streams of a compound file whose bytes are a file: of a packed file with its name, of a program that
/// kept its file as it was, and of Office.
const PACKED: &str = "\u{1}Ole10Native";
const KEPT: [&str; 3] = ["CONTENTS", "Package", "EmbeddedOdf"];

/// Streams that make a compound file a document itself, and the ending of its name.
const DOCUMENTS: [(&str, &str); 4] =
    [("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("PowerPoint Document", "ppt")];

/// Adds files to what was read of the document that holds them.
pub(super) fn add(extract: &mut Extract, files: Vec<(Embedded, String)>) {
    let mut names = BTreeSet::new();
    let mut left = MOST_BYTES;
    let total = files.len();
    for (number, (mut file, evidence)) in (1..).zip(files) {
        let fits = left.checked_sub(file.bytes.len()).filter(|_| number <= MOST);
        let Some(after) = fits else {
            extract
                .notes
                .push(format!("{} of {total} embedded files left out", total + 1 - number));
            return;
        };
        left = after;
        file.name = plain_name(&file.name, number);
        // Two files of one name would be one place.
        if !names.insert(file.name.clone()) {
            file.name = format!("{number} {}", file.name);
        }
        office::push(&mut extract.metadata, TERM, &file.name, "embedded", &evidence);
        extract.embedded.push(file);
    }
    if total > 0 && extract.paragraphs.iter().all(|part| part.span.is_empty()) {
        let s = if total == 1 { "" } else { "s" };
        extract.notes.push(format!("{total} embedded file{s}"));
    }
}

/// The last part of a name, which may be a path on the computer where it was embedded.
fn plain_name(name: &str, number: usize) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let words: String = last.chars().filter(|c| !c.is_control()).collect();
    match words.trim() {
        "" => format!("embedded {number}"),
        name => name.to_owned(),
    }
}

/// The files in an Office document of after 2007, each with the part it stands in.
pub(super) fn of_office(zipped: &mut Zipped) -> Vec<(Embedded, String)> {
    let names = zipped.names();
    let charts: Vec<Vec<u8>> = names
        .iter()
        .filter(|name| name.contains("/charts/_rels/"))
        .filter_map(|name| zipped.part(name).ok().flatten())
        .collect();
    let mut files = Vec::new();
    for part in names.iter().filter(|name| name.contains("/embeddings/")) {
        let name = part.rsplit('/').next().unwrap_or_default();
        let is_of_chart =
            |rels: &Vec<u8>| memchr::memmem::find(rels, format!("/{name}\"").as_bytes()).is_some();
        if name.is_empty() || charts.iter().any(is_of_chart) {
            continue;
        }
        // What cannot be unpacked is told of the document's own parts alone.
        let Ok(Some(bytes)) = zipped.part(part) else { continue };
        let found = match office::is_compound(&bytes) {
            true => of_object(name, &bytes),
            false => vec![Embedded { name: name.to_owned(), bytes }],
        };
        files.extend(found.into_iter().map(|file| (file, format!("part {part}"))));
    }
    files
}

/// The file that an object is, or those that it packs.
fn of_object(name: &str, bytes: &[u8]) -> Vec<Embedded> {
    let Ok(mut object) = Compound::open(bytes) else { return Vec::new() };
    let is_document = |(stream, _): &&(&str, &str)| object.has_at_root(stream);
    if let Some((_, ending)) = DOCUMENTS.iter().find(is_document) {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        return vec![Embedded { name: format!("{stem}.{ending}"), bytes: bytes.to_vec() }];
    }
    packed(&mut object, name)
}

/// The files that are packed into a document of Office of before 2007.
pub(super) fn of_compound(bytes: &[u8]) -> Vec<(Embedded, String)> {
    let Ok(mut document) = Compound::open(bytes) else { return Vec::new() };
    let files = packed(&mut document, "object");
    files.into_iter().map(|file| (file, "stream of an object".to_owned())).collect()
}

fn packed(object: &mut Compound, name: &str) -> Vec<Embedded> {
    let is_file = |stream: &str| stream == PACKED || KEPT.contains(&stream);
    let mut files = Vec::new();
    for (stream, bytes) in object.streams_called(is_file, MOST) {
        let found = match &*stream {
            PACKED => of_package(&bytes),
            _ => Some(Embedded { name: named_by_content(name, &bytes), bytes }),
        };
        files.extend(found.filter(|file| !file.bytes.is_empty()));
    }
    files
}

fn named_by_content(name: &str, bytes: &[u8]) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match bytes.starts_with(b"%PDF-") {
        true => format!("{stem}.pdf"),
        false => stem.to_owned(),
    }
}

/// A file with its name, as the Object Packager of Windows packs it: lengths, label, path, bytes, and
/// since Windows XP the names once more in UTF-16.
fn of_package(stream: &[u8]) -> Option<Embedded> {
    let mut at = if u16_at(stream, 4)? == 2 { 6 } else { return None };
    let label = ends_at_zero(stream, &mut at)?;
    let _path = ends_at_zero(stream, &mut at)?;
    at += 4;
    let length = compound::place_at(stream, at)?;
    at = at.checked_add(4)?.checked_add(length)?;
    let length = compound::place_at(stream, at)?;
    at += 4;
    let bytes = stream.get(at..at.checked_add(length)?)?.to_vec();
    at += length;
    let wide = wide(stream, &mut at).and_then(|_temporary| wide(stream, &mut at));
    let name = wide.filter(|name| !name.is_empty()).unwrap_or_else(|| {
        match UTF_8.decode_without_bom_handling_and_without_replacement(label) {
            Some(name) => name.into_owned(),
            None => WINDOWS_1252.decode(label).0.into_owned(),
        }
    });
    Some(Embedded { name, bytes })
}

fn ends_at_zero<'a>(bytes: &'a [u8], at: &mut usize) -> Option<&'a [u8]> {
    let rest = bytes.get(*at..)?;
    let length = memchr::memchr(0, rest)?;
    *at += length + 1;
    rest.get(..length)
}

fn wide(bytes: &[u8], at: &mut usize) -> Option<String> {
    let length = usize::try_from(u32_at(bytes, *at)?).ok()?.checked_mul(2)?;
    let start = at.checked_add(4)?;
    let words = bytes.get(start..start.checked_add(length)?)?;
    *at = start + length;
    Some(UTF_16LE.decode(words).0.trim_end_matches('\0').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A package of a file with these names and bytes.
    fn package(label: &[u8], wide_label: Option<&str>, bytes: &[u8]) -> Vec<u8> {
        let mut stream = vec![0, 0, 0, 0, 2, 0];
        stream.extend([label, b"\0C:\\x\\a.txt\0", &[0, 0, 3, 0, 2, 0, 0, 0], b"t\0"].concat());
        stream.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        stream.extend(bytes);
        for name in wide_label.iter().flat_map(|label| ["t", label]) {
            let units: Vec<u16> = name.encode_utf16().collect();
            stream.extend(u32::try_from(units.len()).unwrap().to_le_bytes());
            stream.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
        }
        stream
    }

    #[test]
    fn a_packed_file_has_its_own_name() {
        let named = |label: &[u8], wide| {
            let file = of_package(&package(label, wide, b"Noon.")).unwrap();
            assert_eq!(file.bytes, b"Noon.");
            file.name
        };
        assert_eq!(named(b"plan.txt", None), "plan.txt");
        assert_eq!(named(b"caf\xe9.txt", None), "café.txt");
        assert_eq!(named(b"??.txt", Some("计划.txt")), "计划.txt");
        let whole = package(b"a", None, b"Noon.");
        for length in 0..whole.len() {
            assert!(of_package(&whole[..length]).is_none(), "{length}");
        }
    }

    #[test]
    fn names_lose_their_paths_and_stay_different() {
        let mut extract = Extract::default();
        let file =
            |name: &str| (Embedded { name: name.to_owned(), bytes: vec![1] }, "part x".to_owned());
        add(&mut extract, vec![file("C:\\a\\b.txt"), file("b.txt"), file("../"), file("\n")]);
        let names: Vec<&str> = extract.embedded.iter().map(|file| &*file.name).collect();
        assert_eq!(names, ["b.txt", "2 b.txt", "embedded 3", "embedded 4"]);
        assert_eq!(extract.all(TERM).count(), 4);
        let many = (0..MOST + 2).map(|number| file(&number.to_string())).collect();
        let mut extract = Extract::default();
        add(&mut extract, many);
        assert_eq!(extract.embedded.len(), MOST);
        assert_eq!(extract.notes, ["2 of 1002 embedded files left out"]);
    }
}

//! PDF files are made here, in the fewest objects that readers accept.

use super::super::Options;
use super::*;
use crate::model::Kind;

/// A line of text: left end, base line from the bottom, size, words.
type Drawn<'a> = (u32, u32, u32, &'a str);

/// A file of these pages, each drawn by its content; `more` goes into the trailer.
fn file(contents: &[String], more: &str) -> Vec<u8> {
    let pages = contents.len();
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {pages}/Kids[{}]>>", kids.join(" ")),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    for (page, content) in contents.iter().enumerate() {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {} 0 R/Resources\
             <</Font<</F 3 0 R>>/XObject<</I {} 0 R>>>>>>",
            5 + 2 * page,
            4 + 2 * pages
        ));
        objects.push(format!("<</Length {}>>stream\n{content}\nendstream", content.len()));
    }
    objects.push(
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray\
         /Length 1>>stream\n0\nendstream"
            .to_owned(),
    );
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).bytes());
    }
    let start = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        bytes.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    bytes.extend(
        format!("trailer\n<</Size {size}/Root 1 0 R{more}>>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    bytes
}

fn page(lines: &[Drawn]) -> String {
    lines
        .iter()
        .map(|(x, y, size, words)| format!("BT /F {size} Tf {x} {y} Td ({words}) Tj ET\n"))
        .collect()
}

fn read_bytes(bytes: &[u8]) -> Result<Extract, Unreadable> {
    read(&Input { bytes, name: "a.pdf", options: &Options::default() })
}

fn paragraphs(extract: &Extract) -> Vec<(Kind, Option<u32>, &str)> {
    extract.paragraphs.iter().map(|part| (part.kind, part.page, &*part.text)).collect()
}

#[test]
fn paragraphs_go_over_pages_and_headers_and_page_numbers_are_boilerplate() {
    let body = "The second ferry between the two ports sails in May, the company says";
    let pages = [
        page(&[
            (50, 770, 9, "Harbour Papers"),
            (50, 700, 20, "The second ferry"),
            (50, 650, 11, body),
            (50, 637, 11, "and it will carry grain. The harbour-"),
            (50, 600, 11, "Timber goes by rail as before, the company and the har-"),
            (50, 587, 11, "bour office say; the bridge is closed at night and the trains of the"),
            (290, 30, 9, "7"),
        ]),
        page(&[
            (50, 770, 9, "Harbour Papers"),
            (50, 740, 11, "Northern line wait for the morning."),
            (50, 700, 11, "So the second ferry is needed at the port of the island."),
            (290, 30, 9, "8"),
        ]),
    ];
    let extract = read_bytes(&file(&pages, "/Info<</Title(Ferry)/Author(Ito; Orlov)>>")).unwrap();
    assert_eq!(
        paragraphs(&extract),
        [
            (Kind::Title, None, "Ferry"),
            (Kind::Boilerplate, Some(1), "Harbour Papers"),
            (Kind::Heading, Some(1), "The second ferry"),
            (Kind::Body, Some(1), &*format!("{body} and it will carry grain. The harbour-")),
            (
                Kind::Body,
                Some(1),
                "Timber goes by rail as before, the company and the har-\nbour office say; the \
                 bridge is closed at night and the trains of the Northern line wait for the morning."
            ),
            (Kind::Boilerplate, Some(1), "7"),
            (Kind::Boilerplate, Some(2), "Harbour Papers"),
            (Kind::Body, Some(2), "So the second ferry is needed at the port of the island."),
            (Kind::Boilerplate, Some(2), "8"),
        ]
    );
    assert_eq!(extract.first("title"), Some("Ferry"));
    assert_eq!(extract.all("creator").collect::<Vec<_>>(), ["Ito", "Orlov"]);
    assert_eq!(extract.metadata[0].evidence, "information dictionary, Title");
}

#[test]
fn pages_that_are_pictures_are_told() {
    let picture = || "q 600 0 0 800 0 0 cm /I Do Q".to_owned();
    let refused = read_bytes(&file(&[picture(), picture()], "")).unwrap_err();
    assert_eq!(
        refused.0,
        "scanned: 2 pages with pictures and no text (run OCR on it, e.g. with ocrmypdf)"
    );
    let mixed = [page(&[(50, 700, 11, "A first page of text.")]), picture(), picture()];
    let extract = read_bytes(&file(&mixed, "")).unwrap();
    assert_eq!(extract.notes, ["no text but pictures on page 2-3 of 3"]);
}

#[test]
fn what_is_encrypted_damaged_or_without_pages_is_refused_with_the_reason() {
    let text = [page(&[(50, 700, 11, "Secret.")])];
    let (owner, user) = ("a".repeat(32), "b".repeat(32));
    let lock = format!(
        "/ID[(0123456789abcdef)(0123456789abcdef)]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O({owner})/U({user})>>"
    );
    let reason = |bytes: &[u8]| read_bytes(bytes).unwrap_err().0;
    assert_eq!(
        reason(&file(&text, &lock)),
        "encrypted, needs a password (save a copy without one, e.g. with qpdf --decrypt)"
    );
    assert_eq!(reason(b"%PDF-1.4\n"), "a damaged PDF: its pages cannot be found");
}

#[test]
fn a_list_of_pages_that_leads_back_into_itself_ends() {
    let whole = String::from_utf8(file(&[page(&[(50, 700, 11, "Once.")])], "")).unwrap();
    let circle = whole.replace("/Kids[4 0 R]", "/Kids[2 0 R 4 0 R]");
    assert_eq!(
        paragraphs(&read_bytes(circle.as_bytes()).unwrap()),
        [(Kind::Body, Some(1), "Once.")]
    );
}

#[test]
fn nesting_without_end_is_passed_over() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let text = page(&[(50, 700, 11, "Before.")]);
    let contents = [format!("{text}{deep} TJ {}", "q ".repeat(100_000))];
    let extract = read_bytes(&file(&contents, "")).unwrap();
    assert_eq!(paragraphs(&extract), [(Kind::Body, Some(1), "Before.")]);
}

#[test]
fn a_pdf_behind_other_bytes_is_known() {
    let mut bytes = b"<html>gone</html>".to_vec();
    bytes.extend(file(&[page(&[(50, 700, 11, "Here.")])], ""));
    assert!(recognises(&bytes) && !recognises(b"A PDF begins with %PDF-1.4 and ends with %%EOF"));
    assert_eq!(paragraphs(&read_bytes(&bytes).unwrap()), [(Kind::Body, Some(1), "Here.")]);
}

#[test]
fn columns_are_read_one_after_the_other() {
    let mut lines: Vec<(u32, u32, u32, String)> = Vec::new();
    for line in 0..6 {
        let y = 700 - 13 * line;
        lines.push((50, y, 10, format!("left side of the page in its line number {line}")));
        lines.push((320, y, 10, format!("right side of the page in its line number {line}")));
    }
    let drawn: Vec<Drawn> =
        lines.iter().map(|(x, y, size, text)| (*x, *y, *size, &**text)).collect();
    let extract = read_bytes(&file(&[page(&drawn)], "")).unwrap();
    let text: Vec<&str> = extract.paragraphs.iter().map(|part| &*part.text).collect();
    let joined = text.join(" ");
    assert!(joined.find("left side of the page in its line number 5") < joined.find("right side"));
}

#[test]
fn a_page_without_words_is_said_to_be_blank_drawn_or_lost() {
    let notes = |content: &str| read_bytes(&file(&[content.to_owned()], "")).unwrap().notes;
    assert_eq!(notes(""), ["empty", "its pages are blank"]);
    let drawn = "its pages draw lines and shapes alone (where these are words, run OCR on it)";
    assert_eq!(notes("10 10 m 90 90 l S"), ["empty", drawn]);
    // What should be a stream is none.
    let whole = String::from_utf8(file(&[page(&[(50, 700, 12, "Noon")])], "")).unwrap();
    let broken = whole.replace("/Contents 5 0 R", "/Contents [3 0 R]");
    assert_eq!(
        read_bytes(broken.as_bytes()).unwrap_err().0,
        "damaged or cut off: the content of page 1 is lost"
    );
}

//! PDFs that are locked, broken or made to break their reader.

use super::{Case, Failed, Folder, Holds, case, judge, one};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write;

pub(super) const CASES: &[Case] = &[
    case(53, "encrypted PDF that opens without a password", || {
        let bytes = include_bytes!("../../data/bad/no-password.pdf");
        one("open.pdf", bytes, &Holds("The ferry sails at noon today."));
    }),
    case(54, "encrypted PDF that needs a password", || {
        let bytes = include_bytes!("../../data/bad/password.pdf");
        one("locked.pdf", bytes, &Failed("encrypted, needs a password"));
    }),
    case(55, "PDF cut off, without cross references, behind garbage", || {
        let good = text();
        let table = good.windows(5).position(|bytes| bytes == b"xref\n").unwrap();
        one("table.pdf", &good[..table], &Holds("The ferry sails at noon today."));
        let behind = [&b"HTTP junk before\n".repeat(10)[..], &good].concat();
        one("behind.pdf", behind, &Holds("The ferry sails at noon today."));
        // In the middle of the page's content.
        one("cut.pdf", &good[..good.len() / 2], &Failed("damaged or cut off"));
        one("begun.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R", &Failed("PDF"));
        one("no.pdf", b"%PDF-1.7\n%%EOF", &Failed("PDF"));
    }),
    case(56, "PDF with pages or bookmarks in a circle, endless arrays and widths", || {
        let [catalog, pages, page, content, font] = parts();
        let circle = "<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 99999999>>";
        let bytes = pdf(&[&catalog, circle, &page, &content, &font]);
        one("kids.pdf", bytes, &Holds("The ferry sails at noon today."));
        let bytes = pdf(&[
            "<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>",
            &pages,
            &page,
            &content,
            &font,
            "<</Type/Outlines/First 7 0 R/Last 7 0 R>>",
            "<</Title(a)/Parent 6 0 R/Next 7 0 R/First 7 0 R/Dest[3 0 R /Fit]>>",
        ]);
        one("outline.pdf", bytes, &Holds("The ferry sails at noon today."));
        let deep = format!(
            "<</Type/Catalog/Pages 2 0 R/X {}{}>>",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        one("deep.pdf", pdf(&[&deep, &pages, &page, &content, &font]), &super::Either);
        one("widths.pdf", widths(), &Failed("needs more than"));
    }),
    case(57, "PDF whose few bytes unpack to gigabytes", || {
        let zeros = packed(&packed(&b"0 ".repeat(200 << 20)));
        let content = [
            format!("<</Length {}/Filter[/FlateDecode/FlateDecode]>>stream\n", zeros.len())
                .as_bytes(),
            &zeros,
            b"\nendstream",
        ]
        .concat();
        let [catalog, pages, page, _, font] = parts();
        let objects =
            [catalog.as_bytes(), pages.as_bytes(), page.as_bytes(), &content, font.as_bytes()];
        one("bomb.pdf", of_bytes(&objects), &super::Either);
    }),
    case(58, "PDF with pictures only", || {
        let bytes = pdf(&[
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
            &stream("q 300 0 0 200 0 0 cm /I Do Q", ""),
            &stream(
                &"x".repeat(100),
                "/Type/XObject/Subtype/Image/Width 10/Height 10/BitsPerComponent 8/ColorSpace/DeviceGray",
            ),
        ]);
        one("scan.pdf", bytes, &Failed("scanned: 1 page with pictures and no text"));
    }),
    case(59, "PDF of 5,000 pages", || {
        let count = 5_000;
        let kids: Vec<String> = (0..count).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
        let mut objects = vec![
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            format!("<</Type/Pages/Kids[{}]/Count {count}>>", kids.join(" ")),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        ];
        for page in 0..count {
            objects.push(format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents {} 0 R/Resources<</Font<</F 3 0 R>>>>>>",
                5 + 2 * page
            ));
            let text =
                format!("BT /F 12 Tf 20 100 Td (The ferry sails on page {page} today.) Tj ET");
            objects.push(stream(&text, ""));
        }
        let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
        let folder = Folder::new();
        folder.write("d/book.pdf", pdf(&objects));
        judge(&folder, "book.pdf", &Holds("The ferry sails on page 4999 today."));
    }),
];

/// A PDF whose one font claims two thousand million widths.
pub(super) fn widths() -> Vec<u8> {
    let [catalog, pages, page, content, _] = parts();
    pdf(&[
        &catalog,
        &pages,
        &page,
        &content,
        "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/W[0 2000000000 500]>>",
    ])
}

fn text() -> Vec<u8> {
    let parts = parts();
    pdf(&[&parts[0], &parts[1], &parts[2], &parts[3], &parts[4]])
}

/// Catalogue, pages, page, content and font of a page with one line.
fn parts() -> [String; 5] {
    [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".to_owned(),
        stream("BT /F 12 Tf 20 100 Td (The ferry sails at noon today.) Tj ET", ""),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ]
}

fn stream(content: &str, more: &str) -> String {
    format!("<</Length {}{more}>>stream\n{content}\nendstream", content.len())
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn pdf(objects: &[&str]) -> Vec<u8> {
    let objects: Vec<&[u8]> = objects.iter().map(|object| object.as_bytes()).collect();
    of_bytes(&objects)
}

/// A PDF of these objects, the first of which is the catalogue.
fn of_bytes(objects: &[&[u8]]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (number, object) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend(format!("{number} 0 obj\n").as_bytes());
        bytes.extend(*object);
        bytes.extend(b"\nendobj\n");
    }
    let count = objects.len() + 1;
    let end = format!(
        "xref\n0 {count}\n{table}trailer<</Root 1 0 R/Size {count}>>\nstartxref\n{}\n%%EOF\n",
        bytes.len()
    );
    bytes.extend(end.as_bytes());
    bytes
}

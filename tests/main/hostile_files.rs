//! A folder of files that are made to harm whoever reads them, beside good ones.

#![allow(clippy::unwrap_used, reason = "a trial must not go on")]

use crate::made::{docx, entities, gzip, pdf, tar_of, zip_of};
use std::fs;
use std::path::Path;

/// What becomes of a file: the end of its location, its outcome, and how the reason of a failure begins.
pub(crate) type Fate = (&'static str, &'static str, &'static str);

/// What has to become of each of the files, in the order of the ledger.
pub(crate) const FATES: [Fate; 28] = [
    ("a-good.docx", "stored", ""),
    ("a-good.html", "stored", ""),
    ("a-good.pdf", "stored", ""),
    ("bomb.docx", "failed", "unpacks to more than 200 times its size"),
    ("bomb.txt.gz!bomb.txt", "failed", "unpacks to more than 200 times its size and 64 MiB"),
    ("bomb.txt.gz", "failed", "unpacks to more than 200 times its size and 64 MiB"),
    ("bomb.zip!a.txt", "stored", ""),
    ("bomb.zip!b.zip!zeros.txt", "failed", "unpacks to more than 200 times its size and 64 MiB"),
    ("bomb.zip!b.zip", "failed", "unpacks to more than 200 times its size and 64 MiB"),
    ("bomb.zip", "failed", "unpacks to more than 200 times its size and 64 MiB"),
    ("closed.pdf", "failed", "encrypted, needs a password"),
    ("cut.txt.gz!cut.txt", "failed", "cut off"),
    ("cut.txt.gz", "container", ""),
    ("deep.docx", "failed", "broken XML inside (nested too deep)"),
    ("deep.html", "stored", ""),
    ("deep.jsonl!1", "failed", "not a JSON object: recursion limit exceeded"),
    ("deep.jsonl", "container", ""),
    ("deep.rtf", "failed", "broken RTF (groups nested too deep)"),
    ("entities.docx", "stored", ""),
    ("loop.pdf", "failed", "a PDF without pages"),
    ("slip.tar!../../up.txt", "stored", ""),
    ("slip.tar", "container", ""),
    ("slip.zip!../../up.txt", "stored", ""),
    ("slip.zip!/tmp/abs.txt", "stored", ""),
    ("slip.zip", "container", ""),
    ("tables.html", "stored", ""),
    ("wide.html", "stored", ""),
    ("z-good.txt", "stored", ""),
];

/// Levels of nesting.
const DEPTH: usize = 100_000;

/// Writes the files into the folder.
pub(crate) fn write(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let put = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    put(
        "a-good.docx",
        &docx(&paragraphs("<w:p><w:r><w:t>The docks open at eight.</w:t></w:r></w:p>")),
    );
    put("a-good.html", b"<html><title>Ferry</title><p>The ferry sails at noon.</html>");
    put("a-good.pdf", &good_pdf());
    put("z-good.txt", b"The bridge closes at five.");
    bombs(&put);
    deep(&put);
    broken(&put);
    let climbing: [(&str, &[u8]); 2] = [("../../up.txt", b"One."), ("/tmp/abs.txt", b"Two.")];
    put("slip.zip", &zip_of(&climbing));
    put("slip.tar", &tar_of(&[("../../up.txt", b"Three.")]));
}

fn paragraphs(inner: &str) -> String {
    format!("<w:document xmlns:w='x'><w:body>{inner}</w:body></w:document>")
}

/// Little that unpacks to much: 1.3 GB of zeros in zip files in a zip file.
fn bombs(put: &dyn Fn(&str, &[u8])) {
    let zeros = vec![b'0'; 80 << 20];
    let inner = zip_of(&[("zeros.txt", &zeros)]);
    let names: Vec<String> = ('b'..='q').map(|letter| format!("{letter}.zip")).collect();
    let mut members: Vec<(&str, &[u8])> = vec![("a.txt", b"The ferry returns at six.")];
    members.extend(names.iter().map(|name| (name.as_str(), inner.as_slice())));
    put("bomb.zip", &zip_of(&members));
    put("bomb.txt.gz", &gzip(&zeros));
    put("bomb.docx", &docx(&String::from_utf8(zeros).unwrap()));
    put("entities.docx", &docx(&entities()));
}

/// What is nested deeper than any stack.
fn deep(put: &dyn Fn(&str, &[u8])) {
    let (open, close) = ("<div>".repeat(DEPTH), "</div>".repeat(DEPTH));
    put("deep.html", format!("<html><body>{open}It returns at six.{close}").as_bytes());
    put("tables.html", ("<table><tr><td>x<td>".repeat(DEPTH / 10) + "Tons").as_bytes());
    put("wide.html", ("<p>".to_owned() + &"<b>f<i>".repeat(DEPTH)).as_bytes());
    let (open, close) = ("<w:sdt>".repeat(DEPTH), "</w:sdt>".repeat(DEPTH));
    put("deep.docx", &docx(&paragraphs(&format!("{open}<w:p/>{close}"))));
    put(
        "deep.rtf",
        format!("{{\\rtf1 {} ferry {}", "{".repeat(DEPTH), "}".repeat(DEPTH)).as_bytes(),
    );
    let (open, close) = ("[".repeat(DEPTH), "]".repeat(DEPTH));
    put("deep.jsonl", format!("{{\"text\": {open}{close}}}\n").as_bytes());
}

/// What ends too soon, is closed, or goes in a circle.
fn broken(put: &dyn Fn(&str, &[u8])) {
    let noise: String =
        (0..20_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_string()).collect();
    let whole = gzip(noise.as_bytes());
    put("cut.txt.gz", whole.get(..whole.len() / 2).unwrap());
    let object = str::to_owned;
    let closed = "<< /Filter /Standard /V 1 /R 2 /P -4 /O <O> /U <U> >>"
        .replace("<O>", &format!("<{}>", "11".repeat(32)))
        .replace("<U>", &format!("<{}>", "22".repeat(32)));
    let encrypted = [
        object("<< /Type /Catalog /Pages 2 0 R >>"),
        object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>"),
        closed,
    ];
    put("closed.pdf", &pdf(&encrypted, "/Encrypt 4 0 R /ID [<00><00>] "));
    let circle = [
        object("<< /Type /Catalog /Pages 2 0 R >>"),
        object("<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"),
        object("<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>"),
    ];
    put("loop.pdf", &pdf(&circle, ""));
}

fn good_pdf() -> Vec<u8> {
    let shown = "BT /F1 12 Tf 20 100 Td (The harbour is dredged every spring.) Tj ET";
    pdf(
        &[
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents 4 0 R
                /Resources << /Font << /F1 5 0 R >> >> >>"
                .to_owned(),
            format!("<< /Length {} >>\nstream\n{shown}\nendstream", shown.len()),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        ],
        "",
    )
}

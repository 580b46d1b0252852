//! Containers and zipped documents that are damaged, locked or made to fill a disk.

use super::{Any, Case, Failed, Folder, Holds, case, judge, one};
use crate::fuzz::seeds::small;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub(super) const CASES: &[Case] = &[
    case(60, "DOCX, ODT, EPUB or zip file that unpacks to gigabytes", || {
        let long = b"a".repeat(80 << 20);
        for (name, part) in [("bomb.docx", "word/document.xml"), ("bomb.odt", "content.xml")] {
            one(
                name,
                zip(&[("mimetype", b"x"), (part, &long)]),
                &Failed("unpacks to more than 200 times"),
            );
        }
        let book = zip(&[
            ("mimetype", b"application/epub+zip"),
            ("META-INF/container.xml", b"<container><rootfiles><rootfile full-path='c.opf'/></rootfiles></container>"),
            ("c.opf", b"<package><manifest><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/></manifest><spine><itemref idref='a'/></spine></package>"),
            ("a.xhtml", &long),
        ]);
        one("bomb.epub", book, &Failed("unpacks to more than 200 times"));
        let folder = Folder::new();
        folder.write("d/bomb.zip", zip(&[("a.txt", b"The train waits."), ("b.txt", &long)]));
        told(
            &folder,
            "bomb.zip",
            &["!a.txt|stored|", "!b.txt|failed|unpacks to more than 200 times"],
        );
    }),
    case(61, "member names that lead out of the container", || {
        let folder = Folder::new();
        folder.write(
            "d/slip.zip",
            zip(&[("../../up.txt", b"One."), ("/abs.txt", b"Two."), ("..\\b.txt", b"Three.")]),
        );
        let before = folder.names();
        told(&folder, "slip.zip", &["!../../up.txt|stored|", "!/abs.txt|stored|"]);
        assert_eq!(folder.names(), [before, vec!["fonds.db".to_owned()]].concat());
    }),
    case(62, "zip file with false sizes, wrong checksums or a name that stands twice", || {
        let stored = zip_with(
            &[("a.txt", b"The train waits."), ("b.txt", b"The bridge closes.")],
            CompressionMethod::Stored,
        );
        let folder = Folder::new();
        folder.write("d/sum.zip", replaced(&stored, b"The bridge closes.", b"The bridge opened."));
        told(&folder, "sum.zip", &["!a.txt|stored|", "!b.txt|failed|invalid checksum"]);
        let mut sizes =
            zip(&[("a.txt", &b"The train waits.".repeat(100)), ("b.txt", b"The bridge closes.")]);
        let list = sizes.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        sizes[list + 24..list + 28].copy_from_slice(&0xffff_fff0_u32.to_le_bytes());
        let folder = Folder::new();
        folder.write("d/sizes.zip", sizes);
        told(&folder, "sizes.zip", &["!b.txt|stored|"]);
        let twice = zip_with(
            &[("a.txt", b"The train waits."), ("b.txt", b"The bridge closes.")],
            CompressionMethod::Stored,
        );
        let folder = Folder::new();
        folder.write(
            "d/twice.zip",
            replaced(&replaced(&twice, b"b.txt", b"a.txt"), b"b.txt", b"a.txt"),
        );
        told(&folder, "twice.zip", &["!a.txt|stored|", "twice.zip|container|2 members"]);
        let texts = "SELECT text FROM paragraph WHERE text LIKE '%train%' OR text LIKE '%closes.' ORDER BY 1";
        assert_eq!(folder.rows(texts), ["The bridge closes.", "The train waits."]);
    }),
    case(63, "DOCX with an external entity or a template elsewhere", || {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}/evil.dotm", listener.local_addr().unwrap());
        let document = format!(
            "<!DOCTYPE x [<!ENTITY e SYSTEM '{address}'>]><w:document xmlns:w='w'><w:body><w:p><w:r><w:t>The train waits.</w:t></w:r></w:p></w:body></w:document>"
        );
        let settings = format!(
            "<Relationships><Relationship Id='r1' Type='attachedTemplate' Target='{address}' TargetMode='External'/></Relationships>"
        );
        let bytes = zip(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("word/document.xml", document.as_bytes()),
            ("word/_rels/settings.xml.rels", settings.as_bytes()),
        ]);
        one("outside.docx", bytes, &Holds("The train waits."));
        assert!(listener.accept().is_err(), "something was fetched");
    }),
    case(64, "encrypted zip file or office document", || {
        let mut bytes = zip_with(
            &[("a.txt", b"The train waits."), ("b.txt", b"The bridge opens.")],
            CompressionMethod::Stored,
        );
        let list = bytes.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        bytes[6] |= 1;
        bytes[list + 8] |= 1;
        let folder = Folder::new();
        folder.write("d/locked.zip", bytes);
        told(&folder, "locked.zip", &["!a.txt|failed|encrypted", "!b.txt|stored|"]);
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let compound =
            [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &[0; 1016], &name, &[0; 2000]].concat();
        one("locked.docx", compound, &Failed("encrypted"));
    }),
    case(65, "containers 20 deep in each other", || {
        let mut bytes = b"The train waits.".to_vec();
        for level in 0..20 {
            let name = if level == 0 { "a.txt".to_owned() } else { format!("{level}.zip") };
            bytes = zip(&[(&name, &bytes)]);
        }
        let folder = Folder::new();
        folder.write("d/deep.zip", bytes);
        told(
            &folder,
            "deep.zip",
            &["|failed|containers are opened 8 deep, and this one is deeper"],
        );
    }),
    case(66, "gzip file with more behind it, of several members, cut off", || {
        let folder = Folder::new();
        folder.write("d/behind.txt.gz", [&gzip(b"The train waits.")[..], b"garbage"].concat());
        folder.write("d/parts.txt.gz", [gzip(b"One train.\n\n"), gzip(b"Two trains.\n")].concat());
        let noise: Vec<u8> =
            (0..9000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let cut = gzip(&noise);
        folder.write("d/cut.txt.gz", &cut[..cut.len() / 2]);
        told(
            &folder,
            "cut.txt",
            &["behind.txt|stored|", "parts.txt|stored|", "cut.txt|failed|cut off"],
        );
        assert_eq!(folder.rows("SELECT count(*) FROM paragraph WHERE text LIKE '%train%'"), ["3"]);
    }),
    case(67, "WARC compressed as a whole", || {
        let folder = Folder::new();
        folder.write("d/whole.warc.gz", gzip(&small("warc").concat()));
        told(
            &folder,
            "whole.warc.gz",
            &["!http://x.example/a/|stored|", "!http://x.example/b|stored|"],
        );
    }),
    case(68, "WARC whose lengths are off by one", || {
        let lengths =
            [page("a", "One.", "", -1), page("b", "Two.", "", 1), page("c", "Three.", "", 0)];
        let folder = Folder::new();
        folder.write("d/off.warc", lengths.concat());
        told(
            &folder,
            "off.warc",
            &[
                "!http://x.example/a|stored|",
                "!http://x.example/b|stored|",
                "!http://x.example/c|stored|",
                "gaps between records",
            ],
        );
    }),
    case(69, "WARC whose digests are wrong", || {
        let wrong = "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n";
        let folder = Folder::new();
        folder.write("d/digest.warc", page("a", "One.", wrong, 0) + &page("b", "Two.", "", 0));
        told(
            &folder,
            "digest.warc",
            &[
                "!http://x.example/a|stored|",
                "!http://x.example/b|stored|",
                "1 records whose digest is wrong",
            ],
        );
    }),
    case(70, "WARC with revisits, errors and redirects", || {
        let other = |kind: &str, http: &str| {
            format!(
                "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://x.example/o\r\nContent-Length: {}\r\n\r\n{http}\r\n\r\n",
                http.len()
            )
        };
        let crawl = [
            page("a", "One.", "", 0),
            other("response", "HTTP/1.1 404 Not Found\r\n\r\ngone"),
            other("response", "HTTP/1.1 301 Moved\r\nLocation: /b\r\n\r\n"),
            other("revisit", ""),
        ];
        let folder = Folder::new();
        folder.write("d/crawl.warc", crawl.concat());
        told(&folder, "crawl.warc", &["not taken: 1 errors, 1 redirects, 1 revisits"]);
        assert_eq!(folder.rows("SELECT count(*) FROM document"), ["3"]);
    }),
];

/// Ingests the folder and looks for these rows in the ledger.
fn told(folder: &Folder, name: &str, rows: &[&str]) {
    let ran = judge(folder, name, &Any);
    let ledger = folder.rows("SELECT location, outcome, reason FROM ledger").join("\n");
    for row in rows {
        assert!(ledger.contains(row), "{row}: {ledger}");
        if row.contains("|failed|") {
            let reason = row.rsplit('|').next().unwrap();
            assert!(ran.stderr.contains(reason), "{}", ran.stderr);
        }
    }
}

fn page(path: &str, text: &str, more: &str, off: isize) -> String {
    let block =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>{text} The train waits.</p>");
    let length = block.len().checked_add_signed(off).unwrap();
    format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x.example/{path}\r\n\
         WARC-Date: 2020-03-04T05:06:07Z\r\n{more}Content-Length: {length}\r\n\r\n{block}\r\n\r\n"
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(members, CompressionMethod::Deflated)
}

fn zip_with(members: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The bytes with the first of these replaced.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|window| window == old).unwrap();
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

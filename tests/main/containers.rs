//! What becomes of containers: every member a document at its place, and nothing that can be had lost.

use crate::made::{gzip, pdf, tar_of, zip_of};
use crate::support::{Folder, Ran};

fn record(kind: &str, address: &str, content: &str) -> Vec<u8> {
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2020-03-04T05:06:07Z\r\n\
         Content-Length: {}\r\n\r\n{content}\r\n\r\n",
        content.len()
    )
    .into_bytes()
}

fn crawl() -> Vec<Vec<u8>> {
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>Ferry</title><p>The ferry sails at noon.</p></html>";
    vec![
        record("request", "http://x.example/a/", "GET /a/ HTTP/1.1\r\n\r\n"),
        record("response", "http://x.example/a/", page),
        record("response", "http://x.example/b", "HTTP/1.1 301 Moved\r\n\r\n"),
        record("revisit", "http://x.example/a/", ""),
        record(
            "response",
            "http://x.example/c",
            "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx",
        ),
    ]
}

fn told(folder: &Folder) -> Vec<String> {
    folder.rows("SELECT location, outcome, reason FROM ledger ORDER BY ordinal")
}

fn some_failed(ran: &Ran) {
    assert_eq!(ran.status, 3, "{ran:?}");
}

#[test]
fn members_of_a_zip_in_a_zip_are_documents_at_their_places() {
    let folder = Folder::new();
    let inner = zip_of(&[("deep/file.txt", b"The ferry sails at noon.")]);
    let outer = zip_of(&[("inner.zip", &inner), ("b.txt", b"The bridge closes at five.")]);
    folder.write("outer.zip", outer);
    folder.fonds(&["ingest", "outer.zip"]).done();
    assert_eq!(
        told(&folder),
        [
            "DIR/outer.zip!inner.zip!deep/file.txt|stored|",
            "DIR/outer.zip!inner.zip|container|1 member",
            "DIR/outer.zip!b.txt|stored|",
            "DIR/outer.zip|container|2 members",
        ]
    );
    assert_eq!(
        folder.rows("SELECT label, container FROM document JOIN sighting ON document.id = document_id WHERE location LIKE '%deep%'"),
        ["outer.zip!inner.zip!deep/file.txt|DIR/outer.zip!inner.zip"]
    );
    let output = folder
        .command(&["show", "outer.zip!inner.zip!deep/file.txt", "--original"])
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"The ferry sails at noon.");
}

#[test]
fn a_compressed_tar_is_one_container_and_its_times_are_kept() {
    let folder = Folder::new();
    let tar = tar_of(&[("d/a.txt", b"The ferry sails at noon."), ("d/.hidden", b"x")]);
    folder.write("a.tar.gz", gzip(&tar));
    folder.write("b.txt.gz", gzip(b"The bridge closes at five."));
    folder.write("c.jsonl.gz", gzip(b"{\"text\":\"It returns at six.\"}\n"));
    folder.fonds(&["ingest", "a.tar.gz", "b.txt.gz", "c.jsonl.gz"]).done();
    assert_eq!(
        told(&folder),
        [
            "DIR/a.tar.gz!d/a.txt|stored|",
            "DIR/a.tar.gz!d/.hidden|skipped|hidden",
            "DIR/a.tar.gz|container|1 member",
            "DIR/b.txt.gz!b.txt|stored|",
            "DIR/b.txt.gz|container|1 member",
            "DIR/c.jsonl.gz!1|stored|",
            "DIR/c.jsonl.gz|container|1 records",
        ]
    );
    assert_eq!(
        folder.rows("SELECT modified_at FROM sighting WHERE location LIKE '%a.txt'"),
        ["2020-09-13T12:26:40Z"]
    );
}

#[test]
fn every_message_of_a_mailbox_is_a_document_and_attachments_are_its_members() {
    let folder = Folder::new();
    let mailbox = "From a@x.example Mon Jan  6 10:00:00 2020\nFrom: a@x.example\nSubject: one\n\nIt sails at noon.\n\n\
        From b@x.example Tue Jan  7 10:00:00 2020\nFrom: b@x.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=cut\n\n\
        --cut\nContent-Type: text/plain\n\nSee below.\n\
        --cut\nContent-Type: text/plain\nContent-Disposition: attachment; filename=plan.txt\n\nThe plan of the harbour.\n--cut--\n\n\
        From c@x.example Wed Jan  8 10:00:00 2020\nFrom: c@x.example\nSubject: three\n\nIt returns at six.\n";
    folder.write("box.mbox", mailbox);
    folder.fonds(&["ingest", "box.mbox"]).done();
    assert_eq!(
        told(&folder),
        [
            "DIR/box.mbox!1|stored|",
            "DIR/box.mbox!2|stored|",
            "DIR/box.mbox!2!plan.txt|stored|",
            "DIR/box.mbox!3|stored|",
            "DIR/box.mbox|container|3 messages",
        ]
    );
}

#[test]
fn pages_of_a_web_archive_stand_under_their_addresses_however_it_is_compressed() {
    for (name, bytes) in [
        ("plain.warc", crawl().concat()),
        ("records.warc.gz", crawl().iter().flat_map(|record| gzip(record)).collect()),
        ("whole.warc.gz", gzip(&crawl().concat())),
    ] {
        let folder = Folder::new();
        folder.write(name, bytes);
        folder.fonds(&["ingest", name]).done();
        assert_eq!(
            told(&folder),
            [
                format!("DIR/{name}!http://x.example/a/|stored|"),
                format!("DIR/{name}!http://x.example/c|skipped|declared as image/png"),
                format!(
                    "DIR/{name}|container|2 records; not taken: 1 redirects, 1 requests, 1 revisits"
                ),
            ]
        );
        assert_eq!(
            folder.rows("SELECT title, media_type, modified_at FROM document JOIN sighting ON document.id = document_id"),
            ["Ferry|text/html|2020-03-04T05:06:07Z"]
        );
        assert_eq!(
            folder.rows("SELECT name, value, evidence FROM metadata WHERE method = 'container' ORDER BY name"),
            [
                "captured|2020-03-04T05:06:07Z|field WARC-Date",
                "source|http://x.example/a/|field WARC-Target-URI",
            ]
        );
        let shown = folder.fonds(&["show", &format!("{name}!http://x.example/a/")]).done();
        assert!(shown.starts_with("Ferry\n"), "{shown}");
    }
}

#[test]
fn names_that_climb_out_of_their_container_write_nothing_anywhere() {
    let folder = Folder::new();
    folder.write("d/slip.zip", zip_of(&[("../../up.txt", b"One."), ("/abs.txt", b"Two.")]));
    folder.write("d/slip.tar", tar_of(&[("../up.txt", b"Three.")]));
    folder.fonds(&["ingest", "d"]).done();
    assert_eq!(folder.names(), ["d", "fonds.db"]);
    assert_eq!(
        told(&folder),
        [
            "DIR/d/slip.tar!../up.txt|stored|",
            "DIR/d/slip.tar|container|1 member",
            "DIR/d/slip.zip!../../up.txt|stored|",
            "DIR/d/slip.zip!/abs.txt|stored|",
            "DIR/d/slip.zip|container|2 members",
        ]
    );
}

#[test]
fn a_bomb_is_refused_and_what_stands_before_and_beside_it_is_stored() {
    let folder = Folder::new();
    let zeros = vec![b'0'; 80 << 20];
    folder.write("d/bomb.zip", zip_of(&[("a.txt", b"The ferry."), ("b.txt", &zeros)]));
    folder.write("d/z.txt", "The bridge closes at five.");
    let ran = folder.fonds(&["ingest", "d"]);
    some_failed(&ran);
    assert_eq!(
        told(&folder),
        [
            "DIR/d/bomb.zip!a.txt|stored|",
            "DIR/d/bomb.zip!b.txt|failed|unpacks to more than 200 times its size and 64 MiB",
            "DIR/d/bomb.zip|failed|unpacks to more than 200 times its size and 64 MiB, stopped after 2 members",
            "DIR/d/z.txt|stored|",
        ]
    );
}

#[test]
fn containers_nested_too_deep_are_told_and_not_opened() {
    let folder = Folder::new();
    let mut bytes = b"The ferry sails at noon.".to_vec();
    let mut name = "a.txt".to_owned();
    for level in 0..10 {
        bytes = zip_of(&[(&name, &bytes)]);
        name = format!("{level}.zip");
    }
    folder.write("deep.zip", bytes);
    some_failed(&folder.fonds(&["ingest", "deep.zip"]));
    assert_eq!(
        folder.rows("SELECT reason FROM ledger WHERE outcome = 'failed'"),
        ["containers are opened 8 deep, and this one is deeper"]
    );
}

#[test]
fn of_a_container_that_is_cut_off_the_members_before_the_cut_are_stored() {
    let folder = Folder::new();
    let noise: Vec<u8> = (0..60_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_string().into_bytes())
        .collect();
    let members: [(&str, &[u8]); 2] = [("a.txt", b"The ferry sails at noon."), ("b.txt", &noise)];
    for (name, bytes) in [
        ("cut.tar.gz", gzip(&tar_of(&members))),
        ("cut.tar", tar_of(&members)),
        ("cut.zip", zip_of(&members)),
    ] {
        folder.write(&format!("d/{name}"), &bytes[..bytes.len() / 2]);
    }
    let whole = gzip(b"The bridge closes at five. It is an old bridge, and nobody knows its age.");
    folder.write("d/cut.txt.gz", &whole[..whole.len() / 2]);
    some_failed(&folder.fonds(&["ingest", "d"]));
    assert_eq!(
        folder.rows("SELECT location, outcome FROM ledger ORDER BY ordinal"),
        [
            "DIR/d/cut.tar!a.txt|stored",
            "DIR/d/cut.tar!b.txt|failed",
            "DIR/d/cut.tar|failed",
            "DIR/d/cut.tar.gz!a.txt|known",
            "DIR/d/cut.tar.gz!b.txt|failed",
            "DIR/d/cut.tar.gz|failed",
            "DIR/d/cut.txt.gz!cut.txt|failed",
            "DIR/d/cut.txt.gz|container",
            "DIR/d/cut.zip!a.txt|known",
            "DIR/d/cut.zip!b.txt|failed",
            "DIR/d/cut.zip|failed",
        ]
    );
}

#[test]
fn an_encrypted_member_is_said_to_be_encrypted_and_the_others_are_read() {
    let folder = Folder::new();
    let mut bytes = zip_of(&[("a.txt", b"The ferry."), ("b.txt", b"The bridge.")]);
    // Bit 0 of the flags, in the first member's own header and in the list.
    for (mark, flags) in [(&b"PK\x03\x04"[..], 6), (b"PK\x01\x02", 8)] {
        let at = bytes.windows(4).position(|window| window == mark).unwrap();
        bytes[at + flags] |= 1;
    }
    folder.write("a.zip", bytes);
    some_failed(&folder.fonds(&["ingest", "a.zip"]));
    assert_eq!(
        told(&folder),
        [
            "DIR/a.zip!a.txt|failed|encrypted",
            "DIR/a.zip!b.txt|stored|",
            "DIR/a.zip|container|2 members"
        ]
    );
}

#[test]
fn an_office_document_stays_one_and_a_broken_zip_is_still_hashed() {
    let folder = Folder::new();
    let document = "<w:document xmlns:w='x'><w:body><w:p><w:r><w:t>The ferry sails.</w:t></w:r></w:p></w:body></w:document>";
    folder.write(
        "d/a.docx",
        zip_of(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())]),
    );
    let docx = folder.bytes("d/a.docx");
    folder.write("d/cut.docx", &docx[..docx.len() / 2]);
    folder.write("d/broken.zip", b"PK\x03\x04 and then nothing");
    some_failed(&folder.fonds(&["ingest", "d"]));
    assert_eq!(
        told(&folder),
        [
            "DIR/d/a.docx|stored|",
            "DIR/d/broken.zip|failed|damaged or cut off: its list of members is missing",
            "DIR/d/cut.docx|failed|damaged or cut off: its list of parts is missing",
        ]
    );
    assert_eq!(folder.rows("SELECT count(*), sum(paragraphs) FROM document"), ["3|1"]);
}

#[test]
fn rows_with_texts_are_documents_inside_a_container_too() {
    let folder = Folder::new();
    let table = "title,text\nFerry,The ferry sails at noon.\nBridge,The bridge closes at five.\n";
    folder.write("a.zip", zip_of(&[("d/press.csv", table.as_bytes())]));
    folder.fonds(&["ingest", "a.zip"]).done();
    assert_eq!(
        told(&folder),
        [
            "DIR/a.zip!d/press.csv!2|stored|",
            "DIR/a.zip!d/press.csv!3|stored|",
            "DIR/a.zip!d/press.csv|container|2 records",
            "DIR/a.zip|container|1 member",
        ]
    );
    assert_eq!(folder.rows("SELECT title FROM document ORDER BY id"), ["Ferry", "Bridge"]);
}

#[test]
fn files_inside_a_document_are_documents_of_their_own_each_time_it_is_seen() {
    let folder = Folder::new();
    let body = "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>See the tables.</w:t></w:r></w:p></w:body></w:document>";
    let inner = zip_of(&[("notes/in.txt", b"It sails at noon.\n"), ("x.tmp", b"No.\n")]);
    let chart = "<Relationships><Relationship Target=\"../embeddings/chart.csv\"/></Relationships>";
    let document = zip_of(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", body.as_bytes()),
        ("word/charts/_rels/chart1.xml.rels", chart.as_bytes()),
        ("word/embeddings/chart.csv", b"Year,Tons\n2015,4100\n"),
        ("word/embeddings/a.txt", b"The ferry is new.\n"),
        ("word/embeddings/papers.zip", &inner),
    ]);
    folder.write("d/report.docx", &document);
    folder.write("d/z.zip", zip_of(&[("deep/report.docx", &document)]));
    let ran = folder.fonds(&["ingest", "d", "--exclude", "*.tmp"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let rows = |accession: u8| {
        folder.rows(&format!(
            "SELECT replace(location, rtrim(location, replace(location, '/', '')), ''), outcome, reason
             FROM ledger WHERE accession_id = {accession} ORDER BY ordinal"
        ))
    };
    let inside = |own: &str, outer: &str, outcome: &str| {
        vec![
            format!("{own}|{outcome}|"),
            format!("{outer}!a.txt|{outcome}|"),
            format!("in.txt|{outcome}|"),
            format!("{outer}!papers.zip!x.tmp|skipped|excluded by --exclude"),
            format!("{outer}!papers.zip|container|1 member"),
        ]
    };
    let stored = inside("report.docx", "report.docx", "stored");
    let mut known = inside("report.docx", "report.docx", "known");
    known.push("z.zip|container|1 member".to_owned());
    let first = rows(1);
    assert_eq!(first, [stored, known.clone()].concat());
    assert_eq!(
        folder.rows("SELECT name, value FROM metadata WHERE name = 'embedded file'"),
        ["embedded file|a.txt", "embedded file|papers.zip"]
    );
    folder.fonds(&["ingest", "d/report.docx", "--exclude", "*.tmp"]).done();
    assert_eq!(rows(2), inside("report.docx", "report.docx", "known"));
    assert_eq!(folder.fonds(&["check"]).done(), "fonds.db is sound: 3 documents checked\n");
}

#[test]
fn files_attached_to_a_pdf_are_documents() {
    let folder = Folder::new();
    let attached =
        |object: u8| format!("<</Type/Filespec/F(a{object}.txt)/EF<</F {object} 0 R>>>>");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Kids[<</Names[(one) 5 0 R]>>]>>>>>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Annots[<</Type/Annot/Subtype/FileAttachment/FS 6 0 R>>]>>".to_owned(),
        "<</Length 18>>stream\nThe ferry is new.\n\nendstream".to_owned(),
        attached(4),
        attached(7),
        "<</Length 17>>stream\nThe rail is old.\n\nendstream".to_owned(),
    ];
    folder.write("a.pdf", pdf(&objects, ""));
    assert_eq!(folder.fonds(&["ingest", "a.pdf"]).status, 0);
    assert_eq!(
        folder.rows(
            "SELECT replace(location, rtrim(location, replace(location, '/', '')), ''), outcome, reason, text
             FROM ledger LEFT JOIN paragraph USING (document_id) ORDER BY ordinal"
        ),
        [
            "a.pdf|stored|no text: its pages are blank; 2 embedded files|",
            "a.pdf!a4.txt|stored||The ferry is new.",
            "a.pdf!a7.txt|stored||The rail is old.",
        ]
    );
}

//! Small inputs from which mutations begin, one or more for each format.

use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The parts of a zipped document, by their names.
pub(crate) type Parts = Vec<(String, Vec<u8>)>;

/// Seeds for a format or a kind of container; empty where the project's samples are enough.
pub(crate) fn small(name: &str) -> Vec<Vec<u8>> {
    let texts: &[&str] = match name {
        "html" => &[
            "<html><head><title>T</title><meta charset=utf-8></head><body><h1>A</h1><p>One <b>two</b><table><tr><th>x<td>1</table><ul><li>i</ul></body></html>",
        ],
        "fb2" => &[
            "<?xml version=\"1.0\"?><FictionBook><description><title-info><book-title>T</book-title></title-info></description><body><section><title><p>A</p></title><p>One</p></section></body></FictionBook>",
        ],
        "rtf" => &[
            "{\\rtf1\\ansi\\ansicpg1251{\\info{\\title T}}\\pard One \\'e0 \\u1234? two\\par\\trowd\\cell x\\row}",
        ],
        "eml" => &[MAIL],
        "csv" => &["title,text,date\nA,\"The ferry, at noon\",2019-01-02\nB,Another,2020\n"],
        "pdf" => &[PDF],
        "srt" => &[
            "1\n00:00:01,000 --> 00:00:02,000\nThe ferry\n\n2\n00:01:01,500 --> 00:01:02,000\nsails\n",
        ],
        "vtt" => {
            &["WEBVTT\n\nNOTE a\n\n00:01.000 --> 00:02.000 align:start\n<v Ito>The ferry</v>\n"]
        }
        "jsonl" => &[
            "{\"title\": \"T\", \"text\": \"One\\n\\nTwo\", \"date\": \"2019\", \"tags\": [1, {\"a\": null}]}",
        ],
        "latex" => &[
            "\\documentclass{article}\\title{T}\\author{A \\and B}\\begin{document}\\section{S}One\\footnote{n} $x$ \\'e.\n\n\\begin{tabular}{lr}a & b \\\\ \\hline c & d\\end{tabular}\\begin{itemize}\\item[x] two\\end{itemize}\\verb|v|\\[y\\]\\end{document}",
        ],
        "restructuredtext" => &[
            "T\n=\n\n:Author: A\n\nOne **two** :ref:`x <y>` [1]_::\n\n  code\n\n.. figure:: f\n   :w: 1\n\n   Cap\n\n==  ==\na   b\n==  ==\nc   d\n==  ==\n\n+--+--+\n|a |b |\n+==+==+\n\n.. csv-table:: C\n   :header: a, b\n\n   1, \"2\"\n\n.. [1] N\n",
        ],
        "mbox" => &[MAILBOX],
        "warc" => &[CRAWL],
        "xml" => &[
            "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><title>T</title></teiHeader><text><body><div><head>A</head><p>One <hi>two</hi><note>n</note></p><lg><l>v</l></lg></div></body></text></TEI>",
            "<article><front><article-title>T</article-title></front><body><sec><title>A</title><p>One</p><table><tr><td>x</td></tr></table></sec></body></article>",
            "<rss><channel><title>F</title><item><title>A</title><description>&lt;p&gt;One&lt;/p&gt;</description><pubDate>Tue, 1 Jan 2019 10:00:00 GMT</pubDate></item></channel></rss>",
        ],
        "docx" | "odt" | "epub" | "pptx" | "xlsx" | "ods" | "odp" => &[],
        _ => &["The ferry sails at noon.\n\nIt carries 7 wagons.\n"],
    };
    let mut seeds: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    let parts = zipped(name);
    if !parts.is_empty() {
        let own = |(name, text): &(&str, &str)| ((*name).to_owned(), text.as_bytes().to_vec());
        seeds.push(zip_of(&parts.iter().map(own).collect::<Parts>()));
    }
    match name {
        "xls" => seeds = vec![include_bytes!("../data/fuzz/small.xls").to_vec()],
        "doc" => seeds = vec![include_bytes!("../data/fuzz/small.doc").to_vec()],
        "msg" => seeds = vec![message()],
        "tnef" => seeds = vec![attachment()],
        "ppt" => seeds = vec![include_bytes!("../data/fuzz/small.ppt").to_vec()],
        _ => {}
    }
    seeds
}

/// A message as Outlook saves it.
fn message() -> Vec<u8> {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let properties =
        [&[0; 32][..], &[0x40, 0, 0x39, 0, 6, 0, 0, 0, 0, 0xBC, 9, 5, 0xE8, 0xA1, 0xD4, 1]];
    let streams: [(&str, Vec<u8>); 6] = [
        ("__properties_version1.0", properties.concat()),
        ("__substg1.0_0037001F", wide("The ferry")),
        ("__substg1.0_1000001F", wide("It sails at noon.\r\n\r\nIt carries 7 wagons.")),
        ("__substg1.0_10130102", b"<p>It sails.</p>".to_vec()),
        ("__attach_version1.0_#00000000/__substg1.0_37010102", b"The plan.".to_vec()),
        ("__attach_version1.0_#00000000/__substg1.0_3707001F", wide("plan.txt")),
    ];
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_storage("__attach_version1.0_#00000000").unwrap();
    for (name, content) in streams {
        file.create_stream(name).unwrap().write_all(&content).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// What Outlook attaches to mail.
fn attachment() -> Vec<u8> {
    let attribute = |level: u8, number: u32, data: &[u8]| {
        let length = (data.len() as u32).to_le_bytes();
        [&[level][..], &number.to_le_bytes(), &length, data, &[0, 0]].concat()
    };
    // One property: a text of two bytes a character.
    let text =
        [&[1, 0, 0, 0, 0x1F, 0, 0, 0x10, 1, 0, 0, 0, 8, 0, 0, 0][..], b"n\0o\0o\0n\0"].concat();
    [
        &[0x78, 0x9f, 0x3e, 0x22, 1, 0][..],
        &attribute(1, 0x0006_9007, &[0xE4, 4, 0, 0, 0, 0, 0, 0]),
        &attribute(1, 0x0002_800C, b"It sails at noon.\0"),
        &attribute(1, 0x0006_9003, &text),
        &attribute(2, 0x0006_9002, &[0; 14]),
        &attribute(2, 0x0001_8010, b"plan.txt\0"),
        &attribute(2, 0x0006_800F, b"The plan."),
    ]
    .concat()
}

/// The parts of a zip file, where it is one that can be read.
pub(crate) fn parts_of(bytes: &[u8]) -> Option<Parts> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = Parts::new();
    for at in 0..archive.len() {
        let part = archive.by_index(at).ok()?;
        let (name, mut content) = (part.name().ok()?.into_owned(), Vec::new());
        part.take(1 << 20).read_to_end(&mut content).ok()?;
        parts.push((name, content));
    }
    Some(parts)
}

/// A zip file of these parts, uncompressed.
pub(crate) fn zip_of(parts: &Parts) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        // A name that stands twice is left out: the writer refuses it.
        if writer.start_file(name.as_str(), options).is_ok() {
            writer.write_all(content).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

const MAIL: &str = "From: a@b.c\r\nTo: d@e.f\r\nSubject: =?utf-8?B?VA==?=\r\nDate: Tue, 1 Jan 2019 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=CF=C4=C9=CE\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>two</p>\r\n--x--\r\n";

const MAILBOX: &str = "From a@x Mon Jan  6 10:00:00 2020\nSubject: one\n\nIt sails.\n>From here.\n\nFrom b@x Tue Jan  7 10:00:00 2020\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=cut\n\n--cut\nContent-Type: text/plain\n\nSee.\n--cut\nContent-Disposition: attachment; filename=plan.txt\n\nThe plan.\n--cut--\n";

const CRAWL: &str = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x.example/a/\r\nWARC-Date: 2020-03-04T05:06:07Z\r\nContent-Length: 97\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n<p>The ferry.</p\r\n0\r\n\r\n\r\n\r\nWARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://x.example/b\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nnoon\r\n\r\n";

const PDF: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n4 0 obj<</Length 44>>stream\nBT /F 12 Tf 20 100 Td (The ferry sails) Tj ET\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R/Size 6>>\n%%EOF\n";

const WORD: &str = "<w:document xmlns:w='w'><w:body><w:p><w:pPr><w:pStyle w:val='T'/></w:pPr><w:r><w:t>渡轮</w:t></w:r></w:p><w:p><w:r><w:t>It </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del><w:ins><w:r><w:t>sails.</w:t><w:footnoteReference w:id='2'/></w:r></w:ins></w:p><w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:p><w:r><w:t>Year</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>an item</w:t></w:r></w:p></w:body></w:document>";

const CORE: &str = "<cp:coreProperties xmlns:cp='c' xmlns:dc='d' xmlns:dcterms='t'><dc:title>T</dc:title><dc:creator>Ito;Orlov</dc:creator><cp:keywords>ferry, port</cp:keywords><dcterms:created>2019-06-12T08:00:00Z</dcterms:created></cp:coreProperties>";

const ODF_META: &str = "<office:document-meta xmlns:office='o' xmlns:dc='d' xmlns:meta='m'><office:meta><dc:title>T</dc:title><meta:creation-date>2019-01-02T00:00:00</meta:creation-date></office:meta></office:document-meta>";

fn zipped(name: &str) -> Vec<(&'static str, &'static str)> {
    match name {
        "docx" => vec![
            ("[Content_Types].xml", "<Types/>"),
            ("word/document.xml", WORD),
            (
                "word/styles.xml",
                "<w:styles xmlns:w='w'><w:style w:styleId='T'><w:name w:val='heading 1'/><w:basedOn w:val='1'/></w:style><w:style w:styleId='1'><w:basedOn w:val='T'/></w:style></w:styles>",
            ),
            (
                "word/footnotes.xml",
                "<w:footnotes xmlns:w='w'><w:footnote w:id='2'><w:p><w:r><w:t>Except Sundays.</w:t></w:r></w:p></w:footnote></w:footnotes>",
            ),
            ("docProps/core.xml", CORE),
        ],
        "odt" => vec![
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            (
                "content.xml",
                "<office:document-content xmlns:office='o' xmlns:text='t' xmlns:table='b'><office:body><office:text><text:h text:outline-level='2'>A</text:h><text:p>One<text:s text:c='3'/><text:note><text:note-body><text:p>n</text:p></text:note-body></text:note></text:p><text:list><text:list-item><text:p>i</text:p></text:list-item></text:list><table:table><table:table-header-rows><table:table-row><table:table-cell table:number-columns-repeated='2'><text:p>x</text:p></table:table-cell></table:table-row></table:table-header-rows></table:table></office:text></office:body></office:document-content>",
            ),
            ("styles.xml", "<office:document-styles xmlns:office='o'/>"),
            ("meta.xml", ODF_META),
        ],
        "ods" => vec![
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            (
                "content.xml",
                "<office:document-content xmlns:office='o' xmlns:text='t' xmlns:table='b'><office:body><office:spreadsheet><table:table table:name='S'><table:table-row table:number-rows-repeated='3'><table:table-cell office:value-type='float' office:value='7' table:number-columns-repeated='4'><text:p>7</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>",
            ),
            ("meta.xml", ODF_META),
        ],
        "odp" => vec![
            ("mimetype", "application/vnd.oasis.opendocument.presentation"),
            (
                "content.xml",
                "<office:document-content xmlns:office='o' xmlns:text='t' xmlns:draw='d' xmlns:presentation='p'><office:body><office:presentation><draw:page draw:name='1'><draw:frame presentation:class='title'><draw:text-box><text:p>T</text:p></draw:text-box></draw:frame><presentation:notes><text:p>n</text:p></presentation:notes></draw:page></office:presentation></office:body></office:document-content>",
            ),
            ("meta.xml", ODF_META),
        ],
        "epub" => vec![
            ("mimetype", "application/epub+zip"),
            (
                "META-INF/container.xml",
                "<container><rootfiles><rootfile full-path='o/c.opf'/></rootfiles></container>",
            ),
            (
                "o/c.opf",
                "<package xmlns:dc='d'><metadata><dc:title>T</dc:title><dc:creator>Ito</dc:creator></metadata><manifest><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/><item id='b' href='../o/b%20.xhtml' media-type='application/xhtml+xml'/></manifest><spine><itemref idref='a'/><itemref idref='b'/></spine></package>",
            ),
            (
                "o/a.xhtml",
                "<html xmlns='h'><body><h1>A</h1><p>One &amp; two<br/>three</p></body></html>",
            ),
            ("o/b .xhtml", "<html><body><table><tr><td>x</td></tr></table></body></html>"),
        ],
        "pptx" => vec![
            (
                "ppt/presentation.xml",
                "<p:presentation xmlns:p='p' xmlns:r='r'><p:sldIdLst><p:sldId r:id='r1'/></p:sldIdLst></p:presentation>",
            ),
            (
                "ppt/_rels/presentation.xml.rels",
                "<Relationships><Relationship Id='r1' Target='slides/slide1.xml'/></Relationships>",
            ),
            (
                "ppt/slides/slide1.xml",
                "<p:sld xmlns:p='p' xmlns:a='a'><p:cSld><p:spTree><p:sp><p:nvSpPr><p:nvPr><p:ph type='title'/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>T</a:t></a:r></a:p></p:txBody></p:sp><p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>x</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame></p:spTree></p:cSld></p:sld>",
            ),
            (
                "ppt/slides/_rels/slide1.xml.rels",
                "<Relationships><Relationship Id='r1' Type='notesSlide' Target='../notesSlides/notesSlide1.xml'/></Relationships>",
            ),
            (
                "ppt/notesSlides/notesSlide1.xml",
                "<p:notes xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>n</a:t></a:r></a:p></p:notes>",
            ),
            ("docProps/core.xml", CORE),
        ],
        "xlsx" => vec![
            ("[Content_Types].xml", "<Types/>"),
            (
                "xl/workbook.xml",
                "<workbook xmlns='m' xmlns:r='r'><sheets><sheet name='S' sheetId='1' r:id='r1'/></sheets></workbook>",
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships><Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
            ),
            ("xl/sharedStrings.xml", "<sst count='1'><si><t>The ferry</t></si></sst>"),
            ("xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId='14'/></cellXfs></styleSheet>"),
            (
                "xl/worksheets/sheet1.xml",
                "<worksheet><dimension ref='A1:C2'/><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' s='0'><v>43000</v></c></row><row r='2'><c r='C2' t='inlineStr'><is><t>x</t></is></c></row></sheetData></worksheet>",
            ),
        ],
        "zip" => {
            vec![("a.txt", "The ferry sails."), ("d/b.html", "<p>noon</p>"), ("../c.txt", "x")]
        }
        _ => Vec::new(),
    }
}

//! Pieces that mean something to a reader: some to all of them, some to the one, and the words that its
//! own seeds are made of.

/// Pieces for the target of this name.
pub(super) fn pieces(name: &str, seeds: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let own = OWN.iter().filter(|(names, _)| names.contains(&name));
    let own = own.flat_map(|(_, pieces)| pieces.split('|')).map(|piece| piece.as_bytes().to_vec());
    let mut pieces: Vec<Vec<u8>> = ANY.iter().map(|piece| piece.to_vec()).chain(own).collect();
    let mut words: Vec<Vec<u8>> = seeds.iter().flat_map(|seed| words(seed)).collect();
    words.sort();
    words.dedup();
    words.truncate(400);
    pieces.extend(words);
    pieces
}

/// Tags and words of a seed; those of zipped parts are there as they are, seeds are not compressed.
fn words(seed: &[u8]) -> Vec<Vec<u8>> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"<:/-_.\\".contains(byte);
    let runs = seed.split(|byte| !is_word(byte));
    runs.filter(|run| (3..24).contains(&run.len())).map(<[u8]>::to_vec).collect()
}

const ANY: [&[u8]; 44] = [
    b"\0",
    b"\xff",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    "\u{feff}".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{301}".as_bytes(),
    "\u{85}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{3000}".as_bytes(),
    "\u{130}".as_bytes(),
    "路".as_bytes(),
    "가".as_bytes(),
    "ﷺ".as_bytes(),
    "ß".as_bytes(),
    "𠀀".as_bytes(),
    "\u{ad}".as_bytes(),
    b"-\n",
    b"\r",
    b"\r\n",
    b"\x0c",
    b"\x1b[2J",
    b"\n\n",
    b"\t",
    b" ",
    b"<",
    b">",
    b"/",
    b"&#x110000;",
    b"&amp",
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b")",
    b"\"",
    b"'",
    b"=",
    b"99999999999999999999",
    b"-1",
    b"0",
    b"%",
];

/// Pieces by the names of their targets, set apart by bars.
const OWN: [(&[&str], &str); 11] = [
    (
        &["html", "epub", "container a.eml", "container a.warc", "fb2"],
        "<div>|</div>|<p>|</p>|<!--|-->|]]>|<![CDATA[|<table>|<tr>|<td colspan=9 rowspan=9>|<th>|</table>|<ul><li>|<ol>|<pre>\n|<script>|</script>|<style>|<template>|<svg>|<math>|<frameset>|<select><option>|<br>|<img alt=x>|<a href='#x'>|<base href=x>|<meta charset=utf-7>|<meta name=author content=a>|<time datetime=2019>|<nav>|<article>|<h1>|<h6>|<b>|<font size=1>|<!DOCTYPE html>|&nbsp;|&#0;|&#xd800;|<noscript>|<ruby>a<rt>b</rt>|style='display:none'|<script type='application/ld+json'>{\"@type\":\"Article\",\"headline\":\"T\"}</script>|<meta property='og:title' content='t'>|<blockquote>|<caption>|<dl><dt>a<dd>b|<iframe>|<textarea>|<title>|<section>|<image>|<poem><stanza><v>x</v>",
    ),
    (
        &["docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "fb2", "xml"],
        "<?xml version='1.0' encoding='utf-16'?>|<!DOCTYPE a [<!ENTITY b 'c'>]>|&b;|<![CDATA[|]]>|<!--|-->|<?pi ?>|xmlns:w='x'|/>|</|<w:p>|<w:tab/>|<w:br/>|<w:hyperlink>|<w:sdt>|<w:gridSpan w:val='9'/>|<w:vMerge/>|<w:ilvl w:val='9'/>|<w:outlineLvl w:val='3'/>|<mc:AlternateContent>|<w:fldChar w:fldCharType='begin'/>|<w:instrText>|<c r='XFD1048576'>|<c r='A0'>|t='s'|t='b'|t='e'|t='str'|<f>|<mergeCell ref='A1:B9'/>|<row r='1048576'>|table:number-columns-repeated='16384'|table:number-rows-repeated='1048576'|table:number-columns-spanned='3'|office:value-type='date'|office:date-value='2019-01-02'|<text:tab/>|<text:s text:c='9999999'/>|<a:tbl>|<a:br/>|<a:fld>|Target='../../../x'|TargetMode='External'|linear='no'|opf:role='aut'",
    ),
    (
        &["pdf"],
        "%PDF-1.7\n| obj\n|endobj\n|stream\n|endstream\n|xref\n0 6\n|trailer|startxref\n|/FlateDecode|/Filter/ASCIIHexDecode|/Filter/ASCII85Decode|/Filter/LZWDecode|/Filter/RunLengthDecode|/Filter[/ASCIIHexDecode/FlateDecode]|/DecodeParms<</Predictor 12/Columns 4>>|/Type/ObjStm/N 2/First 8|/Type/XRef/W[1 2 1]/Index[0 6]|/Encrypt<</Filter/Standard/V 2/R 3/O(x)/U(x)/P -1>>|/Prev 0|/Kids[2 0 R]|/Parent 2 0 R|/Count 99999999| 0 R|1 0 R|4 0 R|<<|>>|/Type0|/DescendantFonts[5 0 R]|/CIDFontType2|/Encoding/Identity-H|/Encoding/UniGB-UCS2-H|/ToUnicode 4 0 R|/Differences[0/a/b/uni4e2d]|beginbfchar <01> <4e2d> endbfchar|beginbfrange <00><ff><0000> endbfrange|begincodespacerange|/Widths[1 2 3]|/FirstChar 0/LastChar 255|/W[0[500]1 9 400]|/Type3|/FontMatrix[0 0 0 0 0 0]|/CharProcs<</a 4 0 R>>| Tj\n| TJ\n|[(a)-9999(b)]|<0041>| Tf\n| Tm\n|1 0 0 1 0 0 cm\n|0 0 0 0 0 0 Tm\n| Td\n|T*\n| TL\n| Tz\n| Tr\n|q\n|Q\n|BT\n|ET\n|/X Do\n|BI /W 1 /H 1 /BPC 8 ID x EI\n|/XObject<</X 4 0 R>>|/Subtype/Form/BBox[0 0 1 1]/Matrix[1 0 0 1 0 0]|/Subtype/Image/Width 99999/Height 99999|/DCTDecode|/JPXDecode|/JBIG2Decode|/CCITTFaxDecode|/Rotate 90|/MediaBox[0 0 1e9 1e9]|/Outlines 4 0 R|/Title(T)|/Info 4 0 R|/Metadata 4 0 R|/StructTreeRoot|/ActualText(x)|BDC\n|EMC\n|/OCProperties|sh\n|/Pattern cs\n|/SMask|1e38|-1e38",
    ),
    (
        &["rtf"],
        "{\\rtf1|\\'|\\'e0|\\bin99999 |\\bin-1 |\\u-1|\\uc0 |\\uc9999 |\\ansicpg936|\\ansicpg65001|\\fcharset134|\\f99 |{\\fonttbl|{\\*\\x |{\\pict|{\\object|{\\field{\\*\\fldinst |\\trowd|\\cell|\\row|\\par|\\pard|\\tab|\\intbl|\\itap9 |\\nestcell|\\upr|\\deleted|\\v |{\\footnote |{\\info{\\creatim\\yr2019\\mo99\\dy99}}|\\~|\\_|\\-|\\{|\\\\|{|}",
    ),
    (
        &["eml", "mbox", "container a.eml", "container a.mbox"],
        "=?utf-8?B?|=?utf-8?Q?=|?=|=?x?B?|boundary=|boundary=\"x\"|--x\r\n|--x--\r\n|Content-Type: multipart/alternative; boundary=x\r\n|Content-Type: message/rfc822\r\n|Content-Type: text/html; charset=gb2312\r\n|Content-Transfer-Encoding: base64\r\n|Content-Transfer-Encoding: uuencode\r\n|Content-Disposition: attachment; filename*0*=utf-8''%e8|Date: 32 Foo 99999 25:61:61 +9999\r\n|From |\nFrom a@x Mon Jan  6 10:00:00 2020\n|>From |Received: |Message-ID: <a@b>\r\n|Subject: |=\r\n|=FF|\r\n\r\n|application/zip|begin 644 a\n",
    ),
    (
        &["jsonl", "csv"],
        "\\u|\\ud800|\\udc00|\\u0000|null|true|1e999|-0|{\"a\":{|[[[[|\"text\":|\"title\":|\"date\":|,|\"\"|\r\n|\n|;|\t|{\"text\":[\"a\"]}|2019-02-30|\"url\":\"http://x\"",
    ),
    (
        &["latex"],
        "\\begin{|\\end{|\\begin{itemize}|\\end{itemize}|\\begin{tabular}{l*{99}{c}}|\\multicolumn{9}{c}{x}|\\\\|&|$|$$|\\[|\\]|\\(|\\verb|\\verb*+x+|%|\\newcommand{\\x}[9]{#1}|\\def\\x#1{#1#1}|\\input{x}|\\include{x}|\\cite[a]{b}|\\footnote{|\\author{|\\title{|\\maketitle|\\begin{abstract}|\\begin{verbatim}|\\item|\\ |~|\\'{e}|\\\"u|\\c{c}|\\section*{|\\bibitem{|\\thebibliography|{|}|\\char\"FFFFFF |^^41",
    ),
    (
        &["restructuredtext", "markdown", "plain"],
        "\n====\n|\n----\n|# |###### |\n```\n|~~~|> |- |1. |* |\n\n    |.. |.. code:: x\n|.. table:: x\n|.. list-table::\n   * - a\n     - b\n|.. include:: x\n|.. [#]_ x|+---+\n|===  ===\n|a   b\n|:a: b\n|::\n\n|``|`a <b>`_|[a](b)|![a](b)|[^1]|\n[^1]: |---\ntitle: a\n---\n|\n+++\n|<div>|-->|\n: x\n|\\|",
    ),
    (
        &["srt", "vtt"],
        "-->|00:00:01,000 --> 00:00:02,000\n|00:01.000 --> 00:02.000 line:0\n|99:99:99,999|WEBVTT|NOTE |STYLE\n|REGION\n|<v a>|<c.x>|<00:00:01.000>|<i>|</i>|{\\an8}|1\n|\n\n",
    ),
    (
        &["warc", "container a.warc", "container a.zip", "container a.tar"],
        "WARC/1.0\r\n|WARC/1.1\r\n|WARC-Type: response\r\n|WARC-Type: revisit\r\n|WARC-Type: request\r\n|WARC-Type: metadata\r\n|WARC-Target-URI: |Content-Length: 99999999999\r\n|Content-Length: -1\r\n|Transfer-Encoding: chunked\r\n|Content-Encoding: gzip\r\n|Content-Encoding: br\r\n|HTTP/1.1 200 OK\r\n|HTTP/1.1 404 x\r\n|ffffffffffffffff\r\n|0\r\n\r\n|WARC-Payload-Digest: sha1:AAAA\r\n|PK\x03\x04|PK\x01\x02|PK\x05\x06|PK\x06\x06|../../|ustar|././@LongLink|30 path=x\n",
    ),
    (
        &["query", "search"],
        " SELECT | FROM document| FROM paragraph| WHERE | UNION ALL | JOIN passage ON | GROUP BY 1| HAVING 1| ORDER BY rank| LIMIT -1| OFFSET 9|WITH x AS (|RECURSIVE |)|(|*|,|;|--|/*|*/|''|\"|`|[|]|:a|?1|@a|NULL|x'00'|0x7fffffffffffffff|-9223372036854775808|1e308|search(|similar(|reuse(|fold(|highlight_in(|resemblance(|count(*)|group_concat(|printf('%d'|substr(|replace(|instr(|zeroblob(9)|randomblob(9)|json_each(|json_extract(|json_group_array(|MATCH | LIKE '%'| GLOB '*'| REGEXP | OVER (PARTITION BY | ROWS UNBOUNDED PRECEDING|CAST(| AS BLOB)|COLLATE nocase|EXISTS(|CASE WHEN | THEN | END|PRAGMA |EXPLAIN QUERY PLAN |ATTACH 'x' AS y|VACUUM INTO 'x'|INSERT INTO |UPDATE |DELETE FROM |DROP TABLE |CREATE TEMP TABLE |sqlite_schema|passage_index|snippet(passage_index,0,'a','b','c',9)|bm25(passage_index)|pragma_table_info('document')|load_extension('x')|AND |OR |NOT |NEAR(|-|\"ferry corridor\"|ferr*|走廊|^",
    ),
];

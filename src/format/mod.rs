//! The formats fonds reads: the list, and which one a file is in.
//!
//! A new format is one file here and two lines below: its `mod` and its entry in [`FORMATS`].
//! A reader never opens files and never fails on odd text; it fails on what is not its format.

mod charset;
mod composed;
mod compound;
mod csv;
mod date;
mod declaration;
mod doc;
mod docx;
pub mod embedded;
mod eml;
mod epub;
mod fb2;
mod front_matter;
mod html;
mod jsonl;
mod latex;
mod markdown;
mod markup;
mod msg;
mod ods;
mod odt;
mod office;
mod pdf;
mod plain;
mod ppt;
mod pptx;
mod restructured;
mod rtf;
mod sheets;
mod subtitles;
mod table;
mod tnef;
mod xls;
mod xml;
mod zipped;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::Extract;
use crate::text::codec::Codec;

/// Every format, in the order in which contents are asked for what they are. The last, plain
/// text, takes what no other does.
pub static FORMATS: &[Format] = &[
    jsonl::FORMAT,
    // Some web server may have put a page before the PDF.
    pdf::FORMAT,
    html::FORMAT,
    docx::FORMAT,
    odt::FORMAT,
    epub::FORMAT,
    rtf::FORMAT,
    pptx::FORMAT,
    // A message holds other documents in its own compound file.
    msg::FORMAT,
    tnef::FORMAT,
    doc::FORMAT,
    ppt::FORMAT,
    sheets::XLSX,
    xls::FORMAT,
    ods::SHEETS,
    ods::SLIDES,
    fb2::FORMAT,
    subtitles::VTT,
    subtitles::SRT,
    csv::FORMAT,
    eml::FORMAT,
    markup::FORMAT,
    latex::FORMAT,
    restructured::FORMAT,
    markdown::FORMAT,
    plain::FORMAT,
];

/// How to read; the same for every document of a run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The encoding the user says documents are in; else it is found out.
    pub encoding: Option<Codec>,
    /// Names of fields in records.
    pub fields: FieldNames,
}

/// Names of the fields of a record that fonds understands; of each list the first present wins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldNames {
    /// The text itself.
    pub text: Vec<String>,
    /// Its title.
    pub title: Vec<String>,
    /// When it was published.
    pub date: Vec<String>,
    /// Its language.
    pub language: Vec<String>,
    /// Where it was found.
    pub url: Vec<String>,
    /// Who made it.
    pub creator: Vec<String>,
}

impl Default for FieldNames {
    fn default() -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            text: owned(&[
                "text",
                "content",
                "body",
                "full_text",
                "fulltext",
                "article",
                "article_text",
                "plain_text",
                "raw_text",
                "raw_content",
                "maintext",
                "contents",
                "document",
                "passage",
                "正文",
                "内容",
                "內容",
                "全文",
                "本文",
                "본문",
                "내용",
                "текст",
            ]),
            title: owned(&[
                "title",
                "headline",
                "dc_title",
                "dc:title",
                "dc.title",
                "标题",
                "標題",
                "题名",
                "タイトル",
                "제목",
                "заголовок",
                "название",
            ]),
            date: owned(&[
                "date",
                "published",
                "publication_date",
                "published_at",
                "publish_date",
                "pub_date",
                "date_published",
                "datePublished",
                "date_publish",
                "dc_date",
                "dc:date",
                "year",
                "日期",
                "发布时间",
                "發布時間",
                "日付",
                "날짜",
                "дата",
            ]),
            language: owned(&["language", "lang", "dc_language", "dc:language"]),
            url: owned(&[
                "url",
                "source_url",
                "link",
                "uri",
                "permalink",
                "网址",
                "链接",
                "ссылка",
            ]),
            creator: owned(&[
                "creator",
                "creators",
                "author",
                "authors",
                "byline",
                "dc_creator",
                "dc:creator",
                "作者",
                "著者",
                "저자",
                "автор",
            ]),
        }
    }
}

/// One document's bytes, to be read.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The document; for a format that holds records, one record without its line break.
    pub bytes: &'a [u8],
    /// The name of the file: only ever a hint.
    pub name: &'a str,
    /// How to read.
    pub options: &'a Options,
}

/// Whether a file is a document or a container of them.
#[derive(Clone, Copy, Debug)]
pub enum Holds {
    /// The file is one document.
    OneDocument,
    /// Every line that is not blank is a document.
    Records,
    /// A file of which the function gives rows is as many documents; any other is one.
    Rows(fn(&Input) -> Option<Vec<Row>>),
}

/// A row of a file that is a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line of the file on which it begins, from 1.
    pub line: u64,
    /// Its bytes as a file of their own, in UTF-8.
    pub bytes: Vec<u8>,
}

/// A format and its reader.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Name of the reader, kept with every extraction.
    pub name: &'static str,
    /// Version of the reader; it rises whenever the same bytes would give another result.
    pub version: u32,
    /// Media type (RFC 6838) of its documents.
    pub media_type: &'static str,
    /// Extensions of its files, in lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// Whether a file is one document or many.
    pub holds: Holds,
    /// Whether the first bytes of a file look like this format.
    pub recognises: fn(&[u8]) -> bool,
    /// Whether that is proof, whatever the name says.
    pub is_signed: bool,
    /// Whether the reader takes time and memory in proportion to the bytes, whatever they are.
    pub is_bounded: bool,
    /// Reads a document.
    pub read: fn(&Input) -> Result<Extract, Unreadable>,
}

/// Why a document cannot be read, in words that follow its name: `not text (JPEG image)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

/// The format that a file's extension names.
pub fn by_name(file_name: &str) -> Option<&'static Format> {
    let (_, extension) = file_name.rsplit_once('.')?;
    let extension = extension.to_ascii_lowercase();
    FORMATS.iter().find(|format| format.extensions.contains(&&*extension))
}

/// The format of this media type, without parameters.
pub fn by_media_type(media_type: &str) -> Option<&'static Format> {
    let media_type = match media_type {
        "application/xhtml+xml" => "text/html",
        "text/xml" | "application/rss+xml" | "application/atom+xml" => "application/xml",
        other => other,
    };
    FORMATS.iter().find(|format| format.media_type == media_type)
}

/// The format whose reader has this name.
pub fn called(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The format a file is in.
///
/// Bytes that prove their format decide, whatever the name says. Then the name decides, except that
/// a plain text may turn out to be a richer document; a file whose name says nothing is what its
/// content looks like, and plain text if that says nothing either.
pub fn of(file_name: &str, bytes: &[u8]) -> &'static Format {
    let proven = FORMATS.iter().find(|format| format.is_signed && (format.recognises)(bytes));
    if let Some(format) = proven {
        return format;
    }
    let named = by_name(file_name);
    if let Some(format) = named.filter(|format| format.name != plain::FORMAT.name) {
        return format;
    }
    // What was announced as one text must not become a container of many.
    let fits = |format: &&Format| named.is_none() || !matches!(format.holds, Holds::Records);
    let found = FORMATS.iter().filter(fits).find(|format| (format.recognises)(bytes));
    found.unwrap_or(&PLAIN)
}

/// A note on a file whose bytes prove another format than its name says.
pub fn contradiction(file_name: &str, format: &Format) -> Option<String> {
    let named = by_name(file_name).filter(|named| named.name != format.name)?;
    format.is_signed.then(|| format!("its name says {}, its bytes are {}", named.name, format.name))
}

static PLAIN: Format = plain::FORMAT;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_decide_whatever_their_case() {
        assert_eq!(by_name("a/b.MD").map(|format| format.name), Some("markdown"));
        assert_eq!(by_name("b.jsonl").map(|format| format.name), Some("jsonl"));
        assert_eq!(by_name("b.txt").map(|format| format.name), Some("plain"));
        assert!(by_name("README").is_none());
        assert!(by_name("a.b/README").is_none());
    }

    #[test]
    fn content_decides_where_the_name_does_not() {
        let markdown = b"# Ports\n\nText with **bold** words.\n\n## Old ports\n\nMore.\n";
        assert_eq!(of("ports.txt", markdown).name, "markdown");
        assert_eq!(of("ports", b"{\"text\": \"a\"}\n{\"text\": \"b\"}\n").name, "jsonl");
        assert_eq!(of("ports.txt", b"{\"text\": \"a\"}\n{\"text\": \"b\"}\n").name, "plain");
        assert_eq!(of("ports", b"# a comment\nport = 1\n# another\nrail = 2\n").name, "plain");
        assert_eq!(of("", b"").name, "plain");
    }

    #[test]
    fn bytes_that_prove_their_format_outrank_the_name_and_that_is_noted() {
        let page = of("ports.txt", b"<!DOCTYPE html><p>Ports");
        assert_eq!(page.name, "html");
        assert_eq!(
            contradiction("ports.txt", page).as_deref(),
            Some("its name says plain, its bytes are html")
        );
        assert_eq!(contradiction("ports.htm", page), None);
        assert_eq!(contradiction("ports", page), None);
        assert_eq!(contradiction("ports.txt", of("ports.md", b"Ports")), None);
    }

    #[test]
    fn every_format_has_a_name_of_its_own() {
        let mut names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FORMATS.len());
    }
}

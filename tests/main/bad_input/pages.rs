//! Web pages and XML that want time, memory or what is none of theirs.

use super::{Case, Either, Folder, Holds, case, judge, one};
use crate::fuzz::seeds::zip_of;

pub(super) const CASES: &[Case] = &[
    case(49, "HTML nested 200,000 deep", || {
        one("deep.html", "<div>".repeat(200_000) + "The ferry.", &Either);
        one("lists.html", "<ul><li>".repeat(100_000) + "The ferry.", &Either);
    }),
    case(50, "HTML with endless attributes, comments or scripts", || {
        let page = format!("<p {}>The ferry sails at noon.</p>", "a=b ".repeat(500_000));
        one("attributes.html", page, &Either);
        one("comment.html", "<html><p>The ferry sails.</p><!-- never closed", &Holds("The ferry"));
        let page = format!("{}<p>The ferry sails.</p>", "<script><style><![CDATA[".repeat(20_000));
        one("scripts.html", page, &Either);
    }),
    case(51, "HTML with wrong and endless entities", || {
        let page = "<p>The ferry &#x110000; &#0; &bogus; &amp; sails.</p>";
        one("entities.html", page, &Holds("The ferry"));
        let page = format!("<p>The ferry {}</p>", "&amp".repeat(300_000));
        one("flood.html", page, &Either);
    }),
    case(52, "XML entities that expand or that read other files", || {
        let book = |doctype: &str, text: &str| {
            format!(
                "<?xml version=\"1.0\"?><!DOCTYPE f [{doctype}]>
                 <FictionBook><body><section><p>The ferry {text}</p></section></body></FictionBook>"
            )
        };
        let mut laughs = "<!ENTITY a0 \"ha\">".to_owned();
        for level in 1..30 {
            let below = format!("&a{};", level - 1).repeat(10);
            laughs.push_str(&format!("<!ENTITY a{level} \"{below}\">"));
        }
        let outside = "<!ENTITY x SYSTEM \"file:///etc/passwd\">";
        let word = format!(
            "<!DOCTYPE w [{outside}]><w:document xmlns:w='w'><w:body><w:p><w:r><w:t>The ferry &x;</w:t></w:r></w:p></w:body></w:document>"
        );
        let word = zip_of(&vec![("word/document.xml".to_owned(), word.into_bytes())]);
        for (name, bytes) in [
            ("laughs.fb2", book(&laughs, "&a29;").into_bytes()),
            ("outside.fb2", book(outside, "&x;").into_bytes()),
            ("outside.docx", word),
        ] {
            let folder = Folder::new();
            folder.write(&format!("d/{name}"), bytes);
            judge(&folder, name, &Either);
            let sql =
                "SELECT count(*) FROM passage WHERE text LIKE '%root:%' OR length(text) > 2000";
            assert_eq!(folder.rows(sql), ["0"], "{name}");
        }
    }),
];

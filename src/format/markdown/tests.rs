//! What the Markdown reader makes of whole files.

use super::*;
use crate::model::Kind;

fn kinds(text: &str) -> Vec<(Kind, Option<u8>, String)> {
    let extract = extract(text, &Declared::default());
    extract.paragraphs.into_iter().map(|part| (part.kind, part.depth, part.text)).collect()
}

fn is(kind: Kind, depth: Option<u8>, text: &str) -> (Kind, Option<u8>, String) {
    (kind, depth, text.to_owned())
}

#[test]
fn marks_are_read_and_removed() {
    let text = "# The *Port*\n\nShips **came** and [left](http://example.org/)\nin the `night` \\*.\n\n## 2.1. Rails\n\n- one\n- two\n\n1. first\n2. second\n\n```\ncode\nmore\n```\n";
    assert_eq!(
        kinds(text),
        [
            is(Kind::Title, None, "The Port"),
            is(Kind::Body, None, "Ships came and left in the night *."),
            is(Kind::Heading, Some(2), "2.1. Rails"),
            is(Kind::Item, None, "one"),
            is(Kind::Item, None, "two"),
            is(Kind::Item, None, "1. first"),
            is(Kind::Item, None, "2. second"),
            is(Kind::Code, None, "code\nmore"),
        ]
    );
}

#[test]
fn depth_comes_from_the_number_and_not_from_the_mark() {
    let text = "# The Port\n\n### 1. Ships\n\nText.\n\n## 1.1. Old ships\n\nText.\n\n##### **1.2. New ships.**\n\nText.\n\n#### References\n\n- [1] Roe J. *Ports*. 2011.\n";
    assert_eq!(
        kinds(text),
        [
            is(Kind::Title, None, "The Port"),
            is(Kind::Heading, Some(1), "1. Ships"),
            is(Kind::Body, None, "Text."),
            is(Kind::Heading, Some(2), "1.1. Old ships"),
            is(Kind::Body, None, "Text."),
            is(Kind::Heading, Some(2), "1.2. New ships."),
            is(Kind::Body, None, "Text."),
            is(Kind::Heading, Some(1), "References"),
            is(Kind::Reference, None, "[1] Roe J. Ports. 2011."),
        ]
    );
}

#[test]
fn tables_of_bars_and_of_tabs_have_columns_and_rows() {
    let rows = [
        is(Kind::Table, None, "Port\tShips"),
        is(Kind::Row, None, "大连\t12"),
        is(Kind::Row, None, "Busan\t9"),
    ];
    assert_eq!(kinds("| Port | Ships |\n|---|--:|\n| 大连 | *12* |\n| Busan | 9 |\n"), rows);
    assert_eq!(kinds("Port\tShips\n大连\t12\nBusan\t9\n"), rows);
}

#[test]
fn front_matter_states_and_is_no_text() {
    let text = "---\ntitle: The Port\nlang: en\n---\n\n# The Port\n\nShips came.\n";
    let extract = extract(text, &Declared::default());
    let found: Vec<_> =
        extract.metadata.iter().map(|datum| (&*datum.name, &*datum.value)).collect();
    assert_eq!(found, [("title", "The Port"), ("language", "en")]);
    assert_eq!(extract.paragraphs[0].kind, Kind::Title);
    assert_eq!(extract.paragraphs.len(), 2);
}

#[test]
fn chinese_lines_join_without_spaces_and_indents_of_full_width_part() {
    let text = "# 港口\n\n　　东北地区的\n港口很多。\n　　铁路也多。\n";
    assert_eq!(
        kinds(text),
        [
            is(Kind::Title, None, "港口"),
            is(Kind::Body, None, "东北地区的港口很多。"),
            is(Kind::Body, None, "铁路也多。"),
        ]
    );
}

#[test]
fn comments_go_and_words_in_html_stay() {
    let text =
        "Ships came.\n\n<!-- note\nto self -->\n\n<div>\n<p>They &amp; others left.</p>\n</div>\n";
    assert_eq!(
        kinds(text),
        [is(Kind::Body, None, "Ships came."), is(Kind::Body, None, "They & others left.")]
    );
}

#[test]
fn a_footnote_is_a_note() {
    let text = "Ships came[^1] often.\n\n[^1]: So it is said.\n";
    assert_eq!(
        kinds(text),
        [is(Kind::Body, None, "Ships came[1] often."), is(Kind::Note, None, "So it is said.")]
    );
}

#[test]
fn a_paragraph_with_a_rule_close_below_is_no_heading() {
    assert_eq!(
        kinds("Ships came to the port.\n---\n"),
        [is(Kind::Body, None, "Ships came to the port.")]
    );
}

#[test]
fn spans_are_where_the_words_stand() {
    let text = "# 港口\n\n- one\n- **two** of\n  them\n";
    let extract = extract(text, &Declared::default());
    let shown: Vec<char> = text.chars().collect();
    let stands =
        |index: usize| shown[extract.paragraphs[index].span.clone()].iter().collect::<String>();
    assert_eq!(stands(0), "# 港口");
    assert_eq!(stands(1), "- one");
    assert_eq!(stands(2), "- **two** of\n  them");
}

#[test]
fn a_paragraph_of_megabytes_is_cut() {
    let text = format!("# Port\n\n{}\n", "ships came and went ".repeat(150_000));
    let extract = extract(&text, &Declared::default());
    assert!(extract.paragraphs.len() >= 3);
    assert!(extract.paragraphs.iter().all(|part| part.text.len() <= LONGEST));
    assert_eq!(extract.notes, ["long paragraph split in 2 places at 1 MiB"]);
}

#[test]
fn nested_quotes_and_lists_do_not_overflow() {
    let text = format!("{}deep\n\n{}deep\n", "> ".repeat(20_000), "- ".repeat(20_000));
    assert!(!extract(&text, &Declared::default()).paragraphs.is_empty());
}

#[test]
fn a_table_that_holds_paragraphs_is_no_table() {
    let long = "Ships came to the port and went. ".repeat(20);
    let text = format!("Text.\n\n|  |  |\n|---|---|\n| Ships | {long} |\n");
    let expected = ["Text.", "Ships", long.trim()].map(|text| is(Kind::Body, None, text));
    assert_eq!(kinds(&text), expected);
}

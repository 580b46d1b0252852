//! What the JSON Lines reader makes of whole records.

use super::super::Options;
use super::*;
use crate::model::Kind;

fn read_line(line: &str) -> Result<Extract, Unreadable> {
    read(&Input { bytes: line.as_bytes(), name: "a.jsonl", options: &Options::default() })
}

fn pairs(extract: &Extract) -> Vec<(&str, &str, &str)> {
    extract.metadata.iter().map(|datum| (&*datum.name, &*datum.value, &*datum.evidence)).collect()
}

#[test]
fn fields_become_metadata_and_the_text_paragraphs() {
    let line = r#"{"id": 7, "title": "The Port", "author": ["Jane Roe", "Min Kim"], "date": "2016-04-30T10:00:00Z",
        "url": "https://example.org/", "score": 1.5, "tags": ["rail", "sea"], "more": {"a": [1]}, "none": null,
        "text": "The Port\n\nShips came.\n\nThey left."}"#;
    let extract = read_line(&line.replace('\n', " ")).unwrap();
    assert_eq!(
        pairs(&extract),
        [
            ("identifier", "7", "field id"),
            ("title", "The Port", "field title"),
            ("creator", "Jane Roe", "field author"),
            ("creator", "Min Kim", "field author"),
            ("date", "2016-04-30", "field date"),
            ("source", "https://example.org/", "field url"),
            ("score", "1.5", "field score"),
            ("tags", "rail", "field tags"),
            ("tags", "sea", "field tags"),
            ("more", r#"{"a":[1]}"#, "field more"),
        ]
    );
    let found: Vec<(Kind, &str)> =
        extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect();
    assert_eq!(
        found,
        [(Kind::Title, "The Port"), (Kind::Body, "Ships came."), (Kind::Body, "They left.")]
    );
    assert_eq!(extract.paragraphs[1].span, 10..21);
}

#[test]
fn a_date_that_is_none_keeps_out_of_the_date() {
    let extract = read_line(r#"{"date": "30 April", "text": "a"}"#).unwrap();
    assert_eq!(pairs(&extract), [("date (as written)", "30 April", "field date")]);
    assert_eq!(extract.first("date"), None);
}

#[test]
fn of_several_names_the_first_present_wins() {
    let extract = read_line(r#"{"body": "second", "content": "first", "headline": "H"}"#).unwrap();
    let texts: Vec<&str> = extract.paragraphs.iter().map(|paragraph| &*paragraph.text).collect();
    assert_eq!(texts, ["H", "first"]);
    assert_eq!(extract.first("title"), Some("H"));
    assert_eq!(extract.first("body"), Some("second"));
}

#[test]
fn doubles_and_lone_surrogates_are_mended_and_noted() {
    let extract =
        read_line(r#"{"text": "one", "text": "two \ud800 \ud83d\ude00 \\ud800"}"#).unwrap();
    assert_eq!(extract.paragraphs[0].text, "two \u{fffd} 😀 \\ud800");
    assert_eq!(
        extract.notes,
        ["lone surrogate replaced", "field text stands twice, the last was taken"]
    );
    assert_eq!(extract.encoding.unwrap().replaced, 1);
}

#[test]
fn what_is_no_object_is_refused_with_the_column() {
    let refused = |line: &str| read_line(line).unwrap_err().to_string();
    assert_eq!(
        refused(r#"{"text": "a" "b"}"#),
        "not a JSON object: expected `,` or `}` at column 14"
    );
    assert_eq!(refused(r#"{"a": NaN}"#), "not a JSON object: expected value at column 7");
    assert!(
        refused("[1]").starts_with("not a JSON object: invalid type: sequence, expected an object")
    );
    assert!(refused("{} {}").starts_with("not a JSON object: trailing characters"));
    let bomb = format!("{{\"a\": {}", "[".repeat(100_000));
    assert!(refused(&bomb).starts_with("not a JSON object: recursion limit exceeded"));
}

#[test]
fn a_record_without_text_is_a_document_without_paragraphs() {
    let extract = read_line(r#"{"title": "Only this", "text": 5}"#).unwrap();
    assert_eq!((extract.paragraphs.len(), extract.notes), (0, vec!["no text field".to_owned()]));
}

#[test]
fn a_list_of_strings_is_a_text_of_paragraphs() {
    let extract = read_line(r#"{"text": ["One.", "Two."]}"#).unwrap();
    assert_eq!(extract.paragraphs.len(), 2);
}

#[test]
fn the_language_is_found_in_the_text_before_it_is_believed_of_the_record() {
    let russian = r#"{"lang": "en", "text": "Купцы этого города просили провести дорогу."}"#;
    let extract = read_line(russian).unwrap();
    assert_eq!(extract.language.as_ref().map(|tag| tag.as_str()), Some("ru"));
    assert_eq!(extract.first("language"), Some("en"));
    let short = read_line(r#"{"lang": "zh_CN", "text": "大连"}"#).unwrap();
    assert_eq!(short.language.as_ref().map(|tag| tag.as_str()), Some("zh-CN"));
}

#[test]
fn evidence_found_in_the_text_names_the_field() {
    let line = r#"{"content": "Keywords: rail; sea\n\nShips came to the port."}"#;
    let extract = read_line(line).unwrap();
    assert_eq!(pairs(&extract)[0], ("subject", "rail", "field content, characters 0-19"));
}

#[test]
fn a_record_whose_fields_have_other_names_gives_its_longest_text() {
    let story = "The second ferry sailed at noon from the harbour and carried forty wagons over to the far bank.";
    let line = format!(
        r#"{{"headline": "Ferry", "code": "{}", "story": "{story}", "link": "http://x.example/"}}"#,
        "x".repeat(300)
    );
    let extract = read_line(&line).unwrap();
    assert_eq!(extract.paragraphs[1].text, story);
    assert_eq!(extract.notes, ["text taken from the field story (see --text-field)"]);
    let short = read_line(r#"{"story": "The second ferry."}"#).unwrap();
    assert_eq!((short.paragraphs.len(), short.notes), (0, vec!["no text field".to_owned()]));
}

#[test]
fn an_object_that_holds_the_text_is_taken_apart_and_others_stay_whole() {
    let line = r#"{"url": "http://x.example/", "content": {"text": "The ferry sailed.", "url": "in"}, "meta": {"a": 1}}"#;
    let extract = read_line(line).unwrap();
    assert_eq!(extract.paragraphs[0].text, "The ferry sailed.");
    assert_eq!(
        pairs(&extract),
        [
            ("source", "http://x.example/", "field url"),
            ("content.url", "in", "field content.url"),
            ("meta", r#"{"a":1}"#, "field meta"),
        ]
    );
    let chinese =
        read_line(r#"{"标题": "渡轮", "日期": "2021-05-06", "正文": "第二艘渡轮启航。"}"#).unwrap();
    assert_eq!((chinese.first("title"), chinese.first("date")), (Some("渡轮"), Some("2021-05-06")));
}

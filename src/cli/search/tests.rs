//! How a search reads its arguments and shows its hits.

use super::*;
use clap::Parser;
use std::collections::HashMap;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: Search,
}

fn args(line: &[&str]) -> Search {
    Command::parse_from([&["search"], line].concat()).args
}

fn answer(line: &[&str], rows: &[Vec<Value>], bold: bool) -> String {
    let names =
        ["rank", "address", "label", "section", "location", "other_locations", "copies", "snippet"];
    let mut out = Vec::new();
    lay_out(&args(line), &mut out, bold, |sql, _, sink| {
        let missing = vec![vec![Value::Text("zeppelin".into())]];
        let rows = match (sql == query::SEARCH, rows.is_empty()) {
            (true, _) => rows.to_vec(),
            (false, true) => missing,
            (false, false) => Vec::new(),
        };
        sink.columns(&names.map(str::to_owned))?;
        for row in rows {
            sink.row(&row)?;
        }
        Ok(())
    })
    .unwrap();
    String::from_utf8(out).unwrap()
}

fn row(rank: i64, section: Option<&str>, more: i64, snippet: &str) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    vec![
        Value::Integer(rank),
        text("0123456789abcdef/0123456789ab"),
        text("Ports"),
        section.map_or(Value::Null, text),
        text("/papers/a.txt"),
        Value::Integer(more),
        Value::Integer(more),
        text(snippet),
    ]
}

#[test]
fn hits_are_laid_out_for_reading() {
    let rows = [row(1, Some("Rail"), 2, "a **new** port"), row(2, None, 0, "evil \u{1b}[2J")];
    assert_eq!(
        answer(&["port"], &rows, false),
        " 1. Ports › Rail\n    0123456789abcdef/0123456789ab  /papers/a.txt, +2 more, +2 copies\n    a **new** port\n\
         \n 2. Ports\n    0123456789abcdef/0123456789ab  /papers/a.txt\n    evil \\u{1b}[2J\n"
    );
    let shown = answer(&["port"], &[row(1, None, 0, "a **new** port")], true);
    assert!(shown.ends_with("    a \u{1b}[1mnew\u{1b}[22m port\n"), "{shown:?}");
}

#[test]
fn an_empty_result_names_what_stands_nowhere() {
    assert_eq!(
        answer(&["zeppelin", "port"], &[], false),
        "nothing found: zeppelin stands nowhere in the archive\n"
    );
    assert_eq!(answer(&["-"], &[], false), "nothing found: there is no word in what was typed\n");
}

#[test]
fn words_may_begin_with_a_minus_behind_two_of_them() {
    let args = args(&["--limit", "3", "--kind", "body", "--", "rail", "-tax"]);
    let parameters: HashMap<String, Value> = args.parameters().unwrap().into_iter().collect();
    assert_eq!(parameters["words"], Value::Text("rail -tax".into()));
    assert_eq!(parameters["limit"], Value::Integer(3));
    assert_eq!(parameters["kind"], Value::Text("body".into()));
    assert_eq!(parameters["folder"], Value::Null);
    let refused = Command::try_parse_from(["search", "a", "--kind", "poem"]);
    assert!(refused.is_err());
}

#[test]
fn folders_become_whole_paths_and_patterns_match_anywhere() {
    assert_eq!(place(Path::new("/papers/")), "/papers");
    assert_eq!(place(Path::new("*.pdf")), "**.pdf");
    assert_eq!(place(Path::new("https://example.org/")), "https://example.org");
    assert!(place(Path::new("./papers")).ends_with("/papers"));
    assert!(!place(Path::new("./papers")).contains("/./"));
}

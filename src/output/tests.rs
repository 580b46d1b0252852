//! Every output on the same ugly rows, compared whole.

use super::*;
use crate::model::Value::{self, Blob, Integer, Null, Real};
use std::cell::RefCell;
use std::rc::Rc;
use unicode_width::UnicodeWidthStr;

/// A place to write to that can be read afterwards.
#[derive(Clone, Default)]
struct Page(Rc<RefCell<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn written(name: &str, terminal: Option<usize>, columns: &[&str], rows: &[Vec<Value>]) -> String {
    let page = Page::default();
    let mut output = open(name, Box::new(page.clone()), terminal).unwrap();
    let columns: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
    output.columns(&columns).unwrap();
    for row in rows {
        output.row(row).unwrap();
    }
    output.finish().unwrap();
    String::from_utf8(page.0.take()).unwrap()
}

fn ugly() -> Vec<Vec<Value>> {
    vec![
        vec![Integer(i64::MAX), text("一带, \"一路\""), Real(0.1), Blob(vec![0, 0xab])],
        vec![Null, text("a|b\t\\\r\nc"), Real(f64::INFINITY), Blob((0..20).collect())],
        vec![Integer(-1), text("\u{1b}[31m\u{9b}\u{202e}"), Real(1e300), Null],
    ]
}

const NAMES: [&str; 4] = ["n", "текст", "r", "b"];

#[test]
fn json_is_an_array_with_a_row_a_line() {
    assert_eq!(
        written("json", None, &NAMES, &ugly()),
        r#"[
{"n":9223372036854775807,"текст":"一带, \"一路\"","r":0.1,"b":"00ab"},
{"n":null,"текст":"a|b\t\\\r\nc","r":null,"b":"000102030405060708090a0b0c0d0e0f10111213"},
{"n":-1,"текст":"\u001b[31m\u009b\u202e","r":1e300,"b":null}
]
"#
    );
}

#[test]
fn json_reads_back_as_it_was() {
    let json: serde_json::Value =
        serde_json::from_str(&written("json", None, &NAMES, &ugly())).unwrap();
    assert_eq!(json[2]["текст"], "\u{1b}[31m\u{9b}\u{202e}");
    assert_eq!(json[0]["n"], i64::MAX);
}

#[test]
fn jsonl_is_an_object_a_line_and_nothing_without_rows() {
    let rows = [vec![Integer(1), Null], vec![Integer(2), text("“ж”")]];
    assert_eq!(
        written("jsonl", None, &["a", "b"], &rows),
        "{\"a\":1,\"b\":null}\n{\"a\":2,\"b\":\"“ж”\"}\n"
    );
    assert_eq!(written("jsonl", None, &["a"], &[]), "");
}

#[test]
fn columns_of_one_name_are_all_kept() {
    let row = [(1..=5).map(Integer).collect()];
    assert_eq!(
        written("jsonl", None, &["id", "id", "id_2", "id", "x\"y"], &row),
        "{\"id\":1,\"id_3\":2,\"id_2\":3,\"id_4\":4,\"x\\\"y\":5}\n"
    );
}

#[test]
fn csv_quotes_what_must_be_quoted_and_changes_nothing() {
    assert_eq!(
        written("csv", None, &NAMES, &ugly()),
        "n,текст,r,b\n\
         9223372036854775807,\"一带, \"\"一路\"\"\",0.1,00ab\n\
         ,\"a|b\t\\\r\nc\",Inf,000102030405060708090a0b0c0d0e0f10111213\n\
         -1,\u{1b}[31m\u{9b}\u{202e},1e300,\n"
    );
}

#[test]
fn tsv_keeps_a_row_on_a_line() {
    assert_eq!(
        written("tsv", None, &NAMES, &ugly()),
        "n\tтекст\tr\tb\n\
         9223372036854775807\t一带, \"一路\"\t0.1\t00ab\n\
         \ta|b\\t\\\\\\r\\nc\tInf\t000102030405060708090a0b0c0d0e0f10111213\n\
         -1\t\u{1b}[31m\u{9b}\u{202e}\t1e300\t\n"
    );
}

#[test]
fn markdown_escapes_what_markdown_would_act_on() {
    assert_eq!(
        written("markdown", None, &NAMES, &ugly()),
        "| n | текст | r | b |\n\
         | --- | --- | --- | --- |\n\
         | 9223372036854775807 | 一带, \"一路\" | 0.1 | 00ab |\n\
         |  | a\\|b \\\\<br>c | Inf | 000102030405060708090a0b0c0d0e0f10111213 |\n\
         | -1 | \\\\u{1b}\\[31m\\\\u{9b}\\\\u{202e} | 1e300 |  |\n"
    );
    assert_eq!(
        written("markdown", None, &["<b>"], &[vec![text("<i>&amp; a_b*")]]),
        "| &lt;b> |\n| --- |\n| &lt;i>&amp;amp; a\\_b\\* |\n"
    );
}

#[test]
fn a_table_aligns_wide_characters_and_shows_a_row_a_line() {
    assert_eq!(
        written("table", None, &NAMES, &ugly()),
        "\
┌─────────────────────┬──────────────────────────┬───────┬──────────────────────┐
│ n                   ┆ текст                    ┆ r     ┆ b                    │
╞═════════════════════╪══════════════════════════╪═══════╪══════════════════════╡
│ 9223372036854775807 ┆ 一带, \"一路\"             ┆   0.1 ┆ x'00ab'              │
│                     ┆ a|b \\␤c                  ┆   Inf ┆ x'0001020304050607…' │
│                  -1 ┆ \\u{1b}[31m\\u{9b}\\u{202e} ┆ 1e300 ┆                      │
└─────────────────────┴──────────────────────────┴───────┴──────────────────────┘
"
    );
}

#[test]
fn on_a_terminal_wide_columns_share_the_room_and_narrow_ones_keep_theirs() {
    let rows = [vec![Integer(1), text(&"东北".repeat(400)), text(&"word ".repeat(100))]];
    let table = written("table", Some(40), &["id", "zh", "en"], &rows);
    for line in table.lines() {
        assert!(line.width() <= 40, "{} {line}", line.width());
    }
    assert!(table.contains("│  1 ┆ 东北东北东北…"), "{table}");
    assert!(table.contains("word word word…") || table.contains("word word wor…"), "{table}");
}

#[test]
fn a_terminal_too_narrow_for_all_columns_still_shows_some_of_each() {
    let row = [vec![text("long text"); 20]];
    let table = written("table", Some(20), &["a"; 20], &row);
    assert_eq!(table.matches("lon…").count(), 20, "{table}");
}

#[test]
fn on_a_terminal_no_output_lets_an_escape_sequence_through() {
    let rows = [vec![text("\u{1b}[31m\u{9b}31m\u{202e}\u{7}")]];
    for name in names() {
        let written = written(name, Some(80), &["\u{1b}c"], &rows);
        assert!(
            !written.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\u{7}']),
            "{name}: {written:?}"
        );
    }
}

#[test]
fn without_rows_the_names_are_still_shown() {
    for (name, whole) in [
        ("json", "[]\n"),
        ("csv", "a,b\n"),
        ("tsv", "a\tb\n"),
        ("markdown", "| a | b |\n| --- | --- |\n"),
        ("table", "┌───┬───┐\n│ a ┆ b │\n╞═══╪═══╡\n└───┴───┘\n"),
    ] {
        assert_eq!(written(name, None, &["a", "b"], &[]), whole, "{name}");
    }
}

#[test]
fn a_table_takes_no_more_than_it_can_hold() {
    let mut output = open("table", Box::new(io::sink()), None).unwrap();
    output.columns(&["a".to_owned()]).unwrap();
    let row = [text(&"x".repeat(1 << 20))];
    let taken = (1..100).find(|_| output.row(&row).unwrap() == crate::model::Flow::Enough);
    assert_eq!(taken, Some(64));
}

#[test]
fn a_place_that_cannot_be_written_is_told() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for name in names() {
        let mut output = open(name, Box::new(Full), None).unwrap();
        let row = || -> io::Result<()> {
            output.columns(&["a".to_owned()])?;
            output.row(&[Null])?;
            output.finish()
        };
        assert_eq!(row().unwrap_err().kind(), io::ErrorKind::StorageFull, "{name}");
    }
}

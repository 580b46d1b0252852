//! Whole pages: what their paragraphs, statements and notes are.

use super::*;
use crate::format::Options;
use crate::model::Kind;

fn read_page(html: &str) -> Extract {
    read(&Input { bytes: html.as_bytes(), name: "a.html", options: &Options::default() }).unwrap()
}

fn kinds(extract: &Extract) -> Vec<(Kind, &str)> {
    extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect()
}

const FIRST: &str = "The second ferry between Sannoe and Usun sails on the fourteenth of May, and the \
                     customs house at the bridge will stay open until eight in the evening, it said.";
const SECOND: &str = "Forwarders expect that one train in three, which today misses the noon ferry, will \
                      reach the port on the day on which it left the border, as the plan promises.";

fn page(lang: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang={lang}><head><title>Second ferry | Sannoe News</title>\
         <meta name=author content='Ito Haru'></head><body><nav><ul><li><a href=/>Home</a><li>\
         <a href=/s>Sport</a></ul></nav><div class=article id=content>{body}</div><footer><p>\
         <a href=/c>Imprint and contact</a></footer></body></html>"
    )
}

#[test]
fn main_text_is_told_from_the_page_and_the_page_is_kept() {
    let html = page(
        "en",
        &format!(
            "<h1>Second ferry</h1><p>{FIRST}</p><h2>What it means</h2><p>{SECOND}</p><table><tr>\
             <th>Year<th>Tons<tr><td>2015<td>412,000</table><p>{FIRST} Again.</p>"
        ),
    );
    let extract = read_page(&html);
    assert_eq!(
        kinds(&extract),
        [
            (Kind::Boilerplate, "Home"),
            (Kind::Boilerplate, "Sport"),
            (Kind::Title, "Second ferry"),
            (Kind::Body, FIRST),
            (Kind::Heading, "What it means"),
            (Kind::Body, SECOND),
            (Kind::Table, "Year\tTons"),
            (Kind::Row, "2015\t412,000"),
            (Kind::Body, &*format!("{FIRST} Again.")),
            (Kind::Boilerplate, "Imprint and contact"),
        ]
    );
    assert_eq!(extract.first("title"), Some("Second ferry"));
    assert_eq!(extract.first("creator"), Some("Ito Haru"));
    assert_eq!(extract.language.as_ref().map(|tag| tag.as_str()), Some("en"));
    assert_eq!(extract.notes, [] as [&str; 0]);
}

#[test]
fn a_page_in_chinese_is_read_like_any_other() {
    let long = "往来三野与乌孙的第二艘渡轮将于五月十四日启航，货运商欢迎这一消息。但指出桥头海关仍在下午五时关门，\
                琥珀走廊的货物因此常常误船，港务局表示，新的时刻表将在夏季公布，并与铁路部门协调。";
    let html = page("zh-CN", &format!("<h1>渡轮启航</h1><p>{long}</p><p>{long}完。</p>"));
    let extract = read_page(&html);
    let kinds = kinds(&extract);
    assert!(kinds.contains(&(Kind::Body, long)), "{kinds:?}");
    assert!(kinds.contains(&(Kind::Boilerplate, "Imprint and contact")), "{kinds:?}");
}

#[test]
fn what_is_no_article_has_no_boilerplate_and_says_so() {
    let extract = read_page("<html><body><p>noon</p></body></html>");
    assert_eq!(kinds(&extract), [(Kind::Body, "noon")]);
    assert!(read_page("<html></html>").notes.contains(&"empty".to_owned()));
}

#[test]
fn a_page_nested_too_deep_is_read_without_its_tags() {
    let html = format!("<html>{}deep{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
    let extract = read_page(&html);
    assert_eq!(kinds(&extract), [(Kind::Body, "deep")]);
    assert_eq!(extract.notes, ["nested too deep for a tree, read without its tags"]);
}

#[test]
fn a_page_at_the_bound_of_nesting_fits_the_stack_of_a_thread() {
    let html = format!("<html>{}deep", "<div><p>".repeat(510));
    let read = std::thread::Builder::new().stack_size(2 << 20).spawn(move || read_page(&html));
    assert_eq!(kinds(&read.unwrap().join().unwrap()), [(Kind::Body, "deep")]);
}

#[test]
fn pages_are_known_by_how_they_begin() {
    for page in [
        "<!DOCTYPE HTML PUBLIC \"x\">",
        "\u{feff}\n<!-- saved --><html >",
        "<?xml version='1.0'?><!DOCTYPE html>",
        "<head>",
    ] {
        assert!(recognises(page.as_bytes()), "{page}");
    }
    for other in ["", "<!-- only", "<header>", "text <html>", "<?xml version='1.0'?><rss>"] {
        assert!(!recognises(other.as_bytes()), "{other}");
    }
}

#[test]
fn the_page_of_nested_tables_that_a_fuzzer_found_is_read() {
    let page = include_bytes!("../../../tests/data/fuzz/nested-tables.html");
    let options = crate::format::Options::default();
    let input = crate::format::Input { bytes: page, name: "a.html", options: &options };
    let extract = (super::FORMAT.read)(&input).unwrap();
    assert!(extract.paragraphs.iter().any(|paragraph| paragraph.text.contains('路')));
}

#[test]
fn a_table_at_the_end_of_the_article_is_part_of_it() {
    let table = "<table><caption>Table 1</caption><tr><th>Year<th>Tons<tr><td>2015<td>412</table>";
    let extract = read_page(&page("en", &format!("<p>{FIRST}</p><p>{SECOND}</p>{table}")));
    let ends: Vec<_> = kinds(&extract).into_iter().rev().take(4).collect();
    assert_eq!(
        ends,
        [
            (Kind::Boilerplate, "Imprint and contact"),
            (Kind::Row, "2015\t412"),
            (Kind::Table, "Year\tTons"),
            (Kind::Caption, "Table 1"),
        ]
    );
}

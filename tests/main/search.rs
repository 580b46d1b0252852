//! What `fonds search` finds, in whatever way it is typed.

use crate::support::{Folder, samples};

fn archive() -> Folder {
    let folder = Folder::new();
    folder.fonds(&["ingest", &samples()]).done();
    folder
}

/// The text of the hits, the best first.
fn hits(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let all = [&["search", "--format", "jsonl"], arguments].concat();
    let printed = folder.fonds(&all).done();
    let snippet = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        row["snippet"].as_str().unwrap().replace("**", "")
    };
    printed.lines().map(snippet).collect()
}

#[test]
fn questions_in_plain_words_find_the_paragraph_that_answers_them() {
    let folder = archive();
    for (question, answer) in [
        (
            "When did the customs house promise a night shift?",
            "The customs house at the bridge works",
        ),
        (
            "How many tons did the corridor carry in 2015?",
            "In 2015 the corridor carried 412,000 tons",
        ),
        ("Which goods had the largest share in 2019?", "Grain 0 315,700 48.2 %"),
        ("Who translated Kida's abstract?", "[Translated by the Centre]"),
        (
            "How much did the ship built in Busan cost?",
            "“We have waited for this ship for seven years,”",
        ),
        ("a timetable in four languages without an agent", "The answer offered here is that"),
        ("渡轮什么时候启航？", "三野港务局星期二宣布"),
        ("税関は何時に閉まりますか", "運送業者は歓迎しながらも"),
        ("세관은 몇 시에 문을 닫나", "운송업체들은 소식을 반겼으나"),
        ("когда закрывается таможня у моста", "Экспедиторы рады новости"),
    ] {
        let sql = "SELECT replace(text, char(9), ' ') FROM search(:question) LIMIT 1";
        let question = format!("question={question}");
        let ran = folder.fonds(&["query", "--format", "tsv", "-p", &question, sql]);
        let found = ran.stdout.lines().nth(1).unwrap_or_default();
        assert!(found.starts_with(answer), "{question}\n  {found}");
    }
}

#[test]
fn quotes_dashes_case_and_diacritics_make_no_difference() {
    let folder = archive();
    for (one, other) in [
        ("2018-2019", "2018–2019"),
        ("five o'clock", "five o’clock"),
        ("\"amber corridor”", "“AMBER CORRIDOR”"),
        ("ｆｅｒｒｙ", "férry"),
    ] {
        let found = hits(&folder, &["--", one]);
        assert_eq!(found, hits(&folder, &["--", other]), "{one} {other}");
        assert!(!found.is_empty(), "{one}");
    }
}

#[test]
fn boilerplate_is_found_only_when_it_is_asked_for() {
    let folder = archive();
    assert_eq!(hits(&folder, &["\"Source link\""]), [] as [&str; 0]);
    assert_eq!(hits(&folder, &["--all-text", "\"Source link\""]), ["Source link"]);
}

#[test]
fn one_hit_per_story_unless_copies_are_asked_for() {
    let folder = archive();
    let question = ["--limit", "99", "forwarders welcomed the news"];
    let copies = |found: &[String]| {
        found.iter().filter(|text| text.starts_with("Forwarders welcomed the news")).count()
    };
    assert_eq!(copies(&hits(&folder, &question)), 1);
    assert_eq!(copies(&hits(&folder, &[&["--all-copies"], &question[..]].concat())), 2);
}

#[test]
fn exact_keeps_words_from_standing_for_their_other_forms() {
    let folder = archive();
    assert_ne!(hits(&folder, &["timetables"]), [] as [&str; 0]);
    assert_eq!(hits(&folder, &["--exact", "timetables"]), [] as [&str; 0]);
}

#[test]
fn kind_language_folder_and_date_narrow_a_search() {
    let folder = archive();
    let count = |arguments: &[&str]| {
        let all = [&["--limit", "99", "ferry OR 渡轮"], arguments].concat();
        hits(&folder, &all).len()
    };
    let all = count(&[]);
    for arguments in [
        ["--kind", "title"],
        ["--language", "zh"],
        ["--since", "2019"],
        ["--in", &format!("{}/mirror", samples())],
    ] {
        let some = count(&arguments);
        assert!(0 < some && some < all, "{arguments:?}: {some} of {all}");
    }
}

#[test]
fn an_empty_result_says_which_word_stands_nowhere() {
    let folder = archive();
    assert_eq!(
        folder.fonds(&["search", "zeppelin"]).done(),
        "nothing found: zeppelin stands nowhere in the archive\n"
    );
}

#[test]
fn the_sql_of_the_command_can_be_printed_and_run() {
    let folder = archive();
    let sql = folder.fonds(&["search", "noon ferry", "--sql"]).done();
    let null = ["language=", "kind=", "folder=", "since="];
    assert!(null.iter().all(|name| sql.contains(name.trim_end_matches('='))), "{sql}");
    let sql = [":all_text", ":exact", ":all_copies"]
        .iter()
        .fold(sql, |sql, name| sql.replace(name, "0"))
        .replace(":words", "'noon ferry'")
        .replace(":limit", "2");
    let sql = [":language", ":kind", ":folder", ":since"]
        .iter()
        .fold(sql, |sql, name| sql.replace(name, "NULL"));
    let ran = folder.fonds(&["query", &sql]);
    assert_eq!((ran.stderr.as_str(), ran.status), ("", 0));
    assert_eq!(ran.stdout.lines().count(), 3);
}

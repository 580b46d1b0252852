//! What `fonds search` finds, in whatever way it is typed.

use crate::support::{Folder, samples};
use std::fs;

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
    let questions = include_str!("../data/questions.tsv");
    assert_eq!(questions.lines().count(), 10);
    for (question, answer) in questions.lines().filter_map(|line| line.split_once('\t')) {
        let answer = answer.replace('\t', " ");
        let sql = "SELECT replace(text, char(9), ' ') FROM search(:question) LIMIT 1";
        let question = format!("question={question}");
        let ran = folder.fonds(&["query", "--format", "tsv", "-p", &question, sql]);
        let found = ran.stdout.lines().nth(1).unwrap_or_default();
        assert!(found.starts_with(&answer), "{question}\n  {found}");
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
fn a_hit_says_from_how_many_sources_it_comes_and_its_copies_are_listed_by_its_address() {
    let folder = Folder::new();
    let story =
        "The harbour office ordered a second ferry in Busan on Monday, and a third in May.\n";
    for name in ["wire/a.txt", "wire/b.txt", "press/c.txt"] {
        folder.write(name, format!("{story}\nFrom {name}.\n"));
    }
    folder.fonds(&["ingest", "."]).done();
    let found =
        folder.fonds(&["search", "second ferry", "--limit", "1", "--format", "jsonl"]).done();
    let row: serde_json::Value = serde_json::from_str(found.lines().next().unwrap()).unwrap();
    assert_eq!((&row["copies"], &row["sources"]), (&2.into(), &2.into()));
    let address = row["address"].as_str().unwrap();
    let copies = folder.fonds(&["show", address, "--copies", "--format", "jsonl"]).done();
    let listed = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        format!("{} {} {}", row["label"], row["has"], row["source"])
    };
    let mut listed: Vec<String> = copies.lines().map(listed).collect();
    listed.sort();
    let first = row["label"].as_str().unwrap();
    let all = ["a.txt", "b.txt", "c.txt"].into_iter().filter(|name| *name != first);
    let folder_of = |name| if name == "c.txt" { "press" } else { "wire" };
    let expected: Vec<String> = all
        .map(|name| format!("\"{name}\" \"the paragraph\" \"{}/{}\"", "DIR", folder_of(name)))
        .collect();
    assert_eq!(listed, expected);
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
fn a_word_that_stands_nowhere_is_answered_with_one_that_does() {
    let folder = archive();
    assert_eq!(
        folder.fonds(&["search", "corridr"]).done(),
        "nothing found: corridr stands nowhere in the archive; did you mean corridor?\n"
    );
    assert_eq!(
        folder.fonds(&["search", "Forwrader tmber"]).done(),
        "nothing found: these stand nowhere in the archive: Forwrader, tmber; did you mean forwarder timber?\n"
    );
    assert_eq!(
        folder.fonds(&["search", "+timber +bridge"]).done(),
        "nothing found: every term stands in the archive, but no paragraph fits them all\n"
    );
    let found = folder.fonds(&["search", "--limit", "1", "ferry", "brigde"]).done();
    let last = found.lines().last().unwrap();
    assert_eq!(last, "brigde stands nowhere in the archive; did you mean bridge?");
}

#[test]
fn a_word_half_typed_is_completed_from_the_archive() {
    let folder = archive();
    let printed = folder.fonds(&["search", "--complete", "--limit", "3", "noon", "FERR"]).done();
    let words: Vec<&str> = printed.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(words, ["word", "ferry", "ferries"]);
}

#[test]
fn facets_count_the_hits_of_a_search() {
    let folder = Folder::new();
    folder.write("en/a.txt", "The ferry sails at noon.\n\nA ferry is a ship.");
    folder.write("en/b.md", "# The ferry\n\nThe second ferry came from Busan.");
    folder.write("ru/c.txt", "Паром ferry отправляется в полдень из порта.");
    folder.write(
        "news.jsonl",
        "{\"text\": \"Ferry of the year\", \"date\": \"2019-06-12\", \"url\": \"https://example.org/f\"}\n",
    );
    folder.fonds(&["ingest", "."]).done();
    assert_eq!(
        folder.fonds(&["search", "ferry", "--facets"]).done(),
        "language\n       3  unknown\n       2  en\n       1  ru\n\nkind\n       5  body\n       1  title\n\n\
         year\n       5  unknown\n       1  2019\n\nmedia type\n       3  text/plain\n       \
         2  text/markdown\n       1  application/jsonl\n\nsource\n       4  DIR/en\n       \
         1  DIR/news.jsonl\n       1  DIR/ru\n"
    );
    assert_eq!(
        folder.fonds(&["search", "ferry", "--facets", "--kind", "title", "--format", "csv"]).done(),
        "facet,value,hits\nlanguage,en,1\nkind,title,1\nyear,unknown,1\nmedia type,text/markdown,1\nsource,DIR/en,1\n"
    );
}

#[test]
fn dates_and_types_narrow_a_search_and_the_latest_documents_come_first_on_request() {
    let folder = Folder::new();
    let record =
        |text: &str, date: &str| format!("{{\"text\": \"{text}\", \"date\": \"{date}\"}}\n");
    let records = [
        record("The ferry, the old ferry, sails.", "2018"),
        record("A ferry came in June.", "2019-06-12"),
        record("No ferry until August.", "2020-03-20"),
    ];
    folder.write("news.jsonl", records.concat());
    folder.write("notes.txt", "Somebody wrote about a ferry once.");
    folder.fonds(&["ingest", "."]).done();
    let found = |arguments: &[&str]| hits(&folder, &[&["ferry"], arguments].concat());
    let [old, june, august, notes] = [
        "The ferry, the old ferry, sails.",
        "A ferry came in June.",
        "No ferry until August.",
        "Somebody wrote about a ferry once.",
    ];
    assert_eq!(found(&["--sort", "date"]), [august, june, old, notes]);
    assert_eq!(found(&["--until", "2019-06", "--sort", "date"]), [june, old]);
    assert_eq!(found(&["--since", "2019", "--until", "2019-06-11"]), [""; 0]);
    assert_eq!(found(&["--since", "2019", "--until", "2019", "--sort", "date"]), [june]);
    assert_eq!(found(&["--media-type", "text/*"]), [notes]);
}

#[test]
fn the_sql_of_the_command_can_be_printed_and_run() {
    let folder = archive();
    let sql = folder.fonds(&["search", "noon ferry", "--sql"]).done();
    let null =
        ["language=", "kind=", "folder=", "since=", "until=", "media_type=", "after=", "concepts="];
    assert!(null.iter().all(|name| sql.contains(name.trim_end_matches('='))), "{sql}");
    let sql = [":all_text", ":exact", ":all_copies"]
        .iter()
        .fold(sql, |sql, name| sql.replace(name, "0"))
        .replace(":words", "'noon ferry'")
        .replace(":limit", "2");
    let sql = [
        ":language",
        ":kind",
        ":folder",
        ":since",
        ":until",
        ":media_type",
        ":collection",
        ":after",
        ":concepts",
    ]
    .iter()
    .fold(sql, |sql, name| sql.replace(name, "NULL"));
    let ran = folder.fonds(&["query", &sql]);
    assert_eq!((ran.stderr.as_str(), ran.status), ("", 0));
    assert_eq!(ran.stdout.lines().count(), 3);
}

/// Texts in which one thing is written in different ways, one to a document.
fn spellings() -> Folder {
    let folder = Folder::new();
    for (name, text) in [
        ("hans.txt", "东北振兴的计划于二〇一三年公布，经济开始增长。"),
        ("hant.txt", "東北振興的計畫於二〇一三年公布，經濟開始成長。"),
        ("ja.txt", "東北振興の計画は二〇一三年に始まり、経済が成長した。センタは駅の前にある。"),
        ("half.txt", "ｶﾞｽの値段は２０２１年に上がった。"),
        ("kana.txt", "ガスはシルク・ロードの町に届いた。センターは遠い。"),
        ("ko.txt", "일대일로 사업의 경제무역 협력이 확대되었다."),
        ("ru.txt", "Вдоль коридора построили дорогу. Самолёт прилетел утром, полёт птицы долог."),
        ("ru2.txt", "Полет птицы короток. Один пояс, один путь соединяет города."),
        (
            "en.txt",
            "The resume of the oﬃcer says that “One Belt, One Road” – the so-called BRI – is long.",
        ),
        (
            "en2.txt",
            "His résumé mentions an efﬁcient officer of the bri\u{ad}gade and Belt and Road.",
        ),
        ("en3.txt", "The cheese called bri is no policy."),
    ] {
        folder.write(name, text);
    }
    folder.fonds(&["ingest", "."]).done();
    folder
}

/// The file names of the hits in alphabetical order, each with what it was found as.
fn found(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let all = [&["search", "--format", "jsonl", "--limit", "50"], arguments].concat();
    let printed = folder.fonds(&all).done();
    let mut found: Vec<String> = printed
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let name = row["location"].as_str().unwrap().rsplit('/').next().unwrap();
            match row["found_as"].as_str() {
                Some(found_as) => format!("{name} {found_as}"),
                None => name.to_owned(),
            }
        })
        .collect();
    found.sort();
    found
}

#[test]
fn one_thing_is_found_in_every_spelling_and_the_hit_says_so() {
    let folder = spellings();
    for (words, hits) in [
        ("振兴", &["hans.txt", "hant.txt 振興", "ja.txt 振興"][..]),
        ("東北", &["hans.txt 东北", "hant.txt", "ja.txt"]),
        ("\"东北\"", &["hans.txt", "hant.txt 東北", "ja.txt 東北"]),
        ("経済", &["hans.txt 经济", "hant.txt 經濟", "ja.txt", "ko.txt"][..3]),
        ("ガス", &["half.txt ｶﾞｽ", "kana.txt"]),
        ("ｶﾞｽ", &["half.txt", "kana.txt ガス"]),
        ("2021", &["half.txt ２０２１"]),
        ("シルクロード", &["kana.txt"]),
        ("\"センター\"", &["ja.txt センタ", "kana.txt"]),
        ("коридор", &["ru.txt"]),
        ("\"полет птицы\"", &["ru.txt полёт птицы", "ru2.txt"]),
        ("officer", &["en.txt oﬃcer", "en2.txt"]),
        ("efficient", &["en2.txt efﬁcient"]),
        ("resume", &["en.txt", "en2.txt résumé"]),
        ("경제무역", &["ko.txt"]),
        ("협력", &["ko.txt"]),
    ] {
        assert_eq!(found(&folder, &[words]), hits, "{words}");
    }
}

#[test]
fn not_and_phrases_stay_exact_among_spellings() {
    let folder = spellings();
    assert_eq!(found(&folder, &["二〇一三年 -经济"]), [""; 0]);
    assert_eq!(found(&folder, &["\"振兴的计划\""]), ["hans.txt", "hant.txt 振興的計畫"]);
    assert_eq!(found(&folder, &["\"北振兴\" -計画"]), [""; 0]);
}

#[test]
fn exact_finds_nothing_in_another_spelling() {
    let folder = spellings();
    for (words, hits) in [
        ("振兴", &["hans.txt"][..]),
        ("ガス", &["kana.txt"]),
        ("resume", &["en.txt"]),
        ("Résumé", &["en2.txt"]),
        ("officer", &["en2.txt"]),
        ("2021", &[]),
        ("полет", &["ru2.txt"]),
        ("коридор", &[]),
        ("brigade", &["en2.txt"]),
    ] {
        assert_eq!(found(&folder, &["--exact", words]), hits, "{words}");
    }
}

#[test]
fn an_expression_stands_for_its_equals_in_other_languages_when_concepts_are_asked_for() {
    let folder = spellings();
    let all = |as_typed: &str| {
        let mut all = vec![
            "en.txt One Belt, One Road, BRI".to_owned(),
            "en2.txt Belt and Road".to_owned(),
            "ko.txt 일대일로".to_owned(),
            "ru2.txt Один пояс, один путь".to_owned(),
        ];
        for hit in &mut all {
            if hit.starts_with(as_typed) {
                hit.truncate(as_typed.len());
            }
        }
        all
    };
    assert_eq!(found(&folder, &["--concepts", "一带一路"]), all("none"));
    assert_eq!(found(&folder, &["--concepts", "\"belt and road\""]), all("en2.txt"));
    assert_eq!(found(&folder, &["--concepts", "BRI"]), all("en.txt"));
    assert_eq!(found(&folder, &["--concepts", "bri"]), ["en.txt", "en3.txt"]);
    assert_eq!(found(&folder, &["--concepts", "города -BRI"]), [""; 0]);
    assert_eq!(found(&folder, &["一带一路"]), [""; 0]);
}

#[test]
fn a_list_of_concepts_of_ones_own_is_used_and_what_is_wrong_with_it_is_said() {
    let folder = spellings();
    folder.write("mine.txt", "cheese | птица\n");
    assert_eq!(
        found(&folder, &["--concepts=mine.txt", "cheese"]),
        ["en3.txt", "ru.txt птицы", "ru2.txt птицы"]
    );
    folder.write("mine.txt", "cheese\n");
    let ran = folder.fonds(&["search", "--concepts=mine.txt", "cheese"]);
    assert_eq!(
        (ran.stderr.as_str(), ran.status),
        (
            "fonds: cannot read the concepts in mine.txt: line 1: one expression alone has no equal; part them by |\n",
            1
        )
    );
}

#[test]
fn stored_concepts_are_used_by_every_search_until_they_are_removed() {
    let folder = spellings();
    folder.write("birds.txt", "# birds\ncheese | птица\n\n =BRI | коридор \n");
    assert_eq!(
        folder.fonds(&["concepts", "--store=birds.txt"]).done(),
        "2 concepts stored as birds; every search uses them\n"
    );
    let hits = ["en3.txt", "ru.txt птицы", "ru2.txt птицы"];
    assert_eq!(found(&folder, &["cheese"]), hits);
    assert_eq!(folder.rows("SELECT count(*) FROM search('cheese')"), ["3"]);
    // What is asked for with the search is used in their place.
    assert_eq!(found(&folder, &["--concepts=none", "cheese"]), ["en3.txt"]);
    assert_eq!(found(&folder, &["--exact", "cheese"]), ["en3.txt"]);
    assert_eq!(found(&folder, &["--concepts", "cheese"]), ["en3.txt"]);
    assert_eq!(folder.rows("SELECT count(*) FROM search('cheese') WHERE concepts = ''"), ["1"]);
    folder.fonds(&["concepts", "--store", "--name", "policy"]).done();
    assert_eq!(found(&folder, &["cheese"]), hits);
    assert_eq!(found(&folder, &["一带一路"]).len(), 4);
    assert_eq!(
        folder.rows("SELECT list, line, expressions FROM concept WHERE list = 'birds'"),
        ["birds|2|cheese | птица", "birds|4|=BRI | коридор"]
    );
    let shown = folder.fonds(&["concepts", "birds"]).done();
    assert!(
        shown.starts_with("list,line,expressions,stored_at\nbirds,2,cheese | птица,"),
        "{shown}"
    );
    assert_eq!(
        folder.fonds(&["concepts", "--remove", "birds"]).done(),
        "birds is no longer stored; it had 2 concepts\n"
    );
    assert_eq!(found(&folder, &["cheese"]), ["en3.txt"]);
    let ran = folder.fonds(&["concepts", "--remove", "birds"]);
    assert_eq!(
        (ran.stderr.as_str(), ran.status),
        ("fonds: no list of concepts is stored as birds\n", 1)
    );
    assert_eq!(folder.fonds(&["check"]).done().lines().count(), 1);
}

#[test]
fn a_list_that_makes_no_sense_is_not_stored_and_one_that_was_changed_by_hand_is_named() {
    let folder = spellings();
    folder.write("wrong.txt", "cheese\n");
    let ran = folder.fonds(&["concepts", "--store=wrong.txt"]);
    let reason = "fonds: cannot read the concepts in wrong.txt: line 1: one expression alone has no equal; part them by |\n";
    assert_eq!((ran.stderr.as_str(), ran.status), (reason, 1));
    assert_eq!(folder.rows("SELECT count(*) FROM concept"), ["0"]);
    let stock = rusqlite::Connection::open(folder.path().join("fonds.db")).unwrap();
    stock
        .execute_batch(
            "INSERT INTO concept VALUES ('mine', 1, 'cheese | —', '2026-01-01T00:00:00Z')",
        )
        .unwrap();
    let ran = folder.fonds(&["search", "cheese"]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.stderr.contains("search cannot read the concepts of the archive: list mine, line 1: expression 2 has no word"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_saved_search_tells_only_new_stories_once() {
    let folder = archive();
    assert_eq!(
        folder.fonds(&["search", "ferry", "--kind", "body", "--save", "ferries"]).done(),
        "saved as ferries; `fonds search --new ferries` tells what is new since now\n"
    );
    let new = || {
        let printed = folder.fonds(&["search", "--new", "ferries", "--format", "jsonl"]).done();
        let label = |line: &str| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            row["label"].as_str().unwrap().to_owned()
        };
        printed.lines().map(label).collect::<Vec<_>>()
    };
    assert_eq!(new(), [""; 0]);
    // A copy of a story that was there is not new, even if its bytes are.
    let copy = fs::read_to_string(format!("{}/press-report.txt", samples())).unwrap();
    folder.write("copy.txt", copy.replace('’', "'"));
    folder.write("third.txt", "A third ferry was ordered in Busan by the harbour office today.\n");
    folder.fonds(&["ingest", "copy.txt", "third.txt"]).done();
    assert_eq!(new(), ["third.txt"]);
    assert_eq!(new(), [""; 0]);
    let listed = folder.fonds(&["search", "--saved"]).done();
    assert!(
        listed.starts_with("name,words,last_run_at,documents_since\nferries,ferry,"),
        "{listed}"
    );
    let nothing = folder.fonds(&["search", "--new", "ferries"]).done();
    assert!(nothing.starts_with("nothing new since 20"), "{nothing}");
    assert_eq!(
        folder.fonds(&["search", "--forget", "ferries"]).done(),
        "ferries is no longer saved\n"
    );
    let ran = folder.fonds(&["search", "--new", "ferries"]);
    assert_eq!((ran.stderr.as_str(), ran.status), ("fonds: no search is saved as ferries\n", 1));
    assert_eq!(folder.fonds(&["check"]).done().lines().count(), 1);
}

#[test]
fn a_search_is_saved_only_in_an_archive_that_is_there() {
    let folder = Folder::new();
    let ran = folder.fonds(&["search", "ferry", "--save", "ferries"]);
    assert_eq!(ran.status, 10, "{}", ran.stderr);
    assert_eq!(folder.names(), [""; 0]);
}

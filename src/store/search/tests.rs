//! Searching small archives.

mod alike;
mod copies;
mod meant;
mod order;

use crate::fingerprint::passage_digest;
use crate::store::functions::register;
use crate::store::migrate;
use crate::store::patience::Patience;
use crate::text::spacing::{for_index, has_cjk};
use rusqlite::{Connection, OptionalExtension, params};

/// Builds an archive in memory, document by document.
pub(super) struct Archive {
    pub(super) connection: Connection,
    documents: i64,
}

/// Kind, text, context, position of the heading it stands under.
type Line<'a> = (&'a str, &'a str, &'a str, Option<i64>);

impl Archive {
    pub(super) fn new() -> Self {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate::run(&mut connection).unwrap();
        register(&connection, &Patience::default()).unwrap();
        connection
            .execute_batch(
                "INSERT INTO accession (id, started_at, state, tool, options)
                 VALUES (1, '2026-01-01T00:00:00Z', 'open', 'test', '{}')",
            )
            .unwrap();
        Self { connection, documents: 0 }
    }

    /// Adds a document; its first line is its title.
    pub(super) fn add(&mut self, lines: &[Line]) {
        self.documents += 1;
        let id = self.documents;
        let title = lines.first().filter(|line| line.0 == "title").map(|line| line.1);
        self.connection
            .execute(
                "INSERT INTO document (id, digest, label, title, media_type, bytes, cluster_id, accession_id)
                 VALUES (?1, printf('%016d%048d', ?1, 0), coalesce(?2, 'file ' || ?1), ?2, 'text/plain', 1, ?1, 1)",
                params![id, title],
            )
            .unwrap();
        for (position, (kind, text, context, section)) in (1..).zip(lines) {
            let passage = self.passage(text, context);
            self.connection
                .execute(
                    "INSERT INTO placement (document_id, position, passage_id, kind, section, start, end, boilerplate)
                     VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?6)",
                    params![id, position, passage, kind, section, *kind == "boilerplate"],
                )
                .unwrap();
        }
    }

    fn passage(&self, text: &str, context: &str) -> i64 {
        let digest = passage_digest(text, context);
        let known = self
            .connection
            .query_row(
                "SELECT id FROM passage_text WHERE digest = ?1",
                [&digest.as_bytes()[..]],
                |row| row.get(0),
            )
            .optional()
            .unwrap();
        if let Some(id) = known {
            return id;
        }
        let cjk = has_cjk(text) || has_cjk(context);
        self.connection
            .execute(
                "INSERT INTO passage_text (digest, text, context, cjk) VALUES (?1, ?2, ?3, ?4)",
                params![&digest.as_bytes()[..], text, context, cjk],
            )
            .unwrap();
        let id = self.connection.last_insert_rowid();
        self.connection
            .execute(
                "INSERT INTO passage_index (rowid, text) VALUES (?1, ?2)",
                params![id, for_index(text, context)],
            )
            .unwrap();
        id
    }

    /// The first column of every row as text.
    pub(super) fn list(&self, sql: &str) -> Vec<String> {
        let mut statement = self.connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, rusqlite::types::Value>(0)).unwrap();
        rows.map(|value| match value.unwrap() {
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Integer(number) => number.to_string(),
            value => format!("{value:?}"),
        })
        .collect()
    }

    /// The texts found, best first.
    pub(super) fn found(&self, words: &str) -> Vec<String> {
        let mut statement = self.connection.prepare("SELECT text FROM search(?1)").unwrap();
        statement.query_map([words], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }
}

fn ports() -> Archive {
    let mut archive = Archive::new();
    archive.add(&[
        ("title", "Ports of the northern coast", "", None),
        ("heading", "Rail links", "", None),
        (
            "body",
            "The harbours were linked by railways in 1903, and a corridor to the steppe followed.",
            "",
            Some(2),
        ),
        (
            "body",
            "Corridors for freight cross three cities and one border on their way to the sea.",
            "",
            Some(2),
        ),
        ("note", "[Translated by K. Ivanova]", "", None),
        ("boilerplate", "Share this corridor page", "", None),
    ]);
    archive.add(&[
        ("title", "Fisheries of the southern lakes", "", None),
        ("body", "Catches fell by 62.5 % while R&D spending in the U.S. grew.", "", None),
        ("note", "[Translated by K. Ivanova]", "", None),
        ("row", "1\tRussia\tSingapore", "Table 2 Ranking of exports\nRank\tImport\tExport", None),
        ("row", "2\tThailand\tMalaysia", "Table 2 Ranking of exports\nRank\tImport\tExport", None),
        ("body", "東北振興の計画は二〇一三年に始まり、港湾を結ぶ鉄道が敷設された。", "", None),
        ("body", "Дороги связали порты с городами, но дорога к озёрам осталась старой.", "", None),
        ("body", "대통령은 항구를 잇는 철도를 건설하겠다고 발표했다.", "", None),
    ]);
    archive
}

#[test]
fn a_question_finds_the_paragraph_that_has_most_of_its_rare_words() {
    let archive = ports();
    let first = |question: &str| archive.found(question).swap_remove(0);
    assert!(first("In which year were the harbours linked by rail?").starts_with("The harbours"));
    assert!(first("How many cities does the freight corridor cross?").starts_with("Corridors for"));
    assert!(first("東北振興の計画はいつ始まりましたか").starts_with("東北"));
    assert!(first("Какая дорога ведёт к озерам?").starts_with("Дороги"));
    assert!(first("철도를 건설하겠다고 발표한 사람은 누구인가?").starts_with("대통령은"));
    assert_eq!(first("Which country ranked first for exports?"), "1\tRussia\tSingapore");
}

#[test]
fn every_typed_text_is_a_legal_search() {
    let archive = ports();
    for typed in [
        "China's",
        "China’s",
        "62.5 %",
        "$18.9 billion",
        "R&D",
        "one-belt",
        "Belt & Road",
        "C++",
        "What happened?",
        "\"unclosed",
        "“One Belt, One Road”",
        "U.S.",
        "Lake (North)",
        "AND",
        "Japan, ROK",
        "author: Jin",
        "14th/15th plan",
        "ping* OR",
        "2018–2019",
        "-",
        "*",
        "\"",
        "\"\"",
        "^a",
        "a NEAR",
        "NEAR(",
        "NEAR()",
        "NEAR(a, b, 3)",
        "text:a",
        "{a b}: c",
        "a + b",
        "(((",
        "\u{1f600}",
        "a\u{0}b",
        "'; DROP TABLE document; --",
        "",
        "-a",
        "NOT a",
        "a NOT b",
        "東*",
        "\"東北\"*",
        "ё",
        "\u{301}",
        "a NEAR b AND c OR \"d e\" -f",
    ] {
        archive.found(typed);
    }
    let page = "corridor words and 東北 ".repeat(4000);
    assert!(!archive.found(&page).is_empty());
    let distinct: String = (0..20_000).map(|n| format!("w{n} ")).collect();
    assert!(archive.found(&distinct).is_empty());
    assert!(archive.found(&format!("\"{distinct}\"")).is_empty());
}

#[test]
fn marks_inside_words_are_found_as_typed() {
    let archive = ports();
    for typed in ["62.5", "R&D", "U.S.", "62.5 %", "\"R&D spending\""] {
        assert!(archive.found(typed)[0].starts_with("Catches"), "{typed}");
    }
}

#[test]
fn phrases_and_joined_terms_must_be_there_and_excluded_ones_must_not() {
    let archive = ports();
    assert_eq!(archive.found("\"three cities\" harbours").len(), 1);
    assert_eq!(archive.found("corridor AND border").len(), 1);
    assert_eq!(archive.found("corridor -border").len(), 1);
    assert_eq!(archive.found("corridors NEAR border").len(), 1);
    assert_eq!(archive.found("NEAR(corridors border, 1)").len(), 0);
    assert_eq!(archive.found("\"no such phrase\" corridor").len(), 0);
    assert_eq!(archive.found("corridor").len(), 2);
}

#[test]
fn words_stand_for_their_forms_unless_exact_is_asked() {
    let archive = ports();
    assert_eq!(archive.found("corridor").len(), 2);
    assert_eq!(archive.list("SELECT text FROM search('corridor', 0, 1)").len(), 1);
    assert_eq!(archive.found("озер").len(), 1);
    assert_eq!(archive.found("corr*").len(), 2);
    assert_eq!(archive.found("ＣＯＲＲＩＤＯＲ").len(), 2);
}

#[test]
fn boilerplate_is_left_out_until_all_text_is_asked() {
    let archive = ports();
    let sql = "SELECT kind FROM search('corridor') WHERE all_text = 1 AND kind = 'boilerplate'";
    assert_eq!(archive.list(sql), ["boilerplate"]);
    assert!(
        archive.list("SELECT kind FROM search('corridor') WHERE kind = 'boilerplate'").is_empty()
    );
}

#[test]
fn a_passage_of_several_documents_is_one_hit_at_the_place_the_question_names() {
    let archive = ports();
    let shown = |question: &str| {
        let sql = format!(
            "SELECT document_id || ' ' || copies || ' ' || text FROM search('{question}') LIMIT 1"
        );
        archive.list(&sql)
    };
    assert_eq!(shown("Who translated the paper on the ports?"), ["1 1 [Translated by K. Ivanova]"]);
    assert_eq!(shown("Who translated the paper on fisheries?"), ["2 1 [Translated by K. Ivanova]"]);
    assert_eq!(
        archive.list("SELECT document_id FROM search('translated') WHERE document_id = 2"),
        ["2"]
    );
    let several = "SELECT document_id FROM search('translated') WHERE document_id IN (2, 7)";
    assert_eq!(archive.list(several), ["2"]);
}

#[test]
fn filters_outside_pull_more_and_rank_needs_no_sorting() {
    let archive = ports();
    let sql =
        "SELECT rank FROM search('corridor rail') WHERE kind = 'heading' ORDER BY rank LIMIT 1";
    assert_eq!(archive.list(sql).len(), 1);
    let plan = "EXPLAIN QUERY PLAN SELECT search.text FROM search('corridor') JOIN document ON document.id = document_id ORDER BY rank LIMIT 3";
    let mut statement = archive.connection.prepare(plan).unwrap();
    let steps: Vec<String> =
        statement.query_map([], |row| row.get(3)).unwrap().map(Result::unwrap).collect();
    assert!(
        steps[0].starts_with("SCAN search") && steps.iter().all(|step| !step.contains("B-TREE")),
        "{steps:?}"
    );
}

#[test]
fn every_column_of_a_hit_has_its_meaning() {
    let archive = ports();
    let sql = "SELECT rank || '|' || (address GLOB '0000000000000001/????????????') || '|' || document_id || '|' || position
         || '|' || kind || '|' || label || '|' || title || '|' || section || '|' || snippet || '|' || copies
         || '|' || (score > 0) FROM search('border')";
    assert_eq!(
        archive.list(sql),
        ["1|1|1|4|body|Ports of the northern coast|Ports of the northern coast|Rail links|\
          Corridors for freight cross three cities and one **border** on their way to the sea.|0|1"]
    );
}

#[test]
fn search_without_words_says_what_it_needs() {
    let archive = ports();
    let error = archive.connection.prepare("SELECT * FROM search").unwrap_err().to_string();
    assert!(error.contains("search needs words: search('words')"), "{error}");
    assert!(archive.list("SELECT text FROM search(NULL)").is_empty());
}

#[test]
fn searches_can_stand_inside_one_another_and_be_joined() {
    let archive = ports();
    let sql = "SELECT count(*) FROM search('corridor') AS one WHERE one.passage_id IN (SELECT passage_id FROM search('border'))";
    assert_eq!(archive.list(sql), ["1"]);
    let sql = "SELECT document.label FROM document, search(document.title) AS hit WHERE hit.rank = 1 ORDER BY document.id";
    assert_eq!(
        archive.list(sql),
        ["Ports of the northern coast", "Fisheries of the southern lakes"]
    );
}

#[test]
fn fold_and_highlight_are_functions_of_sql() {
    let archive = ports();
    assert_eq!(archive.list("SELECT fold('“Élan” – Ａ')"), ["\"elan\" - a"]);
    assert_eq!(
        archive.list("SELECT highlight_in('Two corridors, 東北振興', 'corridor 東北')"),
        ["Two **corridors**, **東北**振興"]
    );
    assert_eq!(archive.list("SELECT highlight_in('a b', 'b', '<', '>')"), ["a <b>"]);
    assert_eq!(
        archive.list("SELECT fold(NULL) IS NULL AND highlight_in(NULL, 'a') IS NULL"),
        ["1"]
    );
}

#[test]
fn the_words_of_a_text_are_those_that_fts5_indexed() {
    use crate::text::words::words;
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(
            "CREATE VIRTUAL TABLE t USING fts5 (x, tokenize = 'unicode61 remove_diacritics 2');
             CREATE VIRTUAL TABLE v USING fts5vocab ('t', 'instance');",
        )
        .unwrap();
    let every: Vec<char> = ('\u{1}'..='\u{3ffff}').chain('\u{e0000}'..='\u{10ffff}').collect();
    let mut samples: Vec<String> = every
        .chunks(4096)
        .map(|some| some.iter().flat_map(|&c| ['x', c, '\u{301}', ' ', c, 'Y', '\n']).collect())
        .collect();
    samples.extend(
        [
            "logis-\ntics co-\u{ad}\nop -\n--\n",
            "か\u{3099}き 한국어IT部門",
            "Ａ２０２１年 ǅ İSTANBUL ΌΣΟΣ ёлка Й",
            "",
            "U.S. R&D naïve’s",
        ]
        .map(str::to_owned),
    );
    for (id, sample) in (1..).zip(&samples) {
        connection
            .execute("INSERT INTO t (rowid, x) VALUES (?1, ?2)", params![id, for_index(sample, "")])
            .unwrap();
        let mut statement =
            connection.prepare_cached("SELECT term FROM v WHERE doc = ?1 ORDER BY offset").unwrap();
        let indexed: Vec<String> =
            statement.query_map([id], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let ours: Vec<String> = words(sample).into_iter().map(|word| word.text).collect();
        let differs = indexed.iter().zip(&ours).find(|(indexed, ours)| indexed != ours);
        assert!(indexed == ours, "sample {id}: {differs:?}, {} and {}", indexed.len(), ours.len());
        connection.execute("DELETE FROM t", []).unwrap();
    }
}

#[test]
fn arguments_keep_to_a_kind_and_to_documents_and_null_keeps_to_nothing() {
    let archive = ports();
    let sql = "SELECT document_id FROM search('translated', 0, 0, 'note', '[2]')";
    assert_eq!(archive.list(sql), ["2"]);
    assert_eq!(
        archive.list("SELECT document_id FROM search('translated', 0, 0, NULL, NULL)"),
        ["1"]
    );
    assert_eq!(archive.list("SELECT document_id FROM search('translated', 0, 0, 'body')").len(), 0);
    assert_eq!(
        archive.list("SELECT document_id FROM search('translated', 0, 0, NULL, '[]')").len(),
        0
    );
    let wrong =
        archive.connection.query_row("SELECT 1 FROM search('a', 0, 0, NULL, 'x')", [], |_| Ok(()));
    assert!(wrong.unwrap_err().to_string().contains("JSON array of document ids"));
}

#[test]
fn the_search_command_filters_by_kind_folder_time_and_language() {
    let archive = ports();
    archive
        .connection
        .execute_batch(
            "INSERT INTO sighting_row (document_id, accession_id, location, first_seen_at, last_seen_at) VALUES
                 (1, 1, '/papers/old/a.txt', '2026-01-02', '2026-01-02'),
                 (1, 1, '/papers/b.txt', '2026-01-01', '2026-01-02'),
                 (2, 1, '/press.zip!c.txt', '2026-01-01', '2026-01-02');
             UPDATE document SET date = '2019-05', language = 'en' WHERE id = 1;
             UPDATE document SET language = 'zh-Hant' WHERE id = 2;",
        )
        .unwrap();
    let sql = include_str!("../../query/search.sql");
    let found = |words: &str,
                 kind: Option<&str>,
                 folder: Option<&str>,
                 since: Option<&str>,
                 language: Option<&str>| {
        let mut statement = archive.connection.prepare(sql).unwrap();
        let parameters = rusqlite::named_params! {
            ":words": words, ":all_text": false, ":kind": kind, ":folder": folder, ":since": since,
            ":language": language, ":limit": 3,
        };
        let rows = statement.query_map(parameters, |row| {
            Ok(format!(
                "{}:{}+{}",
                row.get::<_, String>(2)?,
                row.get::<_, String>(5)?,
                row.get::<_, i64>(6)?
            ))
        });
        rows.unwrap().map(Result::unwrap).collect::<Vec<_>>()
    };
    let (old, zip) = ("note:/papers/b.txt+1", "note:/press.zip!c.txt+0");
    assert_eq!(found("translated", None, None, None, None), [old]);
    assert_eq!(found("translated", Some("note"), Some("/press.zip"), None, None), [zip]);
    assert_eq!(found("translated", None, Some("/papers/old"), None, None), [old]);
    assert_eq!(found("translated", None, Some("*/c.*"), None, None), [""; 0]);
    assert_eq!(found("translated", None, Some("*c.txt"), None, None), [zip]);
    assert_eq!(found("translated", None, None, Some("2019"), None), [old]);
    assert_eq!(found("translated", None, None, Some("2020-01-01"), None), [""; 0]);
    assert_eq!(found("fisheries", None, None, None, Some("zh")).len(), 1);
    assert_eq!(found("corridor", Some("body"), None, None, Some("ru")), [""; 0]);
}

#[test]
fn terms_that_stand_nowhere_are_named() {
    let archive = ports();
    let sql = include_str!("../../query/missing.sql");
    let mut statement = archive.connection.prepare(sql).unwrap();
    let terms = r#"["corridor", "zeppelin", "\"no such phrase\"", "share"]"#;
    let rows = statement.query_map([terms], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(rows.map(Result::unwrap).collect::<Vec<_>>(), ["zeppelin", "\"no such phrase\""]);
}

#[test]
fn quotation_marks_of_a_sentence_do_not_hide_what_answers_it() {
    let archive = ports();
    assert!(
        archive.found("Where does the \"freight passage\" cross a border?")[0]
            .starts_with("Corridors")
    );
    assert_eq!(archive.found("border \"freight passage\"").len(), 0);
    assert!(archive.found("「東北復興」の計画はいつ始まりましたか")[0].starts_with("東北"));
}

#[test]
fn words_that_must_all_be_there_are_found_together() {
    let archive = ports();
    assert_eq!(archive.found("freight AND cities").len(), 1);
    assert_eq!(archive.found("freight AND railways"), [""; 0]);
    assert_eq!(archive.found("cities AND freight -sea"), [""; 0]);
    assert_eq!(archive.found("cities AND freight -railways").len(), 1);
}

#[test]
fn a_text_with_misread_letters_is_no_second_hit() {
    let mut archive = Archive::new();
    let text = "The customs house at the bridge works from eight to five, and a train that arrives at \
                six waits fifteen hours for a stamp that takes four minutes; the ferry is missed.";
    archive.add(&[("body", text, "", None)]);
    archive.add(&[("body", &text.replace("missed", "mis5ed").replace("The", "Thc"), "", None)]);
    archive.add(&[("body", &text.replace("eight", "8").replace("five", "6"), "", None)]);
    archive.add(&[("body", &text.replace("eight", "9").replace("five", "7"), "", None)]);
    let found = archive.found("customs bridge ferry");
    // What differs in its numbers says something else.
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(!found.iter().any(|hit| hit.contains("mis5ed")) || !found.contains(&text.to_owned()));
}

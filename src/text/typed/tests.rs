//! What typed texts mean.

use super::*;

/// The query in a short notation: `+` required, `-` excluded, `~` inflected, `*` prefix.
fn shown(typed: &str) -> String {
    let clauses = Typed::read(typed, false).clauses;
    clauses.iter().map(clause_shown).collect::<Vec<_>>().join(", ")
}

fn clause_shown(clause: &Clause) -> String {
    let sign = match clause.role {
        Role::Wanted => "",
        Role::Required => "+",
        Role::Excluded => "-",
    };
    let units: Vec<String> = clause.any.iter().map(unit_shown).collect();
    let times = if clause.weight > 1 { format!(" x{}", clause.weight) } else { String::new() };
    format!("{sign}{}{times}", units.join("|"))
}

fn unit_shown(unit: &Unit) -> String {
    let phrases: Vec<String> = unit
        .phrases
        .iter()
        .map(|phrase| {
            let mark = match (phrase.inflected, phrase.prefix) {
                (true, _) => "~",
                (_, true) => "*",
                _ => "",
            };
            format!("{}{mark}", phrase.words.join(" "))
        })
        .collect();
    if unit.phrases.len() > 1 {
        format!("{} within {}", phrases.join(" & "), unit.within)
    } else {
        phrases.join("")
    }
}

#[test]
fn bare_words_are_wanted_in_any_form_and_stopwords_fall_out() {
    assert_eq!(shown("What are the new corridors of trade?"), "new~, corridors~, trade~");
    assert_eq!(shown("Когда построили дороги"), "построили~, дороги~");
}

#[test]
fn a_query_of_stopwords_alone_keeps_them() {
    assert_eq!(shown("to be OR not to be"), "to~ x2, be~ x2, not~");
    assert_eq!(shown("AND"), "and~");
}

#[test]
fn repeated_words_weigh_more_whatever_their_form() {
    assert_eq!(shown("trade of traded goods"), "trade~ x2, goods~");
}

#[test]
fn words_with_marks_inside_are_phrases_but_for_compounds_of_whole_words() {
    assert_eq!(
        shown("one-belt 62.5 % $18.9 R&D U.S. C++ 14th/15th 18,900 2018–2019 www.example.org"),
        "one~|onebelt~, belt~|onebelt~, 62 5, 18 9, r d, u s, c~, 14th 15th, 18 900, 2018 2019, www example org"
    );
    assert_eq!(shown("ports,rail author:Jin China’s"), "ports~, rail~, author~, jin~, china~");
}

#[test]
fn words_that_hyphens_join_are_found_as_one_word_too() {
    assert_eq!(
        shown("pre-clinical x-ray"),
        "pre~|preclinical~, clinical~|preclinical~, x ray|xray~"
    );
    assert_eq!(shown("\"pre-clinical\" +x-ray road/rail"), "+pre clinical, +x ray, road~, rail~");
    let exact = Typed::read("pre-clinical", true).clauses;
    assert_eq!(exact.iter().map(clause_shown).collect::<Vec<_>>(), ["pre clinical"]);
}

#[test]
fn phrases_signs_and_operators_make_terms_required_or_excluded() {
    assert_eq!(shown("rail \"one belt\" -tax +port"), "rail~, +one belt, -tax~, +port~");
    assert_eq!(shown("rail AND port ship"), "+rail~, +port~, ship~");
    assert_eq!(shown("rail NOT \"high speed\""), "rail~, -high speed");
    assert_eq!(shown("\"one belt\" OR road"), "+one belt|road~");
    assert_eq!(shown("rail OR road"), "rail~, road~");
}

#[test]
fn near_joins_what_must_stand_together() {
    assert_eq!(shown("rail NEAR port"), "+rail~ & port~ within 10");
    assert_eq!(shown("NEAR(rail \"new port\", 3) ship"), "+rail~ & new port within 3, ship~");
    assert_eq!(shown("hotels near Harbin"), "hotels~, near~, harbin~");
}

#[test]
fn stars_make_prefixes() {
    assert_eq!(shown("ping* OR"), "ping*");
    assert_eq!(shown("\"new indus\"*"), "+new indus*");
    assert_eq!(shown("東北*"), "東 北*");
}

#[test]
fn short_runs_of_chinese_are_words_and_long_ones_are_pairs() {
    assert_eq!(shown("一带一路"), "一 带 一 路");
    assert_eq!(shown("北京 上海"), "北 京, 上 海");
    assert_eq!(shown("东北振兴规划"), "东 北, 北 振, 振 兴, 兴 规, 规 划");
    assert_eq!(shown("铁路 2013年9月 IT部門"), "铁 路, 2013~, 年, 9~, 月, it~, 部 門");
}

#[test]
fn longer_korean_words_count_in_pairs() {
    assert_eq!(shown("대통령"), "대 통 령");
    assert_eq!(shown("대통령의 선거는"), "대 통, 통 령, 령 의, 선 거, 거 는");
}

#[test]
fn text_without_a_word_is_empty_and_so_is_one_of_exclusions_alone() {
    for typed in
        ["", " ", "-", "*", "\"", "“”", "()", "…—", "\u{1f600}\u{0}", "-tax", "\"\" OR \"\""]
    {
        let read = Typed::read(typed, false);
        assert!(read.is_empty() || typed.contains("OR"), "{typed:?}: {read:?}");
    }
}

#[test]
fn a_pasted_page_keeps_its_first_words() {
    let page: String = (0..20_000).map(|n| format!("w{n} ")).collect();
    assert_eq!(Typed::read(&page, false).clauses.len(), Typed::MOST);
    let quoted = format!("\"{page}");
    assert_eq!(Typed::read(&quoted, false).clauses.len(), 1);
    assert_eq!(Typed::read(&"東".repeat(33_000), false).clauses.len(), 1);
}

#[test]
fn exact_queries_stand_for_no_other_form() {
    let typed = Typed::read("corridors", true);
    assert!(!typed.clauses[0].any[0].phrases[0].inflected);
}

#[test]
fn terms_are_named_as_they_were_typed() {
    assert_eq!(
        terms("What is (zeppelins), “one belt” OR dirig* -tax R&D zeppelins 东北振兴"),
        ["zeppelins", "\"one belt\"", "dirig*", "R&D", "东北振兴"]
    );
}

//! What structure makes of whole texts: kinds, sections, metadata.

use super::*;
use crate::text::segment::blocks;

fn read(text: &str) -> Extract {
    extract(text, blocks(text), &Declared::default())
}

fn kinds(text: &str) -> Vec<(Kind, String)> {
    read(text).paragraphs.into_iter().map(|part| (part.kind, part.text)).collect()
}

fn is(kind: Kind, text: &str) -> (Kind, String) {
    (kind, text.to_owned())
}

const BODY: &str = "The harbour of the town was opened to foreign ships, and within ten years its trade \
                    had grown to twice what it had been before.";

#[test]
fn a_paper_has_title_creator_affiliation_and_remark() {
    let text = format!(
        "\n\nThe Harbour and \"Its Town\"\n\nROE, Jane\n\nDirector, Institute of Ports,\nNorthern Academy\n\n\
         {BODY}\n\n{BODY} It was all at the same\n\ntime as the railway came.\n\n[Translated by OFFICE]\n"
    );
    assert_eq!(
        kinds(&text),
        [
            is(Kind::Title, "The Harbour and \"Its Town\""),
            is(Kind::Creator, "ROE, Jane"),
            is(Kind::Affiliation, "Director, Institute of Ports, Northern Academy"),
            is(Kind::Body, BODY),
            is(Kind::Body, &format!("{BODY} It was all at the same time as the railway came.")),
            is(Kind::Note, "[Translated by OFFICE]"),
        ]
    );
    let extract = read(&text);
    assert_eq!(extract.first("title"), Some("The Harbour and \"Its Town\""));
    assert_eq!(extract.all("creator").collect::<Vec<_>>(), ["ROE, Jane"]);
    assert_eq!(extract.metadata[0].evidence, "characters 2-28");
    assert_eq!(extract.first("date"), None);
    assert_eq!(extract.language.map(|language| language.to_string()).as_deref(), Some("en"));
}

#[test]
fn a_scraped_page_has_no_title_and_its_leftovers_are_marked() {
    let text = format!(
        "[ad_1]\n{BODY}\n{BODY}\nThis article is based on a paper in A Journal.\n[ad_2]\nSource link\n"
    );
    let found: Vec<Kind> = read(&text).paragraphs.iter().map(|part| part.kind).collect();
    let page = Kind::Boilerplate;
    assert_eq!(found, [page, Kind::Body, Kind::Body, Kind::Note, page, page]);
    assert_eq!(read(&text).metadata, []);
}

#[test]
fn numbered_headings_have_the_depth_of_their_numbers_and_open_sections() {
    let text = format!(
        "1. Ports\n\n{BODY}\n\n1.1. Old ports\n\n{BODY}\n\n2. Rails\n\n{BODY}\n\nReferences\n\n[1] Roe J. Ports. 2011.\n"
    );
    let extract = read(&text);
    let found: Vec<_> =
        extract.paragraphs.iter().map(|part| (part.kind, part.depth, part.section)).collect();
    assert_eq!(
        found,
        [
            (Kind::Heading, Some(1), None),
            (Kind::Body, None, Some(0)),
            (Kind::Heading, Some(2), Some(0)),
            (Kind::Body, None, Some(2)),
            (Kind::Heading, Some(1), None),
            (Kind::Body, None, Some(4)),
            (Kind::Heading, Some(1), None),
            (Kind::Reference, None, Some(6)),
        ]
    );
}

#[test]
fn a_table_of_contents_is_not_a_row_of_headings() {
    let text = format!("1. Ports\n1.1. Old ports\n1.2. New ports\n2. Rails\n3. Roads\n\n{BODY}\n");
    assert!(read(&text).paragraphs.iter().all(|part| part.kind != Kind::Heading));
}

#[test]
fn chinese_papers_are_read_too() {
    let body =
        "东北地区是中国重要的工业基地，具有独特的区位优势和资源优势，近年来对外开放水平不断提高。";
    let text = format!(
        "东北港口研究\n\n张三\n\n北方大学经济学院\n\n摘要：{body}\n\n关键词：港口；铁路\n\n一、引言\n\n{body}\n\n参考文献\n\n[1] 李四. 港口[J]. 2011.\n"
    );
    let found: Vec<Kind> = read(&text).paragraphs.iter().map(|part| part.kind).collect();
    assert_eq!(
        found,
        [
            Kind::Title,
            Kind::Creator,
            Kind::Affiliation,
            Kind::Abstract,
            Kind::Keywords,
            Kind::Heading,
            Kind::Body,
            Kind::Heading,
            Kind::Reference
        ]
    );
    let extract = read(&text);
    assert_eq!(extract.all("subject").collect::<Vec<_>>(), ["港口", "铁路"]);
    assert_eq!(extract.first("abstract"), Some(body));
    assert_eq!(extract.language.unwrap().as_str(), "zh");
}

#[test]
fn rows_carry_caption_and_column_names() {
    let text =
        format!("{BODY}\n\nTable 1 Ports by trade\n\nRank\tPort\n1\tBusan\n2\tDalian\n\n{BODY}\n");
    let extract = read(&text);
    let rows: Vec<_> = extract.paragraphs.iter().filter(|part| part.kind == Kind::Row).collect();
    assert_eq!(rows[0].text, "1\tBusan");
    assert_eq!(rows[1].context, "Table 1 Ports by trade — Rank, Port");
    assert_eq!(extract.paragraphs[1].kind, Kind::Caption);
}

#[test]
fn a_sentence_cut_by_a_page_with_its_number_is_whole() {
    let text = format!(
        "{BODY}\n\nThe line that was built along the coast to the northern harbour and the\n\n12\n\u{0C}Southern Pier was never used.\n"
    );
    let extract = read(&text);
    assert_eq!(
        extract.paragraphs.iter().map(|part| (part.kind, part.page)).collect::<Vec<_>>(),
        [
            (Kind::Body, Some(1)),
            (Kind::Body, Some(1)),
            (Kind::Boilerplate, Some(1)),
            (Kind::Body, Some(2))
        ]
    );
}

#[test]
fn spans_count_characters() {
    let text = "一、港口\n\n东北的港口“很多”。\n";
    let extract = read(text);
    let shown: Vec<char> = text.chars().collect();
    for part in &extract.paragraphs {
        assert_eq!(shown[part.span.clone()].iter().collect::<String>(), part.text);
    }
    assert_eq!(extract.characters, shown.len());
}

#[test]
fn nothing_is_an_empty_document() {
    let extract = read(" \n\u{3000}\n");
    assert_eq!((extract.paragraphs.len(), extract.notes), (0, vec!["empty".to_owned()]));
}

#[test]
fn an_acknowledgement_and_an_abstract_under_headings_have_their_kinds() {
    let text = format!(
        "Abstract\n\n{BODY}\n\n1. Introduction\n\n{BODY}\n\nAcknowledgements\n\nWe thank the office.\n"
    );
    let found: Vec<Kind> = read(&text).paragraphs.iter().map(|part| part.kind).collect();
    assert_eq!(
        found,
        [
            Kind::Heading,
            Kind::Abstract,
            Kind::Heading,
            Kind::Body,
            Kind::Heading,
            Kind::Acknowledgement
        ]
    );
    assert_eq!(read(&text).first("abstract"), Some(BODY));
}

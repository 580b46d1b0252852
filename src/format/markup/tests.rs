//! What is read of editions, articles, feeds and files that are not what they seem.

use super::super::Options;
use super::*;
use crate::model::Kind;

fn read_text(text: &str) -> Extract {
    read(&Input { bytes: text.as_bytes(), name: "a.xml", options: &Options::default() }).unwrap()
}

fn kinds(extract: &Extract) -> Vec<(Kind, Option<u8>, &str)> {
    extract.paragraphs.iter().map(|part| (part.kind, part.depth, &*part.text)).collect()
}

fn stated(extract: &Extract) -> Vec<(&str, &str)> {
    extract.metadata.iter().map(|datum| (&*datum.name, &*datum.value)).collect()
}

#[test]
fn an_edition_is_read_with_its_headings_lines_and_notes() {
    let extract = read_text(
        "<?xml version='1.0'?><TEI xml:lang='en'><teiHeader><fileDesc><titleStmt><title>The Ferry</title>\
         <author>Ito Haru</author></titleStmt><publicationStmt><date when='1914-05-06'>May</date></publicationStmt>\
         </fileDesc></teiHeader><text><body><div><head>Chapter one</head><p>The ferry <hi>sails</hi><lb/>at noon<note>In\n\
         May.</note>, they say.</p><div><head>Songs</head><lg><l>First line</l><l>Second line</l></lg></div></div>\
         <table><row role='label'><cell>Year</cell><cell>Tons</cell></row><row><cell>1914</cell><cell>3</cell></row>\
         </table></body></text></TEI>",
    );
    assert_eq!(
        kinds(&extract),
        [
            (Kind::Title, None, "The Ferry"),
            (Kind::Boilerplate, None, "The Ferry"),
            (Kind::Boilerplate, None, "Ito Haru"),
            (Kind::Boilerplate, None, "May"),
            (Kind::Heading, Some(1), "Chapter one"),
            (Kind::Body, None, "The ferry sails at noon, they say."),
            (Kind::Note, None, "In May."),
            (Kind::Heading, Some(2), "Songs"),
            (Kind::Body, None, "First line"),
            (Kind::Body, None, "Second line"),
            (Kind::Table, None, "Year\tTons"),
            (Kind::Row, None, "1914\t3"),
        ]
    );
    let said = [
        ("title", "The Ferry"),
        ("creator", "Ito Haru"),
        ("date", "1914-05-06"),
        ("language", "en"),
    ];
    assert_eq!(stated(&extract), said);
}

#[test]
fn an_article_states_its_people_and_its_day_in_parts() {
    let extract = read_text(
        "<?xml version='1.0'?><article><front><article-meta><article-id>10.1/x</article-id><title-group><article-title>\
         On ferries</article-title></title-group><contrib-group><contrib><name><surname>Ito</surname><given-names>Haru\
         </given-names></name></contrib></contrib-group><pub-date><day>6</day><month>5</month><year>2014</year></pub-date>\
         <kwd-group><kwd>rail</kwd></kwd-group></article-meta></front><body><sec><title>Aims</title><p>It sails.</p></sec>\
         </body></article>",
    );
    let said = [
        ("identifier", "10.1/x"),
        ("title", "On ferries"),
        ("creator", "Haru Ito"),
        ("date", "2014-05-06"),
        ("subject", "rail"),
    ];
    assert_eq!(stated(&extract), said);
    let text: Vec<_> =
        kinds(&extract).into_iter().filter(|(kind, ..)| *kind != Kind::Boilerplate).collect();
    assert_eq!(
        text,
        [
            (Kind::Title, None, "On ferries"),
            (Kind::Heading, Some(1), "Aims"),
            (Kind::Body, None, "It sails."),
        ]
    );
}

#[test]
fn what_is_not_well_formed_is_the_text_it_is() {
    let extract = read_text("<?xml version='1.0'?><a>The ferry <b>sails</a>");
    assert_eq!(extract.paragraphs[0].text, "<?xml version='1.0'?><a>The ferry <b>sails</a>");
    assert!(extract.notes[0].starts_with("read as plain text: broken XML"), "{:?}", extract.notes);
}

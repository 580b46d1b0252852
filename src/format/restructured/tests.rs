//! Texts in reStructuredText: what their paragraphs and statements are.

use super::super::Options;
use super::*;
use crate::model::Kind;
use std::time::Instant;

fn read_text(source: &str) -> Extract {
    read(&Input { bytes: source.as_bytes(), name: "a.rst", options: &Options::default() }).unwrap()
}

fn kinds(extract: &Extract) -> Vec<(Kind, &str)> {
    extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect()
}

#[test]
fn a_page_of_documentation_is_read_with_its_sections_notes_code_and_tables() {
    let extract = read_text(
        "=========\nThe Ferry\n=========\n\n:Author: Ito Haru\n:Date: 2019-06-12\n\n.. _top:\n.. contents::\n   :depth: 2\n\n\
         Hours\n-----\n\nThe **ferry** sails at\nnoon; see :ref:`the bridge <bridge>` [1]_::\n\n    $ ferry --noon\n      --return\n\n\
         - One wagon\n- Two wagons and\n  a cart\n\n.. note:: It does not sail\n   in August.\n\n.. warning::\n\n   Ice.\n\n\
         .. figure:: ferry.png\n   :width: 10\n\n   The ferry at the quay.\n\n.. A comment\n   of two lines.\n\n\
         Cargo\n~~~~~\n\n.. table:: Tons\n\n   ====  =====\n   Year  Tons\n   ====  =====\n   2015  4,100\n   2016  5,200\n   ====  =====\n\n\
         +------+-------+\n| Year | Tons  |\n+======+=======+\n| 2017 | 6     |\n|      | 000   |\n+------+-------+\n\n\
         .. csv-table:: Wagons\n   :header: Year, Wagons\n\n   2018, \"7, or 8\"\n\n\
         .. code-block:: python\n   :linenos:\n\n   print(\"noon\")\n\n.. [1] Since 2015.\n",
    );
    assert_eq!(
        kinds(&extract),
        [
            (Kind::Title, "The Ferry"),
            (Kind::Heading, "Hours"),
            (Kind::Body, "The ferry sails at noon; see the bridge [1]:"),
            (Kind::Code, "$ ferry --noon\n  --return"),
            (Kind::Item, "One wagon"),
            (Kind::Item, "Two wagons and a cart"),
            (Kind::Body, "It does not sail in August."),
            (Kind::Body, "Ice."),
            (Kind::Caption, "The ferry at the quay."),
            (Kind::Heading, "Cargo"),
            (Kind::Caption, "Tons"),
            (Kind::Table, "Year\tTons"),
            (Kind::Row, "2015\t4,100"),
            (Kind::Row, "2016\t5,200"),
            (Kind::Table, "Year\tTons"),
            (Kind::Row, "2017\t6 000"),
            (Kind::Caption, "Wagons"),
            (Kind::Table, "Year\tWagons"),
            (Kind::Row, "2018\t7, or 8"),
            (Kind::Code, "print(\"noon\")"),
            (Kind::Note, "[1] Since 2015."),
        ]
    );
    assert_eq!(
        (extract.first("creator"), extract.first("date")),
        (Some("Ito Haru"), Some("2019-06-12"))
    );
}

#[test]
fn a_text_is_known_by_its_directives() {
    assert!((FORMAT.recognises)(
        b"Ferry\n=====\n\n.. note:: a\n\n.. _b: http://x\n\n.. code-block:: c\n"
    ));
    assert!(!(FORMAT.recognises)(b"Well .. note:: that\n.. and so on\n.. and on\n"));
}

#[test]
fn titles_in_chinese_and_odd_lines_are_read() {
    let extract = read_text(
        "渡轮启航\n========\n\n第二艘渡轮将于\n五月启航。\n\n----\n\n| 一行\n| 二行\n\n1. 其一\n#. 其二\n",
    );
    assert_eq!(
        kinds(&extract),
        [
            (Kind::Title, "渡轮启航"),
            (Kind::Body, "第二艘渡轮将于五月启航。"),
            (Kind::Body, "一行\n二行"),
            (Kind::Item, "1. 其一"),
            (Kind::Item, "其二"),
        ]
    );
}

#[test]
fn whatever_is_open_or_repeated_ends_in_time() {
    for piece in [
        "`", "``", "*", "**a ", ":a:", ".. x::\n", ".. [", "+--+\n", "== ==\n", "a\n=\n", "|",
        "\\", "::\n\n",
    ] {
        let begun = Instant::now();
        read_text(&piece.repeat(20_000));
        assert!(begun.elapsed().as_secs() < 30, "{piece:?}");
    }
}

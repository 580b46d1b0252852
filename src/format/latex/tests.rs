//! LaTeX documents: what their paragraphs and statements are.

use super::super::Options;
use super::*;
use crate::model::Kind;
use std::time::Instant;

fn read_text(source: &str) -> Extract {
    read(&Input { bytes: source.as_bytes(), name: "a.tex", options: &Options::default() }).unwrap()
}

fn kinds(extract: &Extract) -> Vec<(Kind, &str)> {
    extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect()
}

#[test]
fn a_paper_is_read_with_its_sections_notes_tables_and_statements() {
    let extract = read_text(
        "% a comment\n\\documentclass[12pt]{article}\n\\usepackage[utf8]{inputenc}\n\
         \\newcommand{\\port}[1]{the port of #1}\n\
         \\title{The Ferry \\& the Bridge}\n\\author{Ito Haru\\\\ University of Usun \\and Pavel Orlov\\thanks{Thanks.}}\n\
         \\date{2019-06-12}\n\\begin{document}\n\\maketitle\n\\begin{abstract}\nTwo ferries sail from Sannoe to Usun at noon, and nobody knows which of them is the older.\n\\end{abstract}\n\
         \\section{Introduction}\\label{sec:intro}\n\
         The \\emph{ferry} sails at noon, as \\cite{ito19} says;\n% hidden\nit costs $5x^2$ or 3\\,\\% ---\n\
         ``na\\\"ive'' caf\\'e\\footnote{In Gda\\'nsk: \\L{}\\'od\\'z.}.\n\n\
         \\begin{itemize}\n\\item One wagon\n\\item[b)] Two \\textbf{wagons}\n\\end{itemize}\n\
         \\begin{table}\\caption{Cargo}\\begin{tabular}{l|r}\\hline Year & Tons \\\\ \\hline 2015 & 4,100 \\\\\n\
         2016 & 5\\,200\\end{tabular}\\end{table}\n\
         \\begin{equation}\na = b\n\\end{equation}\n\\begin{verbatim}\n$ ls \\foo\n\\end{verbatim}\n\
         \\end{document}\nnever read",
    );
    assert_eq!(
        kinds(&extract),
        [
            (Kind::Title, "The Ferry & the Bridge"),
            (Kind::Note, "Thanks."),
            (Kind::Heading, "Abstract"),
            (
                Kind::Abstract,
                "Two ferries sail from Sannoe to Usun at noon, and nobody knows which of them is the older."
            ),
            (Kind::Heading, "Introduction"),
            (
                Kind::Body,
                "The ferry sails at noon, as [ito19] says; it costs $5x^2$ or 3 % — “naïve” café."
            ),
            (Kind::Note, "In Gdańsk: Łódź."),
            (Kind::Item, "One wagon"),
            (Kind::Item, "b) Two wagons"),
            (Kind::Caption, "Cargo"),
            (Kind::Table, "Year\tTons"),
            (Kind::Row, "2015\t4,100"),
            (Kind::Row, "2016\t5 200"),
            (Kind::Code, "a = b"),
            (Kind::Code, "$ ls \\foo"),
        ]
    );
    assert_eq!(extract.all("creator").collect::<Vec<_>>(), ["Ito Haru", "Pavel Orlov"]);
    assert_eq!(extract.first("date"), Some("2019-06-12"));
}

#[test]
fn a_document_is_known_by_its_class_and_not_by_a_word_about_it() {
    assert!((FORMAT.recognises)(b"% x\n\n\\documentclass{ctexart}\n"));
    assert!(!(FORMAT.recognises)(b"Write \\documentclass{article} first.\n"));
}

#[test]
fn a_part_without_a_preamble_and_chinese_text_are_read() {
    let extract =
        read_text("\\section{渡轮}\n第二艘渡轮将于\n五月启航。\\par 货物\\textbf{常常}误船。");
    assert_eq!(
        kinds(&extract),
        [
            (Kind::Title, "渡轮"),
            (Kind::Body, "第二艘渡轮将于五月启航。"),
            (Kind::Body, "货物常常误船。"),
        ]
    );
}

#[test]
fn whatever_is_open_or_nested_ends_in_time() {
    for piece in [
        "{",
        "}",
        "\\foo[",
        "\\footnote{",
        "\\(",
        "$",
        "\\begin{verbatim}",
        "\\item ",
        "\\'",
        "\\def",
    ] {
        let begun = Instant::now();
        read_text(&piece.repeat(20_000));
        assert!(begun.elapsed().as_secs() < 30, "{piece}");
    }
}

//! What commands and environments are to a reader of the text.

use crate::text::segment::Mark;

/// What becomes of the words in the braces after a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Argument {
    /// They are a block of this kind.
    Block(Mark),
    /// They come after the paragraph that they stand in.
    Footnote,
    /// They stand in the text in brackets.
    Reference,
    /// They are stated of the document; the name of the statement.
    Statement(&'static str),
    /// They are no words.
    Nothing,
}

/// What a command makes of the braces after it; `None` for one whose braces change nothing.
pub(super) fn argument(name: &str) -> Option<Argument> {
    Some(match name {
        "part" | "chapter" => Argument::Block(Mark::Heading(1)),
        "section" | "frametitle" => Argument::Block(Mark::Heading(2)),
        "subsection" | "framesubtitle" => Argument::Block(Mark::Heading(3)),
        "subsubsection" => Argument::Block(Mark::Heading(4)),
        "paragraph" => Argument::Block(Mark::Heading(5)),
        "subparagraph" => Argument::Block(Mark::Heading(6)),
        "caption" | "captionof" => Argument::Block(Mark::Caption),
        "footnote" | "footnotetext" | "endnote" | "thanks" | "marginpar" => Argument::Footnote,
        "cite" | "citep" | "citet" | "parencite" | "textcite" | "autocite" | "footcite"
        | "nocite" | "ref" | "eqref" | "pageref" | "autoref" | "cref" | "Cref" | "nameref" => {
            Argument::Reference
        }
        "title" => Argument::Statement("title"),
        "author" => Argument::Statement("creator"),
        "date" => Argument::Statement("date"),
        "keywords" => Argument::Statement("subject"),
        "label" | "usepackage" | "RequirePackage" | "documentclass" | "documentstyle" | "input"
        | "include" | "bibliography" | "bibliographystyle" | "addbibresource"
        | "includegraphics" | "vspace" | "hspace" | "setlength" | "addtolength" | "pagestyle"
        | "thispagestyle" | "hypersetup" | "graphicspath" | "newtheorem" | "setcounter"
        | "pagenumbering" | "color" | "definecolor" | "fontsize" | "selectlanguage" | "index"
        | "hyphenation" | "phantom" | "vphantom" | "hphantom" | "geometry" | "linespread"
        | "setmainfont" | "setCJKmainfont" | "theoremstyle" | "enlargethispage" | "tikzset" => {
            Argument::Nothing
        }
        _ => return None,
    })
}

/// How many pairs of braces after a command are no words, before those that are.
pub(super) fn passed_over(name: &str) -> usize {
    match name {
        "href" | "textcolor" | "colorbox" | "parbox" | "raisebox" | "resizebox" | "scalebox"
        | "captionof" | "multicolumn" | "multirow" => match name {
            "multicolumn" | "multirow" | "resizebox" => 2,
            _ => 1,
        },
        _ => 0,
    }
}

/// Whether a command defines another, which is not shown.
pub(super) fn is_definition(name: &str) -> bool {
    matches!(
        name,
        "newcommand"
            | "renewcommand"
            | "providecommand"
            | "newenvironment"
            | "renewenvironment"
            | "DeclareMathOperator"
            | "DeclareRobustCommand"
            | "def"
            | "gdef"
            | "let"
    )
}

/// Whether what is in the environment is shown as it is typed.
pub(super) fn is_verbatim(environment: &str) -> bool {
    let bare = environment.trim_end_matches('*');
    is_formula(environment)
        || matches!(
            bare,
            "verbatim"
                | "Verbatim"
                | "lstlisting"
                | "minted"
                | "alltt"
                | "tikzpicture"
                | "filecontents"
                | "comment"
        )
}

/// Whether an environment is a displayed formula.
pub(super) fn is_formula(environment: &str) -> bool {
    matches!(
        environment.trim_end_matches('*'),
        "equation"
            | "align"
            | "alignat"
            | "gather"
            | "multline"
            | "eqnarray"
            | "displaymath"
            | "math"
            | "flalign"
    )
}

/// Whether what an environment holds is no text that anybody reads.
pub(super) fn is_hidden(environment: &str) -> bool {
    matches!(environment.trim_end_matches('*'), "comment" | "tikzpicture" | "filecontents")
}

/// Whether the environment is a table of rows.
pub(super) fn is_table(environment: &str) -> bool {
    matches!(
        environment.trim_end_matches('*'),
        "tabular" | "tabularx" | "longtable" | "tabulary" | "supertabular" | "tblr"
    )
}

/// How many pairs of braces after `\begin{…}` are no words.
pub(super) fn environment_arguments(environment: &str) -> usize {
    match environment.trim_end_matches('*') {
        "tabularx" | "tabulary" => 2,
        "tabular" | "longtable" | "supertabular" | "tblr" | "minipage" | "multicols"
        | "thebibliography" | "wrapfigure" | "array" | "adjustbox" => match environment {
            "wrapfigure" => 2,
            _ => 1,
        },
        _ => 0,
    }
}

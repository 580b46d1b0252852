//! Rich Text Format (1.9.1), as Word, WordPad, TextEdit and their likes write it.
//!
//! Pictures, objects and instructions of fields are passed over; deleted and hidden text is not
//! read. Groups are counted and never recursed into, so no depth of them costs a stack.

mod codes;
mod reader;
mod target;

use super::composed::Composed;
use super::{Format, Holds, Input, Unreadable, declaration, office};
use crate::model::Extract;
use crate::text::segment::Mark;
use crate::text::structure::Declared;
use reader::Reader;

pub(super) const FORMAT: Format = Format {
    name: "rtf",
    version: 2,
    media_type: "application/rtf",
    extensions: &["rtf"],
    holds: Holds::OneDocument,
    recognises: |bytes| bytes.starts_with(b"{\\rtf"),
    is_signed: true,
    is_bounded: false,
    read,
};

fn read(input: &Input) -> Result<Extract, Unreadable> {
    if !(FORMAT.recognises)(input.bytes) {
        return Err(Unreadable("not RTF: it does not begin with {\\rtf".to_owned()));
    }
    let mut reader = Reader::default();
    codes::walk(input.bytes, |token| reader.take(token))
        .map_err(|reason| Unreadable(reason.to_owned()))?;
    let document = reader.finish();
    let title = document.title.or_else(|| office::title_of(&document.statements));
    let mut extract = document.composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, document.statements);
    extract.notes.extend(document.notes);
    Ok(extract)
}

/// Adds the paragraphs of an RTF text that stands inside another document.
pub(super) fn add(bytes: &[u8], composed: &mut Composed) {
    let mut reader = Reader::default();
    // What is nested too deep ends there, and what came before it is read.
    let _ended_early = codes::walk(bytes, |token| reader.take(token));
    reader.finish().composed.pass_on(Mark::None, composed);
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;
    use crate::model::Kind;

    fn read_text(rtf: &str) -> Extract {
        read(&Input { bytes: rtf.as_bytes(), name: "a.rtf", options: &Options::default() }).unwrap()
    }

    fn paragraphs(extract: &Extract) -> Vec<(Kind, &str)> {
        extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect()
    }

    #[test]
    fn letters_are_read_in_the_code_page_of_their_font() {
        let rtf = r"{\rtf1\ansi\ansicpg1251\deff0{\fonttbl{\f0 Times;}{\f1\fcharset134 SimSun;}{\f2\fcharset128 Mincho;}}
{\f0 \'cf\'f0\'e8\'e2\'e5\'f2, } \f1\'b6\'ab\'b1\'b1\f2\'93\'8c\'96\'6b\f0 \u20013?\u-10179?\u-8704? caf\'e9\par}";
        assert_eq!(paragraphs(&read_text(rtf)), [(Kind::Body, "Привет,  东北東北中😀 cafй")]);
    }

    #[test]
    fn styles_tables_notes_and_headers_become_kinds_and_hidden_text_is_left_out() {
        let rtf = r"{\rtf1\ansi{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s5 Title;}}
{\info{\title The ferry}{\author Ito; Orlov}{\creatim\yr2019\mo6\dy12\hr8}}{\*\generator x;}
{\header Harbour Papers\par}\pard\s5 The ferry\par\pard\s1 Plan\par
\pard It sails{\footnote\pard {\super 1} In May.} at {\deleted never }{\v secret }noon\emdash so\~it is.{\*\atnid PO}{\*\annotation Is it?}\par
{\pntext\f0\'b7\tab}one item\par
\trowd\trhdr\cellx1\cellx2\pard\intbl Year\cell Tons\cell\row
\trowd\cellx1\cellx2\pard\intbl 2015\cell 4,100\cell\row
\pard{\field{\*\fldinst HYPERLINK x}{\fldrslt The end}}.{\pict\bin3 {}\\}\par}";
        let extract = read_text(rtf);
        assert_eq!(
            paragraphs(&extract),
            [
                (Kind::Boilerplate, "Harbour Papers"),
                (Kind::Title, "The ferry"),
                (Kind::Heading, "Plan"),
                (Kind::Body, "It sails[1] at noon—so\u{a0}it is."),
                (Kind::Note, "1 In May."),
                (Kind::Note, "[comment] Is it?"),
                (Kind::Item, "one item"),
                (Kind::Table, "Year\tTons"),
                (Kind::Row, "2015\t4,100"),
                (Kind::Body, "The end."),
            ]
        );
        assert_eq!(extract.all("creator").collect::<Vec<_>>(), ["Ito", "Orlov"]);
        assert_eq!((extract.first("created"), extract.first("date")), (Some("2019-06-12"), None));
    }

    #[test]
    fn a_file_that_stops_in_the_middle_gives_what_it_has_and_says_so() {
        let extract = read_text(r"{\rtf1\ansi One.\par Two {\b of");
        assert_eq!(paragraphs(&extract), [(Kind::Body, "One."), (Kind::Body, "Two of")]);
        assert_eq!(extract.notes, ["ends in the middle: 2 groups are open"]);
    }

    #[test]
    fn groups_too_deep_and_other_formats_are_refused() {
        let refused = |bytes: &[u8]| {
            read(&Input { bytes, name: "a.rtf", options: &Options::default() }).unwrap_err().0
        };
        let deep = format!("{{\\rtf1 {}", "{".repeat(2_000_000));
        assert_eq!(refused(deep.as_bytes()), "broken RTF (groups nested too deep)");
        assert_eq!(refused(b"ferry"), "not RTF: it does not begin with {\\rtf");
    }
}

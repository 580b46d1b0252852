//! Spreadsheets of Excel of 2007 and later (ECMA-376).
//!
//! Values are read as they were last worked out; formulas and macros are never run. Cells are taken
//! one by one, so a sheet that claims a billion empty cells costs nothing.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx};

use super::composed::Composed;
use super::table::{self, Grid};
use super::xml::Element;
use super::zipped::{self, Zipped};
use super::{Format, Holds, Input, Unreadable, declaration, embedded, office};
use crate::model::{Extract, Metadatum};
use crate::text::structure::Declared;

pub(super) const XLSX: Format = Format {
    name: "xlsx",
    version: 2,
    media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    extensions: &["xlsx", "xlsm", "xltx"],
    holds: Holds::OneDocument,
    recognises: |bytes| zipped::holds(bytes, "xl/workbook.xml"),
    is_signed: true,
    is_bounded: false,
    read: read_xlsx,
};

/// The most cells of one file that are read.
const MOST_CELLS: usize = 5_000_000;

fn read_xlsx(input: &Input) -> Result<Extract, Unreadable> {
    if office::old_or_encrypted(input.bytes) == Some("encrypted") {
        return Err(Unreadable("encrypted".to_owned()));
    }
    let mut zipped = Zipped::open(input.bytes)?;
    zipped.check_all()?;
    let mut notes = Vec::new();
    let core = office::optional(&mut zipped, "docProps/core.xml", &mut notes).unwrap_or_default();
    let damaged = |error: calamine::XlsxError| Unreadable(format!("damaged workbook ({error})"));
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(input.bytes)).map_err(damaged)?;
    let names = workbook.sheet_names();
    let mut composed = Composed::default();
    let mut left = MOST_CELLS;
    for name in &names {
        let mut cells = match workbook.worksheet_cells_reader(name) {
            Ok(cells) => cells,
            // Sheets that are charts have no cells.
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => {
                notes.push(format!("sheet {name} left out: {error}"));
                continue;
            }
        };
        let mut grid = Grid::default();
        loop {
            match cells.next_cell() {
                Ok(Some(_)) if left == 0 => break notes.push(too_many()),
                Ok(Some(cell)) => {
                    left -= 1;
                    grid.put(cell.get_position(), words_of(cell.get_value()));
                }
                Ok(None) => break,
                Err(error) => break notes.push(format!("sheet {name} is read in part: {error}")),
            }
        }
        table::push(name, names.len(), grid, &mut composed);
    }
    comments(&mut zipped, &mut notes, &mut composed);
    let mut extract = finish(&composed, office::statements(&core, None), notes);
    office::note_without_text(&zipped, &mut extract);
    embedded::add(&mut extract, embedded::of_office(&mut zipped));
    Ok(extract)
}

/// What readers have written beside cells. Excel repeats threads as comments of an author `tc=…`.
fn comments(zipped: &mut Zipped, notes: &mut Vec<String>, composed: &mut Composed) {
    let names = zipped.names();
    for name in names.iter().filter(|name| name.contains("omments") && name.ends_with(".xml")) {
        let Some(part) = office::optional(zipped, name, notes) else { continue };
        let authors: Vec<String> = part
            .child("authors")
            .into_iter()
            .flat_map(Element::elements)
            .map(Element::text)
            .collect();
        let list = part.child("commentList").unwrap_or(&part).elements();
        for comment in list.filter(|one| matches!(&*one.name, "comment" | "threadedComment")) {
            let author = comment.attribute("authorId").and_then(|id| id.parse::<usize>().ok());
            let author = author.and_then(|id| authors.get(id)).map(String::as_str);
            if author.is_some_and(|author| author.starts_with("tc=")) {
                continue;
            }
            let cell = comment.attribute("ref").unwrap_or_default();
            let words = comment.child("text").map(Element::text).unwrap_or_default();
            let words = if words.is_empty() { words } else { format!("{cell}: {words}") };
            office::push_comment(author, &words, composed);
        }
    }
}

fn too_many() -> String {
    format!("only the first {MOST_CELLS} cells were read")
}

fn finish(composed: &Composed, statements: Vec<Metadatum>, mut notes: Vec<String>) -> Extract {
    let title = office::title_of(&statements);
    let mut extract = composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, statements);
    extract.notes.append(&mut notes);
    extract
}

fn words_of(value: &DataRef) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        other => words(&Data::from(other.clone())),
    }
}

/// A value as a person would write it.
fn words(value: &Data) -> String {
    match value {
        Data::DateTime(stamp) => date(stamp),
        Data::Bool(value) => value.to_string(),
        Data::Float(number) => number.to_string(),
        other => other.to_string(),
    }
}

/// A date with its time, or a time, or a length of time in hours, minutes and seconds.
pub(super) fn date(stamp: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = stamp.to_ymd_hms_milli();
    let time = match (minute, second) {
        (_, 0) => format!("{hour:02}:{minute:02}"),
        _ => format!("{hour:02}:{minute:02}:{second:02}"),
    };
    if stamp.is_duration() {
        let seconds = (stamp.as_f64() * 86_400.0).round() as i64;
        return format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    if stamp.as_f64() < 1.0 {
        return time;
    }
    let day = format!("{year:04}-{month:02}-{day:02}");
    if stamp.as_f64().fract() == 0.0 { day } else { format!("{day} {time}") }
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::super::zipped::zip_of;
    use super::*;
    use crate::model::Kind;

    const COMMENTS: &str = "<comments><authors><author>Ito</author><author>tc=1</author></authors><commentList>\
        <comment ref='B4' authorId='0'><text><r><t>Which </t></r><r><t>port?</t></r></text></comment>\
        <comment ref='B5' authorId='1'><text><t>[Threaded comment]</t></text></comment></commentList></comments>";

    fn workbook(sheet: &str) -> Vec<u8> {
        let relation = |id: &str, kind: &str, target: &str| {
            format!(
                "<Relationship Id='{id}' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}' Target='{target}'/>"
            )
        };
        let relations = |all: &str| {
            format!(
                "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{all}</Relationships>"
            )
        };
        let main = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'";
        zip_of(&[
            ("_rels/.rels", &relations(&relation("r1", "officeDocument", "xl/workbook.xml"))),
            (
                "xl/workbook.xml",
                &format!(
                    "<workbook {main}><sheets><sheet name='Tonnage' sheetId='1' r:id='r1'/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                &relations(&format!(
                    "{}{}",
                    relation("r1", "worksheet", "worksheets/sheet1.xml"),
                    relation("r2", "styles", "styles.xml")
                )),
            ),
            (
                "xl/styles.xml",
                &format!(
                    "<styleSheet {main}><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>"
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                &format!("<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>"),
            ),
            ("xl/comments1.xml", COMMENTS),
            (
                "xl/threadedComments/threadedComment1.xml",
                "<ThreadedComments><threadedComment ref='B5'><text>None.</text></threadedComment></ThreadedComments>",
            ),
        ])
    }

    fn read_bytes(bytes: &[u8]) -> Result<Extract, Unreadable> {
        read_xlsx(&Input { bytes, name: "a.xlsx", options: &Options::default() })
    }

    #[test]
    fn a_sheet_is_a_table_whose_empty_cells_keep_their_places() {
        let sheet = "<row r='3'><c r='B3' t='inlineStr'><is><t>年</t></is></c><c r='C3' t='inlineStr'><is><t>Tons</t></is></c>\
            <c r='D3' t='inlineStr'><is><t>Seen</t></is></c></row><row r='4'><c r='B4'><v>2015</v></c>\
            <c r='D4' s='1'><v>43628</v></c></row><row r='1048576'><c r='C1048576'><v>4.5</v></c></row>";
        let extract = read_bytes(&workbook(sheet)).unwrap();
        let read: Vec<_> = extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect();
        assert_eq!(
            read,
            [
                (Kind::Caption, "Tonnage"),
                (Kind::Table, "年\tTons\tSeen"),
                (Kind::Row, "2015\t\t2019-06-12"),
                (Kind::Row, "\t4.5"),
                (Kind::Note, "[comment by Ito] B4: Which port?"),
                (Kind::Note, "[comment] B5: None."),
            ]
        );
    }

    #[test]
    fn a_bomb_and_a_damaged_workbook_are_refused() {
        let bomb = " ".repeat(20 << 20);
        let reason = read_bytes(&workbook(&bomb)).unwrap_err().0;
        assert!(reason.starts_with("unpacks to more than 200 times its size"), "{reason}");
        let none = zip_of(&[("xl/workbook.xml", "<workbook>")]);
        assert!(read_bytes(&none).unwrap_err().0.starts_with("damaged workbook ("));
    }
}

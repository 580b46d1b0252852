//! OpenDocument sheets and presentations (ISO/IEC 26300).
//!
//! Values are read as they are shown. Rows and columns that are repeated to fill a sheet are empty
//! and cost nothing.

use super::composed::Composed;
use super::odt;
use super::table::{self, Grid};
use super::xml::Element;
use super::zipped;
use super::{Format, Holds, Input, Unreadable};
use crate::model::Extract;
use crate::text::segment::Mark;

pub(super) const SHEETS: Format = Format {
    name: "ods",
    version: 2,
    media_type: "application/vnd.oasis.opendocument.spreadsheet",
    extensions: &["ods", "ots"],
    holds: Holds::OneDocument,
    recognises: |bytes| zipped::is_of_type(bytes, "application/vnd.oasis.opendocument.spreadsheet"),
    is_signed: true,
    is_bounded: false,
    read: read_sheets,
};

pub(super) const SLIDES: Format = Format {
    name: "odp",
    version: 2,
    media_type: "application/vnd.oasis.opendocument.presentation",
    extensions: &["odp", "otp"],
    holds: Holds::OneDocument,
    recognises: |bytes| {
        zipped::is_of_type(bytes, "application/vnd.oasis.opendocument.presentation")
    },
    is_signed: true,
    is_bounded: false,
    read: read_slides,
};

fn read_sheets(input: &Input) -> Result<Extract, Unreadable> {
    odt::read_body(input, |content| {
        let book = content.at(&["body", "spreadsheet"])?;
        let sheets: Vec<&Element> =
            book.elements().filter(|element| element.name == "table").collect();
        let mut composed = Composed::default();
        for sheet in &sheets {
            let mut grid = Grid::default();
            for (row, cells) in odt::rows_of(sheet).into_iter().enumerate() {
                for (column, words) in cells.into_iter().enumerate() {
                    let place = (u32::try_from(row).ok()?, u32::try_from(column).ok()?);
                    grid.put(place, words);
                }
            }
            let name = sheet.attribute("name").unwrap_or_default();
            table::push(name, sheets.len(), grid, &mut composed);
        }
        Some(composed)
    })
}

fn read_slides(input: &Input) -> Result<Extract, Unreadable> {
    odt::read_body(input, |content| {
        let show = content.at(&["body", "presentation"])?;
        let mut composed = Composed::default();
        for page in show.elements().filter(|element| element.name == "page") {
            composed.begin_page();
            for shape in page.elements() {
                let mark = match (&*shape.name, shape.attribute("class")) {
                    (_, Some("title")) => Mark::Heading(1),
                    ("notes", _) => Mark::Note,
                    (_, Some("page-number" | "date-time" | "footer" | "header")) => {
                        Mark::Boilerplate
                    }
                    (_, Some("outline")) => Mark::Item,
                    _ => Mark::None,
                };
                odt::add_blocks(shape, mark, &mut composed);
            }
        }
        Some(composed)
    })
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::super::zipped::zip_of;
    use super::*;
    use crate::model::Kind;

    fn read_with(
        read: fn(&Input) -> Result<Extract, Unreadable>,
        content: &str,
    ) -> Vec<(Kind, Option<u32>, String)> {
        let bytes = zip_of(&[("content.xml", content)]);
        let extract =
            read(&Input { bytes: &bytes, name: "a", options: &Options::default() }).unwrap();
        extract.paragraphs.into_iter().map(|part| (part.kind, part.page, part.text)).collect()
    }

    #[test]
    fn sheets_are_tables_and_their_fill_is_left_out() {
        let cell = |text: &str| format!("<t:table-cell><x:p>{text}</x:p></t:table-cell>");
        let content = format!(
            "<d xmlns:t='t' xmlns:x='x'><body><spreadsheet><t:table t:name='运量'><t:table-row>{}{}\
             <t:table-cell t:number-columns-repeated='16382'/></t:table-row><t:table-row>\
             {}{}</t:table-row><t:table-row t:number-rows-repeated='1048574'><t:table-cell/></t:table-row>\
             </t:table></spreadsheet></body></d>",
            cell("Year"),
            cell("Tons"),
            cell("2015"),
            cell("4,100")
        );
        assert_eq!(
            read_with(read_sheets, &content),
            [
                (Kind::Caption, None, "运量".to_owned()),
                (Kind::Table, None, "Year\tTons".to_owned()),
                (Kind::Row, None, "2015\t4,100".to_owned()),
            ]
        );
    }

    #[test]
    fn slides_are_pages_with_titles_and_notes() {
        let shape = |class: &str, text: &str| {
            format!("<frame p:class='{class}'><text-box><x:p>{text}</x:p></text-box></frame>")
        };
        let content = format!(
            "<d xmlns:p='p' xmlns:x='x'><body><presentation><page>{}{}<notes><x:p>Slowly.</x:p></notes>\
             </page><page>{}</page></presentation></body></d>",
            shape("title", "Паром"),
            shape("outline", "It sails."),
            shape("title", "Trade")
        );
        assert_eq!(
            read_with(read_slides, &content),
            [
                (Kind::Title, Some(1), "Паром".to_owned()),
                (Kind::Item, Some(1), "It sails.".to_owned()),
                (Kind::Note, Some(1), "Slowly.".to_owned()),
                (Kind::Heading, Some(2), "Trade".to_owned()),
            ]
        );
    }
}

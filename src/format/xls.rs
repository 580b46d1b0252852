//! Workbooks of Excel before 2007 (MS-XLS, and the version of 1995 before it): cells by their sheets.
//!
//! Values are read as they were last worked out; formulas and macros are never run. Everything in such a
//! file is a claim: a record is read as far as it goes, a cell is kept where it stands, and neither the
//! size of a sheet nor the number of its strings is believed.

mod cells;
mod numbers;
mod records;
mod strings;
mod workbook;

use super::composed::Composed;
use super::compound::{self, Compound};
use super::table;
use super::{Format, Holds, Input, Unreadable, declaration, embedded, office};
use crate::model::Extract;
use crate::text::structure::Declared;
use cells::Left;
use workbook::Workbook;

pub(super) const FORMAT: Format = Format {
    name: "xls",
    version: 3,
    media_type: "application/vnd.ms-excel",
    extensions: &["xls", "xlt"],
    holds: Holds::OneDocument,
    recognises: |bytes| {
        (compound::has_stream(bytes, "Workbook") || compound::has_stream(bytes, "Book\0"))
            && !compound::has_stream(bytes, "WordDocument")
    },
    is_signed: true,
    is_bounded: false,
    read,
};

fn read(input: &Input) -> Result<Extract, Unreadable> {
    if !office::is_compound(input.bytes) {
        return Err(Unreadable("not a workbook".to_owned()));
    }
    let mut compound = Compound::open(input.bytes)?;
    let stream = ["Workbook", "Book"].into_iter().find_map(|name| compound.stream(name));
    let stream = stream.ok_or_else(|| Unreadable("not a workbook".to_owned()))?;
    let workbook = Workbook::read(&stream)?;
    let mut composed = Composed::default();
    let (mut left, mut notes) = (Left::of(stream.len()), Vec::new());
    for (name, place) in &workbook.sheets {
        let grid = cells::read(&workbook, stream.get(*place..).unwrap_or_default(), &mut left);
        table::push(name, workbook.sheets.len(), grid, &mut composed);
        if left.is_spent() {
            notes.push(format!("the sheet {name} is read in part, and none after it"));
            break;
        }
    }
    let statements = compound.statements();
    let title = office::title_of(&statements);
    let mut extract = composed.extract(&Declared { title, place: String::new() });
    declaration::outrank(&mut extract, statements);
    extract.notes.append(&mut notes);
    embedded::add(&mut extract, embedded::of_compound(input.bytes));
    Ok(extract)
}

#[cfg(test)]
mod tests;

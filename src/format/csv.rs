//! Tables as text: comma-separated values (RFC 4180) and their kin with tabs or semicolons.
//!
//! Where a column holds texts, each row is a document: `rows` cuts the file into them, and a file
//! of one such row is read as one. Any other file is a table. No cell is dropped.

use ::csv::{ReaderBuilder, StringRecord};

use super::composed::Composed;
use super::{Format, Holds, Input, Row, Unreadable, jsonl, table};
use crate::model::Extract;
use crate::text::decode::{Decoded, decode};
use crate::text::marks;
use crate::text::structure::Declared;

pub(super) const FORMAT: Format = Format {
    name: "csv",
    version: 3,
    media_type: "text/csv",
    extensions: &["csv", "tsv"],
    holds: Holds::Rows(rows),
    recognises: |_| false,
    is_signed: false,
    is_bounded: true,
    read,
};

/// Rows looked at to tell what a file is like.
const SAMPLE: usize = 100;

/// A column whose middle cell is this wide holds texts, in columns of a screen.
const LONG: usize = 150;

/// The rows of a file each of which is a document, written as a line with the names of the columns
/// and one with its values; `None` for a file that is a table or one row.
fn rows(input: &Input) -> Option<Vec<Row>> {
    let sheet = Sheet::of(input).ok()?;
    sheet.text_column(input)?;
    let names = sheet.records.first()?;
    if sheet.records.len() < 3 {
        return None;
    }
    let row = |record: &StringRecord| {
        let mut writer = ::csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(names).ok()?;
        writer.write_record(record).ok()?;
        let line = record.position().map_or(0, ::csv::Position::line);
        Some(Row { line, bytes: writer.into_inner().ok()? })
    };
    sheet.records.iter().skip(1).map(row).collect()
}

fn read(input: &Input) -> Result<Extract, Unreadable> {
    let sheet = Sheet::of(input)?;
    let mut extract = match (sheet.text_column(input), &*sheet.records) {
        (Some(text), [names, record]) => {
            let mut fields = input.options.fields.clone();
            fields.text = vec![text];
            let pairs = names.iter().zip(record).map(|(name, value)| (name.trim(), value));
            jsonl::of_values(pairs, &fields)
        }
        _ => {
            let cell = |cell: &str| cell.split_whitespace().collect::<Vec<_>>().join(" ");
            let rows: Vec<Vec<String>> =
                sheet.records.iter().map(|record| record.iter().map(cell).collect()).collect();
            let mut composed = Composed::default();
            table::push_rows(&rows, &mut composed);
            composed.extract(&Declared::default())
        }
    };
    extract.notes.extend(sheet.notes);
    extract.encoding = Some(sheet.encoding);
    Ok(extract)
}

/// A file in its records.
struct Sheet {
    records: Vec<StringRecord>,
    encoding: crate::model::Encoding,
    notes: Vec<String>,
}

impl Sheet {
    fn of(input: &Input) -> Result<Self, Unreadable> {
        let Decoded { text, encoding } = decode(input.bytes, input.options.encoding)
            .map_err(|not_text| Unreadable(not_text.to_string()))?;
        let text = text.trim_start_matches('\u{feff}');
        let mut notes = Vec::new();
        // Excel may state the mark between cells in a line of its own.
        let stated = text.strip_prefix("sep=").and_then(|rest| rest.bytes().next());
        let body = stated.and_then(|_| text.split_once('\n')).map_or(text, |(_, body)| body);
        let mark = stated.unwrap_or_else(|| separator(body));
        let mut records = Vec::new();
        for record in reader(body, mark).into_records() {
            match record {
                Ok(record) if record.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(record) => records.push(record),
                Err(error) => notes.push(format!("a row left out ({error})")),
            }
        }
        let width = records.first().map_or(0, StringRecord::len);
        let odd = records.iter().filter(|record| record.len() != width).count();
        if odd > 0 {
            notes.push(format!("{odd} rows have not the {width} cells of the first"));
        }
        Ok(Self { records, encoding, notes })
    }

    /// The name of the column that holds texts: one with a name that says so, else the only one
    /// whose cells are long.
    fn text_column(&self, input: &Input) -> Option<String> {
        let (names, rows) = self.records.split_first()?;
        if rows.is_empty() || names.len() < 2 {
            return None;
        }
        let known = |name: &String| {
            names.iter().map(str::trim).find(|column| column.eq_ignore_ascii_case(name))
        };
        if let Some(column) = input.options.fields.text.iter().find_map(known) {
            return Some(column.to_owned());
        }
        let is_long = |column: &usize| {
            let cells = rows.iter().take(SAMPLE).filter_map(|row| row.get(*column));
            let mut lengths: Vec<usize> = cells.map(|cell| marks::width(cell, LONG)).collect();
            lengths.sort_unstable();
            lengths.get(lengths.len() / 2).is_some_and(|middle| *middle >= LONG)
        };
        let mut long = (0..names.len()).filter(is_long);
        let column = long.next().filter(|_| long.next().is_none())?;
        names.get(column).map(|name| name.trim().to_owned()).filter(|name| name.len() < LONG)
    }
}

fn reader(text: &str, mark: u8) -> ::csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(mark)
        .from_reader(text.as_bytes())
}

/// The mark that cuts the most of the first rows into equally many cells.
fn separator(text: &str) -> u8 {
    let agreement = |mark: &u8| {
        let mut records = reader(text, *mark).into_records().take(SAMPLE).flatten();
        let width = records.next().map_or(0, |record| record.len());
        let alike = 1 + records.filter(|record| record.len() == width).count();
        if width < 2 { (0, 0) } else { (alike, width) }
    };
    // Of equals the last one wins.
    [b'|', b';', b'\t', b','].into_iter().max_by_key(agreement).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;
    use crate::model::Kind;

    fn input<'a>(bytes: &'a [u8], options: &'a Options) -> Input<'a> {
        Input { bytes, name: "a.csv", options }
    }

    #[test]
    fn a_file_without_texts_is_a_table_whatever_parts_its_cells() {
        for text in [
            "Year,Tons\n2015,\"4,100\"\n",
            "Year;Tons\r\n2015;4,100\r\n",
            "Year\tTons\n2015\t4,100",
        ] {
            let options = Options::default();
            let extract = read(&input(text.as_bytes(), &options)).unwrap();
            let read: Vec<_> =
                extract.paragraphs.iter().map(|part| (part.kind, &*part.text)).collect();
            assert_eq!(read, [(Kind::Table, "Year\tTons"), (Kind::Row, "2015\t4,100")], "{text}");
            assert_eq!(rows(&input(text.as_bytes(), &options)), None);
        }
    }

    #[test]
    fn rows_with_a_text_are_documents_with_the_other_cells_as_metadata() {
        let text = "Title,Body,date,port\nFerry,\"It sails\nat noon.\",2019-06-12,三野\nRail,\"A \"\"train\"\".\",2019,\n";
        let options = Options::default();
        let rows = rows(&input(text.as_bytes(), &options)).unwrap();
        let lines: Vec<_> =
            rows.iter().map(|row| (row.line, std::str::from_utf8(&row.bytes).unwrap())).collect();
        assert_eq!(
            lines,
            [
                (2, "Title,Body,date,port\nFerry,\"It sails\nat noon.\",2019-06-12,三野\n"),
                (4, "Title,Body,date,port\nRail,\"A \"\"train\"\".\",2019,\n"),
            ]
        );
        let extract = read(&input(&rows[0].bytes, &options)).unwrap();
        let read: Vec<&str> = extract.paragraphs.iter().map(|part| &*part.text).collect();
        assert_eq!(read, ["Ferry", "It sails", "at noon."]);
        let stated: Vec<_> = extract
            .metadata
            .iter()
            .map(|datum| (&*datum.name, &*datum.value, datum.method, &*datum.evidence))
            .collect();
        assert_eq!(
            stated,
            [
                ("title", "Ferry", "field", "field Title"),
                ("date", "2019-06-12", "field", "field date"),
                ("port", "三野", "field", "field port"),
            ]
        );
    }

    #[test]
    fn a_column_of_long_cells_holds_the_texts() {
        let long = "The second ferry sails at noon. ".repeat(8);
        let text = format!("id,what\n1,{long}\n2,{long}x\n");
        let options = Options::default();
        assert_eq!(rows(&input(text.as_bytes(), &options)).map(|rows| rows.len()), Some(2));
    }
}

//! A table for people: one line a row, columns aligned, cut to fit where a terminal is too narrow.
//!
//! It holds the rows until they are over, because a column is as wide as its widest cell; past 64 MiB
//! it takes no more of them. It colours nothing and lets no control character through.

use super::{Output, Writer, cell};
use crate::model::{Flow, Sink, Value};
use crate::text::printable::printable;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};
use std::io::{self, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Bytes of cells that are held at most.
const MOST_HELD: usize = 64 << 20;

/// Bytes a blob shows of itself.
const BLOB_SHOWN: usize = 8;

/// Cells of a terminal that stand beside the text of a column: a border and a space on each side.
const BESIDE: usize = 3;

/// What a column keeps at least when the terminal is too narrow for all of them.
const NARROWEST: usize = 4;

struct Paper {
    writer: Writer,
    terminal: Option<usize>,
    names: Vec<String>,
    rows: Vec<Vec<Shown>>,
    /// The widest cell of each column, in cells of a terminal.
    widths: Vec<usize>,
    held: usize,
}

/// A cell as it is shown.
struct Shown {
    text: String,
    is_number: bool,
}

pub(super) fn open(writer: Writer, terminal: Option<usize>) -> Box<dyn Output> {
    let (names, rows, widths) = (Vec::new(), Vec::new(), Vec::new());
    Box::new(Paper { writer, terminal, names, rows, widths, held: 0 })
}

impl Paper {
    /// Takes the text into the account of its column.
    fn measured(&mut self, column: usize, text: String) -> String {
        let text = match self.terminal {
            // Nothing wider than the whole terminal can ever be shown.
            Some(width) => cut(text, width),
            None => text,
        };
        if let Some(widest) = self.widths.get_mut(column) {
            *widest = (*widest).max(text.width());
        }
        self.held += text.len() + size_of::<Shown>();
        text
    }

    /// The table with every cell cut to the width of its column.
    fn table(self, widths: &[usize]) -> (Writer, Table) {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
        let header = self.names.into_iter().zip(widths);
        table.set_header(header.map(|(name, &width)| Cell::new_owned(cut(name, width))));
        for row in self.rows {
            table.add_row(row.into_iter().zip(widths).map(|(shown, &width)| {
                let cell = Cell::new_owned(cut(shown.text, width));
                if shown.is_number { cell.set_alignment(CellAlignment::Right) } else { cell }
            }));
        }
        (self.writer, table)
    }
}

impl Sink for Paper {
    fn columns(&mut self, names: &[String]) -> io::Result<Flow> {
        self.widths = vec![0; names.len()];
        self.names = (0..).zip(names).map(|(i, name)| self.measured(i, one_line(name))).collect();
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        let mut row = Vec::with_capacity(cells.len());
        for (column, value) in cells.iter().enumerate() {
            let is_number = matches!(value, Value::Integer(_) | Value::Real(_));
            row.push(Shown { text: self.measured(column, shown(value)), is_number });
        }
        self.rows.push(row);
        Ok(if self.held > MOST_HELD { Flow::Enough } else { Flow::More })
    }
}

impl Output for Paper {
    fn finish(self: Box<Self>) -> io::Result<()> {
        let widths = match self.terminal {
            Some(terminal) => fit(&self.widths, terminal),
            None => self.widths.clone(),
        };
        let (mut writer, table) = self.table(&widths);
        for line in table.lines() {
            // Spaces that fill up the last column are kept: the border stands behind them.
            writer.write_all(line.as_bytes())?;
            writer.write_all(b"\n")?;
        }
        writer.flush()
    }
}

/// The width of each column so that all of them fit: narrow ones keep what they need, and the wide
/// ones share the rest evenly.
fn fit(widths: &[usize], terminal: usize) -> Vec<usize> {
    let mut room = terminal.saturating_sub(widths.len() * BESIDE + 1);
    let mut order: Vec<usize> = widths.to_vec();
    order.sort_unstable();
    let mut share = 0;
    for (done, &width) in order.iter().enumerate() {
        let left = order.len() - done;
        share = room / left;
        if width > share {
            break;
        }
        room -= width;
        share = width;
    }
    let most = share.max(NARROWEST);
    widths.iter().map(|&width| width.min(most)).collect()
}

/// The text in at most so many cells of a terminal; what is cut away leaves a `…`.
fn cut(text: String, width: usize) -> String {
    if text.len() <= width || text.width() <= width {
        return text;
    }
    let mut shown = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used >= width {
            break;
        }
        shown.push(c);
    }
    shown.push('…');
    shown
}

/// The value on one line, with nothing in it that steers a terminal.
fn shown(value: &Value) -> String {
    match value {
        Value::Blob(bytes) => {
            let more = if bytes.len() > BLOB_SHOWN { "…" } else { "" };
            format!("x'{}{more}'", cell::hex(bytes.get(..BLOB_SHOWN).unwrap_or(bytes)))
        }
        value => one_line(&cell::text(value)),
    }
}

fn one_line(text: &str) -> String {
    let safe = printable(text.trim_end_matches(['\r', '\n']));
    safe.replace("\\u{d}\n", "␤").replace('\n', "␤").replace('\t', " ")
}

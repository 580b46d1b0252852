//! What is said of an address that an earlier reading of its document had.

use super::collect::Collected;
use super::{Global, rows};
use crate::model::Value;
use crate::query;
use crate::text::printable::{on_one_line, printable};
use std::io::{self, Write};

/// A paragraph of an earlier reading, or nothing.
#[derive(Default)]
pub(super) struct Former {
    address: String,
    text: String,
    /// What it became: addresses of today, and where they stand.
    pub(super) became: Vec<(String, i64)>,
}

impl Former {
    /// Looks for a paragraph that earlier readings of the document had at this address. An archive of an
    /// earlier schema has none.
    pub(super) fn find(global: &Global, document: i64, passage: &str) -> Self {
        let (digits, time) = passage.split_once('~').unwrap_or((passage, "1"));
        let parameters = [
            ("document_id".to_owned(), Value::Integer(document)),
            ("passage".to_owned(), Value::Text(digits.to_ascii_lowercase())),
        ];
        let mut all = Collected::default();
        if rows::read(global, query::FORMER, &parameters, &mut all).is_err() {
            return Self::default();
        }
        let mut former = Self::default();
        for row in all.records() {
            let address = row.text("old_address").unwrap_or_default();
            let own_time = address.split_once('~').map_or("1", |(_, time)| time);
            if own_time != time || !(former.address.is_empty() || former.address == address) {
                continue;
            }
            address.clone_into(&mut former.address);
            row.text("text").unwrap_or_default().clone_into(&mut former.text);
            if let Some(today) = row.text("new_address") {
                former.became.push((today.to_owned(), row.number("position")));
            }
        }
        former
    }

    /// Whether there is such a paragraph.
    pub(super) fn is_there(&self) -> bool {
        !self.address.is_empty()
    }

    /// Where it leads, in one line.
    pub(super) fn in_one_line(&self) -> String {
        let today: Vec<&str> = self.became.iter().map(|(address, _)| &**address).collect();
        match today.is_empty() {
            true => format!("{} is of an earlier reading; nothing of it is left", self.address),
            false => {
                format!("{} is of an earlier reading; it is now {}", self.address, today.join(", "))
            }
        }
    }

    /// Writes its words and where it leads.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        if !self.is_there() {
            return Ok(());
        }
        writeln!(out, "\n{}", on_one_line(&self.in_one_line()))?;
        writeln!(out, "it was: {}", printable(&self.text))
    }
}

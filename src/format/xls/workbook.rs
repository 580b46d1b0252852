//! What the sheets of a workbook share: their names and places, strings, forms of numbers, encoding.

use super::super::Unreadable;
use super::super::compound;
use super::numbers::Form;
use super::records::{Record, Records, long, number};
use super::strings::Bytes;
use crate::text::codec::Codec;
use std::collections::{BTreeMap, BTreeSet};

/// The head of a workbook.
pub(super) struct Workbook {
    /// Names of the sheets and where in the stream each begins.
    pub(super) sheets: Vec<(String, usize)>,
    pub(super) strings: Vec<String>,
    pub(super) is_1904: bool,
    places: BTreeSet<usize>,
    encoding: Encoding,
    /// The form of each style of cells.
    styles: Vec<u16>,
    forms: BTreeMap<u16, Form>,
}

/// How strings are written.
pub(super) enum Encoding {
    /// From 1997 on.
    Unicode,
    /// Before.
    Page(Codec),
}

impl Encoding {
    /// A string whose length stands before it, in two bytes.
    pub(super) fn long(&self, bytes: &mut Bytes) -> Option<String> {
        let count = usize::from(bytes.number()?);
        self.string(bytes, count)
    }

    /// The same with one byte.
    fn short(&self, bytes: &mut Bytes) -> Option<String> {
        let count = usize::from(bytes.byte()?);
        self.string(bytes, count)
    }

    fn string(&self, bytes: &mut Bytes, count: usize) -> Option<String> {
        match self {
            Encoding::Unicode => bytes.unicode(count),
            Encoding::Page(codec) => Some(bytes.encoded(count, codec)),
        }
    }
}

impl Workbook {
    /// Reads the records before the first sheet.
    ///
    /// # Errors
    /// When the stream is no workbook, or an encrypted one.
    pub(super) fn read(stream: &[u8]) -> Result<Self, Unreadable> {
        let mut records = Records(stream);
        let version = records
            .next()
            .filter(|record| record.kind == 0x0809)
            .and_then(|record| number(record.data(), 0));
        let encoding = match version {
            Some(0x0600) => Encoding::Unicode,
            Some(_) => Encoding::Page(compound::western()),
            None => {
                return Err(Unreadable("damaged workbook (it does not begin as one)".to_owned()));
            }
        };
        let mut workbook = Self {
            sheets: Vec::new(),
            strings: Vec::new(),
            is_1904: false,
            places: BTreeSet::new(),
            encoding,
            styles: Vec::new(),
            forms: BTreeMap::new(),
        };
        for record in records {
            match record.kind {
                0x002F => return Err(Unreadable("encrypted".to_owned())),
                0x000A => break,
                _ => drop(workbook.take(&record)),
            }
        }
        Ok(workbook)
    }

    fn take(&mut self, record: &Record) -> Option<()> {
        let data = record.data();
        match record.kind {
            0x0042 => {
                if let Encoding::Page(codec) = &mut self.encoding {
                    *codec =
                        compound::codec_of_page(number(data, 0)?).unwrap_or_else(compound::western);
                }
            }
            0x0022 => self.is_1904 = number(data, 0)? == 1,
            0x041E => {
                let mut bytes = Bytes::of(record, 2);
                let form = match &self.encoding {
                    Encoding::Unicode => self.encoding.long(&mut bytes)?,
                    Encoding::Page(_) => self.encoding.short(&mut bytes)?,
                };
                self.forms.insert(number(data, 0)?, Form::spelled(&form));
            }
            0x00E0 => self.styles.push(number(data, 2)?),
            0x0085 => {
                let place = usize::try_from(long(data, 0)?).ok()?;
                let name = self.encoding.short(&mut Bytes::of(record, 6)).unwrap_or_default();
                // Sheets at one place are one sheet.
                if self.places.insert(place) {
                    self.sheets.push((name.replace('\0', ""), place));
                }
            }
            0x00FC => {
                let mut bytes = Bytes::of(record, 8);
                while let Some(text) =
                    bytes.number().and_then(|count| bytes.unicode(usize::from(count)))
                {
                    self.strings.push(text);
                }
            }
            _ => {}
        }
        Some(())
    }

    /// The form of the numbers in cells of this style.
    pub(super) fn form(&self, style: u16) -> Form {
        let Some(form) = self.styles.get(usize::from(style)) else { return Form::Number };
        self.forms.get(form).copied().unwrap_or_else(|| Form::built_in(*form))
    }

    pub(super) fn encoding(&self) -> &Encoding {
        &self.encoding
    }
}

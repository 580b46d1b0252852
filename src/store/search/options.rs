//! What a search is asked: the arguments of the table-valued function, by the letters that stand for
//! them between planning and running.
//!
//! It only reads arguments; what they do to a search stands in `search`.

use crate::model::Kind;
use crate::text::concepts::Concepts;
use rusqlite::types::ValueRef;
use rusqlite::{Error, Result};
use std::collections::HashSet;

/// What a search was asked.
#[derive(Debug, Default)]
pub(in crate::store) struct Options {
    pub(super) words: String,
    pub(super) all_text: bool,
    pub(super) exact: bool,
    /// Whether copies of a hit are hits too.
    pub(super) all_copies: bool,
    /// What stands for what in other spellings and languages; none for what the archive has.
    pub(super) concepts: Option<Concepts>,
    /// Only these documents, only these kinds.
    documents: Option<HashSet<i64>>,
    kinds: Option<HashSet<String>>,
}

impl Options {
    /// The letter of the words argument.
    pub(in crate::store) const WORDS: u8 = b'w';

    /// The letter that stands for a column among the arguments of a run, if `=` on it is one.
    pub(in crate::store) const fn letter(column: u8) -> Option<u8> {
        match column {
            2 => Some(b'd'),
            5 => Some(b'k'),
            14 => Some(Self::WORDS),
            15 => Some(b'a'),
            16 => Some(b'e'),
            17 => Some(b'i'),
            18 => Some(b'j'),
            19 => Some(b'c'),
            20 => Some(b'o'),
            _ => None,
        }
    }

    /// Whether the letter stands for an argument; the others are columns, and only choose among places.
    pub(in crate::store) const fn is_argument(letter: u8) -> bool {
        matches!(letter, Self::WORDS | b'a' | b'c' | b'e' | b'i' | b'j' | b'o')
    }

    /// Takes one argument; NULL is none.
    ///
    /// # Errors
    /// When the documents are not a JSON array of numbers, or the concepts are no list.
    pub(in crate::store) fn set(&mut self, letter: u8, value: ValueRef<'_>) -> Result<()> {
        let truth = !matches!(value, ValueRef::Null | ValueRef::Integer(0));
        match (letter, value) {
            (Self::WORDS, ValueRef::Text(words) | ValueRef::Blob(words)) => {
                self.words = String::from_utf8_lossy(words).into_owned();
            }
            (Self::WORDS, ValueRef::Integer(number)) => self.words = number.to_string(),
            (Self::WORDS, ValueRef::Real(number)) => self.words = number.to_string(),
            (b'a', _) => self.all_text = truth,
            (b'c', _) => self.all_copies = truth,
            (b'e', _) => self.exact = truth,
            (b'i', ValueRef::Text(_)) => self.keep(b'k', [value].into_iter()),
            (b'o', ValueRef::Text(list)) => {
                let list = String::from_utf8_lossy(list);
                let concepts = Concepts::read(&list).map_err(|reason| {
                    Error::ModuleError(format!("search cannot read the concepts: {reason}"))
                })?;
                self.concepts = Some(concepts);
            }
            (b'j', ValueRef::Text(documents)) => {
                let documents = serde_json::from_slice(documents).map_err(|error| {
                    Error::ModuleError(format!(
                        "search wants a JSON array of document ids: {error}"
                    ))
                })?;
                self.documents = Some(documents);
            }
            _ => {}
        }
        Ok(())
    }

    /// Keeps to places where the column of the letter has one of the values, so that a passage is shown
    /// at a place the reader asked for though another is better.
    pub(in crate::store) fn keep<'v>(
        &mut self,
        letter: u8,
        values: impl Iterator<Item = ValueRef<'v>>,
    ) {
        if letter == b'd' {
            self.documents = Some(values.filter_map(|value| value.as_i64().ok()).collect());
        } else {
            let words = values.filter_map(|value| value.as_str().map(str::to_owned).ok());
            self.kinds = Some(words.collect());
        }
    }

    /// Whether a passage may be shown at a place.
    pub(super) fn admits(&self, document: i64, kind: Kind, boilerplate: bool) -> bool {
        (self.all_text || !boilerplate)
            && self.documents.as_ref().is_none_or(|asked| asked.contains(&document))
            && self.kinds.as_ref().is_none_or(|asked| asked.contains(kind.as_str()))
    }
}

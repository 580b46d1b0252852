//! Whether the index holds exactly the words of the texts, each at its place.
//!
//! FTS5 has a check of its own, but it needs a connection that writes, reads the texts through a view
//! that takes two thirds of the time of a whole check, and was silent about a changed word in one of
//! 20,000 flipped bits. Both sides are summed up here, in whatever order they come: the words that the
//! index holds, and those that the texts have.

use super::{Inspector, or_hurt};
use crate::model::{Hurt, Part};
use crate::text::words::words;
use rusqlite::{Connection, Result};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Bytes of the longest word; FTS5 cuts longer ones.
const LONGEST: usize = 32768;

/// What an index holds, in one number for each of its parts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sum {
    /// Every word with its passage and place.
    words: u64,
    /// How many words each passage has.
    lengths: u64,
    /// Passages, and words in all.
    totals: (u64, u64),
}

impl Sum {
    fn word(&mut self, passage: i64, place: i64, word: &[u8]) {
        self.words = self.words.wrapping_add(number(&(passage, place, word)));
    }

    fn length(&mut self, passage: i64, words: u64) {
        self.lengths = self.lengths.wrapping_add(number(&(passage, words)));
    }
}

fn number(thing: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    hasher.finish()
}

impl Inspector {
    /// Compares the index with the text, word for word.
    pub fn check_index(&self) -> Vec<Hurt> {
        let compared = held(&self.connection).and_then(|held| {
            let is_equal = held == meant(&self.connection)?;
            let hurt = || Hurt::general(Part::Index, "the index does not match the text");
            Ok((!is_equal).then(hurt).into_iter().collect())
        });
        or_hurt(Part::Index, compared)
    }
}

/// What the index holds.
fn held(connection: &Connection) -> Result<Sum> {
    connection.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.indexed_word
             USING fts5vocab ('main', 'passage_index', 'instance')",
    )?;
    let mut sum = Sum::default();
    let mut select = connection.prepare("SELECT doc, \"offset\", term FROM temp.indexed_word")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        sum.word(row.get(0)?, row.get(1)?, row.get_ref(2)?.as_bytes()?);
    }
    let mut select = connection.prepare("SELECT id, sz FROM passage_index_docsize")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        sum.length(row.get(0)?, numbers(row.get_ref(1)?.as_blob()?).next().unwrap_or(u64::MAX));
    }
    // Row 1 has the totals for ranking.
    let sql = "SELECT block FROM passage_index_data WHERE id = 1";
    let totals: Vec<u8> = connection.query_row(sql, [], |row| row.get(0))?;
    let mut totals = numbers(&totals);
    sum.totals = (totals.next().unwrap_or(0), totals.next().unwrap_or(0));
    Ok(sum)
}

/// What the index of these texts should hold.
fn meant(connection: &Connection) -> Result<Sum> {
    let mut sum = Sum::default();
    let mut select = connection.prepare("SELECT id, text, context FROM passage_text")?;
    let mut rows = select.query([])?;
    let mut whole = String::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let (text, context) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
        whole.clear();
        whole.push_str(text);
        if !context.is_empty() {
            whole.push_str(" \n");
            whole.push_str(context);
        }
        let mut count = 0;
        for word in words(&whole) {
            let bytes = word.text.as_bytes();
            sum.word(id, count as i64, bytes.get(..LONGEST).unwrap_or(bytes));
            count += 1;
        }
        sum.length(id, count);
        sum.totals = (sum.totals.0 + 1, sum.totals.1 + count);
    }
    Ok(sum)
}

/// The numbers of one to nine bytes that follow each other (sqlite.org/fileformat2.html, 1.6).
fn numbers(bytes: &[u8]) -> impl Iterator<Item = u64> + '_ {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let mut number = 0;
        for step in 1..=9 {
            let (byte, after) = rest.split_first()?;
            rest = after;
            if step == 9 {
                return Some(number << 8 | u64::from(*byte));
            }
            number = number << 7 | u64::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::archive::blank;
    use crate::store::passage::index_all;
    use crate::text::spacing;

    fn archive(texts: &[(&str, &str)]) -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let connection = blank(&folder.path().join("a.db")).unwrap();
        for (id, (text, context)) in (1i64..).zip(texts) {
            let cjk = spacing::has_cjk(text) || spacing::has_cjk(context);
            connection
                .execute(
                    "INSERT INTO passage_text VALUES (?1, zeroblob(32), ?2, ?3, ?4)",
                    (id, text, context, cjk),
                )
                .unwrap();
        }
        index_all(&connection).unwrap();
        (folder, connection)
    }

    #[test]
    fn an_index_equals_its_texts_until_a_word_a_length_or_a_total_changes() {
        let long = "x".repeat(40_000);
        let texts = [
            ("The ferry sails.", ""),
            ("桥在5点关闭, logis-\ntics", "表1 — países"),
            ("", ""),
            (&long, "\u{301} a\u{301}"),
        ];
        for (sql, is_equal) in [
            ("SELECT 1", true),
            ("UPDATE passage_text SET text = 'A ferry sails.' WHERE id = 1", false),
            ("INSERT INTO passage_index (rowid, text) VALUES (9, 'never written')", false),
            ("UPDATE passage_index_docsize SET sz = x'07' WHERE id = 1", false),
            ("UPDATE passage_index_data SET block = x'0401' WHERE id = 1", false),
        ] {
            let (_folder, connection) = archive(&texts);
            connection.execute_batch(sql).unwrap_or(());
            let is_same = held(&connection).unwrap() == meant(&connection).unwrap();
            assert_eq!(is_same, is_equal, "{sql}");
        }
    }
}

//! FTS5's tokenizer `unicode61`, done fast, for the connection that loads an index.
//!
//! FTS5 looks up the category of every character that is not ASCII in its tables, which is an eighth of
//! an ingest of Chinese or Russian text. Here the same cut is made by [`crate::text::unicode61`]. It must
//! give the same words at the same places: an index loaded with it is read and checked with the
//! tokenizer that SQLite brings, and the tests below compare the two.

#![allow(unsafe_code)]

use super::ftsapi;
use crate::text::unicode61::tokens;
use rusqlite::{Connection, Error, Result, ffi};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

const NAME: &CStr = c"unicode61";
/// What the index is declared with; nothing else is done here.
const ARGUMENTS: [&CStr; 2] = [c"remove_diacritics", c"2"];

/// What FTS5 is given for every word: its letters, and where it starts and ends in the text.
type Found = unsafe extern "C" fn(*mut c_void, c_int, *const c_char, c_int, c_int, c_int) -> c_int;

/// Makes tables of this connection that are declared with `unicode61 remove_diacritics 2` use this
/// tokenizer.
pub(super) fn register(connection: &Connection) -> Result<()> {
    let api = ftsapi::interface(connection)?;
    // SAFETY: FTS5 has written a pointer that is valid as long as the connection.
    let make = unsafe { api.as_ref() }.and_then(|api| api.xCreateTokenizer);
    let Some(make) = make else {
        return Err(Error::ModuleError("this SQLite has no FTS5".to_owned()));
    };
    let mut tokenizer = ffi::fts5_tokenizer {
        xCreate: Some(create),
        xDelete: Some(delete),
        xTokenize: Some(tokenize),
    };
    // SAFETY: `api` belongs to this connection; FTS5 copies the structure and needs no user data.
    let code = unsafe { make(api, NAME.as_ptr(), ptr::null_mut(), &raw mut tokenizer, None) };
    ftsapi::check(code)
}

/// Makes a tokenizer, which is the room that words are folded in.
unsafe extern "C" fn create(
    _: *mut c_void,
    arguments: *mut *const c_char,
    count: c_int,
    out: *mut *mut ffi::Fts5Tokenizer,
) -> c_int {
    if usize::try_from(count) != Ok(ARGUMENTS.len()) {
        return ffi::SQLITE_ERROR;
    }
    for (at, expected) in ARGUMENTS.iter().enumerate() {
        // SAFETY: FTS5 gives `count` texts that end with zero.
        if unsafe { CStr::from_ptr(*arguments.add(at)) } != *expected {
            return ffi::SQLITE_ERROR;
        }
    }
    let room = Box::into_raw(Box::new(String::new()));
    // SAFETY: `out` is where FTS5 wants the tokenizer.
    unsafe { *out = room.cast() };
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(tokenizer: *mut ffi::Fts5Tokenizer) {
    // SAFETY: it was made by `create` and is deleted once.
    drop(unsafe { Box::from_raw(tokenizer.cast::<String>()) });
}

unsafe extern "C" fn tokenize(
    tokenizer: *mut ffi::Fts5Tokenizer,
    context: *mut c_void,
    _: c_int,
    text: *const c_char,
    length: c_int,
    found: Option<Found>,
) -> c_int {
    let (Ok(length), Some(found)) = (usize::try_from(length), found) else {
        return ffi::SQLITE_ERROR;
    };
    if length == 0 || text.is_null() {
        return ffi::SQLITE_OK;
    }
    // SAFETY: the tokenizer was made by `create` and serves one call at a time; the text is `length`
    // bytes long.
    let (room, bytes) = unsafe {
        (&mut *tokenizer.cast::<String>(), std::slice::from_raw_parts(text.cast::<u8>(), length))
    };
    let mut code = ffi::SQLITE_OK;
    // Every text is checked when it is stored; one that is damaged since is read as far as it goes.
    tokens(&String::from_utf8_lossy(bytes), room, &mut |word, span| {
        let place = |at: usize| c_int::try_from(at).unwrap_or(c_int::MAX);
        // SAFETY: FTS5's own function with its own context; it copies the word.
        code = unsafe {
            found(
                context,
                0,
                word.as_ptr().cast(),
                place(word.len()),
                place(span.start),
                place(span.end),
            )
        };
        code == ffi::SQLITE_OK
    });
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every word of the texts with its place, as FTS5 indexes them.
    fn indexed(connection: &Connection, texts: &[String]) -> Vec<(String, i64, i64)> {
        connection
            .execute_batch(
                "CREATE VIRTUAL TABLE t USING fts5(text, tokenize = 'unicode61 remove_diacritics 2');
                 CREATE VIRTUAL TABLE v USING fts5vocab(t, instance);",
            )
            .unwrap();
        for text in texts {
            connection.execute("INSERT INTO t (text) VALUES (?1)", [text]).unwrap();
        }
        connection
            .prepare("SELECT term, doc, offset FROM v ORDER BY doc, offset")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .collect::<Result<_>>()
            .unwrap()
    }

    #[test]
    fn the_words_are_those_of_the_tokenizer_that_sqlite_brings() {
        let mut texts: Vec<String> = [
            "Élan vital, co-operation; U.S. trade 12.5%",
            "\u{200b}一\u{200b}\u{200b}带\u{200b} road",
            "Россия и Китай\u{301} Й ё",
            "",
            "\u{301}\u{301}",
            "a\u{301}b\u{0}c",
            "…—",
        ]
        .map(str::to_owned)
        .to_vec();
        // Every character there is, between letters and on its own.
        let every = (1..=0x10_ffff).filter_map(char::from_u32);
        for some in every.collect::<Vec<_>>().chunks(4096) {
            texts.push(some.iter().map(|c| format!("x{c}y {c} ")).collect());
            texts.push(some.iter().collect());
        }
        let (ours, stock) =
            (Connection::open_in_memory().unwrap(), Connection::open_in_memory().unwrap());
        register(&ours).unwrap();
        assert!(indexed(&ours, &texts) == indexed(&stock, &texts));
    }

    #[test]
    fn the_places_are_those_of_the_tokenizer_that_sqlite_brings() {
        let (ours, stock) =
            (Connection::open_in_memory().unwrap(), Connection::open_in_memory().unwrap());
        register(&ours).unwrap();
        let text = "«Élan» \u{200b}路\u{200b} Китай\u{301}, e\u{301}a\u{0}b";
        let marked = |connection: &Connection| -> Vec<String> {
            indexed(connection, &[text.to_owned()]);
            ["elan", "路", "китаи OR китай", "ea", "b"]
                .iter()
                .map(|word| {
                    let sql = "SELECT highlight(t, 0, '[', ']') FROM t WHERE t MATCH ?1";
                    connection.query_row(sql, [word], |row| row.get(0)).unwrap_or_default()
                })
                .collect()
        };
        assert_eq!(marked(&ours), marked(&stock));
    }

    #[test]
    fn a_table_declared_otherwise_is_refused_rather_than_cut_wrong() {
        let connection = Connection::open_in_memory().unwrap();
        register(&connection).unwrap();
        let sql = "CREATE VIRTUAL TABLE t USING fts5(text, tokenize = 'unicode61')";
        assert!(connection.execute_batch(sql).is_err());
    }
}

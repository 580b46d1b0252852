//! The C side of search: an auxiliary function of FTS5 that fills a [`Tally`], and the table-valued
//! function `search`.
//!
//! Beside `tokenizer` the only file with `unsafe`, because neither FTS5's extension interface nor virtual
//! tables have a safe one. It decides nothing: what a row is and what it is worth stands in `rank` and `search`.

#![allow(unsafe_code)]

use super::rank::Tally;
use super::search::{COLUMNS, Options, Search};
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::ffi;
use rusqlite::types::ToSqlOutput;
use rusqlite::vtab::{
    Context, Filters, IndexConstraintOp, IndexInfo, Module, VTab, VTabConfig, VTabConnection,
    VTabCursor,
};
use rusqlite::{Connection, Error, Result, ToSql};
use std::borrow::Cow;
use std::cell::RefCell;
use std::ffi::{CStr, c_int, c_void};
use std::marker::PhantomData;
use std::ptr;

/// The name of the auxiliary function, which is also the type of the pointer it takes: no SQL text can
/// make such a pointer, so no query can call it.
const TALLY: &CStr = c"fonds_tally";

/// A pointer for a parameter of a statement; the pointee must outlive the statement's run.
struct Pointer(*const c_void, &'static CStr);

impl ToSql for Pointer {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Pointer((self.0, self.1, None)))
    }
}

/// FTS5's interface on this connection; null where it has none.
pub(super) fn interface(connection: &Connection) -> Result<*mut ffi::fts5_api> {
    let mut api: *mut ffi::fts5_api = ptr::null_mut();
    let place = Pointer((&raw mut api).cast(), c"fts5_api_ptr");
    connection.query_row("SELECT fts5(?1)", [place], |_| Ok(()))?;
    Ok(api)
}

/// Registers the auxiliary function and the table-valued function on the connection.
pub(super) fn register(connection: &Connection) -> Result<()> {
    let api = interface(connection)?;
    // SAFETY: FTS5 has written null or a pointer that is valid as long as the connection.
    let create = unsafe { api.as_ref() }.and_then(|api| api.xCreateFunction);
    let Some(create) = create else {
        return Err(Error::ModuleError("this SQLite has no FTS5".to_owned()));
    };
    // SAFETY: `api` belongs to this connection; `tally` has the signature FTS5 asks for and needs no
    // user data.
    let code = unsafe { create(api, TALLY.as_ptr(), ptr::null_mut(), Some(tally), None) };
    check(code)?;
    const MODULE: Module<SearchTable> = Module::eponymous_only_module();
    connection.create_module(c"search", &MODULE, None)
}

/// Scans the index for the match expression and tells the tally every passage found.
///
/// # Errors
/// When the index cannot be read or the scan is interrupted.
pub(super) fn scan(
    connection: &Connection,
    expression: &str,
    tally: &RefCell<Tally>,
) -> Result<()> {
    let pointer = Pointer(ptr::from_ref(tally).cast(), TALLY);
    // As a condition that never holds, so that SQLite walks all matches without handing one out; in an
    // aggregate FTS5 refuses auxiliary functions.
    connection
        .prepare_cached(
            "SELECT 1 FROM passage_index
             WHERE passage_index MATCH ?1 AND fonds_tally(passage_index, ?2)",
        )?
        .exists((expression, pointer))
        .map(|_| ())
}

/// The error of an SQLite code, or none.
pub(super) fn check(code: c_int) -> Result<()> {
    if code == ffi::SQLITE_OK {
        Ok(())
    } else {
        Err(Error::SqliteFailure(ffi::Error::new(code), None))
    }
}

unsafe extern "C" fn tally(
    api: *const ffi::Fts5ExtensionApi,
    match_: *mut ffi::Fts5Context,
    context: *mut ffi::sqlite3_context,
    arguments: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: FTS5 calls with a valid interface and `arguments` values. The pointer of the type TALLY
    // can only come from `scan`, which keeps the pointee alive and hands it to nobody else meanwhile.
    let (api, tally) = unsafe {
        let pointer = if arguments == 1 {
            ffi::sqlite3_value_pointer(*values, TALLY.as_ptr())
        } else {
            ptr::null_mut()
        };
        (api.as_ref(), pointer.cast::<RefCell<Tally>>().as_ref())
    };
    let code = match (api, tally.map(RefCell::try_borrow_mut)) {
        (Some(api), Some(Ok(mut tally))) => Match { api, match_ }.tell(&mut tally),
        _ => Err(ffi::SQLITE_MISUSE),
    };
    if let Err(code) = code {
        // SAFETY: `context` is that of the call.
        unsafe { ffi::sqlite3_result_error_code(context, code) };
    }
}

/// The current row of an FTS5 scan.
struct Match<'a> {
    api: &'a ffi::Fts5ExtensionApi,
    match_: *mut ffi::Fts5Context,
}

impl Match<'_> {
    fn tell(&self, tally: &mut Tally) -> Result<(), c_int> {
        if tally.is_new() {
            let (passages, words) = self.size()?;
            tally.size(passages, words);
        }
        let row = self.api.xRowid.ok_or(ffi::SQLITE_ERROR)?;
        // SAFETY: here and below, the functions are FTS5's own, called during its call with its context.
        let passage = unsafe { row(self.match_) };
        tally.passage(passage, |phrase, add| self.places(phrase, add))
    }

    fn size(&self) -> Result<(i64, i64), c_int> {
        let (mut passages, mut words) = (0, 0);
        let rows = self.api.xRowCount.ok_or(ffi::SQLITE_ERROR)?;
        let total = self.api.xColumnTotalSize.ok_or(ffi::SQLITE_ERROR)?;
        // SAFETY: see `tell`; the results go to live variables.
        unsafe {
            ok(rows(self.match_, &raw mut passages))?;
            ok(total(self.match_, 0, &raw mut words))?;
        }
        Ok((passages, words))
    }

    /// Adds every place of the phrase in the row. The list of places is walked as it is: `xInst` would
    /// build an array of them first.
    fn places(&self, phrase: usize, add: &mut dyn FnMut(u32)) -> Result<(), c_int> {
        let first = self.api.xPhraseFirst.ok_or(ffi::SQLITE_ERROR)?;
        let next = self.api.xPhraseNext.ok_or(ffi::SQLITE_ERROR)?;
        let phrase = c_int::try_from(phrase).map_err(|_| ffi::SQLITE_RANGE)?;
        let mut iterator = ffi::Fts5PhraseIter { a: ptr::null(), b: ptr::null() };
        let (mut column, mut place) = (0, 0);
        // SAFETY: see `tell`; `iterator` is what FTS5 wants it to be and lives through the loop.
        unsafe {
            ok(first(self.match_, phrase, &raw mut iterator, &raw mut column, &raw mut place))?;
            while column >= 0 {
                add(u32::try_from(place).unwrap_or(0));
                next(self.match_, &raw mut iterator, &raw mut column, &raw mut place);
            }
        }
        Ok(())
    }
}

fn ok(code: c_int) -> Result<(), c_int> {
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(code) }
}

/// The table-valued function `search`.
#[repr(C)]
struct SearchTable {
    /// Must be first.
    base: ffi::sqlite3_vtab,
    handle: *mut ffi::sqlite3,
}

// SAFETY: `repr(C)` with the base first, as the trait asks.
unsafe impl<'vtab> VTab<'vtab> for SearchTable {
    type Aux = ();
    type Cursor = SearchCursor<'vtab>;

    fn connect(
        connection: &mut VTabConnection,
        _: Option<&()>,
        _: &[u8],
        _: &[u8],
        _: &[u8],
        _: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Self)> {
        connection.config(VTabConfig::DirectOnly)?;
        // SAFETY: the handle is used only by cursors, which live no longer than the connection.
        let handle = unsafe { connection.handle() };
        Ok((Cow::Borrowed(COLUMNS), Self { base: ffi::sqlite3_vtab::default(), handle }))
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        let mut given: Vec<u8> = Vec::new();
        let (mut asked, mut blocked) = (false, false);
        let equal: Vec<(usize, u8, bool)> = info
            .constraints()
            .enumerate()
            .filter(|(_, one)| one.operator() == IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_EQ)
            .filter_map(|(at, one)| {
                Some((at, Options::letter(u8::try_from(one.column()).ok()?)?, one.is_usable()))
            })
            .collect();
        for (at, letter, usable) in equal {
            asked |= letter == Options::WORDS;
            if !usable {
                // A filter can wait for SQLite; what changes the search itself cannot.
                blocked |= Options::is_argument(letter);
            } else if !given.contains(&letter) {
                given.push(letter);
                let several = !Options::is_argument(letter) && info.set_in_constraint(at, true)?;
                if let (Some(last), true) = (given.last_mut(), several) {
                    *last = letter.to_ascii_uppercase();
                }
                let mut usage = info.constraint_usage(at);
                usage.set_argv_index(c_int::try_from(given.len()).unwrap_or(c_int::MAX));
                usage.set_omit(Options::is_argument(letter));
            }
        }
        if !asked {
            return Err(Error::ModuleError("search needs words: search('words')".to_owned()));
        }
        if blocked || !given.contains(&Options::WORDS) {
            return Ok(false);
        }
        let by_rank = {
            let mut orders = info.order_bys();
            matches!((orders.next(), orders.next()), (Some(order), None) if order.column() == 0 && !order.is_order_by_desc())
        };
        info.set_order_by_consumed(by_rank);
        info.set_idx_str(&String::from_utf8(given).unwrap_or_default());
        // One search costs far more than a row of any table it may be joined with, so that it is done
        // once, in the outer loop.
        info.set_estimated_cost(1e9);
        info.set_estimated_rows(100);
        Ok(true)
    }

    fn open(&'vtab mut self) -> Result<SearchCursor<'vtab>> {
        Ok(SearchCursor {
            base: ffi::sqlite3_vtab_cursor::default(),
            handle: self.handle,
            search: None,
            table: PhantomData,
        })
    }
}

/// One run of `search`.
#[repr(C)]
struct SearchCursor<'vtab> {
    /// Must be first.
    base: ffi::sqlite3_vtab_cursor,
    handle: *mut ffi::sqlite3,
    search: Option<Search>,
    table: PhantomData<&'vtab SearchTable>,
}

// SAFETY: `repr(C)` with the base first, as the trait asks.
unsafe impl VTabCursor for SearchCursor<'_> {
    fn filter(&mut self, _: c_int, given: Option<&str>, values: &Filters<'_>) -> Result<()> {
        let mut options = Options::default();
        let given = given.unwrap_or_default().bytes();
        for (at, (letter, value)) in given.zip(values.iter()).enumerate() {
            let column = letter.to_ascii_lowercase();
            if Options::is_argument(letter) {
                options.set(letter, value)?;
            } else if letter == column {
                options.keep(column, [value].into_iter());
            } else {
                options.keep(column, values.in_values(at)?.iterator().flatten());
            }
        }
        // SAFETY: the handle is open, for SQLite is calling through it, and this connection does not own
        // it. It goes, with its statements, when the cursor does.
        let connection = unsafe { Connection::from_handle(self.handle) }?;
        let mut search = Search::begin(connection, options)?;
        search.advance()?;
        self.search = Some(search);
        Ok(())
    }

    fn next(&mut self) -> Result<()> {
        self.search.as_mut().map_or(Ok(()), Search::advance)
    }

    fn eof(&self) -> bool {
        self.search.as_ref().is_none_or(Search::is_over)
    }

    fn column(&self, context: &mut Context, column: c_int) -> Result<()> {
        let Some(search) = &self.search else { return Ok(()) };
        context.set_result(search.column(column)?)
    }

    fn rowid(&self) -> Result<i64> {
        Ok(self.search.as_ref().map_or(0, Search::rank))
    }
}

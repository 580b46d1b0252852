//! The C side of search: FTS5's interface, and the functions that read the index: `search`,
//! `more_like`, `did_you_mean`.
//!
//! Beside `tokenizer` the only file of this module with `unsafe`, because neither FTS5's extension interface nor virtual
//! tables have a safe one. It decides nothing: what a row is and what it is worth stands in `search`,
//! `alike` and `meant`.

#![allow(unsafe_code)]

use super::alike::{Alike, alike};
use super::meant::meant;
use super::patience::Patience;
use super::search::{COLUMNS, Options, Search};
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::ffi;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ToSqlOutput;
use rusqlite::vtab::{
    Context, Filters, IndexConstraintOp, IndexInfo, Module, VTab, VTabConfig, VTabConnection,
    VTabCursor,
};
use rusqlite::{Connection, Error, Result, ToSql};
use std::borrow::Cow;
use std::ffi::{CStr, c_int, c_void};
use std::marker::PhantomData;
use std::ptr;
use std::rc::Rc;

/// A pointer for a parameter of a statement; the pointee must outlive the statement's run.
struct Pointer(*const c_void, &'static CStr);

impl ToSql for Pointer {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Pointer((self.0, self.1, None)))
    }
}

/// How many statements of searches are kept.
const STATEMENTS: usize = 32;

/// FTS5's interface on this connection; null where it has none.
pub(super) fn interface(connection: &Connection) -> Result<*mut ffi::fts5_api> {
    let mut api: *mut ffi::fts5_api = ptr::null_mut();
    let place = Pointer((&raw mut api).cast(), c"fts5_api_ptr");
    connection.query_row("SELECT fts5(?1)", [place], |_| Ok(()))?;
    Ok(api)
}

/// Registers the functions that read the index on the connection.
pub(super) fn register(connection: &Connection, patience: &Patience) -> Result<()> {
    const SEARCH: Module<SearchTable> = Module::eponymous_only_module();
    const ALIKE: Module<AlikeTable> = Module::eponymous_only_module();
    connection.create_module(c"search", &SEARCH, Some(patience.clone()))?;
    connection.create_module(c"more_like", &ALIKE, Some(patience.clone()))?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    let patience = patience.clone();
    connection.create_scalar_function("did_you_mean", 1, flags, move |context| {
        let Ok(typed) = context.get_raw(0).as_str() else { return Ok(None) };
        // SAFETY: the connection is that of the statement which runs the function, and is not closed here.
        meant(&*unsafe { context.get_connection() }?, &patience, typed)
    })
}

/// The error of an SQLite code, or none.
pub(super) fn check(code: c_int) -> Result<()> {
    if code == ffi::SQLITE_OK {
        Ok(())
    } else {
        Err(Error::SqliteFailure(ffi::Error::new(code), None))
    }
}

/// The connection that a table is made on, for the statements of its runs; no view and no trigger can
/// use the table.
fn shared(connection: &mut VTabConnection) -> Result<Rc<Connection>> {
    connection.config(VTabConfig::DirectOnly)?;
    // SAFETY: the handle is open and outlives the table; this connection does not own it.
    let connection = unsafe { Connection::from_handle(connection.handle()) }?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(Rc::new(connection))
}

/// The table-valued function `search`.
#[repr(C)]
struct SearchTable {
    /// Must be first.
    base: ffi::sqlite3_vtab,
    /// The connection that the table is of. Its statements are kept from search to search, and go with
    /// the table, which SQLite takes down before it closes the connection.
    connection: Rc<Connection>,
    patience: Patience,
}

// SAFETY: `repr(C)` with the base first, as the trait asks.
unsafe impl<'vtab> VTab<'vtab> for SearchTable {
    type Aux = Patience;
    type Cursor = SearchCursor<'vtab>;

    fn connect(
        connection: &mut VTabConnection,
        patience: Option<&Patience>,
        _: &[u8],
        _: &[u8],
        _: &[u8],
        _: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Self)> {
        let connection = shared(connection)?;
        Ok((
            Cow::Borrowed(COLUMNS),
            Self {
                base: ffi::sqlite3_vtab::default(),
                connection,
                patience: patience.cloned().unwrap_or_default(),
            },
        ))
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
            connection: Rc::clone(&self.connection),
            patience: self.patience.clone(),
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
    connection: Rc<Connection>,
    patience: Patience,
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
        let mut search =
            Search::begin(Rc::clone(&self.connection), self.patience.clone(), options)?;
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

/// The columns of `more_like`, the hidden one being its argument.
const ALIKE: &CStr = c"CREATE TABLE more_like (
    rank INTEGER, other_id INTEGER, score REAL, words TEXT, document_id INTEGER HIDDEN
)";

/// The place of the argument.
const DOCUMENT: c_int = 4;

/// The table-valued function `more_like`.
#[repr(C)]
struct AlikeTable {
    /// Must be first.
    base: ffi::sqlite3_vtab,
    /// As that of [`SearchTable`].
    connection: Rc<Connection>,
    patience: Patience,
}

// SAFETY: `repr(C)` with the base first, as the trait asks.
unsafe impl<'vtab> VTab<'vtab> for AlikeTable {
    type Aux = Patience;
    type Cursor = AlikeCursor<'vtab>;

    fn connect(
        connection: &mut VTabConnection,
        patience: Option<&Patience>,
        _: &[u8],
        _: &[u8],
        _: &[u8],
        _: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Self)> {
        let connection = shared(connection)?;
        Ok((
            Cow::Borrowed(ALIKE),
            Self {
                base: ffi::sqlite3_vtab::default(),
                connection,
                patience: patience.cloned().unwrap_or_default(),
            },
        ))
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        let is_equal = IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_EQ;
        let asked = info
            .constraints()
            .enumerate()
            .filter(|(_, one)| one.column() == DOCUMENT && one.operator() == is_equal)
            .map(|(at, one)| (at, one.is_usable()))
            .collect::<Vec<_>>();
        if asked.is_empty() {
            let text = "more_like needs a document: more_like(document_id)";
            return Err(Error::ModuleError(text.to_owned()));
        }
        let Some((at, _)) = asked.into_iter().find(|(_, usable)| *usable) else {
            return Ok(false);
        };
        let mut usage = info.constraint_usage(at);
        usage.set_argv_index(1);
        usage.set_omit(true);
        info.set_estimated_cost(1e8);
        info.set_estimated_rows(100);
        Ok(true)
    }

    fn open(&'vtab mut self) -> Result<AlikeCursor<'vtab>> {
        Ok(AlikeCursor {
            base: ffi::sqlite3_vtab_cursor::default(),
            connection: Rc::clone(&self.connection),
            patience: self.patience.clone(),
            document: 0,
            rows: Vec::new(),
            at: 0,
            table: PhantomData,
        })
    }
}

/// One run of `more_like`.
#[repr(C)]
struct AlikeCursor<'vtab> {
    /// Must be first.
    base: ffi::sqlite3_vtab_cursor,
    connection: Rc<Connection>,
    patience: Patience,
    document: i64,
    rows: Vec<Alike>,
    at: usize,
    table: PhantomData<&'vtab AlikeTable>,
}

// SAFETY: `repr(C)` with the base first, as the trait asks.
unsafe impl VTabCursor for AlikeCursor<'_> {
    fn filter(&mut self, _: c_int, _: Option<&str>, values: &Filters<'_>) -> Result<()> {
        // What is no id is like nothing.
        self.document = values.get::<Option<i64>>(0).ok().flatten().unwrap_or(0);
        self.rows = alike(&self.connection, &self.patience, self.document)?;
        self.at = 0;
        Ok(())
    }

    fn next(&mut self) -> Result<()> {
        self.at += 1;
        Ok(())
    }

    fn eof(&self) -> bool {
        self.at >= self.rows.len()
    }

    fn column(&self, context: &mut Context, column: c_int) -> Result<()> {
        let Some(row) = self.rows.get(self.at) else { return Ok(()) };
        match column {
            0 => context.set_result(self.rowid()?),
            1 => context.set_result(row.document),
            2 => context.set_result(row.score),
            3 => context.set_result(row.words.as_str()),
            _ => context.set_result(self.document),
        }
    }

    fn rowid(&self) -> Result<i64> {
        Ok(i64::try_from(self.at).unwrap_or(i64::MAX) + 1)
    }
}

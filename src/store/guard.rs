//! A connection that can only read: how it is opened, what it may be asked, how much it may use.
//!
//! No layer is trusted alone. READ_ONLY lets `VACUUM INTO` and `ATTACH` through, `query_only` lets
//! itself be switched off, `sqlite3_stmt_readonly` is true for `ATTACH`: each was tried. Together with
//! the authorizer they held against every statement of tests/main/guard_attacks.tsv.

use super::clock::Clock;
use super::waiting;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, Result};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What a query may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time inside SQLite; `None` is no limit.
    pub time: Option<Duration>,
    /// Bytes that SQLite may hold in this process, and the lists of a search besides; 0 is no limit. SQLite keeps the lowest that was
    /// ever set in a process.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { time: Some(Duration::from_secs(30)), memory: 1 << 30 }
    }
}

/// Bytes of the longest SQL text that is looked at.
pub(super) const LONGEST_SQL: usize = 1_000_000;

/// Bytes of the longest text, blob or row. It must exceed the largest stored row, or that row could
/// not be read: originals stand in `sqlar` in parts of up to 64 MiB.
const LONGEST_VALUE: i32 = 65 << 20;

const LIMITS: [(Limit, i32); 12] = [
    (Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, LONGEST_SQL as i32),
    (Limit::SQLITE_LIMIT_COLUMN, 500),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 50),
    (Limit::SQLITE_LIMIT_VDBE_OP, 250_000),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 100),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 1_000),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

const SWITCHES: [(DbConfig, bool); 9] = [
    (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
    (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
    (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
    (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
    (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
    (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
    (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
    (DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
    // Else every parameter that is set means that a kept statement is planned anew: a fifth of a search.
    (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
];

/// PRAGMAs that look something up by the name they are given.
const LOOK_UPS: [&str; 7] = [
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// FTS5 asks it before every MATCH: without it all of them fail with "authorization denied".
const FOR_FTS5: &str = "data_version";

/// PRAGMAs that tell a fact when they are given no value, and would set it when given one.
const FACTS: [&str; 13] = [
    "application_id",
    "auto_vacuum",
    "collation_list",
    "compile_options",
    "database_list",
    "encoding",
    "freelist_count",
    "function_list",
    "module_list",
    "page_count",
    "page_size",
    "schema_version",
    "user_version",
];

/// PRAGMAs that users know from other tools, for what `fonds check` does.
const CHECKS: [&str; 3] = ["foreign_key_check", "integrity_check", "quick_check"];

const ONLY_READS: &str = "a query only reads; documents are added with `fonds ingest`";

/// Functions that reach beyond the archive.
const REFUSED_FUNCTIONS: [&str; 2] = ["fts3_tokenizer", "load_extension"];

/// Why the authorizer refused a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Denial {
    /// A clause that begins with "it".
    pub(super) reason: String,
    /// The name in the SQL text that it is about; empty for the whole statement.
    pub(super) name: String,
    /// What to do instead.
    pub(super) hint: String,
}

impl Denial {
    /// A refusal of the whole statement.
    pub(super) fn whole(reason: &str, hint: &str) -> Self {
        Denial { reason: reason.to_owned(), name: String::new(), hint: hint.to_owned() }
    }

    /// For a statement that no more is known of.
    pub(super) fn unknown() -> Self {
        Denial::whole("it would do more than read", ONLY_READS)
    }
}

/// The last refusal of a connection's authorizer.
#[derive(Clone, Debug, Default)]
pub(super) struct Denials(Arc<Mutex<Option<Denial>>>);

impl Denials {
    pub(super) fn take(&self) -> Option<Denial> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn keep_first(&self, denial: Denial) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(denial);
    }
}

/// Opens the file for reading and sets everything but the authorizer and the deadline.
///
/// Never with `immutable=1`: while a log lies beside the archive it would silently show an old state.
pub(super) fn open(path: &Path, limits: &Limits) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // The bundled SQLite takes a name that begins with `file:` for a URI even without the flag.
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut connection = Connection::open_with_flags(path, flags)?;
    waiting::on(&mut connection)?;
    for (switch, on) in SWITCHES {
        connection.set_db_config(switch, on)?;
    }
    for (limit, most) in LIMITS {
        connection.set_limit(limit, most)?;
    }
    // The index of a common word is larger than the 2 MB that SQLite keeps by itself.
    // A sort that grows without bound must meet the memory limit, not fill the disk.
    connection.execute_batch(
        "PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;",
    )?;
    if limits.memory > 0 {
        let bytes = i64::try_from(limits.memory).unwrap_or(i64::MAX);
        connection.query_row(&format!("PRAGMA hard_heap_limit = {bytes}"), [], |_| Ok(()))?;
    }
    Ok(connection)
}

/// Lets empty tables stand for those that an archive of an earlier schema has not, so that the commands of
/// today can ask it. They are temporary: nothing is written.
pub(super) fn stand_in(connection: &Connection) -> Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'collection')";
    if connection.query_row(sql, [], |row| row.get(0))? {
        return Ok(());
    }
    connection.execute_batch(
        "PRAGMA query_only = OFF;
         CREATE TEMP TABLE collection (name TEXT, document_id INTEGER, added_at TEXT);
         PRAGMA query_only = ON;",
    )
}

/// Puts the authorizer and the deadline in place; after this nothing can be set any more.
pub(super) fn lock(connection: &mut Connection, clock: &Arc<Clock>) -> Result<Denials> {
    let denials = Denials::default();
    let record = denials.clone();
    connection.authorizer(Some(move |context: AuthContext<'_>| match judge(&context.action) {
        Ok(()) => Authorization::Allow,
        Err(denial) => {
            record.keep_first(denial);
            Authorization::Deny
        }
    }))?;
    let clock = Arc::clone(clock);
    connection
        .progress_handler(1000, Some(move || clock.is_overdue() || clock.is_interrupted()))?;
    Ok(denials)
}

/// Allows what is known to read only; everything else, known or not, is refused.
fn judge(action: &AuthAction<'_>) -> std::result::Result<(), Denial> {
    Err(match *action {
        AuthAction::Select | AuthAction::Recursive | AuthAction::Read { .. } => return Ok(()),
        AuthAction::Function { function_name: name } => {
            if !REFUSED_FUNCTIONS.iter().any(|refused| refused.eq_ignore_ascii_case(name)) {
                return Ok(());
            }
            let reason = format!("it would call {name}, which reaches beyond the archive");
            Denial { reason, name: name.to_owned(), hint: ONLY_READS.to_owned() }
        }
        AuthAction::Pragma { pragma_name: name, pragma_value } => {
            if is_harmless_pragma(name, pragma_value.is_some()) {
                return Ok(());
            }
            refuse_pragma(name)
        }
        AuthAction::Insert { table_name: "sqlite_temp_master" } => Denial::whole(
            "it would make a temporary table or view",
            "name the intermediate result with WITH name AS (SELECT …) SELECT …",
        ),
        AuthAction::Insert { table_name: "sqlite_master" }
        | AuthAction::Update { table_name: "sqlite_master", .. }
        | AuthAction::Delete { table_name: "sqlite_master" } => {
            Denial::whole("it would change the schema", ONLY_READS)
        }
        AuthAction::Insert { table_name: name }
        | AuthAction::Update { table_name: name, .. }
        | AuthAction::Delete { table_name: name } => {
            let reason = format!("it would change {name}");
            Denial { reason, name: name.to_owned(), hint: ONLY_READS.to_owned() }
        }
        AuthAction::Attach { .. } => Denial::whole(
            "it would open another file",
            "ask the other archive with its own `fonds query --archive FILE`",
        ),
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => Denial::whole(
            "it would hold the archive locked",
            "every query reads one unchanging state of the archive anyway",
        ),
        _ => Denial::unknown(),
    })
}

fn refuse_pragma(name: &str) -> Denial {
    let hint = match CHECKS.iter().any(|check| check.eq_ignore_ascii_case(name)) {
        true => "`fonds check` does that and more".to_owned(),
        false => format!(
            "allowed are {} and, without a value, {}",
            LOOK_UPS.join(", "),
            FACTS.join(", ")
        ),
    };
    let reason = format!("it uses PRAGMA {name}, which can do more than look up");
    Denial { reason, name: name.to_owned(), hint }
}

fn is_harmless_pragma(name: &str, has_value: bool) -> bool {
    let is_name = |known: &&str| known.eq_ignore_ascii_case(name);
    is_name(&FOR_FTS5) || LOOK_UPS.iter().any(is_name) || (!has_value && FACTS.iter().any(is_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_and_limit_takes_hold() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
        let connection = open(&path, &Limits::default()).unwrap();
        for (switch, on) in SWITCHES {
            assert_eq!(connection.db_config(switch).unwrap(), on, "{switch:?}");
        }
        for (limit, most) in LIMITS {
            assert_eq!(connection.limit(limit).unwrap(), most, "{limit:?}");
        }
        for (pragma, value) in [("query_only", 1), ("cell_size_check", 1), ("temp_store", 2)] {
            let found: i64 = connection.pragma_query_value(None, pragma, |row| row.get(0)).unwrap();
            assert_eq!(found, value, "{pragma}");
        }
        let cap: i64 =
            connection.pragma_query_value(None, "hard_heap_limit", |row| row.get(0)).unwrap();
        assert!(cap > 0 && cap <= 1 << 30);
    }

    #[test]
    fn actions_this_program_does_not_know_are_refused() {
        assert!(judge(&AuthAction::Unknown { code: 99, arg1: None, arg2: None }).is_err());
        assert!(judge(&AuthAction::CreateVtable { table_name: "t", module_name: "m" }).is_err());
        let with = |value| AuthAction::Pragma { pragma_name: "user_version", pragma_value: value };
        assert!(judge(&with(None)).is_ok());
        assert!(judge(&with(Some("2"))).is_err());
    }
}

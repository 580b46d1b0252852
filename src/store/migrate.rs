//! Brings an archive's schema up to date, one numbered SQL file after the other.
//!
//! A released migration is never edited: the file an archive was made with must stay readable from
//! this source for ever.

use super::batch;
use super::facts;
use super::header::APPLICATION_ID;
use super::saved_proof;
use anyhow::{Context, Result};
use rusqlite::{Connection, TransactionBehavior};

/// The migrations in order; the n-th (counted from 1) leads to schema version n.
const MIGRATIONS: [Migration; 17] = [
    Migration { sql: include_str!("../../migrations/0001-archive.sql"), then: nothing },
    Migration { sql: include_str!("../../migrations/0002-fixity.sql"), then: batch::adopt },
    Migration { sql: include_str!("../../migrations/0003-relations.sql"), then: nothing },
    Migration { sql: include_str!("../../migrations/0004-facts.sql"), then: facts::rebuild },
    Migration { sql: include_str!("../../migrations/0005-loss.sql"), then: nothing },
    Migration { sql: include_str!("../../migrations/0006-stories.sql"), then: nothing },
    Migration { sql: include_str!("../../migrations/0007-saved-searches.sql"), then: nothing },
    Migration { sql: include_str!("../../migrations/0008-encodings.sql"), then: nothing },
    Migration { sql: include_str!("../../migrations/0009-review.sql"), then: nothing },
    Migration { sql: include_str!("../../migrations/0010-former.sql"), then: nothing },
    Migration {
        sql: include_str!("../../migrations/0011-saved-proofs.sql"),
        then: saved_proof::adopt,
    },
    Migration { sql: include_str!("../../migrations/0012-unchanged.sql"), then: nothing },
    Migration { sql: include_str!("../../migrations/0013-concepts.sql"), then: nothing },
    Migration { sql: include_str!("../../migrations/0014-added.sql"), then: nothing },
    Migration { sql: include_str!("../../migrations/0015-boilerplate.sql"), then: nothing },
    Migration { sql: include_str!("../../migrations/0016-collections.sql"), then: nothing },
    Migration { sql: include_str!("../../migrations/0017-normal-form.sql"), then: nothing },
];

/// One step from a schema version to the next.
struct Migration {
    sql: &'static str,
    /// What SQL alone cannot do, in the same transaction.
    then: fn(&Connection) -> rusqlite::Result<()>,
}

/// The schema version this program writes.
pub const SCHEMA_VERSION: i32 = MIGRATIONS.len() as i32;

fn nothing(_: &Connection) -> rusqlite::Result<()> {
    Ok(())
}

/// All that the migrations come to, for a new archive: altering tables that other statements made a moment
/// before takes four times as long. A test compares the two, and writes the file anew where it is told to.
const NEWEST: &str = include_str!("../../migrations/newest.sql");

/// Makes the schema of a new archive, in one transaction.
pub(super) fn run_on_new(connection: &mut Connection) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(NEWEST)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Applies the migrations that the archive lacks, each in a transaction of its own: a process killed
/// in the middle leaves the version before.
pub(crate) fn run(connection: &mut Connection) -> Result<()> {
    run_up_to(connection, SCHEMA_VERSION)
}

/// The same, but no further than this version.
pub(super) fn run_up_to(connection: &mut Connection, last: i32) -> Result<()> {
    // Asked once more in each transaction: another process may be at it.
    if version(connection)? >= last {
        return Ok(());
    }
    for (version, migration) in (1..=last).zip(MIGRATIONS) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if self::version(&transaction)? >= version {
            continue;
        }
        transaction
            .execute_batch(migration.sql)
            .and_then(|()| (migration.then)(&transaction))
            .and_then(|()| transaction.pragma_update(None, "application_id", APPLICATION_ID))
            .and_then(|()| transaction.pragma_update(None, "user_version", version))
            .and_then(|()| transaction.commit())
            .with_context(|| format!("cannot bring the archive to schema {version}"))?;
    }
    Ok(())
}

fn version(connection: &Connection) -> rusqlite::Result<i32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

#[cfg(test)]
mod tests;

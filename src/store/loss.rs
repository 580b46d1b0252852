//! Every statement on `loss`: what repairs could not put back. Rows are only ever added, each with a
//! digest over itself and the row before.

use super::canonical::{Canonical, RowDigest};
use super::tally;
use crate::model::{Hurt, Part};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Result};

/// One thing that a repair found hurt and could not put back as it was.
#[derive(Clone, Debug)]
pub(super) struct Loss {
    /// The table it is about.
    pub(super) subject: &'static str,
    pub(super) subject_id: i64,
    pub(super) what: String,
    /// The digest of what is left, where there is one to compare with.
    pub(super) remains: Option<RowDigest>,
}

/// Adds a loss, told by this accession.
pub(super) fn record(connection: &Connection, accession_id: i64, loss: &Loss) -> Result<()> {
    let id = connection
        .prepare_cached(
            "INSERT INTO loss (accession_id, subject, subject_id, what, remains, digest)
             VALUES (?1, ?2, ?3, ?4, ?5, zeroblob(32))",
        )?
        .insert((accession_id, loss.subject, loss.subject_id, &loss.what, loss.remains))?;
    tally::seal(connection, "loss", id, digest(connection, id)?)
}

/// The digest of what the last repair found left of a row that no longer matches its own.
pub(super) fn remains(
    connection: &Connection,
    subject: &str,
    subject_id: i64,
) -> Result<Option<RowDigest>> {
    let found = connection
        .prepare_cached(
            "SELECT remains FROM loss WHERE subject = ?1 AND subject_id = ?2 AND remains IS NOT NULL
             ORDER BY id DESC LIMIT 1",
        )
        .and_then(|mut select| {
            select.query_row((subject, subject_id), |row| row.get(0)).optional()
        });
    if_there(found)
}

/// Whether a repair has told of this row.
pub(super) fn is_told(connection: &Connection, subject: &str, subject_id: i64) -> Result<bool> {
    let told = connection
        .prepare_cached("SELECT 1 FROM loss WHERE subject = ?1 AND subject_id = ?2 LIMIT 1")
        .and_then(|mut select| select.exists((subject, subject_id)));
    Ok(if_there(told.map(Some))?.unwrap_or(false))
}

/// How many passages stand nowhere because a repair could not tell where they stood.
pub(super) fn unplaced(connection: &Connection) -> Result<i64> {
    let sql = "SELECT count(DISTINCT subject_id) FROM loss
         JOIN passage_text ON passage_text.id = subject_id
         WHERE subject = 'passage' AND subject_id NOT IN (SELECT passage_id FROM placement)";
    Ok(if_there(connection.query_row(sql, [], |row| row.get(0)).map(Some))?.unwrap_or(0))
}

/// Archives of older schemas have no losses.
fn if_there<T>(found: Result<Option<T>>) -> Result<Option<T>> {
    match found {
        Err(error)
            if error.sqlite_error_code() == Some(ErrorCode::Unknown)
                && error.to_string().contains("no such table: loss") =>
        {
            Ok(None)
        }
        other => other,
    }
}

fn digest(connection: &Connection, id: i64) -> Result<RowDigest> {
    let queries = [
        "SELECT digest FROM loss WHERE id < ?1 ORDER BY id DESC LIMIT 1",
        "SELECT id, accession_id, subject, subject_id, what, remains FROM loss WHERE id = ?1",
    ];
    Canonical::of(connection, "loss", &queries, id)
}

/// Losses that are not what they were, by id, with the digest that they have now.
pub(super) fn changed(connection: &Connection) -> Result<Vec<(i64, RowDigest)>> {
    changed_in(connection, "loss", digest)
}

/// The rows of a table of chained digests that no longer match theirs, nor what the last repair found
/// left of them: by id, with the digest that they have now.
pub(super) fn changed_in(
    connection: &Connection,
    table: &str,
    digest: fn(&Connection, i64) -> Result<RowDigest>,
) -> Result<Vec<(i64, RowDigest)>> {
    let mut select = connection.prepare(&format!("SELECT id, digest FROM {table} ORDER BY id"))?;
    let mut rows = select.query([])?;
    let mut changed = Vec::new();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        let now = digest(connection, id)?;
        let is_stated = row.get::<_, RowDigest>(1)? == now;
        if !is_stated && remains(connection, table, id)? != Some(now) {
            changed.push((id, now));
        }
    }
    Ok(changed)
}

/// Recomputes every digest.
pub(super) fn verify(connection: &Connection) -> Result<Vec<Hurt>> {
    let hurt = |(id, _)| Hurt::general(Part::Chain, format!("loss {id} has changed"));
    Ok(changed(connection)?.into_iter().map(hurt).collect())
}

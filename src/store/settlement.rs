//! Every statement on `settlement`: digests over clusters and comparisons, so that damage to them shows.

use super::canonical::{Canonical, RowDigest};
use crate::model::{Hurt, Part};
use rusqlite::{Connection, Result};

/// The row that stands for all documents.
const ALL: i64 = 1;

/// For which documents it was worked out what they are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The last of those for which it was worked out among all.
    pub all: i64,
    /// The last of those that were compared with what was there: as many as `all` or more.
    pub added: i64,
}

/// Which documents a row stands for: those after the first id, up to the last.
type Range = (i64, i64);

/// Writes that what stands there now was worked out among all documents.
pub(super) fn write_all(connection: &Connection, now: &str) -> Result<()> {
    connection.prepare_cached("DELETE FROM settlement")?.execute([])?;
    write(connection, ALL, (0, last_document(connection)?), now)
}

/// Writes that the documents after the last row were compared with those that were there.
pub(super) fn write_added(connection: &Connection, now: &str) -> Result<()> {
    let (row, last) = connection.query_row(
        "SELECT id, last_document FROM settlement ORDER BY id DESC LIMIT 1",
        [],
        |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)),
    )?;
    write(connection, row + 1, (last, last_document(connection)?), now)
}

/// The document that came last; 0 where there is none.
pub(super) fn last_document(connection: &Connection) -> Result<i64> {
    connection.query_row("SELECT coalesce(max(id), 0) FROM document", [], |row| row.get(0))
}

fn write(connection: &Connection, row: i64, range: Range, now: &str) -> Result<()> {
    let tool = concat!("fonds ", env!("CARGO_PKG_VERSION"));
    connection
        .prepare_cached(
            "INSERT INTO settlement (id, last_document, settled_at, tool, digest)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((row, range.1, now, tool, digest(connection, range, now, tool)?))
        .map(|_| ())
}

/// The digest of a row: its documents' clusters and sketches, and what they were compared with.
fn digest(connection: &Connection, range: Range, at: &str, tool: &str) -> Result<RowDigest> {
    let mut canonical = Canonical::new("settlement");
    canonical.value(at.into());
    canonical.value(tool.into());
    for (name, sql) in [
        ("cluster", "SELECT id, cluster_id FROM document WHERE id > ?1 AND id <= ?2 ORDER BY id"),
        (
            "signature",
            "SELECT * FROM signature WHERE document_id > ?1 AND document_id <= ?2
             ORDER BY document_id",
        ),
        (
            "comparison",
            "SELECT * FROM comparison WHERE left_id > ?1 AND left_id <= ?2 AND right_id <= ?2
             UNION ALL
             SELECT * FROM comparison WHERE right_id > ?1 AND right_id <= ?2 AND left_id <= ?1
             ORDER BY left_id, right_id",
        ),
    ] {
        canonical.group(name);
        canonical.rows(&mut *connection.prepare_cached(sql)?, range)?;
    }
    // Settlements before schema 15, and those that found nothing, have no such group.
    if range.0 == 0 && has_recurring(connection)? {
        canonical.group("recurring");
        let sql = "SELECT passage_id, stories FROM recurring ORDER BY passage_id";
        canonical.rows(&mut *connection.prepare_cached(sql)?, [])?;
    }
    Ok(canonical.finish())
}

fn has_recurring(connection: &Connection) -> Result<bool> {
    let is_there = super::proof::has_table(connection, "recurring")?;
    Ok(is_there && connection.prepare_cached("SELECT 1 FROM recurring LIMIT 1")?.exists([])?)
}

/// How far clusters and comparisons were worked out; `None` where they never were.
pub(super) fn extent(connection: &Connection) -> Result<Option<Extent>> {
    let mut select = connection.prepare_cached(
        "SELECT (SELECT last_document FROM settlement WHERE id = ?1), max(last_document)
         FROM settlement",
    )?;
    select.query_row([ALL], |row| {
        let (all, added): (Option<i64>, Option<i64>) = (row.get(0)?, row.get(1)?);
        Ok(all.zip(added).map(|(all, added)| Extent { all, added }))
    })
}

/// Whether clusters and comparisons were worked out for all documents: a run that was killed may
/// have left some of which nothing was.
pub(super) fn is_there(connection: &Connection) -> Result<bool> {
    let added = extent(connection)?.map_or(0, |extent| extent.added);
    Ok(added >= last_document(connection)?)
}

/// Whether clusters and comparisons are there and are what was worked out.
pub(super) fn is_settled(connection: &Connection) -> Result<bool> {
    Ok(is_there(connection)? && verify(connection)?.is_empty())
}

/// Compares clusters and comparisons with their digests.
pub(super) fn verify(connection: &Connection) -> Result<Vec<Hurt>> {
    let what = "stories or comparisons are not those that were worked out; `fonds settle` works them \
                out again";
    Ok(match is_intact(connection)? {
        true => Vec::new(),
        false => vec![Hurt::general(Part::Cluster, what.to_owned())],
    })
}

fn is_intact(connection: &Connection) -> Result<bool> {
    let mut select = connection.prepare(
        "SELECT id, last_document, settled_at, tool, digest FROM settlement ORDER BY id",
    )?;
    let mut rows = select.query([])?;
    let mut before = (0, 0);
    while let Some(row) = rows.next()? {
        let (id, last): (i64, i64) = (row.get(0)?, row.get(1)?);
        let (at, tool): (String, String) = (row.get(2)?, row.get(3)?);
        let kept: RowDigest = row.get(4)?;
        let is_next = id == before.0 + 1 && last >= before.1;
        if !is_next || digest(connection, (before.1, last), &at, &tool)? != kept {
            return Ok(false);
        }
        before = (id, last);
    }
    Ok(true)
}

/// Takes back that anything was worked out. What was measured among all documents stays, for it may still
/// hold; what was measured of those added since does not, for fewer stood around them.
pub(super) fn take_back(connection: &Connection) -> Result<()> {
    if let Some(Extent { all, .. }) = extent(connection)? {
        forget_added(connection, all)?;
    }
    connection.prepare_cached("DELETE FROM settlement")?.execute([]).map(|_| ())
}

/// Removes what was measured of the documents after this one.
pub(super) fn forget_added(connection: &Connection, all: i64) -> Result<()> {
    for sql in
        ["DELETE FROM comparison WHERE left_id > ?1", "DELETE FROM comparison WHERE right_id > ?1"]
    {
        connection.prepare_cached(sql)?.execute([all])?;
    }
    Ok(())
}

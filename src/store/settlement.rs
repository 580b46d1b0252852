//! Every statement on `settlement`: a digest over clusters and comparisons, so that damage to them shows.

use super::canonical::{Canonical, RowDigest};
use crate::model::{Hurt, Part};
use rusqlite::{Connection, OptionalExtension, Result};

/// Writes the digest of what stands there now.
pub(super) fn write(connection: &Connection, now: &str) -> Result<()> {
    let last: i64 =
        connection.query_row("SELECT coalesce(max(id), 0) FROM document", [], |row| row.get(0))?;
    let tool = concat!("fonds ", env!("CARGO_PKG_VERSION"));
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO settlement (id, last_document, settled_at, tool, digest)
             VALUES (1, ?1, ?2, ?3, ?4)",
        )?
        .execute((last, now, tool, digest(connection, last, now, tool)?))
        .map(|_| ())
}

fn digest(connection: &Connection, last: i64, at: &str, tool: &str) -> Result<RowDigest> {
    let mut canonical = Canonical::new("settlement");
    canonical.value(at.into());
    canonical.value(tool.into());
    for (name, sql) in [
        ("cluster", "SELECT id, cluster_id FROM document WHERE id <= ?1 ORDER BY id"),
        ("signature", "SELECT * FROM signature WHERE document_id <= ?1 ORDER BY document_id"),
        (
            "comparison",
            "SELECT * FROM comparison WHERE left_id <= ?1 AND right_id <= ?1
             ORDER BY left_id, right_id",
        ),
    ] {
        canonical.group(name);
        canonical.rows(&mut *connection.prepare_cached(sql)?, [last])?;
    }
    Ok(canonical.finish())
}

/// Whether clusters and comparisons were worked out for all documents: a run that was killed may
/// have left some of which nothing was.
pub(super) fn is_there(connection: &Connection) -> Result<bool> {
    let sql = "SELECT coalesce((SELECT last_document FROM settlement), 0)
         >= (SELECT coalesce(max(id), 0) FROM document)";
    connection.query_row(sql, [], |row| row.get(0))
}

/// Whether clusters and comparisons are there and are what was worked out.
pub(super) fn is_settled(connection: &Connection) -> Result<bool> {
    Ok(is_there(connection)? && verify(connection)?.is_empty())
}

/// Compares clusters and comparisons with their digest.
pub(super) fn verify(connection: &Connection) -> Result<Vec<Hurt>> {
    let row = connection
        .query_row("SELECT last_document, settled_at, tool, digest FROM settlement", [], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((last, at, tool, kept)) = row else { return Ok(Vec::new()) };
    let kept: RowDigest = kept;
    if digest(connection, last, &at, &tool)? == kept {
        return Ok(Vec::new());
    }
    let what = "stories or comparisons are not those that were worked out; the next ingest of a new \
                document works them out again";
    Ok(vec![Hurt::general(Part::Cluster, what.to_owned())])
}

//! Every statement on `former_paragraph`, `former_text` and `successor`: addresses of earlier readings,
//! and what became of them.
//!
//! Successors always lead to today's reading, however many lie between, so one join is the whole way.

use crate::compare::{By, succession};
use crate::fingerprint;
use crate::model::Digest;
use rusqlite::{Connection, Result};
use std::collections::{BTreeSet, HashMap};

/// Which paragraph of its document an address means: the digest of its passage, and which of those.
type Key = ([u8; 32], i64);

/// A paragraph as it is placed, or was before its document was read again.
pub(super) struct Placed {
    pub(super) passage: i64,
    key: Key,
    position: i64,
    kind: String,
    pub(super) text: String,
    pub(super) context: String,
}

/// The paragraphs of a document as they are placed now.
pub(super) fn placed(connection: &Connection, document: i64) -> Result<Vec<Placed>> {
    connection
        .prepare_cached(
            "SELECT passage_id, digest, occurrence, position, kind, text, context
             FROM placement JOIN passage_text ON passage_text.id = passage_id
             WHERE document_id = ?1 ORDER BY position",
        )?
        .query_map([document], |row| {
            Ok(Placed {
                passage: row.get(0)?,
                key: (row.get(1)?, row.get(2)?),
                position: row.get(3)?,
                kind: row.get(4)?,
                text: row.get(5)?,
                context: row.get(6)?,
            })
        })?
        .collect()
}

/// Whether both are the same paragraphs of the same kinds, in the same order.
pub(super) fn is_same(old: &[Placed], new: &[Placed]) -> bool {
    let alike = |(old, new): (&Placed, &Placed)| old.key == new.key && old.kind == new.kind;
    old.len() == new.len() && old.iter().zip(new).all(alike)
}

/// Records what became of the paragraphs of a document: of those of the reading before, and of earlier
/// ones. Returns how many addresses of the reading before are gone.
pub(super) fn record(
    connection: &Connection,
    document: i64,
    extraction_before: Option<i64>,
    old: &[Placed],
    new: &[Placed],
) -> Result<usize> {
    let steps = succession(&texts(old), &texts(new));
    let here: BTreeSet<&Key> = new.iter().map(|place| &place.key).collect();
    let way: HashMap<i64, Vec<(i64, By)>> = old
        .iter()
        .zip(steps)
        .map(|(place, steps)| {
            let step = |(to, by): (usize, By)| new.get(to).map(|place| (place.position, by));
            (place.position, steps.into_iter().filter_map(step).collect())
        })
        .collect();
    lead_on(connection, document, &here, &way)?;
    let Some(extraction) = extraction_before else { return Ok(0) };
    let mut gone = 0;
    for place in old.iter().filter(|place| !here.contains(&place.key)) {
        remember(connection, document, extraction, place)?;
        let steps = way.get(&place.position).map(Vec::as_slice).unwrap_or_default();
        lead(connection, document, &place.key, steps)?;
        gone += 1;
    }
    Ok(gone)
}

fn texts(placed: &[Placed]) -> Vec<&str> {
    placed.iter().map(|place| place.text.as_str()).collect()
}

/// Leads addresses of earlier readings on to the new one; those that it has again are former no more.
fn lead_on(
    connection: &Connection,
    document: i64,
    here: &BTreeSet<&Key>,
    way: &HashMap<i64, Vec<(i64, By)>>,
) -> Result<()> {
    let mut select = connection.prepare_cached(
        "SELECT former_paragraph.digest, former_paragraph.occurrence, successor.position,
             method = 'place'
         FROM former_paragraph LEFT JOIN successor USING (document_id, digest, occurrence)
         WHERE document_id = ?1",
    )?;
    let mut ways: HashMap<Key, Vec<(i64, By)>> = HashMap::new();
    let mut rows = select.query([document])?;
    while let Some(row) = rows.next()? {
        let steps = ways.entry((row.get(0)?, row.get(1)?)).or_default();
        let Some(position) = row.get::<_, Option<i64>>(2)? else { continue };
        let is_by_place: bool = row.get(3)?;
        for (to, by) in way.get(&position).map(Vec::as_slice).unwrap_or_default() {
            // A way is as sure as its weakest step.
            steps.push((*to, if is_by_place { By::Place } else { *by }));
        }
    }
    connection
        .prepare_cached("DELETE FROM successor WHERE document_id = ?1")?
        .execute([document])?;
    for (key, steps) in ways {
        if here.contains(&key) {
            forget(connection, document, &key)?;
        } else {
            lead(connection, document, &key, &steps)?;
        }
    }
    Ok(())
}

fn lead(connection: &Connection, document: i64, key: &Key, steps: &[(i64, By)]) -> Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO successor (document_id, digest, occurrence, position, method)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET method = max(method, excluded.method)",
    )?;
    for (position, by) in steps {
        // Of two ways to one paragraph the surer is kept, whose word is the later in the alphabet.
        insert.execute((document, key.0, key.1, position, by.as_str()))?;
    }
    Ok(())
}

fn remember(connection: &Connection, document: i64, extraction: i64, place: &Placed) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO former_text (digest, text, context) VALUES (?1, ?2, ?3)",
        )?
        .execute((place.key.0, &place.text, &place.context))?;
    connection
        .prepare_cached(
            "INSERT INTO former_paragraph
                 (document_id, digest, occurrence, extraction_id, position, kind)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((document, place.key.0, place.key.1, extraction, place.position, &place.kind))
        .map(|_| ())
}

fn forget(connection: &Connection, document: i64, key: &Key) -> Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM former_paragraph
             WHERE document_id = ?1 AND digest = ?2 AND occurrence = ?3",
        )?
        .execute((document, key.0, key.1))?;
    connection
        .prepare_cached(
            "DELETE FROM former_text WHERE digest = ?1
                 AND NOT EXISTS (SELECT 1 FROM former_paragraph WHERE digest = ?1)",
        )?
        .execute([key.0])
        .map(|_| ())
}

/// The addresses of a document whose text of before is lost or is not what its digest was made from.
pub(super) fn damaged(connection: &Connection, document: i64) -> Result<Vec<Key>> {
    // Archives of earlier schemas are checked as they are.
    let schema: i32 =
        connection.prepare_cached("PRAGMA user_version")?.query_row([], |row| row.get(0))?;
    if schema < 9 {
        return Ok(Vec::new());
    }
    let mut select = connection.prepare_cached(
        "SELECT former_paragraph.digest, occurrence, text, context
         FROM former_paragraph LEFT JOIN former_text USING (digest) WHERE document_id = ?1",
    )?;
    let mut rows = select.query([document])?;
    let mut damaged = Vec::new();
    while let Some(row) = rows.next()? {
        let key: Key = (row.get(0)?, row.get(1)?);
        let text = |column| row.get_ref(column).ok().and_then(|value| value.as_str().ok());
        let is_sound = match (text(2), text(3)) {
            (Some(text), Some(context)) => {
                fingerprint::passage_digest(text, context) == Digest::from_bytes(key.0)
            }
            _ => false,
        };
        if !is_sound {
            damaged.push(key);
        }
    }
    Ok(damaged)
}

/// Removes addresses whose text of before is lost; returns how many they were.
pub(super) fn drop_damaged(connection: &Connection, document: i64) -> Result<usize> {
    let damaged = damaged(connection, document)?;
    for (digest, occurrence) in &damaged {
        connection
            .prepare_cached(
                "DELETE FROM successor WHERE document_id = ?1 AND digest = ?2 AND occurrence = ?3",
            )?
            .execute((document, digest, occurrence))?;
        forget(connection, document, &(*digest, *occurrence))?;
        connection
            .prepare_cached("DELETE FROM former_text WHERE digest = ?1")?
            .execute([digest])?;
    }
    Ok(damaged.len())
}

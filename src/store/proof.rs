//! Every statement on `proof` and on `sighting.proof`: digests of what is stated about a document.
//!
//! Proofs are made from the rows as they are read back, by the same functions that `check` uses, so
//! what is written and what is checked cannot drift apart. Nothing here repairs or judges.

use super::canonical::{Canonical, RowDigest};
use rusqlite::{Connection, OptionalExtension, Result};

const RECORD: &str =
    "SELECT id, digest, label, title, creator, date, language, media_type, bytes, characters,
         paragraphs, text_digest, normal_digest, extraction_id, accession_id
     FROM document WHERE id = ?1";
const EXTRACTION: &str =
    "SELECT id, document_id, reader, version, encoding, encoding_method, replaced, notes
     FROM extraction WHERE document_id = ?1 ORDER BY id";
/// What schema 8 added, in a group of its own that stands only where there is such a row: so a document
/// read before has the digest it always had.
const ENCODING: &str = "SELECT id, document_id, confidence, declared_encoding
     FROM extraction
     WHERE document_id = ?1 AND (confidence IS NOT NULL OR declared_encoding IS NOT NULL)
     ORDER BY id";
/// What schema 10 added: likewise only where there is such a row.
const FORMER: &str =
    "SELECT document_id, digest, occurrence, extraction_id, position, kind FROM former_paragraph
     WHERE document_id = ?1 ORDER BY digest, occurrence";
const SUCCESSOR: &str = "SELECT document_id, digest, occurrence, position, method FROM successor
     WHERE document_id = ?1 ORDER BY digest, occurrence, position";
const METADATA: &str = "SELECT document_id, name, ordinal, value, method, evidence
     FROM metadata WHERE document_id = ?1 ORDER BY name, ordinal";
const PLACEMENT: &str =
    "SELECT document_id, position, passage_id, occurrence, kind, depth, section, start, end, page,
         language, boilerplate
     FROM placement WHERE document_id = ?1 ORDER BY position";
const ORIGINAL: &str = "SELECT name, mode, mtime, sz, data
     FROM sqlar WHERE name BETWEEN ?1 AND ?1 || '/' ORDER BY name";
const SIGHTING: &str =
    "SELECT id, document_id, accession_id, location, raw_location, container, modified_at,
         first_seen_at, last_seen_at
     FROM sighting_row WHERE id = ?1";
/// The same before schema 12, where the table had another name.
const SIGHTING_BEFORE: &str =
    "SELECT id, document_id, accession_id, location, raw_location, container, modified_at,
         first_seen_at, last_seen_at
     FROM sighting WHERE id = ?1";

/// What the archive states about one document, as digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Proof {
    pub(super) record: RowDigest,
    pub(super) reading: RowDigest,
    pub(super) placement: RowDigest,
    pub(super) original: RowDigest,
}

/// Digests the rows of a document as they stand.
pub(super) fn of_document(connection: &Connection, id: i64) -> Result<Proof> {
    Ok(Proof {
        record: record(connection, id)?,
        reading: reading(connection, id)?,
        placement: placement(connection, id)?,
        original: original(connection, id)?,
    })
}

pub(super) fn record(connection: &Connection, id: i64) -> Result<RowDigest> {
    Canonical::of(connection, "document", &[RECORD], id)
}

pub(super) fn reading(connection: &Connection, id: i64) -> Result<RowDigest> {
    let mut canonical = Canonical::new("extraction");
    canonical.rows(&mut *connection.prepare_cached(EXTRACTION)?, [id])?;
    canonical.group("metadata");
    canonical.rows(&mut *connection.prepare_cached(METADATA)?, [id])?;
    // Archives of earlier schemas are checked as they are.
    let schema: i32 =
        connection.prepare_cached("PRAGMA user_version")?.query_row([], |row| row.get(0))?;
    for (since, name, sql) in
        [(8, "encoding", ENCODING), (9, "former", FORMER), (9, "successor", SUCCESSOR)]
    {
        if schema < since {
            continue;
        }
        let mut select = connection.prepare_cached(sql)?;
        if select.exists([id])? {
            canonical.group(name);
            canonical.rows(&mut select, [id])?;
        }
    }
    Ok(canonical.finish())
}

pub(super) fn placement(connection: &Connection, id: i64) -> Result<RowDigest> {
    Canonical::of(connection, "placement", &[PLACEMENT], id)
}

/// Digests the original as it is kept, by the digest that the document's record has.
pub(super) fn original(connection: &Connection, id: i64) -> Result<RowDigest> {
    let digest: Option<String> = connection
        .prepare_cached("SELECT digest FROM document WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let mut canonical = Canonical::new("sqlar");
    canonical.rows(&mut *connection.prepare_cached(ORIGINAL)?, [digest])?;
    Ok(canonical.finish())
}

/// Writes the proof of a document as part of a batch.
pub(super) fn write(connection: &Connection, batch_id: i64, id: i64) -> Result<()> {
    let proof = of_document(connection, id)?;
    connection
        .prepare_cached(
            "INSERT INTO proof (document_id, batch_id, record, reading, placement, original)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((id, batch_id, proof.record, proof.reading, proof.placement, proof.original))
        .map(|_| ())
}

/// The proof that holds for a document; `None` where there is none.
pub(super) fn latest(connection: &Connection, id: i64) -> Result<Option<Proof>> {
    connection
        .prepare_cached(
            "SELECT record, reading, placement, original FROM proof
             WHERE document_id = ?1 ORDER BY batch_id DESC LIMIT 1",
        )?
        .query_row([id], |row| {
            Ok(Proof {
                record: row.get(0)?,
                reading: row.get(1)?,
                placement: row.get(2)?,
                original: row.get(3)?,
            })
        })
        .optional()
}

/// The proof that the row of a sighting should have: 16 bytes.
pub(super) fn of_sighting(connection: &Connection, id: i64) -> Result<Vec<u8>> {
    let sql = if has_table(connection, "sighting_row")? { SIGHTING } else { SIGHTING_BEFORE };
    let digest = Canonical::of(connection, "sighting", &[sql], id)?;
    Ok(digest.iter().take(16).copied().collect())
}

/// Writes the proof of a sighting into its row.
pub(super) fn prove_sighting(connection: &Connection, id: i64) -> Result<()> {
    let proof = of_sighting(connection, id)?;
    let sql = if has_table(connection, "sighting_row")? {
        "UPDATE sighting_row SET proof = ?2 WHERE id = ?1"
    } else {
        "UPDATE sighting SET proof = ?2 WHERE id = ?1"
    };
    connection.prepare_cached(sql)?.execute((id, proof)).map(|_| ())
}

/// Whether the archive's schema has a table; archives of earlier schemas are checked as they are.
pub(super) fn has_table(connection: &Connection, name: &str) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?1 AND type = 'table')",
        )?
        .query_row([name], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::super::migrate;
    use super::*;
    use rusqlite::Connection;

    /// Columns that no proof covers, and what covers them instead.
    const ELSEWHERE: [&str; 2] = ["document.cluster_id", "sighting_row.proof"];

    #[test]
    fn every_column_of_a_proved_table_is_in_its_proof() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate::run(&mut connection).unwrap();
        for (table, queries) in [
            ("document", &[RECORD] as &[&str]),
            ("extraction", &[EXTRACTION, ENCODING]),
            ("metadata", &[METADATA]),
            ("former_paragraph", &[FORMER]),
            ("successor", &[SUCCESSOR]),
            ("placement", &[PLACEMENT]),
            ("sqlar", &[ORIGINAL]),
            ("sighting_row", &[SIGHTING]),
        ] {
            let proved: Vec<_> =
                queries.iter().map(|sql| connection.prepare(sql).unwrap()).collect();
            let proved: Vec<&str> = proved.iter().flat_map(|query| query.column_names()).collect();
            let all = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
            for column in all.column_names() {
                assert!(
                    proved.contains(&column) || ELSEWHERE.contains(&&*format!("{table}.{column}")),
                    "{table}.{column} is in no proof"
                );
            }
        }
    }

    #[test]
    fn a_reading_proved_before_schema_8_keeps_its_digest_until_its_encoding_is_changed() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate::run_up_to(&mut connection, 7).unwrap();
        connection
            .execute_batch(
                "PRAGMA foreign_keys = OFF;
                 INSERT INTO extraction (id, document_id, reader, version, encoding, encoding_method)
                 VALUES (1, 1, 'plain', 1, 'KOI8-R', 'guessed')",
            )
            .unwrap();
        let before = reading(&connection, 1).unwrap();
        migrate::run(&mut connection).unwrap();
        assert_eq!(reading(&connection, 1).unwrap(), before);
        connection.execute("UPDATE extraction SET confidence = 99", []).unwrap();
        let sure = reading(&connection, 1).unwrap();
        connection.execute("UPDATE extraction SET declared_encoding = 'x'", []).unwrap();
        let declared = reading(&connection, 1).unwrap();
        assert!(sure != before && declared != sure && declared != before);
    }
}

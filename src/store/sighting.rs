//! Every statement on `sighting_row`: where documents were seen.

use crate::model::Place;
use rusqlite::{Connection, OptionalExtension, Result, named_params};

/// The row of a sighting and whether this is the first time.
pub(super) struct Seen {
    pub(super) id: i64,
    pub(super) is_new: bool,
}

/// Records that the document was seen at the place: a new row, or a later `last_seen_at`.
pub(super) fn see(
    connection: &Connection,
    place: &Place,
    document_id: i64,
    accession_id: i64,
    now: &str,
) -> Result<Seen> {
    let known = connection
        .prepare_cached(
            "UPDATE sighting_row SET last_seen_at = :now
             WHERE location = :location AND document_id = :document_id
             RETURNING id",
        )?
        .query_row(
            named_params! {
                ":now": now,
                ":location": place.location,
                ":document_id": document_id,
            },
            |row| row.get(0),
        )
        .optional()?;
    if let Some(id) = known {
        return Ok(Seen { id, is_new: false });
    }
    let id = connection
        .prepare_cached(
            "INSERT INTO sighting_row (document_id, accession_id, location, raw_location, container,
                 modified_at, first_seen_at, last_seen_at)
             VALUES (:document_id, :accession_id, :location, :raw_location, :container,
                 :modified_at, :now, :now)",
        )?
        .insert(named_params! {
            ":document_id": document_id,
            ":accession_id": accession_id,
            ":location": place.location,
            ":raw_location": place.raw,
            ":container": place.container,
            ":modified_at": place.modified_at,
            ":now": now,
        })?;
    Ok(Seen { id, is_new: true })
}

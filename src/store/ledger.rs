//! Every statement on `ledger_row`: each path offered, and what became of it.

use super::accession::Accession;
use crate::model::Outcome;
use rusqlite::{Connection, Result};

/// Records one path; the location is kept here only where no sighting has it.
pub(super) fn record(
    connection: &Connection,
    accession: &mut Accession,
    outcome: Outcome,
    reason: Option<&str>,
    sighting_id: Option<i64>,
    location: &str,
) -> Result<()> {
    let location = sighting_id.is_none().then_some(location);
    connection
        .prepare_cached(
            "INSERT INTO ledger_row
                 (accession_id, ordinal, outcome, reason, sighting_id, location)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            accession.id,
            accession.next_ordinal,
            outcome.as_str(),
            reason,
            sighting_id,
            location,
        ))?;
    accession.next_ordinal += 1;
    Ok(())
}

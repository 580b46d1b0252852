//! Rows that say they are another document's than the one among whose rows they stand.
//!
//! A look-up by document passes them by, and so they are in no digest; whoever reads the whole table
//! meets them.

use super::{Inspector, or_hurt};
use crate::model::{Hurt, Part, Share};
use rusqlite::Result;

/// Tables that are kept in the order of their documents, each with a column that no index has: asked for
/// it too, SQLite reads the table and not an index, which has another order.
const IN_ORDER: [(&str, &str, Part); 2] =
    [("placement", "start", Part::Placement), ("metadata", "evidence", Part::Reading)];

impl Inspector {
    /// Names the documents on both sides of each break in the order.
    pub(super) fn check_order(&self, share: Share) -> Vec<Hurt> {
        let hurts =
            |(table, column, part)| or_hurt(part, self.out_of_order(table, column, part, share));
        IN_ORDER.into_iter().flat_map(hurts).collect()
    }

    fn out_of_order(
        &self,
        table: &str,
        column: &str,
        part: Part,
        share: Share,
    ) -> Result<Vec<Hurt>> {
        let sql = format!("SELECT document_id, {column} FROM {table} NOT INDEXED");
        let mut select = self.connection.prepare(&sql)?;
        let mut rows = select.query([])?;
        let (mut last, mut ids) = (i64::MIN, Vec::new());
        while let Some(row) = rows.next()? {
            let Ok(id) = row.get_ref(0)?.as_i64() else { continue };
            if id < last {
                ids.extend([last, id]);
            }
            last = id;
        }
        ids.sort_unstable();
        ids.dedup();
        let what = format!("a row of {table} stands among those of another document");
        let ids = ids.into_iter().filter(|id| share.has(*id));
        Ok(ids.map(|id| Hurt::of(id, part, what.clone())).collect())
    }
}

//! Collections in a repair: taken over as they are, without documents that are lost, and told where they
//! are not what they were.

use super::Repairer;
use super::settle::Telling;
use crate::store::collection;
use crate::store::loss::Loss;
use anyhow::Result;

impl Repairer {
    /// Tells of collections that are not what they were; what is left of them is kept.
    pub(super) fn settle_collections(&self, telling: &mut Telling) -> Result<()> {
        for what in collection::changed(&self.connection)? {
            let loss = Loss { subject: "collection", subject_id: 0, what, remains: None };
            telling.tell_other(loss);
        }
        Ok(collection::note(&self.connection)?)
    }
}

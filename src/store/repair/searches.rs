//! Saved searches in a repair: taken over as they are, and told where they are not what they were.

use super::Repairer;
use super::settle::Telling;
use crate::store::loss::Loss;
use crate::store::saved_proof;
use anyhow::Result;

impl Repairer {
    /// Tells of saved searches that are not what they were; what is left of them is kept.
    pub(super) fn settle_searches(&self, telling: &mut Telling) -> Result<()> {
        if !saved_proof::is_unproved(&self.connection)? {
            for what in saved_proof::changed(&self.connection)? {
                let loss = Loss { subject: "saved_search", subject_id: 0, what, remains: None };
                telling.tell_other(loss);
            }
        }
        Ok(saved_proof::adopt(&self.connection)?)
    }
}

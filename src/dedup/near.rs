//! When two texts are near enough to be of one story, or to be asked again.

use crate::store::Comparison;

/// Least known share of the representative's or the member's words that may differ, least words in common,
/// and least share of the one or the other that is common.
const KIN: (f64, f64, f64) = (0.8, 8.0, 0.3);

/// Whether two texts tell one story or may, which being weighed again does not change.
pub(super) fn is_near(comparison: &Comparison) -> bool {
    comparison.kind.is_one_story() || is_kin(comparison)
}

/// Whether a document that tells one story with a member has at least something of its own in common with
/// the representative. It bounds how far two documents of one story can be from each other.
pub(super) fn is_kin(comparison: &Comparison) -> bool {
    let (most, words, share) = KIN;
    comparison.left_differs.min(comparison.right_differs) <= most
        && comparison.evidence >= words
        && comparison.left_share.max(comparison.right_share) >= share
}

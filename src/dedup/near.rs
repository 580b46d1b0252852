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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::RelationKind;

    /// Two texts of which half is common, and nothing else known.
    pub(in crate::dedup) fn comparison() -> Comparison {
        Comparison {
            left: 1,
            right: 2,
            kind: RelationKind::Version,
            rule: String::new(),
            resemblance: 0.3,
            left_share: 0.5,
            right_share: 0.5,
            left_differs: 0.5,
            right_differs: 0.5,
            noise: 0.0,
            opening: 0.0,
            evidence: 10.0,
            doubt: 0.0,
            basis: 0,
            again: None,
        }
    }

    #[test]
    fn kin_have_something_of_their_own_in_common() {
        assert!(is_kin(&comparison()));
        assert!(!is_kin(&Comparison { evidence: 7.0, ..comparison() }));
        assert!(!is_kin(&Comparison { left_share: 0.2, right_share: 0.2, ..comparison() }));
        let kind = RelationKind::Template;
        assert!(is_near(&Comparison { kind, ..comparison() }));
        assert!(!is_near(&Comparison { kind, evidence: 7.0, ..comparison() }));
    }
}

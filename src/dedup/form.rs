//! Two texts that pass for one form only because their own copies have made common what they share.
//!
//! Words are weighed by how many groups around have them, and before stories are known each altered copy of a
//! text is a group of its own. So what passes for one form and has much in common is weighed again once stories
//! are known, and is taken for what it then is if that made much of a difference. If not, it is a form: what
//! joined its neighbours to one story may have been the form itself.

use super::near::is_kin;
use crate::model::RelationKind;
use crate::store::Comparison;

/// They are no form where they weigh so many times as much.
const MORE: f64 = 1.5;
/// The bit of [`Comparison::again`] that tells of a pair that it passed for a form at first.
const FORM: i64 = 1;

/// Whether two texts pass for one form, but have much in common.
pub(super) fn is_form(comparison: &Comparison) -> bool {
    comparison.kind == RelationKind::Template && is_kin(comparison)
}

/// What stands for the stories that a pair is weighed by again.
pub(super) const fn mark(again: i64, was_form: bool) -> i64 {
    if was_form { again | FORM } else { again & !FORM }
}

/// Whether the pair passed for a form at first: then what was kept of it is one of two measures that are needed.
pub(super) fn was_form(comparison: &Comparison) -> bool {
    comparison.again.is_some_and(|again| again & FORM != 0)
}

/// What is to be told of a pair that was found to be this, and something else at first.
pub(super) fn told(first: Option<&Comparison>, found: Comparison) -> Comparison {
    match first.filter(|_| was_form(&found)) {
        Some(form) if found.evidence < MORE * form.evidence => {
            Comparison { again: found.again, ..form.clone() }
        }
        _ => found,
    }
}

#[cfg(test)]
mod tests {
    use super::super::near::tests::comparison;
    use super::*;
    use crate::model::RelationKind::{Template, Version};

    #[test]
    fn a_form_that_weighs_much_more_once_stories_are_known_was_none() {
        let form = Comparison { kind: Template, evidence: 100.0, ..comparison() };
        assert!(is_form(&form));
        for (evidence, kind) in [(149.0, Template), (150.0, Version)] {
            let found = Comparison { evidence, again: Some(mark(6, true)), ..comparison() };
            let told = told(Some(&form), found);
            assert_eq!((told.kind, told.again), (kind, Some(7)), "{evidence}");
        }
    }

    #[test]
    fn what_passed_for_no_form_at_first_is_what_it_is_found_to_be() {
        let first = Comparison { evidence: 100.0, ..comparison() };
        let found = Comparison { again: Some(mark(7, false)), ..comparison() };
        assert!(!was_form(&found));
        assert_eq!(told(Some(&first), found.clone()), found);
        let only = Comparison { again: Some(mark(6, true)), ..comparison() };
        assert_eq!(told(None, only.clone()), only);
    }
}

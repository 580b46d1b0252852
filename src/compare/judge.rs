//! From numbers to a verdict: what one text is to the other, and the rule that says so.
//!
//! One set of rules for every kind of material. Its numbers were chosen on labelled sets; see
//! docs/decisions/0004-relations.md for how and with what result.

use super::measure::Measure;
use crate::model::RelationKind::{self, Contains, Excerpt, NearCopy, Template, Unrelated, Version};

/// Stands for the measures and rules. It is another number whenever one of them changes, so that what was
/// judged by others is judged again.
pub const RECIPE: u64 = 4;

/// The rules for one story by which most of both texts may differ. They hold only where neither text has
/// versions that are far closer.
pub const LOOSE: [&str; 2] = [BEGIN_ALIKE, VERY_LONG];
const BEGIN_ALIKE: &str = "they begin alike and share many words";
const VERY_LONG: &str = "very long passages in common outweigh what differs";

/// The rule for one story that comes last, for texts that no other rule takes for one.
pub const LAST: &str = "few known words differ";

/// What two texts are to each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The kind of relation.
    pub kind: RelationKind,
    /// The rule that gave it, in words.
    pub rule: &'static str,
    /// How near it is to its opposite as far as the two tell one story (0 to 1): 0.95 where a twentieth
    /// more or less of what differs and of what is shared would turn it, 0 where half would not.
    pub doubt: f64,
}

/// By how much what was measured is changed to see whether the verdict would be its opposite.
const CHANGES: [f64; 5] = [0.05, 0.1, 0.2, 0.3, 0.5];

/// Judges two texts by their measure: the first rule that holds.
pub fn judge(measure: &Measure) -> Verdict {
    if let Some((kind, rule)) = filled_in(measure) {
        return Verdict { kind, rule, doubt: 0.0 };
    }
    let common = Common::of(measure);
    let story = common.one_story();
    let (kind, rule) = story.unwrap_or_else(|| other(measure));
    let turns = |change: &&f64| {
        let changed = [1.0 - **change, 1.0 + **change].map(|factor| common.differing(factor));
        changed.iter().any(|common| common.one_story().is_some() != story.is_some())
    };
    let doubt = CHANGES.iter().find(turns).map_or(0.0, |change| 1.0 - change);
    Verdict { kind, rule, doubt }
}

/// The rule for one form filled in twice. A single number may be misread, so it tells only where nothing
/// else is.
fn filled_in(measure: &Measure) -> Option<(RelationKind, &'static str)> {
    let (left, right) = (&measure.left, &measure.right);
    let is_clean = match left.figures.min(right.figures) {
        0 => false,
        1 => measure.noise() <= 0.0,
        _ => measure.noise() <= 0.02,
    };
    let frame = left.share().min(right.share()) >= 0.7;
    (is_clean && frame && left.has_other_figures() && right.has_other_figures())
        .then_some((Template, "one form with other numbers"))
}

/// What the rules for one story look at.
#[derive(Clone, Copy, Debug)]
struct Common {
    /// The smaller and the larger share, by weight, that the other lacks although it is known elsewhere:
    /// where the smaller is next to nothing, one text stands in the other.
    less: f64,
    more: f64,
    noise: f64,
    evidence: f64,
    /// The smaller share of words that the other has too.
    share: f64,
    opening: f64,
    pieces: usize,
}

impl Common {
    fn of(measure: &Measure) -> Self {
        let (left, right) = (&measure.left, &measure.right);
        Self {
            less: left.known_share().min(right.known_share()),
            more: left.known_share().max(right.known_share()),
            noise: measure.noise(),
            evidence: measure.evidence(),
            share: left.share().min(right.share()),
            opening: measure.opening(),
            pieces: measure.shared.len(),
        }
    }

    /// The same if they differed in so many times as much, and had so many times less in common.
    fn differing(self, factor: f64) -> Self {
        Self {
            less: self.less * factor,
            more: self.more * factor,
            noise: self.noise * factor,
            evidence: self.evidence / factor,
            ..self
        }
    }

    /// The rules by which two texts tell one story.
    fn one_story(self) -> Option<(RelationKind, &'static str)> {
        let Self { less, more, noise, evidence, share, opening, pieces } = self;
        // Half of what two texts lack of each other may be misread words before the other half is too much.
        let is_noisy = noise >= 0.05 && noise >= less / 2.0;
        if more <= 0.07 {
            let kind = if noise > more { NearCopy } else { Version };
            return Some((kind, "hardly a known word differs"));
        }
        // A part that is not what the other begins with is more likely contained in it than a version of it.
        if less <= 0.03 && more <= if opening <= 0.5 { 0.8 } else { 0.57 } {
            return Some((Version, "one has all that the other has"));
        }
        if is_noisy && less <= 0.35 && more <= 0.6 {
            return Some((NearCopy, "what differs is mostly noise"));
        }
        if evidence >= 150.0 && noise >= 0.02 && less <= 0.5 && more <= 0.6 {
            return Some((NearCopy, "long passages in common, under noise"));
        }
        // Few and long pieces in a text that begins otherwise are a compilation's.
        let is_edited = noise > 0.02 || opening < 0.9 || pieces >= 8;
        // What begins otherwise needs more to be the same page: manuals have chapters in common.
        let begins_alike = noise > 0.02 || opening <= 0.2;
        let is_enough = evidence >= if begins_alike { 300.0 } else { 1100.0 };
        if is_edited && is_enough && less <= 0.4 && more <= 0.6 {
            return Some((Version, "long passages in common outweigh what differs"));
        }
        let is_long = evidence >= 2500.0 && less <= 0.7 || evidence >= 1000.0 && less <= 0.45;
        if is_edited && is_long && more <= 0.9 {
            return Some((Version, VERY_LONG));
        }
        if opening <= 0.02 && less <= 0.7 && share >= 0.3 {
            return Some((Version, BEGIN_ALIKE));
        }
        if less <= 0.08 && more <= 0.1 {
            return Some((Version, LAST));
        }
        None
    }
}

/// What texts are that do not tell one story.
fn other(measure: &Measure) -> (RelationKind, &'static str) {
    let less = measure.left.known_share().min(measure.right.known_share());
    let evidence = measure.evidence();
    let shared = measure.left.shared.midpoint(measure.right.shared);
    let share = measure.left.share().min(measure.right.share());
    // What both mostly consist of is a form where several have it, and anything is where many have it.
    if evidence < 0.2 * shared || evidence < 0.4 * shared && share >= 0.7 {
        return (Template, "most of what they share several others have too");
    }
    if less <= 0.1 && evidence >= 8.0 {
        return (Contains, "the larger has nearly all of the smaller");
    }
    if evidence >= 4.0 && measure.left.quoted.min(measure.right.quoted) >= 8 {
        return (Excerpt, "they share passages that few others have");
    }
    if measure.containment() >= 0.3 {
        return (Template, "what they share many others have too");
    }
    // A source and who put it in other words, or two reports of one event: unlike chance, a seventh of the
    // words of both stands in one order. Routine reports of one form may come here too.
    if evidence >= 20.0 && share >= 0.14 {
        return (Excerpt, "many words that few others have stand in one order in both");
    }
    (Unrelated, "they share nothing that tells them from others")
}

#[cfg(test)]
mod tests {
    use super::super::measure::Side;
    use super::*;

    /// Sides of 1,000 words that weigh 1, with the shares that are known, unknown and shared.
    fn measure(left: [f64; 3], right: [f64; 3]) -> Measure {
        let side = |[known, unknown, shared]: [f64; 3]| Side {
            words: 1000,
            shared: shared * 1000.0,
            weight: 1000.0,
            shared_weight: shared * 1000.0,
            quoted: (shared * 1000.0) as usize,
            known: known * 1000.0,
            unknown: unknown * 1000.0,
            opening: 0.5,
            ..Side::default()
        };
        Measure { left: side(left), right: side(right), ..Measure::default() }
    }

    #[test]
    fn the_kind_follows_from_what_differs_and_not_from_how_much() {
        for (left, right, kind) in [
            ([0.0, 0.0, 1.0], [0.0, 0.0, 1.0], Version),
            ([0.02, 0.0, 0.98], [0.06, 0.0, 0.94], Version),
            // A fifth of all words are misread.
            ([0.05, 0.2, 0.75], [0.1, 0.1, 0.8], NearCopy),
            // The same amount in words that are known from elsewhere.
            ([0.8, 0.0, 0.2], [0.75, 0.0, 0.2], Excerpt),
            ([0.9, 0.0, 0.1], [0.0, 0.0, 1.0], Contains),
        ] {
            assert_eq!(judge(&measure(left, right)).kind, kind, "{left:?} {right:?}");
        }
    }

    #[test]
    fn doubt_grows_towards_the_bound_of_a_rule_from_either_side() {
        let doubts = [0.02, 0.06, 0.068, 0.079, 0.085, 0.9].map(|known| {
            let mut measure = measure([known, 0.0, 1.0 - known], [known, 0.0, 1.0 - known]);
            (measure.left.shared_weight, measure.right.shared_weight) = (50.0, 50.0);
            let verdict = judge(&measure);
            (verdict.kind == Version, verdict.doubt)
        });
        let (story, other) = (true, false);
        assert_eq!(
            doubts,
            [(story, 0.0), (story, 0.5), (story, 0.8), (story, 0.95), (other, 0.9), (other, 0.0)]
        );
    }

    #[test]
    fn one_form_filled_in_twice_is_a_template_and_one_misread_number_is_not() {
        let mut form = measure([0.02, 0.0, 0.95], [0.02, 0.0, 0.95]);
        for side in [&mut form.left, &mut form.right] {
            side.figures = 1;
            side.numbers = vec!["12".to_owned()];
            side.lacking = vec![(3, 1.0), (4, 1.0), (9, 1.0)];
        }
        assert_eq!(judge(&form).rule, "one form with other numbers");
        form.left.unknown = 1.0;
        assert_eq!(judge(&form).kind, Version);
        (form.left.figures, form.right.figures) = (2, 2);
        assert_eq!(judge(&form).kind, Version);
    }

    #[test]
    fn what_several_others_share_too_is_a_template_and_nothing_is_unrelated() {
        let mut form = measure([0.5, 0.0, 0.5], [0.5, 0.0, 0.5]);
        (form.left.shared_weight, form.right.shared_weight) = (90.0, 90.0);
        assert_eq!(judge(&form).kind, Template);
        // What a few others quote too is a quotation, unless it is most of both texts.
        (form.left.shared_weight, form.right.shared_weight) = (250.0, 250.0);
        assert_eq!(judge(&form).kind, Excerpt);
        let mut form = measure([0.2, 0.0, 0.8], [0.2, 0.0, 0.8]);
        (form.left.shared_weight, form.right.shared_weight) = (200.0, 200.0);
        assert_eq!(judge(&form).kind, Template);
        assert_eq!(judge(&measure([1.0, 0.0, 0.0], [1.0, 0.0, 0.0])).kind, Unrelated);
    }

    #[test]
    fn a_seventh_of_both_in_one_order_is_an_excerpt_without_any_passage() {
        let kind = |share: f64| {
            let mut measure = measure([1.0 - share, 0.0, share], [0.8, 0.0, 0.2]);
            (measure.left.quoted, measure.right.quoted) = (0, 0);
            judge(&measure).kind
        };
        assert_eq!((kind(0.15), kind(0.13)), (Excerpt, Unrelated));
    }

    #[test]
    fn long_passages_make_a_version_of_what_begins_alike_sooner_than_of_what_does_not() {
        let kind = |opening: f64| {
            let mut measure = measure([0.3, 0.0, 0.7], [0.3, 0.0, 0.7]);
            (measure.left.opening, measure.right.opening) = (opening, opening);
            judge(&measure).kind
        };
        assert_eq!((kind(0.1), kind(0.5)), (Version, Excerpt));
    }
}

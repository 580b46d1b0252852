//! What scores are made of.

use super::*;
use crate::store::clock::Clock;
use std::sync::Arc;
use std::time::Duration;

/// Where a clause stands: passages with places.
fn list(all: &[(u32, &[u32])]) -> Rc<Postings> {
    let mut list = Postings::default();
    all.iter().for_each(|(passage, places)| list.push(*passage, places.iter().copied()));
    Rc::new(list)
}

fn stress(weights: &[f64]) -> Vec<Stress> {
    weights.iter().map(|&weight| Stress { weight, slack: 1.0 }).collect()
}

fn counted(lists: &[Rc<Postings>], roles: Vec<Role>, pairs: &[bool], size: (u64, u64)) -> Tally {
    Tally::of(lists, roles, pairs, size, &Patience::default()).unwrap()
}

const ALONE: Above = Above { title: None, title_words: 0, heading: None };
const WANTED: [Role; 2] = [Role::Wanted; 2];

#[test]
fn a_score_is_bm25() {
    let lists = [list(&[(7, &[3, 8])]), list(&[(8, &[1, 5, 9])])];
    let tally = counted(&lists, WANTED.to_vec(), &[true], (4, 40));
    let scale = tally.scale(&stress(&[1.0, 2.0]), 1);
    let rarity = (1.0_f64 + 3.5 / 1.5).ln().powf(RARITY);
    assert_eq!(scale.telling[..2], [rarity, 2.0 * rarity]);
    assert_eq!(tally.score(&scale, 0, 10, &ALONE), rarity * 2.0 * 2.0 / (2.0 + 1.0));
    assert_eq!(
        tally.score(&scale, 1, 20, &ALONE),
        2.0 * rarity * 3.0 * 2.0 / (3.0 + (1.0 - B + B * 2.0))
    );
}

#[test]
fn a_word_of_the_title_counts_in_the_passage_and_lengthens_it() {
    let lists = [list(&[(1, &[0])]), list(&[(2, &[4])])];
    let tally = counted(&lists, WANTED.to_vec(), &[false], (4, 40));
    let scale = tally.scale(&stress(&[1.0, 1.0]), 2);
    let rarity = (1.0_f64 + 3.5 / 1.5).ln().powf(RARITY);
    let above = Above { title: tally.row_of(1), title_words: 2, heading: None };
    let k = 1.0 - B + B * 1.6;
    assert_eq!(
        tally.score(&scale, 1, 10, &above),
        rarity * 1.0 * 2.0 / (1.0 + k) + rarity * 3.0 * 2.0 / (3.0 + k)
    );
    let whole = 1.0 - B + B * 0.5;
    let both = WHOLE * 2.0 * (rarity * 2.0 / (1.0 + whole));
    assert_eq!(tally.whole(&scale, 0..2, None, 10), both);
    assert_eq!(tally.whole(&scale, 0..1, Some(1), 10), both);
}

#[test]
fn neighbours_of_the_query_that_stand_together_add_to_the_score() {
    let lists =
        [list(&[(1, &[5]), (2, &[1]), (3, &[1])]), list(&[(1, &[1]), (2, &[2]), (3, &[9])])];
    let tally = counted(&lists, WANTED.to_vec(), &[true], (9, 90));
    assert_eq!(tally.found_in, [3, 3, 1, 0]);
    let scale = tally.scale(&stress(&[1.0, 1.0]), 1);
    let score = |row| tally.score(&scale, row, 10, &ALONE);
    assert!(score(1) > score(0) && score(0) == score(2));
}

#[test]
fn passages_without_a_required_or_with_an_excluded_clause_are_no_hits_but_count() {
    let lists =
        [list(&[(1, &[1]), (2, &[1])]), list(&[(2, &[2])]), list(&[(2, &[3]), (9999, &[1])])];
    let roles = vec![Role::Required, Role::Excluded, Role::Wanted];
    let tally = counted(&lists, roles, &[true, true], (3, 30));
    let rows: Vec<_> = (0..tally.len()).filter_map(|row| tally.row_at(row)).collect();
    assert_eq!(rows, [(1, true), (2, false), (9999, false)]);
    assert_eq!(&tally.found_in[..3], &[2, 1, 2][..]);
}

#[test]
fn where_all_clauses_are_required_only_what_has_all_is_counted_though_each_is_as_rare_as_it_is() {
    let lists = [list(&[(1, &[1]), (5, &[1]), (600, &[1])]), list(&[(2, &[2]), (5, &[2])])];
    let tally = counted(&lists, vec![Role::Required; 2], &[true], (9, 30));
    let rows: Vec<_> = (0..tally.len()).filter_map(|row| tally.row_at(row)).collect();
    assert_eq!(rows, [(5, true)]);
    assert_eq!(tally.found_in, [3, 2, 1, 0]);
}

#[test]
fn a_word_in_every_passage_never_counts_against_one() {
    let tally = counted(&[list(&[(1, &[1])])], vec![Role::Wanted], &[], (1, 0));
    assert!(tally.scale(&stress(&[1.0]), 1).telling[0] > 0.0);
}

#[test]
fn a_row_is_found_from_whatever_row_it_is_looked_for() {
    let all: Vec<(u32, &[u32])> = (1..60).map(|n| (n * 7 % 61 + n * 61, &[1][..])).collect();
    let tally = counted(&[list(&all)], vec![Role::Wanted], &[], (60, 60));
    for passage in 0..4000 {
        let row = tally.row_of(passage);
        let near: Vec<_> = (0..=tally.len()).map(|at| tally.row_near(passage, at)).collect();
        assert_eq!(near, vec![row; tally.len() + 1], "{passage}");
    }
}

#[test]
fn nothing_is_joined_when_time_is_up() {
    let clock = Arc::new(Clock::new(Some(Duration::ZERO)));
    clock.start();
    let lists = [list(&[(1, &[1])])];
    let patience = Patience::new(&clock, 0);
    assert!(Tally::of(&lists, vec![Role::Wanted], &[], (1, 1), &patience).is_err());
}

//! Looks up what a typed query is made of, every word standing for the forms of it that the archive
//! holds.
//!
//! It reads the index and nothing else. What must and must not be there is decided in `rank`.

use super::index::{Index, Postings, Sought};
use super::rank::Stress;
use crate::text::spacing::is_cjk;
use crate::text::stems::{common_start, inflects, narrow, plain_e, stem, widen};
use crate::text::typed::{Clause, Phrase, Role, Spelled, Typed, Unit, is_particle};
use crate::text::variants;
use rusqlite::Result;
use std::rc::Rc;

/// The most words of the vocabulary that are looked at for the forms of one word: enough for any but
/// the shortest stems, and a bound on the time they take.
const SCANNED: usize = 4000;

/// The most forms that stand for one word, the most frequent ones first.
const FORMS: usize = 24;

/// The most phrases of a query; beyond them words stand only for themselves.
const PHRASES: usize = 512;

/// The words of a phrase that are looked up with `ё`.
const LONGEST_WITH_YO: usize = 8;

/// What a pair of characters that seldom is a word counts.
const SELDOM: f64 = 0.5;

/// Particles of one syllable, or the last syllable of longer ones, that Korean words end in.
const KOREAN_PARTICLES: [char; 13] =
    ['은', '는', '이', '가', '을', '를', '의', '에', '도', '로', '와', '과', '서'];

/// How slowly more of the same CJK characters tells more.
const CJK_SLACK: f64 = 0.6;

/// A query as [`Tally`](super::rank::Tally) takes it.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// For each clause, where it stands: all forms of a word as one.
    pub(super) found: Vec<Rc<Postings>>,
    /// For each clause, what it does to a hit.
    pub(super) roles: Vec<Role>,
    /// For each clause, how it counts.
    pub(super) stress: Vec<Stress>,
    /// For each clause, whether it tells more if it stands together with the next one. Two pairs of
    /// CJK characters that overlap do not: what they share was counted already.
    pub(super) pairs: Vec<bool>,
}

/// Plans the search for a typed query and looks up what it is made of.
///
/// # Errors
/// When the index cannot be read.
pub(super) fn plan(index: &mut Index, typed: &Typed) -> Result<Plan> {
    let mut plan = Plan::default();
    let mut room = PHRASES;
    for clause in &typed.clauses {
        plan.roles.push(clause.role);
        plan.stress.push(stress(clause));
        let mut any = Vec::new();
        for unit in &clause.any {
            add_unit(index, unit, &mut room, &mut any)?;
        }
        plan.found.push(index.any_of(&any)?);
    }
    let single = |clause: &Clause| {
        clause.any.iter().flat_map(|unit| &unit.phrases).all(|phrase| phrase.words.len() == 1)
    };
    let pairs = typed.clauses.windows(2).map(|pair| pair.iter().any(single));
    plan.pairs = pairs.collect();
    Ok(plan)
}

/// How a clause counts. Two characters of Japanese text where kanji or katakana meet hiragana, of
/// Chinese with one that is mostly a particle, or of Korean that end in one, are seldom a word; and any two CJK characters that are
/// said over and over tell less than a word that is.
fn stress(clause: &Clause) -> Stress {
    let weight = f64::from(clause.weight);
    let words =
        || clause.any.iter().flat_map(|unit| &unit.phrases).flat_map(|phrase| &phrase.words);
    let single = |word: &String| {
        let mut letters = word.chars();
        letters.next().filter(|&c| is_cjk(c) && letters.next().is_none())
    };
    if !words().all(|word| single(word).is_some()) {
        return Stress { weight, slack: 1.0 };
    }
    let pair = clause.role == Role::Wanted && words().count() == 2;
    let ends =
        || words().filter_map(single).next_back().is_some_and(|c| KOREAN_PARTICLES.contains(&c));
    let seldom = pair && (words().filter_map(single).any(is_particle) || ends());
    Stress { weight: if seldom { weight * SELDOM } else { weight }, slack: CJK_SLACK }
}

/// Looks up the unit in every spelling; `room` is how many phrases there may still be.
fn add_unit(
    index: &mut Index,
    unit: &Unit,
    room: &mut usize,
    any: &mut Vec<Rc<Postings>>,
) -> Result<()> {
    let mut ways: Vec<Vec<Sought>> = vec![Vec::new()];
    for phrase in &unit.phrases {
        let spellings = spellings(index, phrase, *room / unit.phrases.len().max(1))?;
        // Every form beside every form, as `NEAR` takes phrases and no alternatives.
        let pairs = ways.iter().flat_map(|way| {
            spellings
                .iter()
                .map(move |spelling| [way.as_slice(), std::slice::from_ref(spelling)].concat())
        });
        ways = pairs.take(FORMS).collect();
    }
    for way in ways {
        *room = room.saturating_sub(way.len());
        any.push(match way.as_slice() {
            [phrase] => index.phrase(phrase)?,
            phrases => index.near(phrases, unit.within)?,
        });
    }
    Ok(())
}

/// The phrase as it was typed, then its other spellings in the archive.
fn spellings(index: &mut Index, phrase: &Phrase, room: usize) -> Result<Vec<Sought>> {
    let asked = phrase.words.get(..Typed::LONGEST).unwrap_or(&phrase.words);
    let sought = |words: &Vec<String>| Sought { text: words.join(" "), prefix: phrase.prefix };
    if phrase.spelled != Spelled::Anyhow {
        return Ok(vec![sought(&asked.to_vec())]);
    }
    let mut all = vec![asked.to_vec()];
    let mut add = |words: Vec<String>| {
        if !all.contains(&words) {
            all.push(words);
        }
    };
    let plain: Vec<String> = asked.iter().map(|word| narrow(word).into_owned()).collect();
    add(plain.clone());
    if let [word] = plain.as_slice()
        && phrase.inflected
    {
        forms(index, word)?.into_iter().for_each(|form| add(vec![form]));
    }
    let wide: Vec<String> = plain.iter().map(|word| widen(word)).collect();
    let changed = wide.iter().zip(&plain).find(|(wide, plain)| wide != plain);
    if let Some((first, _)) = changed
        && (phrase.prefix || stands(index, first)?)
    {
        add(wide);
    }
    if asked.len() == phrase.words.len() {
        variants::spellings(&plain).into_iter().for_each(&mut add);
        if !phrase.inflected {
            for spelling in with_yo(index, &plain)? {
                add(spelling);
            }
        }
    }
    Ok(all.iter().map(sought).take(room.max(1)).collect())
}

/// The phrase with one of its words as the archive spells it with `ё`.
fn with_yo(index: &mut Index, words: &[String]) -> Result<Vec<Vec<String>>> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate().take(LONGEST_WITH_YO) {
        for (place, _) in word.match_indices('е') {
            let (before, after) = word.split_at_checked(place).unwrap_or((word, ""));
            let spelled = format!("{before}ё{}", after.strip_prefix('е').unwrap_or_default());
            if stands(index, &spelled)? {
                let mut words = words.to_vec();
                words.iter_mut().skip(at).take(1).for_each(|word| word.clone_from(&spelled));
                found.push(words);
            }
        }
    }
    Ok(found)
}

/// The words of the archive that share the word's stem, the most frequent first.
fn forms(index: &mut Index, word: &str) -> Result<Vec<String>> {
    let stem_of_word = stem(word);
    let mut forms: Vec<(usize, String)> = Vec::new();
    for start in starts(word, &stem_of_word) {
        let same = |term: &str| stem(term) == stem_of_word;
        let found = index.starting(&start, SCANNED, &same)?;
        forms.extend(found.into_iter().map(|(form, list)| (list.len(), form)));
    }
    forms.sort_unstable_by(|one, next| next.0.cmp(&one.0).then_with(|| one.1.cmp(&next.1)));
    forms.truncate(FORMS);
    Ok(forms.into_iter().map(|(_, form)| form).collect())
}

/// What a form of the word may start with. A Russian reader types е for ё and the other way round, so
/// each stands for the other.
fn starts(word: &str, stem: &str) -> Vec<String> {
    let plain = plain_e(word);
    let start = common_start(&plain, stem);
    if !inflects(word) || start.chars().count() < 2 {
        return Vec::new();
    }
    let mut starts = vec![start.to_owned()];
    for (at, _) in start.match_indices('е') {
        let (before, after) = start.split_at_checked(at).unwrap_or((start, ""));
        starts.push(format!("{before}ё{}", after.strip_prefix('е').unwrap_or_default()));
    }
    starts
}

fn stands(index: &mut Index, word: &str) -> Result<bool> {
    Ok(!index.word(word)?.is_empty())
}

//! Turns a typed query into an expression of FTS5, every word standing for the forms of it that the
//! archive holds.
//!
//! It reads the vocabulary and nothing else. The expression is one `OR` over everything asked for, so
//! that one scan tells every document frequency; what must and must not be there is decided on the rows.
//! Only where every word must be there, and the vocabulary has told how frequent each is, it is an `AND`.

use super::rank::Stress;
use crate::text::spacing::is_cjk;
use crate::text::stems::{common_start, inflects, narrow, plain_e, stem, widen};
use crate::text::typed::{Clause, Phrase, Role, Spelled, Typed, Unit};
use crate::text::variants;
use rusqlite::{Connection, Result};

/// The most words of the vocabulary that are looked at for the forms of one word: enough for any but
/// the shortest stems, and a bound on the time they take.
const SCANNED: i64 = 4000;

/// The most forms that stand for one word, the most frequent ones first.
const FORMS: usize = 24;

/// The most phrases of an expression; beyond them words stand only for themselves.
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

/// A query as FTS5 and [`Tally`](super::rank::Tally) take it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Plan {
    /// The match expression.
    pub(super) expression: String,
    /// For each phrase of the expression, the clause it stands for.
    pub(super) clause_of: Vec<u16>,
    /// For each clause, what it does to a hit.
    pub(super) roles: Vec<Role>,
    /// For each clause, how it counts.
    pub(super) stress: Vec<Stress>,
    /// For each clause, whether it tells more if it stands together with the next one. Two pairs of
    /// CJK characters that overlap do not: what they share was counted already.
    pub(super) pairs: Vec<bool>,
    /// Where the expression finds only what has every clause: in how many passages each clause stands.
    pub(super) found_in: Option<Vec<u32>>,
}

/// Plans the search for a typed query.
///
/// # Errors
/// When the vocabulary cannot be read.
pub(super) fn plan(connection: &Connection, typed: &Typed) -> Result<Plan> {
    let mut plan = Plan::default();
    let mut groups: Vec<String> = Vec::new();
    let mut all = Some(Vec::new());
    for (at, clause) in typed.clauses.iter().enumerate() {
        plan.roles.push(clause.role);
        plan.stress.push(stress(clause));
        let number = u16::try_from(at).unwrap_or(u16::MAX);
        let begun = groups.len();
        for unit in &clause.any {
            let found_in = plan.add_unit(connection, number, unit, &mut groups)?;
            all = all.zip(found_in).map(|(mut all, found_in)| {
                all.resize(at + 1, 0);
                all.iter_mut()
                    .skip(at)
                    .for_each(|all: &mut u32| *all = all.saturating_add(found_in));
                all
            });
        }
        // A clause without a phrase is left out of the expression: nothing may have it.
        let group = groups.split_off(begun).join(" OR ");
        all = all.filter(|_| clause.role == Role::Required && !group.is_empty());
        groups.push(group);
    }
    plan.found_in = all.filter(|all| all.len() > 1);
    plan.expression = if plan.found_in.is_some() {
        format!("({})", groups.join(") AND ("))
    } else {
        groups.retain(|group| !group.is_empty());
        groups.join(" OR ")
    };
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
    let particle =
        |c: char| matches!(c, '\u{3041}'..='\u{309f}' | '的' | '了' | '是' | '在' | '和');
    let pair = clause.role == Role::Wanted && words().count() == 2;
    let ends =
        || words().filter_map(single).next_back().is_some_and(|c| KOREAN_PARTICLES.contains(&c));
    let seldom = pair && (words().filter_map(single).any(particle) || ends());
    Stress { weight: if seldom { weight * SELDOM } else { weight }, slack: CJK_SLACK }
}

impl Plan {
    /// Adds the unit's phrases to the groups; tells how many passages have it, where the vocabulary did.
    fn add_unit(
        &mut self,
        connection: &Connection,
        clause: u16,
        unit: &Unit,
        groups: &mut Vec<String>,
    ) -> Result<Option<u32>> {
        let mut found_in = None;
        let mut ways: Vec<Vec<String>> = vec![Vec::new()];
        for phrase in &unit.phrases {
            let room = PHRASES.saturating_sub(self.clause_of.len()) / unit.phrases.len().max(1);
            let spellings;
            (spellings, found_in) = self::spellings(connection, phrase, room)?;
            // Every form beside every form: NEAR of FTS5 takes phrases, no alternatives.
            let pairs = ways.iter().flat_map(|way| {
                spellings
                    .iter()
                    .map(move |spelling| [way.as_slice(), std::slice::from_ref(spelling)].concat())
            });
            ways = pairs.take(FORMS).collect();
        }
        for way in ways {
            self.clause_of.extend(way.iter().map(|_| clause));
            groups.push(match way.as_slice() {
                [phrase] => phrase.clone(),
                phrases => format!("NEAR({}, {})", phrases.join(" "), unit.within),
            });
        }
        Ok(found_in.filter(|_| unit.phrases.len() == 1))
    }
}

/// The phrase as FTS5 reads it, then its other spellings in the archive; and in how many passages all
/// forms of it stand, each form counted for itself, where the vocabulary was asked for them.
fn spellings(
    connection: &Connection,
    phrase: &Phrase,
    room: usize,
) -> Result<(Vec<String>, Option<u32>)> {
    let asked = phrase.words.get(..Typed::LONGEST).unwrap_or(&phrase.words);
    if phrase.spelled != Spelled::Anyhow {
        return Ok((vec![quoted(asked, phrase.prefix)], None));
    }
    let mut found_in = None;
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
        let forms = forms(connection, word)?;
        if !forms.is_empty() {
            let sum: i64 = forms.iter().map(|(passages, _)| passages).sum();
            found_in = Some(u32::try_from(sum).unwrap_or(u32::MAX));
        }
        forms.into_iter().for_each(|(_, form)| add(vec![form]));
    }
    let wide: Vec<String> = plain.iter().map(|word| widen(word)).collect();
    let changed = wide.iter().zip(&plain).find(|(wide, plain)| wide != plain);
    if let Some((first, _)) = changed
        && (phrase.prefix || stands(connection, first)?)
    {
        add(wide);
    }
    if asked.len() == phrase.words.len() {
        variants::spellings(&plain).into_iter().for_each(&mut add);
        if !phrase.inflected {
            for spelling in with_yo(connection, &plain)? {
                add(spelling);
            }
        }
    }
    let spellings = all.iter().map(|words| quoted(words, phrase.prefix));
    Ok((spellings.take(room.max(1)).collect(), found_in))
}

fn quoted(words: &[String], prefix: bool) -> String {
    format!("\"{}\"{}", words.join(" "), if prefix { " *" } else { "" })
}

/// The phrase with one of its words as the archive spells it with `ё`.
fn with_yo(connection: &Connection, words: &[String]) -> Result<Vec<Vec<String>>> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate().take(LONGEST_WITH_YO) {
        for (place, _) in word.match_indices('е') {
            let (before, after) = word.split_at_checked(place).unwrap_or((word, ""));
            let spelled = format!("{before}ё{}", after.strip_prefix('е').unwrap_or_default());
            if stands(connection, &spelled)? {
                let mut words = words.to_vec();
                words.iter_mut().skip(at).take(1).for_each(|word| word.clone_from(&spelled));
                found.push(words);
            }
        }
    }
    Ok(found)
}

/// The words of the archive that share the word's stem, the most frequent first, each with the number
/// of passages that have it.
fn forms(connection: &Connection, word: &str) -> Result<Vec<(i64, String)>> {
    let stem_of_word = stem(word);
    let mut forms: Vec<(i64, String)> = Vec::new();
    let mut statement = connection.prepare_cached(
        "SELECT term, doc FROM passage_vocabulary WHERE term >= ?1 AND term < ?2 LIMIT ?3",
    )?;
    for start in starts(word, &stem_of_word) {
        let end = format!("{start}\u{10ffff}");
        let mut rows = statement.query((&start, end, SCANNED))?;
        while let Some(row) = rows.next()? {
            let term = row.get_ref(0)?.as_str()?;
            if stem(term) == stem_of_word {
                forms.push((row.get(1)?, term.to_owned()));
            }
        }
    }
    forms.sort_unstable_by(|one, next| next.0.cmp(&one.0).then_with(|| one.1.cmp(&next.1)));
    forms.truncate(FORMS);
    Ok(forms)
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

fn stands(connection: &Connection, word: &str) -> Result<bool> {
    connection.prepare_cached("SELECT 1 FROM passage_vocabulary WHERE term = ?1")?.exists([word])
}

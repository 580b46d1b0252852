//! Other spellings of a phrase that readers take for the same: simplified, traditional and Japanese
//! characters, half-width kana and hangul, jamo, length marks, ligatures, `ё`, names with digits or
//! Greek letters in them.
//!
//! They are for the time of a query only: the index holds words as they stand. Nothing here knows which
//! of them an archive has, and none is ever written into one.

use super::designations::designations;
use super::spacing::is_cjk;
use super::stems::plain_e;
use super::words::words;
use std::collections::HashMap;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

/// Characters by lines of forms; see the head of the file.
const TABLE: &str = include_str!("variants.txt");

/// The most spellings of a phrase in which every character may be written in any of its forms. Beyond
/// that a phrase is written in one way from end to end, as texts mostly are.
const FREELY: usize = 8;

/// A typed word of fewer kana keeps its length mark: ルー is no ル.
const LONG_ENOUGH: usize = 3;

const LIGATURES: [(&str, &str); 7] =
    [("ffi", "ﬃ"), ("ffl", "ﬄ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ"), ("ae", "æ"), ("oe", "œ")];

/// The other spellings of a phrase, in the index's words, without the phrase itself.
///
/// A single character has only the forms that are certain: 后 alone is not taken for 後.
pub fn spellings(phrase: &[String]) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut add = |spelling: Vec<String>| {
        if !spelling.is_empty() && spelling != phrase && !found.contains(&spelling) {
            found.push(spelling);
        }
    };
    if phrase.iter().any(|word| word.chars().any(is_cjk)) {
        written(phrase).into_iter().for_each(&mut add);
        let text = joined(phrase);
        add(indexed(&text.nfkc().collect::<String>()));
        add(indexed(&half_width(&text)));
        if text.chars().any(is_hangul) {
            add(indexed(&text.nfd().collect::<String>()));
        }
        let kana = phrase.iter().all(|word| word.chars().all(is_katakana));
        if kana
            && phrase.len() >= LONG_ENOUGH
            && let [before @ .., last] = phrase
            && last == "ー"
        {
            add(before.to_vec());
        }
    }
    add(phrase.iter().map(|word| plain_e(word).into_owned()).collect());
    add(phrase.iter().map(|word| without_ligatures(word)).collect());
    ligatures(phrase).into_iter().for_each(&mut add);
    designations(phrase).into_iter().for_each(&mut add);
    found
}

/// The word with its ligatures taken apart.
fn without_ligatures(word: &str) -> String {
    let mut plain = word.to_owned();
    if !word.is_ascii() {
        for (letters, ligature) in LIGATURES {
            plain = plain.replace(ligature, letters);
        }
    }
    plain
}

/// The phrase in the other forms of its Han characters.
fn written(phrase: &[String]) -> Vec<Vec<String>> {
    let single = phrase.len() == 1;
    let forms: Vec<Vec<char>> = phrase.iter().map(|word| forms(word, single)).collect();
    let ways = forms.iter().map(|forms| forms.len() + 1).try_fold(1_usize, usize::checked_mul);
    if ways.is_some_and(|ways| ways <= FREELY) {
        return freely(phrase, &forms);
    }
    // The n-th form of every character that has one: the tables list them in one order.
    let most = forms.iter().map(Vec::len).max().unwrap_or(0);
    let way = |at: usize| {
        let spelled = phrase.iter().zip(&forms).map(move |(word, forms)| {
            let form = forms.get(at).or(forms.last());
            form.map_or_else(|| word.clone(), |form| form.to_string())
        });
        spelled.collect::<Vec<_>>()
    };
    (0..most).map(way).collect()
}

fn freely(phrase: &[String], forms: &[Vec<char>]) -> Vec<Vec<String>> {
    let mut ways: Vec<Vec<String>> = vec![Vec::new()];
    for (word, forms) in phrase.iter().zip(forms) {
        let all: Vec<String> =
            std::iter::once(word.clone()).chain(forms.iter().map(char::to_string)).collect();
        let longer = |way: Vec<String>| {
            let all = &all;
            all.iter()
                .map(move |word| [way.as_slice(), std::slice::from_ref(word)].concat())
                .collect::<Vec<_>>()
        };
        ways = ways.into_iter().flat_map(longer).collect();
    }
    ways
}

/// The other forms of a character: the traditional ones first, then the others in the order of the table.
fn forms(word: &str, certain: bool) -> Vec<char> {
    let mut letters = word.chars();
    let (Some(c), None) = (letters.next(), letters.next()) else { return Vec::new() };
    let Some(lines) = table().get(&c) else { return Vec::new() };
    let own = lines.iter().any(|line| line.starts_with(c));
    let lines = || lines.iter().filter(|line| !(certain && own) || line.starts_with(c));
    let mut forms: Vec<char> = Vec::new();
    for form in lines()
        .filter_map(|line| line.chars().next())
        .chain(lines().flat_map(|l| l.chars().skip(1)))
    {
        if form != c && !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

/// The lines that each character stands in.
fn table() -> &'static HashMap<char, Vec<&'static str>> {
    static LINES: OnceLock<HashMap<char, Vec<&'static str>>> = OnceLock::new();
    LINES.get_or_init(|| {
        let mut lines: HashMap<char, Vec<&str>> = HashMap::with_capacity(9000);
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            line.chars().for_each(|c| lines.entry(c).or_default().push(line));
        }
        lines
    })
}

/// The phrase as one text, CJK characters side by side.
fn joined(phrase: &[String]) -> String {
    let mut text = String::new();
    for word in phrase {
        let joins = text.is_empty() || text.ends_with(is_cjk) && word.starts_with(is_cjk);
        if !joins {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

fn indexed(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.text).collect()
}

/// The text with katakana and length marks in their half-width forms.
fn half_width(text: &str) -> String {
    static HALVES: OnceLock<HashMap<char, char>> = OnceLock::new();
    let halves = HALVES.get_or_init(|| {
        let plain = |half: char| {
            let mut plain = std::iter::once(half).nfkd();
            plain.next().map(|plain| (plain, half))
        };
        ('\u{ff66}'..='\u{ff9f}').filter_map(plain).filter(|(plain, half)| plain != half).collect()
    });
    let half = |c: char| halves.get(&c).copied().unwrap_or(c);
    let mut changed = String::with_capacity(text.len());
    for c in text.chars() {
        // A voiced letter is two half-width characters.
        let letters = std::iter::once(c).nfd().map(half);
        if is_katakana(c) { changed.extend(letters) } else { changed.push(c) }
    }
    changed
}

/// The phrase with every ligature that some printers would set, if there is one.
fn ligatures(phrase: &[String]) -> Vec<Vec<String>> {
    let set = |rules: &[(&str, &str)]| {
        let all = |word: &String| {
            let set =
                |word: String, (letters, ligature): &(&str, &str)| word.replace(letters, ligature);
            rules.iter().fold(word.clone(), set)
        };
        phrase.iter().map(all).collect::<Vec<_>>()
    };
    // All of them; those of two letters at the end of a word's f; and each of the Latin ones.
    [0..5, 3..5, 5..6, 6..7].into_iter().filter_map(|at| LIGATURES.get(at)).map(set).collect()
}

const fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30ff}')
}

const fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> Vec<String> {
        spellings(&indexed(text)).iter().map(|words| joined(words)).collect()
    }

    #[test]
    fn simplified_traditional_and_japanese_characters_stand_for_each_other() {
        assert_eq!(spelled("振兴"), ["振興"]);
        assert_eq!(spelled("東北"), ["东北"]);
        for (one, others) in
            [("经济", ["經濟", "経済"]), ("経済", ["經濟", "经济"]), ("經濟", ["经济", "経済"])]
        {
            let spelled = spelled(one);
            assert!(
                others.iter().all(|other| spelled.contains(&(*other).to_owned())),
                "{spelled:?}"
            );
        }
    }

    #[test]
    fn a_character_that_is_a_word_of_its_own_stands_alone_only_for_itself() {
        assert_eq!(spelled("后"), [""; 0]);
        assert_eq!(spelled("发"), ["發", "髮", "発", "髪"]);
        assert_eq!(spelled("皇后"), ["皇後"]);
    }

    #[test]
    fn a_long_phrase_is_written_in_one_way_from_end_to_end() {
        let spelled = spelled("东北经济发展战略");
        assert!(spelled.contains(&"東北經濟發展戰略".to_owned()), "{spelled:?}");
        assert!(spelled.len() <= FREELY, "{spelled:?}");
    }

    #[test]
    fn kana_stand_for_their_half_width_forms_and_lose_a_last_length_mark() {
        assert_eq!(spelled("ガス"), ["ｶﾞｽ"]);
        assert_eq!(spelled("ｶﾞｽ"), ["ガス"]);
        assert_eq!(spelled("センター"), ["ｾﾝﾀｰ", "センタ"]);
        assert_eq!(spelled("ルー"), ["ﾙｰ"]);
    }

    #[test]
    fn hangul_stand_for_their_letters() {
        assert_eq!(spelled("한"), ["\u{1112}\u{1161}\u{11ab}"]);
        assert_eq!(spelled("\u{1112}\u{1161}\u{11ab}"), ["한"]);
        assert_eq!(spelled("ㄱ"), ["ᄀ"]);
    }

    #[test]
    fn ligatures_and_yo_are_written_both_ways() {
        assert_eq!(spelled("efficient"), ["eﬃcient", "efﬁcient"]);
        assert_eq!(spelled("eﬃcient"), ["efficient"]);
        assert_eq!(spelled("œuvre"), ["oeuvre"]);
        assert_eq!(spelled("полёт"), ["полет"]);
        assert_eq!(spelled("harbor"), [""; 0]);
    }
}

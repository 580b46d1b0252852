//! Lines that name persons and institutions.
//!
//! It answers whether a line has the form of names; whether it stands where names stand is for
//! `front` to say.

use crate::text::marks;
use crate::text::spacing::is_cjk;

/// The longest line of names, in bytes.
const LONGEST: usize = 300;

/// Beginnings that say that names follow.
const SAID: &[&str] = &[
    "By ",
    "by ",
    "BY ",
    "Author: ",
    "Authors: ",
    "Author：",
    "作者：",
    "作者:",
    "文/",
    "文／",
    "著者：",
    "著者:",
    "저자: ",
    "저자:",
    "글쓴이: ",
    "글: ",
    "Автор: ",
    "Авторы: ",
];

/// Words of institutions in lower case; for scripts with spaces, beginnings of words.
const INSTITUTIONS: &[&str] = &[
    "universit",
    "institut",
    "academy",
    "college",
    "school",
    "faculty",
    "department",
    "laborator",
    "centre",
    "center for",
    "research",
    "ministry",
    "hospital",
    "bureau",
    "corporation",
    "университет",
    "институт",
    "академи",
    "кафедра",
    "факультет",
    "центр",
    "лаборатори",
    "大学",
    "大學",
    "学院",
    "學院",
    "研究所",
    "研究院",
    "科学院",
    "科學院",
    "研究中心",
    "研究室",
    "实验室",
    "實驗室",
    "대학교",
    "대학",
    "연구원",
    "연구소",
    "학과",
];

/// Small words that stand inside names.
const PARTICLES: &[&str] = &[
    "de", "la", "van", "von", "der", "den", "al", "bin", "da", "di", "du", "del", "dos", "ter",
    "el", "ibn",
];

/// Short forms whose full stop belongs to them.
const SHORT_FORMS: &[&str] = &["jr", "sr", "dr", "prof", "mr", "mrs", "ms", "st"];

/// The persons a line names, in the line's order, and whether the line itself says that it does.
///
/// Marks of footnotes and of the corresponding author are dropped; a name's own order and commas
/// stay (`KIM, Minsu`). `None` unless everything on the line is a name.
pub(super) fn persons(line: &str) -> Option<(Vec<String>, bool)> {
    if line.len() > LONGEST || line.contains('\n') {
        return None;
    }
    let behind = SAID.iter().find_map(|start| line.strip_prefix(start));
    let line: String = behind.unwrap_or(line).chars().filter(|c| !is_footnote_mark(*c)).collect();
    let line = line.trim();
    let persons: Option<Vec<String>> = parted(line).into_iter().map(person).collect();
    let persons = persons.filter(|persons| !persons.is_empty() && persons.len() <= 30)?;
    Some((persons, behind.is_some()))
}

/// Whether a line is nothing but one name of Han characters, or of katakana with a middle dot.
pub(super) fn is_han_name(line: &str) -> bool {
    let line = line.trim();
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) || c == '々';
    let letters = line.chars().filter(|c| *c != '\u{3000}' && *c != ' ');
    let count = letters.clone().count();
    let katakana = |c: char| ('\u{30a0}'..='\u{30ff}').contains(&c);
    (3..=6).contains(&count) && letters.clone().all(is_han)
        || line.contains('・') && count <= 20 && letters.clone().all(katakana)
}

/// Whether a line names an institution and is no sentence.
pub(super) fn is_institution(line: &str) -> bool {
    if line.len() > 3 * LONGEST
        || marks::width(line, LONGEST) >= LONGEST
        || marks::ends_closed(line)
    {
        return false;
    }
    let lower = line.to_lowercase();
    let names_one = INSTITUTIONS.iter().any(|word| match lower.find(word) {
        Some(at) if word.is_ascii() => {
            lower.get(..at).is_none_or(|before| !before.ends_with(char::is_alphabetic))
        }
        found => found.is_some(),
    });
    // Sentences have small words with verbs; lines of institutions are capitals, commas, numbers.
    let verbs = [" is ", " are ", " was ", " were ", " has ", " have ", " will ", " that "];
    names_one && !verbs.iter().any(|verb| lower.contains(verb))
}

/// Parts a line into what should be one name each.
fn parted(line: &str) -> Vec<&str> {
    let pieces: Vec<&str> = if line.contains([';', '；']) {
        line.split([';', '；']).collect()
    } else if is_family_first(line) {
        vec![line]
    } else if is_spread_han(line) {
        line.split_whitespace().collect()
    } else {
        let commas = line.split([',', '，', '、', '/', '·']);
        commas.flat_map(|piece| piece.split(" and ")).flat_map(|piece| piece.split(" & ")).collect()
    };
    let pieces = pieces.into_iter().map(|piece| {
        let piece = piece.trim();
        piece.strip_prefix("and ").or_else(|| piece.strip_prefix("& ")).unwrap_or(piece)
    });
    pieces.filter(|piece| !piece.is_empty()).collect()
}

/// `KIM, Minsu`: one capitalised family name, one comma, given names.
fn is_family_first(line: &str) -> bool {
    let Some((family, given)) = line.split_once(',') else { return false };
    let capitals =
        family.chars().any(char::is_uppercase) && !family.chars().any(char::is_lowercase);
    let given = given.trim();
    let short = !given.is_empty() && !given.contains(',') && given.split_whitespace().count() <= 2;
    short && !family.trim().contains(' ') && (capitals || !given.contains(' '))
}

/// `张三 李四`: whole names between spaces.
fn is_spread_han(line: &str) -> bool {
    line.contains(char::is_whitespace)
        && line
            .split_whitespace()
            .all(|piece| (2..=4).contains(&piece.chars().count()) && piece.chars().all(is_cjk))
}

fn person(piece: &str) -> Option<String> {
    let letters = piece.chars().filter(|c| !c.is_whitespace());
    if letters.clone().all(|c| is_cjk(c) || c == '・') {
        // `张 三` is spread to the width of three characters, not parted.
        return (2..=12).contains(&letters.clone().count()).then(|| letters.collect());
    }
    let mut name = String::with_capacity(piece.len());
    let mut words = 0;
    for word in piece.split_whitespace() {
        let word = without_stray_stop(word);
        if !is_name_word(word) {
            return None;
        }
        words += 1;
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    (2..=5).contains(&words).then_some(name)
}

/// `Du.` → `Du`, but `J.` and `Jr.` stay.
fn without_stray_stop(word: &str) -> &str {
    let Some(bare) = word.strip_suffix('.') else { return word };
    let initial = bare.chars().count() < 2 || bare.contains('.');
    let short_form = SHORT_FORMS.contains(&&*bare.to_lowercase());
    // Initials of two letters are written in capitals: `JR.`, `Yu.` is a Russian one.
    if initial || short_form || matches!(bare, "Yu" | "Ya" | "Zh" | "Ch" | "Sh") {
        word
    } else {
        bare
    }
}

fn is_name_word(word: &str) -> bool {
    if PARTICLES.contains(&word) {
        return true;
    }
    let bare = word.trim_end_matches(',');
    let mut letters = bare.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’' | '‐'))
}

const fn is_footnote_mark(c: char) -> bool {
    matches!(c, '*' | '†' | '‡' | '§' | '¶' | '\\' | '0'..='9' | '¹' | '²' | '³' | '⁰'..='⁹' | '＊')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Vec<String> {
        persons(line).map(|(persons, _)| persons).unwrap_or_default()
    }

    #[test]
    fn names_are_read_as_written_without_footnote_marks() {
        assert_eq!(read("Minsu Kim, Jane Roe\\*"), ["Minsu Kim", "Jane Roe"]);
        assert_eq!(read("KIM, Minsu"), ["KIM, Minsu"]);
        assert_eq!(read("Kim. Minsu"), ["Kim Minsu"]);
        assert_eq!(read("J. R. Roe Jr. and Ludwig van Doe"), ["J. R. Roe Jr.", "Ludwig van Doe"]);
        assert_eq!(read("张 三"), ["张三"]);
        assert_eq!(read("张三　李四光"), ["张三", "李四光"]);
        assert_eq!(read("Иванов И. И., Петрова А.Б."), ["Иванов И. И.", "Петрова А.Б."]);
        assert_eq!(read("KIM, Minsu; ROE, Jane"), ["KIM, Minsu", "ROE, Jane"]);
        assert_eq!(persons("By Jane Roe"), Some((vec!["Jane Roe".to_owned()], true)));
    }

    #[test]
    fn lines_that_are_not_all_names_name_nobody() {
        for line in
            ["14 June in Harbour was held", "the harbour", "Harbour", "A report on ports", ""]
        {
            assert_eq!(persons(line), None, "{line}");
        }
    }

    #[test]
    fn institutions_are_told_from_sentences() {
        assert!(is_institution("Department of Ports, Northern University, 10000, Country"));
        assert!(is_institution("东北大学经济学院，沈阳"));
        assert!(!is_institution("The university was founded in 1923."));
        assert!(!is_institution("Ships, Harbour Street"));
    }
}

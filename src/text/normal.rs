//! The normal text: what is left of a text when everything is taken away that the ways of writing it
//! down differ in.
//!
//! The web page, the book and the plain text of one manual set the same sentence with other quotation
//! marks, other emphasis and other hyphens, and only the words and numbers are the author's. Two
//! documents with the same normal text have the `same text`. It must never make two numbers equal that
//! are not, and never the words of two sentences.

use super::normalize::fold;

/// The normal text, form 2: the folded text ([`fold`]) without
///
/// - white space,
/// - quotation marks of any kind, and apostrophes that stand in no word,
/// - `*` and `_` but between two letters or digits, where they are no emphasis,
/// - dashes and hyphens that touch no number: list marks, line-end hyphens, `re-use` for `reuse`.
///
/// Form 1 was [`super::normalize::fold_tight`], which drops white space alone.
pub fn normal(text: &str) -> String {
    let folded = fold(text);
    let mut normal = String::with_capacity(folded.len());
    let mut rest = &*folded;
    let mut has_dash = false;
    while !rest.is_empty() {
        let (run, from) = rest.split_at(rest.find(may_go).unwrap_or(rest.len()));
        if !run.is_empty() {
            push(&mut normal, &mut has_dash, run);
        }
        let Some(mark) = from.chars().next() else { break };
        rest = from.get(mark.len_utf8()..).unwrap_or_default();
        let is_in_word = || normal.ends_with(char::is_alphanumeric) && !run.is_empty();
        match mark {
            '-' => has_dash = true,
            '\'' | '*' | '_' if is_in_word() && rest.starts_with(char::is_alphanumeric) => {
                normal.push(mark);
            }
            _ => {}
        }
    }
    if has_dash && normal.ends_with(char::is_numeric) {
        normal.push('-');
    }
    normal
}

/// Adds a run that stays, with the dash before it where that says something.
fn push(normal: &mut String, has_dash: &mut bool, run: &str) {
    let is_open_number = normal.ends_with(is_of_number);
    if std::mem::take(has_dash) && (is_open_number || run.starts_with(begins_number)) {
        normal.push('-');
    }
    normal.push_str(run);
}

/// What may be taken away, in folded text.
const fn may_go(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '"' | '\'' | '*' | '_' | '\u{2039}' | '\u{203a}' | '「' | '」' | '『' | '』'
    )
}

/// Whether a dash beside the character may be a sign or stand between numbers.
fn is_of_number(c: char) -> bool {
    c.is_numeric()
        || matches!(c, '$' | '€' | '£' | '¥' | '₽' | '₩' | '%' | '+' | '=' | '<' | '>' | '/' | '\\')
}

fn begins_number(c: char) -> bool {
    c == '.' || is_of_number(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sentence_set_in_four_ways_is_one_text() {
        let page = "Ports of the \u{201c}north\u{201d} reuse don\u{2019}t \u{2013} well-known \u{2013} quays.";
        for other in [
            "Ports of the north re-\nuse don't -- well-known -- quays.",
            "* Ports of the *north* reuse don't \u{2014} well\u{2010}known \u{2014} quays.",
            "- Ports of the _north_ reuse don't - wellknown - 'quays'.",
            "Ports of the «north» re\u{ad}use don`t — well-known — \u{2039}quays\u{203a}.",
        ] {
            assert_eq!(normal(other), normal(page), "{other}");
        }
        assert_eq!(normal(page), "portsofthenorthreusedon'twellknownquays.");
    }

    #[test]
    fn chinese_and_japanese_quotation_marks_go_like_others() {
        assert_eq!(normal("“一带一路”——合作"), normal("「一帶一路」合作").replace('帶', "带"));
        assert_eq!(normal("『三野』の港"), "三野の港");
    }

    #[test]
    fn signs_ranges_and_names_with_numbers_keep_their_dashes() {
        for (one, other) in [
            ("-5 degrees", "5 degrees"),
            ("from 10-15 tons", "from 1015 tons"),
            ("1992年—1995年", "1992年1995年"),
            ("F-16", "F16"),
            ("−$3", "$3"),
            ("5%–6%", "5%6%"),
            ("1990–", "1990"),
            ("a -.5", "a .5"),
        ] {
            assert_ne!(normal(one), normal(other), "{one}");
        }
    }

    #[test]
    fn marks_inside_words_stay() {
        for text in ["don't", "l'état", "snake_case", "2*3", "1'000"] {
            assert_eq!(normal(text), fold(text), "{text}");
        }
        assert_eq!(normal("the dogs' *.txt __all__"), "thedogs.txtall");
    }

    #[test]
    fn a_normal_text_is_its_own_normal_text_and_one_of_marks_is_empty() {
        for text in ["“One” — two-\nthree ‘four’ 5-6 *", "- a -", "", "***", "— 「」"]
        {
            assert_eq!(normal(&normal(text)), normal(text), "{text}");
        }
        assert_eq!(normal("** — 「」"), "");
    }
}

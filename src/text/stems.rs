//! The stem that the inflected forms of a word share, and other spellings that readers take for one.
//!
//! Stems are for the time of a query only. The index holds words as they stand, so that no choice made
//! here is ever built into an archive.

use rust_stemmers::{Algorithm, Stemmer};
use std::borrow::Cow;

/// The key under which all forms of a word meet: full-width letters and digits made plain, `ё` written
/// `е`, then the Snowball stem of the language its script suggests: English for Latin letters, Russian
/// for Cyrillic, Greek for Greek. Any other word is its own stem.
pub fn stem(word: &str) -> Cow<'_, str> {
    let plain = match narrow(word) {
        Cow::Borrowed(plain) => plain_e(plain),
        Cow::Owned(plain) => Cow::Owned(plain_e(&plain).into_owned()),
    };
    let Some(algorithm) = algorithm(&plain) else { return plain };
    let stem = Stemmer::create(algorithm).stem(&plain).into_owned();
    if stem.is_empty() { plain } else { Cow::Owned(stem) }
}

/// Whether the word has a stem other words may share: whether its script has a stemmer here.
pub fn inflects(word: &str) -> bool {
    algorithm(&plain_e(word)).is_some()
}

/// The word with `е` for `ё`, which Russian readers and printers do not tell apart.
pub fn plain_e(word: &str) -> Cow<'_, str> {
    if word.contains('ё') { Cow::Owned(word.replace('ё', "е")) } else { Cow::Borrowed(word) }
}

/// The word with full-width letters and digits (U+FF01 to U+FF5E) made plain.
pub fn narrow(word: &str) -> Cow<'_, str> {
    if !word.contains(is_wide) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.chars().map(|c| if is_wide(c) { shifted(c, -0xFEE0) } else { c }).collect())
}

/// The word with plain ASCII letters and digits made full-width.
pub fn widen(word: &str) -> String {
    word.chars().map(|c| if c.is_ascii_graphic() { shifted(c, 0xFEE0) } else { c }).collect()
}

/// What every form of the word starts with, the word being in the index's spelling: all that stem and
/// word have in common, without a last `i` or `y`, which the other may write (`city`, `cities`).
pub fn common_start<'a>(word: &'a str, stem: &str) -> &'a str {
    let shared = word.char_indices().zip(stem.chars()).take_while(|((_, a), b)| a == b);
    let end = shared.last().map_or(0, |((at, c), _)| at + c.len_utf8());
    let start = word.get(..end).unwrap_or(word);
    if stem.len() > end { start } else { start.strip_suffix(['i', 'y']).unwrap_or(start) }
}

fn algorithm(word: &str) -> Option<Algorithm> {
    if word.is_empty() {
        return None;
    }
    let script = |range: std::ops::RangeInclusive<char>| word.chars().all(|c| range.contains(&c));
    if script('a'..='z') {
        Some(Algorithm::English)
    } else if script('а'..='я') {
        Some(Algorithm::Russian)
    } else if script('ά'..='ώ') {
        Some(Algorithm::Greek)
    } else {
        None
    }
}

const fn is_wide(c: char) -> bool {
    matches!(c, '\u{ff01}'..='\u{ff5e}')
}

fn shifted(c: char, by: i32) -> char {
    u32::from(c).checked_add_signed(by).and_then(char::from_u32).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflected_forms_share_a_stem() {
        for forms in [
            &["city", "cities"][..],
            &["revitalize", "revitalized", "revitalization"],
            &["дорога", "дороги", "дорогу"],
            &["полет", "полёты", "полёта"],
            &["corridor", "ｃｏｒｒｉｄｏｒｓ"],
        ] {
            let stems: Vec<_> = forms.iter().map(|form| stem(form)).collect();
            assert!(stems.iter().all(|one| *one == stems[0]), "{stems:?}");
        }
    }

    #[test]
    fn words_of_other_scripts_and_mixtures_are_their_own_stems() {
        for word in ["東", "g20", "2013", "naïve", "ישראל", "", "aж"] {
            assert_eq!(stem(word), word);
        }
    }

    #[test]
    fn the_common_start_leaves_room_for_the_other_form() {
        assert_eq!(common_start("cities", "citi"), "cit");
        assert_eq!(common_start("city", "citi"), "cit");
        assert_eq!(common_start("running", "run"), "run");
        assert_eq!(common_start("дорогу", "дорог"), "дорог");
    }

    #[test]
    fn plain_and_full_width_digits_turn_into_each_other() {
        assert_eq!(narrow("２０２１ａ年"), "2021a年");
        assert_eq!(widen("2021"), "２０２１");
    }
}

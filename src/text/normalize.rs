//! The folded form of a text: what two spellings of the same words have in common.
//!
//! Folding never changes what is stored. It decides which texts count as the same (`same text`) and
//! is the SQL function `fold`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// The folded form: Unicode compatibility form NFKC (UAX #15), lower case, straight quotation
/// marks, `-` for every dash, no diacritics on Latin, Greek and Cyrillic letters, no zero-width
/// characters or soft hyphens, one space for every run of white space, none at the ends.
///
/// Kana voicing marks stay: が and か are different letters, é and e are not. So does й.
pub fn fold(text: &str) -> String {
    fold_to(Spaces::One, text)
}

/// The folded form without any white space: the same for one text however its lines are broken.
pub fn fold_tight(text: &str) -> String {
    fold_to(Spaces::None, text)
}

/// What becomes of a run of white space.
#[derive(Clone, Copy, PartialEq)]
enum Spaces {
    One,
    None,
}

fn fold_to(spaces: Spaces, text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // Characters that only tables can fold, with the marks that belong to them.
    let mut rest = String::new();
    let mut ahead = text;
    while !ahead.is_empty() {
        let ascii = ahead.bytes().position(|byte| !byte.is_ascii()).unwrap_or(ahead.len());
        let (run, after) = ahead.split_at_checked(ascii).unwrap_or((ahead, ""));
        let mut others = after.chars();
        let other = others.next();
        // Of a run of ASCII only the last character may become one with what follows.
        let (plain, last) = match run.split_at_checked(ascii.wrapping_sub(1)) {
            Some(parts) if other.is_some_and(joins_the_last) => parts,
            _ => (run, ""),
        };
        if !plain.is_empty() {
            fold_rest(&mut rest, &mut folded, spaces);
            push_ascii(&mut folded, plain, spaces);
        }
        rest.push_str(last);
        ahead = others.as_str();
        let Some(c) = other else { break };
        let stands_alone = !ahead.chars().next().is_some_and(joins_the_last);
        match plain_fold(c).filter(|_| stands_alone) {
            Some(plain) => {
                fold_rest(&mut rest, &mut folded, spaces);
                push(&mut folded, plain, spaces);
            }
            None => rest.push(c),
        }
    }
    fold_rest(&mut rest, &mut folded, spaces);
    folded.truncate(folded.trim_end().len());
    folded
}

/// What a character of ASCII folds to.
const fn fold_ascii(byte: u8) -> u8 {
    match byte {
        b'`' => b'\'',
        b'\t'..=b'\r' => b' ',
        _ => byte.to_ascii_lowercase(),
    }
}

/// Folds a run of ASCII, by pieces that fit a small room.
fn push_ascii(folded: &mut String, run: &str, spaces: Spaces) {
    for piece in run.as_bytes().chunks(128) {
        let mut room = [0u8; 128];
        let mut filled = 0;
        let mut takes_space = spaces == Spaces::One && takes_space(folded);
        for byte in piece {
            let byte = fold_ascii(*byte);
            if let Some(slot) = room.get_mut(filled) {
                *slot = byte;
            }
            // Without a branch: where words end cannot be foretold.
            filled += usize::from(byte != b' ' || takes_space);
            takes_space = spaces == Spaces::One && byte != b' ';
        }
        let piece = room.get(..filled).unwrap_or_default();
        folded.push_str(std::str::from_utf8(piece).unwrap_or_default());
    }
}

/// What a character folds to whatever stands beside it, for those that make up nearly all of most
/// texts: the tables are ten times slower.
const fn plain_fold(c: char) -> Option<char> {
    match c {
        'а'..='я'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fe}'
        | '、'
        | '。'
        | '「'
        | '」' => Some(c),
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => Some(c),
        // Capital and small letters of Russian stand 32 apart.
        'А'..='Я' => char::from_u32(c as u32 + 32),
        'Ё' | 'ё' => Some('е'),
        '\u{2010}'..='\u{2015}' | '\u{2018}'..='\u{201f}' | '«' | '»' => Some(plain_mark(c)),
        _ => None,
    }
}

/// Whether the character may become one with the character before it: marks, the parts of Hangul
/// syllables, half-width voicing marks, and whatever takes no place between the two.
fn joins_the_last(c: char) -> bool {
    match c {
        '\0'..='\u{ac}' | '\u{ae}'..='\u{2ff}' => false,
        '\u{400}'..='\u{482}' | '\u{48a}'..='\u{52f}' | '\u{2010}'..='\u{201f}' => false,
        '\u{3041}'..='\u{3098}' | '\u{309b}'..='\u{3130}' | '\u{3190}'..='\u{9fff}' => false,
        '\u{ac00}'..='\u{d7a3}' => false,
        '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{ff9e}'..='\u{ffdc}' => true,
        _ => is_invisible(c) || is_combining_mark(c),
    }
}

/// Folds by the tables, and empties what it has folded.
fn fold_rest(rest: &mut String, folded: &mut String, spaces: Spaces) {
    if rest.is_empty() {
        return;
    }
    let mut base = ' ';
    let mut loose = String::with_capacity(rest.len());
    // Decomposed, so that marks stand alone and can be dropped; composed again at the end.
    for c in rest.nfkd().flat_map(char::to_lowercase).filter(|&c| !is_invisible(c)) {
        if is_combining_mark(c) && canonical_combining_class(c) != 0 {
            // U+0306 on и is the letter й.
            if !bears_diacritics(base) || (base == 'и' && c == '\u{306}') {
                loose.push(c);
            }
            continue;
        }
        base = c;
        loose.push(plain_mark(c));
    }
    loose.nfc().for_each(|c| push(folded, c, spaces));
    rest.clear();
}

/// Folds one character to its plain form where that is one character: dashes, quotation marks.
pub const fn plain_mark(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201b}'
        | '\u{2032}'
        | '\u{2035}'
        | '\u{2b9}'
        | '\u{2bc}'
        | '`'
        | '\u{b4}' => '\'',
        '\u{201c}'..='\u{201f}'
        | '\u{2033}'
        | '\u{2036}'
        | '\u{ab}'
        | '\u{bb}'
        | '\u{301d}'..='\u{301f}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' | '\u{fe58}' | '\u{fe63}' => '-',
        _ => c,
    }
}

/// Whether the character takes no place of its own: zero-width spaces and joiners, byte order
/// marks, soft hyphens, direction marks, variation selectors.
pub const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}'
    )
}

/// Whether marks on this letter are diacritics that readers leave out when they type.
const fn bears_diacritics(base: char) -> bool {
    matches!(base, 'a'..='z' | '\u{df}'..='\u{24f}' | '\u{370}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}')
}

fn push(folded: &mut String, c: char, spaces: Spaces) {
    if !c.is_whitespace() {
        folded.push(c);
    } else if spaces == Spaces::One && takes_space(folded) {
        folded.push(' ');
    }
}

/// Whether a space may come next: not at the start nor after another.
fn takes_space(folded: &str) -> bool {
    !folded.is_empty() && !folded.ends_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_dashes_width_case_and_spaces_fold() {
        assert_eq!(
            fold("  “One Belt,\u{a0}One Road”\r\n ＢＲＩ – ２０２１ "),
            "\"one belt, one road\" bri - 2021"
        );
    }

    #[test]
    fn diacritics_fold_but_letters_of_their_own_stay() {
        assert_eq!(fold("Élan ёлка йод が ガ ㈱"), "elan елка йод が ガ (株)");
    }

    #[test]
    fn invisible_characters_and_ligatures_fold() {
        assert_eq!(
            fold("trans\u{ad}port\u{200b}ation eﬃcient\u{feff}"),
            "transportation efficient"
        );
    }

    #[test]
    fn composed_and_decomposed_korean_and_japanese_fold_alike() {
        let decomposed: String = "한국 が é".nfd().collect();
        assert_eq!(fold(&decomposed), fold("한국 が é"));
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in
            ["ΌΣΟΣ ὈΔΥΣΣΕΎΣ", "ＡＢＣ　が\u{3099}", "İstanbul ﷺ ǅ", "a\u{301}\u{200b}\u{301}b"]
        {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
    }

    #[test]
    fn the_short_way_gives_what_the_tables_give() {
        let by_tables = |text: &str| {
            let (mut rest, mut folded) = (text.to_owned(), String::new());
            fold_rest(&mut rest, &mut folded, Spaces::One);
            folded.truncate(folded.trim_end().len());
            folded
        };
        let beside = [
            "", "a", "Й", "か", "가", "\u{301}", "\u{306}", "\u{3099}", "\u{11a8}", "\u{ff9e}",
            "\u{200b}", " ",
        ];
        let letters =
            ('\0'..='\u{3500}').chain('\u{d700}'..='\u{d7ff}').chain('\u{f900}'..='\u{ffff}');
        for c in letters {
            for after in beside {
                let text = format!("{c}{after}");
                assert_eq!(fold(&text), by_tables(&text), "{text:?}");
                let text = format!("и{after}{c}");
                assert_eq!(fold(&text), by_tables(&text), "{text:?}");
                let text = format!("a {after} B{c}`");
                assert_eq!(fold(&text), by_tables(&text), "{text:?}");
                assert_eq!(fold_tight(&text), fold(&text).replace(' ', ""), "{text:?}");
            }
        }
    }

    #[test]
    fn the_tight_form_ignores_how_lines_are_broken() {
        assert_eq!(fold_tight("Belt\nand  Road"), fold_tight("Belt and\r\nRoad"));
    }
}

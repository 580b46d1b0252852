//! What some write in one piece and others in two: names made of letters, digits and Greek letters, such
//! as `Bcl2` and `BCL-2`, `TNF-α`, `TNFα` and `TNF-alpha`; and words with a prefix, such as `cooperation`
//! and `co-operation`.
//!
//! Pure, and for the time of a query only, as all [`variants`](super::variants) are.

use super::spacing::is_cjk;

/// Letters of the longest word that is joined to digits, and digits of the longest number.
const LONGEST: usize = 6;

/// Greek letters by the names that texts write them with. The letters η and ο are left out: they are
/// words of Greek.
const GREEK: [(&str, &str); 22] = [
    ("α", "alpha"),
    ("β", "beta"),
    ("γ", "gamma"),
    ("δ", "delta"),
    ("ε", "epsilon"),
    ("ζ", "zeta"),
    ("θ", "theta"),
    ("ι", "iota"),
    ("κ", "kappa"),
    ("λ", "lambda"),
    ("μ", "mu"),
    ("ν", "nu"),
    ("ξ", "xi"),
    ("π", "pi"),
    ("ρ", "rho"),
    ("σ", "sigma"),
    ("τ", "tau"),
    ("υ", "upsilon"),
    ("φ", "phi"),
    ("χ", "chi"),
    ("ψ", "psi"),
    ("ω", "omega"),
];

/// Prefixes of English that a hyphen may part from their word.
const PREFIXES: [&str; 33] = [
    "anti", "bi", "co", "counter", "cross", "cyber", "eco", "extra", "geo", "hyper", "inter",
    "intra", "macro", "micro", "mid", "mini", "multi", "neo", "non", "over", "post", "pre",
    "pseudo", "quasi", "re", "self", "semi", "socio", "sub", "super", "trans", "ultra", "under",
];

/// Letters of the shortest word behind a prefix.
const SHORTEST: usize = 4;

/// The other ways to write a word or two as one name, the words being the index's.
pub(super) fn designations(phrase: &[String]) -> Vec<Vec<String>> {
    match phrase {
        [word] => one(word),
        [first, last] => two(first, last),
        _ => Vec::new(),
    }
}

fn one(word: &str) -> Vec<Vec<String>> {
    if let Some(other) = other_name(word) {
        return vec![vec![other.to_owned()]];
    }
    if let Some((before, letter, name)) = with_greek_end(word) {
        let pair = |last: &str| vec![before.to_owned(), last.to_owned()];
        return vec![pair(letter), pair(name), vec![format!("{before}{name}")]];
    }
    apart(word).into_iter().chain(without_prefix(word)).collect()
}

/// The word as its prefix and what is behind it, for each prefix that it may have.
fn without_prefix(word: &str) -> impl Iterator<Item = Vec<String>> {
    let is_plain = word.chars().all(|c| c.is_ascii_lowercase());
    PREFIXES.iter().filter(move |_| is_plain).filter_map(move |prefix| {
        let rest = word.strip_prefix(prefix).filter(|rest| rest.len() >= SHORTEST)?;
        Some(vec![(*prefix).to_owned(), rest.to_owned()])
    })
}

fn two(first: &str, last: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    if let Some(other) = other_name(last) {
        found.push(vec![first.to_owned(), other.to_owned()]);
        found.push(vec![format!("{first}{last}")]);
        found.push(vec![format!("{first}{other}")]);
    } else if let Some(other) = other_name(first) {
        found.push(vec![other.to_owned(), last.to_owned()]);
    }
    if is_pair(first, last) {
        found.push(vec![format!("{first}{last}")]);
    }
    found
}

/// A Greek letter's name, or the letter that has the name.
fn other_name(word: &str) -> Option<&'static str> {
    GREEK.iter().find_map(|&(letter, name)| match word {
        _ if word == letter => Some(name),
        _ if word == name => Some(letter),
        _ => None,
    })
}

/// Latin letters and digits with one Greek letter behind them: what is before, the letter and its name.
fn with_greek_end(word: &str) -> Option<(&str, &'static str, &'static str)> {
    let last = word.chars().next_back().filter(|c| !c.is_ascii())?;
    let before = word.strip_suffix(last)?;
    let is_latin = before.chars().all(|c| c.is_ascii_alphanumeric());
    let &(letter, name) = GREEK.iter().find(|(letter, _)| letter.chars().eq([last]))?;
    (is_latin && !before.is_empty()).then_some((before, letter, name))
}

/// Letters and digits, or digits and letters, as two words.
fn apart(word: &str) -> Option<Vec<String>> {
    let (at, _) = word.char_indices().zip(word.chars().skip(1)).find_map(|((at, one), next)| {
        let is_end = one.is_ascii_digit() != next.is_ascii_digit();
        is_end.then_some((at + one.len_utf8(), next))
    })?;
    let (first, last) = word.split_at_checked(at)?;
    is_pair(first, last).then(|| vec![first.to_owned(), last.to_owned()])
}

/// Whether the one is letters and the other digits, and neither too long for a name.
fn is_pair(first: &str, last: &str) -> bool {
    let is = |word: &str, test: fn(char) -> bool| {
        (1..=LONGEST).contains(&word.chars().count()) && word.chars().all(test)
    };
    let letters = |word| is(word, |c| c.is_alphabetic() && !is_cjk(c));
    let digits = |word| is(word, |c| c.is_ascii_digit());
    letters(first) && digits(last) || digits(first) && letters(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(typed: &str) -> Vec<String> {
        let words: Vec<String> = typed.split(' ').map(str::to_owned).collect();
        designations(&words).iter().map(|words| words.join(" ")).collect()
    }

    #[test]
    fn letters_and_digits_are_written_in_one_piece_or_in_two() {
        assert_eq!(shown("bcl2"), ["bcl 2"]);
        assert_eq!(shown("bcl 2"), ["bcl2"]);
        assert_eq!(shown("5g"), ["5 g"]);
        assert_eq!(shown("3 d"), ["3d"]);
        assert_eq!(shown("т 34"), ["т34"]);
        for typed in ["2018", "2018 2019", "ferry", "corridors 5", "p16ink4a", "one belt", "東 2"]
        {
            assert_eq!(shown(typed), [""; 0], "{typed}");
        }
    }

    #[test]
    fn a_prefix_may_be_parted_from_its_word() {
        assert_eq!(shown("cooperation"), ["co operation"]);
        assert_eq!(shown("subregional"), ["sub regional"]);
        for typed in ["reach", "co operation", "naïve"] {
            assert_eq!(shown(typed), [""; 0], "{typed}");
        }
    }

    #[test]
    fn greek_letters_stand_for_their_names() {
        assert_eq!(shown("α"), ["alpha"]);
        assert_eq!(shown("kappa"), ["κ"]);
        assert_eq!(shown("β 2"), ["beta 2", "β2"]);
        assert_eq!(shown("tnfα"), ["tnf α", "tnf alpha", "tnfalpha"]);
        assert_eq!(shown("tnf α"), ["tnf alpha", "tnfα", "tnfalpha"]);
        assert_eq!(shown("tnf alpha"), ["tnf α", "tnfalpha", "tnfα"]);
        for typed in ["η", "λόγος", "βα"] {
            assert_eq!(shown(typed), [""; 0], "{typed}");
        }
    }
}

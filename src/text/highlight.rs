//! Where a typed query's words stand in a text: marks around hits, and the stretch worth showing.
//!
//! It decides by the text alone, without an archive, and must find what the search finds: words in any
//! form, phrases, prefixes and pairs of CJK characters.

use super::stems::{common_start, narrow, plain_e, stem};
use super::typed::{Phrase, Role, Spelled, Typed};
use super::variants::spellings;
use super::words::{Word, words};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A typed query made ready to be found in texts.
#[derive(Debug)]
pub struct Finder {
    /// The first word of every phrase, by its spelling and where inflected by its stem.
    exact: HashMap<String, Vec<usize>>,
    inflected: HashMap<String, Vec<usize>>,
    /// What the forms of each inflected word start with.
    starts: Vec<String>,
    prefixes: Vec<usize>,
    phrases: Vec<(usize, Phrase, Way)>,
    required: Vec<usize>,
}

/// One place where a clause of the query stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Bytes of the text, end excluded.
    pub span: Range<usize>,
    /// Which clause of [`Typed::clauses`].
    pub clause: usize,
    /// How it stands there.
    pub way: Way,
}

/// How what stands in a text is what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Letter for letter, or in another form of the word.
    Typed,
    /// In another spelling, or another expression of the concept.
    Variant,
}

impl Finder {
    /// Makes the query ready; its excluded clauses are never marked.
    pub fn new(typed: &Typed) -> Self {
        let mut finder = Self {
            exact: HashMap::new(),
            inflected: HashMap::new(),
            starts: Vec::new(),
            prefixes: Vec::new(),
            phrases: Vec::new(),
            required: Vec::new(),
        };
        for (clause, asked) in typed.clauses.iter().enumerate() {
            if asked.role == Role::Excluded {
                continue;
            }
            if asked.role == Role::Required {
                finder.required.push(clause);
            }
            for unit in &asked.any {
                let way = if unit.other { Way::Variant } else { Way::Typed };
                for phrase in &unit.phrases {
                    finder.add_spellings(clause, phrase, way);
                }
            }
        }
        finder
    }

    fn add_spellings(&mut self, clause: usize, phrase: &Phrase, way: Way) {
        self.add(clause, phrase, way);
        if phrase.spelled == Spelled::Anyhow {
            for words in spellings(&phrase.words) {
                let other = Phrase { inflected: false, typed: Vec::new(), words, ..phrase.clone() };
                self.add(clause, &other, Way::Variant);
            }
        }
    }

    fn add(&mut self, clause: usize, phrase: &Phrase, way: Way) {
        let Some(first) = phrase.words.first() else { return };
        let at = self.phrases.len();
        self.phrases.push((clause, phrase.clone(), way));
        if phrase.prefix && phrase.words.len() == 1 {
            self.prefixes.push(at);
        } else if phrase.inflected {
            let stem = stem(first);
            self.starts.push(common_start(&plain_e(&narrow(first)), &stem).to_owned());
            self.inflected.entry(stem.into_owned()).or_default().push(at);
        } else {
            self.exact.entry(plain_e(&narrow(first)).into_owned()).or_default().push(at);
        }
    }

    /// Every place where a clause of the query stands, in the order of the text.
    pub fn marks(&self, text: &str) -> Vec<Mark> {
        let words = words(text);
        let mut marks = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let plain = narrow(&word.text);
            let exact = self.exact.get(plain_e(&plain).as_ref());
            let inflected = if self.may_be_form(&plain) {
                self.inflected.get(stem(&plain).as_ref())
            } else {
                None
            };
            let starting = exact.into_iter().chain(inflected).chain([&self.prefixes]).flatten();
            for &found in starting {
                let Some((clause, phrase, way)) = self.phrases.get(found) else { continue };
                let Some(here) = words.get(at..at + phrase.words.len()) else { continue };
                let (Some(first), Some(last)) = (here.first(), here.last()) else { continue };
                if !(phrase.inflected || follows(phrase, here)) || !is_spelled(phrase, here, text) {
                    continue;
                }
                let way = if is_changed(phrase, here, text) { Way::Variant } else { *way };
                marks.push(Mark { span: first.span.start..last.span.end, clause: *clause, way });
            }
        }
        marks
    }

    /// Whether the word starts as a form of an asked word does: most words do not, and need no stem.
    fn may_be_form(&self, word: &str) -> bool {
        let plain = plain_e(word);
        self.starts.iter().any(|start| plain.starts_with(start.as_str()))
    }

    /// Which clauses of the query stand in the text, in rising order.
    pub fn clauses(&self, text: &str) -> Vec<usize> {
        let mut clauses: Vec<usize> =
            self.marks(text).into_iter().map(|mark| mark.clause).collect();
        clauses.sort_unstable();
        clauses.dedup();
        clauses
    }

    /// Whether the text has something of what was asked for, and all that must be there.
    pub fn fits(&self, text: &str) -> bool {
        let found = self.clauses(text);
        !found.is_empty() && self.required.iter().all(|clause| found.contains(clause))
    }

    /// What stands in the text for those clauses that are there in other spellings or expressions only,
    /// each once, as the text has it.
    pub fn variants(&self, text: &str) -> Vec<String> {
        let mut marks = self.marks(text);
        let typed: HashSet<usize> =
            marks.iter().filter(|mark| mark.way == Way::Typed).map(|mark| mark.clause).collect();
        marks.retain(|mark| mark.way == Way::Variant && !typed.contains(&mark.clause));
        let mut variants: Vec<String> = Vec::new();
        for span in merged(text, &marks) {
            let slice = text.get(span).unwrap_or_default();
            let variant = slice.split_whitespace().collect::<Vec<_>>().join(" ");
            if !variants.contains(&variant) {
                variants.push(variant);
            }
        }
        variants
    }
}

/// The word as it stands in the text, in small letters, without the hyphen of a line's end.
fn small(word: &Word, text: &str) -> String {
    let slice = text.get(word.span.clone()).unwrap_or_default();
    slice.replace("-\n", "").replace('\u{ad}', "").to_lowercase()
}

/// Whether the words are spelled as the phrase asks.
fn is_spelled(phrase: &Phrase, here: &[Word], text: &str) -> bool {
    let mut pairs = phrase.typed.iter().zip(here);
    match phrase.spelled {
        Spelled::Anyhow => true,
        Spelled::WithCapitals => {
            pairs.all(|(typed, word)| text.get(word.span.clone()) == Some(typed.as_str()))
        }
        Spelled::Exactly if phrase.prefix => {
            pairs.all(|(typed, word)| small(word, text).starts_with(typed.as_str()))
        }
        Spelled::Exactly => pairs.all(|(typed, word)| small(word, text) == *typed),
    }
}

/// Whether the words are those that were typed with other marks or in another width.
fn is_changed(phrase: &Phrase, here: &[Word], text: &str) -> bool {
    let same =
        |(asked, word): (&String, &Word)| plain_e(&narrow(asked)) == plain_e(&narrow(&word.text));
    phrase.words.len() == phrase.typed.len()
        && !phrase.prefix
        && phrase.words.iter().zip(here).all(same)
        && phrase
            .typed
            .iter()
            .zip(here)
            .any(|(typed, word)| small(word, text) != typed.to_lowercase())
}

fn follows(phrase: &Phrase, here: &[Word]) -> bool {
    let last = phrase.words.len() - 1;
    phrase.words.iter().zip(here).enumerate().all(|(at, (asked, word))| {
        let (asked, word) = (narrow(asked), narrow(&word.text));
        let (asked, word) = (plain_e(&asked), plain_e(&word));
        if phrase.prefix && at == last { word.starts_with(asked.as_ref()) } else { asked == word }
    })
}

/// The text with `before` and `after` around every hit; hits that touch, or that only white space
/// parts, are one.
pub fn highlighted(text: &str, marks: &[Mark], before: &str, after: &str) -> String {
    let mut marked = String::with_capacity(text.len() + marks.len() * (before.len() + after.len()));
    let mut done = 0;
    for span in merged(text, marks) {
        marked.push_str(text.get(done..span.start).unwrap_or_default());
        marked.push_str(before);
        marked.push_str(text.get(span.clone()).unwrap_or_default());
        marked.push_str(after);
        done = span.end;
    }
    marked.push_str(text.get(done..).unwrap_or_default());
    marked
}

fn merged(text: &str, marks: &[Mark]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = marks.iter().map(|mark| mark.span.clone()).collect();
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if is_gap(text, last.end, span.start) => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

fn is_gap(text: &str, end: usize, start: usize) -> bool {
    end >= start || text.get(end..start).is_some_and(|gap| gap == " ")
}

/// The stretch of the text, at most `width` columns wide on a terminal, that holds the most different
/// clauses, with its hits marked, `…` where text is left out, and white space made single spaces.
pub fn snippet(text: &str, marks: &[Mark], width: usize, before: &str, after: &str) -> String {
    let stretch = stretch(text, marks, width);
    let inside: Vec<Mark> = marks
        .iter()
        .filter(|mark| stretch.start <= mark.span.start && mark.span.end <= stretch.end)
        .map(|mark| Mark {
            span: mark.span.start - stretch.start..mark.span.end - stretch.start,
            ..mark.clone()
        })
        .collect();
    let shown = text.get(stretch.clone()).unwrap_or(text);
    let marked = highlighted(shown, &inside, before, after);
    let words: Vec<&str> = marked.split_whitespace().collect();
    let open = if stretch.start > 0 { "… " } else { "" };
    let close = if stretch.end < text.len() { " …" } else { "" };
    format!("{open}{}{close}", words.join(" "))
}

fn stretch(text: &str, marks: &[Mark], width: usize) -> Range<usize> {
    let places = places(text);
    let total = places.last().map_or(0, |&(_, column)| column);
    if total <= width {
        return 0..text.len();
    }
    let column = |byte: usize| {
        let at = places.partition_point(|&(start, _)| start < byte);
        places.get(at).map_or(total, |&(_, column)| column)
    };
    let start = best_start(marks, width, &column);
    // A quarter of the width goes to what stands before the first hit.
    let from = column(start).saturating_sub(width / 4).min(total.saturating_sub(width));
    let first = places.partition_point(|&(_, column)| column < from);
    let last = places.partition_point(|&(_, column)| column <= from + width);
    let byte = |at: usize| places.get(at).map_or(text.len(), |&(start, _)| start);
    at_word(text, byte(first), true)..at_word(text, byte(last.saturating_sub(1)), false)
}

/// The first byte of the mark from which the most different clauses follow within three quarters of
/// the width.
fn best_start(marks: &[Mark], width: usize, column: &impl Fn(usize) -> usize) -> usize {
    let mut best = (0, 0);
    for (at, mark) in marks.iter().enumerate() {
        let from = column(mark.span.start);
        let following = marks.iter().skip(at).take(64);
        let mut clauses: Vec<usize> = following
            .take_while(|next| column(next.span.end) <= from + width * 3 / 4)
            .map(|next| next.clause)
            .collect();
        clauses.sort_unstable();
        clauses.dedup();
        if clauses.len() > best.0 {
            best = (clauses.len(), mark.span.start);
        }
    }
    best.1
}

/// Every character's first byte and the column it starts at, CJK characters being two columns wide;
/// then the end of both.
fn places(text: &str) -> Vec<(usize, usize)> {
    let mut column = 0;
    let mut places: Vec<(usize, usize)> = Vec::with_capacity(text.len() + 1);
    for (byte, c) in text.char_indices() {
        places.push((byte, column));
        column += if super::spacing::is_cjk(c) { 2 } else { 1 };
    }
    places.push((text.len(), column));
    places
}

/// The place moved by at most 20 characters, so that no Latin word is cut: to the right for a start, to
/// the left for an end.
fn at_word(text: &str, byte: usize, start: bool) -> usize {
    if byte == 0 || byte >= text.len() {
        return byte;
    }
    let (left, right) = text.split_at_checked(byte).unwrap_or((text, ""));
    let cut = |c: char| c.is_alphanumeric() && !super::spacing::is_cjk(c);
    if !left.ends_with(cut) || !right.starts_with(cut) {
        return byte;
    }
    let found = if start {
        right.char_indices().take(20).find(|&(_, c)| !cut(c)).map(|(at, _)| byte + at)
    } else {
        left.char_indices().rev().take(20).find(|&(_, c)| !cut(c)).map(|(at, c)| at + c.len_utf8())
    };
    found.unwrap_or(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, typed: &str) -> String {
        let marks = Finder::new(&Typed::read(typed, false)).marks(text);
        highlighted(text, &marks, "[", "]")
    }

    #[test]
    fn words_are_marked_in_every_form_and_excluded_ones_never() {
        assert_eq!(
            marked("Corridors: the corridor's cities, no tax", "corridor city -tax the"),
            "[Corridors]: the [corridor]'s [cities], no tax"
        );
        assert_eq!(marked("Вдоль дороги и дорог", "дорогу"), "Вдоль [дороги] и [дорог]");
    }

    #[test]
    fn phrases_prefixes_and_neighbours_are_marked_as_one() {
        assert_eq!(
            marked("“One Belt, One Road” of industry", "\"one belt\" \"one road\" indus*"),
            "“[One Belt], [One Road]” of [industry]"
        );
        assert_eq!(marked("new trade fair", "trade fair"), "new [trade fair]");
    }

    #[test]
    fn pairs_of_characters_merge_into_runs_and_width_does_not_matter() {
        assert_eq!(marked("黑龙江省东北振兴的规划", "东北振兴规划"), "黑龙江省[东北振兴]的[规划]");
        assert_eq!(marked("ＧＤＰは２０２１年", "gdp 2021"), "[ＧＤＰ]は[２０２１]年");
    }

    #[test]
    fn words_cut_by_line_ends_are_marked_whole() {
        assert_eq!(marked("the logis-\ntics hub", "logistics"), "the [logis-\ntics] hub");
    }

    #[test]
    fn a_snippet_shows_the_stretch_with_the_most_words() {
        let text = format!(
            "harbin {} a trade fair\nin  Harbin {}",
            "so it goes ".repeat(40),
            "and on ".repeat(40)
        );
        let marks = Finder::new(&Typed::read("trade fair harbin", false)).marks(&text);
        assert_eq!(
            snippet(&text, &marks, 60, "[", "]"),
            "… so it goes a [trade fair] in [Harbin] and on and on and on …"
        );
    }

    #[test]
    fn a_snippet_of_chinese_cuts_between_characters() {
        let text = "一二三四五六七八九十".repeat(20) + "东北振兴" + &"甲乙丙丁".repeat(50);
        let marks = Finder::new(&Typed::read("东北振兴", false)).marks(&text);
        assert_eq!(
            snippet(&text, &marks, 40, "[", "]"),
            "… 六七八九十[东北振兴]甲乙丙丁甲乙丙丁甲乙丙 …"
        );
    }

    #[test]
    fn a_short_or_empty_text_is_shown_whole() {
        assert_eq!(snippet("", &[], 40, "[", "]"), "");
        assert_eq!(snippet("a\n b", &[], 40, "[", "]"), "a b");
    }
}

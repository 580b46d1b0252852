//! The language of a text: by its scripts first, by its letter sequences where scripts do not tell.
//!
//! It never answers for a text too short to tell. Chinese is `zh` in either script: the characters
//! that the two share are too many for a short text to be told apart soundly.

use whichlang::{Lang, detect_language};

use super::marks;
use crate::model::Language;

/// Fewer letters than this of Latin, Cyrillic and the like tell nothing.
const FEWEST_LETTERS: usize = 20;

/// Fewer letters than this are more than the classifier can tell; it takes names for Italian.
const FEWEST_CLASSIFIED: usize = 60;

/// Paragraphs that know their language speak for the document from this length on, in bytes.
const ENOUGH: usize = 400;

/// A Chinese, Japanese or Korean character says as much as this many letters.
const CJK_WEIGHT: usize = 3;

/// Characters looked at, at most; the language of a paragraph shows early.
const SAMPLE: usize = 128;

/// Letters given to the classifier, at most, in bytes: it is the slow part.
const CLASSIFIED: usize = 128;

/// The language of a paragraph, or `None` where it is too short or has too few letters to tell.
pub fn of(text: &str) -> Option<Language> {
    let scripts = Scripts::of(text);
    scripts.language(text).map(Language::tag)
}

/// The language of a document: the one most of its text is in, weighed by length.
///
/// `parts` are paragraphs with the languages found for each; where they have little of one, the
/// beginning of all of them together is asked.
pub fn of_document<'a>(
    parts: impl Iterator<Item = (&'a str, Option<&'a Language>)>,
) -> Option<Language> {
    let mut weights: Vec<(&Language, usize)> = Vec::new();
    let mut start = String::new();
    for (text, language) in parts {
        if start.len() < SAMPLE {
            start.extend(text.chars().take(SAMPLE));
            start.push(' ');
        }
        let Some(language) = language else { continue };
        // A character of a longer encoding says more, so bytes are fairer than characters.
        match weights.iter_mut().find(|(known, _)| *known == language) {
            Some((_, weight)) => *weight += text.len(),
            None => weights.push((language, text.len())),
        }
    }
    let most = weights.iter().max_by_key(|(_, weight)| *weight);
    match most {
        Some((language, weight)) if *weight >= ENOUGH => Some((*language).clone()),
        // Many short lines together may tell what none of them does; of the same words again and again
        // the classifier tells less than nothing.
        most => {
            let told = if has_many_words(&start) { of(&start) } else { None };
            told.or_else(|| most.map(|(language, _)| (*language).clone()))
        }
    }
}

/// Whether most words of a text, numbers aside, stand in it once; text without spaces has no words.
fn has_many_words(text: &str) -> bool {
    let words = text.split_whitespace().filter(|word| word.starts_with(char::is_alphabetic));
    let mut words: Vec<&str> = words.collect();
    let all = words.len();
    words.sort_unstable();
    words.dedup();
    words.len() * 2 > all
}

/// Whether two languages are written alike, so that a short text in one may be taken for the other.
pub fn share_script(whole: &Language, part: Option<&Language>) -> bool {
    let script = |language: &Language| match language.as_str() {
        "zh" | "ja" => "han",
        "ru" | "uk" | "bg" | "sr" => "cyrillic",
        "ko" => "hangul",
        "ar" => "arabic",
        "hi" => "devanagari",
        _ => "latin",
    };
    part.is_some_and(|part| script(part) == script(whole))
}

#[derive(Default)]
struct Scripts {
    latin: usize,
    cyrillic: usize,
    han: usize,
    kana: usize,
    hangul: usize,
    other: usize,
    /// Letters of Cyrillic alphabets other than the Russian.
    ukrainian: usize,
    /// Letters that Russian has and Bulgarian and Serbian have not.
    russian: usize,
    south_slavic: usize,
    /// ъ, a vowel in Bulgarian and rare in Russian.
    hard_signs: usize,
}

impl Scripts {
    fn of(text: &str) -> Self {
        let mut scripts = Self::default();
        let head = text.as_bytes().get(..text.len().min(SAMPLE)).unwrap_or_default();
        if head.is_ascii() {
            scripts.latin = head.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
            return scripts;
        }
        for c in text.chars().take(SAMPLE) {
            scripts.count(c);
        }
        scripts
    }

    fn count(&mut self, c: char) {
        match c {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
                self.latin += 1
            }
            '\u{400}'..='\u{52f}' => {
                self.cyrillic += 1;
                self.ukrainian += usize::from(matches!(c, 'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є'));
                self.russian += usize::from(matches!(c, 'ы' | 'э' | 'Ы' | 'Э' | 'ё'));
                self.hard_signs += usize::from(c == 'ъ');
                self.south_slavic += usize::from(matches!(c, 'ј' | 'љ' | 'њ' | 'ћ' | 'ђ' | 'џ'));
            }
            '\u{3041}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9d}' => {
                self.kana += usize::from(c != '・')
            }
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3fffd}' => {
                self.han += 1;
            }
            c if marks::is_hangul(c) => self.hangul += 1,
            c if c.is_alphabetic() => self.other += 1,
            _ => {}
        }
    }

    fn language(&self, text: &str) -> Option<&'static str> {
        let cjk = (self.han + self.kana + self.hangul) * CJK_WEIGHT;
        let rest = self.latin.max(self.cyrillic).max(self.other);
        if cjk >= rest.max(12) {
            return self.east_asian(text);
        }
        if rest < FEWEST_LETTERS {
            return None;
        }
        if self.cyrillic == rest {
            return Some(self.cyrillic_language());
        }
        if self.latin == rest && is_english(text) {
            return Some("en");
        }
        if self.latin == rest && is_latin(text) {
            return Some("la");
        }
        if rest < FEWEST_CLASSIFIED { None } else { classified(text) }
    }

    fn east_asian(&self, text: &str) -> Option<&'static str> {
        if self.hangul * 2 > self.han + self.kana {
            return Some("ko");
        }
        if self.kana * 12 >= self.han + self.kana {
            return Some("ja");
        }
        // A name or a heading in Han characters alone may be Chinese or Japanese.
        let chinese = |c| {
            matches!(
                c,
                '了' | '是' | '这' | '這' | '们' | '們' | '与' | '为' | '对' | '從' | '从' | '个'
            )
        };
        (self.han >= 24 || self.han >= 10 && text.chars().take(SAMPLE).any(chinese)).then_some("zh")
    }

    fn cyrillic_language(&self) -> &'static str {
        if self.ukrainian * 40 > self.cyrillic {
            return "uk";
        }
        if self.south_slavic * 40 > self.cyrillic {
            return "sr";
        }
        if self.russian == 0 && self.hard_signs >= 2 && self.hard_signs * 100 > self.cyrillic {
            return "bg";
        }
        "ru"
    }
}

/// Whether the first words hold so many of the commonest English ones that nothing else is likely.
///
/// Asked first because it costs a twentieth of the classifier.
fn is_english(text: &str) -> bool {
    let (mut words, mut common) = (0, 0);
    for word in text.split_ascii_whitespace().take(40) {
        words += 1;
        common += usize::from(is_common_english(word));
        // Three of them in two dozen words leave no doubt; the rest need not be read.
        if common >= 3 && common * 8 >= words {
            return true;
        }
    }
    common >= 2 && common * 4 >= words
}

/// Words that are Latin and of no language that came of it.
const LATIN: [&str; 20] = [
    "ac", "amet", "atque", "autem", "eget", "eius", "enim", "erat", "esse", "est", "haec",
    "igitur", "ipsum", "nec", "quae", "quam", "quidem", "quod", "sed", "ut",
];

/// Whether the first words hold three of these, each another, which no text in another language does.
fn is_latin(text: &str) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    for word in text.split_ascii_whitespace().take(40) {
        let word = word.trim_matches(|c: char| !c.is_alphabetic());
        let known = LATIN.iter().find(|known| known.eq_ignore_ascii_case(word));
        if let Some(known) = known.filter(|known| !seen.contains(known)) {
            seen.push(known);
        }
    }
    seen.len() >= 3
}

fn is_common_english(word: &str) -> bool {
    let mut lower = [0_u8; 5];
    let Some(head) = lower.get_mut(..word.len()) else { return false };
    head.copy_from_slice(word.as_bytes());
    head.make_ascii_lowercase();
    matches!(
        &*head,
        b"the"
            | b"of"
            | b"and"
            | b"to"
            | b"that"
            | b"is"
            | b"was"
            | b"for"
            | b"with"
            | b"by"
            | b"are"
            | b"it"
            | b"from"
            | b"this"
            | b"which"
            | b"have"
            | b"has"
            | b"been"
            | b"be"
            | b"their"
            | b"its"
            | b"would"
    )
}

fn classified(text: &str) -> Option<&'static str> {
    let end = (CLASSIFIED.min(text.len())..text.len()).find(|at| text.is_char_boundary(*at));
    let head = text.get(..end.unwrap_or(text.len())).unwrap_or(text);
    Some(match detect_language(head) {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Option<String> {
        of(text).map(|language| language.as_str().to_owned())
    }

    #[test]
    fn the_five_languages_and_some_neighbours_are_told_apart() {
        for (text, language) in [
            ("The port of the city was opened to foreign ships.", "en"),
            (
                "Customs revenue rose sharply during spring months while shipping prices fell again.",
                "en",
            ),
            ("东北地区要进一步扩大对外开放，加强与周边国家的经济贸易合作。", "zh"),
            ("東北地區要進一步擴大對外開放，加強與周邊國家的經濟貿易合作。", "zh"),
            ("東北アジアの経済協力はこれからの課題である。", "ja"),
            ("동북아시아의 경제 협력은 앞으로의 과제이다.", "ko"),
            ("Сотрудничество двух стран быстро развивается.", "ru"),
            ("Співпраця двох країн швидко розвивається і міцніє.", "uk"),
            (
                "Der Hafen der Stadt wurde für fremde Schiffe geöffnet, die mit vielen Waren aus dem Osten kamen.",
                "de",
            ),
            (
                "Le port de la ville a été ouvert aux navires étrangers, qui sont venus de tous les pays.",
                "fr",
            ),
            (
                "Portus urbis navibus peregrinis apertus est, sed vectigalia nec pauca nec parva, ut aiunt.",
                "la",
            ),
        ] {
            assert_eq!(tag(text).as_deref(), Some(language), "{text}");
        }
    }

    #[test]
    fn short_texts_and_numbers_have_no_language() {
        for text in [
            "Saudi Arabia, Russia, Singapore",
            "",
            "12.5 %",
            "Ranking",
            "№ 7",
            "大连",
            "—",
            "Table 3 / 2016",
        ] {
            assert_eq!(tag(text), None, "{text}");
        }
    }

    #[test]
    fn a_few_foreign_words_do_not_change_the_language() {
        assert_eq!(
            tag("他用 Microsoft Windows 和 Linux 操作系统完成了这一项目的主要工作任务。")
                .as_deref(),
            Some("zh")
        );
        assert_eq!(tag("The term 一带一路 is the name of the initiative.").as_deref(), Some("en"));
    }

    #[test]
    fn a_document_has_the_language_most_of_it_is_in() {
        let (en, ru) = (Language::tag("en"), Language::tag("ru"));
        let parts =
            [("Abstract in English", Some(&en)), ("Большая статья на русском языке", Some(&ru))];
        assert_eq!(of_document(parts.into_iter()), Some(ru.clone()));
        let short = [
            ("大连港", None),
            ("对外开放", None),
            ("贸易增长，合作深入，前景广阔，港口繁荣", None),
        ];
        assert_eq!(of_document(short.into_iter()), Some(Language::tag("zh")));
        assert_eq!(of_document(std::iter::empty()), None);
    }

    #[test]
    fn a_hundred_thousand_combining_marks_are_bounded_work() {
        assert_eq!(tag(&format!("a{}", "\u{301}".repeat(100_000))), None);
    }
}

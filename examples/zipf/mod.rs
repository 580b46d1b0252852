//! Documents that look like real ones and are the same for the same number: words by Zipf's law in five
//! scripts, a tenth of the documents near copies of earlier ones.

#![allow(dead_code, reason = "not every command needs all of it")]

use super::random::Random;

/// Different words of a language.
const WORDS: usize = 60_000;
/// One document in so many is a near copy.
const COPIES: u64 = 10;
/// A copy is of one of so many documents before it.
const BACK: u64 = 1_000;
/// In a copy one word in so many is another.
const ALTERED: usize = 25;

const ONSETS: [&str; 16] =
    ["b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr"];
const VOWELS: [&str; 6] = ["a", "e", "i", "o", "u", "ai"];
const CODAS: [&str; 6] = ["", "n", "r", "s", "l", "t"];
const RUSSIAN: [&str; 16] =
    ["б", "в", "г", "д", "ж", "з", "к", "л", "м", "н", "п", "р", "с", "т", "ст", "пр"];
const RUSSIAN_VOWELS: [&str; 6] = ["а", "е", "и", "о", "у", "я"];

/// What a document is written in.
#[derive(Clone, Copy, PartialEq)]
enum Script {
    Latin,
    Cyrillic,
    Han,
    Kana,
    Hangul,
}

/// A document's title and paragraphs.
pub(crate) struct Document {
    pub(crate) title: String,
    pub(crate) paragraphs: Vec<String>,
}

impl Document {
    /// The document with this number, from 0.
    pub(crate) fn numbered(number: u64) -> Self {
        let mut random = Random(number);
        let is_copy = number % COPIES == COPIES - 1;
        // Never a copy of a copy: what it is of is the same however many there are.
        let of = if is_copy { number - 1 - random.next() % BACK.min(number) } else { number };
        let of = if is_copy && of % COPIES == COPIES - 1 { of - 1 } else { of };
        let alter = is_copy.then_some(&mut random);
        Self::written(&mut Random(of ^ 0x5eed), alter)
    }

    fn written(random: &mut Random, mut alter: Option<&mut Random>) -> Self {
        let script = match random.below(10) {
            0..5 => Script::Latin,
            5..7 => Script::Cyrillic,
            7 => Script::Kana,
            8 => Script::Hangul,
            _ => Script::Han,
        };
        let title = sentence(script, random, &mut alter, 6);
        let paragraphs = (0..2 + random.below(4))
            .map(|_| {
                let sentences: Vec<String> = (0..2 + random.below(4))
                    .map(|_| sentence(script, random, &mut alter, 18))
                    .collect();
                sentences.join(script.space())
            })
            .collect();
        Self { title, paragraphs }
    }

    /// The paragraphs with blank lines between.
    pub(crate) fn text(&self) -> String {
        self.paragraphs.join("\n\n")
    }
}

impl Script {
    fn space(self) -> &'static str {
        if matches!(self, Script::Han | Script::Kana) { "" } else { " " }
    }

    fn stop(self) -> &'static str {
        if matches!(self, Script::Han | Script::Kana) { "。" } else { "." }
    }

    /// The word with this rank; the commonest are the shortest.
    fn word(self, rank: usize) -> String {
        let mut random = Random(rank as u64 * 8 + self as u64);
        let syllables = 1 + usize::from(rank > 60) + usize::from(rank > 3_000);
        let letter = |base: u32, count: usize, random: &mut Random| {
            char::from_u32(base + random.below(count) as u32).unwrap_or('x').to_string()
        };
        let syllable = |_| match self {
            Script::Latin => {
                [pick(&ONSETS, &mut random), pick(&VOWELS, &mut random), pick(&CODAS, &mut random)]
                    .concat()
            }
            Script::Cyrillic => {
                [pick(&RUSSIAN, &mut random), pick(&RUSSIAN_VOWELS, &mut random)].concat()
            }
            Script::Han => letter(0x4e00, 6_000, &mut random),
            Script::Kana => letter(0x3042, 80, &mut random),
            Script::Hangul => letter(0xac00, 11_000, &mut random),
        };
        (0..syllables).map(syllable).collect()
    }
}

fn pick<'a>(from: &[&'a str], random: &mut Random) -> &'a str {
    from.get(random.below(from.len())).copied().unwrap_or_default()
}

/// A rank by Zipf's law: the n-th word is n times rarer than the first.
fn rank(random: &mut Random) -> usize {
    let share = random.below(1 << 30) as f64 / f64::from(1 << 30);
    ((WORDS as f64).powf(share) - 1.0) as usize
}

fn sentence(
    script: Script,
    random: &mut Random,
    alter: &mut Option<&mut Random>,
    words: usize,
) -> String {
    let count = words / 2 + random.below(words);
    let words: Vec<String> = (0..count)
        .map(|_| {
            let own = rank(random);
            match alter {
                Some(alter) => {
                    let is_other = alter.below(ALTERED) == 0;
                    script.word(if is_other { rank(alter) } else { own })
                }
                None => script.word(own),
            }
        })
        .collect();
    words.join(script.space()) + script.stop()
}

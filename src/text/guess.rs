//! Finds which encoding of one byte a character a text is in.
//!
//! Every codec, with every language it was used for, reads the same pairs of bytes; the reading whose
//! letters follow each other as in that language, upper case where upper case stands, marks where marks
//! stand, costs least. It decides between encodings only: what language a text is in is found out of the
//! decoded text. Encodings of several bytes a character are not its business.

use std::sync::LazyLock;

use super::codec::Codec;

mod candidates;
mod evidence;
mod letters;
mod reading;

use candidates::CANDIDATES;
use evidence::Evidence;
use letters::MODELS;
use reading::Reading;

/// The encoding that reads a text best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Guess {
    pub(super) codec: Codec,
    /// How sure it is that no other encoding gives the right text, in percent.
    pub(super) confidence: u8,
    /// Mean cost of a pair of characters, in quarters of a natural logarithm: 9 to 12 where text
    /// is read right, 15 and more where it is not or where there is hardly any.
    pub(super) cost: f64,
    /// Pairs that were looked at.
    pub(super) pairs: u32,
    /// The encoding is of Thai, whose letters are told by their being Thai alone.
    pub(super) is_thai: bool,
}

impl Guess {
    /// Whether the text is read so well that it is no East Asian one, which this reads like noise:
    /// of 2,600 such strings in six encodings none that had twelve pairs cost less than 13.8, of
    /// 7,600 in the right encoding of one byte a character nine in ten cost less than 12.
    pub(super) fn is_read_well(self) -> bool {
        self.cost <= 12.0 && self.pairs >= 12 && !self.is_thai
    }
}

static READINGS: LazyLock<Vec<Reading>> = LazyLock::new(|| {
    let of = |candidate: &'static candidates::Candidate| {
        let models = candidate.languages.split(' ').filter_map(|language| MODELS.get(language));
        models.map(move |model| Reading::new(candidate, model))
    };
    CANDIDATES.iter().flat_map(of).collect()
});

/// How much of a text is looked at, in bytes, from just before its first byte beyond ASCII.
const SAMPLE: usize = 256 << 10;

/// The guess for a text, or `None` where it has no byte beyond ASCII.
pub(super) fn one_byte_a_character(bytes: &[u8]) -> Option<Guess> {
    let start = bytes.iter().position(|byte| !byte.is_ascii())?;
    let rest = bytes.get(start.saturating_sub(64)..).unwrap_or(bytes);
    let evidence = Evidence::of(rest.get(..SAMPLE).unwrap_or(rest));
    let costs: Vec<(u64, &Reading)> =
        READINGS.iter().map(|reading| (reading.cost(&evidence), reading)).collect();
    let (least, best) = costs.iter().min_by_key(|(cost, _)| *cost)?;
    let foreign = foreign_bytes(rest);
    let agrees = |other: &Reading| foreign.iter().all(|byte| best.agrees(other, *byte));
    let second = costs.iter().filter(|(_, other)| !agrees(other)).map(|(cost, _)| *cost).min();
    let cost = *least as f64 / f64::from(evidence.total.max(1));
    let margin = second.map_or(u64::MAX, |second| second - least);
    // Of encodings that give one and the same text the commonest is named.
    let named = READINGS.iter().find(|reading| agrees(reading)).unwrap_or(best);
    Some(Guess {
        codec: named.candidate.codec,
        confidence: confidence(margin, cost),
        cost,
        pairs: evidence.total,
        is_thai: best.candidate.languages == "th",
    })
}

/// The bytes beyond ASCII that occur.
fn foreign_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut occurs = [false; 256];
    for byte in bytes {
        if let Some(occurs) = occurs.get_mut(usize::from(*byte)) {
            *occurs = true;
        }
    }
    (128..=255).filter(|byte| occurs.get(usize::from(*byte)) == Some(&true)).collect()
}

/// Pairs in a text are no independent witnesses, so a margin counts for a third of what it says; and a
/// reading that is itself unlike its language is doubted however bad the others are.
fn confidence(margin: u64, cost: f64) -> u8 {
    let nats = margin as f64 / 4.0;
    let sure = 1.0 / (1.0 + (-nats / 3.0).exp());
    let likeness = ((20.0 - cost) / 6.0).clamp(0.1, 1.0);
    (sure * likeness * 100.0).min(99.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(bytes: &[u8]) -> (&'static str, u8) {
        let guess = one_byte_a_character(bytes).unwrap();
        (guess.codec.name(), guess.confidence)
    }

    #[test]
    fn neighbours_are_told_apart_by_their_letters() {
        let hungarian = "A hűtőszekrényből eltűnt a főzelék, és az őrző sem tűrte.";
        let (bytes, _, _) = encoding_rs::WINDOWS_1250.encode(hungarian);
        let (name, _) = guess(&bytes);
        let (read, _) = Codec::labelled(name).unwrap().decode(&bytes);
        assert_eq!(read, hungarian);
        let german =
            "Die Fähre fährt über den Fluß, sobald das Eis bricht; größere Züge müssen warten.";
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(german);
        assert_eq!(guess(&bytes).0, "windows-1252");
    }

    #[test]
    fn one_sign_of_money_among_english_words_is_no_letter() {
        assert_eq!(guess(b"The fare is \xA312 for a day and \xA360 for a week.").0, "windows-1252");
    }

    #[test]
    fn a_long_text_is_surer_than_a_word() {
        let russian = "Паром отправляется в полдень, если лёд на реке не помешает движению.";
        let (bytes, _, _) = encoding_rs::KOI8_R.encode(russian);
        let (name, long) = guess(&bytes);
        assert_eq!(name, "KOI8-R");
        let (_, short) = guess(&bytes[..5]);
        assert!(long >= 95 && short < long, "{long} {short}");
    }

    #[test]
    fn ascii_is_no_evidence() {
        assert_eq!(one_byte_a_character(b"plain text"), None);
        assert_eq!(one_byte_a_character(b""), None);
    }
}

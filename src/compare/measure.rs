//! Measures two texts against each other: what is shared, in which words, and what differs how.
//!
//! Differences are told apart by kind, because their amount alone says nothing: scattered wrong letters
//! in otherwise equal words (noise), words that stand nowhere else in the archive (mostly noise too), and
//! words that are known from elsewhere (another text).

use super::align::{Block, align};
use super::filter::Filter;
use super::rarity::Rarity;
use super::words::{Reading, runs};
use crate::text::spacing::is_cjk;
use rapidfuzz::distance::levenshtein;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A shared run of at most so many words between larger differences is taken for chance.
const CHANCE: usize = 2;
/// Words in a run that was moved to another place.
const MOVED: usize = 6;
/// Letters in a difference that is looked at letter by letter.
const LETTERS: usize = 4000;
/// Weight of words taken for misread beyond recognition, for each that is misread within.
const MISREAD: f64 = 3.0;
/// Weight of what counts as the opening of a text, and the least weight of a word in it.
const OPENING: f64 = 12.0;
const OWN: f64 = 0.2;
/// Above this share of equal letters a difference is noise to that share.
const ALIKE: f64 = 0.5;
/// Length of a run of equal words, from which it is taken for a quotation: some five English words.
const QUOTED: usize = 24;

/// One of the two texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    /// Number of words.
    pub words: usize,
    /// Number of words that the other text has too, in noise counted by the share of equal letters.
    pub shared: f64,
    /// Sum of the weights of all words.
    pub weight: f64,
    /// Weight of shared words.
    pub shared_weight: f64,
    /// Weight of words that the other lacks and that stand elsewhere in the archive.
    pub known: f64,
    /// Weight of words that the other lacks and that stand nowhere else.
    pub unknown: f64,
    /// How many of its words are numbers.
    pub figures: usize,
    /// Numbers that the other lacks, as written but folded, in order.
    pub numbers: Vec<String>,
    /// Words in runs that both have and that are too long to be chance.
    pub quoted: usize,
    /// The share of what it begins with, template aside, that the other lacks.
    pub opening: f64,
    /// Weight that differs inside of words and runs that are alike letter by letter.
    pub misread: f64,
    /// Words that the other lacks, with how much of their weight it lacks.
    pub(super) lacking: Vec<(usize, f64)>,
}

/// Two texts measured against each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measure {
    /// The first text.
    pub left: Side,
    /// The second text.
    pub right: Side,
    /// Stretches of words that both have, in the order of the left text.
    pub shared: Vec<Block>,
    /// Whether some of them stand in another order.
    pub moved: bool,
}

impl Side {
    /// Whether nine in ten of its numbers are lacking in the other text, and two other words at least.
    pub fn has_other_figures(&self) -> bool {
        self.numbers.len() * 10 >= self.figures * 9
            && self.figures > 0
            && self.lacking.len() >= self.numbers.len() + 2
    }

    /// The share of its words that the other text has too, 0 to 1: Broder's containment by words.
    pub fn share(&self) -> f64 {
        ratio(self.shared, self.words as f64)
    }

    /// The share of its weight that differs in known words.
    pub fn known_share(&self) -> f64 {
        ratio(self.known, self.weight)
    }

    /// The share of its weight that differs in words known nowhere else.
    pub fn unknown_share(&self) -> f64 {
        ratio(self.unknown, self.weight)
    }

    /// Tells known words from others.
    fn know(&mut self, reading: &Reading, is_known: &mut dyn FnMut(u64, &str) -> bool) {
        if self.misread <= 0.0 {
            return self.split(0.0);
        }
        let unknown = self.lacking.iter().filter(|(word, _)| {
            let id = reading.ids().get(*word).copied().unwrap_or_default();
            !is_known(id, reading.word(*word))
        });
        self.split(unknown.map(|(_, weight)| weight).sum());
    }

    /// Of what the other lacks so much stands nowhere else. A word that stands nowhere else is a misreading
    /// only among others: where nothing is alike letter by letter, a new word is news, as good as known.
    fn split(&mut self, unknown: f64) {
        let lacking: f64 = self.lacking.iter().map(|(_, weight)| weight).sum();
        self.unknown = unknown.min(MISREAD * self.misread).min(lacking);
        self.known = lacking - self.unknown;
    }
}

impl Measure {
    /// Shared words by all words (0 to 1): Broder's resemblance by aligned words.
    pub fn resemblance(&self) -> f64 {
        let shared = self.left.shared.midpoint(self.right.shared);
        ratio(shared, self.left.words as f64 + self.right.words as f64 - shared)
    }

    /// The larger of the two shares: 1 where one text stands wholly in the other.
    pub fn containment(&self) -> f64 {
        self.left.share().max(self.right.share())
    }

    /// How much the two have in common that few others have, in words.
    pub fn evidence(&self) -> f64 {
        self.left.shared_weight.midpoint(self.right.shared_weight)
    }

    /// The larger share of weight that differs in words known nowhere else.
    pub fn noise(&self) -> f64 {
        self.left.unknown_share().max(self.right.unknown_share())
    }

    /// The larger share of what each begins with, template aside, that the other lacks: most titles are
    /// in there.
    pub fn opening(&self) -> f64 {
        self.left.opening.max(self.right.opening)
    }

    /// Tells the differing words that the archive knows from elsewhere from those it does not.
    pub fn know(
        &mut self,
        left: &Reading,
        right: &Reading,
        is_known: &mut dyn FnMut(u64, &str) -> bool,
    ) {
        self.left.know(left, is_known);
        self.right.know(right, is_known);
    }

    /// Takes all differing words for known from elsewhere, or as many as may be for unknown.
    pub fn suppose(&mut self, are_known: bool) {
        let unknown = if are_known { 0.0 } else { f64::MAX };
        self.left.split(unknown);
        self.right.split(unknown);
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}

/// Measures two readings, whose words weigh as given.
pub fn measure(left: &Reading, right: &Reading, weights: (&Rarity, &Rarity)) -> Measure {
    let mut blocks = without_chance(blocks(left, right));
    let moved = moved(left, right, &mut blocks);
    let mut sums = [Sums::new(left, weights.0), Sums::new(right, weights.1)];
    let mut shared = Vec::new();
    for Stretch { block, moved: is_moved } in &blocks {
        let [l, r] = &mut sums;
        if block.equal {
            l.share(block.left.clone(), 1.0);
            r.share(block.right.clone(), 1.0);
            l.quote(block.left.clone());
            r.quote(block.right.clone());
            shared.push(block.clone());
        } else if !is_moved {
            let alike = alike(left, right, block);
            l.share(block.left.clone(), alike);
            r.share(block.right.clone(), alike);
        }
    }
    for block in &moved {
        let [l, r] = &mut sums;
        l.share(block.left.clone(), 1.0);
        r.share(block.right.clone(), 1.0);
        l.quote(block.left.clone());
        r.quote(block.right.clone());
    }
    let is_moved = !moved.is_empty();
    shared.extend(moved);
    shared.sort_by_key(|block| (block.left.start, block.right.start));
    let [l, r] = sums.map(Sums::finish);
    Measure { left: l, right: r, shared, moved: is_moved }
}

/// A block, and whether it is left over after its moved parts were taken out.
struct Stretch {
    block: Block,
    moved: bool,
}

/// What is added up for one side.
struct Sums<'a> {
    reading: &'a Reading,
    rarity: &'a Rarity,
    /// For each word how much of it the other text has.
    shares: Vec<f64>,
    quoted: usize,
}

impl<'a> Sums<'a> {
    fn new(reading: &'a Reading, rarity: &'a Rarity) -> Self {
        Self { reading, rarity, shares: vec![0.0; reading.len()], quoted: 0 }
    }

    fn share(&mut self, words: Range<usize>, share: f64) {
        for slot in self.shares.get_mut(words).unwrap_or_default() {
            *slot = share.max(*slot);
        }
    }

    /// Counts words of a run that both texts have, where it is long enough to be a quotation.
    fn quote(&mut self, words: Range<usize>) {
        // A word has a letter at least.
        if words.len() >= QUOTED || length(self.reading.letters(words.clone())) >= QUOTED {
            self.quoted += words.len();
        }
    }

    fn finish(self) -> Side {
        let (words, quoted) = (self.shares.len(), self.quoted);
        let mut side = Side { words, quoted, ..Side::default() };
        let (mut opening, mut lacking) = (0.0, 0.0);
        for (word, share) in self.shares.iter().copied().enumerate() {
            let weight = f64::from(self.rarity.of(word));
            side.weight += weight;
            let text = self.reading.word(word);
            let is_number = text.starts_with(is_numeric);
            side.figures += usize::from(is_number);
            side.shared += share;
            side.shared_weight += share * weight;
            if opening < OPENING && weight >= OWN {
                opening += weight;
                lacking += (1.0 - share) * weight;
            }
            if share < 1.0 {
                if share > 0.0 {
                    side.misread += (1.0 - share) * weight;
                }
                side.lacking.push((word, (1.0 - share) * weight));
                if is_number {
                    side.numbers.push(text.to_owned());
                }
            }
        }
        side.opening = ratio(lacking, opening);
        side
    }
}

/// Whether the character is a number. Of the characters of Han, kana and hangul none is, and a text in them
/// has as many words.
fn is_numeric(c: char) -> bool {
    !matches!(c, '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}') && c.is_numeric()
}

/// The length of a text in letters of an alphabet, each character without spaces between words taken
/// for as much as it tells: three.
fn length(letters: &str) -> usize {
    letters.chars().map(|c| if is_cjk(c) { 3 } else { 1 }).sum()
}

/// Blocks of words: equal passages first, then the words of the passages between them.
fn blocks(left: &Reading, right: &Reading) -> Vec<Block> {
    let ids = |reading: &Reading| -> Vec<u64> {
        reading.passages.iter().map(|passage| passage.id.cast_unsigned()).collect()
    };
    let words = |reading: &Reading, passages: &Range<usize>| -> Range<usize> {
        let inside = reading.passages.get(passages.clone()).unwrap_or_default();
        let start = inside.first().map_or(0, |passage| passage.words.start);
        start..inside.last().map_or(start, |passage| passage.words.end)
    };
    let mut all = Vec::new();
    for block in align(&ids(left), &ids(right)) {
        let (l, r) = (words(left, &block.left), words(right, &block.right));
        if block.equal {
            all.push(Block { left: l, right: r, equal: true });
            continue;
        }
        let inside = |reading: &Reading, range: &Range<usize>| {
            reading.ids().get(range.clone()).unwrap_or_default().to_vec()
        };
        for part in align(&inside(left, &l), &inside(right, &r)) {
            all.push(Block {
                left: l.start + part.left.start..l.start + part.left.end,
                right: r.start + part.right.start..r.start + part.right.end,
                equal: part.equal,
            });
        }
    }
    all
}

/// Makes short equal runs between larger differences part of them: words that any two texts share.
fn without_chance(blocks: Vec<Block>) -> Vec<Stretch> {
    let size = |at: Option<usize>| {
        let block = at.and_then(|at| blocks.get(at));
        block.map_or(0, |block| block.left.len().max(block.right.len()))
    };
    let mut kept: Vec<Stretch> = Vec::with_capacity(blocks.len());
    for (at, block) in blocks.iter().enumerate() {
        let count = block.left.len();
        let is_chance = block.equal
            && count <= CHANCE
            && size(at.checked_sub(1)) > count
            && size(Some(at + 1)) > count;
        let equal = block.equal && !is_chance;
        match kept.last_mut().filter(|last| last.block.equal == equal) {
            Some(last) => {
                // An empty side of one block says nothing about where the other goes on.
                last.block.left.end = block.left.end.max(last.block.left.end);
                last.block.right.end = block.right.end.max(last.block.right.end);
            }
            None => kept.push(Stretch { block: Block { equal, ..block.clone() }, moved: false }),
        }
    }
    kept
}

/// Runs of words that both texts have, but in another order; the blocks they stand in are marked.
fn moved(left: &Reading, right: &Reading, blocks: &mut [Stretch]) -> Vec<Block> {
    let lacking = |blocks: &[Stretch], pick: fn(&Block) -> Range<usize>| -> Vec<Range<usize>> {
        let different = blocks.iter().filter(|stretch| !stretch.block.equal);
        different.map(|stretch| pick(&stretch.block)).filter(|range| range.len() > CHANCE).collect()
    };
    let (lefts, rights) =
        (lacking(blocks, |block| block.left.clone()), lacking(blocks, |block| block.right.clone()));
    if lefts.is_empty() || rights.is_empty() {
        return Vec::new();
    }
    let runs = Runs::of_both((left, &lefts), (right, &rights));
    let passages = moved_passages(left, &lefts);
    let mut taken = vec![false; left.len()];
    let mut found = Vec::new();
    for (range, runs_begin) in rights.iter().zip(&runs.begin) {
        let mut at = range.start;
        let mut next = right.passages.partition_point(|passage| passage.words.start < at);
        while at < range.end {
            let free = |place: usize| !taken.get(place).copied().unwrap_or(true);
            while right.passages.get(next).is_some_and(|passage| passage.words.start < at) {
                next += 1;
            }
            let passage = right
                .passages
                .get(next)
                .filter(|passage| passage.words.start == at && passage.words.end <= range.end);
            // A whole passage, however short, or a run that is too long to be chance.
            let whole = passage
                .and_then(|passage| passages.get(&passage.id))
                .filter(|words| Range::clone(words).all(free))
                .map(|words| (words.start, words.len()));
            let run = || {
                let may_begin = runs_begin.get(at - range.start).copied().unwrap_or_default();
                let run = right.ids().get(at..at + MOVED).filter(|_| may_begin)?;
                let place = *runs.places.get(run)? as usize;
                let end = lefts.iter().find(|left| left.contains(&place)).map(|left| left.end)?;
                let length = (0..range.end - at)
                    .take_while(|step| {
                        place + step < end
                            && left.ids().get(place + step) == right.ids().get(at + step)
                            && free(place + step)
                    })
                    .count();
                (length >= MOVED).then_some((place, length))
            };
            let Some((place, length)) = whole.or_else(run) else {
                at += 1;
                continue;
            };
            taken.get_mut(place..place + length).unwrap_or_default().fill(true);
            found.push(Block { left: place..place + length, right: at..at + length, equal: true });
            at += length;
        }
    }
    for stretch in blocks {
        let meets = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
        stretch.moved = !stretch.block.equal
            && found.iter().any(|run| {
                meets(&run.left, &stretch.block.left) || meets(&run.right, &stretch.block.right)
            });
    }
    found
}

/// Runs of [`MOVED`] words that may stand in stretches of both texts.
struct Runs<'a> {
    /// For each run of the left text where it stands first.
    places: FxHashMap<&'a [u64], u32>,
    /// For each stretch of the right text, and each of its words that has so many after it, whether a run
    /// of the left text may begin there.
    begin: Vec<Vec<bool>>,
}

impl<'a> Runs<'a> {
    fn of_both(
        (left, lefts): (&'a Reading, &[Range<usize>]),
        (right, rights): (&Reading, &[Range<usize>]),
    ) -> Self {
        let of = |reading: &Reading, stretches: &[Range<usize>]| -> Vec<Vec<u64>> {
            let words =
                stretches.iter().map(|range| reading.ids().get(range.clone()).unwrap_or_default());
            words.map(|words| runs(words, MOVED).collect()).collect()
        };
        let (ours, theirs) = (of(left, lefts), of(right, rights));
        let filter = |runs: &[Vec<u64>]| Filter::of(runs.iter().flatten().copied());
        let (has_left, has_right) = (filter(&ours), filter(&theirs));
        let mut places = FxHashMap::default();
        for (range, hashes) in lefts.iter().zip(&ours) {
            let words = left.ids().get(range.clone()).unwrap_or_default();
            for ((at, run), hash) in words.windows(MOVED).enumerate().zip(hashes) {
                if has_right.may_have(*hash) {
                    places.entry(run).or_insert((range.start + at) as u32);
                }
            }
        }
        let may_begin = |runs: &Vec<u64>| runs.iter().map(|run| has_left.may_have(*run)).collect();
        Self { places, begin: theirs.iter().map(may_begin).collect() }
    }
}

/// The passages of more than chance length that lie in these stretches, by their ids.
fn moved_passages(reading: &Reading, stretches: &[Range<usize>]) -> FxHashMap<i64, Range<usize>> {
    let mut passages = FxHashMap::default();
    for passage in reading.passages.iter().filter(|passage| passage.words.len() > CHANCE) {
        let after = stretches.partition_point(|stretch| stretch.end < passage.words.end);
        if stretches.get(after).is_some_and(|stretch| stretch.start <= passage.words.start) {
            passages.entry(passage.id).or_insert_with(|| passage.words.clone());
        }
    }
    passages
}

/// The share of equal letters in a difference (1 less the normalised Levenshtein distance), where it is
/// large enough to be noise, else 0.
fn alike(left: &Reading, right: &Reading, block: &Block) -> f64 {
    let (l, r) = (left.letters(block.left.clone()), right.letters(block.right.clone()));
    let (short, long) = (l.len().min(r.len()), l.len().max(r.len()));
    if short * 3 < long || long > LETTERS || short == 0 {
        return 0.0;
    }
    let enough = levenshtein::Args::default().score_cutoff(ALIKE);
    let alike = levenshtein::normalized_similarity_with_args(l.chars(), r.chars(), &enough);
    alike.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(left: &str, right: &str) -> (Reading, Reading, Measure) {
        let reading = |text: &str| {
            let lines = text.lines().zip(1..);
            Reading::of(lines.map(|(line, at)| {
                (
                    line.bytes().fold(0i64, |id, byte| id.wrapping_mul(31) + i64::from(byte)),
                    at,
                    line,
                )
            }))
        };
        let (left, right) = (reading(left), reading(right));
        let measure = measure(&left, &right, (&Rarity::even(&left), &Rarity::even(&right)));
        (left, right, measure)
    }

    fn shares(left: &str, right: &str) -> (f64, f64) {
        let (_, _, measure) = measured(left, right);
        let round = |share: f64| (share * 100.0).round() / 100.0;
        (round(measure.left.share()), round(measure.right.share()))
    }

    #[test]
    fn the_same_text_is_shared_whole_and_another_not_at_all() {
        assert_eq!(shares("the ferry sails at noon", "The ferry sails at noon."), (1.0, 1.0));
        assert_eq!(shares("the ferry sails at noon", "grain prices fell again"), (0.0, 0.0));
        assert_eq!(shares("", "x"), (0.0, 0.0));
    }

    #[test]
    fn wrong_letters_are_shared_to_the_share_of_right_ones() {
        let (left, right) =
            shares("the second ferry sails at noon", "the secoud fcrry sails at noon");
        assert!(left > 0.9 && left < 1.0 && left == right, "{left} {right}");
    }

    #[test]
    fn a_text_inside_another_is_contained_in_it() {
        let inside = "the second ferry sails at noon on monday";
        let outside = format!("a bulletin begins here\n{inside}\nand other news follow below it");
        assert_eq!(shares(inside, &outside).0, 1.0);
        let (_, _, measure) = measured(inside, &outside);
        assert_eq!(measure.containment(), 1.0);
        assert!(measure.resemblance() < 0.6);
    }

    #[test]
    fn moved_runs_are_shared_and_said_to_be_moved() {
        let one = "alpha beta gamma delta epsilon zeta eta theta";
        let two = "grain timber coal iron copper zinc lead tin";
        let (_, _, measure) = measured(&format!("{one} {two}"), &format!("{two} {one}"));
        assert_eq!((measure.left.share(), measure.right.share(), measure.moved), (1.0, 1.0, true));
    }

    #[test]
    fn short_passages_in_another_order_are_shared_too() {
        let lines = ["ferry at noon", "grain by rail", "coal by barge", "mail by air"];
        let (_, _, measure) =
            measured(&lines.join("\n"), &[lines[2], lines[1], lines[3], lines[0]].join("\n"));
        assert_eq!((measure.left.share(), measure.right.share(), measure.moved), (1.0, 1.0, true));
    }

    #[test]
    fn single_words_that_any_texts_share_are_no_evidence() {
        let (left, right) = shares(
            "yesterday the minister opened a bridge in the harbour of Sannoe",
            "farmers expect the lowest grain prices since records began in Usun",
        );
        assert_eq!((left, right), (0.0, 0.0));
    }

    #[test]
    fn differing_numbers_are_listed_and_known_words_told_from_noise() {
        let (left, right, mut measure) =
            measured("exports rose 12 per cent in 2016", "exports rose 15 per cent in 2o16");
        assert_eq!(measure.left.numbers, ["12", "2016"]);
        assert_eq!(measure.right.numbers, ["15", "2o16"]);
        measure.know(&left, &right, &mut |_, word| word != "2o16");
        assert_eq!((measure.left.unknown, measure.right.unknown > 0.0), (0.0, true));
    }

    #[test]
    fn what_is_taken_for_no_number_unseen_is_none() {
        assert!(('\0'..=char::MAX).all(|c| is_numeric(c) == c.is_numeric()));
    }

    #[test]
    fn chinese_is_measured_by_characters() {
        let (left, right) = shares("货物运输需要两天时间", "货物运输需要三天时间");
        assert_eq!((left, right), (0.9, 0.9));
    }
}

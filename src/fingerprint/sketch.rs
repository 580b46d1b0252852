//! Sketches: a few hundred numbers that tell how much two texts have in common.
//!
//! One-permutation hashing (Li, Owen and Zhang, "One Permutation Hashing", NIPS 2012) over short runs
//! of letters. A sketch only ever proposes that two texts be compared: what they are to each other is
//! decided on the texts. Sketches are stored, so the procedure must never change.

/// Numbers in a sketch.
pub const BINS: usize = 256;

/// Length of a run: nine letters, where a Chinese, Japanese or Korean character counts twice. Runs
/// are short so that some survive a wrong character in every ten.
const RUN: u32 = 9;

/// Places for the letters of a run: a power of two, for a division by it costs nothing.
const ROOM: usize = 16;

/// Multiplier of the rolling hash of a run: odd, bits well mixed (Steele and Vigna, "Computationally
/// easy, spectrally good multipliers", 2022).
const BASE: u64 = 0xd134_2543_de82_ef95;

/// For each bin the least run that falls into it, cut to 16 bits; 0 where none does. For equal
/// positions of two sketches the chance of equal numbers is the share of runs that their texts have
/// in common (Broder's resemblance), and that of unlike runs meeting is 1 in 65,535.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch(Box<[u16; BINS]>);

impl Default for Sketch {
    /// The sketch of nothing.
    fn default() -> Self {
        Self(Box::new([0; BINS]))
    }
}

impl Sketch {
    /// The sketch of a text, given as folded paragraphs ([`crate::text::normalize::fold_tight`]).
    /// Runs go on from one paragraph to the next, so that the cut into paragraphs does not matter.
    pub fn of<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> Self {
        let mut sketcher = Sketcher::default();
        for paragraph in paragraphs {
            sketcher.read(paragraph);
        }
        sketcher.finish()
    }

    /// The numbers as bytes, low byte first, for storing.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    /// The sketch of which these are the bytes; `None` where their number is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut sketch = Self::default();
        sketch.read(bytes).then_some(sketch)
    }

    /// Makes this the sketch of which these are the bytes, in the room it has; false where their number is
    /// wrong.
    pub fn read(&mut self, bytes: &[u8]) -> bool {
        let (pairs, rest) = bytes.as_chunks::<2>();
        for (number, pair) in self.0.iter_mut().zip(pairs) {
            *number = u16::from_le_bytes(*pair);
        }
        pairs.len() == BINS && rest.is_empty()
    }

    /// At how many places both have the same number.
    pub fn equal(&self, other: &Self) -> u16 {
        // A sum of 16 bits, so that the processor compares many at once.
        let both = self.0.iter().zip(other.0.iter());
        both.map(|(a, b)| u16::from(a == b) & u16::from(*a != 0)).sum()
    }

    /// The numbers; 0 is none.
    pub fn numbers(&self) -> &[u16; BINS] {
        &self.0
    }

    /// The estimated resemblance of the two texts (0 to 1): equal numbers among the bins that either
    /// fills.
    pub fn resemblance(&self, other: &Self) -> f64 {
        let both = self.0.iter().zip(other.0.iter());
        let filled: u16 = both.map(|(a, b)| u16::from(a | b != 0)).sum();
        f64::from(self.equal(other)) / f64::from(filled.max(1))
    }
}

/// Takes in a text letter by letter.
struct Sketcher {
    least: Box<[u32; BINS]>,
    /// The letters of the run at hand, oldest first, with their weights.
    run: [(u64, u32); ROOM],
    start: usize,
    len: usize,
    weight: u32,
    hash: u64,
    powers: [u64; RUN as usize],
    runs: u64,
}

impl Default for Sketcher {
    fn default() -> Self {
        let mut power = 1u64;
        let powers = std::array::from_fn(|_| {
            let this = power;
            power = power.wrapping_mul(BASE);
            this
        });
        Self {
            least: Box::new([u32::MAX; BINS]),
            run: [(0, 0); ROOM],
            start: 0,
            len: 0,
            weight: 0,
            hash: 0,
            powers,
            runs: 0,
        }
    }
}

impl Sketcher {
    fn read(&mut self, folded: &str) {
        for c in folded.chars() {
            let weight = match c {
                'a'..='z' | '0'..='9' => 1,
                '\0'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' => continue,
                '\u{2e80}'.. => 2,
                _ => 1,
            };
            self.push(u64::from(u32::from(c)).wrapping_mul(0x9e37_79b9_7f4a_7c15), weight);
        }
    }

    fn push(&mut self, letter: u64, weight: u32) {
        while self.weight + weight > RUN + 1 || self.len == RUN as usize {
            self.drop_oldest();
        }
        let end = (self.start + self.len) % ROOM;
        if let Some(slot) = self.run.get_mut(end) {
            *slot = (letter, weight);
        }
        self.len += 1;
        self.weight += weight;
        self.hash = self.hash.wrapping_mul(BASE).wrapping_add(letter);
        if self.weight >= RUN {
            self.take(self.hash);
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let (letter, weight) = self.run.get(self.start).copied().unwrap_or_default();
        let power = self.powers.get(self.len.saturating_sub(1)).copied().unwrap_or_default();
        self.hash = self.hash.wrapping_sub(letter.wrapping_mul(power));
        self.start = (self.start + 1) % ROOM;
        self.len = self.len.saturating_sub(1);
        self.weight -= weight.min(self.weight);
    }

    /// Puts a run into its bin.
    fn take(&mut self, hash: u64) {
        self.runs += 1;
        // The finaliser of MurmurHash3: every bit of the hash bears on every bit of the result.
        let mut mixed = hash ^ (hash >> 33);
        mixed = mixed.wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^= mixed >> 33;
        let (bin, value) = ((mixed >> 56) as usize, (mixed >> 8) as u32);
        if let Some(least) = self.least.get_mut(bin) {
            *least = value.min(*least);
        }
    }

    fn finish(mut self) -> Sketch {
        if self.runs == 0 && self.len > 0 {
            // A text shorter than one run is one run.
            self.take(self.hash);
        }
        let mut numbers = [0u16; BINS];
        for (number, least) in numbers.iter_mut().zip(self.least.iter()) {
            if *least != u32::MAX {
                // The high bits of a least value are zeros; a product spreads the low ones.
                let spread = least.wrapping_mul(0x9e37_79b1) >> 16;
                *number = (spread as u16).max(1);
            }
        }
        Sketch(Box::new(numbers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalize::fold_tight;

    fn sketch(text: &str) -> Sketch {
        Sketch::of([&*fold_tight(text)])
    }

    /// A text of different words, the same for the same seed.
    fn text(seed: u64, words: usize) -> Vec<String> {
        let mut state = seed;
        let mut next = move || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            state >> 33
        };
        (0..words)
            .map(|_| {
                (0..4 + next() % 5)
                    .map(|_| char::from(b'a' + u8::try_from(next() % 26).unwrap()))
                    .collect()
            })
            .collect()
    }

    #[test]
    fn a_sketch_keeps_its_numbers_for_ever() {
        let sketch = sketch("The second ferry sails at noon. 第二艘渡轮于正午启航。");
        let filled: Vec<(usize, u16)> = sketch
            .numbers()
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, number)| *number > 0)
            .collect();
        assert_eq!(filled.len(), 27);
        assert_eq!(filled[..3], [(4, 58440), (5, 11825), (14, 65135)]);
    }

    #[test]
    fn quotation_marks_line_breaks_and_the_cut_into_paragraphs_do_not_change_it() {
        let whole = sketch("“One Belt”, one road: 一带一路");
        assert_eq!(whole, Sketch::of(["\"onebelt\"", "oneroad", "一带", "一路"]));
        assert_eq!(whole, sketch("\"One Belt\" -- one\nroad 「一带一路」"));
    }

    #[test]
    fn the_estimate_is_near_the_share_of_common_runs() {
        let (one, other) = (text(1, 2000), text(2, 2000));
        assert_eq!(sketch(&one.join(" ")).resemblance(&sketch(&other.join(" "))), 0.0);
        let half: Vec<String> = one[..1000].iter().chain(&other[..1000]).cloned().collect();
        let estimate = sketch(&one.join(" ")).resemblance(&sketch(&half.join(" ")));
        assert!((estimate - 1.0 / 3.0).abs() < 0.1, "{estimate}");
    }

    #[test]
    fn bytes_read_back_and_a_wrong_number_of_them_is_refused() {
        let sketch = sketch("a short text");
        assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Some(sketch.clone()));
        assert_eq!(Sketch::from_bytes(&sketch.to_bytes()[1..]), None);
        assert_eq!(Sketch::from_bytes(&[]), None);
    }

    #[test]
    fn texts_shorter_than_a_run_have_one_number_and_empty_ones_none() {
        let filled =
            |text: &str| sketch(text).numbers().iter().filter(|number| **number > 0).count();
        assert_eq!((filled("abc"), filled(""), filled("…!")), (1, 0, 0));
        assert_eq!(sketch("一路").resemblance(&sketch("一路")), 1.0);
        assert_eq!(sketch("").resemblance(&sketch("")), 0.0);
    }
}

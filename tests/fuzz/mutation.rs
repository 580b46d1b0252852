//! How an input is made from others: bits, numbers, meaningful pieces and parts of other inputs, in
//! zipped formats inside their parts. What is made depends on the random numbers alone.

use super::seeds::{Parts, parts_of, zip_of};
use crate::random::Random;

/// What a mutation begins with; of a zip file its parts, as a compressed one is only ever broken.
#[derive(Clone)]
pub(crate) struct Seed {
    pub(crate) whole: Vec<u8>,
    parts: Option<Parts>,
}

impl Seed {
    pub(crate) fn new(whole: Vec<u8>) -> Self {
        Self { parts: parts_of(&whole).filter(|parts| !parts.is_empty()), whole }
    }
}

/// Numbers at the edges of what fields can hold.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "1",
    "2",
    "255",
    "65536",
    "2147483647",
    "4294967296",
    "9223372036854775807",
    "99999999999999999999",
    "1e308",
    "0.00001",
];

/// A seed, or one part of it, changed in a few places.
pub(crate) fn mutated(seeds: &[Seed], pieces: &[Vec<u8>], random: &mut Random) -> Seed {
    let seed = &seeds[chosen(seeds.len(), random)];
    let other = &seeds[random.below(seeds.len())];
    let Some(parts) = seed.parts.as_ref().filter(|_| random.below(5) > 0) else {
        let whole = mutated_bytes(seed.whole.clone(), &other.whole, pieces, random);
        return Seed { whole, parts: None };
    };
    let mut parts = parts.clone();
    let at = random.below(parts.len());
    let from = other
        .parts
        .as_ref()
        .map_or(&other.whole, |parts| &parts.get(random.below(parts.len())).unwrap_or(&parts[0]).1);
    parts[at].1 = mutated_bytes(std::mem::take(&mut parts[at].1), from, pieces, random);
    match random.below(60) {
        0 | 1 if parts.len() > 1 => drop(parts.remove(random.below(parts.len()))),
        2 => parts[at].0 = parts[random.below(parts.len())].0.clone() + "x",
        3 => {
            let bytes = mutated_bytes(parts[at].0.clone().into_bytes(), from, pieces, random);
            parts[at].0 = String::from_utf8_lossy(&bytes).into_owned();
        }
        _ => {}
    }
    Seed { whole: zip_of(&parts), parts: Some(parts) }
}

/// A place in the list; what came last is chosen more often, as it led to something new.
fn chosen(length: usize, random: &mut Random) -> usize {
    let last = length.min(16);
    if random.below(3) == 0 { length - 1 - random.below(last) } else { random.below(length) }
}

fn mutated_bytes(
    mut bytes: Vec<u8>,
    other: &[u8],
    pieces: &[Vec<u8>],
    random: &mut Random,
) -> Vec<u8> {
    // Most inputs are changed in few places, so that they stay what their reader takes them for.
    let times = if random.below(4) == 0 { 1 + random.below(10) } else { 1 + random.below(3) };
    for _ in 0..times {
        let at = place(&bytes, random);
        let end = end_after(&bytes, at, random);
        match random.below(11) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = random.below(256) as u8,
            2 => drop(bytes.drain(at..end)),
            3 => {
                let part = bytes[at..end].repeat(1 + random.below(20));
                bytes.splice(at..at, part);
            }
            4 | 5 => {
                let from = place(other, random);
                let to = end_after(other, from, random);
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            6 => number_in_text(&mut bytes, at, random),
            7 => number_in_bytes(&mut bytes, at, random),
            8 if random.below(40) == 0 => {
                let piece = pieces[random.below(pieces.len())].repeat(1 + random.below(2000));
                bytes.splice(at..at, piece);
            }
            9 => {
                let part: Vec<u8> = bytes.drain(at..end).collect();
                let to = place(&bytes, random);
                bytes.splice(to..to, part);
            }
            10 => drop(bytes.splice(at..end, pieces[random.below(pieces.len())].clone())),
            _ => drop(bytes.splice(at..at, pieces[random.below(pieces.len())].clone())),
        }
    }
    bytes
}

/// Anywhere, or where a word, a mark or a tag begins.
fn place(bytes: &[u8], random: &mut Random) -> usize {
    let at = random.below(bytes.len() + 1);
    if random.below(2) == 0 { at } else { border(bytes, at) }
}

/// The next place at which letters change to something else, or the other way round, or a tag begins.
fn border(bytes: &[u8], at: usize) -> usize {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80;
    let is_border = |pair: &[u8]| is_word(pair[0]) != is_word(pair[1]) || pair[1] == b'<';
    let found = bytes[at..].windows(2).position(is_border);
    found.map_or(bytes.len(), |found| at + found + 1)
}

fn end_after(bytes: &[u8], at: usize, random: &mut Random) -> usize {
    let most = if random.below(8) == 0 { 600 } else { 48 };
    let end = (at + random.below(most)).min(bytes.len());
    if random.below(2) == 0 { end } else { border(bytes, end) }
}

/// Another number in place of the next one that is written in digits.
fn number_in_text(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let Some(begin) = bytes[at..].iter().position(u8::is_ascii_digit).map(|found| at + found)
    else {
        return;
    };
    let digits = bytes[begin..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = match random.below(3) {
        0 => random.below(20).to_string(),
        1 => random.below(70_000).to_string(),
        _ => NUMBERS[random.below(NUMBERS.len())].to_owned(),
    };
    bytes.splice(begin..begin + digits, number.into_bytes());
}

/// A number of one to four bytes, in either order, in place of what stands there.
fn number_in_bytes(bytes: &mut [u8], at: usize, random: &mut Random) {
    let length = 1 << random.below(3);
    let Some(place) = bytes.get_mut(at..at + length) else { return };
    let number: u32 = match random.below(6) {
        0 => 0,
        1 => u32::MAX,
        2 => 0x7fff_ffff,
        3 => 1 << random.below(32),
        4 => (1_u32 << random.below(32)).wrapping_sub(1),
        _ => random.below(300) as u32,
    };
    let little = number.to_le_bytes();
    let is_little = random.below(2) == 0;
    for (index, byte) in place.iter_mut().enumerate() {
        *byte = little[if is_little { index } else { length - 1 - index }];
    }
}

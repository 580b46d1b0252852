//! What SQLite's tokenizer `unicode61 remove_diacritics 2` takes for a letter, how it folds one, and how it
//! cuts a text into words.
//!
//! The tables are those of SQLite 3.54.1 (`fts5_unicode2.c`, public domain), written as ranges. They
//! must never be brought up to a newer Unicode on their own: `store` has the test that compares every
//! code point with what FTS5 does.

use std::ops::Range;

/// Cuts a text into words and gives each, folded, with its place in bytes, until `found` returns false.
/// `room` is where words are folded, given so that it is made once.
pub fn tokens(text: &str, room: &mut String, found: &mut dyn FnMut(&str, Range<usize>) -> bool) {
    let mut letters = text.char_indices();
    let mut next = letters.next();
    while let Some((start, first)) = next {
        if !is_word(first) {
            next = letters.next();
            continue;
        }
        room.clear();
        let mut end = start;
        while let Some((at, c)) = next.filter(|&(_, c)| is_word(c) || is_mark(c)) {
            room.extend(fold(c));
            end = at + c.len_utf8();
            next = letters.next();
        }
        if !found(room, start..end) {
            return;
        }
    }
}

/// Whether the character is part of a word.
#[inline]
pub fn is_word(c: char) -> bool {
    let code = u32::from(c);
    match WORD_BITS.get((code / 64) as usize) {
        Some(bits) => bits >> (code % 64) & 1 == 1,
        None => is_rare_word(c),
    }
}

fn is_rare_word(c: char) -> bool {
    WORD.partition_point(|&edge| edge <= u32::from(c)) % 2 == 1
}

/// [`WORD`] up to U+FFFF, a bit for each character: each is asked for several times.
static WORD_BITS: [u64; 1 << 10] = word_bits();

#[expect(clippy::indexing_slicing, reason = "worked out by the compiler, which would tell")]
const fn word_bits() -> [u64; 1 << 10] {
    let mut bits = [0; 1 << 10];
    let mut at = 0;
    while at + 1 < WORD.len() {
        let mut code = WORD[at] as usize;
        while code < WORD[at + 1] as usize && code < 1 << 16 {
            bits[code / 64] |= 1 << (code % 64);
            code += 1;
        }
        at += 2;
    }
    bits
}

/// Whether the character, though no part of a word on its own, goes on with the word before it.
#[inline]
pub const fn is_mark(c: char) -> bool {
    let code = c as u32;
    match code {
        768..=799 => (0x0802_9FDF_u32 >> (code - 768)) & 1 == 1,
        800..=817 => (0x0003_61F8_u32 >> (code - 800)) & 1 == 1,
        _ => false,
    }
}

/// The character as the index holds it: lower case without diacritics; `None` for a mark that the
/// index leaves out.
#[inline]
pub fn fold(c: char) -> Option<char> {
    match c {
        '\0'..='\x7f' => Some(c.to_ascii_lowercase()),
        // Without case and marks, and most of what is not in an alphabet.
        '\u{3040}'..='\u{a63f}' | '\u{ac00}'..='\u{d7a3}' => Some(c),
        _ => match ALPHABETS.get(u32::from(c) as usize) {
            Some(folded) => letter(*folded, c),
            None => fold_other(c),
        },
    }
}

fn fold_other(c: char) -> Option<char> {
    let Ok(code) = u16::try_from(u32::from(c)) else {
        // Deseret has its capitals 40 places before its small letters.
        return if (66_560..66_600).contains(&u32::from(c)) {
            char::from_u32(u32::from(c) + 40)
        } else {
            Some(c)
        };
    };
    letter(folded(code), c)
}

/// The character that this one was folded to.
fn letter(folded: u16, c: char) -> Option<char> {
    if folded == 0 { None } else { char::from_u32(u32::from(folded)).or(Some(c)) }
}

/// What the Latin, Greek and Cyrillic letters and the marks among them fold to.
static ALPHABETS: [u16; 0x530] = alphabets();

#[expect(clippy::indexing_slicing, reason = "worked out by the compiler, which would tell")]
const fn alphabets() -> [u16; 0x530] {
    let mut letters = [0; 0x530];
    let mut code = 0;
    while code < letters.len() {
        letters[code] = folded(code as u16);
        code += 1;
    }
    letters
}

/// The lower case of a character, without diacritics; 0 for a mark that is left out.
#[expect(clippy::indexing_slicing, reason = "a rule before `after` is one of the rules")]
const fn folded(code: u16) -> u16 {
    let (rules, _) = CASE.as_chunks::<4>();
    let mut lower = code;
    if let Some(at) = after(rules, code).checked_sub(1) {
        let [first, last, step, plus] = rules[at];
        if code <= last && (code - first).is_multiple_of(step) {
            lower = code.wrapping_add(plus);
        }
    }
    let (rules, _) = PLAIN.as_chunks::<3>();
    if let Some(at) = after(rules, lower).checked_sub(1) {
        let [first, more, letter] = rules[at];
        if lower - first <= more {
            return letter;
        }
    }
    lower
}

/// How many of these rules begin at the character or before it.
#[expect(clippy::indexing_slicing, reason = "the middle lies between both ends")]
const fn after<const N: usize>(rules: &[[u16; N]], code: u16) -> usize {
    let (mut from, mut to) = (0, rules.len());
    while from < to {
        let middle = from.midpoint(to);
        if rules[middle][0] <= code {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    from
}

/// Where runs of word characters (Unicode L*, N*, Co as SQLite knows them) start and end, in turn.
const WORD: [u32; 806] = [
    0x30, 0x3A, 0x41, 0x5B, 0x61, 0x7B, 0xAA, 0xAB, 0xB2, 0xB4, 0xB5, 0xB6, 0xB9, 0xBB, 0xBC, 0xBF,
    0xC0, 0xD7, 0xD8, 0xF7, 0xF8, 0x2C2, 0x2C6, 0x2D2, 0x2E0, 0x2E5, 0x2EC, 0x2ED, 0x2EE, 0x2EF,
    0x370, 0x375, 0x376, 0x37E, 0x37F, 0x384, 0x386, 0x387, 0x388, 0x3F6, 0x3F7, 0x482, 0x48A,
    0x55A, 0x560, 0x589, 0x58B, 0x58F, 0x590, 0x591, 0x5C8, 0x5F3, 0x5F5, 0x600, 0x605, 0x606,
    0x61C, 0x61E, 0x620, 0x64B, 0x660, 0x66A, 0x66E, 0x670, 0x671, 0x6D4, 0x6D5, 0x6D6, 0x6E5,
    0x6E7, 0x6EE, 0x6FD, 0x6FF, 0x700, 0x70E, 0x70F, 0x710, 0x711, 0x712, 0x730, 0x74B, 0x7A6,
    0x7B1, 0x7EB, 0x7F4, 0x7F6, 0x7FA, 0x816, 0x81A, 0x81B, 0x824, 0x825, 0x828, 0x829, 0x82E,
    0x830, 0x83F, 0x859, 0x85C, 0x85E, 0x85F, 0x8E4, 0x8FF, 0x900, 0x904, 0x93A, 0x93D, 0x93E,
    0x950, 0x951, 0x958, 0x962, 0x966, 0x970, 0x971, 0x981, 0x984, 0x9BC, 0x9BD, 0x9BE, 0x9C5,
    0x9C7, 0x9C9, 0x9CB, 0x9CE, 0x9D7, 0x9D8, 0x9E2, 0x9E4, 0x9F2, 0x9F4, 0x9FA, 0x9FC, 0xA01,
    0xA04, 0xA3C, 0xA3D, 0xA3E, 0xA43, 0xA47, 0xA49, 0xA4B, 0xA4E, 0xA51, 0xA52, 0xA70, 0xA72,
    0xA75, 0xA76, 0xA81, 0xA84, 0xABC, 0xABD, 0xABE, 0xAC6, 0xAC7, 0xACA, 0xACB, 0xACE, 0xAE2,
    0xAE4, 0xAF0, 0xAF2, 0xB01, 0xB04, 0xB3C, 0xB3D, 0xB3E, 0xB45, 0xB47, 0xB49, 0xB4B, 0xB4E,
    0xB56, 0xB58, 0xB62, 0xB64, 0xB70, 0xB71, 0xB82, 0xB83, 0xBBE, 0xBC3, 0xBC6, 0xBC9, 0xBCA,
    0xBCE, 0xBD7, 0xBD8, 0xBF3, 0xBFB, 0xC01, 0xC04, 0xC3E, 0xC45, 0xC46, 0xC49, 0xC4A, 0xC4E,
    0xC55, 0xC57, 0xC62, 0xC64, 0xC7F, 0xC80, 0xC82, 0xC84, 0xCBC, 0xCBD, 0xCBE, 0xCC5, 0xCC6,
    0xCC9, 0xCCA, 0xCCE, 0xCD5, 0xCD7, 0xCE2, 0xCE4, 0xD02, 0xD04, 0xD3E, 0xD45, 0xD46, 0xD49,
    0xD4A, 0xD4E, 0xD57, 0xD58, 0xD62, 0xD64, 0xD79, 0xD7A, 0xD82, 0xD84, 0xDCA, 0xDCB, 0xDCF,
    0xDD5, 0xDD6, 0xDD7, 0xDD8, 0xDE0, 0xDF2, 0xDF5, 0xE31, 0xE32, 0xE34, 0xE3B, 0xE3F, 0xE40,
    0xE47, 0xE50, 0xE5A, 0xE5C, 0xEB1, 0xEB2, 0xEB4, 0xEBA, 0xEBB, 0xEBD, 0xEC8, 0xECE, 0xF01,
    0xF20, 0xF34, 0xF40, 0xF71, 0xF88, 0xF8D, 0xF98, 0xF99, 0xFBD, 0xFBE, 0xFCD, 0xFCE, 0xFDB,
    0x102B, 0x103F, 0x104A, 0x1050, 0x1056, 0x105A, 0x105E, 0x1061, 0x1062, 0x1065, 0x1067, 0x106E,
    0x1071, 0x1075, 0x1082, 0x108E, 0x108F, 0x1090, 0x109A, 0x10A0, 0x10FB, 0x10FC, 0x135D, 0x1369,
    0x1390, 0x139A, 0x1400, 0x1401, 0x166D, 0x166F, 0x1680, 0x1681, 0x169B, 0x169D, 0x16EB, 0x16EE,
    0x1712, 0x1715, 0x1732, 0x1737, 0x1752, 0x1754, 0x1772, 0x1774, 0x17B4, 0x17D7, 0x17D8, 0x17DC,
    0x17DD, 0x17DE, 0x1800, 0x180F, 0x18A9, 0x18AA, 0x1920, 0x192C, 0x1930, 0x193C, 0x1940, 0x1941,
    0x1944, 0x1946, 0x19B0, 0x19C1, 0x19C8, 0x19CA, 0x19DE, 0x1A00, 0x1A17, 0x1A1C, 0x1A1E, 0x1A20,
    0x1A55, 0x1A5F, 0x1A60, 0x1A7D, 0x1A7F, 0x1A80, 0x1AA0, 0x1AA7, 0x1AA8, 0x1AAE, 0x1B00, 0x1B05,
    0x1B34, 0x1B45, 0x1B5A, 0x1B7D, 0x1B80, 0x1B83, 0x1BA1, 0x1BAE, 0x1BE6, 0x1BF4, 0x1BFC, 0x1C00,
    0x1C24, 0x1C38, 0x1C3B, 0x1C40, 0x1C7E, 0x1C80, 0x1CC0, 0x1CC8, 0x1CD0, 0x1CE9, 0x1CED, 0x1CEE,
    0x1CF2, 0x1CF5, 0x1DC0, 0x1DE7, 0x1DFC, 0x1E00, 0x1FBD, 0x1FBE, 0x1FBF, 0x1FC2, 0x1FCD, 0x1FD0,
    0x1FDD, 0x1FE0, 0x1FED, 0x1FF0, 0x1FFD, 0x1FFF, 0x2000, 0x2065, 0x206A, 0x2070, 0x207A, 0x207F,
    0x208A, 0x208F, 0x20A0, 0x20BA, 0x20D0, 0x20F1, 0x2100, 0x2102, 0x2103, 0x2107, 0x2108, 0x210A,
    0x2114, 0x2115, 0x2116, 0x2119, 0x211E, 0x2124, 0x2125, 0x2126, 0x2127, 0x2128, 0x2129, 0x212A,
    0x212E, 0x212F, 0x213A, 0x213C, 0x2140, 0x2145, 0x214A, 0x214E, 0x214F, 0x2150, 0x2190, 0x23F4,
    0x2400, 0x2427, 0x2440, 0x244B, 0x249C, 0x24EA, 0x2500, 0x2700, 0x2701, 0x2776, 0x2794, 0x2B4D,
    0x2B50, 0x2B5A, 0x2CE5, 0x2CEB, 0x2CEF, 0x2CF2, 0x2CF9, 0x2CFD, 0x2CFE, 0x2D00, 0x2D70, 0x2D71,
    0x2D7F, 0x2D80, 0x2DE0, 0x2E2F, 0x2E30, 0x2E3C, 0x2E80, 0x2E9A, 0x2E9B, 0x2EF4, 0x2F00, 0x2FD6,
    0x2FF0, 0x2FFC, 0x3000, 0x3005, 0x3008, 0x3021, 0x302A, 0x3031, 0x3036, 0x3038, 0x303D, 0x3040,
    0x3099, 0x309D, 0x30A0, 0x30A1, 0x30FB, 0x30FC, 0x3190, 0x3192, 0x3196, 0x31A0, 0x31C0, 0x31E4,
    0x3200, 0x321F, 0x322A, 0x3248, 0x3250, 0x3251, 0x3260, 0x3280, 0x328A, 0x32B1, 0x32C0, 0x32FF,
    0x3300, 0x3400, 0x4DC0, 0x4E00, 0xA490, 0xA4C7, 0xA4FE, 0xA500, 0xA60D, 0xA610, 0xA66F, 0xA67F,
    0xA69F, 0xA6A0, 0xA6F0, 0xA6F8, 0xA700, 0xA717, 0xA720, 0xA722, 0xA789, 0xA78B, 0xA802, 0xA803,
    0xA806, 0xA807, 0xA80B, 0xA80C, 0xA823, 0xA82C, 0xA836, 0xA83A, 0xA874, 0xA878, 0xA880, 0xA882,
    0xA8B4, 0xA8C5, 0xA8CE, 0xA8D0, 0xA8E0, 0xA8F2, 0xA8F8, 0xA8FB, 0xA926, 0xA930, 0xA947, 0xA954,
    0xA95F, 0xA960, 0xA980, 0xA984, 0xA9B3, 0xA9CE, 0xA9DE, 0xA9E0, 0xAA29, 0xAA37, 0xAA43, 0xAA44,
    0xAA4C, 0xAA4E, 0xAA5C, 0xAA60, 0xAA77, 0xAA7A, 0xAA7B, 0xAA7C, 0xAAB0, 0xAAB1, 0xAAB2, 0xAAB5,
    0xAAB7, 0xAAB9, 0xAABE, 0xAAC0, 0xAAC1, 0xAAC2, 0xAADE, 0xAAE0, 0xAAEB, 0xAAF2, 0xAAF5, 0xAAF7,
    0xABE3, 0xABEE, 0xD800, 0xE000, 0xFB1E, 0xFB1F, 0xFB29, 0xFB2A, 0xFBB2, 0xFBC2, 0xFD3E, 0xFD40,
    0xFDFC, 0xFDFE, 0xFE00, 0xFE1A, 0xFE20, 0xFE27, 0xFE30, 0xFE53, 0xFE54, 0xFE67, 0xFE68, 0xFE6C,
    0xFEFF, 0xFF00, 0xFF01, 0xFF10, 0xFF1A, 0xFF21, 0xFF3B, 0xFF41, 0xFF5B, 0xFF66, 0xFFE0, 0xFFE7,
    0xFFE8, 0xFFEF, 0xFFF9, 0x10000, 0x10100, 0x10103, 0x10137, 0x10140, 0x10179, 0x1018A, 0x10190,
    0x1019C, 0x101D0, 0x101FE, 0x1039F, 0x103A0, 0x103D0, 0x103D1, 0x10857, 0x10858, 0x1091F,
    0x10920, 0x1093F, 0x10940, 0x10A01, 0x10A04, 0x10A05, 0x10A07, 0x10A0C, 0x10A10, 0x10A38,
    0x10A3B, 0x10A3F, 0x10A40, 0x10A50, 0x10A59, 0x10A7F, 0x10A80, 0x10B39, 0x10B40, 0x11000,
    0x11003, 0x11038, 0x1104E, 0x11080, 0x11083, 0x110B0, 0x110C2, 0x11100, 0x11103, 0x11127,
    0x11135, 0x11140, 0x11144, 0x11180, 0x11183, 0x111B3, 0x111C1, 0x111C5, 0x111C9, 0x116AB,
    0x116B8, 0x12470, 0x12474, 0x16F51, 0x16F7F, 0x16F8F, 0x16F93, 0x1D000, 0x1D0F6, 0x1D100,
    0x1D127, 0x1D129, 0x1D1DE, 0x1D200, 0x1D246, 0x1D300, 0x1D357, 0x1D6C1, 0x1D6C2, 0x1D6DB,
    0x1D6DC, 0x1D6FB, 0x1D6FC, 0x1D715, 0x1D716, 0x1D735, 0x1D736, 0x1D74F, 0x1D750, 0x1D76F,
    0x1D770, 0x1D789, 0x1D78A, 0x1D7A9, 0x1D7AA, 0x1D7C3, 0x1D7C4, 0x1EEF0, 0x1EEF2, 0x1F000,
    0x1F02C, 0x1F030, 0x1F094, 0x1F0A0, 0x1F0AF, 0x1F0B1, 0x1F0BF, 0x1F0C1, 0x1F0D0, 0x1F0D1,
    0x1F0E0, 0x1F110, 0x1F12F, 0x1F130, 0x1F16C, 0x1F170, 0x1F19B, 0x1F1E6, 0x1F203, 0x1F210,
    0x1F23B, 0x1F240, 0x1F249, 0x1F250, 0x1F252, 0x1F300, 0x1F321, 0x1F330, 0x1F336, 0x1F337,
    0x1F37D, 0x1F380, 0x1F394, 0x1F3A0, 0x1F3C5, 0x1F3C6, 0x1F3CB, 0x1F3E0, 0x1F3F1, 0x1F400,
    0x1F43F, 0x1F440, 0x1F441, 0x1F442, 0x1F4F8, 0x1F4F9, 0x1F4FD, 0x1F500, 0x1F53E, 0x1F540,
    0x1F544, 0x1F550, 0x1F568, 0x1F5FB, 0x1F641, 0x1F645, 0x1F650, 0x1F680, 0x1F6C6, 0x1F700,
    0x1F774, 0xE0001, 0xE0002, 0xE0020, 0xE0080, 0xE0100, 0xE01F0, 0x110000,
];

/// Four numbers a rule: first and last character, step, and what is added modulo 2^16.
const CASE: [u16; 648] = [
    181, 181, 1, 775, 192, 214, 1, 32, 216, 222, 1, 32, 256, 303, 2, 1, 306, 311, 2, 1, 313, 328,
    2, 1, 330, 375, 2, 1, 376, 376, 1, 65415, 377, 382, 2, 1, 383, 383, 1, 65268, 385, 385, 1, 210,
    386, 389, 2, 1, 390, 390, 1, 206, 391, 391, 1, 1, 393, 394, 1, 205, 395, 395, 1, 1, 398, 398,
    1, 79, 399, 399, 1, 202, 400, 400, 1, 203, 401, 401, 1, 1, 403, 403, 1, 205, 404, 404, 1, 207,
    406, 406, 1, 211, 407, 407, 1, 209, 408, 408, 1, 1, 412, 412, 1, 211, 413, 413, 1, 213, 415,
    415, 1, 214, 416, 421, 2, 1, 422, 422, 1, 218, 423, 423, 1, 1, 425, 425, 1, 218, 428, 428, 1,
    1, 430, 430, 1, 218, 431, 431, 1, 1, 433, 434, 1, 217, 435, 438, 2, 1, 439, 439, 1, 219, 440,
    440, 1, 1, 444, 444, 1, 1, 452, 452, 1, 2, 453, 453, 1, 1, 455, 455, 1, 2, 456, 456, 1, 1, 458,
    458, 1, 2, 459, 476, 2, 1, 478, 495, 2, 1, 497, 497, 1, 2, 498, 501, 2, 1, 502, 502, 1, 65439,
    503, 503, 1, 65480, 504, 543, 2, 1, 544, 544, 1, 65406, 546, 563, 2, 1, 570, 570, 1, 10795,
    571, 571, 1, 1, 573, 573, 1, 65373, 574, 574, 1, 10792, 577, 577, 1, 1, 579, 579, 1, 65341,
    580, 580, 1, 69, 581, 581, 1, 71, 582, 591, 2, 1, 837, 837, 1, 116, 880, 883, 2, 1, 886, 886,
    1, 1, 902, 902, 1, 38, 904, 906, 1, 37, 908, 908, 1, 64, 910, 911, 1, 63, 913, 929, 1, 32, 931,
    939, 1, 32, 962, 962, 1, 1, 975, 975, 1, 8, 976, 976, 1, 65506, 977, 977, 1, 65511, 981, 981,
    1, 65521, 982, 982, 1, 65514, 984, 1007, 2, 1, 1008, 1008, 1, 65482, 1009, 1009, 1, 65488,
    1012, 1012, 1, 65476, 1013, 1013, 1, 65472, 1015, 1015, 1, 1, 1017, 1017, 1, 65529, 1018, 1018,
    1, 1, 1021, 1023, 1, 65406, 1024, 1039, 1, 80, 1040, 1071, 1, 32, 1120, 1153, 2, 1, 1162, 1215,
    2, 1, 1216, 1216, 1, 15, 1217, 1230, 2, 1, 1232, 1319, 2, 1, 1329, 1366, 1, 48, 4256, 4293, 1,
    7264, 4295, 4295, 1, 7264, 4301, 4301, 1, 7264, 7680, 7829, 2, 1, 7835, 7835, 1, 65478, 7838,
    7838, 1, 57921, 7840, 7935, 2, 1, 7944, 7951, 1, 65528, 7960, 7965, 1, 65528, 7976, 7983, 1,
    65528, 7992, 7999, 1, 65528, 8008, 8013, 1, 65528, 8025, 8032, 2, 65528, 8040, 8047, 1, 65528,
    8072, 8079, 1, 65528, 8088, 8095, 1, 65528, 8104, 8111, 1, 65528, 8120, 8121, 1, 65528, 8122,
    8123, 1, 65462, 8124, 8124, 1, 65527, 8126, 8126, 1, 58363, 8136, 8139, 1, 65450, 8140, 8140,
    1, 65527, 8152, 8153, 1, 65528, 8154, 8155, 1, 65436, 8168, 8169, 1, 65528, 8170, 8171, 1,
    65424, 8172, 8172, 1, 65529, 8184, 8185, 1, 65408, 8186, 8187, 1, 65410, 8188, 8188, 1, 65527,
    8486, 8486, 1, 58019, 8490, 8490, 1, 57153, 8491, 8491, 1, 57274, 8498, 8498, 1, 28, 8544,
    8559, 1, 16, 8579, 8579, 1, 1, 9398, 9423, 1, 26, 11264, 11310, 1, 48, 11360, 11360, 1, 1,
    11362, 11362, 1, 54793, 11363, 11363, 1, 61722, 11364, 11364, 1, 54809, 11367, 11372, 2, 1,
    11373, 11373, 1, 54756, 11374, 11374, 1, 54787, 11375, 11375, 1, 54753, 11376, 11376, 1, 54754,
    11378, 11378, 1, 1, 11381, 11381, 1, 1, 11390, 11391, 1, 54721, 11392, 11491, 2, 1, 11499,
    11502, 2, 1, 11506, 11506, 1, 1, 42560, 42605, 2, 1, 42624, 42647, 2, 1, 42786, 42799, 2, 1,
    42802, 42863, 2, 1, 42873, 42876, 2, 1, 42877, 42877, 1, 30204, 42878, 42887, 2, 1, 42891,
    42891, 1, 1, 42893, 42893, 1, 23256, 42896, 42899, 2, 1, 42912, 42921, 2, 1, 42922, 42922, 1,
    23228, 65313, 65338, 1, 32,
];

/// Three numbers a rule: first character, how many more follow, and their letter without diacritics.
const PLAIN: [u16; 375] = [
    224, 5, 97, 231, 0, 99, 232, 3, 101, 236, 3, 105, 241, 0, 110, 242, 4, 111, 249, 3, 117, 253,
    0, 121, 255, 0, 121, 257, 4, 97, 263, 6, 99, 271, 0, 100, 275, 6, 101, 283, 0, 101, 285, 6,
    103, 293, 0, 104, 297, 7, 105, 309, 0, 106, 311, 0, 107, 314, 4, 108, 324, 4, 110, 333, 4, 111,
    341, 4, 114, 347, 6, 115, 355, 2, 116, 361, 6, 117, 369, 2, 117, 373, 0, 119, 375, 0, 121, 378,
    4, 122, 417, 0, 111, 432, 0, 117, 462, 0, 97, 464, 0, 105, 466, 0, 111, 468, 0, 117, 470, 6,
    117, 479, 0, 97, 487, 0, 103, 489, 0, 107, 491, 0, 111, 493, 0, 111, 496, 0, 106, 501, 0, 103,
    505, 0, 110, 507, 0, 97, 513, 2, 97, 517, 2, 101, 521, 2, 105, 525, 2, 111, 529, 2, 114, 533,
    2, 117, 537, 0, 115, 539, 0, 116, 543, 0, 104, 551, 0, 97, 553, 0, 101, 555, 2, 111, 559, 0,
    111, 561, 0, 111, 563, 0, 121, 768, 4, 0, 774, 6, 0, 783, 0, 0, 785, 0, 0, 795, 0, 0, 803, 5,
    0, 813, 1, 0, 816, 1, 0, 7681, 0, 97, 7683, 4, 98, 7689, 0, 99, 7691, 6, 100, 7699, 0, 100,
    7701, 2, 101, 7705, 2, 101, 7709, 0, 101, 7711, 0, 102, 7713, 0, 103, 7715, 6, 104, 7723, 0,
    104, 7725, 0, 105, 7727, 0, 105, 7729, 4, 107, 7735, 0, 108, 7737, 0, 108, 7739, 2, 108, 7743,
    4, 109, 7749, 6, 110, 7757, 6, 111, 7765, 2, 112, 7769, 2, 114, 7773, 0, 114, 7775, 0, 114,
    7777, 2, 115, 7781, 4, 115, 7787, 6, 116, 7795, 4, 117, 7801, 2, 117, 7805, 2, 118, 7809, 6,
    119, 7817, 0, 119, 7819, 2, 120, 7823, 0, 121, 7825, 4, 122, 7830, 0, 104, 7831, 0, 116, 7832,
    0, 119, 7833, 0, 121, 7841, 2, 97, 7845, 6, 97, 7853, 6, 97, 7861, 2, 97, 7865, 4, 101, 7871,
    6, 101, 7879, 0, 101, 7881, 2, 105, 7885, 2, 111, 7889, 6, 111, 7897, 6, 111, 7905, 2, 111,
    7909, 2, 117, 7913, 6, 117, 7921, 0, 117, 7923, 6, 121,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_characters_fold_as_the_tables_say() {
        for c in ('\u{80}'..='\u{ffff}').filter(|c| *c != '\u{0}') {
            assert_eq!((fold(c), is_word(c)), (fold_other(c), is_rare_word(c)), "{c:?}");
        }
    }

    #[test]
    fn words_are_cut_until_no_more_are_wanted() {
        let mut room = String::new();
        let mut words = Vec::new();
        tokens("Élan, 12 e\u{301}a … last", &mut room, &mut |word, span| {
            words.push((word.to_owned(), span));
            words.len() < 3
        });
        let expected = [("elan", 0..5), ("12", 7..9), ("ea", 10..14)];
        assert_eq!(words, expected.map(|(word, span)| (word.to_owned(), span)));
    }

    #[test]
    fn letters_digits_and_private_use_are_words_and_the_rest_is_not() {
        for c in ['a', 'Z', '9', 'é', 'Ж', '東', 'ｱ', '２', '½', '\u{e000}'] {
            assert!(is_word(c), "{c}");
        }
        for c in [' ', '-', '’', '。', '№', '\u{301}', '\u{0}', '😀', '\u{200b}', '€'] {
            assert!(!is_word(c), "{c}");
        }
    }

    #[test]
    fn case_and_latin_diacritics_fold_while_the_letters_of_other_scripts_stay() {
        let folded: String = "ÉĀǕệЙЁΣΏＡ\u{10400}a\u{301}".chars().filter_map(fold).collect();
        assert_eq!(folded, "eaueйёσώａ\u{10428}a");
    }
}

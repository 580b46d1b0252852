//! Code pages of one byte a character that the WHATWG Encoding Standard leaves out.
//!
//! The tables are those of the crate `oem_cp`, and Apple's for Central Europe; the lower half of every
//! page is ASCII.

use oem_cp::code_table::DECODING_TABLE_CP_MAP;

/// A code page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::text) struct Page {
    number: u16,
    name: &'static str,
}

/// The pages of DOS, by the number that Microsoft gave them.
const PAGES: [Page; 15] = [
    Page::IBM437,
    Page::IBM720,
    Page::IBM737,
    Page::IBM775,
    Page::IBM850,
    Page::IBM852,
    Page::IBM855,
    Page::IBM857,
    Page::IBM858,
    Page::IBM860,
    Page::IBM861,
    Page::IBM862,
    Page::IBM863,
    Page::IBM865,
    Page::IBM869,
];

/// The upper half of Apple's page for Central Europe (unicode.org, MAPPINGS/VENDORS/APPLE/CENTEURO).
const MAC_CE_UPPER: [&str; 4] = [
    "ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü",
    "†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅ",
    "ņŃ¬√ńŇ∆«»…\u{a0}ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖ",
    "ŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ",
];

impl Page {
    /// DOS, the United States.
    pub(in crate::text) const IBM437: Self = Self { number: 437, name: "IBM437" };
    /// DOS, Arabic.
    pub(in crate::text) const IBM720: Self = Self { number: 720, name: "IBM720" };
    /// DOS, Greek.
    pub(in crate::text) const IBM737: Self = Self { number: 737, name: "IBM737" };
    /// DOS, the Baltic.
    pub(in crate::text) const IBM775: Self = Self { number: 775, name: "IBM775" };
    /// DOS, Western Europe.
    pub(in crate::text) const IBM850: Self = Self { number: 850, name: "IBM850" };
    /// DOS, Central Europe.
    pub(in crate::text) const IBM852: Self = Self { number: 852, name: "IBM852" };
    /// DOS, Cyrillic, before 866.
    pub(in crate::text) const IBM855: Self = Self { number: 855, name: "IBM855" };
    /// DOS, Turkish.
    pub(in crate::text) const IBM857: Self = Self { number: 857, name: "IBM857" };
    /// DOS, Western Europe with the euro.
    pub(in crate::text) const IBM858: Self = Self { number: 858, name: "IBM00858" };
    /// DOS, Portuguese.
    pub(in crate::text) const IBM860: Self = Self { number: 860, name: "IBM860" };
    /// DOS, Icelandic.
    pub(in crate::text) const IBM861: Self = Self { number: 861, name: "IBM861" };
    /// DOS, Hebrew.
    pub(in crate::text) const IBM862: Self = Self { number: 862, name: "IBM862" };
    /// DOS, Canadian French.
    pub(in crate::text) const IBM863: Self = Self { number: 863, name: "IBM863" };
    /// DOS, Danish and Norwegian.
    pub(in crate::text) const IBM865: Self = Self { number: 865, name: "IBM865" };
    /// DOS, Greek, with more accents.
    pub(in crate::text) const IBM869: Self = Self { number: 869, name: "IBM869" };
    /// The Macintosh, Central Europe.
    pub(in crate::text) const MAC_CE: Self = Self { number: 10029, name: "x-mac-ce" };

    pub(in crate::text) const fn name(self) -> &'static str {
        self.name
    }

    /// The page with this label in lower case: `cp855`, `ibm855`, `855`, `x-mac-ce`.
    pub(in crate::text) fn labelled(label: &str) -> Option<Self> {
        if matches!(label, "x-mac-ce" | "mac-ce" | "mac-latin2" | "maccentraleurope" | "cp10029") {
            return Some(Page::MAC_CE);
        }
        let number = label.trim_start_matches("cp").trim_start_matches("ibm");
        let number: u16 = number.trim_start_matches('-').parse().ok()?;
        PAGES.into_iter().find(|page| page.number == number)
    }

    /// The character of a byte, unless the page has none.
    fn character(self, byte: u8) -> Option<char> {
        if byte.is_ascii() {
            return Some(char::from(byte));
        }
        if self == Page::MAC_CE {
            let place = usize::from(byte - 128);
            return MAC_CE_UPPER.get(place / 32)?.chars().nth(place % 32);
        }
        DECODING_TABLE_CP_MAP.get(&self.number)?.decode_char_checked(byte)
    }

    pub(super) fn decode(self, bytes: &[u8]) -> String {
        let upper: Vec<char> =
            (128..=255).map(|byte| self.character(byte).unwrap_or('\u{fffd}')).collect();
        let character = |byte: &u8| match byte.checked_sub(128) {
            None => char::from(*byte),
            Some(place) => upper.get(usize::from(place)).copied().unwrap_or('\u{fffd}'),
        };
        bytes.iter().map(character).collect()
    }
}

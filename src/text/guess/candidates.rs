//! The encodings of one byte a character that are tried, with the languages each was used for.
//!
//! The order is that of how common they are: of encodings that read a text alike the first is named.

use encoding_rs as standard;

use crate::text::codec::{Codec, Page};

/// An encoding and what is known of it before a byte is read.
pub(super) struct Candidate {
    pub(super) codec: Codec,
    /// Languages, with spaces between.
    pub(super) languages: &'static str,
    /// How much less common it is, in quarters of a natural logarithm.
    pub(super) rarity: u64,
}

const WEST: &str = "en da nb sv fi is de nl fr es pt it ca ga sq eu";
const CENTRAL: &str = "cs sk pl hu sl hr ro";
const BALTIC: &str = "et lv lt";
const CYRILLIC: &str = "ru uk be bg sr mk";

const fn standard(
    encoding: &'static standard::Encoding,
    name: &'static str,
    languages: &'static str,
    rarity: u64,
) -> Candidate {
    Candidate { codec: Codec::standard(encoding, name), languages, rarity }
}

const fn page(page: Page, languages: &'static str, rarity: u64) -> Candidate {
    Candidate { codec: Codec::page(page), languages, rarity }
}

pub(super) static CANDIDATES: [Candidate; 38] = [
    standard(standard::WINDOWS_1252, "windows-1252", WEST, 0),
    standard(standard::MACINTOSH, "macintosh", WEST, 12),
    page(Page::IBM850, WEST, 8),
    page(Page::IBM437, WEST, 10),
    standard(standard::ISO_8859_15, "ISO-8859-15", WEST, 8),
    page(Page::IBM860, "pt", 16),
    page(Page::IBM861, "is", 16),
    page(Page::IBM863, "fr", 16),
    page(Page::IBM865, "da nb", 16),
    standard(standard::WINDOWS_1250, "windows-1250", "cs sk pl hu sl hr ro sq", 0),
    standard(standard::ISO_8859_2, "ISO-8859-2", CENTRAL, 0),
    page(Page::IBM852, CENTRAL, 8),
    page(Page::MAC_CE, CENTRAL, 12),
    standard(standard::ISO_8859_3, "ISO-8859-3", "eo", 8),
    standard(standard::WINDOWS_1257, "windows-1257", BALTIC, 0),
    standard(standard::ISO_8859_13, "ISO-8859-13", BALTIC, 2),
    standard(standard::ISO_8859_4, "ISO-8859-4", BALTIC, 4),
    page(Page::IBM775, BALTIC, 12),
    standard(standard::WINDOWS_1254, "windows-1254", "tr", 0),
    page(Page::IBM857, "tr", 8),
    standard(standard::WINDOWS_1251, "windows-1251", CYRILLIC, 0),
    standard(standard::KOI8_R, "KOI8-R", "ru bg", 0),
    standard(standard::KOI8_U, "KOI8-U", "uk be", 0),
    standard(standard::ISO_8859_5, "ISO-8859-5", CYRILLIC, 0),
    standard(standard::IBM866, "IBM866", "ru uk be bg", 0),
    page(Page::IBM855, CYRILLIC, 4),
    standard(standard::X_MAC_CYRILLIC, "x-mac-cyrillic", CYRILLIC, 4),
    standard(standard::WINDOWS_1253, "windows-1253", "el", 0),
    standard(standard::ISO_8859_7, "ISO-8859-7", "el", 0),
    page(Page::IBM737, "el", 8),
    page(Page::IBM869, "el", 16),
    standard(standard::WINDOWS_1255, "windows-1255", "he", 0),
    page(Page::IBM862, "he", 8),
    standard(standard::WINDOWS_1256, "windows-1256", "ar fa ur", 0),
    standard(standard::ISO_8859_6, "ISO-8859-6", "ar", 0),
    page(Page::IBM720, "ar", 12),
    standard(standard::WINDOWS_1258, "windows-1258", "vi", 8),
    standard(standard::WINDOWS_874, "windows-874", "th", 0),
];

//! The codecs fonds reads text with: those of the WHATWG Encoding Standard, and those it leaves out
//! that old disks are full of (code pages of DOS and the Macintosh, Johab, ISO-2022-KR, HZ, UTF-32).
//!
//! A codec decodes whatever it is given; which one a document is in is found out in `guess` and
//! `decode`. Unicode's own mark at the start is none of its business.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::Encoding;

mod johab;
mod page;
mod shifted;
mod utf32;

pub(super) use page::Page;

/// A character encoding that text can be read in.
#[derive(Clone, Copy)]
pub struct Codec {
    name: &'static str,
    way: Way,
}

#[derive(Clone, Copy)]
enum Way {
    Standard(&'static Encoding),
    Page(Page),
    /// Decodes all; U+FFFD for what is malformed.
    Own(fn(&[u8]) -> String),
}

/// Korean on DOS in the 1980s and 90s: every syllable as its three letters.
pub static JOHAB: Codec = Codec { name: "Johab", way: Way::Own(johab::decode) };
/// Korean mail of the 1990s (RFC 1557).
pub static ISO_2022_KR: Codec = Codec { name: "ISO-2022-KR", way: Way::Own(shifted::iso_2022_kr) };
/// Chinese newsgroups of the 1990s (RFC 1843).
pub static HZ: Codec = Codec { name: "HZ-GB-2312", way: Way::Own(shifted::hz) };
/// UTF-32, low byte first.
pub static UTF_32LE: Codec = Codec { name: "UTF-32LE", way: Way::Own(utf32::little) };
/// UTF-32, high byte first.
pub static UTF_32BE: Codec = Codec { name: "UTF-32BE", way: Way::Own(utf32::big) };

impl Codec {
    /// A codec of the WHATWG Encoding Standard.
    pub const fn standard(encoding: &'static Encoding, name: &'static str) -> Self {
        Self { name, way: Way::Standard(encoding) }
    }

    pub(super) const fn page(page: Page) -> Self {
        Self { name: page.name(), way: Way::Page(page) }
    }

    /// Name by the WHATWG Encoding Standard; for what it leaves out, the name IANA has for it, or
    /// for code pages of DOS without one, `IBM` and its number.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The text, without regard to byte order marks, and whether anything in it was malformed and
    /// became U+FFFD.
    pub fn decode<'a>(&self, bytes: &'a [u8]) -> (Cow<'a, str>, bool) {
        match self.way {
            Way::Standard(encoding) => encoding.decode_without_bom_handling(bytes),
            Way::Page(page) => {
                let text = page.decode(bytes);
                let malformed = text.contains('\u{fffd}');
                (Cow::Owned(text), malformed)
            }
            Way::Own(decode) => {
                let text = decode(bytes);
                let malformed = text.contains('\u{fffd}');
                (Cow::Owned(text), malformed)
            }
        }
    }

    /// The codec with this label: any label of the WHATWG Encoding Standard, in any case, with `_`
    /// or nothing where the standard has `-`; the code pages by number (`CP949`, `IBM855`, `cp437`);
    /// `johab`, `iso-2022-kr`, `hz`, `x-mac-ce`, `utf-32le` and `utf-32be`.
    ///
    /// Returns `None` for a label that names none, or one that is not for reading text.
    pub fn labelled(label: &str) -> Option<Self> {
        let plain = label.trim().to_ascii_lowercase().replace('_', "-");
        match &*plain {
            "johab" | "cp1361" | "ms1361" => return Some(JOHAB),
            "iso-2022-kr" | "iso2022kr" | "csiso2022kr" => return Some(ISO_2022_KR),
            "hz" | "hz-gb-2312" | "hzgb" => return Some(HZ),
            "utf-32" | "utf32" | "utf-32le" => return Some(UTF_32LE),
            "utf-32be" => return Some(UTF_32BE),
            _ => {}
        }
        standard(&plain).map(Self::from).or_else(|| Page::labelled(&plain).map(Self::page))
    }
}

/// The standard's encoding with this label, as people write it.
fn standard(plain: &str) -> Option<&'static Encoding> {
    let known = match plain {
        "cp949" | "uhc" | "euckr" => "euc-kr",
        "cp936" => "gbk",
        "cp950" | "cp951" => "big5",
        "cp932" | "sjis" => "shift_jis",
        "eucjp" => "euc-jp",
        "utf16" => "utf-16le",
        "koi8r" => "koi8-r",
        "koi8u" => "koi8-u",
        "maccyrillic" | "mac-cyrillic" | "cp10007" => "x-mac-cyrillic",
        "macroman" | "mac-roman" => "macintosh",
        "cp874" => "windows-874",
        other => other,
    };
    let found = Encoding::for_label_no_replacement(known.as_bytes());
    found.or_else(|| Encoding::for_label_no_replacement(known.replace('-', "_").as_bytes()))
}

impl From<&'static Encoding> for Codec {
    fn from(encoding: &'static Encoding) -> Self {
        Self::standard(encoding, encoding.name())
    }
}

impl PartialEq for Codec {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Codec {}

impl fmt::Debug for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_as_people_write_them() {
        for (label, name) in [
            ("utf8", "UTF-8"),
            ("GB18030", "gb18030"),
            ("Shift-JIS", "Shift_JIS"),
            ("CP949", "EUC-KR"),
            ("windows_1251", "windows-1251"),
            (" latin1 ", "windows-1252"),
            ("MacCyrillic", "x-mac-cyrillic"),
            ("cp855", "IBM855"),
            ("IBM437", "IBM437"),
            ("850", "IBM850"),
            ("Johab", "Johab"),
            ("ISO-2022-KR", "ISO-2022-KR"),
            ("hz", "HZ-GB-2312"),
            ("mac_latin2", "x-mac-ce"),
            ("UTF-32BE", "UTF-32BE"),
        ] {
            let found = Codec::labelled(label);
            assert_eq!(found.map(|found| found.name()), Some(name), "{label}");
        }
        for label in ["klingon", "", "cp1", "replacement"] {
            assert_eq!(Codec::labelled(label), None, "{label}");
        }
    }

    #[test]
    fn code_pages_decode_byte_by_byte() {
        let page = |label| Codec::labelled(label).unwrap();
        assert_eq!(page("cp855").decode(b"\xDD\xE1\xB7\xEB\xA8\xE5 1").0, "Привет 1");
        assert_eq!(page("cp437").decode(b"M\x81nchen").0, "München");
        assert_eq!(page("x-mac-ce").decode(b"\xFD\x97\xB8ty").0, "żółty");
        let (text, malformed) = page("cp857").decode(b"a\x8D\xE7");
        assert_eq!((&*text, malformed), ("aı\u{fffd}", true));
    }
}

//! Tells what a file is that is not text, by its first bytes and by its control characters.
//!
//! It only ever looks: nothing is decoded, and no file is refused for what its name says.

use memchr::memmem;

/// First bytes and what they announce, in the words that follow `not text`.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "PDF document, which this version cannot read"),
    (b"\x7fELF", "ELF program"),
    (b"MZ\x90\0", "Windows program"),
    (b"\xCA\xFE\xBA\xBE", "Java class or Mach-O program"),
    (b"\xCF\xFA\xED\xFE", "Mach-O program"),
    (b"\xFE\xED\xFA", "Mach-O program"),
    (b"\0asm", "WebAssembly module"),
    (b"\xFF\xD8\xFF", "JPEG image"),
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"II*\0", "TIFF image"),
    (b"MM\0*", "TIFF image"),
    (b"BM", "BMP image"),
    (b"8BPS\0\x01", "Photoshop image"),
    (b"AT&TFORM", "DjVu document, which this version cannot read"),
    (b"SQLite format 3\0", "SQLite database"),
    (b"PK\x03\x04", "ZIP archive or office document"),
    (b"PK\x05\x06", "ZIP archive"),
    (b"\x1f\x8b\x08", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xFD7zXZ\0", "xz archive"),
    (b"7z\xBC\xAF\x27\x1C", "7-Zip archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"\x28\xB5\x2F\xFD", "Zstandard archive"),
    (b"\x04\x22\x4D\x18", "LZ4 archive"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Microsoft Office document"),
    (b"\0\x01\0\0Standard Jet DB", "Access database"),
    (b"\0\x01\0\0Standard ACE DB", "Access database"),
    (b"!BDN", "Outlook mailbox; export it as mbox"),
    (b"ITSF\x03", "compiled HTML help; unpack it, e.g. with extract_chmLib"),
    (b"\xFFWPC", "WordPerfect document; save it as DOCX"),
    (b"CAJ\0", "CAJ document; save it as PDF"),
    (b"KDH ", "CAJ document; save it as PDF"),
    (b"HN\0\0", "CAJ document; save it as PDF"),
    (b"HWP Document File V", "HWP document of before 2000; save it as DOCX"),
    (b"OggS\0", "Ogg media"),
    (b"ID3\x03", "MP3 audio"),
    (b"ID3\x04", "MP3 audio"),
    (b"fLaC\0", "FLAC audio"),
    (b"RIFF", "RIFF media"),
    (b"\x1A\x45\xDF\xA3", "Matroska or WebM media"),
    (b"\0\x01\0\0\0", "TrueType font"),
    (b"OTTO\0", "OpenType font"),
    (b"wOFF", "web font"),
    (b"wOF2", "web font"),
    (b"{\\rtf", "RTF document, which this version cannot read"),
];

/// Signatures that ordinary text could start with: only believed where control characters follow.
const WEAK: &[&[u8]] = &[
    b"KDH ",
    b"!BDN",
    b"AT&TFORM",
    b"BM",
    b"BZh",
    b"GIF87a",
    b"GIF89a",
    b"HWP Document File V",
    b"RIFF",
    b"wOFF",
    b"wOF2",
    b"MZ\x90\0",
];

/// What the bytes are, if their first bytes announce something that is not text.
pub fn announced(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
    // Tar has no mark at its start, and ISO media files have theirs at the fifth byte.
    if bytes.get(257..262) == Some(b"ustar") && has_controls(bytes) {
        return Some("tar archive");
    }
    if bytes.get(60..68) == Some(b"BOOKMOBI") && has_controls(bytes) {
        return Some("Mobipocket book; save it as EPUB, e.g. with calibre");
    }
    if bytes.get(4..8) == Some(b"ftyp") && bytes.first() == Some(&0) {
        return Some("MP4 or HEIF media");
    }
    // Readers of PDF accept garbage before the header, so it is looked for a little further in.
    if memmem::find(head, b"\n%PDF-1").is_some() && has_controls(bytes) {
        return Some("PDF document, which this version cannot read");
    }
    // Another archive is no document, whatever it holds (application_id, sqlite.org/fileformat2.html).
    if bytes.starts_with(b"SQLite format 3\0") && bytes.get(68..72) == Some(b"fond") {
        return Some("fonds archive; ask it with --archive");
    }
    let (start, name) = SIGNATURES.iter().find(|(start, _)| bytes.starts_with(start))?;
    (!WEAK.contains(start) || has_controls(bytes)).then_some(name)
}

/// Whether more than one in twenty of the first bytes are control characters that no text has.
///
/// NUL counts too, so UTF-16 must be recognised before this is asked.
pub fn is_mostly_control(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(65_536)).unwrap_or(bytes);
    let count = controls(head);
    count > 3 && count * 20 > head.len()
}

fn has_controls(bytes: &[u8]) -> bool {
    controls(bytes.get(..bytes.len().min(4096)).unwrap_or(bytes)) > 0
}

fn controls(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| is_control(**byte)).count()
}

/// Bytes that are control characters in every encoding; escape is left out, since ISO-2022-JP
/// and terminal logs are full of it.
const fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=7 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_files_are_named() {
        assert_eq!(announced(b"\xFF\xD8\xFF\xE0\0\x10JFIF"), Some("JPEG image"));
        assert_eq!(announced(b"\x7fELF\x02\x01\x01"), Some("ELF program"));
        assert_eq!(announced(b"SQLite format 3\0\x10"), Some("SQLite database"));
        let archive = [&b"SQLite format 3\0"[..], &[0; 52], b"fond"].concat();
        assert_eq!(announced(&archive), Some("fonds archive; ask it with --archive"));
        assert_eq!(announced(b"\0\x01\0\0Standard Jet DB\0"), Some("Access database"));
        assert_eq!(announced(b"\0\x01\0\0\0\x10"), Some("TrueType font"));
        assert_eq!(announced(b"CAJ\0\x01"), Some("CAJ document; save it as PDF"));
        assert_eq!(announced(b"KDH is a word of three letters"), None);
        assert_eq!(announced(b"%PDF-1.7\n"), Some("PDF document, which this version cannot read"));
    }

    #[test]
    fn words_that_look_like_signatures_stay_text() {
        assert_eq!(announced(b"BMW sold more cars in 2016."), None);
        assert_eq!(announced(b"RIFFRAFF, a word"), None);
        assert_eq!(announced(b"GIF89a is a format of images."), None);
        let before = "a word ".repeat(40);
        for (at, word) in [(257, "ustar"), (60, "BOOKMOBI")] {
            let text = format!("{}{word} stands here by chance.", before.split_at(at).0);
            assert_eq!(announced(text.as_bytes()), None);
            assert!(announced(format!("{text}\0\x01").as_bytes()).is_some());
        }
        assert_eq!(announced(b""), None);
    }

    #[test]
    fn a_stray_control_character_does_not_make_a_text_binary() {
        assert!(!is_mostly_control(b"A long enough sentence with one \x01 in it."));
        assert!(is_mostly_control(b"\x01\x02ab\x03\x04"));
        assert!(!is_mostly_control(b""));
    }
}

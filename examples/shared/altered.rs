//! Copies of a text as they come about: requoted, wrapped in a site, misread by a scanner.

/// Straight quotation marks for curly ones and the other way round, with the line ends of Windows.
pub(crate) fn requoted(text: &str) -> String {
    let mut open = false;
    let changed = text.chars().map(|c| match c {
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '"' => {
            open = !open;
            if open { '“' } else { '”' }
        }
        '\'' => '’',
        '–' => '-',
        c => c,
    });
    format!("\u{feff}{}", changed.collect::<String>().replace('\n', "\r\n"))
}

/// The text between a site's masthead and footer.
pub(crate) fn wrapped(text: &str) -> String {
    format!(
        "The Harbour Gazette\nHome | News | Opinion | Sport | Subscribe\nSign in to read more\n\n{text}\n\n\
         Share this article\nRelated stories\nSubscribe to our newsletter for news every morning.\n\
         © The Harbour Gazette. All rights reserved. Terms of use. Privacy policy.\n"
    )
}

/// Two letters in a hundred replaced by ones that look alike, or by their neighbours in the alphabet.
pub(crate) fn misread(text: &str, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % 100
    };
    let changed = text.chars().map(|c| {
        if !c.is_alphanumeric() || next() >= 2 {
            return c;
        }
        match c {
            'l' | 'i' => '1',
            'o' => '0',
            'e' => 'c',
            'n' => 'u',
            's' => '5',
            c => char::from_u32(u32::from(c) + 1).unwrap_or(c),
        }
    });
    changed.collect()
}

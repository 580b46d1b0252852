//! Subtitles: SubRip (.srt) and WebVTT.
//!
//! A paragraph is what is said without a pause, so that a search finds what runs over two titles. No
//! time is kept; the original has it.

use super::composed::Composed;
use super::{Format, Holds, Input, Unreadable};
use crate::model::Extract;
use crate::text::decode::decode;
use crate::text::marks;
use crate::text::segment::{self, Mark};
use crate::text::structure::Declared;

pub(super) const VTT: Format = Format {
    name: "vtt",
    version: 3,
    media_type: "text/vtt",
    extensions: &["vtt"],
    holds: Holds::OneDocument,
    recognises: |bytes| bytes.trim_ascii_start().starts_with(b"WEBVTT"),
    is_signed: false,
    is_bounded: true,
    read,
};

pub(super) const SRT: Format = Format {
    name: "srt",
    media_type: "application/x-subrip",
    extensions: &["srt"],
    recognises: |_| false,
    ..VTT
};

/// A pause that ends a paragraph, in milliseconds.
const PAUSE: u64 = 3000;

/// The longest paragraph that titles are joined to, in bytes.
const LONGEST: usize = 1500;

fn read(input: &Input) -> Result<Extract, Unreadable> {
    let decoded = decode(input.bytes, input.options.encoding)
        .map_err(|not_text| Unreadable(not_text.to_string()))?;
    let mut composed = Composed::default();
    let mut said = String::new();
    let mut ended = None;
    let text = decoded.text.replace("\r\n", "\n");
    for (start, end, words) in text.split("\n\n").filter_map(title) {
        let has_pause = ended.is_some_and(|ended| start > ended + PAUSE);
        if has_pause || said.len() > LONGEST && marks::ends_sentence(&said) {
            composed.push(&std::mem::take(&mut said), Mark::None);
        }
        // A dash begins what another person says.
        if words.starts_with(['-', '–', '—']) {
            composed.push(&std::mem::take(&mut said), Mark::None);
        }
        segment::append(&mut said, &words);
        ended = Some(end);
    }
    composed.push(&said, Mark::None);
    if composed.is_empty() && !text.trim().is_empty() {
        return Err(Unreadable("no subtitles: no line has two times".to_owned()));
    }
    let mut extract = composed.extract(&Declared::default());
    extract.encoding = Some(decoded.encoding);
    Ok(extract)
}

/// When a title comes and goes, in milliseconds, and its words without marks.
fn title(block: &str) -> Option<(u64, u64, String)> {
    let mut lines = block.lines();
    let times = lines.find(|line| line.contains("-->"))?;
    let (start, rest) = times.split_once("-->")?;
    let end = rest.split_whitespace().next()?;
    let mut words = String::new();
    for line in lines {
        let line = bare(line);
        if !line.trim().is_empty() {
            segment::append(&mut words, line.trim());
        }
    }
    (!words.is_empty()).then_some((milliseconds(start.trim())?, milliseconds(end)?, words))
}

/// `01:02:03,450` or `02:03.450`.
fn milliseconds(time: &str) -> Option<u64> {
    let (clock, part) = time.split_once([',', '.'])?;
    let mut seconds = 0_u64;
    for number in clock.split(':') {
        seconds = seconds.checked_mul(60)?.checked_add(number.trim().parse().ok()?)?;
    }
    seconds.checked_mul(1000)?.checked_add(part.parse().ok()?)
}

/// A line without marks such as `<i>` and `{\an8}`.
fn bare(line: &str) -> String {
    let mut bare = String::with_capacity(line.len());
    let mut closing = None;
    for c in line.chars() {
        match (closing, c) {
            (Some(mark), c) if mark == c => closing = None,
            (Some(_), _) => {}
            (None, '<') => closing = Some('>'),
            (None, '{') => closing = Some('}'),
            (None, c) => bare.push(c),
        }
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;

    fn read_text(text: &str) -> Result<Vec<String>, Unreadable> {
        let input = Input { bytes: text.as_bytes(), name: "a.srt", options: &Options::default() };
        read(&input).map(|extract| extract.paragraphs.into_iter().map(|part| part.text).collect())
    }

    #[test]
    fn titles_are_joined_until_there_is_a_pause() {
        let srt = "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>The ferry</i>\r\nsails\r\n\r\n2\r\n00:00:02,100 --> 00:00:03,000\r\n\
            {\\an8}at noon.\r\n\r\n3\r\n00:00:20,000 --> 00:00:21,000\r\nAnd the train?\r\n\r\n4\r\n00:00:21,100 --> 00:00:22,000\r\n- It waits.\r\n";
        assert_eq!(
            read_text(srt).unwrap(),
            ["The ferry sails at noon.", "And the train?", "- It waits."]
        );
        let vtt = "WEBVTT\n\nNOTE no title\n\n00:01.000 --> 00:02.000 align:start\n渡轮\n启航\n";
        assert_eq!(read_text(vtt).unwrap(), ["渡轮启航"]);
    }

    #[test]
    fn a_text_without_times_is_no_subtitles() {
        assert_eq!(read_text("The ferry.").unwrap_err().0, "no subtitles: no line has two times");
    }
}

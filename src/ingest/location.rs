//! How a path is written down: as text where it is text, with its bytes beside it where it is not.

use crate::model::Place;
use jiff::Timestamp;
use std::ffi::OsStr;
use std::fmt::Write;
use std::fs::Metadata;
use std::path::{Path, PathBuf, absolute};

/// The place of a file: its absolute path, symbolic links as they are.
pub(super) fn of(path: &Path, metadata: Option<&Metadata>) -> Place {
    let path = absolute(path).unwrap_or_else(|_| PathBuf::from(path));
    let modified_at = metadata.and_then(modified).map(|time| time.to_string());
    match path.to_str() {
        Some(text) => Place { location: text.to_owned(), modified_at, ..Place::default() },
        None => Place {
            location: shown(path.as_os_str()),
            raw: Some(path.as_os_str().as_encoded_bytes().to_vec()),
            modified_at,
            ..Place::default()
        },
    }
}

/// The place of a member: its container's location, `!`, and its name; `raw` has the bytes of a name
/// that is not those of its text.
pub(super) fn of_member(
    container: &Place,
    name: &str,
    raw: Option<&[u8]>,
    modified_at: Option<String>,
) -> Place {
    let raw = (raw.is_some() || container.raw.is_some()).then(|| {
        let outer = container.raw.as_deref().unwrap_or(container.location.as_bytes());
        [outer, b"!", raw.unwrap_or(name.as_bytes())].concat()
    });
    Place {
        location: format!("{}!{name}", container.location),
        raw,
        container: Some(container.location.clone()),
        modified_at,
        stamp: None,
    }
}

/// When a file was last changed, in whole seconds; `None` where the filesystem does not tell or the
/// year has no four digits.
pub(super) fn modified(metadata: &Metadata) -> Option<Timestamp> {
    let time = Timestamp::try_from(metadata.modified().ok()?).ok()?;
    let whole = Timestamp::from_second(time.as_second()).ok()?;
    (0..253_402_300_800).contains(&whole.as_second()).then_some(whole)
}

/// A name with every byte that is not UTF-8 written as `\xNN`, and the backslash as `\\` so that it
/// reads back.
fn shown(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', "\\\\"));
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn a_name_that_is_not_utf8_is_shown_escaped_and_kept_exactly() {
        let path = Path::new(OsStr::from_bytes(b"/d/\xb1\xb1\xbe\xa9\\.txt"));
        let place = of(path, None);
        assert_eq!(place.location, "/d/\\xb1\\xb1\\xbe\\xa9\\\\.txt");
        assert_eq!(place.raw.as_deref(), Some(&b"/d/\xb1\xb1\xbe\xa9\\.txt"[..]));
    }

    #[test]
    fn a_member_is_named_behind_its_container() {
        let container = of(Path::new("/d/feed.jsonl"), None);
        let member = of_member(&container, "12", None, None);
        assert_eq!(member.location, "/d/feed.jsonl!12");
        assert_eq!(member.container.as_deref(), Some("/d/feed.jsonl"));
        assert_eq!(member.raw, None);
        let inner = of_member(&member, "Ré", Some(b"R\x82"), None);
        assert_eq!(inner.raw.as_deref(), Some(&b"/d/feed.jsonl!12!R\x82"[..]));
    }
}

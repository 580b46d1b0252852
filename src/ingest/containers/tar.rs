//! Tar files, read as a stream.

use super::names::Reading;
use super::{At, Stop, Unpacking, broken};
use crate::ingest::offer::Found;
use std::io::Read;
use tar::{Archive, EntryType, Header};

/// Offers the members of a tar stream.
pub(super) fn members(own: &mut Unpacking, at: &At, stream: &mut dyn Read) -> Result<(), Stop> {
    let mut archive = Archive::new(stream);
    let entries = archive.entries().map_err(|error| Stop::Broken(broken(&error)))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| {
            // The crate says so in many ways.
            let text = error.to_string();
            let is_end = text.contains("unexpected EOF") || text.contains("failed to read entire");
            Stop::Broken(if is_end { "cut off".to_owned() } else { broken(&error) })
        })?;
        let refused = match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => None,
            EntryType::Directory => continue,
            EntryType::Symlink => Some("symbolic link, not followed"),
            EntryType::Link => Some("hard link to another member"),
            EntryType::Fifo => Some("named pipe"),
            EntryType::Char | EntryType::Block => Some("device"),
            _ => continue,
        };
        let raw = entry.path_bytes().into_owned();
        let name = Reading::of(std::iter::once(&*raw)).name(&raw);
        let modified = modified(entry.header());
        let Some(member) = own.enter(at, &name, modified)? else { continue };
        if let Some(reason) = refused {
            own.offer(member.place, Found::Skipped(reason.into()))?;
            continue;
        }
        let size = entry.size();
        let mut stream = own.budget.charge(&mut entry);
        own.member(&member, Some(size), &mut stream)?;
        if own.budget.is_spent() {
            break;
        }
    }
    Ok(())
}

/// When the member was last changed; tar has no way to say that it is unknown but zero.
fn modified(header: &Header) -> Option<String> {
    let seconds = i64::try_from(header.mtime().ok()?).ok().filter(|seconds| *seconds > 0)?;
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    (seconds < 253_402_300_800).then(|| time.to_string())
}

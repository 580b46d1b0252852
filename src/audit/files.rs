//! Compares the files where documents were seen with the documents.
//!
//! A file that has changed or is gone is told, and is no damage: the archive holds what was there.

use super::{Files, Listen};
use crate::fingerprint;
use crate::model::Share;
use crate::store::{Inspector, SeenFile};
use std::fs::File;

pub(super) fn compare(inspector: &Inspector, share: Share, listen: Listen<'_>) -> Files {
    let mut files = Files::default();
    let mut done = 0;
    let mut compare = |seen: SeenFile| {
        done += 1;
        listen("files", done, 0);
        let digest = File::open(&seen.path).and_then(fingerprint::digest_of_reader);
        match digest {
            Ok(digest) if digest.to_string() == seen.digest => files.same += 1,
            Ok(_) => files.changed.push(seen.location),
            Err(error) => files.gone.push(format!("{}: {error}", seen.location)),
        }
    };
    // What cannot be read of the sightings is a finding of its own.
    let _damaged = inspector.seen_files(share, &mut compare);
    files
}

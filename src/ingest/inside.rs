//! Files inside documents on their way to the archive: documents themselves, or containers of more.
//!
//! Their readers have taken them out ([`crate::format::embedded`]); how deep they may stand is bounded here,
//! and rules that leave out members leave them out too.

use super::Request;
use super::containers::{Members, Source, hold_members};
use super::location;
use super::offer::{Bytes, too_large};
use super::prepare::{self, Loaded, load};
use crate::fingerprint;
use crate::model::{Embedded, Place};
use crate::store::{Arrival, Fate, Held};
use std::sync::Arc;

/// Documents in documents are taken down to this depth, containers counted.
const DEEPEST: usize = 8;

/// What arrives of a file that stands inside the document at a place.
pub(super) fn arrivals(outer: &Place, file: Embedded, request: &Request) -> Vec<Arrival> {
    let place = location::of_member(outer, &file.name, None, None);
    if let Some(fate) = refusal(&place, &file, request) {
        return vec![Arrival { place, fate }];
    }
    if hold_members(&file.bytes, &file.name) {
        let rules = Arc::new(request.rules.clone());
        let members = Members::of(place, file.name, Source::Memory(file.bytes), rules);
        let loaded = members.map(|offer| load(offer, request.rules.max_bytes));
        return loaded.flat_map(|loaded| taken(loaded, request)).collect();
    }
    let bytes = Bytes { bytes: file.bytes, name: file.name, ..Bytes::default() };
    let digest = fingerprint::digest(&bytes.bytes);
    taken(Loaded::Document { place, bytes, digest, damage: None }, request)
}

fn refusal(place: &Place, file: &Embedded, request: &Request) -> Option<Fate> {
    if let Some(reason) = request.rules.against_member(&file.name) {
        return Some(Fate::Skipped(reason.to_owned()));
    }
    if file.bytes.len() as u64 > request.rules.max_bytes {
        return Some(Fate::Failed(too_large(request.rules.max_bytes)));
    }
    let is_deep = place.location.matches('!').count() > DEEPEST;
    is_deep.then(|| Fate::Failed(format!("stands in documents more than {DEEPEST} deep")))
}

fn taken(loaded: Loaded, request: &Request) -> Vec<Arrival> {
    match loaded {
        // Whether the archive holds it was not asked; the writer asks.
        Loaded::Document { place, bytes, digest, damage } => {
            prepare::arrivals(place, &bytes, digest, Held::default(), damage, request)
        }
        Loaded::Decided(arrival) => vec![arrival],
    }
}

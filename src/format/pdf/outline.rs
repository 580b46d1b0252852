//! The document's own list of its headings, which readers show as bookmarks.
//!
//! It is followed to a bound: lists that lead back into themselves end there.

use std::collections::HashMap;

use hayro_interpret::hayro_syntax::object::{Dict, String as Words};
use hayro_interpret::hayro_syntax::xref::XRef;

use super::properties;
use crate::text::normal::normal;

/// The most entries that are read.
const MOST: usize = 20_000;

/// The deepest entry that is read.
const DEEPEST: u8 = 6;

/// Depths of headings, from 1, by their folded words.
pub(super) fn of(xref: &XRef) -> HashMap<String, u8> {
    let mut headings = HashMap::new();
    let root: Option<Dict> = xref.get(xref.root_id());
    let outlines: Option<Dict> = root.and_then(|root| root.get("Outlines"));
    let Some(first) = outlines.and_then(|outlines| outlines.get::<Dict>("First")) else {
        return headings;
    };
    let mut open = vec![(first, 1)];
    let mut seen = 0;
    while let Some((entry, depth)) = open.pop() {
        seen += 1;
        if seen > MOST {
            break;
        }
        if let Some(title) = entry.get::<Words>("Title") {
            let title = normal(&properties::text(title.as_bytes()));
            if !title.is_empty() {
                headings.entry(title).or_insert(depth);
            }
        }
        if let Some(next) = entry.get::<Dict>("Next") {
            open.push((next, depth));
        }
        if let Some(child) = entry.get::<Dict>("First").filter(|_| depth < DEEPEST) {
            open.push((child, depth + 1));
        }
    }
    headings
}

//! The only module that knows SQLite.
//!
//! Writes and keyed reads have one file per table; what users ask is SQL of their own, run by
//! [`Reader`] on a connection that cannot write.

mod accession;
mod added;
mod advice;
mod alike;
mod archive;
mod arrival;
mod backup;
mod batch;
mod canonical;
mod clock;
mod collection;
mod complaint;
mod concept;
mod decision;
mod document;
mod expand;
mod facts;
mod fixity;
mod former;
mod ftsapi;
mod functions;
mod guard;
mod header;
mod holder;
mod index;
mod inspect;
mod journal;
mod ledger;
mod listing;
mod lookup;
mod loss;
mod meant;
mod mentioned;
mod migrate;
mod original;
mod outdated;
mod parameters;
mod passage;
mod patience;
mod proof;
mod rank;
mod recurring;
mod relation;
mod renew;
mod repair;
mod ruling;
mod salvage;
mod saved;
mod saved_proof;
mod search;
mod select;
mod settlement;
mod sighting;
mod signature;
mod tally;
mod texts;
mod tokenizer;
mod tokens;
mod waiting;
mod writing;

pub use accession::Accession;
pub use added::Told;
pub use archive::Archive;
pub use arrival::{Arrival, Fate, NewDocument, Reading, Text};
pub use backup::{back_up, publish};
pub use complaint::{Complaint, Fault, Stop};
pub use decision::Decision;
pub use fixity::Checked;
pub use guard::Limits;
pub use header::{APPLICATION_ID, Refusal, existing, identity};
pub use holder::of as holder_of;
pub use inspect::{Glance, Inspector, Named, SeenFile, Tell};
pub use journal::Journal;
pub use lookup::{Held, Lookup};
pub use migrate::SCHEMA_VERSION;
pub use original::Original;
pub use outdated::Standing;
pub use recurring::Place;
pub use relation::Comparison;
pub use renew::{Renewal, Renewed};
pub use repair::{Losses, Repairer, Reread, Sought, abandon};
pub use ruling::Ruling;
pub use saved::SavedSearch;
pub use select::{Cut, Interrupt, Reader, Selected, Watch};
pub use settlement::Extent;
pub use signature::Sketched;
pub use texts::TextReader;
pub use waiting::wait_for_others;
pub use writing::Writing;

#[cfg(test)]
mod plan_tests;

/// The version of the SQLite library that this program carries, e.g. `3.54.1`.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// The time now, as every table has it: UTC, ISO 8601, whole seconds.
pub fn now() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}

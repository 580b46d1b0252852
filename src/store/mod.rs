//! The only module that knows SQLite.
//!
//! Writes and keyed reads have one file per table; what users ask is SQL of their own, run by
//! [`Reader`] on a connection that cannot write.

mod accession;
mod advice;
mod alike;
mod archive;
mod arrival;
mod backup;
mod batch;
mod canonical;
mod clock;
mod complaint;
mod concept;
mod decision;
mod document;
mod expand;
mod facts;
mod fixity;
mod ftsapi;
mod functions;
mod guard;
mod header;
mod holder;
mod index;
mod inspect;
mod journal;
mod ledger;
mod lookup;
mod loss;
mod meant;
mod mentioned;
mod migrate;
mod original;
mod parameters;
mod passage;
mod proof;
mod rank;
mod relation;
mod repair;
mod salvage;
mod saved;
mod search;
mod select;
mod settlement;
mod sighting;
mod signature;
mod tally;
mod tokenizer;
mod tokens;

pub use accession::Accession;
pub use archive::Archive;
pub use arrival::{Arrival, Fate, NewDocument, Reading, Text};
pub use backup::{back_up, publish};
pub use complaint::{Complaint, Fault, Stop};
pub use decision::Decision;
pub use fixity::Checked;
pub use guard::Limits;
pub use header::{APPLICATION_ID, Refusal};
pub use inspect::{Glance, Inspector, Named, SeenFile, Tell};
pub use journal::Journal;
pub use lookup::{Held, Lookup};
pub use migrate::SCHEMA_VERSION;
pub use original::Original;
pub use relation::{Comparison, PlacedText};
pub use repair::{Losses, Repairer, Reread, Sought, abandon};
pub use saved::SavedSearch;
pub use select::{Cut, Interrupt, Reader, Selected, Watch};
pub use signature::Sketched;

/// The version of the SQLite library that this program carries, e.g. `3.54.1`.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// The time now, as every table has it: UTC, ISO 8601, whole seconds.
pub fn now() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}

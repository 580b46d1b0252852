//! Who copied whom: candidates from sketches and shared passages, verdicts on the texts, clusters without
//! chains.
//!
//! The result depends on which documents the archive holds, and on nothing else: not on their order, nor
//! on how many ingests they came in. It is worked out when an ingest ends, from the sketches of all
//! documents; what was measured before and has not changed is not measured again.

mod candidates;
mod clusters;
mod comparing;
mod groups;
mod kept;
mod passages;
mod settle;
mod texts;
mod tour;
mod vocabulary;
mod workshop;

pub use settle::{Settled, settle};

//! Who copied whom: candidates from sketches and shared passages, verdicts on the texts, clusters without
//! chains.
//!
//! What [`settle`] works out depends on which documents the archive holds, and on nothing else: not on
//! their order, nor on how many ingests they came in. It looks at the sketches of all documents; what was
//! measured before and has not changed is not measured again. [`settle_added`] joins a few documents to a
//! large archive without looking at all the others anew.

mod add;
mod apart;
mod candidates;
mod circle;
mod clusters;
mod comparing;
mod form;
mod groups;
mod kept;
mod kin;
mod near;
mod neighbourhood;
mod passages;
mod recurring;
mod settle;
mod texts;
mod tour;
mod vocabulary;
mod workshop;

pub use add::{Scope, settle_added};
pub use groups::leaders;
pub use settle::{Settled, settle};

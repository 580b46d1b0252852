//! The program from outside: what is typed, what is printed, what the archive then holds.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod backup;
mod bad_input;
mod check;
mod containers;
mod damage;
mod damages;
mod duplicates;
mod flips;
mod fuzzing;
mod hostile;
mod hostile_archives;
mod hostile_strings;
mod ingest;
mod interruption;
mod isolation;
mod ledger;
mod migration;
mod mutations;
mod packed;
#[path = "../program/mod.rs"]
mod program;
mod query;
#[path = "../random/mod.rs"]
mod random;
mod readme;
mod relations;
mod repair;
mod search;
mod seeds;
mod show;
mod support;

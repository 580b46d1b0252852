//! The program from outside: what is typed, what is printed, what the archive then holds.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod backup;
mod check;
mod containers;
mod damage;
mod duplicates;
mod flips;
mod ingest;
mod interruption;
mod ledger;
mod migration;
mod query;
mod readme;
mod search;
mod show;
mod support;

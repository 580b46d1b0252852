//! The program from outside: what is typed, what is printed, what the archive then holds.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed, and one that was not tried says so"
)]

mod added;
#[path = "../archives/mod.rs"]
mod archives;
mod backup;
mod bad_input;
mod boilerplate;
mod bounded;
mod check;
mod collections;
mod containers;
mod damage;
mod damages;
mod designations;
mod duplicates;
mod flips;
#[path = "../fuzz/mod.rs"]
mod fuzz;
mod fuzzing;
mod hostile;
mod hostile_archives;
mod hostile_files;
mod hostile_strings;
mod ingest;
mod interruption;
mod isolation;
mod ledger;
mod made;
mod migration;
mod peaks;
#[path = "../program/mod.rs"]
mod program;
mod query;
#[path = "../random/mod.rs"]
mod random;
mod readme;
mod relations;
mod repair;
mod reread;
mod search;
mod show;
mod support;
mod unchanged;

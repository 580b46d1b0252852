//! `fonds` keeps documents, and everything known about them, in one SQLite file.
//!
//! The way of a document through the crate:
//!
//! ```text
//! path ─ ingest::walk ─ bytes, hashed once ─ format ─ decoded text ─ paragraphs with kinds
//!      ─ fingerprint ─ store (one writer, one transaction a batch) ─ tables ─ views and SQL functions
//!      ─ query ─ rows ─ output
//! ```
//!
//! Each module may import only the modules in its row. `tests/tidy.rs` reads this very table and
//! fails on any other import, so the rule that is read is the rule that holds:
//!
//! | module | may import |
//! |---|---|
//! | model | – |
//! | text | model |
//! | fingerprint | model, text |
//! | format | model, text |
//! | compare | model, text, fingerprint |
//! | store | model, text, fingerprint, compare |
//! | dedup | model, text, fingerprint, compare, store |
//! | ingest | model, text, fingerprint, format, store, dedup |
//! | query | model, text, store |
//! | audit | model, text, fingerprint, store |
//! | output | model, text |
//! | cli | model, text, fingerprint, format, store, ingest, dedup, compare, query, audit, output |
//!
//! Owned words: `rusqlite` stands only in `store`, printing and exit statuses only in `cli`,
//! `unsafe` only where `tests/tidy.rs` names the file.

pub mod audit;
pub mod cli;
pub mod compare;
pub mod dedup;
pub mod fingerprint;
pub mod format;
pub mod ingest;
pub mod model;
pub mod output;
pub mod query;
pub mod store;
pub mod text;

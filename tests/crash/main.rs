//! Power cuts, kills and failing disks at every moment: nothing that was acknowledged is lost.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

#[path = "../archives/mod.rs"]
mod archives;
mod content;
mod copies;
mod cuts;
mod disk;
mod kills;
mod processes;
#[path = "../program/mod.rs"]
mod program;
#[path = "../random/mod.rs"]
mod random;
mod rereads;
mod runs;
mod schedules;
mod shim;

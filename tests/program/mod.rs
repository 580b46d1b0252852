//! Where the program is that belongs to a test or an example. It builds nothing.

use std::path::PathBuf;

/// The program `fonds`: the one built for a test, or the one beside an example.
pub(crate) fn program() -> PathBuf {
    if let Some(program) = option_env!("CARGO_BIN_EXE_fonds") {
        return program.into();
    }
    let here = std::env::current_exe().unwrap();
    let beside = here.parent().unwrap().parent().unwrap().join("fonds");
    assert!(beside.exists(), "build the program first: cargo build --release");
    beside
}

//! The `fonds` program: hands over to [`fonds::cli`] and returns its exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    fonds::cli::main()
}

//! Messages to the person at the terminal: to standard error, one line each, safe to show.
//! And whether results on standard output may be styled.

#![allow(clippy::print_stderr, reason = "this is the place that prints")]

use crate::text::printable::{on_one_line, printable};
use std::io::IsTerminal;

/// What went wrong.
pub(super) fn error(text: &str) {
    eprintln!("fonds: {}", printable(text));
}

/// What the user can do next.
pub(super) fn hint(text: &str) {
    eprintln!("hint: {}", printable(text));
}

/// Something worth knowing that is no error.
pub(super) fn note(text: &str) {
    eprintln!("fonds: {}", on_one_line(text));
}

/// One input that was not stored, and why.
pub(super) fn problem(location: &str, reason: &str) {
    eprintln!("fonds: {}: {}", on_one_line(location), on_one_line(reason));
}

/// Whether results may have colours or weights: on a terminal, unless the user wants none
/// (no-color.org).
pub(super) fn is_styled() -> bool {
    std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

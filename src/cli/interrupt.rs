//! Ctrl-C and requests to end: the first is obeyed at the next safe point, the second at once.

use super::exit::Exit;
use super::message;
use anyhow::{Context, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that the first signal sets; `said` is what the user is told then.
///
/// # Errors
/// When the system refuses the handler.
pub(super) fn flag(said: &'static str) -> Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&interrupted);
    ctrlc::set_handler(move || {
        if set.swap(true, Ordering::Relaxed) {
            #[allow(clippy::exit, reason = "what is committed is safe, the rest is asked to go")]
            std::process::exit(Exit::Interrupted as i32);
        }
        message::note(said);
    })
    .context("cannot listen for interrupts")?;
    Ok(interrupted)
}

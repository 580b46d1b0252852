//! Shows on a terminal how far a long command has come, and prints an ingest's problems between.

use super::message;
use crate::ingest::Listener;
use crate::model::Counts;
use crate::text::printable::on_one_line;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Duration;

/// A line of progress, shown where it is wanted and standard error is a terminal.
pub(super) fn line(is_wanted: bool, template: &str) -> ProgressBar {
    let is_shown = is_wanted && std::io::stderr().is_terminal();
    let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// The listener of an ingest that a person started.
pub(super) struct Progress {
    bar: ProgressBar,
    quiet: bool,
    problems: Mutex<Vec<(String, String)>>,
}

impl Progress {
    /// Shows progress if `wanted` and standard error is a terminal; `quiet` prints no problems.
    pub(super) fn new(wanted: bool, quiet: bool) -> Self {
        let bar = line(wanted && !quiet, "{spinner} {prefix} {wide_msg}");
        bar.set_prefix("0 documents");
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self { bar, quiet, problems: Mutex::new(Vec::new()) }
    }

    /// Takes the progress off the terminal and gives the problems back.
    pub(super) fn end(self) -> Vec<(String, String)> {
        self.bar.finish_and_clear();
        self.problems.into_inner().unwrap_or_default()
    }
}

impl Listener for Progress {
    fn problem(&self, location: &str, reason: &str) {
        if !self.quiet {
            self.bar.suspend(|| message::problem(location, reason));
        }
        if let Ok(mut problems) = self.problems.lock() {
            problems.push((location.to_owned(), reason.to_owned()));
        }
    }

    fn reading(&self, location: &str) {
        self.bar.set_message(on_one_line(location).into_owned());
    }

    fn committed(&self, counts: &Counts) {
        let Counts { stored, known, failed, .. } = counts;
        self.bar.set_prefix(format!("{stored} new, {known} known, {failed} failed"));
    }

    fn relating(&self, done: usize, steps: usize) {
        // A step takes less time than a line of a terminal.
        if done.is_multiple_of(64) {
            let share = done * 100 / steps.max(1);
            self.bar.set_message(format!("working out who copied whom, {share} %"));
        }
    }
}

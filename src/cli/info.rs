//! The command `info`: what the archive holds.

use super::Global;
use super::exit::Exit;
use super::rows::{self, NamedOptions};
use crate::query;
use anyhow::Result;
use clap::Args;

/// Tell what the archive holds: counts, languages, dates, size
#[derive(Args)]
pub(super) struct Info {
    #[command(flatten)]
    options: NamedOptions,
}

impl Info {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        rows::run_named(global, query::INFO, &[], &self.options)
    }
}

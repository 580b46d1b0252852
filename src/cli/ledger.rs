//! The command `ledger`: what became of every path that was offered.

use super::Global;
use super::exit::Exit;
use super::rows::{self, NamedOptions};
use crate::model::Value;
use crate::query;
use anyhow::Result;
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::path::{PathBuf, absolute};

/// Tell what became of every path that was offered
///
/// Without a path: everything offered in the last accession. With a path: its whole history, and
/// that of everything below it.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Ledger {
    /// A file or folder, wherever it is now
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,

    /// Only paths that met this outcome
    #[arg(long, value_parser = PossibleValuesParser::new(["stored", "known", "container", "skipped", "failed"]))]
    outcome: Option<String>,

    /// Only this accession, by its number
    #[arg(long, value_name = "N")]
    accession: Option<i64>,

    #[command(flatten)]
    options: NamedOptions,
}

const EXAMPLES: &str = "\
Examples:
  fonds ledger --outcome failed
  fonds ledger reports/2019/
  fonds ledger --accession 3 --format csv > accession-3.csv";

impl Ledger {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        let path = self.path.map(|path| absolute(&path).unwrap_or(path));
        let path = path.map(|path| path.display().to_string());
        // A folder typed with a slash at its end is the same folder.
        let path = path.map(|path| path.trim_end_matches('/').to_owned());
        let parameters = [
            ("path".to_owned(), path.map_or(Value::Null, Value::Text)),
            ("outcome".to_owned(), self.outcome.map_or(Value::Null, Value::Text)),
            ("accession".to_owned(), self.accession.map_or(Value::Null, Value::Integer)),
        ];
        rows::run_named(global, query::LEDGER, &parameters, &self.options)
    }
}

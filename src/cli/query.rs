//! `fonds query`: any SQL, safe to run.

use super::exit::Exit;
use super::rows::{self, RowOptions};
use super::{Global, message};
use crate::model::Value;
use anyhow::{Context, Result};
use std::io::{IsTerminal, Read};

/// Ask the archive in SQL
///
/// Runs one statement that reads, such as SELECT, WITH, VALUES, EXPLAIN QUERY PLAN or PRAGMA
/// table_info. Nothing is ever written, neither to the archive nor beside it: a statement that
/// could do more than read is refused with exit status 5.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Query {
    /// Statement to run; `-`, or none with input in a pipe, reads it from standard input
    // A statement may open with a comment, which begins like an option.
    #[arg(allow_hyphen_values = true)]
    sql: Option<String>,

    /// Fill the parameter :NAME of the statement; may be repeated
    ///
    /// A value that is written like a number is passed as one; CAST(:NAME AS TEXT) makes it a text
    /// again.
    #[arg(short, long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, Value)>,

    #[command(flatten)]
    options: RowOptions,
}

const EXAMPLES: &str = "\
Examples:
  fonds query \"SELECT label, paragraphs FROM document ORDER BY paragraphs DESC LIMIT 10\"
  fonds query -p year=2016 \"SELECT label, date FROM document WHERE date LIKE :year || '%'\"
  fonds query --format json \"SELECT * FROM paragraph WHERE document_id = 1\" > paragraphs.json
  fonds query < report.sql

Tables to start with: document, sighting, paragraph, passage, metadata, ledger. Their notes:
  fonds query \"SELECT name, note FROM about\"

Exit status: 0 done, 1 the statement failed, 5 it was refused, 6 a limit stopped it.";

impl Query {
    pub(super) fn run(self, global: &Global) -> Result<Exit> {
        let sql = match self.sql.as_deref() {
            None if std::io::stdin().is_terminal() => {
                message::error("no statement is given");
                message::hint(
                    "write it behind the command: fonds query \"SELECT * FROM document\"",
                );
                return Ok(Exit::Usage);
            }
            None | Some("-") => from_stdin()?,
            Some(sql) => sql.to_owned(),
        };
        rows::run(global, &sql, &self.parameters, &self.options)
    }
}

/// Reads the statement, no further than what could be run.
fn from_stdin() -> Result<String> {
    let mut sql = String::new();
    std::io::stdin()
        .take(4 << 20)
        .read_to_string(&mut sql)
        .context("cannot read the statement from standard input")?;
    Ok(sql)
}

fn parameter(text: &str) -> Result<(String, Value), String> {
    let Some((name, value)) = text.split_once('=') else {
        return Err("write it as NAME=VALUE".to_owned());
    };
    let name = name.trim_start_matches([':', '@', '$']);
    if name.is_empty() {
        return Err("the name before = is missing".to_owned());
    }
    Ok((name.to_owned(), rows::typed(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_split_at_the_first_equals_sign() {
        assert_eq!(parameter(":a=b=c"), Ok(("a".to_owned(), Value::Text("b=c".to_owned()))));
        assert_eq!(parameter("路="), Ok(("路".to_owned(), Value::Text(String::new()))));
        assert!(parameter("a").is_err());
        assert!(parameter("=1").is_err());
    }
}

//! What to say about terms that stand nowhere in the archive.
//!
//! It only words what [`query::MISSING`](crate::query::MISSING) gives.

use crate::model::{Flow, Sink, Value};
use crate::text::printable::on_one_line;
use crate::text::typed;
use std::io;

/// Takes the terms that stand nowhere, each with the word that may have been meant.
#[derive(Default)]
pub(super) struct Missing {
    terms: Vec<(String, Option<String>)>,
}

impl Sink for Missing {
    fn columns(&mut self, _: &[String]) -> io::Result<Flow> {
        Ok(Flow::More)
    }

    fn row(&mut self, cells: &[Value]) -> io::Result<Flow> {
        if let Some(Value::Text(term)) = cells.first() {
            let meant = match cells.get(1) {
                Some(Value::Text(meant)) => Some(meant.clone()),
                _ => None,
            };
            self.terms.push((term.clone(), meant));
        }
        Ok(Flow::More)
    }
}

impl Missing {
    /// What to say where nothing was found.
    pub(super) fn nothing(&self, words: &str) -> String {
        if typed::terms(words).is_empty() {
            return "nothing found: there is no word in what was typed".to_owned();
        }
        let reason = self.reason().unwrap_or_else(|| {
            "every term stands in the archive, but no paragraph fits them all".to_owned()
        });
        format!("nothing found: {reason}")
    }

    /// What stands nowhere, and what may have been meant; nothing if all terms stand somewhere.
    pub(super) fn reason(&self) -> Option<String> {
        let shown = |term: &str| on_one_line(term).into_owned();
        let advice = |meant: &Option<String>| match meant {
            Some(meant) => format!("; did you mean {}?", shown(meant)),
            None => String::new(),
        };
        match self.terms.as_slice() {
            [] => None,
            [(term, meant)] => {
                Some(format!("{} stands nowhere in the archive{}", shown(term), advice(meant)))
            }
            terms => {
                let names: Vec<String> = terms.iter().map(|(term, _)| shown(term)).collect();
                let meant: Vec<String> =
                    terms.iter().filter_map(|(_, meant)| meant.as_deref().map(shown)).collect();
                let meant = (!meant.is_empty()).then(|| meant.join(" "));
                let all = names.join(", ");
                Some(format!("these stand nowhere in the archive: {all}{}", advice(&meant)))
            }
        }
    }
}

//! A small dose of mutated inputs; `examples/fuzz` gives large ones.

use crate::fuzz;
use crate::fuzz::trial::{Plan, Senses, run};
use std::path::Path;
use std::time::Duration;

#[test]
fn no_reader_panics_or_hangs_on_mutated_inputs() {
    for target in fuzz::targets(None) {
        let outcome = run(&target, plan(150));
        let told: Vec<String> = outcome
            .found
            .iter()
            .map(|found| {
                let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&target.name);
                std::fs::write(&path, &found.input).unwrap();
                format!("{}: {}", found.what, path.display())
            })
            .chain(outcome.together)
            .collect();
        assert_eq!(told, [] as [String; 0], "{}", target.name);
        assert_eq!(outcome.runs, 150);
    }
}

/// By the clock, as the other tests of this process take time of the processor too.
fn plan(runs: u64) -> Plan {
    let senses = Senses { begin: || (), is_new: || false, bytes: || 0, time: || Duration::ZERO };
    Plan { seed: 7, runs, until: None, senses, trace: None }
}

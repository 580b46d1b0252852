//! A small dose of mutated inputs; `examples/fuzz.rs` gives large ones.

use crate::mutations;
use std::path::Path;

#[test]
fn no_reader_panics_or_hangs_on_mutated_inputs() {
    for target in mutations::targets(None) {
        let found = mutations::run(&target, 7, 60, None).0;
        let told: Vec<String> = found
            .iter()
            .map(|found| {
                let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&target.name);
                std::fs::write(&path, &found.input).unwrap();
                format!("{}: {}", found.what, path.display())
            })
            .collect();
        assert_eq!(told, [] as [String; 0], "{}", target.name);
    }
}

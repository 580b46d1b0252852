//! A small dose of mutated inputs; `examples/fuzz.rs` gives large ones.

use crate::mutations;

#[test]
fn no_reader_panics_or_hangs_on_mutated_inputs() {
    for target in mutations::targets(None) {
        let found = mutations::run(&target, 7, 60);
        let told: Vec<String> = found
            .iter()
            .map(|found| format!("{}: {:?}", found.what, String::from_utf8_lossy(&found.input)))
            .collect();
        assert_eq!(told, [] as [String; 0], "{}", target.name);
    }
}

//! What can be checked about the house is checked here and not reviewed: layers, owned words, heads
//! of files, sizes, forgotten files, and whether the documentation names what there is.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below the folder whose name ends like this, with its text.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The code of a file: without comments and without what follows its unit tests' head.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The layer table of `src/lib.rs`: module → modules it may import.
fn layers() -> BTreeMap<String, BTreeSet<String>> {
    let mut layers = BTreeMap::new();
    for line in read("src/lib.rs").lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["//!", module, imports, ""] = cells[..] else { continue };
        if module == "module" || module.starts_with('-') {
            continue;
        }
        let imports = imports.split(',').map(str::trim).filter(|name| *name != "–");
        layers.insert(module.to_owned(), imports.map(str::to_owned).collect());
    }
    layers
}

/// The modules of the crate that the code names: `crate::x`, also in groups of imports.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let names = match after.strip_prefix('{') {
            Some(group) => {
                let group = group.split(';').next().unwrap();
                group.split(',').map(|part| part.trim().trim_matches('}')).collect()
            }
            None => vec![after],
        };
        for name in names {
            let word: String =
                name.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !word.is_empty() {
                found.insert(word);
            }
        }
    }
    found
}

#[test]
fn every_module_imports_only_what_the_layer_table_allows() {
    let layers = layers();
    assert!(layers.len() > 5, "the table of src/lib.rs was not found: {layers:?}");
    let mut faults = Vec::new();
    for (name, text) in files("src", ".rs") {
        let Some((module, _)) = name.strip_prefix("src/").unwrap().split_once('/') else {
            continue;
        };
        let Some(allowed) = layers.get(module) else {
            faults.push(format!("{name}: the module {module} has no row in the layer table"));
            continue;
        };
        for import in imports(&code(&text)) {
            if import != module && !allowed.contains(&import) {
                faults.push(format!("{name} imports {import}, which {module} may not"));
            }
        }
    }
    assert_eq!(faults, [] as [String; 0]);
}

#[test]
fn the_layer_table_has_no_circle() {
    let layers = layers();
    let mut above: BTreeSet<&str> = BTreeSet::new();
    // A row may name only rows above it, in the order of the file.
    let order: Vec<String> = read("src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | ")?.split(" |").next().map(str::to_owned))
        .filter(|name| layers.contains_key(name))
        .collect();
    for module in &order {
        for import in &layers[module] {
            assert!(above.contains(import.as_str()), "{module} names {import} before its row");
        }
        above.insert(module);
    }
}

#[test]
fn owned_words_stand_only_where_they_belong() {
    let owned: [(&str, &[&str]); 4] = [
        ("rusqlite", &["src/store/"]),
        ("println!", &["src/cli/"]),
        ("process::exit", &["src/cli/"]),
        ("unsafe {", &["src/cli/arenas.rs", "src/store/ftsapi.rs", "src/store/tokenizer.rs"]),
    ];
    let mut faults = Vec::new();
    for (name, text) in files("src", ".rs") {
        for (word, places) in owned {
            let is_at_home = places.iter().any(|place| name.starts_with(place));
            if code(&text).contains(word) && !is_at_home {
                faults.push(format!("{name} has {word:?}, which belongs to {places:?}"));
            }
        }
    }
    assert_eq!(faults, [] as [String; 0]);
}

#[test]
fn every_source_file_opens_with_what_it_is_for() {
    for (name, text) in files("src", ".rs").into_iter().chain(files("tests", ".rs")) {
        assert!(text.starts_with("//! "), "{name} does not open with `//! `");
    }
    for (name, text) in files("src", ".sql").into_iter().chain(files("migrations", ".sql")) {
        assert!(text.starts_with("-- "), "{name} does not open with a comment");
    }
}

#[test]
fn source_files_stay_small() {
    for (name, text) in files("src", ".rs") {
        let lines = text.lines().count();
        assert!(lines <= 600, "{name} has {lines} lines: split it by subject");
    }
}

#[test]
fn every_format_and_every_output_is_in_its_list() {
    for folder in ["format", "output"] {
        let list = read(&format!("src/{folder}/mod.rs"));
        for (name, _) in files(&format!("src/{folder}"), ".rs") {
            let stem = name.rsplit('/').next().unwrap().trim_end_matches(".rs");
            let is_nested = name.matches('/').count() > 2;
            if stem != "mod" && stem != "tests" && !is_nested {
                assert!(list.contains(&format!("mod {stem};")), "{name} is not in the list");
            }
        }
    }
}

#[test]
fn every_table_and_view_is_described_in_the_archive_and_in_the_documentation() {
    // What the migrations come to has the same objects once more, as SQLite writes them.
    let migrations =
        files("migrations", ".sql").into_iter().filter(|(name, _)| !name.ends_with("newest.sql"));
    let schema: String = migrations.map(|(_, sql)| sql).collect();
    let documentation = read("docs/schema.md");
    for line in schema.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let name = match words[..] {
            ["CREATE", "TABLE" | "VIEW", name, ..] => name,
            ["CREATE", "VIRTUAL", "TABLE", name, ..] => name,
            _ => continue,
        };
        assert!(
            name == "about" || schema.contains(&format!("    ('{name}', ")),
            "{name} has no row in about"
        );
        assert!(documentation.contains(&format!("`{name}")), "docs/schema.md does not name {name}");
    }
}

#[test]
fn every_word_of_the_glossary_is_one_the_code_uses() {
    let glossary = read("docs/glossary.md");
    let sources = [files("src", ".rs"), files("src", ".sql"), files("migrations", ".sql")].concat();
    let code: String = sources.into_iter().map(|(_, text)| text.to_lowercase()).collect();
    let terms: Vec<&str> =
        glossary.lines().filter_map(|line| line.strip_prefix("**")?.split("**").next()).collect();
    assert!(terms.len() > 10, "no terms found in docs/glossary.md");
    for term in terms {
        assert!(code.contains(&term.to_lowercase()), "{term} stands nowhere in src");
    }
}

#[test]
fn the_changelog_has_a_heading_for_this_version() {
    let heading = format!("## {}", env!("CARGO_PKG_VERSION"));
    assert!(read("CHANGELOG.md").contains(&heading), "CHANGELOG.md has no heading {heading:?}");
}

//! What an ingest leaves out: hidden files, patterns, ignore files, files too large.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::fmt;
use std::path::{Component, Path, PathBuf};

/// Names of the files that tell, folder by folder, what to leave out (gitignore syntax).
///
/// `.gitignore` is not among them: people keep exactly their data out of git.
pub(super) const IGNORE_FILES: [&str; 2] = [".fondsignore", ".ignore"];

/// What is left out. Paths that a user names are always taken.
#[derive(Clone, Debug)]
pub struct Rules {
    include: Gitignore,
    exclude: Gitignore,
    has_include: bool,
    excluded: String,
    /// Whether hidden files and folders (`.name`) are taken too.
    pub hidden: bool,
    /// Whether ignore files are obeyed.
    pub ignore_files: bool,
    /// Most bytes of a document.
    pub max_bytes: u64,
}

/// A pattern of `--include` or `--exclude` that cannot be understood.
#[derive(Debug)]
pub struct BadPattern(String, ignore::Error);

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot understand the pattern {:?}: {}", self.0, self.1)
    }
}

impl std::error::Error for BadPattern {}

impl Rules {
    /// Rules with patterns in gitignore syntax: with `include`, only files that match one are
    /// taken; files and folders that match one of `exclude` are not.
    ///
    /// # Errors
    /// When a pattern cannot be understood.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, BadPattern> {
        Ok(Self {
            include: patterns(include)?,
            exclude: patterns(exclude)?,
            has_include: !include.is_empty(),
            excluded: exclude.join("\n"),
            hidden: false,
            ignore_files: true,
            max_bytes: 1 << 30,
        })
    }

    /// What chooses among the members of containers, as text: where it is the same, it chooses the same.
    pub(super) fn of_members(&self) -> String {
        format!("{}\n{}\n{}", self.hidden, self.max_bytes, self.excluded)
    }

    /// Why the entry of a folder is left out, by its path below the folder that the user named.
    pub(super) fn against(&self, below: &Path, is_folder: bool) -> Option<&'static str> {
        if !self.hidden && is_hidden(below) {
            return Some(HIDDEN);
        }
        if self.exclude.matched(below, is_folder).is_ignore() {
            return Some(EXCLUDED);
        }
        let included = || self.include.matched_path_or_any_parents(below, false).is_ignore();
        if self.has_include && !is_folder && !included() {
            return Some(NOT_INCLUDED);
        }
        None
    }

    /// Why a member of a container is left out, by its name inside. `--include` chooses among files,
    /// and takes all members of those it takes; an address on the web is never hidden.
    pub(super) fn against_member(&self, name: &str) -> Option<&'static str> {
        let path = Path::new(name);
        if !self.hidden && !name.contains("://") && path.ancestors().any(is_hidden) {
            return Some(HIDDEN);
        }
        // Patterns are matched only against what is below a folder.
        let below = |part: &Component<'_>| matches!(part, Component::Normal(_));
        let below: PathBuf = path.components().filter(below).collect();
        self.exclude.matched_path_or_any_parents(below, false).is_ignore().then_some(EXCLUDED)
    }
}

/// What the reason begins with of a member that a web archive declares as an image or the like.
pub(super) const DECLARED: &str = "declared as ";
pub(super) const HIDDEN: &str = "hidden";
pub(super) const EXCLUDED: &str = "excluded by --exclude";
pub(super) const NOT_INCLUDED: &str = "not named by --include";
pub(super) const IGNORED: &str = "named by an ignore file";
pub(super) const OWN_ARCHIVE: &str = "the archive itself";

/// Whether users expect this reason and need no message about it.
pub(super) fn is_expected(reason: &str) -> bool {
    reason.starts_with(DECLARED)
        || [HIDDEN, EXCLUDED, NOT_INCLUDED, IGNORED, OWN_ARCHIVE].contains(&reason)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn patterns(patterns: &[String]) -> Result<Gitignore, BadPattern> {
    let mut builder = GitignoreBuilder::new("");
    for pattern in patterns {
        let add = builder.add_line(None, pattern);
        add.map_err(|error| BadPattern(pattern.clone(), error))?;
    }
    builder.build().map_err(|error| BadPattern(patterns.join(" "), error))
}

/// The ignore rules of one folder, if it has any.
pub(super) fn ignore_files(folder: &Path) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new(folder);
    let mut found = false;
    for name in IGNORE_FILES {
        let file = folder.join(name);
        if file.is_file() {
            // A line that cannot be understood is left out; the others hold.
            let _bad_lines = builder.add(file);
            found = true;
        }
    }
    if !found {
        return None;
    }
    builder.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(include: &[&str], exclude: &[&str]) -> Rules {
        let own = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        Rules::new(&own(include), &own(exclude)).unwrap()
    }

    #[test]
    fn hidden_files_are_left_out_unless_asked_for() {
        let mut rules = rules(&[], &[]);
        assert_eq!(rules.against(Path::new("a/.git"), true), Some(HIDDEN));
        assert_eq!(rules.against(Path::new("a/b.txt"), false), None);
        rules.hidden = true;
        assert_eq!(rules.against(Path::new("a/.git"), true), None);
    }

    #[test]
    fn with_include_only_matching_files_are_taken_and_folders_are_entered() {
        let rules = rules(&["*.md", "press/**"], &[]);
        assert_eq!(rules.against(Path::new("a/b.md"), false), None);
        assert_eq!(rules.against(Path::new("press/b.html"), false), None);
        assert_eq!(rules.against(Path::new("a"), true), None);
        assert_eq!(rules.against(Path::new("a/b.txt"), false), Some(NOT_INCLUDED));
    }

    #[test]
    fn exclude_wins_over_include() {
        let rules = rules(&["*.md"], &["drafts/", "*.tmp.md"]);
        assert_eq!(rules.against(Path::new("drafts"), true), Some(EXCLUDED));
        assert_eq!(rules.against(Path::new("x.tmp.md"), false), Some(EXCLUDED));
        assert_eq!(rules.against(Path::new("x.md"), false), None);
    }

    #[test]
    fn a_pattern_that_cannot_be_understood_is_named() {
        let error = Rules::new(&["[z-a]".to_owned()], &[]).unwrap_err().to_string();
        assert!(error.starts_with("cannot understand the pattern \"[z-a]\": "), "{error}");
    }
}

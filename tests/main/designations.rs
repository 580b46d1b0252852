//! Names that some write in one piece and others in two, and words that hyphens join.

use crate::support::Folder;

#[test]
fn names_are_found_however_their_parts_are_joined_and_the_hit_says_so() {
    let folder = Folder::new();
    for (name, text) in [
        ("one.txt", "Levels of IL-6 and of TNF-α rose in preclinical work with the F16 engine."),
        (
            "two.txt",
            "Levels of IL6 and of TNF alpha rose in pre-clinical work with the F-16 engine.",
        ),
        ("other.txt", "Levels of IL and of 6 others, such as TNF, rose in clinical work before."),
    ] {
        folder.write(name, text);
    }
    folder.fonds(&["ingest", "."]).done();
    let found = |words: &str, exact: &str| {
        let sql = format!(
            "SELECT label, found_as FROM search(:words) WHERE exact = {exact} AND all_copies = 1
             AND label <> 'other.txt' ORDER BY label"
        );
        let words = format!("words={words}");
        let ran = folder.fonds(&["query", "--format", "csv", "-p", &words, &sql]);
        ran.stdout.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    for (words, one, two) in [
        ("IL6", "one.txt,IL-6", "two.txt,"),
        ("IL-6", "one.txt,", "two.txt,IL6"),
        ("\"IL-6\"", "one.txt,", "two.txt,IL6"),
        ("TNF-alpha", "one.txt,TNF-α", "two.txt,"),
        ("TNF-α", "one.txt,", "two.txt,TNF alpha"),
        ("preclinical", "one.txt,", "two.txt,pre-clinical"),
        ("pre-clinical", "one.txt,preclinical", "two.txt,"),
        ("F16", "one.txt,", "two.txt,F-16"),
    ] {
        let expected: Vec<&str> = [one, two].into_iter().filter(|row| !row.is_empty()).collect();
        assert_eq!(found(words, "0"), expected, "{words}");
    }
    assert_eq!(found("IL6", "1"), ["two.txt,"]);
    assert_eq!(found("pre-clinical", "1"), ["two.txt,"]);
}

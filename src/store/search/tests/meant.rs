//! What may have been meant.

use super::Archive;

fn meant(archive: &Archive, typed: &str) -> String {
    let sql = "SELECT coalesce(did_you_mean(?1), 'nothing')";
    archive.connection.query_row(sql, [typed], |row| row.get(0)).unwrap()
}

#[test]
fn a_word_is_near_one_that_differs_least_and_is_the_most_frequent() {
    let mut archive = Archive::new();
    archive.add(&[("body", "The corridor, the corridors; a cordial", "", None)]);
    archive.add(&[("body", "Another corridor", "", None), ("body", "Дорога и дороги", "", None)]);
    for (typed, expected) in [
        ("coridor", "corridor"),
        ("Corridorz", "corridor"),
        ("ocrridor", "corridor"),
        ("xcorridor", "corridor"),
        ("дорогг", "дорога"),
        ("cord", "nothing"),
        ("the", "nothing"),
        ("corridor wall", "nothing"),
        ("", "nothing"),
    ] {
        assert_eq!(meant(&archive, typed), expected, "{typed}");
    }
    let sql = "SELECT did_you_mean(NULL) IS NULL, did_you_mean(x'ff') IS NULL";
    let nothing = archive.connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
    assert_eq!(nothing, Ok((true, true)));
}

#[test]
fn an_expression_of_characters_is_near_one_that_differs_in_one() {
    let mut archive = Archive::new();
    archive.add(&[("body", "東北振興の計画は二〇一三年に始まり、東北地方の港。", "", None)]);
    archive.add(&[("body", "推进一带一路建设，一带一路倡议。", "", None)]);
    archive.add(&[("body", "대통령은 항구를 잇는 철도를 건설하겠다고 발표했다.", "", None)]);
    for (typed, expected) in [
        ("東北振典", "東北振興"),
        ("南北振興", "東北振興"),
        ("東振興", "東北振興"),
        ("一带路一", "一带一路"),
        ("一帶一陆", "nothing"),
        ("一带一陆", "一带一路"),
        ("一带一一路", "一带一路"),
        ("대통렁은", "대통령은"),
        ("振新", "nothing"),
    ] {
        assert_eq!(meant(&archive, typed), expected, "{typed}");
    }
}

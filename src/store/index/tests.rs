//! Whatever is asked, the index read here says what `MATCH` says.

use super::*;
use crate::store::clock::Clock;
use std::sync::Arc;
use std::time::Duration;

/// Draws numbers that look as if there was no order in them (xorshift; Marsaglia 2003).
struct Draw(u64);

impl Draw {
    /// Below the bound; small ones more often than large ones.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let (one, other) = (self.0 % bound, (self.0 >> 32) % bound);
        one * other / bound
    }

    fn text(&mut self, words: u64) -> String {
        let words: Vec<String> = (0..words).map(|_| self.word()).collect();
        words.join(" ")
    }

    fn word(&mut self) -> String {
        const LETTERS: [&str; 5] = ["a", "ab", "б", "c1", "路"];
        let (first, second) = (self.below(5) as usize, self.below(12));
        format!(
            "{}{}",
            LETTERS[first],
            if second == 0 { String::new() } else { second.to_string() }
        )
    }
}

/// An index in many small segments of many small leaves, in which rows were removed and changed.
fn index(draw: &mut Draw, page: u32) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(
            "CREATE VIRTUAL TABLE passage_index USING fts5(text, tokenize = 'unicode61 remove_diacritics 2');
             CREATE VIRTUAL TABLE instance USING fts5vocab(passage_index, instance);
             INSERT INTO passage_index (passage_index, rank) VALUES ('automerge', 0);",
        )
        .unwrap();
    let sql = "INSERT INTO passage_index (passage_index, rank) VALUES ('pgsz', ?1)";
    connection.execute(sql, [page]).unwrap();
    let mut id = 0;
    for batch in 0..6 {
        connection.execute_batch("BEGIN").unwrap();
        for _ in 0..200 {
            id += 1 + draw.below(400) as i64;
            let text = match draw.below(40) {
                30.. => draw.text(3000),
                length => draw.text(length),
            };
            let sql = "INSERT INTO passage_index (rowid, text) VALUES (?1, ?2)";
            connection.execute(sql, (id, text)).unwrap();
        }
        if batch > 1 {
            let sql = "DELETE FROM passage_index WHERE rowid % 7 = ?1";
            connection.execute(sql, [batch]).unwrap();
            let sql = "UPDATE passage_index SET text = ?2 WHERE rowid % 23 = ?1";
            connection.execute(sql, (batch, draw.text(20))).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
    }
    connection
}

fn matched(connection: &Connection, expression: &str) -> Vec<u32> {
    let sql = "SELECT rowid FROM passage_index WHERE passage_index MATCH ?1 ORDER BY rowid";
    let mut statement = connection.prepare_cached(sql).unwrap();
    let rows = statement.query_map([expression], |row| row.get(0)).unwrap();
    rows.collect::<Result<_>>().unwrap()
}

fn passages(list: &Postings) -> Vec<u32> {
    (0..list.len()).map(|at| list.passage(at).unwrap()).collect()
}

fn sought(text: &str, prefix: bool) -> Sought {
    Sought { text: text.to_owned(), prefix }
}

#[track_caller]
fn compare(connection: &Connection, draw: &mut Draw) {
    let patience = Patience::default();
    let mut index = Index::open(connection, &patience).unwrap();
    let size = index.size().unwrap();
    let counted = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table}");
        u64::from(connection.query_row(&sql, [], |row| row.get::<_, u32>(0)).unwrap())
    };
    assert_eq!(size, (counted("passage_index"), counted("instance")));
    let mut statement = connection.prepare("SELECT DISTINCT term FROM instance").unwrap();
    let words = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    for word in words.map(Result::unwrap).chain(["nowhere".to_owned(), String::new()]) {
        let list = index.word(&word).unwrap();
        let found: Vec<(u32, u32)> = (0..list.len())
            .flat_map(|at| list.places(at).map(move |place| (at, place)))
            .map(|(at, place)| (list.passage(at).unwrap(), place))
            .collect();
        let sql = "SELECT doc, offset FROM instance WHERE term = ?1 ORDER BY doc, offset";
        let mut statement = connection.prepare_cached(sql).unwrap();
        let rows = statement.query_map([&word], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(found, rows.collect::<Result<Vec<_>>>().unwrap(), "{word:?}");
    }
    for _ in 0..60 {
        let (text, prefix) = (format!("{} {}", draw.word(), draw.word()), draw.below(2) == 1);
        let expression = format!("\"{text}\"{}", if prefix { " *" } else { "" });
        let list = index.phrase(&sought(&text, prefix)).unwrap();
        assert_eq!(passages(&list), matched(connection, &expression), "{expression}");
    }
    for _ in 0..40 {
        let (within, three) = (draw.below(9) as u32, draw.text(3));
        let (one, other) = (draw.word(), draw.text(2));
        let expression = format!("NEAR(\"{one}\" \"{other}\" \"{three}\", {within})");
        let phrases = [sought(&one, false), sought(&other, false), sought(&three, false)];
        let list = index.near(&phrases, within).unwrap();
        assert_eq!(passages(&list), matched(connection, &expression), "{expression}");
        let expression = format!("NEAR(\"{one}\" \"{other}\", {within})");
        let list = index.near(&phrases[..2], within).unwrap();
        assert_eq!(passages(&list), matched(connection, &expression), "{expression}");
    }
}

#[test]
fn words_phrases_prefixes_and_neighbours_stand_where_match_finds_them() {
    for (seed, page) in [(11, 32), (12, 60), (13, 500), (14, 4050)] {
        let mut draw = Draw(seed);
        let connection = index(&mut draw, page);
        compare(&connection, &mut draw);
        // Half merged: some words stand in the new segment, the rest in the old ones.
        let merge = "INSERT INTO passage_index (passage_index, rank) VALUES ('merge', ?1)";
        connection.execute(merge, [-3]).unwrap();
        connection.execute(merge, [2]).unwrap();
        compare(&connection, &mut draw);
        connection
            .execute("INSERT INTO passage_index (passage_index) VALUES ('optimize')", [])
            .unwrap();
        compare(&connection, &mut draw);
    }
}

#[test]
fn an_index_in_which_rows_were_removed_for_good_is_read_too() {
    let mut draw = Draw(15);
    let connection = index(&mut draw, 60);
    connection
        .execute_batch(
            "INSERT INTO passage_index (passage_index) VALUES ('optimize');
             INSERT INTO passage_index (passage_index, rank) VALUES ('secure-delete', 1);
             DELETE FROM passage_index WHERE rowid % 3 = 1;",
        )
        .unwrap();
    compare(&connection, &mut draw);
}

#[test]
fn an_index_that_makes_no_sense_is_an_error() {
    let connection = index(&mut Draw(16), 60);
    let sql = "UPDATE passage_index_data SET block = zeroblob(length(block)) WHERE id > 100";
    connection.execute(sql, []).unwrap();
    assert!(Index::open(&connection, &Patience::default()).unwrap().word("a").is_err());
    let sql = "UPDATE passage_index_data SET block = x'000000' WHERE id = 10";
    connection.execute(sql, []).unwrap();
    assert!(Index::open(&connection, &Patience::default()).is_err());
    connection.execute("DELETE FROM passage_index_data WHERE id = 10", []).unwrap();
    assert!(Index::open(&connection, &Patience::default()).is_err());
}

/// Everything that an index can be asked, with whether it was answered.
fn asked(index: &mut Index) -> [bool; 6] {
    let (word, phrase) = (sought("a", false), sought("a ab", false));
    [
        index.word("a").is_ok(),
        index.starting("a", usize::MAX, &|_| true).is_ok(),
        index.phrase(&phrase).is_ok(),
        index.phrase(&sought("a", true)).is_ok(),
        index.near(&[word, phrase], 5).is_ok(),
        index.spaced(&[Some("a"), None, Some("ab")]).is_ok(),
    ]
}

#[test]
fn nothing_is_read_when_time_is_up_or_lists_would_take_too_much_memory() {
    let connection = index(&mut Draw(17), 60);
    let clock = |time| {
        let clock = Arc::new(Clock::new(Some(time)));
        clock.start();
        clock
    };
    let hour = clock(Duration::from_secs(3600));
    for (patience, answered) in
        [(Patience::new(&hour, 1 << 30), true), (Patience::new(&hour, 16), false)]
    {
        let mut index = Index::open(&connection, &patience).unwrap();
        assert_eq!(asked(&mut index), [answered; 6], "{patience:?}");
    }
    assert!(Index::open(&connection, &Patience::new(&clock(Duration::ZERO), 0)).is_err());
    // Lists that were read before time was up are joined no more.
    let (clock, connection) = (clock(Duration::from_secs(3600)), &connection);
    let patience = Patience::new(&clock, 0);
    let mut index = Index::open(connection, &patience).unwrap();
    assert_eq!(asked(&mut index), [true; 6]);
    clock.interrupt();
    let still = asked(&mut index);
    assert_eq!(still, [true, false, false, false, false, false]);
}

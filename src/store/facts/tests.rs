//! Facts written by a batch are those that the tables give.

use super::*;
use crate::store::migrate;

/// Places passages in documents: (document, passage, kind, the heading's passage), passages indexed as
/// many words as their id.
fn placed(connection: &Connection, list: &[(i64, i64, Kind, Option<i64>)]) -> Vec<Placed> {
    let mut positions: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    let mut last: BTreeMap<i64, i64> = BTreeMap::new();
    for &(document, passage, kind, heading) in list {
        let position = last.entry(document).or_insert_with(|| {
            let sql = "SELECT coalesce(max(position), 0) FROM placement WHERE document_id = ?1";
            connection.query_row(sql, [document], |row| row.get(0)).unwrap()
        });
        *position += 1;
        positions.insert((document, passage), *position);
        connection
            .execute(
                "INSERT OR IGNORE INTO document (id, digest, label, media_type, bytes, cluster_id, accession_id)
                 VALUES (?1, printf('%064d', ?1), '', 'text/plain', 1, ?1, 1)",
                [document],
            )
            .unwrap();
        let new = connection
            .execute(
                "INSERT OR IGNORE INTO passage_text (id, digest, text, cjk)
                 VALUES (?1, zeroblob(32), '', 0)",
                [passage],
            )
            .unwrap();
        if new > 0 {
            let words = "word ".repeat(usize::try_from(passage).unwrap());
            connection
                .execute(
                    "INSERT INTO passage_index (rowid, text) VALUES (?1, ?2)",
                    (passage, words),
                )
                .unwrap();
        }
        let section = heading.and_then(|heading| positions.get(&(document, heading)));
        connection
            .execute(
                "INSERT INTO placement (document_id, position, passage_id, kind, section, start, end, boilerplate)
                 VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?6)",
                (document, *position, passage, kind.as_str(), section, kind == Kind::Boilerplate),
            )
            .unwrap();
    }
    let placed = list.iter().map(|&(document, passage, kind, heading)| Placed {
        document,
        passage,
        kind,
        boilerplate: kind == Kind::Boilerplate,
        heading,
    });
    placed.collect()
}

fn archive() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    migrate::run(&mut connection).unwrap();
    connection
        .execute_batch(
            "INSERT INTO accession (id, started_at, state, tool, options)
             VALUES (1, '2026-01-01T00:00:00Z', 'open', 'test', '{}')",
        )
        .unwrap();
    connection
}

/// The facts about every passage and document that was placed.
fn known(connection: &Connection) -> (Vec<Passage>, Vec<Document>) {
    let mut facts = Facts::default();
    let passages = [1, 2, 3, 4, 5, 520, 521].map(|id| facts.passage(connection, id).unwrap());
    let documents = [1, 3, 4, 600].map(|id| facts.document(connection, id).unwrap());
    (passages.into(), documents.into())
}

#[test]
fn facts_of_one_batch_after_another_are_those_of_the_tables() {
    let connection = archive();
    let first = placed(
        &connection,
        &[
            (1, 1, Kind::Title, None),
            (1, 2, Kind::Heading, None),
            (1, 3, Kind::Body, Some(2)),
            (1, 4, Kind::Boilerplate, None),
            (3, 5, Kind::Body, None),
            (3, 4, Kind::Boilerplate, None),
        ],
    );
    add(&connection, &first, 1).unwrap();
    let second = placed(
        &connection,
        &[(4, 1, Kind::Title, None), (4, 520, Kind::Body, None), (600, 521, Kind::Body, None)],
    );
    add(&connection, &second, 520).unwrap();
    let written = known(&connection);
    rebuild(&connection).unwrap();
    assert_eq!(written, known(&connection));
    let count =
        "SELECT (SELECT count(*) FROM passage_facts) || (SELECT count(*) FROM document_facts)";
    assert_eq!(connection.query_row(count, [], |row| row.get::<_, String>(0)).unwrap(), "22");
}

#[test]
fn what_is_not_written_is_worked_out() {
    let connection = archive();
    let all = placed(&connection, &[(1, 1, Kind::Title, None), (1, 2, Kind::Body, None)]);
    add(&connection, &all, 1).unwrap();
    placed(&connection, &[(2, 1, Kind::Title, None), (2, 3, Kind::Body, Some(1))]);
    let mut facts = Facts::default();
    let third = facts.passage(&connection, 3).unwrap();
    let expected =
        Passage { words: 3, document: 2, heading: 1, kind: Some(Kind::Body), ..Passage::default() };
    assert_eq!(third, expected);
    assert_eq!(facts.document(&connection, 2).unwrap(), Document { title: 1, words: 4 });
    assert_eq!(facts.passage(&connection, 9).unwrap().kind, None);
    assert_eq!(facts.document(&connection, 9).unwrap(), Document::default());
}

#[test]
fn an_archive_without_the_tables_of_facts_has_all_facts_too() {
    let connection = archive();
    placed(&connection, &[(1, 1, Kind::Title, None), (1, 2, Kind::Body, None)]);
    connection.execute_batch("DROP TABLE passage_facts; DROP TABLE document_facts").unwrap();
    let mut facts = Facts::default();
    assert_eq!(facts.passage(&connection, 2).unwrap().words, 2);
    assert_eq!(facts.document(&connection, 1).unwrap(), Document { title: 1, words: 3 });
}

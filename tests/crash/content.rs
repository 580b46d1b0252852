//! What users can read in an archive, in a form that does not depend on when and in which order it
//! was written: without times, without the names of the folders that files were in, and without the
//! label, which for a document without a title is the name of the file it was first seen as.

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::path::Path;

const READ: [&str; 6] = [
    "SELECT 'document', digest, title, creator, date, language, media_type, bytes, characters,
         paragraphs, hex(text_digest), hex(normal_digest) FROM document ORDER BY digest",
    "SELECT 'metadata', digest, name, ordinal, value, method, evidence
     FROM metadata JOIN document ON document.id = document_id ORDER BY 2, 3, 4",
    "SELECT 'paragraph', digest, position, paragraph.kind, depth, section, text, address, start, end
     FROM paragraph JOIN document ON document.id = document_id ORDER BY 2, 3",
    "SELECT 'sighting', digest, replace(location, rtrim(location, replace(location, '/', '')), '')
     FROM sighting JOIN document ON document.id = document_id ORDER BY 2, 3",
    "SELECT 'moved', old_address, kind, text, new_address, position, method FROM moved",
    "SELECT 'relation', one.digest, other.digest, relation.kind, round(resemblance, 9), rule
     FROM relation JOIN document AS one ON one.id = left_id
     JOIN document AS other ON other.id = right_id ORDER BY 2, 3",
];

/// Every row as a line.
pub(crate) fn of(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut lines = Vec::new();
    for sql in READ {
        let mut select = connection.prepare(sql).unwrap();
        let columns = select.column_count();
        let mut rows = select.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells = (0..columns).map(|at| match row.get_ref(at).unwrap() {
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                other => format!("{other:?}"),
            });
            lines.push(cells.collect::<Vec<_>>().join("|"));
        }
    }
    lines.sort();
    lines
}

//! The names in an SQL text beside the names in the schema: which tables it reads, which name was
//! meant.
//!
//! It guesses, for messages only; nothing is decided by it.

use super::tokens::{Sort, Token};
use rusqlite::Connection;

/// Words of SQL that are mistyped where a syntax error is.
pub(super) const KEYWORDS: [&str; 24] = [
    "SELECT",
    "DISTINCT",
    "FROM",
    "WHERE",
    "GROUP",
    "ORDER",
    "BY",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "JOIN",
    "LEFT",
    "INNER",
    "USING",
    "UNION",
    "WITH",
    "RECURSIVE",
    "VALUES",
    "EXPLAIN",
    "BETWEEN",
    "LIKE",
    "MATCH",
    "CASE",
    "WHEN",
];

/// A table of the schema that the statement names.
pub(super) struct Mentioned {
    pub(super) name: String,
    /// What the statement calls it; its name where it has no other.
    pub(super) alias: String,
    pub(super) columns: Vec<String>,
}

/// The tables and table-valued functions that the statement reads from.
pub(super) fn tables_in(connection: &Connection, sql: &str, tokens: &[Token]) -> Vec<Mentioned> {
    let known = names(connection, "SELECT name FROM pragma_table_list WHERE schema = 'main'", "");
    let modules = names(connection, "SELECT name FROM pragma_module_list", "");
    let mut mentioned: Vec<Mentioned> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let name = token.name(sql);
        let is_name = |known: &&String| known.eq_ignore_ascii_case(name);
        let Some(name) =
            known.iter().chain(&modules).find(is_name).filter(|_| is_source(sql, tokens, at))
        else {
            continue;
        };
        let alias = alias_after(sql, tokens, at).unwrap_or(name).to_owned();
        if mentioned.iter().any(|other| other.name == *name && other.alias == alias) {
            continue;
        }
        let columns = names(connection, "SELECT name FROM pragma_table_info(?1)", name);
        mentioned.push(Mentioned { name: name.clone(), alias, columns });
    }
    mentioned
}

/// Whether a name stands where a table can: behind FROM, JOIN or a comma.
fn is_source(sql: &str, tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    before.is_some_and(|token| ["FROM", "JOIN", ",", "."].iter().any(|word| token.is(sql, word)))
}

/// The alias of the table at a token: `document AS d`, `document d`.
fn alias_after<'a>(sql: &'a str, tokens: &[Token], at: usize) -> Option<&'a str> {
    let next = tokens.get(at + 1)?;
    if next.is(sql, "AS") {
        return tokens.get(at + 2).map(|token| token.name(sql));
    }
    let is_clause =
        ["ON", "NATURAL", "CROSS", "FULL", "RIGHT", "OUTER", "INTERSECT", "EXCEPT", "WINDOW"]
            .iter()
            .chain(&KEYWORDS)
            .any(|word| next.is(sql, word));
    (matches!(next.sort, Sort::Word | Sort::QuotedName) && !is_clause).then(|| next.name(sql))
}

/// Names that a schema look-up gives; none when it fails, for advice must not fail in its turn.
pub(super) fn names(connection: &Connection, sql: &str, parameter: &str) -> Vec<String> {
    let Ok(mut statement) = connection.prepare(sql) else { return Vec::new() };
    if statement.parameter_count() == 1 && statement.raw_bind_parameter(1, parameter).is_err() {
        return Vec::new();
    }
    let rows = statement.raw_query().mapped(|row| row.get(0));
    rows.map_while(Result::ok).collect()
}

/// The candidate most like the name, if one is like it at all.
pub(super) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let (score, best) = candidates
        .into_iter()
        .map(|candidate| (likeness(&lower, &candidate.to_lowercase()), candidate))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score >= 0.65).then_some(best)
}

/// From 0 to 1. One name that begins with the other (`documents`, `creator_name`) is a near miss
/// however much longer it is.
fn likeness(a: &str, b: &str) -> f64 {
    let whole = strsim::normalized_damerau_levenshtein(a, b);
    let shorter = a.len().min(b.len());
    if shorter >= 4 && (a.starts_with(b) || b.starts_with(a)) { whole.max(0.7) } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_found_and_far_ones_are_not() {
        let columns = ["title", "creator", "language", "document_id", "日期"];
        for (typed, meant) in [
            ("titel", Some("title")),
            ("TITLE", Some("title")),
            ("creators", Some("creator")),
            ("lang", Some("language")),
            ("documentid", Some("document_id")),
            ("日", None),
            ("price", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, columns), meant, "{typed}");
        }
    }
}

//! Turns SQLite's error messages into advice: near misses from the schema, and the usual slips.
//!
//! It only words things. Where it knows nothing better, SQLite's own message stands.

use super::complaint::Fault;
use super::mentioned::{KEYWORDS, Mentioned, names, nearest, tables_in};
use super::tokens::{Sort, Token, tokens};
use rusqlite::{Connection, Error, ErrorCode};

/// The tables and views that users are meant to read, in the order of the documentation.
const PUBLIC: [&str; 19] = [
    "document",
    "sighting",
    "paragraph",
    "passage",
    "passage_index",
    "metadata",
    "accession",
    "ledger",
    "extraction",
    "relation",
    "cluster",
    "decision",
    "comparison",
    "verdict",
    "similar",
    "reuse",
    "collection",
    "moved",
    "about",
];

/// What the error of SQLite means, where it stands, and what might have been meant. `preparing` tells
/// whether the statement was still being read, or ran already.
pub(super) fn explain(connection: &Connection, sql: &str, error: Error, preparing: bool) -> Fault {
    // Not by the words: "malformed JSON" is the user's.
    let is_damaged = matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::SystemIoFailure)
    );
    let (message, offset) = match error {
        Error::SqlInputError { msg, offset, .. } => (msg, usize::try_from(offset).ok()),
        Error::SqliteFailure(_, Some(msg)) => (msg, None),
        other => (other.to_string(), None),
    };
    if is_damaged {
        let hint = Some("`fonds check` tells what is damaged".to_owned());
        return Fault { message: format!("cannot read the archive: {message}"), offset, hint };
    }
    if !preparing && let Some(fault) = explain_match(sql, &message) {
        return fault;
    }
    let tokens = tokens(sql);
    let offset = offset.or_else(|| place_named(sql, &tokens, &message));
    let hint = match message.ends_with(": syntax error") {
        true => hint_syntax(sql, &tokens, offset),
        false => hint(connection, sql, &tokens, &message),
    };
    Fault { message, offset, hint }
}

/// The place of the name at the end of the message, or the end of a statement that broke off.
fn place_named(sql: &str, tokens: &[Token], message: &str) -> Option<usize> {
    if message.starts_with("incomplete input") {
        return Some(sql.trim_end().len());
    }
    let (_, name) = message.rsplit_once(": ")?;
    let name = name.rsplit('.').next()?;
    tokens.iter().find(|token| token.name(sql).eq_ignore_ascii_case(name)).map(|t| t.span.start)
}

/// An error of FTS5 about the pattern after MATCH. Its messages look like SQL errors: `MATCH
/// 'one-belt'` fails with "no such column: belt".
fn explain_match(sql: &str, message: &str) -> Option<Fault> {
    let of_pattern = message.starts_with("fts5: ")
        || message.starts_with("no such column")
        || message.starts_with("unterminated string")
        || message.starts_with("unknown special query")
        || message.starts_with("expected integer, got");
    if !of_pattern {
        return None;
    }
    let tokens = tokens(sql);
    let at = tokens.iter().position(|token| token.is(sql, "MATCH"));
    let pattern = at.and_then(|at| tokens.get(at + 1)).or_else(|| {
        // Also written as an argument: passage_index('…'), or passage_index = '…'.
        let table = tokens.iter().rposition(|token| token.is(sql, "passage_index"))?;
        tokens.get(table..)?.iter().find(|token| token.sort == Sort::Text)
    })?;
    let example = if pattern.sort == Sort::Text { pattern.of(sql) } else { "'…'" };
    Some(Fault {
        message: format!(
            "the pattern of MATCH is not in the language of FTS5: {}",
            message.trim_start_matches("fts5: ")
        ),
        offset: Some(pattern.span.start),
        hint: Some(format!(
            "search takes any words as typed: SELECT * FROM search({example}); in a pattern put words with signs in double quotes"
        )),
    })
}

fn hint(connection: &Connection, sql: &str, tokens: &[Token], message: &str) -> Option<String> {
    if let Some(column) = message.strip_prefix("no such column: ") {
        return hint_column(connection, sql, tokens, column);
    }
    if let Some(table) = message.strip_prefix("no such table: ") {
        return Some(hint_table(connection, table));
    }
    if let Some(function) = message.strip_prefix("no such function: ") {
        return hint_function(connection, function);
    }
    if let Some(table) = message.strip_suffix("' is not a function") {
        let table = table.trim_start_matches('\'');
        let column = if table == "similar" { "document_id" } else { "…" };
        return Some(format!("{table} takes no arguments: FROM {table} WHERE {column} = …"));
    }
    if let Some(column) = message.strip_prefix("ambiguous column name: ") {
        let owner = tables_in(connection, sql, tokens).into_iter().next()?.alias;
        return Some(format!("say which table is meant, such as {owner}.{column}"));
    }
    if message.contains("unable to use function MATCH") {
        return Some(
            "MATCH works on the index only: FROM passage_index WHERE passage_index MATCH '…'; or use FROM search('…')".to_owned(),
        );
    }
    None
}

/// A keyword that was mistyped or left out at the word that SQLite stumbles over, or just before it.
fn hint_syntax(sql: &str, tokens: &[Token], offset: Option<usize>) -> Option<String> {
    let at = tokens.iter().position(|token| Some(token.span.start) == offset)?;
    let word = |at: usize| tokens.get(at).map(|token| token.of(sql).to_ascii_uppercase());
    let before = at.checked_sub(1).and_then(word);
    if let Some(before @ ("GROUP" | "ORDER" | "PARTITION")) = before.as_deref() {
        return Some(format!("{before} is followed by BY"));
    }
    [word(at), before]
        .into_iter()
        .flatten()
        .filter(|word| word.len() > 2 && !KEYWORDS.contains(&word.as_str()))
        .find_map(|word| nearest(&word, KEYWORDS))
        .map(|keyword| format!("did you mean {keyword}?"))
}

fn hint_column(
    connection: &Connection,
    sql: &str,
    tokens: &[Token],
    column: &str,
) -> Option<String> {
    // SQLite says so itself: `"x" - should this be a string literal in single-quotes?`
    if let Some((quoted, _)) = column.split_once(" - should this be a string literal") {
        return Some(format!("texts stand in single quotes: '{}'", quoted.trim_matches('"')));
    }
    let (owner, column) = match column.rsplit_once('.') {
        Some((owner, column)) => (Some(owner), column),
        None => (None, column),
    };
    let mut tables = tables_in(connection, sql, tokens);
    if let Some(owner) = owner {
        let is_owner = |table: &Mentioned| {
            table.alias.eq_ignore_ascii_case(owner) || table.name.eq_ignore_ascii_case(owner)
        };
        if !tables.iter().any(is_owner) {
            return Some(format!("no table or alias of this statement is called {owner}"));
        }
        tables.retain(is_owner);
    }
    if tables.is_empty() {
        // Behind FROM may stand a subquery, whose columns are in plain sight.
        let has_source = tokens.iter().any(|token| token.is(sql, "FROM"));
        return (!has_source).then(|| "name a table: … FROM document".to_owned());
    }
    let all = tables.iter().flat_map(|table| table.columns.iter().map(String::as_str));
    let meant = nearest(column, all).map(|near| format!("did you mean {near}? "));
    let lists: Vec<String> = tables
        .iter()
        .map(|table| format!("columns of {}: {}", table.name, table.columns.join(", ")))
        .collect();
    Some(format!("{}{}", meant.unwrap_or_default(), lists.join("; ")))
}

fn hint_table(connection: &Connection, table: &str) -> String {
    let name = table.rsplit('.').next().unwrap_or(table);
    let tables = names(connection, "SELECT name FROM pragma_table_list WHERE schema = 'main'", "");
    let modules = names(connection, "SELECT name FROM pragma_module_list", "");
    let public: Vec<&str> =
        PUBLIC.into_iter().filter(|public| tables.iter().any(|table| table == public)).collect();
    let all = tables.iter().chain(&modules).map(String::as_str);
    let meant = nearest(name, public.iter().copied()).or_else(|| nearest(name, all));
    let meant = meant.map(|near| format!("did you mean {near}? ")).unwrap_or_default();
    format!("{meant}tables: {}", public.join(", "))
}

fn hint_function(connection: &Connection, function: &str) -> Option<String> {
    if function.eq_ignore_ascii_case("regexp") {
        return Some("use LIKE '%…%', GLOB '*…*' or FROM search('…')".to_owned());
    }
    let modules = names(connection, "SELECT name FROM pragma_module_list", "");
    if let Some(module) = modules.iter().find(|module| module.eq_ignore_ascii_case(function)) {
        return Some(format!("{module} gives rows: write it after FROM"));
    }
    let functions = names(connection, "SELECT DISTINCT name FROM pragma_function_list", "");
    nearest(function, functions.iter().map(String::as_str))
        .map(|near| format!("did you mean {near}()?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        super::super::migrate::run(&mut connection).unwrap();
        connection
    }

    /// The message, the text from the place on, and the advice.
    fn told(sql: &str) -> (String, String, String) {
        let connection = archive();
        let (error, preparing) = match connection.prepare(sql) {
            Err(error) => (error, true),
            Ok(mut statement) => match statement.raw_query().next() {
                Err(error) => (error, false),
                Ok(_) => panic!("{sql} runs"),
            },
        };
        let fault = explain(&connection, sql, error, preparing);
        let place = fault.offset.and_then(|offset| sql.get(offset..)).map(str::to_owned);
        (fault.message, place.unwrap_or_default(), fault.hint.unwrap_or_default())
    }

    #[test]
    fn a_mistyped_column_is_told_from_the_tables_of_the_statement() {
        let (message, place, hint) = told("SELECT titel FROM document");
        assert_eq!((&*message, &*place), ("no such column: titel", "titel FROM document"));
        assert!(hint.starts_with("did you mean title? columns of document: id, digest,"), "{hint}");
    }

    #[test]
    fn behind_an_alias_only_its_own_table_is_asked() {
        let (_, place, hint) =
            told("SELECT d.label FROM document AS d JOIN sighting s ON s.documentid = d.id");
        assert_eq!(place, "documentid = d.id");
        assert!(hint.starts_with("did you mean document_id? columns of sighting: id"), "{hint}");
        assert!(!hint.contains("of document:"), "{hint}");
    }

    #[test]
    fn an_unknown_table_gets_a_near_miss_and_the_public_list() {
        let (message, place, hint) = told("SELECT * FROM main.documents");
        assert_eq!((&*message, &*place), ("no such table: main.documents", "documents"));
        assert!(hint.starts_with("did you mean document? tables: document, sighting, "), "{hint}");
        assert!(!hint.contains("passage_text"), "{hint}");
    }

    #[test]
    fn an_unknown_function_gets_a_near_miss() {
        assert_eq!(told("SELECT lenght('a')").2, "did you mean length()?");
        assert!(told("SELECT 'a' REGEXP 'b'").2.starts_with("use LIKE"));
        assert_eq!(told("SELECT dbstat('main')").2, "dbstat gives rows: write it after FROM");
    }

    #[test]
    fn a_view_that_is_called_like_a_function_is_asked_by_its_column() {
        assert_eq!(
            told("SELECT * FROM similar(1)").2,
            "similar takes no arguments: FROM similar WHERE document_id = …"
        );
    }

    #[test]
    fn typed_text_behind_match_is_sent_to_search() {
        for pattern in ["'China''s'", "'one-belt'", "'\"open'", "'AND'", "'*'", "'C++'"] {
            let sql =
                format!("SELECT rowid FROM passage_index WHERE passage_index MATCH {pattern}");
            let (message, place, hint) = told(&sql);
            assert!(message.starts_with("the pattern of MATCH is not"), "{message}");
            assert_eq!(place, pattern);
            assert!(hint.contains(&format!("FROM search({pattern})")), "{hint}");
        }
    }

    #[test]
    fn match_away_from_the_index_is_explained() {
        let (message, _, hint) = told("SELECT 1 FROM (SELECT 'x' AS text) WHERE text MATCH 'road'");
        assert!(message.contains("unable to use function MATCH"), "{message}");
        assert!(hint.contains("FROM passage_index WHERE passage_index MATCH"), "{hint}");
    }

    #[test]
    fn a_mistyped_keyword_is_guessed() {
        let (message, place, hint) = told("SELECT id FORM document");
        assert_eq!(message, "near \"document\": syntax error");
        assert_eq!((&*place, &*hint), ("document", "did you mean FROM?"));
        assert_eq!(told("SELCT 1").2, "did you mean SELECT?");
        assert_eq!(told("SELECT date FROM document GROUP date").2, "GROUP is followed by BY");
    }

    #[test]
    fn a_statement_that_breaks_off_is_marked_at_its_end() {
        let sql = "SELECT id FROM";
        let connection = archive();
        let error = connection.prepare(sql).unwrap_err();
        assert_eq!(explain(&connection, sql, error, true).offset, Some(sql.len()));
    }

    #[test]
    fn broken_json_is_not_taken_for_a_damaged_archive() {
        assert_eq!(told("SELECT json('{')").0, "malformed JSON");
    }

    #[test]
    fn double_quotes_around_a_text_are_told() {
        let sql = "SELECT id FROM document WHERE title = \"路\"";
        let fault = explain(
            &archive(),
            sql,
            Error::SqliteFailure(
                rusqlite::ffi::Error::new(1),
                Some(
                    "no such column: \"路\" - should this be a string literal in single-quotes?"
                        .into(),
                ),
            ),
            true,
        );
        assert_eq!(fault.hint.unwrap(), "texts stand in single quotes: '路'");
    }

    #[test]
    fn a_column_without_any_table_and_an_unknown_alias_are_told() {
        assert_eq!(told("SELECT x FROM (SELECT 1 AS y)").2, "");
        assert_eq!(
            told("SELECT id FROM document d, sighting s").2,
            "say which table is meant, such as d.id"
        );
        assert_eq!(told("SELECT titel").2, "name a table: … FROM document");
        assert_eq!(
            told("SELECT x.id FROM document d").2,
            "no table or alias of this statement is called x"
        );
    }

    #[test]
    fn every_public_name_is_in_the_schema() {
        let tables = names(&archive(), "SELECT name FROM pragma_table_list", "");
        let missing: Vec<_> =
            PUBLIC.into_iter().filter(|name| !tables.iter().any(|table| table == name)).collect();
        assert_eq!(missing, [] as [&str; 0]);
    }
}

//! The convenience commands as what they are: SQL over the public tables, views and functions, one
//! file each, which `--sql` prints and a user may change.
//!
//! Nothing here runs. What SQL cannot say does not belong into such a command.

/// Passages that are boilerplate because they recur, or that somebody ruled on.
pub const BOILERPLATE: &str = include_str!("boilerplate.sql");
/// The documents in a collection.
pub const COLLECTED: &str = include_str!("collected.sql");
/// The collections of the archive.
pub const COLLECTIONS: &str = include_str!("collections.sql");
/// The words of the archive that begin with some letters.
pub const COMPLETE: &str = include_str!("complete.sql");
/// The other documents that have a paragraph or tell its story.
pub const COPIES: &str = include_str!("copies.sql");
/// Documents that stand more than once, by stories.
pub const DUPLICATES: &str = include_str!("duplicates.sql");
/// What two documents are to each other.
pub const EXPLAIN: &str = include_str!("explain.sql");
/// What the stories of two documents are to each other.
pub const EXPLAIN_STORIES: &str = include_str!("explain_stories.sql");
/// How the hits of a search are spread.
pub const FACETS: &str = include_str!("facets.sql");
/// The documents that a typed address may mean.
pub const FIND: &str = include_str!("find.sql");
/// What became of a paragraph of an earlier reading.
pub const FORMER: &str = include_str!("former.sql");
/// What the archive holds.
pub const INFO: &str = include_str!("info.sql");
/// What became of every path.
pub const LEDGER: &str = include_str!("ledger.sql");
/// The typed terms that stand nowhere in the archive.
pub const MISSING: &str = include_str!("missing.sql");
/// The passages at an address.
pub const PASSAGE: &str = include_str!("passage.sql");
/// Documents with something in common that do not tell one story.
pub const RELATED: &str = include_str!("related.sql");
/// Pairs of documents that were judged with doubt.
pub const REVIEW: &str = include_str!("review.sql");
/// The paragraphs that answer words best.
pub const SEARCH: &str = include_str!("search.sql");
/// The searches that are kept in the archive.
pub const SEARCHES: &str = include_str!("searches.sql");
/// The paragraphs of a document.
pub const SHOW: &str = include_str!("show.sql");
/// The concepts that every search uses.
pub const STORED_CONCEPTS: &str = include_str!("stored_concepts.sql");
/// Where a document was seen.
pub const SIGHTINGS: &str = include_str!("sightings.sql");

/// The list of concepts that comes with the program, in the form that `search()` takes.
pub const CONCEPTS: &str = include_str!("concepts.txt");

/// [`SEARCH`] with the latest documents first, and of one day the best hits first.
pub fn search_by_date() -> String {
    let by_date = "ORDER BY
    (SELECT date FROM document WHERE id = hit.document_id) DESC NULLS LAST,
    hit.rank";
    SEARCH.replace("ORDER BY hit.rank", by_date)
}

/// Every query, for tests and documentation.
pub const ALL: [&str; 22] = [
    BOILERPLATE,
    COLLECTED,
    COLLECTIONS,
    COMPLETE,
    COPIES,
    DUPLICATES,
    EXPLAIN,
    EXPLAIN_STORIES,
    FACETS,
    FIND,
    FORMER,
    INFO,
    LEDGER,
    MISSING,
    PASSAGE,
    RELATED,
    REVIEW,
    SEARCH,
    SEARCHES,
    SHOW,
    SIGHTINGS,
    STORED_CONCEPTS,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_concepts_can_be_read() {
        let concepts = crate::text::concepts::Concepts::read(CONCEPTS).unwrap();
        assert_eq!(concepts.found("The BRI and Пояс и путь, not bri").len(), 2);
    }

    #[test]
    fn every_query_is_one_commented_statement() {
        for sql in ALL {
            assert!(sql.starts_with("-- "), "{sql}");
            // Comments may have semicolons.
            let code = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
            assert_eq!(code.collect::<String>().matches(';').count(), 1, "{sql}");
            assert!(sql.ends_with(";\n"), "{sql}");
        }
    }
}

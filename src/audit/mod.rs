//! Finds what is not as it was written, and says what could be done about it.
//!
//! It stands apart from the code that writes, and changes nothing: a repair makes a new archive.

mod files;
mod repair;

pub use repair::{Means, Mended, repair};

use crate::model::{Digest, Hurt, Part, Share};
use crate::store::{Glance, Inspector, Named};
use anyhow::Result;
use std::path::Path;

/// What to check.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Only what takes a moment at any size.
    pub quick: bool,
    /// Also the files where documents were seen.
    pub originals: bool,
    /// The share of the documents; anything but all of them leaves out what has no shares: SQLite's
    /// own checks and the index.
    pub share: Share,
}

/// Hears how far the check is: the step, rows done, rows in all (0 where unknown).
pub type Listen<'a> = &'a dyn Fn(&str, u64, u64);

/// One thing that is not as it was written.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which part.
    pub part: Part,
    /// The document it belongs to.
    pub document: Option<Named>,
    /// The same by its number in the archive.
    pub document_id: Option<i64>,
    /// What is wrong.
    pub what: String,
    /// What can be done about it.
    pub cure: &'static str,
}

/// What became of the files where documents were seen. They are not the archive: a changed file is
/// no damage to it.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Files that still have the bytes they had.
    pub same: u64,
    /// Files that have other bytes.
    pub changed: Vec<String>,
    /// Files that are not there or cannot be read.
    pub gone: Vec<String>,
}

/// The result of a check.
#[derive(Clone, Debug)]
pub struct Report {
    /// What is hurt; empty where everything is sound.
    pub findings: Vec<Finding>,
    /// Documents that were compared with their digests.
    pub documents: u64,
    /// The digest that stands for the whole chain.
    pub head: Option<Digest>,
    /// What is under way and what lies beside the archive.
    pub glance: Glance,
    /// The files, where they were asked for.
    pub files: Option<Files>,
    /// Whether the archive is of a schema that has no digests to compare with.
    pub is_unproved: bool,
}

/// The first schema that has proofs.
const FIRST_PROVED: i32 = 2;

/// Checks the archive.
///
/// # Errors
/// When there is no archive or it cannot be opened. Damage is no error: it is in the report.
pub fn check(path: &Path, request: &Request, listen: Listen<'_>) -> Result<Report> {
    let inspector = Inspector::open(path)?;
    listen("schema", 0, 0);
    let mut hurts = inspector.check_schema();
    // What the schema lacks every later step would trip over: one finding says it better.
    let is_whole = hurts.is_empty();
    let is_unproved = inspector.schema() < FIRST_PROVED;
    if !is_unproved && (is_whole || !request.quick) {
        hurts.extend(inspector.check_head());
    }
    if !request.quick {
        hurts.extend(everything(&inspector, request.share, is_unproved, listen));
    }
    hurts.sort_by_key(|hurt| (hurt.part, hurt.document_id));
    hurts.dedup();
    let files = request.originals.then(|| files::compare(&inspector, request.share, listen));
    Ok(Report {
        documents: if request.quick { 0 } else { inspector.count(request.share).unwrap_or(0) },
        findings: hurts.into_iter().map(|hurt| explain(&inspector, hurt)).collect(),
        head: inspector.head().ok().flatten(),
        glance: inspector.glance().unwrap_or_default(),
        files,
        is_unproved,
    })
}

fn everything(
    inspector: &Inspector,
    share: Share,
    is_unproved: bool,
    listen: Listen<'_>,
) -> Vec<Hurt> {
    let mut hurts = Vec::new();
    if share == Share::ALL {
        listen("structure", 0, 0);
        hurts.extend(inspector.check_structure());
        listen("index", 0, 0);
        hurts.extend(inspector.check_index());
        hurts.extend(inspector.check_clusters());
    }
    if is_unproved {
        return hurts;
    }
    hurts.extend(inspector.check_documents(share, &|done, all| listen("documents", done, all)));
    hurts.extend(inspector.check_sightings(share, &|done, all| listen("sightings", done, all)));
    hurts.extend(inspector.check_chain(share, &|done, all| listen("ledger", done, all)));
    hurts.extend(inspector.check_accessions());
    hurts.extend(inspector.check_results());
    hurts
}

fn explain(inspector: &Inspector, hurt: Hurt) -> Finding {
    Finding {
        part: hurt.part,
        document_id: hurt.document_id,
        document: hurt.document_id.map(|id| inspector.name(id)),
        what: hurt.what,
        cure: cure(hurt.part),
    }
}

/// What can be done about damage to the part.
fn cure(part: Part) -> &'static str {
    match part {
        Part::Structure | Part::Schema => {
            "`fonds repair --into NEW` takes every row that can be read into a new archive"
        }
        Part::Index | Part::Cluster => {
            "`fonds repair --into NEW` makes it anew, once the texts are found sound"
        }
        Part::Record | Part::Reading | Part::Placement | Part::Text => {
            "`fonds repair --into NEW` restores the document from its original, or from the file where it was seen"
        }
        Part::Original => {
            "`fonds repair --into NEW` takes it from the file where it was seen, if that is the same"
        }
        Part::Sighting | Part::Chain | Part::Fixity | Part::SavedSearch | Part::Collection => {
            "do not trust the row; `fonds repair --into NEW` puts it back if that can be proved, or records the loss"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_archive_is_an_error_and_no_finding() {
        let request = Request { quick: true, originals: false, share: Share::ALL };
        let missing = Path::new("/nonexistent/fonds.db");
        let error = check(missing, &request, &|_, _, _| {}).unwrap_err();
        assert_eq!(error.to_string(), "there is no archive at /nonexistent/fonds.db");
    }
}

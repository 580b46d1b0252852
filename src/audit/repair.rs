//! Makes a sound archive out of a damaged one: in a new file, never in the old one.
//!
//! Documents are healed from their bytes, wherever those still are: kept in the archive, or in the
//! files where the documents were seen. Bytes are trusted by their digest alone.

use super::{Listen, Report, Request, check};
use crate::fingerprint;
use crate::model::Share;
use crate::store::{self, Losses, Named, Repairer, Reread, Sought};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// How a repair does what belongs to other layers.
pub struct Means<'a> {
    /// Reads the bytes of a document again as they were read.
    pub reread: &'a dyn Fn(&Sought, &[u8]) -> Reread,
    /// Works out anew how the documents of an archive relate.
    pub relate: &'a dyn Fn(&Path) -> Result<()>,
}

/// The result of a repair.
#[derive(Debug)]
pub struct Mended {
    /// Documents that were hurt and are whole again.
    pub healed: Vec<Named>,
    /// What could not be put back.
    pub losses: Losses,
    /// Tables that fonds did not make; they were not taken over.
    pub foreign: Vec<String>,
    /// Whether a log lay beside the archive and could not be read.
    pub is_log_lost: bool,
    /// The check of the new archive.
    pub report: Report,
}

/// Repairs the archive at the path into a new file.
///
/// # Errors
/// When there is no archive, something is at `into` already, or the new archive cannot be written
/// or is not sound; then nothing is left at `into`. What could not be saved is no error: it is in
/// the result.
pub fn repair(path: &Path, into: &Path, means: &Means<'_>, listen: Listen<'_>) -> Result<Mended> {
    if into.symlink_metadata().is_ok() {
        bail!("{} is there already; a repair never overwrites", into.display());
    }
    let mut temporary = into.as_os_str().to_owned();
    temporary.push(format!(".repairing-{}", std::process::id()));
    let temporary = PathBuf::from(temporary);
    let mended = build(path, &temporary, means, listen).and_then(|mended| {
        store::publish(&temporary, into)?;
        Ok(mended)
    });
    store::abandon(&temporary);
    mended.with_context(|| format!("cannot repair {} into {}", path.display(), into.display()))
}

fn build(path: &Path, temporary: &Path, means: &Means<'_>, listen: Listen<'_>) -> Result<Mended> {
    listen("reading", 0, 0);
    let mut repairer = Repairer::begin(path, temporary)?;
    let foreign = std::mem::take(&mut repairer.foreign);
    let is_log_lost = repairer.is_log_lost;
    let hurt = repairer.hurt_documents()?;
    repairer.mend()?;
    let ailing = repairer.hurt_documents()?;
    for (done, id) in (0..).zip(&ailing) {
        listen("healing", done, ailing.len() as u64);
        heal(&repairer, *id, means)?;
    }
    let ailing = repairer.hurt_documents()?;
    let healed = hurt.iter().filter(|id| !ailing.contains(id)).map(|id| repairer.name(*id));
    let healed = healed.collect();
    let options = serde_json::json!({ "repaired": path.display().to_string() });
    let losses = repairer.settle(&store::now(), &options.to_string())?;
    listen("index", 0, 0);
    if repairer.finish(temporary)? {
        listen("relations", 0, 0);
        (means.relate)(temporary)?;
    }
    let request = Request { quick: false, originals: false, share: Share::ALL };
    let report = check(temporary, &request, listen)?;
    if let Some(finding) = report.findings.first() {
        bail!(
            "the repaired archive is not sound ({}: {}), so it was not kept; please report it",
            finding.part.as_str(),
            finding.what
        );
    }
    Ok(Mended { healed, losses, foreign, is_log_lost, report })
}

/// Restores a document from the first bytes that are the right ones.
fn heal(repairer: &Repairer, id: i64, means: &Means<'_>) -> Result<()> {
    let sought = repairer.seek(id)?;
    let kept = sought.digests.iter().filter_map(|digest| repairer.kept(digest));
    let files = sought.files.iter().filter_map(|file| {
        let bytes = fs::read(file).ok()?;
        let digest = fingerprint::digest(&bytes).to_string();
        sought.digests.contains(&digest).then_some(bytes)
    });
    for bytes in kept.chain(files) {
        let mut reread = (means.reread)(&sought, &bytes);
        if repairer.restore(id, &bytes, &mut reread)? && repairer.hurts(id).is_empty() {
            break;
        }
    }
    Ok(())
}

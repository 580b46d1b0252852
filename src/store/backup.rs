//! Copies a live archive into a new file, whole and consistent.
//!
//! The copy is one state of the archive, even while documents come in. It is made under a temporary
//! name; nothing that is there already is ever overwritten.

use super::{header, waiting};
use anyhow::{Context, Result, bail};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File};
use std::path::{Path, PathBuf, absolute};
use std::time::Duration;

/// Pages copied between two looks at whoever waits: 16 MiB of them.
const PAGES: i32 = 1024;

/// Copies the archive to the target; hears pages done and pages in all.
///
/// `verify` is given the copy under its temporary name and says whether it is good; only then does
/// it get its own.
///
/// # Errors
/// A [`Refusal`](super::Refusal) where there is no archive; when something is at the target already, the copy
/// cannot be written, or `verify` refuses it. Then nothing is left at the target.
pub fn back_up(
    path: &Path,
    target: &Path,
    tell: &dyn Fn(u64, u64),
    verify: &dyn Fn(&Path) -> Result<()>,
) -> Result<()> {
    header::existing(path)?;
    if target.symlink_metadata().is_ok() {
        bail!("{} is there already; a backup never overwrites", target.display());
    }
    let mut temporary = target.as_os_str().to_owned();
    temporary.push(format!(".copying-{}", std::process::id()));
    let temporary = PathBuf::from(temporary);
    let made = copy(path, &temporary, tell)
        .with_context(|| format!("cannot copy {} to {}", path.display(), target.display()))
        .and_then(|()| verify(&temporary))
        .and_then(|()| publish(&temporary, target));
    // After a success it is a second name of the copy, or none.
    let _gone = fs::remove_file(&temporary);
    made
}

fn copy(path: &Path, temporary: &Path, tell: &dyn Fn(u64, u64)) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut source = Connection::open_with_flags(absolute(path)?, flags)?;
    waiting::on(&mut source)?;
    // Holding one state: the copy need not begin anew whenever documents come in.
    source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")?;
    let mut copy = Connection::open(absolute(temporary)?)?;
    {
        let backup = Backup::new(&source, &mut copy)?;
        loop {
            let result = backup.step(PAGES)?;
            let progress = backup.progress();
            let (done, all) = (progress.pagecount - progress.remaining, progress.pagecount);
            tell(u64::try_from(done).unwrap_or(0), u64::try_from(all).unwrap_or(0));
            match result {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }
    // Made while an ingest runs, the copy says that it has a log; it has none.
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    drop(copy);
    File::open(temporary)?.sync_all()?;
    Ok(())
}

/// Gives a file its name, unless somebody took that name meanwhile, and makes the name lasting.
///
/// # Errors
/// When something is at the target already or its folder cannot be written.
pub fn publish(temporary: &Path, target: &Path) -> Result<()> {
    let named = fs::hard_link(temporary, target);
    // Not every filesystem has hard links.
    let named = named.or_else(|error| match target.symlink_metadata() {
        Ok(_) => Err(error),
        Err(_) => fs::rename(temporary, target),
    });
    named.with_context(|| format!("cannot name it {}", target.display()))?;
    let target = absolute(target)?;
    // The name survives a power cut only once its folder is written.
    let folder = target.parent().unwrap_or(Path::new("/"));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .with_context(|| format!("cannot write {}", folder.display()))
}

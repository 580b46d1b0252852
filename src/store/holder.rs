//! Which process holds an archive locked, for the message that says so. It is only ever a hint: the
//! process may be on another computer, or gone by the time it is read.

use std::path::Path;

/// The process that has a lock on the archive or the memory shared beside it, such as `fonds (process
/// 1234)`; `None` where it cannot be told.
#[cfg(target_os = "linux")]
pub fn of(archive: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let mut shared = archive.as_os_str().to_owned();
    shared.push("-shm");
    let files = [archive, Path::new(&shared)].map(|path| path.metadata().map(|file| file.ino()));
    let files: Vec<u64> = files.into_iter().flatten().collect();
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let own = std::process::id();
    let is_other = |(process, file, _): &(u32, u64, bool)| *process != own && files.contains(file);
    let others: Vec<_> = locks.lines().filter_map(held).filter(is_other).collect();
    // Outside of WAL mode a reader keeps a writer waiting.
    let writer = others.iter().find(|(_, _, is_writing)| *is_writing);
    let (process, ..) = writer.or(others.first())?;
    let name = std::fs::read_to_string(format!("/proc/{process}/comm")).ok();
    let name = name.as_deref().map_or("another program", str::trim_end);
    Some(format!("{name} (process {process})"))
}

/// Nothing: how other systems tell it is not known here.
#[cfg(not(target_os = "linux"))]
pub fn of(_: &Path) -> Option<String> {
    None
}

/// Process, inode and whether it is for writing, of a line such as
/// `1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF` (proc_locks(5)).
#[cfg(target_os = "linux")]
fn held(line: &str) -> Option<(u32, u64, bool)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let &[_, "POSIX", _, mode, process, file, ..] = &words[..] else { return None };
    let inode = file.rsplit_once(':')?.1;
    Some((process.parse().ok()?, inode.parse().ok()?, mode == "WRITE"))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_process_file_and_mode() {
        let line = "12: POSIX  ADVISORY  WRITE 1234 08:01:5678 120 120";
        assert_eq!(held(line), Some((1234, 5678, true)));
        assert_eq!(held("1: FLOCK  ADVISORY  WRITE 1 08:01:5 0 EOF"), None);
        assert_eq!(held("1: -> POSIX  ADVISORY  READ 1 08:01:5 0 EOF"), None);
        assert_eq!(held(""), None);
    }
}

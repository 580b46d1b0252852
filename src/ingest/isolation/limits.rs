//! Bounds that a reader process puts on itself, from the operating system.
//!
//! Memory is bounded as address space, where the system counts it: on Linux, Android, FreeBSD. Elsewhere
//! the bound is not there, and the help of the command says so. Time is that of the processor, so that
//! a busy computer fails no document.

use std::io;
use std::time::Duration;

/// Address space of the program and of the stack of its reader before a document is read.
const OWN: u64 = 192 << 20;

/// Whether [`bound_memory`] bounds anything here.
pub(super) const BOUNDS_MEMORY: bool =
    cfg!(any(target_os = "linux", target_os = "android", target_os = "freebsd"));

/// Lets this process have no more than these bytes of memory from now on, beside its own.
#[cfg(unix)]
pub(super) fn bound_memory(bytes: u64) -> io::Result<()> {
    use rustix::process::{Resource, getrlimit, setrlimit};
    if !BOUNDS_MEMORY {
        return Ok(());
    }
    // The hard limit stays, so that a larger document can be allowed more.
    let mut limit = getrlimit(Resource::As);
    let wanted = bytes.saturating_add(OWN);
    limit.current = Some(limit.maximum.map_or(wanted, |maximum| maximum.min(wanted)));
    Ok(setrlimit(Resource::As, limit)?)
}

/// Lets this process compute for this long from now on; then the system ends it by SIGXCPU.
#[cfg(unix)]
pub(super) fn bound_time(time: Duration) -> io::Result<()> {
    use rustix::process::{Resource, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec;
    let mut limit = getrlimit(Resource::Cpu);
    // A second that has begun is not counted.
    let wanted = u64::try_from(used).unwrap_or(0).saturating_add(time.as_secs()).saturating_add(1);
    limit.current = Some(limit.maximum.map_or(wanted, |maximum| maximum.min(wanted)));
    Ok(setrlimit(Resource::Cpu, limit)?)
}

/// Leaves no image of the memory behind when the process dies: it would hold documents.
#[cfg(unix)]
pub(super) fn leave_no_core() -> io::Result<()> {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Core);
    limit.current = Some(0);
    Ok(setrlimit(Resource::Core, limit)?)
}

#[cfg(not(unix))]
pub(super) fn bound_memory(_bytes: u64) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn bound_time(_time: Duration) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn leave_no_core() -> io::Result<()> {
    Ok(())
}

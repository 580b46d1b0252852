//! How many arenas the C library's allocator may keep: memory that one thread has given back is used by
//! the others only within an arena.

#![allow(unsafe_code, reason = "the C library takes the number in no other way")]

/// Lets two cores share an arena. By itself glibc makes eight for each core; an ingest of 27,867 files on two
/// cores then held 302 MB at its peak and 188 MB so. To be called before there are threads.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn share() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let arenas = libc::c_int::try_from(cores.div_ceil(2)).unwrap_or(libc::c_int::MAX);
    // SAFETY: mallopt() sets a number of the allocator's; no other thread runs yet.
    let _refused = unsafe { libc::mallopt(libc::M_ARENA_MAX, arenas) };
}

/// Other allocators have no such number.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn share() {}

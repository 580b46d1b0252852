//! A layer between SQLite and the disk that sees every call which changes a file: it records them,
//! and can let the n-th one fail. It is registered in tests and examples only.
//!
//! Calls are passed on to SQLite's own `unix` layer (sqlite.org/vfs.html).

#![allow(unsafe_code, reason = "SQLite's file layer is a C interface")]

use rusqlite::ffi;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::path::{Path, PathBuf};
use std::ptr;
use std::slice;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// Something that changed a file, or made a change lasting.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Create(PathBuf),
    Write(PathBuf, u64, Vec<u8>),
    Truncate(PathBuf, u64),
    Sync(PathBuf),
    /// The flag tells whether the folder was synced too.
    Delete(PathBuf, bool),
    /// A word of the run itself: what it has acknowledged.
    Mark(String),
}

/// How calls fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// An error of the disk, once.
    ErrorOnce,
    /// Errors of the disk from then on.
    ErrorsForEver,
    /// The disk is full from then on.
    Full,
    /// Half of a write is done, then the disk is full for ever.
    FullHalfway,
}

#[derive(Default)]
struct State {
    /// The folder whose files are watched.
    watched: Option<PathBuf>,
    events: Vec<Event>,
    keeps: bool,
    /// Calls that change something, so far.
    calls: u64,
    fails_at: Option<(u64, Fault)>,
}

static STATE: Mutex<Option<State>> = Mutex::new(None);
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
static REGISTERED: Once = Once::new();
static BASE_SIZE: AtomicI32 = AtomicI32::new(0);

/// Watches a folder until it is dropped; one at a time in a process.
pub(crate) struct Watch(#[allow(dead_code, reason = "held")] MutexGuard<'static, ()>);

impl Watch {
    /// Records every change below the folder.
    pub(crate) fn record(folder: &Path) -> Self {
        Self::begin(State { watched: Some(folder.to_owned()), keeps: true, ..State::default() })
    }

    /// Lets the call with this number, counted from 1, fail.
    pub(crate) fn fail(folder: &Path, at: u64, fault: Fault) -> Self {
        Self::begin(State {
            watched: Some(folder.to_owned()),
            fails_at: Some((at, fault)),
            ..State::default()
        })
    }

    fn begin(state: State) -> Self {
        let guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        REGISTERED.call_once(register);
        *lock() = Some(state);
        Self(guard)
    }

    /// The number of calls so far that change something.
    pub(crate) fn calls(&self) -> u64 {
        lock().as_ref().map_or(0, |state| state.calls)
    }

    /// What was recorded so far.
    pub(crate) fn events(&self) -> Vec<Event> {
        lock().as_mut().map(|state| std::mem::take(&mut state.events)).unwrap_or_default()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        *lock() = None;
    }
}

/// Records a word of the run in this folder, if that is the one watched: tests run side by side.
pub(crate) fn mark(folder: &Path, word: &str) {
    if let Some(state) = lock().as_mut().filter(|state| state.watched.as_deref() == Some(folder)) {
        state.events.push(Event::Mark(word.to_owned()));
    }
}

fn lock() -> MutexGuard<'static, Option<State>> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What shall become of a call.
enum Verdict {
    Pass,
    Fail(c_int),
    /// Do half, then fail.
    Half,
}

fn judge(path: &Path, is_write: bool, event: impl FnOnce() -> Event) -> Verdict {
    let mut guard = lock();
    let Some(state) = guard.as_mut() else { return Verdict::Pass };
    if !state.watched.as_ref().is_some_and(|folder| path.starts_with(folder)) {
        return Verdict::Pass;
    }
    state.calls += 1;
    if let Some((at, fault)) = state.fails_at {
        let error = if is_write { ffi::SQLITE_IOERR_WRITE } else { ffi::SQLITE_IOERR };
        return match fault {
            Fault::ErrorOnce if state.calls == at => Verdict::Fail(error),
            Fault::ErrorsForEver if state.calls >= at => Verdict::Fail(error),
            Fault::FullHalfway if state.calls == at && is_write => Verdict::Half,
            // Deleting and syncing need no room.
            Fault::Full | Fault::FullHalfway if state.calls >= at && is_write => {
                Verdict::Fail(ffi::SQLITE_FULL)
            }
            _ => Verdict::Pass,
        };
    }
    if state.keeps {
        state.events.push(event());
    }
    Verdict::Pass
}

/// An open file: ours, followed in memory by that of the layer below.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    path: *mut PathBuf,
}

unsafe fn below(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    unsafe { file.cast::<u8>().add(size_of::<File>()).cast() }
}

unsafe fn path<'a>(file: *mut ffi::sqlite3_file) -> &'a Path {
    unsafe { (*(*file.cast::<File>()).path).as_path() }
}

unsafe fn base(vfs: *mut ffi::sqlite3_vfs) -> *mut ffi::sqlite3_vfs {
    unsafe { (*vfs).pAppData.cast() }
}

unsafe fn path_of(name: *const c_char) -> PathBuf {
    if name.is_null() {
        return PathBuf::new();
    }
    PathBuf::from(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
}

unsafe extern "C" fn x_open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    unsafe {
        let opened_path = path_of(name);
        let is_new = flags & ffi::SQLITE_OPEN_CREATE != 0
            && !opened_path.as_os_str().is_empty()
            && !opened_path.exists();
        (*file).pMethods = ptr::null();
        if is_new {
            let created = opened_path.clone();
            if let Verdict::Fail(code) = judge(&opened_path, true, || Event::Create(created)) {
                return if code == ffi::SQLITE_FULL { code } else { ffi::SQLITE_CANTOPEN };
            }
        }
        let real = base(vfs);
        let code = (*real).xOpen.unwrap()(real, name, below(file), flags, out);
        if code != ffi::SQLITE_OK {
            return code;
        }
        (*file.cast::<File>()).path = Box::into_raw(Box::new(opened_path));
        (*file).pMethods = &raw const METHODS;
        code
    }
}

unsafe extern "C" fn x_delete(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync: c_int,
) -> c_int {
    unsafe {
        let path = path_of(name);
        if path.exists() {
            let event = || Event::Delete(path.clone(), sync != 0);
            if let Verdict::Fail(_) = judge(&path, false, event) {
                return ffi::SQLITE_IOERR_DELETE;
            }
        }
        let real = base(vfs);
        (*real).xDelete.unwrap()(real, name, sync)
    }
}

unsafe extern "C" fn x_close(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe {
        drop(Box::from_raw((*file.cast::<File>()).path));
        call(file, |methods, real| methods.xClose.unwrap()(real))
    }
}

unsafe fn call(
    file: *mut ffi::sqlite3_file,
    with: impl FnOnce(&ffi::sqlite3_io_methods, *mut ffi::sqlite3_file) -> c_int,
) -> c_int {
    unsafe {
        let real = below(file);
        with(&*(*real).pMethods, real)
    }
}

unsafe extern "C" fn x_read(
    file: *mut ffi::sqlite3_file,
    to: *mut c_void,
    count: c_int,
    at: i64,
) -> c_int {
    unsafe { call(file, |methods, real| methods.xRead.unwrap()(real, to, count, at)) }
}

unsafe extern "C" fn x_write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    count: c_int,
    at: i64,
) -> c_int {
    unsafe {
        let name = path(file);
        let event = || {
            let bytes = slice::from_raw_parts(from.cast::<u8>(), count as usize).to_vec();
            Event::Write(name.to_owned(), at as u64, bytes)
        };
        match judge(name, true, event) {
            Verdict::Pass => {
                call(file, |methods, real| methods.xWrite.unwrap()(real, from, count, at))
            }
            Verdict::Fail(code) => code,
            Verdict::Half => {
                let _half =
                    call(file, |methods, real| methods.xWrite.unwrap()(real, from, count / 2, at));
                ffi::SQLITE_FULL
            }
        }
    }
}

unsafe extern "C" fn x_truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    unsafe {
        let name = path(file);
        match judge(name, false, || Event::Truncate(name.to_owned(), size as u64)) {
            Verdict::Pass => call(file, |methods, real| methods.xTruncate.unwrap()(real, size)),
            _ => ffi::SQLITE_IOERR_TRUNCATE,
        }
    }
}

unsafe extern "C" fn x_sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    unsafe {
        let name = path(file);
        match judge(name, false, || Event::Sync(name.to_owned())) {
            // The layer below need not really sync: cuts are made from the record.
            Verdict::Pass if lock().as_ref().is_some_and(|state| state.keeps) => ffi::SQLITE_OK,
            Verdict::Pass => call(file, |methods, real| methods.xSync.unwrap()(real, flags)),
            _ => ffi::SQLITE_IOERR_FSYNC,
        }
    }
}

unsafe extern "C" fn x_size(file: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    unsafe { call(file, |methods, real| methods.xFileSize.unwrap()(real, out)) }
}

unsafe extern "C" fn x_lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    unsafe { call(file, |methods, real| methods.xLock.unwrap()(real, level)) }
}

unsafe extern "C" fn x_unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    unsafe { call(file, |methods, real| methods.xUnlock.unwrap()(real, level)) }
}

unsafe extern "C" fn x_reserved(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    unsafe { call(file, |methods, real| methods.xCheckReservedLock.unwrap()(real, out)) }
}

unsafe extern "C" fn x_control(
    file: *mut ffi::sqlite3_file,
    op: c_int,
    argument: *mut c_void,
) -> c_int {
    unsafe { call(file, |methods, real| methods.xFileControl.unwrap()(real, op, argument)) }
}

unsafe extern "C" fn x_sector(_: *mut ffi::sqlite3_file) -> c_int {
    512
}

unsafe extern "C" fn x_traits(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe { call(file, |methods, real| methods.xDeviceCharacteristics.unwrap()(real)) }
}

unsafe extern "C" fn x_shm_map(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    unsafe { call(file, |methods, real| methods.xShmMap.unwrap()(real, page, size, extend, out)) }
}

unsafe extern "C" fn x_shm_lock(
    file: *mut ffi::sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    unsafe { call(file, |methods, real| methods.xShmLock.unwrap()(real, offset, count, flags)) }
}

unsafe extern "C" fn x_shm_barrier(file: *mut ffi::sqlite3_file) {
    unsafe {
        call(file, |methods, real| {
            methods.xShmBarrier.unwrap()(real);
            0
        });
    }
}

unsafe extern "C" fn x_shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    unsafe { call(file, |methods, real| methods.xShmUnmap.unwrap()(real, delete)) }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // 2: with shared memory for the log, without mapping of the file.
    iVersion: 2,
    xClose: Some(x_close),
    xRead: Some(x_read),
    xWrite: Some(x_write),
    xTruncate: Some(x_truncate),
    xSync: Some(x_sync),
    xFileSize: Some(x_size),
    xLock: Some(x_lock),
    xUnlock: Some(x_unlock),
    xCheckReservedLock: Some(x_reserved),
    xFileControl: Some(x_control),
    xSectorSize: Some(x_sector),
    xDeviceCharacteristics: Some(x_traits),
    xShmMap: Some(x_shm_map),
    xShmLock: Some(x_shm_lock),
    xShmBarrier: Some(x_shm_barrier),
    xShmUnmap: Some(x_shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

fn register() {
    unsafe {
        ffi::sqlite3_initialize();
        let real = ffi::sqlite3_vfs_find(ptr::null());
        BASE_SIZE.store((*real).szOsFile, Ordering::Relaxed);
        // Everything but opening and deleting is the layer's below: the other functions do not
        // look at the layer they are given.
        let mut vfs = *real;
        vfs.szOsFile += size_of::<File>() as c_int;
        vfs.zName = c"fonds-crash".as_ptr();
        vfs.pAppData = real.cast();
        vfs.pNext = ptr::null_mut();
        vfs.xOpen = Some(x_open);
        vfs.xDelete = Some(x_delete);
        let vfs = Box::into_raw(Box::new(vfs));
        assert_eq!(ffi::sqlite3_vfs_register(vfs, 1), ffi::SQLITE_OK);
    }
}

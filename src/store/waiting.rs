//! How long this program waits for other processes that hold an archive, and that the user hears of it.
//!
//! One wait holds for the whole program: whichever of its connections meets the lock, the user waits
//! for the same process. It never waits for the readers of a log, who may stay as long as they like.

use rusqlite::{Connection, Result};
use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long one waits who has said nothing else.
const USUAL: Duration = Duration::from_secs(30);
/// Most locks are gone sooner, and nobody need hear of them.
const SILENT: Duration = Duration::from_secs(2);

struct Wait {
    patience: Duration,
    notice: Box<dyn Fn() + Send + Sync>,
}

static WAIT: OnceLock<Wait> = OnceLock::new();
static IS_TOLD: AtomicBool = AtomicBool::new(false);

thread_local! {
    static BEGUN: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// From now on this program waits so long for a lock, and calls `notice` once when it has waited for two
/// seconds. The first call holds; without one it waits half a minute in silence.
pub fn wait_for_others(patience: Duration, notice: impl Fn() + Send + Sync + 'static) {
    // Whoever came first has said it for all.
    let _set_before = WAIT.set(Wait { patience, notice: Box::new(notice) });
}

/// Lets a connection wait.
pub(super) fn on(connection: &mut Connection) -> Result<()> {
    connection.busy_handler(Some(again))
}

/// Whether SQLite shall ask for the lock again, which it has asked for so many times.
fn again(times: i32) -> bool {
    let now = Instant::now();
    let begun = BEGUN.with(|begun| {
        if times == 0 || begun.get().is_none() {
            begun.set(Some(now));
        }
        begun.get().unwrap_or(now)
    });
    let waited = now - begun;
    let patience = WAIT.get().map_or(USUAL, |wait| wait.patience);
    if waited >= patience {
        return false;
    }
    if let Some(wait) = WAIT.get().filter(|_| waited >= SILENT)
        && !IS_TOLD.swap(true, Ordering::Relaxed)
    {
        (wait.notice)();
    }
    let pause = Duration::from_millis(1 << times.clamp(0, 6));
    sleep(pause.min(patience - waited));
    true
}

//! Ctrl-C once a progress bar was drawn: the line is wiped, a word is said, and the process ends as it would without.
//!
//! Nothing needs tidying: a command that is killed anywhere leaves a sound repository, with its commit or without
//! it. Which of both, a signal handler cannot tell for sure; it says where that is to be seen.
//!
//! *Invariant:* nothing is drawn once it is said, whichever threads draw and are interrupted: the handler waits for a
//! drawing under way, and none begins after it.

use crate::record::Lang;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the line the cursor stands in is a progress bar.
static IS_DRAWN: AtomicBool = AtomicBool::new(false);
/// Whether what is said is Chinese.
static IS_CHINESE: AtomicBool = AtomicBool::new(false);

/// What is said: whole lines, since nothing can be formatted in a signal handler.
const SAID: [&str; 2] = [
    "interrupted: all of it is in the last commit or nothing is; `git log -1` shows which\n",
    "已中断：要么已全部写入最近一次提交，要么什么都没有写入；用 `git log -1` 查看\n",
];

/// From now on an interruption wipes the line and says so in this language.
pub(super) fn wipe_line(lang: Lang) {
    IS_CHINESE.store(lang == Lang::Zh, Ordering::Relaxed);
    if !IS_DRAWN.swap(true, Ordering::Relaxed) {
        system::watch();
    }
}

/// From now on the line belongs to what is said.
pub(super) fn leave_line() {
    IS_DRAWN.store(false, Ordering::Relaxed);
}

/// Draws, unless the command is being interrupted.
///
/// One thread at a time; it may not draw while it draws.
pub(super) fn drawing(draw: impl FnOnce()) {
    if system::begin_drawing() {
        draw();
    }
    system::end_drawing();
}

#[cfg(unix)]
mod system {
    use super::{IS_CHINESE, IS_DRAWN, Ordering, SAID};
    use libc::{SIG_DFL, SIG_IGN, SIGHUP, SIGINT, SIGTERM, c_int, sighandler_t};
    use std::sync::Once;
    use std::sync::atomic::{AtomicBool, AtomicU64};

    static ONCE: Once = Once::new();
    /// The thread that is drawing; 0 for none.
    static DRAWER: AtomicU64 = AtomicU64::new(0);
    /// Whether an interruption has begun.
    static IS_ENDING: AtomicBool = AtomicBool::new(false);
    /// How often the handler lets others run while one of them draws; a terminal that takes nothing must not keep it.
    const TRIES: u32 = 100_000;

    /// Announces a drawing; returns whether it may be made.
    pub(super) fn begin_drawing() -> bool {
        DRAWER.store(own_thread(), Ordering::SeqCst);
        !IS_ENDING.load(Ordering::SeqCst)
    }

    pub(super) fn end_drawing() {
        DRAWER.store(0, Ordering::SeqCst);
    }

    fn own_thread() -> u64 {
        // SAFETY: it only reads, also in a signal handler.
        unsafe { libc::pthread_self() as u64 }
    }

    /// Has the signals that end a command from outside handled, but for those the caller wants ignored.
    pub(super) fn watch() {
        ONCE.call_once(|| {
            for signal in [SIGINT, SIGTERM, SIGHUP] {
                let handler = wipe_and_end as extern "C" fn(c_int) as sighandler_t;
                // SAFETY: the handler does only what a signal handler may.
                unsafe {
                    if libc::signal(signal, handler) == SIG_IGN {
                        libc::signal(signal, SIG_IGN);
                    }
                }
            }
        });
    }

    /// Wipes the line, says a word, then lets the signal do what it does by itself.
    extern "C" fn wipe_and_end(signal: c_int) {
        const WIPE: &[u8] = b"\r\x1b[2K";
        IS_ENDING.store(true, Ordering::SeqCst);
        let is_drawn_elsewhere = || ![0, own_thread()].contains(&DRAWER.load(Ordering::SeqCst));
        // SAFETY: `write`, `signal`, `raise` and a system call that gives way may be called in a signal handler, an
        // atomic read too; the bytes are static. The signal is blocked here, so it comes, and ends the process, on return.
        unsafe {
            for _ in 0..TRIES {
                if !is_drawn_elsewhere() {
                    break;
                }
                libc::sched_yield();
            }
            if IS_DRAWN.load(Ordering::Relaxed) {
                libc::write(libc::STDERR_FILENO, WIPE.as_ptr().cast(), WIPE.len());
            }
            let said = SAID[usize::from(IS_CHINESE.load(Ordering::Relaxed))].as_bytes();
            libc::write(libc::STDERR_FILENO, said.as_ptr().cast(), said.len());
            libc::signal(signal, SIG_DFL);
            libc::raise(signal);
        }
    }
}

#[cfg(not(unix))]
mod system {
    /// Does nothing: other systems tell a program in another way, and end it all the same.
    pub(super) fn watch() {}

    /// Allows every drawing.
    pub(super) fn begin_drawing() -> bool {
        true
    }

    /// Does nothing.
    pub(super) fn end_drawing() {}
}

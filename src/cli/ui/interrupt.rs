//! Ctrl-C while a progress bar is drawn: the line is wiped, and the process ends as it would without.
//!
//! Nothing else needs tidying: a command that is killed anywhere leaves a sound repository.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the line the cursor stands in is a progress bar.
static IS_DRAWN: AtomicBool = AtomicBool::new(false);

/// From now on an interruption wipes the line.
pub(super) fn wipe_line() {
    if !IS_DRAWN.swap(true, Ordering::Relaxed) {
        system::watch();
    }
}

/// From now on the line belongs to what is said.
pub(super) fn leave_line() {
    IS_DRAWN.store(false, Ordering::Relaxed);
}

#[cfg(unix)]
mod system {
    use super::{IS_DRAWN, Ordering};
    use libc::{SIG_DFL, SIG_IGN, SIGHUP, SIGINT, SIGTERM, c_int, sighandler_t};
    use std::sync::Once;

    static ONCE: Once = Once::new();

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

    /// Wipes the line, then lets the signal do what it does by itself.
    extern "C" fn wipe_and_end(signal: c_int) {
        const WIPE: &[u8] = b"\r\x1b[2K";
        // SAFETY: `write`, `signal` and `raise` may be called in a signal handler, an atomic read too; the
        // bytes are static. The signal is blocked here, so it comes, and ends the process, on return.
        unsafe {
            if IS_DRAWN.load(Ordering::Relaxed) {
                libc::write(libc::STDERR_FILENO, WIPE.as_ptr().cast(), WIPE.len());
            }
            libc::signal(signal, SIG_DFL);
            libc::raise(signal);
        }
    }
}

#[cfg(not(unix))]
mod system {
    /// Does nothing: other systems tell a program in another way, and end it all the same.
    pub(super) fn watch() {}
}

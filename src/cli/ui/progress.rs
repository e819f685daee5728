//! A progress bar that shows itself only when there is something to wait for.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Work that is done sooner shows no bar.
const PATIENCE: Duration = Duration::from_millis(250);

/// The progress of some work; nothing is drawn off a terminal. Taken away when dropped.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    waiting: AtomicBool,
}

impl Progress {
    /// Starts the progress of `total` steps, drawn only when `seen`.
    pub(super) fn new(total: u64, label: String, seen: bool) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}") {
            bar.set_style(style);
        }
        bar.set_message(label);
        Progress { bar, started: Instant::now(), waiting: AtomicBool::new(seen) }
    }

    /// Counts steps done.
    pub fn advance(&self, steps: u64) {
        let is_late = self.waiting.load(Ordering::Relaxed) && self.started.elapsed() >= PATIENCE;
        if is_late && self.waiting.swap(false, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(steps);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

//! A progress bar that shows itself only when there is something to wait for.
//!
//! The work counts its steps in an atomic number and draws only when a stage begins; a thread of its own
//! draws ten times a second, also while one long call counts nothing.
//!
//! *Invariants:* nothing is drawn before the patience is over, nor between stages; what was drawn is taken
//! away before anything else is said, and when the command is interrupted.

use super::interrupt;
use crate::progress::Watch;
use crate::record::{Lang, Words};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is drawn.
const BEAT: Duration = Duration::from_millis(100);

/// The progress bar of a command, on stderr.
pub(super) struct Bar {
    lang: Lang,
    /// When there has been enough waiting to show it.
    due: Instant,
    done: AtomicUsize,
    stage: Mutex<Option<ProgressBar>>,
    /// Whether the thread that draws was started, and what it holds: it ends with the last use of this.
    started: Once,
    this: Weak<Bar>,
}

impl Bar {
    /// Makes one that shows work which lasts longer than `patience` from now.
    pub fn new(lang: Lang, patience: Duration) -> Arc<Bar> {
        Arc::new_cyclic(|this| Bar {
            lang,
            due: Instant::now() + patience,
            done: AtomicUsize::new(0),
            stage: Mutex::new(None),
            started: Once::new(),
            this: this.clone(),
        })
    }

    fn stage(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws the stage, when it is time.
    fn draw(&self, stage: &ProgressBar) {
        if Instant::now() < self.due {
            return;
        }
        // Each of these may draw.
        interrupt::drawing(|| {
            if stage.is_hidden() {
                stage.set_draw_target(ProgressDrawTarget::stderr());
                interrupt::wipe_line(self.lang);
            }
            stage.set_position(self.done.load(Ordering::Relaxed) as u64);
            stage.tick();
        });
    }

    /// Starts the thread that draws; without one the bar moves only from stage to stage.
    fn start(&self) {
        let bar = self.this.clone();
        let draw = move || {
            while let Some(bar) = bar.upgrade() {
                bar.stage().as_ref().inspect(|stage| bar.draw(stage));
                let wait = bar.due.saturating_duration_since(Instant::now());
                drop(bar);
                thread::sleep(if wait.is_zero() { BEAT } else { wait });
            }
        };
        let _ = thread::Builder::new().name("progress".into()).spawn(draw);
    }
}

impl Watch for Bar {
    fn begin(&self, words: &Words, steps: usize) {
        self.started.call_once(|| self.start());
        let template = if steps == 0 { "{msg} {spinner}" } else { "{msg} {bar:30} {pos}/{len}" };
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::hidden());
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(words.get(self.lang).to_string());
        let mut stage = self.stage();
        self.done.store(0, Ordering::Relaxed);
        self.draw(&bar);
        if let Some(before) = stage.replace(bar) {
            interrupt::drawing(|| before.finish_and_clear());
        }
    }

    fn advance(&self, steps: usize) {
        self.done.fetch_add(steps, Ordering::Relaxed);
    }

    fn end(&self) {
        if let Some(bar) = self.stage().take() {
            interrupt::drawing(|| bar.finish_and_clear());
            interrupt::leave_line();
        }
    }

    fn pause(&self, talk: &mut dyn FnMut()) {
        match &*self.stage() {
            Some(bar) => interrupt::drawing(|| bar.suspend(talk)),
            None => talk(),
        }
    }
}

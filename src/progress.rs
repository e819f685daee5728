//! Progress: long work told, while it goes on, to whoever watches.
//!
//! Operations and the store say what they are at and count steps. Whether, where and in which language that
//! is shown is the watcher's business; without one nothing happens, which is how tests and pipes have it.
//!
//! *Invariants:* what is counted never changes what is done; steps may be counted from any thread; one stage
//! is told at a time, so one is over before the next begins.

use crate::record::Words;
use std::fmt;
use std::sync::Arc;

/// Is told how work goes on; the command line implements it where there is a terminal.
pub trait Watch: Send + Sync {
    /// A stage of so many steps begins; 0 when nobody knows how many.
    fn begin(&self, stage: &Words, steps: usize);

    /// So many steps of it are done. It is called from the midst of the work, so it has to be quick.
    fn advance(&self, steps: usize);

    /// The stage is over, done or failed.
    fn end(&self);

    /// Lets `talk` write to the screen undisturbed.
    fn pause(&self, talk: &mut dyn FnMut());
}

/// Where work tells its progress; by default nowhere.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<dyn Watch>>);

impl Progress {
    /// Tells it to a watcher.
    pub fn to(watch: Arc<dyn Watch>) -> Progress {
        Progress(Some(watch))
    }

    /// Begins a stage of so many steps, 0 when nobody knows how many; it lasts until it is dropped.
    pub fn stage(&self, stage: &Words, steps: usize) -> Stage {
        if let Some(watch) = &self.0 {
            watch.begin(stage, steps);
        }
        Stage(self.0.clone())
    }

    /// Runs `talk`, which writes to the screen, with nothing else drawn there.
    pub fn pause(&self, mut talk: impl FnMut()) {
        match &self.0 {
            Some(watch) => watch.pause(&mut talk),
            None => talk(),
        }
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if self.0.is_some() { "Progress(watched)" } else { "Progress(unwatched)" })
    }
}

/// A stage under way.
#[must_use = "a stage is over when it is dropped"]
pub struct Stage(Option<Arc<dyn Watch>>);

impl Stage {
    /// Counts steps done.
    pub fn advance(&self, steps: usize) {
        if let Some(watch) = &self.0 {
            watch.advance(steps);
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(watch) = &self.0 {
            watch.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Notes(Mutex<Vec<String>>);

    impl Notes {
        fn note(&self, text: String) {
            self.0.lock().unwrap().push(text);
        }
    }

    impl Watch for Notes {
        fn begin(&self, stage: &Words, steps: usize) {
            self.note(format!("{} of {steps}", stage.en));
        }
        fn advance(&self, steps: usize) {
            self.note(format!("+{steps}"));
        }
        fn end(&self) {
            self.note("end".into());
        }
        fn pause(&self, talk: &mut dyn FnMut()) {
            self.note("pause".into());
            talk();
        }
    }

    #[test]
    fn a_stage_ends_however_it_is_left() {
        let notes = Arc::new(Notes::default());
        let progress = Progress::to(notes.clone());
        let work = || -> Result<(), ()> {
            let stage = progress.stage(&words!("reading", "读取"), 3);
            stage.advance(2);
            Err(())
        };
        work().unwrap_err();
        progress.pause(|| notes.note("talk".into()));
        assert_eq!(*notes.0.lock().unwrap(), ["reading of 3", "+2", "end", "pause", "talk"]);
    }

    #[test]
    fn unwatched_work_is_told_to_nobody() {
        let progress = Progress::default();
        progress.stage(&words!("reading", "读取"), 3).advance(1);
        let mut talked = false;
        progress.pause(|| talked = true);
        assert!(talked);
    }
}

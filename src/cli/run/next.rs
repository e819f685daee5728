//! Says what comes next after a command, where somebody looks: one line on stderr.
//!
//! What is done is done: that nothing can be said of the next step is no failure, and changes no exit code.

use super::desk::tell_outcome;
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::ops::batch::Touched;
use crate::ops::next::next;
use crate::ops::{Outcome, Session};
use crate::record::{Exit, Result};
use crate::rules::next::is_followed;

/// Says what a write came to, as [`tell_outcome`] does, and what comes next after the command `done`.
pub fn tell_step(done: &str, outcome: &Outcome, session: &Session, context: &Context, ui: &Ui) -> Result<Exit> {
    let exit = tell_outcome(outcome, session, context, ui)?;
    if outcome.commit.is_some() {
        tell_next(done, &outcome.touched, session, context, ui);
    }
    Ok(exit)
}

/// Says what comes next after the command `done` has changed these records.
pub fn tell_next(done: &str, touched: &[Touched], session: &Session, context: &Context, ui: &Ui) {
    // What is on another branch waits there for who looks through it.
    if !context.hints || !is_followed(done) || session.options.branch.is_some() {
        return;
    }
    if let Ok(Some(words)) = next(session, done, touched) {
        ui.next(&words);
    }
}

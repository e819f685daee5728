//! Adds records.

use super::lines::objects;
use super::next::tell_step;
use super::sync::{open_in_step, usual_network};
use crate::cli::context::Context;
use crate::cli::noun::add::AddRequest;
use crate::cli::ui::Ui;
use crate::ops::add::{NewRecord, add};
use crate::ops::sync::auto::{after, is_automatic};
use crate::record::{Exit, Result};

/// Does it.
pub fn run(request: AddRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open_in_step(request.kind, None, context, ui)?;
    let new = if request.stdin {
        let lines = objects(&context.read_stdin()?)?;
        lines.into_iter().map(|line| NewRecord::Line(line, request.assignments.clone())).collect()
    } else {
        vec![NewRecord::Assigned(request.number.map(|number| number.to_string()), request.assignments)]
    };
    let mut outcome = add(&session, request.kind, new, request.on_duplicate)?;
    if outcome.commit.is_some() && is_automatic(&session, request.kind) {
        let numbers = outcome.touched.iter_mut().map(|touched| (touched.kind, &mut touched.number));
        after(&session, usual_network(context), numbers)?;
    }
    if !context.json && !context.dry_run {
        // What it brings besides is noted; a script reads one number.
        outcome.touched.retain(|touched| touched.kind == request.kind);
    }
    tell_step(&format!("{} add", request.kind), &outcome, &session, context, ui)
}

//! Adds records.

use super::desk::{open, tell_outcome};
use super::lines::objects;
use crate::cli::context::Context;
use crate::cli::noun::add::AddRequest;
use crate::cli::ui::Ui;
use crate::ops::add::{NewRecord, add};
use crate::record::{Exit, Result};

/// Does it.
pub fn run(request: AddRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let new = if request.stdin {
        let lines = objects(&context.read_stdin()?)?;
        lines.into_iter().map(|line| NewRecord::Line(line, request.assignments.clone())).collect()
    } else {
        vec![NewRecord::Assigned(request.number.map(|number| number.to_string()), request.assignments)]
    };
    let outcome = add(&session, request.kind, new, request.on_duplicate)?;
    tell_outcome(&outcome, &session, context, ui)
}

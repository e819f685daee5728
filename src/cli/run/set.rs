//! Changes fields of records.

use super::desk::{filter, open_on};
use super::lines::objects;
use super::next::tell_step;
use crate::cli::context::Context;
use crate::cli::noun::Selection;
use crate::cli::noun::set::SetRequest;
use crate::cli::ui::Ui;
use crate::ops::Session;
use crate::ops::set::{Chosen, set, set_objects};
use crate::record::{Exit, Kind, Result};

/// Does it.
pub fn run(request: SetRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open_on(request.branch.as_deref(), context, ui)?;
    let outcome = if request.stdin {
        set_objects(&session, request.kind, objects(&context.read_stdin()?)?, &request.assignments, request.expect)?
    } else {
        let chosen = chosen(&session, request.kind, &request.selection)?;
        set(&session, request.kind, chosen, &request.assignments, request.expect)?
    };
    tell_step(&format!("{} set", request.kind), &outcome, &session, context, ui)
}

/// Returns the records meant: the numbers given, else what the filters match.
pub fn chosen(session: &Session, kind: Kind, selection: &Selection) -> Result<Chosen> {
    Ok(match filter(session, kind, &selection.filters, &[])? {
        Some(filter) => Chosen::Where(filter),
        None => Chosen::Numbers(selection.numbers.clone()),
    })
}

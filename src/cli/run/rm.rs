//! Removes records.

use super::desk::{open, tell_outcome};
use crate::cli::context::Context;
use crate::cli::noun::rm::RmRequest;
use crate::cli::ui::Ui;
use crate::ops::remove::remove;
use crate::record::{Exit, Result};

/// Does it.
pub fn run(request: &RmRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let outcome = remove(&session, request.kind, &request.numbers, request.expect)?;
    tell_outcome(&outcome, &session, context, ui)
}

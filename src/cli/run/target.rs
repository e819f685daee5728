//! Sets targets.

use super::desk::{open, tell_outcome};
use crate::cli::context::Context;
use crate::cli::noun::target::TargetRequest;
use crate::cli::ui::Ui;
use crate::ops::target::plan;
use crate::record::{Exit, Result};

/// Does it.
pub fn run(request: &TargetRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let outcome = plan(&session, &request.whom, &request.period, &request.aim)?;
    tell_outcome(&outcome, &session, context, ui)
}

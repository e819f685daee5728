//! Takes a step with opportunities.

use super::desk::{open, tell_outcome};
use crate::cli::context::Context;
use crate::cli::noun::deal::DealRequest;
use crate::cli::ui::Ui;
use crate::ops::deal::advance;
use crate::record::{Exit, Result};

/// Does it.
pub fn run(request: &DealRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let outcome = advance(&session, &request.numbers, request.step, &request.told)?;
    tell_outcome(&outcome, &session, context, ui)
}

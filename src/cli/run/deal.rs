//! Takes a step with opportunities.

use super::desk::{open, refuse_unreasoned};
use super::next::tell_step;
use crate::cli::context::Context;
use crate::cli::noun::deal::DealRequest;
use crate::cli::ui::Ui;
use crate::ops::deal::advance;
use crate::record::{Exit, OPPORTUNITY, Result};
use crate::rules::deal::Move;

/// Does it.
pub fn run(request: &DealRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    if let Some(field) = OPPORTUNITY.field("lost_reason").filter(|_| request.step == Move::Lose) {
        refuse_unreasoned(&request.told, field, &session)?;
    }
    let outcome = advance(&session, &request.numbers, request.step, &request.told)?;
    tell_step(&format!("opportunity {}", request.step.verb()), &outcome, &session, context, ui)
}

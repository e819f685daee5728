//! Takes a step in the life of leads.

use super::desk::{open, refuse_unreasoned};
use super::next::tell_step;
use super::set::chosen;
use crate::cli::context::Context;
use crate::cli::noun::lifecycle::LifecycleRequest;
use crate::cli::ui::Ui;
use crate::ops::lifecycle::advance;
use crate::record::{Exit, LEAD, Result};
use crate::rules::lifecycle::Step;

/// Does it.
pub fn run(request: &LifecycleRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    if let Some(field) = LEAD.field("disqualify_reason").filter(|_| request.step == Step::Disqualify) {
        refuse_unreasoned(&request.told, field, &session)?;
    }
    let chosen = chosen(&session, LEAD, &request.selection)?;
    let outcome = advance(&session, &chosen, request.step, &request.told, request.expect)?;
    tell_step(&format!("lead {}", request.step.verb()), &outcome, &session, context, ui)
}

//! Converts a lead.

use super::next::tell_step;
use super::sync::{open_in_step, usual_network};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::ops::convert::{Conversion, convert};
use crate::ops::sync::auto::{after, is_automatic};
use crate::record::{CUSTOMER, Exit, Result};

/// Does it.
pub fn run(request: &Conversion, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open_in_step(CUSTOMER, None, context, ui)?;
    let mut outcome = convert(&session, request)?;
    if outcome.commit.is_some() && is_automatic(&session, CUSTOMER) {
        let numbers = outcome.touched.iter_mut().map(|touched| (touched.kind, &mut touched.number));
        after(&session, usual_network(context), numbers)?;
    }
    tell_step("lead convert", &outcome, &session, context, ui)
}

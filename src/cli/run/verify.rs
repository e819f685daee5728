//! Notes that fields of records were checked.

use super::desk::{open, tell_outcome};
use crate::cli::context::Context;
use crate::cli::noun::verify::VerifyRequest;
use crate::cli::ui::Ui;
use crate::ops::verify::verify;
use crate::record::{Exit, Result};

/// Does it.
pub fn run(request: &VerifyRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let outcome = verify(&session, request.kind, &request.numbers, &request.assignments)?;
    tell_outcome(&outcome, &session, context, ui)
}

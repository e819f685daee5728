//! Attaches files to a record.

use super::desk::{open, tell_outcome};
use super::import::read;
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::AttachRequest;
use crate::ops::attach::attach;
use crate::record::{Exit, Result};

/// Does it.
pub fn run(request: &AttachRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let files = request.files.iter().map(|file| read(file, context)).collect::<Result<Vec<_>>>()?;
    let session = open(context, ui)?;
    let outcome = attach(&session, &request.record, files, &request.kind, request.replace)?;
    tell_outcome(&outcome, &session, context, ui)
}

//! Removes records.

use super::desk::{open, tell_outcome};
use crate::cli::context::Context;
use crate::cli::noun::rm::RmRequest;
use crate::cli::ui::Ui;
use crate::ops::remove::remove;
use crate::ops::resolve::Resolver;
use crate::record::{Exit, Result};

/// Does it.
pub fn run(request: &RmRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let resolver = Resolver::new(&session);
    let resolve =
        |texts: &[String]| texts.iter().map(|text| resolver.only(request.kind, text)).collect::<Result<Vec<_>>>();
    let (numbers, confirmed) = (resolve(&request.records)?, resolve(&request.confirmed)?);
    if !context.dry_run {
        request.check_confirmed(&numbers, &confirmed)?;
    }
    let outcome = remove(&session, request.kind, &numbers, request.expect)?;
    tell_outcome(&outcome, &session, context, ui)
}

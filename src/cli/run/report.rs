//! Prints reports.

use super::desk::{Delivery, Drawing, deliver, filter, open, tell_findings};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::ReportRequest;
use crate::ops::access::user_names;
use crate::ops::report::{Question, report};
use crate::record::{Exit, Result, USER};
use crate::report::{Period, Report, list};
use crate::sheet::Cell;

/// Prints a report.
pub fn run(request: &ReportRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let wanted = Report::find(&request.name)?;
    let session = open(context, ui)?;
    let owner = match request.owner.as_deref() {
        Some("me") => Some(session.actor()?),
        Some(name) => Some(session.number_of(USER, name)?.to_string()),
        None => None,
    };
    let question = Question {
        period: Period::parse(&request.period.flags(), session.now.date_naive())?,
        owner,
        department: request.department.clone(),
        filter: filter(&session, wanted.filters, &request.filters, &[])?,
    };
    let (mut document, findings) = report(&session, wanted, &question)?;
    if context.wants_names() {
        let names = user_names(&session)?;
        let owners = document.facts.iter_mut().filter(|fact| fact.key == "owner");
        owners.for_each(|fact| {
            let name = question.owner.as_deref().and_then(|login| names.get(login));
            name.into_iter().for_each(|name| fact.value = Cell::text(name));
        });
    }
    let drawing = Drawing::Document(document);
    deliver(Delivery { now: session.now, excel: request.excel, drawing, json: None, lines: None }, context, ui)?;
    Ok(tell_findings(&findings, ui))
}

/// Lists the reports there are; needs no repository.
pub fn run_list(context: &Context, ui: &mut Ui) -> Result<Exit> {
    let now = context.clock.now(chrono_tz::Asia::Shanghai);
    let drawing = Drawing::Document(list());
    deliver(Delivery { now, excel: false, drawing, json: None, lines: None }, context, ui)?;
    Ok(Exit::Done)
}

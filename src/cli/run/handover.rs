//! Hands over what a user has to others.

use super::desk::{Delivery, Drawing, deliver, filter, name_users, open, refuse_output, tell_findings};
use crate::cli::context::Context;
use crate::cli::global::OutputTarget;
use crate::cli::ui::Ui;
use crate::cli::word::HandoverRequest;
use crate::ops::Session;
use crate::ops::handover::{Brief, Handover, Question, hand_over, sheet};
use crate::query::Filter;
use crate::record::{Exit, Kind, Record, Result};
use crate::rules::handover::KINDS;
use crate::rules::pool::POOLED;
use crate::words;
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(request: &HandoverRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    // What cannot be written is said before anything changes.
    refuse_output(context, ui)?;
    let chosen = chosen(request, &session)?;
    let question = Question { from: &request.from, to: &request.to, chosen, expect: request.expect };
    let handover = hand_over(&session, &question)?;
    handover.outcome.warnings.iter().for_each(|warning| ui.warn(warning));
    if context.wants_numbers() {
        handover.briefs.iter().try_for_each(|brief| ui.print(brief.record.number.as_str()))?;
        return Ok(tell_findings(&handover.findings, ui));
    }
    if let (true, Some(OutputTarget::File(path))) = (handover.briefs.is_empty(), &context.output) {
        // Nothing to tell is no reason to write over the briefing of an hour ago.
        let (from, path) = (&handover.from, path.display());
        ui.note(&words!(
            "`{from}` has nothing to hand over; `{path}` is left as it is",
            "`{from}` 没有可移交的记录；未写入 `{path}`"
        ));
        return Ok(tell_findings(&handover.findings, ui));
    }
    let delivered = print(&handover, &session, context, ui);
    let delivered = delivered.map_err(|failure| match &handover.outcome.commit {
        Some(_) => failure.hint(words!(
            "the records were handed over; `kehu undo` takes that back",
            "记录已移交；可用 `kehu undo` 撤销"
        )),
        None => failure,
    });
    delivered?;
    if handover.briefs.is_empty() {
        let from = &handover.from;
        ui.note(&words!("`{from}` has nothing to hand over", "`{from}` 没有可移交的记录"));
    } else if context.dry_run {
        ui.note(&words!("nothing was written (`--dry-run`)", "未写入任何内容（`--dry-run`）"));
    }
    Ok(tell_findings(&handover.findings, ui))
}

/// Reads the filters, for each kind that goes: a field that leads or customers lack wants `--kind`. Opportunities that
/// no filter can be asked of go with their customers.
fn chosen(request: &HandoverRequest, session: &Session) -> Result<Vec<(Kind, Option<Filter>)>> {
    let read = |kind: Kind| Ok((kind, filter(session, kind, &request.filters, &[])?));
    if let Some(kind) = request.kind {
        return Ok(vec![read(kind)?]);
    }
    if request.filters.is_empty() {
        return Ok(KINDS.map(|kind| (kind, None)).into());
    }
    let all = POOLED.map(read);
    match all.iter().position(|one: &Result<_>| one.is_ok()).map(|at| POOLED[at]) {
        Some(kind) if all.iter().any(Result::is_err) => {
            let hint = words!("`--kind {kind}` hands over only these", "用 `--kind {kind}` 只移交此类");
            all.into_iter().collect::<Result<_>>().map_err(|failure| failure.hint(hint))
        }
        _ => all.into_iter().collect(),
    }
}

fn print(handover: &Handover, session: &Session, context: &Context, ui: &Ui) -> Result<()> {
    let mut sheet = sheet(handover, session)?;
    name_users(&mut sheet, "owner", session, context)?;
    let all = || handover.briefs.iter().map(brief_json).collect::<Vec<_>>();
    let json = || {
        json!({
            "schema": "kehu.handover",
            "version": 1,
            "dry_run": context.dry_run,
            "commit": handover.outcome.commit,
            "from": handover.from,
            "to": handover.to,
            "records": all(),
        })
    };
    let drawing = Drawing::Sheet(sheet);
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)
}

fn brief_json(brief: &Brief) -> Json {
    let followup = |one: &Record| {
        json!({
            "number": one.number.as_str(),
            "at": one.moment("at").map(|at| at.to_rfc3339()),
            "method": one.text("method"),
            "points": one.text("points"),
        })
    };
    let promise = brief.promise.as_ref().map(|promise| {
        let late = promise.overdue_by.map(|late| late.num_days());
        json!({ "action": { "en": promise.action.en, "zh": promise.action.zh }, "on": promise.on.to_string(), "overdue_days": late })
    });
    json!({
        "number": brief.record.number.as_str(),
        "kind": brief.record.kind.name,
        "name": brief.record.title(),
        "owner": brief.to,
        "contact": brief.contact,
        "phone": brief.phone,
        "followups": brief.followups.iter().map(followup).collect::<Vec<_>>(),
        "promise": promise,
    })
}

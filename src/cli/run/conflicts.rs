//! Lists conflicts and settles them.

use super::desk::{Delivery, Drawing, deliver, open, tell_findings, tell_outcome};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::ResolveRequest;
use crate::ops::Session;
use crate::ops::conflicts::{Conflict, Had, chosen, conflicts, named, resolve};
use crate::record::{Exit, Label, Result, Value, WHOLE, Words};
use crate::rules::listing::{field_words, value_json, value_words_at};
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use crate::words;
use serde_json::{Value as Json, json};

/// Lists them.
pub fn run(targets: &[String], context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let (mut open, findings) = conflicts(&session)?;
    if !targets.is_empty() {
        open = chosen(open, targets)?;
    }
    let all = || open.iter().map(conflict_json).collect::<Vec<Json>>();
    let json = || json!({ "schema": "kehu.conflicts", "version": 1, "conflicts": all() });
    let drawing = Drawing::Sheet(sheet(&open, &session));
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    if open.is_empty() && !context.wants_json() {
        ui.note(&words!("nothing is in conflict", "没有冲突"));
    }
    Ok(tell_findings(&findings, ui))
}

/// Settles them.
pub fn run_resolve(request: &ResolveRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    session.writable()?;
    let wanted = match request.targets.is_empty() {
        true => conflicts(&session)?.0,
        // One in a record that is not the acting person's is refused as such where it is written.
        false => named(&session, &request.targets)?,
    };
    let outcome = resolve(&session, &wanted, &request.take, request.expect)?;
    tell_outcome(&outcome, &session, context, ui)
}

/// Makes the table: a row for what each side had, and one for what it was before.
fn sheet(open: &[Conflict], session: &Session) -> Sheet {
    let columns = vec![
        Column::text("record", "Record", "记录"),
        Column::text("field", "Field", "字段"),
        Column::text("side", "Side", "哪方"),
        Column::text("value", "Value", "值"),
        Column::text("by", "Who", "何人"),
        Column::of("at", "When", "时间", ColumnType::Moment),
    ];
    let mut sheet = Sheet::new("conflicts", Words::default(), columns);
    sheet.rows = open.iter().flat_map(|conflict| rows(conflict, session)).collect();
    sheet
}

fn rows(conflict: &Conflict, session: &Session) -> Vec<Vec<Cell>> {
    let Conflict { kind, number, field, base, ours, theirs } = conflict;
    let row = |side: &str, label: Label, had: &Had| {
        let words = match &had.value {
            Some(value) => value_words_at(*kind, field, value, &session.config.dictionary),
            None if had.has_removed => words!("removed", "删除"),
            None if field == WHOLE => words!("changed", "修改"),
            None => words!("nothing", "无"),
        };
        let at = had.at.map(|at| at.with_timezone(&session.now.timezone()).fixed_offset());
        vec![
            Cell::text(number.as_str()),
            Cell::Label(field.clone(), field_words(*kind, field)),
            Cell::Label(side.to_string(), label.into()),
            Cell::Label(words.en.to_string(), words),
            had.by.as_ref().map_or(Cell::Empty, Cell::text),
            at.map_or(Cell::Empty, Cell::Moment),
        ]
    };
    let mut rows = vec![
        row("ours", Label::new("ours", "我方 (ours)"), ours),
        row("theirs", Label::new("theirs", "对方 (theirs)"), theirs),
    ];
    let before = Had { value: base.clone(), ..Had::default() };
    rows.extend(base.is_some().then(|| row("before", Label::new("before", "原值"), &before)));
    rows
}

fn conflict_json(conflict: &Conflict) -> Json {
    let Conflict { kind, number, field, base, ours, theirs } = conflict;
    let value = |value: &Option<Value>| value.as_ref().map_or(Json::Null, value_json);
    let at = |had: &Had| had.at.map(|at| at.to_rfc3339());
    let removed = [(ours, "ours"), (theirs, "theirs")].into_iter().find(|(had, _)| had.has_removed);
    json!({
        "kind": kind.name,
        "number": number.as_str(),
        "field": field,
        "removed": removed.map(|(_, side)| side),
        "base": value(base),
        "ours": value(&ours.value),
        "ours_by": ours.by,
        "ours_at": at(ours),
        "theirs": value(&theirs.value),
        "theirs_by": theirs.by,
        "theirs_at": at(theirs),
    })
}

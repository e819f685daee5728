//! Takes operations back, does them again, lists them.

use super::desk::{Delivery, Drawing, deliver, open, tell_outcome};
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::{OpLogRequest, UndoRequest};
use crate::ops::Session;
use crate::ops::undo::{Operation, REDONE, Standing, UNDONE, find, last_done, last_undone, operations, redo, undo};
use crate::record::{Exit, Result, Words};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;
use serde_json::{Value as Json, json};

/// Takes one back.
pub fn run_undo(request: &UndoRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let operation = match &request.operation {
        Some(text) => find(&session, text)?,
        None => last_done(&session)?,
    };
    let outcome = undo(&session, &operation)?;
    told(&operation, &words!("took back", "已撤销"), outcome.commit.is_some(), ui);
    tell_outcome(&outcome, &session, context, ui)
}

/// Does one again.
pub fn run_redo(request: &UndoRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let operation = match &request.operation {
        Some(text) => find(&session, text)?,
        None => last_undone(&session)?,
    };
    let outcome = redo(&session, &operation)?;
    told(&operation, &words!("did again", "已重做"), outcome.commit.is_some(), ui);
    tell_outcome(&outcome, &session, context, ui)
}

/// Lists them.
pub fn run_log(request: &OpLogRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let listed: Vec<Operation> = operations(&session)?.take(request.limit).collect::<Result<_>>()?;
    let all = || listed.iter().map(operation_json).collect::<Vec<_>>();
    let json = || json!({ "schema": "kehu.op-log", "version": 1, "operations": all() });
    let drawing = Drawing::Sheet(sheet(&listed, &session));
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    Ok(Exit::Done)
}

/// Says which operation it was.
fn told(operation: &Operation, done: &Words, is_done: bool, ui: &Ui) {
    if is_done {
        let what = Words::same(format!("{} ({})", operation.name, operation.commit.subject));
        ui.note(&Words::join([done, &what], " ", " "));
    }
}

fn sheet(listed: &[Operation], session: &Session) -> Sheet {
    let columns = vec![
        Column::of("at", "When", "时间", ColumnType::Moment),
        Column::text("author", "Who", "何人"),
        Column::text("operation", "Operation", "操作"),
        Column::text("subject", "What", "内容").weighing(Weight::Main),
        Column::text("standing", "Standing", "状态"),
    ];
    let mut sheet = Sheet::new("operations", Words::default(), columns);
    sheet.whole = true;
    sheet.rows = listed.iter().map(|one| row(one, session)).collect();
    sheet
}

fn row(operation: &Operation, session: &Session) -> Vec<Cell> {
    let commit = &operation.commit;
    let (key, words) = standing(operation);
    vec![
        Cell::Moment(commit.when.with_timezone(&session.now.timezone()).fixed_offset()),
        Cell::text(commit.on_behalf_of().unwrap_or(&commit.author_name)),
        Cell::text(&operation.name),
        Cell::text(&commit.subject),
        Cell::Label(key.to_string(), words),
    ]
}

fn standing(operation: &Operation) -> (&'static str, Words) {
    match operation.standing {
        Standing::Undone(_) => ("undone", words!("undone", "已撤销")),
        Standing::Done(commit) if commit != operation.commit.id => ("redone", words!("redone", "已重做")),
        Standing::Done(_) => ("done", Words::default()),
    }
}

fn operation_json(operation: &Operation) -> Json {
    let commit = &operation.commit;
    json!({
        "operation": operation.name,
        "commit": commit.id.to_string(),
        "at": commit.when.to_rfc3339(),
        "author": commit.author_name,
        "email": commit.author_email,
        "on_behalf_of": commit.on_behalf_of(),
        "subject": commit.subject,
        "standing": standing(operation).0,
        "undoes": commit.trailer(UNDONE),
        "redoes": commit.trailer(REDONE),
    })
}

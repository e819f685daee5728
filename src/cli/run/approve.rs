//! Approves opportunities, or lists those that wait.

use super::desk::{Delivery, Drawing, deliver, name_users, open, tell_findings};
use super::next::tell_step;
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::ApproveRequest;
use crate::ops::Session;
use crate::ops::approve::{Waiting, approve, waiting};
use crate::record::{Exit, Money, Record, Result, Words};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(request: &ApproveRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    if request.numbers.is_empty() {
        return list(&session, context, ui);
    }
    let (amount, note) = (request.amount.as_deref(), request.note.as_deref());
    let outcome = approve(&session, &request.numbers, amount, note)?;
    tell_step("approve", &outcome, &session, context, ui)
}

fn list(session: &Session, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let (waiting, findings) = waiting(session)?;
    if context.wants_numbers() {
        waiting.iter().try_for_each(|(record, _)| ui.print(record.number.as_str()))?;
        return Ok(tell_findings(&findings, ui));
    }
    let all = || waiting.iter().map(|(record, amount)| one(record, *amount)).collect::<Vec<_>>();
    let json = || json!({ "schema": "kehu.approvals", "version": 1, "waiting": all() });
    let mut sheet = sheet(&waiting);
    name_users(&mut sheet, "owner", session, context)?;
    let drawing = Drawing::Sheet(sheet);
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    if waiting.is_empty() && !context.wants_json() {
        ui.note(&words!("no opportunity waits for your approval", "没有等待您审批的商机"));
    }
    Ok(tell_findings(&findings, ui))
}

fn sheet(waiting: &[Waiting]) -> Sheet {
    let columns = vec![
        Column::text("number", "Number", "编号").weighing(Weight::Main),
        Column::text("name", "Opportunity", "商机名称").weighing(Weight::Main),
        Column::text("customer", "Customer", "客户"),
        Column::of("amount", "Amount", "金额", ColumnType::Money),
        Column::of("expected_on", "Expected close", "预计成交日期", ColumnType::Date),
        Column::text("owner", "Owner", "负责人"),
    ];
    let mut sheet = Sheet { whole: true, ..Sheet::new("approvals", Words::default(), columns) };
    sheet.rows.extend(waiting.iter().map(|(record, amount)| {
        vec![
            Cell::text(record.number.as_str()),
            Cell::maybe(record.text("name")),
            Cell::maybe(record.text("customer")),
            Cell::Money(*amount),
            record.date("expected_on").map_or(Cell::Empty, Cell::Date),
            Cell::maybe(record.text("owner")),
        ]
    }));
    sheet
}

fn one(record: &Record, amount: Money) -> Json {
    json!({
        "number": record.number.as_str(),
        "name": record.text("name"),
        "customer": record.text("customer"),
        "amount": amount.to_string(),
        "owner": record.text("owner"),
    })
}

//! Shows the pool, takes from it, gives back to it.

use super::desk::{Delivery, Drawing, deliver, name_users, open, refuse_output, tell_findings, tell_outcome};
use super::next::tell_step;
use crate::cli::context::Context;
use crate::cli::ui::Ui;
use crate::cli::word::PoolRequest;
use crate::ops::Session;
use crate::ops::pool::{Pooled, Recycled, claim, list, recycle, release};
use crate::record::{Exit, Kind, Lang, Record, Result, Words};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(request: &PoolRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    match request {
        PoolRequest::List(kind) => run_list(*kind, &session, context, ui),
        PoolRequest::Claim(records) => tell_step("pool claim", &claim(&session, records)?, &session, context, ui),
        PoolRequest::Release { records, reason } => {
            tell_outcome(&release(&session, records, reason)?, &session, context, ui)
        }
        PoolRequest::Recycle { expect } => run_recycle(*expect, &session, context, ui),
    }
}

fn run_list(kind: Option<Kind>, session: &Session, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let (pooled, findings) = list(session, kind)?;
    if context.wants_numbers() {
        pooled.iter().try_for_each(|one| ui.print(one.record.number.as_str()))?;
        return Ok(tell_findings(&findings, ui));
    }
    let lang = ui.lang;
    let all = || pooled.iter().map(|one| pooled_json(one, lang)).collect::<Vec<_>>();
    let json = || json!({ "schema": "kehu.pool", "version": 1, "records": all() });
    let mut sheet = pooled_sheet(&pooled, session);
    name_users(&mut sheet, "previous_owner", session, context)?;
    if context.wants_table() {
        sheet.drop_empty_columns();
    }
    let drawing = Drawing::Sheet(sheet);
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    if pooled.is_empty() && !context.wants_json() {
        ui.note(&words!("the pool is empty", "公海中没有记录"));
    }
    Ok(tell_findings(&findings, ui))
}

fn run_recycle(expect: Option<usize>, session: &Session, context: &Context, ui: &mut Ui) -> Result<Exit> {
    refuse_output(context, ui)?;
    let (recycled, outcome) = recycle(session, expect)?;
    outcome.warnings.iter().for_each(|warning| ui.warn(warning));
    if context.wants_numbers() {
        recycled.iter().try_for_each(|one| ui.print(one.record.number.as_str()))?;
        return Ok(Exit::Done);
    }
    let all = || recycled.iter().map(recycled_json).collect::<Vec<_>>();
    let (dry_run, commit) = (context.dry_run, &outcome.commit);
    let json =
        || json!({ "schema": "kehu.recycle", "version": 1, "dry_run": dry_run, "commit": commit, "records": all() });
    let mut sheet = recycled_sheet(&recycled);
    name_users(&mut sheet, "owner", session, context)?;
    let drawing = Drawing::Sheet(sheet);
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    if dry_run {
        ui.note(&words!("nothing was written (`--dry-run`)", "未写入任何内容（`--dry-run`）"));
    } else if commit.is_none() {
        ui.note(&words!("nothing changed", "没有变化"));
    }
    Ok(Exit::Done)
}

/// Returns the columns that tell which record it is.
fn record_columns() -> Vec<Column> {
    let name = Column::text("name", "Name", "名称").weighing(Weight::Main);
    let kind = Column::text("kind", "Kind", "类别").weighing(Weight::Spare);
    vec![Column::text("number", "Number", "编号"), kind, name]
}

fn record_cells(record: &Record) -> Vec<Cell> {
    let kind = Cell::Label(record.kind.name.into(), record.kind.label.into());
    vec![Cell::text(record.number.as_str()), kind, Cell::text(record.title())]
}

fn pooled_sheet(pooled: &[Pooled], session: &Session) -> Sheet {
    let mut columns = record_columns();
    columns.extend([
        Column::text("region", "Region", "地区").weighing(Weight::Spare),
        Column::of("since", "Since", "进入日期", ColumnType::Date).weighing(Weight::Spare),
        Column::of("days", "Days", "天数", ColumnType::Integer),
        Column::text("why", "Why", "原因").weighing(Weight::Main),
        Column::text("previous_owner", "Previous owner", "原负责人"),
    ]);
    let mut sheet = Sheet::new("pool", Words::default(), columns);
    let today = session.now.date_naive();
    for one in pooled {
        let mut row = record_cells(&one.record);
        row.extend([
            Cell::maybe(one.record.text("region")),
            one.since.map_or(Cell::Empty, Cell::Date),
            one.since.map_or(Cell::Empty, |since| Cell::Integer((today - since).num_days())),
            Cell::Label(one.why.en.to_string(), one.why.clone()),
            Cell::maybe(one.past.as_ref().map(|past| past.login.as_str())),
        ]);
        sheet.rows.push(row);
    }
    sheet
}

fn pooled_json(one: &Pooled, lang: Lang) -> Json {
    json!({
        "number": one.record.number.as_str(),
        "kind": one.record.kind.name,
        "name": one.record.title(),
        "since": one.since.map(|day| day.to_string()),
        "why": one.why.get(lang),
        "previous_owner": one.past.as_ref().map(|past| &past.login),
        "owned_until": one.past.as_ref().map(|past| past.until.to_rfc3339()),
    })
}

fn recycled_sheet(recycled: &[Recycled]) -> Sheet {
    let mut columns = record_columns();
    columns.extend([
        Column::text("owner", "Owner until now", "原负责人"),
        Column::of("due", "Due on", "应退回日期", ColumnType::Date),
    ]);
    let mut sheet = Sheet::new("recycled", Words::default(), columns);
    for one in recycled {
        let mut row = record_cells(&one.record);
        row.extend([Cell::maybe(one.record.text("owner")), Cell::Date(one.due)]);
        sheet.rows.push(row);
    }
    sheet
}

fn recycled_json(one: &Recycled) -> Json {
    json!({
        "number": one.record.number.as_str(),
        "kind": one.record.kind.name,
        "name": one.record.title(),
        "previous_owner": one.record.text("owner"),
        "due": one.due.to_string(),
    })
}

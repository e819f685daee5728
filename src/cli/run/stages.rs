//! Shows the stages that opportunities went through.

use super::desk::{Delivery, Drawing, deliver, open};
use crate::cli::context::Context;
use crate::cli::noun::stages::StagesRequest;
use crate::cli::ui::Ui;
use crate::ops::Session;
use crate::ops::stages::{Step, history};
use crate::record::{Exit, Result, Words};
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use crate::words;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

/// Does it.
pub fn run(request: &StagesRequest, context: &Context, ui: &mut Ui) -> Result<Exit> {
    let session = open(context, ui)?;
    let steps = history(&session, &request.numbers)?;
    let all = || steps.iter().map(|step| one(step, &session)).collect::<Vec<_>>();
    let json = || json!({ "schema": "kehu.stages", "version": 1, "stages": all() });
    let drawing = Drawing::Sheet(sheet(&steps, &session));
    deliver(Delivery { now: session.now, excel: false, drawing, json: Some(&json), lines: Some(&all) }, context, ui)?;
    if steps.is_empty() && !context.wants_json() {
        ui.note(&words!("there is no opportunity", "没有商机"));
    }
    Ok(Exit::Done)
}

fn sheet(steps: &[Step], session: &Session) -> Sheet {
    let columns = vec![
        Column::text("number", "Opportunity", "商机").weighing(Weight::Main),
        Column::text("name", "Name", "商机名称").weighing(Weight::Spare),
        Column::text("from", "From", "原阶段"),
        Column::text("stage", "Stage", "阶段").weighing(Weight::Main),
        Column::of("since", "Since", "进入时间", ColumnType::Moment),
        Column::text("by", "By", "操作人"),
        Column::of("days", "Days", "停留天数", ColumnType::Decimal),
    ];
    let mut sheet = Sheet { whole: true, ..Sheet::new("stages", Words::default(), columns) };
    let label = |key: &str| {
        let words = session.config.dictionary.words("stage", key);
        Cell::Label(key.to_string(), words)
    };
    sheet.rows.extend(steps.iter().map(|step| {
        vec![
            Cell::text(&*step.number),
            Cell::text(&*step.name),
            step.stay.from.as_deref().map_or(Cell::Empty, label),
            label(&step.stay.stage),
            Cell::Moment(step.stay.since),
            Cell::text(step.done.author_name()),
            Cell::Decimal(days(step, session)),
        ]
    }));
    sheet
}

/// Returns the days of a stay, to the tenth.
fn days(step: &Step, session: &Session) -> Decimal {
    let minutes = step.stay.lasted(session.now.fixed_offset()).num_minutes();
    (Decimal::from(minutes) / Decimal::from(24 * 60)).round_dp(1)
}

fn one(step: &Step, session: &Session) -> Json {
    json!({
        "number": step.number,
        "name": step.name,
        "from": step.stay.from,
        "stage": step.stay.stage,
        "since": step.stay.since.to_rfc3339(),
        "until": step.stay.until.map(|until| until.to_rfc3339()),
        "days": days(step, session).to_string(),
        "by": step.done.author_name(),
        "commit": step.done.commit,
    })
}

//! What is due next of a record, as `kehu due` tells it.

use crate::ops::due::{AHEAD, when};
use crate::record::{Label, Record};
use crate::rules::Snapshot;
use crate::rules::cadence::is_open;
use crate::rules::due::{Task, rule_label, tasks};
use crate::rules::family::customer_of;
use crate::rules::references::SUBJECTS;
use crate::sheet::{Cell, Column, ColumnType, Sheet, Weight};
use chrono::Days;

/// How far the next thing is looked for, in days; quarterly visits are the rarest.
const FAR: Days = Days::new(366);

/// Returns what a record and what belongs to it call for: what `kehu due` lists without being asked for more, and where
/// that is nothing, the one thing that comes first.
pub fn tasks_of<'a>(record: &Record, snapshot: &'a Snapshot) -> Vec<Task<'a>> {
    let number = record.number.as_str();
    let is_its = |one: &Record| one.number == record.number || customer_of(one) == Some(number);
    let today = snapshot.as_of.today();
    let mut all = tasks(snapshot, today + FAR, is_its);
    let near = all.iter().filter(|task| task.due.at.date_naive() <= today + Days::new(AHEAD)).count();
    all.truncate(near.max(1));
    all
}

/// Returns the tasks as a sheet; nothing for a record that calls for nothing by its kind, or is done with.
pub fn sheet(record: &Record, snapshot: &Snapshot) -> Option<Sheet> {
    let tasks = tasks_of(record, snapshot);
    if tasks.is_empty() && !(SUBJECTS.contains(&record.kind) && is_open(record)) {
        return None;
    }
    let columns = vec![
        Column::text("group", "When", "时限"),
        Column::of("due", "Due", "到期", ColumnType::Date),
        Column::text("task", "What", "事项").weighing(Weight::Main),
        Column::text("number", "Number", "编号"),
        Column::text("rule", "Rule", "规则"),
    ];
    let mut sheet = Sheet::new("due", Label::new("Due next", "待办").into(), columns);
    sheet.rows = tasks.iter().map(|task| row(task, snapshot)).collect();
    if tasks.iter().all(|task| task.record.number == record.number) {
        sheet.keep_columns(|at| at != 3);
    }
    Some(sheet)
}

fn row(task: &Task<'_>, snapshot: &Snapshot) -> Vec<Cell> {
    let due = &task.due;
    vec![
        when(task.group(snapshot.as_of.moment), due),
        if due.whole_day { Cell::Date(due.at.date_naive()) } else { Cell::Moment(due.at.fixed_offset()) },
        Cell::Label(due.label.en.to_string(), due.label.clone()),
        Cell::text(task.record.number.as_str()),
        Cell::Label(due.rule.into(), rule_label(due.rule)),
    ]
}

//! How long opportunities stayed in each stage.

use super::path::Path;
use crate::record::Label;
use crate::report::average::{median, rounded};
use crate::report::view::View;
use crate::rules::stay::Stay;
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use crate::words;
use chrono::TimeDelta;
use rust_decimal::Decimal;

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// Returns, for each stage of open opportunities, how often and how long they stayed there and how long they are there now.
pub fn in_stages(view: &View<'_>, paths: &[Path<'_>]) -> Sheet {
    let column = |key: &str, en, zh, ty| Column::of(key, en, zh, ty);
    let columns = vec![
        Column::text("stage", "Stage", "阶段"),
        column("stays", "Stays", "停留次数", ColumnType::Integer),
        column("ended", "Ended", "已结束", ColumnType::Integer),
        column("median_days", "Median days", "中位天数", ColumnType::Decimal),
        column("now", "Now", "当前", ColumnType::Integer),
        column("now_days", "Days so far", "已停留天数", ColumnType::Decimal),
    ];
    let mut sheet = Sheet::new("stays", Label::new("Days in stage", "阶段停留").into(), columns);
    if view.stays.is_none() {
        sheet.notes.push(words!("the history was not looked up", "未查询历史"));
        return sheet;
    }
    let opportunities = paths.iter().flat_map(|path| &path.opportunities);
    let all: Vec<&Stay> = opportunities.flat_map(|one| view.stays_of(one)).collect();
    let now = view.snapshot.as_of.moment.fixed_offset();
    for stage in &view.snapshot.config.stages.list {
        let here = || all.iter().filter(|stay| stay.stage == stage.key);
        if matches!(stage.key.as_str(), "won" | "lost") || here().next().is_none() {
            continue;
        }
        let lengths = |is_ended: bool| {
            let of = here().filter(|stay| stay.until.is_some() == is_ended);
            of.map(|stay| stay.lasted(now)).collect::<Vec<TimeDelta>>()
        };
        let (ended, open) = (lengths(true), lengths(false));
        sheet.rows.push(vec![
            Cell::Label(stage.key.as_str().into(), stage.label.clone()),
            Cell::count(ended.len() + open.len()),
            Cell::count(ended.len()),
            days(&ended),
            Cell::count(open.len()),
            days(&open),
        ]);
    }
    sheet
}

/// Makes a cell of the median length, in days.
fn days(lengths: &[TimeDelta]) -> Cell {
    let mut seconds: Vec<i64> = lengths.iter().map(TimeDelta::num_seconds).collect();
    seconds.sort_unstable();
    rounded(median(&seconds).map(|median| median / Decimal::from(DAY)))
}

//! `quality` (数据质量): how complete, right, unique and fresh the records are. DOMAIN: analysis, data quality.
//!
//! Decides which goal is whose: 95 % for completeness, 98 % for validity, 99 % for uniqueness. Formats are
//! those of [`read_value`](crate::record::input::read_value), duplicates those of `rules::dedupe`, so that they mean the same everywhere.

mod fields;

use super::Report;
use super::view::View;
use crate::record::{CUSTOMER, KINDS, Kind, LEAD, Label, Record, Words, table_fields};
use crate::rules::cadence::{is_open, touched_on};
use crate::rules::dedupe::exact_keys;
use crate::sheet::{Cell, Column, ColumnType, Sheet};
use chrono::{Months, NaiveDate};
use fields::{Faults, FieldPlace, Fields, Tally, inspect};
use rayon::prelude::*;
use rust_decimal::Decimal;
use std::collections::HashSet;

/// The report.
pub const REPORT: Report = Report {
    name: "quality",
    title: Label::new("Data quality", "数据质量"),
    about: Label::new(
        "Completeness, validity, uniqueness, known values and freshness per kind, against the goals",
        "各类记录的完整、有效、唯一、取值与更新情况及达标与否",
    ),
    filters: LEAD,
    unit: None,
    wants_stays: false,
    as_of_end: false,
    definition: &[
        Label::new(
            "Complete: required fields that are filled ÷ required fields, phone and e-mail both counted, of won customers \
             those of the cooperation too. Goal 95 %.",
            "完整：已填必填项 ÷ 全部必填项，电话与邮箱各计一项，成交客户另计合作情况各项。目标 95%。",
        ),
        Label::new(
            "Valid: values in the right format ÷ values of fields that have one. Goal 98 %.",
            "有效：格式正确的值 ÷ 有格式要求的值。目标 98%。",
        ),
        Label::new(
            "Unique: records that share no exact key (credit code, phone, e-mail, company and region) with an earlier \
             number of their kind ÷ records. Goal 99 %.",
            "唯一：与同类较早编号没有相同关键信息（信用代码、电话、邮箱、公司及地区）的记录 ÷ 全部记录。目标 99%。",
        ),
        Label::new(
            "Known: values their dictionary knows ÷ values of dictionary fields; tags are free.",
            "取值：字典已有的值 ÷ 字典字段的值；标签不限。",
        ),
        Label::new(
            "Fresh: open leads and customers not churned that were acquired, assigned, verified or followed up within a \
             month before the day of the report ÷ all such.",
            "更新：报表日前一个月内有获取、分配、核实或跟进的在手线索与未流失客户 ÷ 全部此类记录。",
        ),
        Label::new(
            "With a period: leads and customers acquired and follow-ups made in it; other records have no day.",
            "指定期间时：仅含期间内获取的线索与客户及期间内的跟进；其他记录没有日期。",
        ),
    ],
    sheets,
};

/// What is measured: its key, its name, and the per cent to reach.
static MEASURES: [(&str, Label, Option<i64>); 5] = [
    ("complete", Label::new("Complete", "完整"), Some(95)),
    ("valid", Label::new("Valid", "有效"), Some(98)),
    ("unique", Label::new("Unique", "唯一"), Some(99)),
    ("known", Label::new("Known", "取值"), None),
    ("fresh", Label::new("Fresh", "更新"), None),
];

fn sheets(view: &View<'_>) -> Vec<Sheet> {
    let kind = || Column::text("kind", "Kind", "类型");
    let mut measures = Sheet::new(
        "measures",
        Label::new("Measures", "指标").into(),
        vec![
            kind(),
            Column::text("measure", "Measure", "指标"),
            Column::of("checked", "Checked", "检查", ColumnType::Integer),
            Column::of("good", "Good", "合格", ColumnType::Integer),
            Column::of("rate", "Rate", "比率", ColumnType::Ratio),
            Column::of("goal", "Goal", "目标", ColumnType::Ratio),
            Column::text("met", "Met", "达标"),
        ],
    );
    let mut fields = Sheet::new(
        "fields",
        Label::new("Fields with faults", "有问题的字段").into(),
        vec![
            kind(),
            Column::text("field", "Field", "字段"),
            Column::of("missing", "Missing", "缺失", ColumnType::Integer),
            Column::of("malformed", "Malformed", "格式错误", ColumnType::Integer),
            Column::of("unknown", "Unknown", "未知值", ColumnType::Integer),
        ],
    );
    for kind in KINDS {
        let records = view.records(kind);
        if !records.is_empty() {
            let found = inspect(&records, view.snapshot);
            measures.rows.extend(measure_rows(view, kind, &records, &found));
            fields.rows.extend(found.faults.iter().map(|(place, faults)| fault_row(kind, *place, faults)));
        }
    }
    vec![measures, fields]
}

/// Returns a row for each measure that applies to the kind.
fn measure_rows(view: &View<'_>, kind: Kind, records: &[&Record], found: &Fields) -> Vec<Vec<Cell>> {
    let owned = [LEAD, CUSTOMER].contains(&kind);
    let unique = if owned { unique(records) } else { Tally::default() };
    let fresh = if owned { fresh(view, records) } else { Tally::default() };
    let tallies = [found.complete, found.valid, unique, found.known, fresh];
    let rows = MEASURES.iter().zip(tallies).filter(|(_, tally)| tally.checked > 0);
    rows.map(|((key, label, goal), tally)| {
        measure_row(kind, key, *label, goal.map(|goal| Decimal::new(goal, 2)), tally)
    })
    .collect()
}

fn measure_row(kind: Kind, key: &str, label: Label, goal: Option<Decimal>, tally: Tally) -> Vec<Cell> {
    let rate = Decimal::from(tally.good) / Decimal::from(tally.checked.max(1));
    vec![
        kind_cell(kind),
        Cell::Label(key.into(), label.into()),
        Cell::count(tally.checked),
        Cell::count(tally.good),
        Cell::share(tally.good, tally.checked),
        goal.map_or(Cell::Empty, Cell::Ratio),
        goal.map_or(Cell::Empty, |goal| Cell::Flag(rate >= goal)),
    ]
}

fn fault_row(kind: Kind, (at, inside): FieldPlace, faults: &Faults) -> Vec<Cell> {
    let field = &kind.fields[usize::from(at)];
    let (key, label) = match inside.and_then(|inside| table_fields(field)?.get(usize::from(inside))) {
        None => (field.key.to_string(), field.label.into()),
        Some(inner) => {
            let words = [Words::from(field.label), Words::from(inner.label)];
            (format!("{}.{}", field.key, inner.key), Words::join(&words, ": ", "："))
        }
    };
    vec![
        kind_cell(kind),
        Cell::Label(key, label),
        Cell::count(faults.missing),
        Cell::count(faults.malformed),
        Cell::count(faults.unknown),
    ]
}

fn kind_cell(kind: Kind) -> Cell {
    Cell::Label(kind.name.into(), kind.label.into())
}

/// Counts the records that share no exact key with an earlier one.
fn unique(records: &[&Record]) -> Tally {
    let keys: Vec<_> = records.par_iter().map(|record| exact_keys(record)).collect();
    let mut seen = HashSet::new();
    Tally::of(keys.into_iter().map(|keys| {
        let repeats = keys.iter().any(|key| seen.contains(key));
        seen.extend(keys);
        !repeats
    }))
}

/// Counts the open leads and kept customers that were touched within a month.
fn fresh(view: &View<'_>, records: &[&Record]) -> Tally {
    let since = view.snapshot.as_of.today().checked_sub_months(Months::new(1)).unwrap_or(NaiveDate::MIN);
    let touched = records.iter().filter(|record| is_open(record)).map(|record| touched_on(record, view.snapshot));
    Tally::of(touched.map(|day| day.is_some_and(|day| day >= since)))
}

#[cfg(test)]
mod tests;

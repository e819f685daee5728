//! The target (业绩目标): what a person, a department or the company is to sell and to receive in a year, by month.
//! DOMAIN: analysis.
//!
//! One file per year and whom: two people who set the same target meet in git instead of doubling it. Quarters and years
//! are sums of months, and not stored.

use super::field::{Field, FieldType as T};
use super::kind::{Kind, KindDef, Numbering};
use super::words::Label;

/// The kind `target`.
pub const TARGET: Kind = Kind::new(&DEF);

static DEF: KindDef = KindDef {
    name: "target",
    folder: "targets",
    label: Label::new("Target", "业绩目标"),
    aliases: &["targets", "目标", "业绩目标"],
    numbering: Numbering::Given,
    fields: FIELDS,
    title: "remark",
    initial: &[],
    columns: &["number", "period", "scope", "user", "department", "sales", "receipts"],
};

/// What is to be reached in a month.
pub const MONTH: &[Field] = &[
    Field::new("month", T::Integer, "Month", "月份").required().identity().about("1 to 12", "1 到 12"),
    Field::new("sales", T::Money, "Sales", "销售目标").about("Amount to be won", "成交金额"),
    Field::new("receipts", T::Money, "Receipts", "回款目标").about("Money to be received", "收款金额"),
];

const FIELDS: &[Field] = &[
    Field::new("year", T::Integer, "Year", "年度").required(),
    Field::new("scope", T::Key("target_scope"), "Of", "目标层级").required(),
    Field::new("user", T::Reference("user"), "User", "人员").about("Of a person", "个人目标的人员"),
    Field::new("department", T::Text, "Department", "部门").about("Of a department", "部门目标的部门"),
    Field::new("remark", T::Text, "Remark", "备注").aliases(&["说明"]),
    Field::new("months", T::Table(MONTH), "Months", "各月目标"),
    super::conflict::FIELD,
];

//! The review (复盘) of an opportunity that was won or lost: what it came of, and the lesson. DOMAIN: conversion and opportunity.
//!
//! Whether it was won is the opportunity's to say, and not repeated here.

use super::field::{Field, FieldType as T};
use super::kind::{Initial, Kind, KindDef, Numbering};
use super::words::Label;

/// The kind `review`.
pub const REVIEW: Kind = Kind::new(&DEF);

static DEF: KindDef = KindDef {
    name: "review",
    folder: "reviews",
    label: Label::new("Review", "复盘"),
    aliases: &["reviews", "复盘"],
    numbering: Numbering::Sequence,
    fields: FIELDS,
    title: "lesson",
    initial: &[("reviewed_on", Initial::Today), ("owner", Initial::Actor)],
    columns: &["number", "opportunity", "factors", "lesson", "reviewed_on", "owner"],
};

const FIELDS: &[Field] = &[
    Field::new("opportunity", T::Reference("opportunity"), "Opportunity", "商机")
        .aliases(&["商机编号", "复盘商机"])
        .required(),
    Field::new("factors", T::Texts, "Factors", "成败因素")
        .aliases(&["成功因素", "失败因素", "关键因素"])
        .about("What it was won or lost by", "成交或失败的原因")
        .required(),
    Field::new("lesson", T::Text, "Lesson", "经验教训").aliases(&["经验", "教训", "复盘结论"]).required(),
    Field::new("actions", T::Text, "What to do", "改进措施").aliases(&["后续改进", "行动项"]),
    Field::new("reviewed_on", T::Date, "Reviewed on", "复盘日期").required(),
    Field::new("owner", T::Reference("user"), "Reviewed by", "复盘人").aliases(&["负责人"]).required(),
    Field::new("tags", T::Keys("tag"), "Tags", "标签"),
    super::conflict::FIELD,
];

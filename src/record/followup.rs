//! The follow-up (跟进记录): one interaction that took place. DOMAIN: follow-up and cadence.

use super::field::{Field, FieldType as T};
use super::kind::{Initial, Kind, KindDef, Numbering};
use super::words::Label;

/// The kind `followup`.
pub const FOLLOWUP: Kind = Kind::new(&DEF);

static DEF: KindDef = KindDef {
    name: "followup",
    folder: "followups",
    label: Label::new("Follow-up", "跟进记录"),
    aliases: &["followups", "follow-up", "跟进"],
    numbering: Numbering::Event,
    fields: FIELDS,
    title: "points",
    initial: &[("at", Initial::Now), ("author", Initial::Actor), ("logged_at", Initial::Now)],
    columns: &["number", "subject", "method", "points", "next_on", "author"],
};

const FIELDS: &[Field] = &[
    Field::new("at", T::Moment, "At", "跟进时间")
        .aliases(&[
            "时间",
            "日期",
            "跟进日期",
            "沟通时间",
            "最近沟通时间",
            "拜访时间",
            "Time",
            "Date",
            "Call Start Time",
        ])
        .required(),
    Field::new("subject", T::Subject, "Subject", "跟进对象")
        .aliases(&[
            "对象编号",
            "线索编号",
            "客户编号",
            "编号",
            "Related To",
            "Lead Number",
            "跟进客户",
            "客户名称",
            "公司名称",
            "线索名称",
            "客户",
            "公司",
            "线索",
            "Company",
            "Company Name",
            "Customer",
            "Account Name",
            "Lead",
        ])
        .about("Number of the lead, customer or opportunity", "线索、客户或商机的编号")
        .required(),
    Field::new("contact", T::Text, "Contact", "联系人").aliases(&["沟通对象", "Contact Name"]).sensitive(),
    Field::new("method", T::Key("followup_method"), "Method", "跟进方式")
        .aliases(&["方式", "沟通方式", "联系方式", "Type", "Call Type"])
        .required(),
    Field::new("outcome", T::Key("outcome"), "Outcome", "跟进结果").aliases(&[
        "结果",
        "沟通结果",
        "Result",
        "Call Result",
    ]),
    Field::new("points", T::Text, "Points", "沟通要点")
        .aliases(&["沟通内容", "跟进内容", "内容", "要点", "Content", "Notes", "Description"])
        .required(),
    Field::new("feedback", T::Text, "Customer feedback", "客户反馈").aliases(&["反馈", "Feedback"]),
    Field::new("objection", T::Text, "Objection", "客户异议").aliases(&["异议"]),
    Field::new("handling", T::Text, "Objection handling", "异议处理").aliases(&["处理方式"]),
    Field::new("next_action", T::Text, "Next action", "下一步行动").aliases(&["下一步", "下一步计划", "Next Step"]),
    Field::new("next_on", T::Date, "Next date", "下次跟进日期").aliases(&[
        "下次跟进时间",
        "下次联系时间",
        "Next Follow-up",
        "Next Date",
    ]),
    Field::new("no_next", T::Text, "No next action because", "无下一步原因"),
    Field::new("author", T::Reference("user"), "Author", "跟进人")
        .aliases(&["记录人", "负责人", "业务员", "销售", "Call Owner", "Owner"])
        .required(),
    Field::new("logged_at", T::Moment, "Logged at", "登记时间")
        .about("Moment of entry; more than 24 h after `at` is late", "录入时刻；晚于 `at` 24 小时以上为补录"),
    super::conflict::FIELD,
];

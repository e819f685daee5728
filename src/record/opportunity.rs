//! The opportunity (商机): a possible deal with amount, stage and expected close. DOMAIN: conversion and opportunity.
//!
//! Stages and reasons are those of `config/stages.toml`. Stages it was in before, and for how long, are not stored: git
//! knows.

use super::customer::ATTACHMENT;
use super::field::{Field, FieldType as T};
use super::kind::{Initial, Kind, KindDef, Numbering};
use super::user::OWNER_NAMES;
use super::words::Label;

/// The kind `opportunity`.
pub const OPPORTUNITY: Kind = Kind::new(&DEF);

static DEF: KindDef = KindDef {
    name: "opportunity",
    folder: "opportunities",
    label: Label::new("Opportunity", "商机"),
    aliases: &["opportunities", "opp", "商机"],
    numbering: Numbering::Sequence,
    fields: FIELDS,
    title: "name",
    initial: &[("stage", Initial::First), ("opened_on", Initial::Today), ("owner", Initial::Actor)],
    columns: &["number", "name", "customer", "stage", "amount", "weighted", "expected_on", "owner"],
};

/// A manager's word that it may be won for an amount (审批).
pub const APPROVAL: &[Field] = &[
    Field::new("at", T::Moment, "Approved at", "审批时间").required(),
    Field::new("by", T::Reference("user"), "Approved by", "审批人").required(),
    Field::new("amount", T::Money, "Up to", "批准金额")
        .about("What is won for more wants another approval", "成交金额更高时须重新审批")
        .required(),
    Field::new("currency", T::Currency, "Currency", "币种")
        .about("Where it is another than that of kehu.toml", "与 kehu.toml 的币种不同时填写"),
    Field::new("note", T::Text, "Note", "审批意见"),
];

const FIELDS: &[Field] = &[
    Field::new("stage", T::Key("stage"), "Stage", "阶段")
        .aliases(&["商机阶段", "销售阶段", "当前阶段", "Sales Stage", "Deal Stage", "Opportunity Stage"])
        .about("One of config/stages.toml", "config/stages.toml 中的一个")
        .required(),
    Field::new("name", T::Text, "Opportunity", "商机名称")
        .aliases(&["名称", "项目名称", "交易名称", "Opportunity Name", "Deal Name", "Name"])
        .required(),
    Field::new("customer", T::Reference("customer"), "Customer", "客户")
        .aliases(&["客户编号", "所属客户", "客户名称", "公司名称", "Customer Number", "Account Name", "Company"])
        .about("Number or name of the customer", "客户的编号或名称")
        .required(),
    Field::new("lead", T::Reference("lead"), "Lead", "来源线索")
        .aliases(&["线索编号", "Lead Number"])
        .about("The lead it was converted from", "由哪条线索转化而来"),
    Field::new("amount", T::Money, "Amount", "金额").aliases(&[
        "商机金额",
        "预计金额",
        "预计成交金额",
        "Deal Amount",
        "Expected Revenue",
    ]),
    Field::new("currency", T::Currency, "Currency", "币种")
        .about("ISO 4217; that of kehu.toml when absent", "ISO 4217；缺省为 kehu.toml 的币种"),
    Field::new("expected_on", T::Date, "Expected close", "预计成交日期").aliases(&[
        "预计成交时间",
        "预计签约日期",
        "Expected Close Date",
        "Close Date",
        "Closing Date",
    ]),
    Field::new("probability", T::Integer, "Probability", "成交概率")
        .aliases(&["概率", "赢率", "赢单率", "赢单概率", "Probability (%)"])
        .about(
            "Per cent, instead of the stage's; wants `probability_reason`",
            "百分数，替代阶段的概率；须写明 `probability_reason`",
        ),
    Field::new("probability_reason", T::Text, "Reason of the probability", "概率调整原因"),
    Field::new("products", T::Texts, "Products", "产品").aliases(&["产品/服务", "意向产品", "Product"]),
    Field::new("competitors", T::Texts, "Competitors", "竞争对手").aliases(&["竞品", "竞争者", "Competitor"]),
    Field::new("service_period", T::Text, "Service period", "服务周期")
        .aliases(&["服务期限", "交付周期"])
        .about("Such as `2026-05 to 2027-04`", "例如 `2026年5月至2027年4月`"),
    Field::new("payment_terms", T::Text, "Payment terms", "付款条件").aliases(&["付款方式", "付款条款"]),
    Field::new("customer_confirmed", T::Flag, "Customer confirmed", "客户已确认履约")
        .aliases(&["履约确认", "客户确认"])
        .about("The customer has confirmed that what was promised is delivered", "客户已确认约定内容得到履行"),
    Field::new("actual_amount", T::Money, "Actual amount", "实际成交金额")
        .aliases(&["成交金额", "成交额", "Close Value", "Won Amount"])
        .about("What it was won for", "最终成交的金额"),
    Field::new("contract_number", T::Text, "Contract number", "合同编号")
        .aliases(&["合同号"])
        .about("That of the paper, where the contract is not kept here", "合同未在此建档时，填写纸质合同号"),
    Field::new("materials_waived", T::Text, "Materials waived because", "免材料原因").about(
        "Why it may be in its stage without its materials: a deal from before; a manager's to say",
        "缺少阶段材料仍可处于该阶段的原因，例如历史商机；由主管填写",
    ),
    Field::new("next_step", T::Text, "Next step", "下一步").aliases(&["下一步计划"]),
    Field::new("opened_on", T::Date, "Opened on", "立项日期").aliases(&["商机创建日期", "商机日期", "Created Date"]),
    Field::new("owner", T::Reference("user"), "Owner", "负责人").aliases(OWNER_NAMES).required(),
    Field::new("assigned_at", T::Moment, "Assigned at", "分配时间").follows("owner"),
    Field::new("closed_on", T::Date, "Closed on", "关闭日期")
        .aliases(&["成交日期", "关闭时间", "赢单日期", "Closed Date"])
        .about("The day it was won or lost", "成交或失败的日期")
        .follows("stage"),
    Field::new("lost_stage", T::Key("stage"), "Lost in stage", "失败阶段")
        .about("The stage it was in before it was lost", "失败前所处的阶段")
        .follows("stage"),
    Field::new("lost_reason", T::Key("lost_reason"), "Lost because", "失败原因")
        .aliases(&["输单原因", "丢单原因", "Lost Reason", "Loss Reason"])
        .follows("stage"),
    Field::new("lost_note", T::Text, "Note on the loss", "失败说明").follows("lost_reason"),
    Field::new("remark", T::Text, "Remark", "备注").aliases(&["说明", "Remarks", "Notes", "Description"]),
    Field::new("approvals", T::Table(APPROVAL), "Approvals", "审批记录"),
    Field::new("attachments", T::Table(ATTACHMENT), "Attachments", "附件"),
    super::conflict::FIELD,
];

//! The contract (合同): the signed deal, its payment plan and what was received of it. DOMAIN: conversion and opportunity.
//!
//! The status stored is what people decided (draft, signed, terminated); whether a signed one runs or has ended follows
//! from its days. What of the plan is paid follows from the receipts, in the order of due days: neither is stored.

use super::customer::ATTACHMENT;
use super::field::{Field, FieldType as T};
use super::kind::{Initial, Kind, KindDef, Numbering};
use super::user::OWNER_NAMES;
use super::words::Label;

/// The kind `contract`.
pub const CONTRACT: Kind = Kind::new(&DEF);

static DEF: KindDef = KindDef {
    name: "contract",
    folder: "contracts",
    label: Label::new("Contract", "合同"),
    aliases: &["contracts", "con", "合同"],
    numbering: Numbering::Sequence,
    fields: FIELDS,
    title: "name",
    initial: &[("status", Initial::Literal("draft")), ("owner", Initial::Actor)],
    columns: &["number", "name", "customer", "standing", "amount", "signed_on", "end_on", "owner"],
};

/// An instalment of the payment plan (付款计划).
pub const INSTALMENT: &[Field] = &[
    Field::new("name", T::Text, "Instalment", "款项").required().identity().about("Such as `deposit`", "例如 `预付款`"),
    Field::new("amount", T::Money, "Amount", "应收金额").required(),
    Field::new("due_on", T::Date, "Due on", "应收日期").required(),
];

/// Money received (收款).
pub const RECEIPT: &[Field] = &[
    Field::new("received_on", T::Date, "Received on", "收款日期").required(),
    Field::new("amount", T::Money, "Amount", "收款金额")
        .required()
        .about("Negative for money paid back", "退款记为负数"),
    Field::new("reference", T::Text, "Reference", "收款凭证号").about("The bank's number of it", "银行流水号等"),
    Field::new("note", T::Text, "Note", "收款说明"),
    Field::new("noted_at", T::Moment, "Noted at", "登记时间").own(),
];

const FIELDS: &[Field] = &[
    Field::new("status", T::Key("contract_status"), "Status", "状态")
        .aliases(&["合同状态", "Contract Status"])
        .required(),
    Field::new("name", T::Text, "Contract", "合同名称").aliases(&["合同标题", "Contract Name", "Name"]).required(),
    Field::new("customer", T::Reference("customer"), "Customer", "客户")
        .aliases(&["客户编号", "所属客户", "客户名称", "甲方", "Customer Number", "Account Name"])
        .about("Number or name of the customer", "客户的编号或名称")
        .required(),
    Field::new("opportunity", T::Reference("opportunity"), "Opportunity", "商机").aliases(&["商机编号"]),
    Field::new("renews", T::Reference("contract"), "Renews", "续签自")
        .aliases(&["原合同编号", "Renewal Of"])
        .about("The contract it goes on from", "由哪份合同续签而来"),
    Field::new("external_number", T::Text, "Number on paper", "纸质合同号")
        .aliases(&["外部合同号", "External Number", "Contract Number"])
        .about("Where the paper bears another number than the record", "纸质合同上的编号与档案编号不同时填写"),
    Field::new("amount", T::Money, "Amount", "合同金额").aliases(&["金额", "合同总额", "Contract Amount"]).required(),
    Field::new("currency", T::Currency, "Currency", "币种")
        .about("ISO 4217; that of kehu.toml when absent", "ISO 4217；缺省为 kehu.toml 的币种"),
    Field::new("products", T::Texts, "Products", "产品").aliases(&["产品/服务", "标的", "Product"]),
    Field::new("service_period", T::Text, "Service period", "服务周期").aliases(&["服务期限", "交付周期"]),
    Field::new("payment_terms", T::Text, "Payment terms", "付款条件").aliases(&["付款方式", "付款条款"]),
    Field::new("signed_on", T::Date, "Signed on", "签订日期").aliases(&["签约日期", "签署日期", "Signed Date"]),
    Field::new("start_on", T::Date, "Starts on", "开始日期").aliases(&["生效日期", "合同开始日期", "Start Date"]),
    Field::new("end_on", T::Date, "Ends on", "结束日期")
        .aliases(&["到期日期", "到期日", "合同到期日期", "End Date"])
        .about("The last day", "最后一天"),
    Field::new("renewal_on", T::Date, "Renewal", "续约日期")
        .aliases(&["续签日期", "Renewal Date"])
        .about("The day after the last when absent", "缺省为结束日期的次日"),
    Field::new("terminated_on", T::Date, "Terminated on", "终止日期").aliases(&["解约日期"]),
    Field::new("termination_reason", T::Text, "Reason of termination", "终止原因").aliases(&["解约原因"]),
    Field::new("owner", T::Reference("user"), "Owner", "负责人").aliases(OWNER_NAMES).required(),
    Field::new("assigned_at", T::Moment, "Assigned at", "分配时间").follows("owner"),
    Field::new("template", T::Text, "Template", "合同模板")
        .about("The file it was made from", "生成合同所用的模板文件"),
    Field::new("remark", T::Text, "Remark", "备注").aliases(&["说明", "Remarks", "Notes", "Description"]),
    Field::new("plan", T::Table(INSTALMENT), "Payment plan", "付款计划"),
    Field::new("receipts", T::Table(RECEIPT), "Receipts", "收款记录"),
    Field::new("attachments", T::Table(ATTACHMENT), "Attachments", "附件"),
    super::conflict::FIELD,
];

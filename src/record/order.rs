//! The order (订单): a transaction, entered or imported from an ERP or a shop. DOMAIN: conversion and opportunity.

use super::field::{Field, FieldType as T};
use super::kind::{Initial, Kind, KindDef, Numbering};
use super::user::OWNER_NAMES;
use super::words::Label;

/// The kind `order`.
pub const ORDER: Kind = Kind::new(&DEF);

static DEF: KindDef = KindDef {
    name: "order",
    folder: "orders",
    label: Label::new("Order", "订单"),
    aliases: &["orders", "订单"],
    numbering: Numbering::Sequence,
    fields: FIELDS,
    title: "external_number",
    initial: &[("ordered_on", Initial::Today), ("owner", Initial::Actor)],
    columns: &["number", "external_number", "customer", "ordered_on", "amount", "owner"],
};

/// A line of an order (订单明细).
pub const LINE: &[Field] = &[
    Field::new("product", T::Text, "Product", "产品")
        .aliases(&[
            "商品",
            "品名",
            "产品名称",
            "商品名称",
            "货品",
            "货品名称",
            "物料名称",
            "Product Name",
            "Item",
            "Item Name",
        ])
        .required()
        .identity(),
    Field::new("quantity", T::Integer, "Quantity", "数量").aliases(&[
        "件数",
        "购买数量",
        "订购数量",
        "销售数量",
        "Qty",
        "Quantity Ordered",
    ]),
    Field::new("price", T::Money, "Unit price", "单价").aliases(&["Price", "销售单价", "含税单价", "成交单价"]),
    Field::new("amount", T::Money, "Amount", "小计").aliases(&[
        "金额",
        "明细金额",
        "行金额",
        "Line Total",
        "Subtotal",
        "Sub Total",
    ]),
];

const FIELDS: &[Field] = &[
    Field::new("external_number", T::Text, "Order number", "订单号")
        .aliases(&["外部订单号", "订单编号", "单号", "交易号", "Order No", "Order ID", "Invoice Number"])
        .about("That of the ERP or the shop; the same number is the same order", "ERP 或店铺的订单号；同号即同一订单")
        .required(),
    Field::new("customer", T::Reference("customer"), "Customer", "客户")
        .aliases(&["客户编号", "客户名称", "买家", "Customer Number", "Account Name"])
        .about("Number or name of the customer", "客户的编号或名称")
        .required(),
    Field::new("contract", T::Reference("contract"), "Contract", "合同").aliases(&["合同编号"]),
    Field::new("ordered_on", T::Date, "Ordered on", "下单日期")
        .aliases(&["订单日期", "日期", "下单时间", "交易日期", "Order Date", "Invoice Date"])
        .required(),
    Field::new("amount", T::Money, "Amount", "订单金额")
        .aliases(&["金额", "总金额", "合计", "实付金额", "Grand Total", "Total"])
        .required(),
    Field::new("currency", T::Currency, "Currency", "币种")
        .about("ISO 4217; that of kehu.toml when absent", "ISO 4217；缺省为 kehu.toml 的币种"),
    Field::new("owner", T::Reference("user"), "Owner", "负责人").aliases(OWNER_NAMES),
    Field::new("remark", T::Text, "Remark", "备注").aliases(&["说明", "Remarks", "Notes"]),
    Field::new("lines", T::Table(LINE), "Lines", "明细"),
    super::conflict::FIELD,
];

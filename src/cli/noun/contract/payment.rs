//! `kehu contract plan`, `kehu contract receive`

use super::{ContractRequest, maybe, one, request, verb};
use crate::cli::noun::{Verb, texts};
use crate::cli::speaker::value;
use crate::ops::contract::Receipt;
use crate::record::Label;

/// The verb `plan`.
pub const PLAN: Verb = Verb {
    about: Label::new("Show or replace the payment plan of a {noun}", "查看或重新填写{noun}的付款计划"),
    detail: Label::new(
        "An instalment is `NAME:AMOUNT:DATE`; the amount may be a share of the contract's (`30%`) or `rest`. Together they \
         come to the amount, to the cent. They replace the plan there was. Without instalments the plan is shown, with \
         what is paid of each: receipts pay what is due first.",
        "每期写作“名称:金额:日期”；金额可以是合同金额的百分比（`30%`）或“其余”。各期合计须等于合同金额，分毫不差，并替换原有计划。\
         不给出分期时显示计划及各期已收金额：收款按应收日期先后抵付。",
    ),
    examples: |_| {
        vec![
            Label::new(
                "kehu {kind} plan {num} deposit:30%:2026-05-10 balance:rest:2026-08-31",
                "kehu {kind} plan {num} 预付款:30%:2026-05-10 尾款:其余:2026-08-31",
            ),
            Label::new("kehu {kind} plan {num}", "kehu {kind} plan {num}"),
        ]
    },
    args: |_, s| {
        vec![
            s.position("number", value::NUM, "Which", "编号").required(true),
            s.positions(
                "items",
                Label::new("NAME:AMOUNT:DATE", "名称:金额:日期"),
                "The instalments; without any the plan is shown",
                "各期；省略则显示付款计划",
            ),
        ]
    },
    ..verb("plan", |_, matches| {
        let items = texts(matches, "items").map(String::from).collect();
        request(ContractRequest::Plan { number: one(matches, "number"), items })
    })
};

/// The verb `receive`.
pub const RECEIVE: Verb = Verb {
    about: Label::new("Note money received of a {noun}", "登记{noun}的收款"),
    detail: Label::new(
        "A negative amount is money paid back. The same reference is noted once. What is received beyond the amount is \
         kept, with a warning.",
        "负数为退款。同一收款凭证号只登记一次。超出合同金额的收款照常登记，并给出警告。",
    ),
    examples: |_| {
        vec![Label::new(
            "kehu {kind} receive {num} 36000 --on 2026-05-09 --reference 20260509-0017",
            "kehu {kind} receive {num} 3.6万 --on 2026-05-09 --reference 20260509-0017",
        )]
    },
    args: |_, s| {
        vec![
            s.position("number", value::NUM, "Which", "编号").required(true),
            s.position("amount", Label::new("AMOUNT", "金额"), "How much", "金额")
                .required(true)
                .allow_hyphen_values(true),
            s.option("on", value::DATE, "The day [default: today]", "收款日期 [默认：今天]"),
            s.option("reference", value::TEXT, "The bank's number of it", "银行流水号等"),
            s.option("note", value::TEXT, "What else there is to say", "收款说明"),
        ]
    },
    ..verb("receive", |_, matches| {
        let receipt = Receipt {
            amount: one(matches, "amount"),
            on: maybe(matches, "on"),
            reference: maybe(matches, "reference"),
            note: maybe(matches, "note"),
        };
        request(ContractRequest::Receive { number: one(matches, "number"), receipt })
    })
};

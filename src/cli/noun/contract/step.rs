//! `kehu contract sign`, `kehu contract terminate`, `kehu contract renew`

use super::{ContractRequest, maybe, one, request, verb};
use crate::cli::assign::parse_assignments;
use crate::cli::noun::{Verb, texts};
use crate::cli::speaker::value;
use crate::record::{CONTRACT, Label};
use clap::ArgAction;
use std::path::PathBuf;

/// The verb `sign`.
pub const SIGN: Verb = Verb {
    about: Label::new("Make a draft a signed {noun}", "将草案登记为已签订的{noun}"),
    detail: Label::new(
        "The plan must come to the amount, and has to from then on. The signed file is kept beside the record, with its \
         hash. Whether the contract runs or has ended follows from its days.",
        "付款计划合计须等于合同金额，此后亦然。签署的文件作为附件保存，并记录其哈希。合同是否履行中或已到期由起止日期得出。",
    ),
    examples: |_| {
        vec![Label::new(
            "kehu {kind} sign {num} --on 2026-05-01 --from 2026-05-01 --to 2027-04-30 --file ~/signed.pdf",
            "kehu {kind} sign {num} --on 2026-05-01 --from 2026-05-01 --to 2027-04-30 --file ~/合同扫描件.pdf",
        )]
    },
    args: |_, s| {
        vec![
            s.position("number", value::NUM, "Which", "编号").required(true),
            s.option("on", value::DATE, "The day it was signed [default: today]", "签订日期 [默认：今天]"),
            s.option("from", value::DATE, "Its first day", "开始日期"),
            s.option("to", value::DATE, "Its last day", "结束日期"),
            s.path("file", value::FILE, "The signed file; may be repeated", "签署的文件；可重复")
                .action(ArgAction::Append),
        ]
    },
    ..verb("sign", |_, matches| {
        let files = matches.get_many::<PathBuf>("file").into_iter().flatten().cloned().collect();
        let days = [maybe(matches, "from"), maybe(matches, "to")];
        request(ContractRequest::Sign { number: one(matches, "number"), on: maybe(matches, "on"), days, files })
    })
};

/// The verb `terminate`.
pub const TERMINATE: Verb = Verb {
    about: Label::new("End a {noun} before its last day", "提前终止{noun}"),
    detail: Label::new(
        "Instalments due by that day are still owed, later ones are not. A day to come is allowed: it runs until then.",
        "该日及之前到期的款项仍应收取，之后的不再应收。日期可以在将来：此前合同照常履行。",
    ),
    examples: |_| {
        vec![Label::new(
            "kehu {kind} terminate {num} --on 2026-09-30 --reason 'the customer closes the site'",
            "kehu {kind} terminate {num} --on 2026-09-30 --reason 客户关闭该厂区",
        )]
    },
    args: |_, s| {
        vec![
            s.position("number", value::NUM, "Which", "编号").required(true),
            s.option("on", value::DATE, "The day [default: today]", "终止日期 [默认：今天]"),
            s.option("reason", value::TEXT, "Why", "原因").required(true),
        ]
    },
    ..verb("terminate", |_, matches| {
        let (on, reason) = (maybe(matches, "on"), one(matches, "reason"));
        request(ContractRequest::Terminate { number: one(matches, "number"), on, reason })
    })
};

/// The verb `renew`.
pub const RENEW: Verb = Verb {
    about: Label::new("Make a draft that goes on from a {noun}", "由{noun}建立续签草案"),
    detail: Label::new(
        "It begins the day after the last, for as long, with the same customer, amount and products, unless fields say \
         otherwise. Prints its number. A contract is renewed once.",
        "自原合同结束次日起，期限相同，客户、金额、产品不变；可用字段另行指定。输出新合同编号。一份合同只续签一次。",
    ),
    examples: |_| {
        vec![
            Label::new("kehu {kind} renew {num}", "kehu {kind} renew {num}"),
            Label::new("kehu {kind} renew {num} amount=130000", "kehu {kind} renew {num} 合同金额=13万"),
        ]
    },
    args: |_, s| {
        vec![
            s.position("number", value::NUM, "Which", "编号").required(true),
            s.positions(
                "assignments",
                value::ASSIGNMENT,
                "A field that is other than before",
                "与原合同不同的字段及其值",
            ),
        ]
    },
    ..verb("renew", |_, matches| {
        let assignments = parse_assignments(CONTRACT, texts(matches, "assignments"))?;
        request(ContractRequest::Renew { number: one(matches, "number"), assignments })
    })
};

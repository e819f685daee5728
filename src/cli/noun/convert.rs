//! `kehu lead convert`

use super::{Verb, texts};
use crate::cli::assign::{parse_assignments, split_assignment};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::ops::convert::{Conversion, Into};
use crate::record::{CUSTOMER, Failure, Kind, LEAD, Label, OPPORTUNITY, Result};
use crate::words;
use clap::{Arg, ArgAction, ArgMatches};

/// The verb.
pub const VERB: Verb = Verb {
    name: "convert",
    about: Label::new(
        "Make a customer, its contact and an opportunity of a {noun}",
        "将{noun}转化为客户、联系人和商机",
    ),
    detail: Label::new(
        "All in one commit, which `kehu undo` takes back. A customer with the same credit code, telephone number, e-mail \
         or name and region is joined, not doubled: gaps are filled, the contact is added; `--new` says it is another. `key=value` is for the \
         opportunity; its amount is the upper end of the budget and its expected close that of the lead, unless \
         given. Follow-ups stay with the lead and count for the customer. Prints the numbers made and changed.",
        "合为一次提交，可用 `kehu undo` 撤销。已有统一社会信用代码、电话、邮箱或名称和地区相同的客户时并入该客户：补全空缺、添加联系人；确非同一客户时用 `--new` 新建。\
         “键=值”用于商机；金额默认取预算上限，预计成交日期默认取线索的预计采购日期。跟进记录仍属于线索，同时计入客户。输出新建和修改的编号。",
    ),
    examples: |_| {
        vec![
            Label::new(
                "kehu {kind} convert {num} amount=120000 expected_on=2026-05-01",
                "kehu {kind} convert {num} 金额=12万 预计成交日期=2026-05-01",
            ),
            Label::new(
                "kehu {kind} convert {num} --category GOV --set-customer industry=education",
                "kehu {kind} convert {num} --category GOV --set-customer 行业=教育",
            ),
            Label::new(
                "kehu {kind} convert {num} --customer B2B-2026-001 --no-opportunity",
                "kehu {kind} convert {num} --customer B2B-2026-001 --no-opportunity",
            ),
        ]
    },
    fits: |kind| kind == LEAD,
    args,
    parse,
};

fn args(_: Kind, s: Speaker) -> Vec<Arg> {
    vec![
        s.position("number", value::NUM, "Which", "编号").required(true),
        s.positions("assignments", value::ASSIGNMENT, "A field of the opportunity", "商机的字段及其值"),
        s.option("customer", value::NUM, "Join this customer", "并入该客户"),
        s.switch(
            "new",
            "Make a new customer, whoever shares a key with the lead",
            "新建客户，不并入有相同电话等的客户",
        )
        .conflicts_with("customer"),
        s.option("category", value::KEY, "The category of a new customer [default: B2B]", "新客户的类别 [默认值：B2B]"),
        s.option(
            "set-customer",
            value::ASSIGNMENT,
            "A field of the customer; may be repeated",
            "客户的字段及其值；可重复",
        )
        .action(ArgAction::Append),
        s.switch("no-opportunity", "Make no opportunity", "不建商机"),
    ]
}

fn parse(_: Kind, matches: &ArgMatches) -> Result<Request> {
    let lead = texts(matches, "number").next().unwrap_or_default();
    if split_assignment(lead).is_some() {
        return Err(Failure::usage(words!("no lead is named", "没有指定线索"))
            .hint(words!("the number comes first", "编号写在最前")));
    }
    let category = texts(matches, "category").next().map(|category| format!("category={category}"));
    let facts = category.as_deref().into_iter().chain(texts(matches, "set-customer"));
    let facts = parse_assignments(CUSTOMER, facts)?;
    let told = parse_assignments(OPPORTUNITY, texts(matches, "assignments"))?;
    let is_sold = !matches.get_flag("no-opportunity");
    if !is_sold && !told.is_empty() {
        return Err(Failure::usage(words!(
            "fields of an opportunity are given, and `--no-opportunity`",
            "给出了商机的字段，又使用了 `--no-opportunity`"
        )));
    }
    let customer = match texts(matches, "customer").next() {
        Some(customer) => Into::Known(customer.to_string()),
        None if matches.get_flag("new") => Into::New,
        None => Into::Found,
    };
    let opportunity = is_sold.then_some(told);
    Ok(Request::Convert(Conversion { lead: lead.to_string(), customer, facts, opportunity }))
}

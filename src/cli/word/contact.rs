//! `kehu contact`

use super::{Action, Word, no_args};
use crate::cli::assign::{self, Assignment, CONTACT_FORM, Change, find_target, parse_assignments};
use crate::cli::flag::{Purpose, field_flags, flag_assignments};
use crate::cli::noun::{texts, where_arg};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::ops::contact::OnNamesake;
use crate::record::{Failure, Label, Result};
use crate::words;
use clap::{Arg, ArgAction, ArgMatches};

/// What is to be done with contacts.
#[derive(Debug, Clone, PartialEq)]
pub enum ContactRequest {
    /// List those of customers.
    List {
        /// The customers; all for none.
        customers: Vec<String>,
        /// Filters of customers.
        filters: Vec<String>,
    },
    /// Add one to a customer.
    Add {
        /// The customer.
        customer: String,
        /// The fields.
        assignments: Vec<Assignment>,
        /// What to do where the name is there.
        on_namesake: OnNamesake,
    },
    /// Change one.
    Set {
        /// The customer.
        customer: String,
        /// The contact.
        contact: String,
        /// What to change, at least one.
        assignments: Vec<Assignment>,
    },
    /// Take some out.
    Remove {
        /// The customer.
        customer: String,
        /// The contacts.
        contacts: Vec<String>,
    },
}

pub(super) const WORD: Word = Word {
    name: "contact",
    about: Label::new("The people at a customer", "客户的联系人"),
    detail: Label::new("", ""),
    examples: &[Label::new("kehu contact list B2B-2026-001", "kehu contact list B2B-2026-001")],
    args: no_args,
    action: Action::Words(&[LIST, ADD, SET, RM]),
};

const LIST: Word = Word {
    name: "list",
    about: Label::new("List contacts, of some customers or of all", "列出部分或全部客户的联系人"),
    detail: Label::new("`kehu customer chain` draws who reports to whom.", "用 `kehu customer chain` 查看汇报关系。"),
    examples: &[
        Label::new("kehu contact list B2B-2026-001", "kehu contact list B2B-2026-001"),
        Label::new(
            "kehu contact list --where 'region has Suzhou' -o contacts.xlsx",
            "kehu contact list --where '地区 has 苏州' -o 联系人.xlsx",
        ),
    ],
    args: |s| vec![s.positions("customers", value::NUM, "Of these customers", "这些客户的"), where_arg(s)],
    action: Action::Parse(|matches| {
        let all = |id: &str| texts(matches, id).map(String::from).collect();
        Ok(Request::Contact(ContactRequest::List { customers: all("customers"), filters: all("where") }))
    }),
};

const ADD: Word = Word {
    name: "add",
    about: Label::new("Add a contact to a customer", "为客户添加联系人"),
    detail: Label::new(
        "Fields are given as flags or as `key=value`, as with `kehu customer add`.",
        "字段可用选项或“键=值”给出，与 `kehu customer add` 相同。",
    ),
    examples: &[Label::new(
        "kehu contact add B2B-2026-001 name='A. Buyer' title='Head of purchasing' buying_role=decision_maker",
        "kehu contact add B2B-2026-001 姓名=某经理 职位=采购总监 决策角色=决策者 工作电话=13800138000",
    )],
    args: |s| {
        let mut args = vec![customer(s), changes(s, "A field and its value", "字段及其值")];
        args.push(s.choice(
            "on-duplicate",
            ["refuse", "keep"],
            "What to do when the customer has a contact of that name [default: refuse]",
            "客户已有同名联系人时如何处理 [默认值：refuse]",
        ));
        args.extend(field_flags(CONTACT_FORM, Purpose::New, s));
        args
    },
    action: Action::Parse(|matches| {
        let is_kept = texts(matches, "on-duplicate").any(|word| word == "keep");
        Ok(Request::Contact(ContactRequest::Add {
            customer: one(matches, "customer"),
            assignments: assignments(matches)?,
            on_namesake: if is_kept { OnNamesake::Keep } else { OnNamesake::Refuse },
        }))
    }),
};

const SET: Word = Word {
    name: "set",
    about: Label::new("Change fields of a contact", "修改联系人的字段"),
    detail: Label::new(
        "A contact goes by its name, its telephone number or its address; of namesakes the second is `NAME#2`. Those \
         who report to a contact follow its new name.",
        "联系人可用姓名、电话或邮箱指定；同名的第二位写作 `姓名#2`。改名后，以其为汇报对象的联系人随之更新。",
    ),
    examples: &[
        Label::new(
            "kehu contact set B2B-2026-001 'A. Buyer' influence=5 attitude=1",
            "kehu contact set B2B-2026-001 某经理 影响力=5 态度=1",
        ),
        Label::new(
            "kehu contact set B2B-2026-001 'B. Engineer' reports_to='A. Buyer'",
            "kehu contact set B2B-2026-001 某工程师 汇报对象=某经理",
        ),
    ],
    args: |s| {
        let contact = s.position("contact", value::TEXT, "The contact", "联系人").required(true);
        let mut args = vec![customer(s), contact, changes(s, "What to change", "要修改的字段和值")];
        args.push(
            s.option("unset", value::KEY, "Clear this field; may be repeated", "清空该字段；可重复")
                .action(ArgAction::Append)
                .value_delimiter(','),
        );
        args.extend(field_flags(CONTACT_FORM, Purpose::Change, s));
        args
    },
    action: Action::Parse(|matches| {
        Ok(Request::Contact(ContactRequest::Set {
            customer: one(matches, "customer"),
            contact: one(matches, "contact"),
            assignments: assignments(matches)?,
        }))
    }),
};

const RM: Word = Word {
    name: "rm",
    about: Label::new("Take contacts out of a customer's record", "从客户档案中删除联系人"),
    detail: Label::new("", ""),
    examples: &[Label::new("kehu contact rm B2B-2026-001 'A. Buyer'", "kehu contact rm B2B-2026-001 某经理")],
    args: |s| vec![customer(s), s.positions("contacts", value::TEXT, "The contacts", "联系人").required(true)],
    action: Action::Parse(|matches| {
        Ok(Request::Contact(ContactRequest::Remove {
            customer: one(matches, "customer"),
            contacts: texts(matches, "contacts").map(String::from).collect(),
        }))
    }),
};

fn customer(s: Speaker) -> Arg {
    s.position("customer", value::NUM, "The customer", "客户").required(true)
}

fn changes(s: Speaker, en: &'static str, zh: &'static str) -> Arg {
    s.positions("assignments", value::ASSIGNMENT, en, zh)
}

fn one(matches: &ArgMatches, id: &str) -> String {
    texts(matches, id).next().unwrap_or_default().to_string()
}

/// Reads the fields that are given; at least one is.
fn assignments(matches: &ArgMatches) -> Result<Vec<Assignment>> {
    let mut all = parse_assignments(CONTACT_FORM, texts(matches, "assignments"))?;
    for one in flag_assignments(CONTACT_FORM, matches) {
        assign::push(CONTACT_FORM, &mut all, one)?;
    }
    // `add` has nothing to clear.
    let unset = matches.try_get_many::<String>("unset").ok().flatten().into_iter().flatten();
    for key in unset {
        let target = find_target(CONTACT_FORM, key.trim())?;
        assign::push(CONTACT_FORM, &mut all, Assignment { target, change: Change::Clear })?;
    }
    if all.is_empty() {
        return Err(Failure::usage(words!("no field is given", "没有给出任何字段"))
            .hint(words!("write `key=value`, as in `title=Buyer`", "请写“键=值”，例如 `职位=采购`")));
    }
    Ok(all)
}

//! `kehu NOUN verify`

use super::{Verb, texts};
use crate::cli::assign::{self, Assignment, Form, parse_assignments, split_assignment};
use crate::cli::flag::{Purpose, field_flags, flag_assignments};
use crate::cli::request::Request;
use crate::cli::speaker::Speaker;
use crate::record::{Failure, Kind, Label, Result, VERIFICATION};
use crate::words;
use clap::{Arg, ArgMatches};

/// A verification of records.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifyRequest {
    /// Their kind.
    pub kind: Kind,
    /// Which records; at least one.
    pub numbers: Vec<String>,
    /// What was checked and how.
    pub assignments: Vec<Assignment>,
}

/// The form of a verification of records of a kind.
fn form(kind: Kind) -> Form {
    let label = Label::new("Verification", "信息核实");
    Form { fields: VERIFICATION, initial: &[], label, noun: kind.name, verb: "verify" }
}

/// The verb.
pub const VERB: Verb = Verb {
    name: "verify",
    about: Label::new("Note that fields of {nouns} were checked", "登记{noun}信息的核实"),
    detail: Label::new(
        "Who checked which fields, when and how is kept in the record. By whoever says it and of today, unless said otherwise.",
        "记录何人、何时、以何种方式核实了哪些字段。默认为本人、今天。",
    ),
    examples: |_| {
        vec![Label::new(
            "kehu {kind} verify {num} fields=region,industry channel=registry",
            "kehu {kind} verify {num} 核实字段=地区,行业 核实渠道=工商登记",
        )]
    },
    fits: |kind| kind.field("verifications").is_some(),
    args,
    parse,
};

fn args(kind: Kind, s: Speaker) -> Vec<Arg> {
    let mut args = vec![s.positions(
        "words",
        Label::new("NUM|KEY=VALUE", "编号|键=值"),
        "Which records, and what was checked",
        "核实的编号，以及核实的内容",
    )];
    args.extend(field_flags(form(kind), Purpose::New, s));
    args
}

fn parse(kind: Kind, matches: &ArgMatches) -> Result<Request> {
    let (given, numbers): (Vec<&str>, Vec<&str>) = texts(matches, "words").partition(|w| split_assignment(w).is_some());
    let form = form(kind);
    let mut assignments = parse_assignments(form, given)?;
    for one in flag_assignments(form, matches) {
        assign::push(form, &mut assignments, one)?;
    }
    if numbers.is_empty() {
        return Err(Failure::usage(words!("no record is named", "没有指定记录")));
    }
    let numbers = numbers.into_iter().map(String::from).collect();
    Ok(Request::Verify(VerifyRequest { kind, numbers, assignments }))
}

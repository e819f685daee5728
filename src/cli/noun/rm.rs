//! `kehu NOUN rm`

use super::{Verb, count, expect_arg, texts};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Failure, Kind, Label, Number, Result};
use crate::words;
use clap::{Arg, ArgAction, ArgMatches};

/// Records to be removed, each confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RmRequest {
    /// Their kind.
    pub kind: Kind,
    /// Their numbers or what people call them, at least one.
    pub records: Vec<String>,
    /// The same said again; those that are missing are refused unless nothing is changed.
    pub confirmed: Vec<String>,
    /// The exact count of records that may go.
    pub expect: Option<usize>,
}

impl RmRequest {
    /// Checks that each record was said again, no other; by number or by name, as long as it is the same.
    ///
    /// Fails with exit code 2, naming the first that was not.
    pub fn check_confirmed(&self, numbers: &[Number], confirmed: &[Number]) -> Result<()> {
        let typed = |all: &[String], at: usize| all.get(at).cloned().unwrap_or_default();
        if let Some(at) = numbers.iter().position(|number| !confirmed.contains(number)) {
            let (number, text) = (&numbers[at], typed(&self.records, at));
            let shown = if text == number.as_str() { format!("`{text}`") } else { format!("`{text}` ({number})") };
            return Err(Failure::usage(words!("{shown} is not confirmed", "{shown} 未经确认"))
                .hint(words!("say each number again after `--confirm`", "请在 `--confirm` 之后重复每个编号")));
        }
        match confirmed.iter().position(|number| !numbers.contains(number)) {
            Some(at) => {
                let text = typed(&self.confirmed, at);
                Err(Failure::usage(words!(
                    "`{text}` is confirmed but not among those to remove",
                    "`{text}` 已确认，但不在要删除的记录之中"
                )))
            }
            None => Ok(()),
        }
    }
}

/// The verb.
pub const VERB: Verb = Verb {
    name: "rm",
    about: Label::new("Remove {nouns}", "删除{noun}"),
    detail: Label::new(
        "The number must be said again after `--confirm`. It is never given to another record, and git keeps what \
         was there. A name will do for a number when exactly one record bears it.",
        "须在 `--confirm` 之后重复编号。编号不会再给其他记录，原内容仍在 git 历史中。名称若只属于一条记录，也可代替编号。",
    ),
    examples: |_| {
        vec![
            Label::new("kehu {kind} rm {num} --dry-run", "kehu {kind} rm {num} --dry-run"),
            Label::new("kehu {kind} rm {num} --confirm {num}", "kehu {kind} rm {num} --confirm {num}"),
        ]
    },
    fits: |_| true,
    args,
    parse,
};

fn args(_: Kind, s: Speaker) -> Vec<Arg> {
    vec![
        s.positions("numbers", value::NUM, "Which", "编号").required(true),
        s.option("confirm", value::NUM, "The same number again; may be repeated", "再次给出同一编号；可重复")
            .action(ArgAction::Append)
            .value_delimiter(','),
        expect_arg(s),
    ]
}

fn parse(kind: Kind, matches: &ArgMatches) -> Result<Request> {
    Ok(Request::Rm(RmRequest {
        kind,
        records: texts(matches, "numbers").map(String::from).collect(),
        confirmed: texts(matches, "confirm").map(String::from).collect(),
        expect: count(matches, "expect"),
    }))
}

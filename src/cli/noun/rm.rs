//! `kehu NOUN rm`

use super::{Verb, count, expect_arg, parse_numbers};
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
    /// Their numbers, at least one.
    pub numbers: Vec<Number>,
    /// The numbers said again; those that are missing are refused unless nothing is changed.
    pub confirmed: Vec<Number>,
    /// The exact count of records that may go.
    pub expect: Option<usize>,
}

impl RmRequest {
    /// Checks that each number was said again, no other.
    ///
    /// Fails with exit code 2, naming the first that was not.
    pub fn check_confirmed(&self) -> Result<()> {
        if let Some(number) = self.numbers.iter().find(|number| !self.confirmed.contains(number)) {
            return Err(Failure::usage(words!("`{number}` is not confirmed", "`{number}` 未经确认"))
                .hint(words!("say each number again after `--confirm`", "请在 `--confirm` 之后重复每个编号")));
        }
        match self.confirmed.iter().find(|number| !self.numbers.contains(number)) {
            Some(number) => Err(Failure::usage(words!(
                "`{number}` is confirmed but not among those to remove",
                "`{number}` 已确认，但不在要删除的编号之中"
            ))),
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
         was there.",
        "须在 `--confirm` 之后重复编号。编号不会再给其他记录，原内容仍在 git 历史中。",
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
    let request = RmRequest {
        kind,
        numbers: parse_numbers(matches, "numbers")?,
        confirmed: parse_numbers(matches, "confirm")?,
        expect: count(matches, "expect"),
    };
    if !matches.get_flag("dry-run") {
        request.check_confirmed()?;
    }
    Ok(Request::Rm(request))
}

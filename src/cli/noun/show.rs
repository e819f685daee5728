//! `kehu NOUN show`

use super::{Verb, texts};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Kind, Label, Result};
use clap::{Arg, ArgMatches};

/// Records to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShowRequest {
    /// Their kind.
    pub kind: Kind,
    /// Their numbers, or what people call them; at least one.
    pub numbers: Vec<String>,
}

/// The verb.
pub const VERB: Verb = Verb {
    name: "show",
    about: Label::new("Show one {noun} or several with all fields", "显示{noun}的全部字段"),
    detail: Label::new("Computed fields are shown too.", "计算字段也一并显示。"),
    examples: |_| {
        vec![
            Label::new("kehu {kind} show {num}", "kehu {kind} show {num}"),
            Label::new(
                "kehu {kind} show {num} --json --as-of 2026-06-30",
                "kehu {kind} show {num} --json --as-of 2026-06-30",
            ),
        ]
    },
    fits: |_| true,
    args,
    parse,
};

fn args(_: Kind, s: Speaker) -> Vec<Arg> {
    vec![s.positions("numbers", value::NUM, "Which", "编号").required(true)]
}

fn parse(kind: Kind, matches: &ArgMatches) -> Result<Request> {
    Ok(Request::Show(ShowRequest { kind, numbers: texts(matches, "numbers").map(String::from).collect() }))
}

//! `kehu NOUN log`

use super::{Verb, count, texts};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Kind, Label, Result};
use clap::{Arg, ArgMatches};

/// History that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRequest {
    /// The kind.
    pub kind: Kind,
    /// The record; the whole kind when there is none.
    pub number: Option<String>,
    /// At most this many changes.
    pub limit: Option<usize>,
}

/// The verb.
pub const VERB: Verb = Verb {
    name: "log",
    about: Label::new("Show who changed {nouns}, when and what", "显示{noun}的修改历史：何人、何时、改了什么"),
    detail: Label::new("Newest first.", "最新的在前。"),
    examples: |_| {
        vec![
            Label::new("kehu {kind} log {num}", "kehu {kind} log {num}"),
            Label::new("kehu {kind} log --limit 20", "kehu {kind} log --limit 20"),
        ]
    },
    fits: |_| true,
    args,
    parse,
};

fn args(_: Kind, s: Speaker) -> Vec<Arg> {
    vec![
        s.position("number", value::NUM, "Which; all when left out", "编号；省略则为全部"),
        s.count("limit", "At most this many changes", "最多显示的改动数"),
    ]
}

fn parse(kind: Kind, matches: &ArgMatches) -> Result<Request> {
    let number = texts(matches, "number").next().map(String::from);
    Ok(Request::Log(LogRequest { kind, number, limit: count(matches, "limit") }))
}

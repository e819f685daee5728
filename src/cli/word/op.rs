//! `kehu op`

use super::{Action, Word, no_args};
use crate::cli::noun::count;
use crate::cli::request::Request;
use crate::cli::speaker::Speaker;
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches};

/// Operations to be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpLogRequest {
    /// At most so many.
    pub limit: usize,
}

/// How many are listed unless told otherwise.
const LIMIT: usize = 20;

pub(super) const WORD: Word = Word {
    name: "op",
    about: Label::new("Operations: what was done, one commit each", "操作：每次操作对应一次提交"),
    detail: Label::new("", ""),
    examples: &[Label::new("kehu op log", "kehu op log")],
    args: no_args,
    action: Action::Words(&[LOG]),
};

const LOG: Word = Word {
    name: "log",
    about: Label::new("List operations, newest first", "列出操作，最新的在前"),
    detail: Label::new(
        "Each has a name that `kehu undo` takes. What plain git committed goes by the beginning of its commit.",
        "每次操作都有名称，可用于 `kehu undo`。直接用 git 所作的提交以提交号的前几位为名。",
    ),
    examples: &[Label::new("kehu op log --limit 5", "kehu op log --limit 5")],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![s.count("limit", "At most so many [default: 20]", "最多列出的数量 [默认值：20]")]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    Ok(Request::OpLog(OpLogRequest { limit: count(matches, "limit").unwrap_or(LIMIT) }))
}

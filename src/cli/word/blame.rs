//! `kehu blame`

use super::{Action, Word};
use crate::cli::noun::log::kind_of;
use crate::cli::request::Request;
use crate::cli::speaker::Speaker;
use crate::record::{KINDS, Kind, Label, Result};
use clap::{Arg, ArgMatches};

/// A record whose values are traced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlameRequest {
    /// Its kind, where it is said.
    pub kind: Option<Kind>,
    /// Its number, or what people call it.
    pub record: String,
}

pub(super) const WORD: Word = Word {
    name: "blame",
    about: Label::new("Show who gave each field of a record its value, and when", "显示记录每个字段的值由谁在何时填写"),
    detail: Label::new(
        "Items of lists and fields of contacts are told one by one. What is not committed yet is nobody's.",
        "列表中的各项和联系人的各字段分别显示。尚未提交的内容不归任何人。",
    ),
    examples: &[Label::new("kehu blame LEAD-2026-001", "kehu blame LEAD-2026-001")],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    let kinds = KINDS.into_iter().map(|kind| kind.name);
    vec![
        s.position("number", Label::new("NUM|NAME", "编号|名称"), "Which record", "记录的编号或名称").required(true),
        s.choice("kind", kinds, "Only a record of this kind", "只在该类记录中查找"),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    let record = matches.get_one::<String>("number").cloned().unwrap_or_default();
    Ok(Request::Blame(BlameRequest { kind: kind_of(matches)?, record }))
}

//! `kehu log`

use super::{Action, Word};
use crate::cli::noun::log::{DETAIL, args as shared, kind_of, question};
use crate::cli::request::Request;
use crate::cli::speaker::Speaker;
use crate::record::{KINDS, Label, Result};
use clap::{Arg, ArgMatches};

pub(super) const WORD: Word = Word {
    name: "log",
    about: Label::new("Show who changed which records, when and what", "显示修改历史：何人、何时、改了哪条记录的什么"),
    detail: DETAIL,
    examples: &[
        Label::new("kehu log LEAD-2026-001 --followups", "kehu log LEAD-2026-001 --followups"),
        Label::new(
            "kehu log --kind lead --field owner --since today-30d",
            "kehu log --kind lead --field 负责人 --since today-30d",
        ),
    ],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    let kinds = KINDS.into_iter().map(|kind| kind.name);
    let mut args = shared(s);
    args.insert(1, s.choice("kind", kinds, "Only records of this kind", "只显示该类记录"));
    args
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    Ok(Request::Log(question(kind_of(matches)?, matches)))
}

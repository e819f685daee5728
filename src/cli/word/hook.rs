//! `kehu hook`

use super::{Action, Word, no_args};
use crate::cli::request::Request;
use crate::cli::speaker::Speaker;
use crate::record::{Label, Result};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches};

/// A git hook to be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookRequest {
    /// Its name: `pre-commit`.
    pub hook: String,
}

pub(super) const WORD: Word = Word {
    name: "hook",
    about: Label::new("Manage git hooks", "管理 git 钩子"),
    detail: Label::new("", ""),
    examples: &[Label::new("kehu hook install pre-commit", "kehu hook install pre-commit")],
    args: no_args,
    action: Action::Words(&[INSTALL]),
};

const INSTALL: Word = Word {
    name: "install",
    about: Label::new("Install a hook that checks records before git commits them", "安装钩子，在 git 提交前检查记录"),
    detail: Label::new(
        "The hook runs `kehu check --staged`. A hook that is there already is left alone.",
        "钩子运行 `kehu check --staged`。已有的钩子不会被改动。",
    ),
    examples: &[Label::new("kehu hook install pre-commit", "kehu hook install pre-commit")],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![
        s.position("hook", Label::new("HOOK", "钩子"), "Which hook", "钩子名称")
            .required(true)
            .value_parser(PossibleValuesParser::new(["pre-commit"])),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    Ok(Request::HookInstall(HookRequest { hook: matches.get_one::<String>("hook").cloned().unwrap_or_default() }))
}

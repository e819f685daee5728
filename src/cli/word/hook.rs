//! `kehu hook`

use super::{Action, Word, no_args};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Failure, Label, Result};
use crate::words;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches};
use std::path::PathBuf;

/// A git hook to be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HookRequest {
    /// `pre-commit`, in the repository one works in.
    PreCommit,
    /// `pre-receive`, in a bare repository; the one `-C` names when none is given.
    PreReceive(Option<PathBuf>),
}

pub(super) const WORD: Word = Word {
    name: "hook",
    about: Label::new("Manage git hooks", "管理 git 钩子"),
    detail: Label::new("", ""),
    examples: &[
        Label::new("kehu hook install pre-commit", "kehu hook install pre-commit"),
        Label::new(
            "kehu hook install pre-receive --bare-repo /srv/crm.git",
            "kehu hook install pre-receive --bare-repo /srv/crm.git",
        ),
    ],
    args: no_args,
    action: Action::Words(&[INSTALL, PRE_RECEIVE]),
};

const INSTALL: Word = Word {
    name: "install",
    about: Label::new(
        "Install a hook that checks records before git commits or takes them",
        "安装钩子，在 git 提交或接收之前检查记录",
    ),
    detail: Label::new(
        "`pre-commit` runs `kehu check --staged` where one works. `pre-receive` runs `kehu hook pre-receive` in a bare \
         repository on a server, where nobody can leave it out. A hook that is there already is left alone.",
        "`pre-commit` 在工作仓库中运行 `kehu check --staged`。`pre-receive` 在服务器的裸仓库中运行 `kehu hook pre-receive`，\
         推送者无法绕过。已有的钩子不会被改动。",
    ),
    examples: &[
        Label::new("kehu hook install pre-commit", "kehu hook install pre-commit"),
        Label::new(
            "kehu hook install pre-receive --bare-repo /srv/crm.git",
            "kehu hook install pre-receive --bare-repo /srv/crm.git",
        ),
    ],
    args,
    action: Action::Parse(parse),
};

const PRE_RECEIVE: Word = Word {
    name: "pre-receive",
    about: Label::new("Judge a push; git runs it on the server", "审查一次推送；由服务器上的 git 运行"),
    detail: Label::new(
        "Reads lines `OLD NEW REF` on stdin, as git gives them to the hook. Each new commit is judged by the role of who \
         made it and by the rules of `kehu check`; see docs/access.md.",
        "从标准输入读取 git 传给钩子的各行 `旧 新 引用`。每次新提交都按提交者的角色和 `kehu check` 的规则审查；见 docs/access.zh.md。",
    ),
    examples: &[Label::new("kehu hook pre-receive", "kehu hook pre-receive")],
    args: no_args,
    action: Action::Parse(|_| Ok(Request::PreReceive)),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![
        s.position("hook", Label::new("HOOK", "钩子"), "Which hook", "钩子名称")
            .required(true)
            .value_parser(PossibleValuesParser::new(["pre-commit", "pre-receive"])),
        s.path(
            "bare-repo",
            value::DIR,
            "The bare repository that gets `pre-receive` [default: that of `-C`, or here]",
            "安装 `pre-receive` 的裸仓库 [默认值：`-C` 指定的目录或当前目录]",
        ),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    let bare = matches.get_one::<PathBuf>("bare-repo").cloned();
    let hook = match (matches.get_one::<String>("hook").map(String::as_str), bare) {
        (Some("pre-receive"), bare) => HookRequest::PreReceive(bare),
        (_, None) => HookRequest::PreCommit,
        (_, Some(_)) => {
            return Err(Failure::usage(words!(
                "`--bare-repo` is for `pre-receive`",
                "`--bare-repo` 只用于 `pre-receive`"
            )));
        }
    };
    Ok(Request::HookInstall(hook))
}

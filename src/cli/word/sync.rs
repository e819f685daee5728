//! `kehu sync`

use super::{Action, Word};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches, value_parser};
use std::time::Duration;

/// A sync that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncRequest {
    /// The remote, where another than the upstream's is meant.
    pub remote: Option<String>,
    /// How long one fetch or push may take.
    pub timeout: Duration,
}

/// Seconds one fetch or push may take unless told otherwise.
pub const TIMEOUT: u64 = 300;

pub(super) const WORD: Word = Word {
    name: "sync",
    about: Label::new("Fetch, merge by field and push", "获取、按字段合并并推送"),
    detail: Label::new(
        "Brings the checked-out branch and its upstream in step, by the git program with your keys and hooks. Records \
         that both sides changed are merged by field; where both changed the same one, the value of the remote stays \
         and `kehu conflicts` shows both. A number that both gave stays with the record that others have seen; ours \
         takes the next free one, and what refers to it follows. A hand edit that the merge would touch refuses it \
         before anything happens; others stay as they are and are not pushed. With `-q` only renumbered records are printed, \
         the old number and the new.\n\nExit code 0: the remote has all of it. \
         5: it has too, and something wants a decision. 3: merged here, not pushed. 1: nothing happened. With \
         `[sync] auto = true` in kehu.toml, commands that make running numbers sync before and after.",
        "通过 git 程序（使用您的密钥和钩子）使当前分支与其上游保持一致。双方都修改过的记录按字段合并；同一字段双方改得不同时，\
         保留远端的值，`kehu conflicts` 列出双方的值。双方分配了同一编号时，他人已见过的记录保留编号，本地的取下一个空闲编号，\
         引用随之更新。合并会触及的手工修改使同步在开始前被拒绝；其他手工修改保持原样，不会被推送。使用 `-q` 时只输出改号的\
         记录：旧编号和新编号。\n\n退出码 0：远端已有全部内容。\
         5：同上，但有内容需要决定。3：已在本地合并，尚未推送。1：什么都没有发生。kehu.toml 中设置 `[sync] auto = true` 后，\
         分配编号的命令会在前后自动同步。",
    ),
    examples: &[
        Label::new("kehu sync", "kehu sync"),
        Label::new("kehu sync --dry-run --json", "kehu sync --dry-run --json"),
        Label::new("kehu sync --remote backup", "kehu sync --remote backup"),
    ],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![
        s.option(
            "remote",
            value::NAME,
            "The remote [default: that of the upstream, else origin]",
            "远端 [默认值：上游的远端，否则为 origin]",
        ),
        s.option(
            "timeout",
            Label::new("SECONDS", "秒"),
            "Give a fetch or a push this long [default: 300]",
            "每次获取或推送的时限 [默认值：300]",
        )
        .value_parser(value_parser!(u64).range(1..=86_400)),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    let seconds = matches.get_one::<u64>("timeout").copied().unwrap_or(TIMEOUT);
    let remote = matches.get_one::<String>("remote").cloned();
    Ok(Request::Sync(SyncRequest { remote, timeout: Duration::from_secs(seconds) }))
}

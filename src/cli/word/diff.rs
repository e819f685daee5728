//! `kehu diff`

use super::{Action, Word};
use crate::cli::noun::{count, texts};
use crate::cli::request::Request;
use crate::cli::speaker::Speaker;
use crate::ops::diff::DEFAULT_LIMIT;
use crate::record::{KINDS, Kind, Label, Result};
use clap::{Arg, ArgAction, ArgMatches};

/// Two states to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffRequest {
    /// Up to two states, or `A..B` or `A...B`; the last commit and the work tree when absent.
    pub ends: Vec<String>,
    /// Only records of these kinds; all when there are none.
    pub kinds: Vec<Kind>,
    /// At most so many records of a kind are shown one by one; 0 for all.
    pub limit: usize,
    /// Whether the exit code tells that something differs.
    pub exit_code: bool,
}

pub(super) const WORD: Word = Word {
    name: "diff",
    about: Label::new(
        "Show what differs between two states, by record and field",
        "按记录和字段显示两个状态之间的差异",
    ),
    detail: Label::new(
        "A state is a day, a moment, a branch or any revision of git. With none the last commit is compared with the \
         work tree, with one that one is. `A...B` compares where the two parted with B, as a pull request does; \
         `-o markdown` makes a comment for it. What many changes have in common is told first.",
        "状态可以是日期、时刻、分支或任何 git 版本。不写时比较最后一次提交与工作目录，写一个时比较它与工作目录。\
         `A...B` 比较两者的分叉点与 B，与合并请求相同；`-o markdown` 可生成其评论。多处改动的共同点最先列出。",
    ),
    examples: &[
        Label::new("kehu diff", "kehu diff"),
        Label::new("kehu diff 2026-06-30", "kehu diff 2026-06-30"),
        Label::new("kehu diff main...expo -o markdown", "kehu diff main...expo -o markdown"),
    ],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![
        s.positions("states", Label::new("A|A..B", "状态"), "The states to compare", "要比较的状态").num_args(0..=2),
        s.choice(
            "kind",
            KINDS.map(|kind| kind.name),
            "Only records of this kind; may be repeated",
            "仅此类记录；可重复",
        )
        .action(ArgAction::Append),
        s.count(
            "limit",
            "Show at most so many records of a kind, 0 for all [default: 50]",
            "每类最多显示的记录数，0 为全部 [默认值：50]",
        ),
        s.switch("exit-code", "Exit with 1 when anything differs", "有差异时退出码为 1"),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    Ok(Request::Diff(DiffRequest {
        ends: texts(matches, "states").map(String::from).collect(),
        kinds: texts(matches, "kind").filter_map(Kind::find).collect(),
        limit: count(matches, "limit").unwrap_or(DEFAULT_LIMIT),
        exit_code: matches.get_flag("exit-code"),
    }))
}

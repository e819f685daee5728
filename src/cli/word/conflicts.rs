//! `kehu conflicts` and `kehu resolve`

use super::{Action, Word};
use crate::cli::noun::{count, texts};
use crate::cli::request::Request;
use crate::cli::speaker::Speaker;
use crate::ops::conflicts::Take;
use crate::record::{Failure, Label, Result};
use crate::words;
use clap::{Arg, ArgMatches};

/// Conflicts to be settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolveRequest {
    /// Records, or fields of records as `NUM.FIELD`; all conflicts there are when absent.
    pub targets: Vec<String>,
    /// What they become.
    pub take: Take,
    /// The exact count of records that may change.
    pub expect: Option<usize>,
}

pub(super) const CONFLICTS: Word = Word {
    name: "conflicts",
    about: Label::new(
        "List what two people changed differently and nobody has settled",
        "列出双方改得不同、尚待处理的冲突",
    ),
    detail: Label::new(
        "A merge keeps what was shared first and records both values in the record, with who and when. `kehu resolve` \
         settles them.",
        "合并时保留先共享的值，并把双方的值、修改人和时间记入记录。用 `kehu resolve` 处理。",
    ),
    examples: &[
        Label::new("kehu conflicts", "kehu conflicts"),
        Label::new("kehu conflicts LEAD-2026-001", "kehu conflicts LEAD-2026-001"),
    ],
    args: conflicts_args,
    action: Action::Parse(|matches| Ok(Request::Conflicts(targets(matches)))),
};

pub(super) const RESOLVE: Word = Word {
    name: "resolve",
    about: Label::new("Settle conflicts: take ours, theirs or another value", "处理冲突：采用我方、对方或另一个值"),
    detail: Label::new(
        "A conflict is named by record and field, as `kehu conflicts` shows it; a record alone means all of its own. \
         `ours` is the side that merged, `theirs` what had been shared before; any other word is the value itself, \
         an empty one clears the field. All are settled in one commit.",
        "冲突以“编号.字段”指定，见 `kehu conflicts`；只写编号则处理该记录的全部冲突。`ours` 是执行合并的一方，\
         `theirs` 是先共享的一方；其他文字即为值本身，空值清空该字段。全部处理合为一次提交。",
    ),
    examples: &[
        Label::new(
            "kehu resolve LEAD-2026-001.budget_max --take ours",
            "kehu resolve LEAD-2026-001.预算上限 --take ours",
        ),
        Label::new(
            "kehu resolve LEAD-2026-001.budget_max --take 85000",
            "kehu resolve LEAD-2026-001.预算上限 --take 8.5万",
        ),
        Label::new("kehu resolve --all --take theirs", "kehu resolve --all --take theirs"),
    ],
    args: resolve_args,
    action: Action::Parse(parse_resolve),
};

fn conflicts_args(s: Speaker) -> Vec<Arg> {
    vec![target_arg(s)]
}

fn target_arg(s: Speaker) -> Arg {
    s.positions("targets", Label::new("NUM[.FIELD]", "编号[.字段]"), "Which records or fields", "哪些记录或字段")
}

fn resolve_args(s: Speaker) -> Vec<Arg> {
    vec![
        target_arg(s),
        s.option("take", Label::new("ours|theirs|VALUE", "ours|theirs|值"), "What it becomes", "采用哪一方或哪个值")
            .required(true)
            .allow_hyphen_values(true),
        s.switch("all", "All conflicts there are", "处理全部冲突").conflicts_with("targets"),
        crate::cli::noun::expect_arg(s),
    ]
}

fn targets(matches: &ArgMatches) -> Vec<String> {
    texts(matches, "targets").map(String::from).collect()
}

fn parse_resolve(matches: &ArgMatches) -> Result<Request> {
    let (targets, all) = (targets(matches), matches.get_flag("all"));
    if targets.is_empty() && !all {
        return Err(Failure::usage(words!("no conflict is named", "没有指定冲突"))
            .hint(words!("give `NUM.FIELD`, a record or `--all`", "请给出“编号.字段”、编号或 `--all`")));
    }
    let take = match matches.get_one::<String>("take").map(String::as_str).unwrap_or_default() {
        "ours" | "我方" => Take::Ours,
        "theirs" | "对方" => Take::Theirs,
        value => Take::Value(value.to_string()),
    };
    Ok(Request::Resolve(ResolveRequest { targets, take, expect: count(matches, "expect") }))
}

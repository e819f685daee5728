//! `kehu NOUN set`

use super::{Selection, Verb, branch, branch_arg, count, expect_arg, texts, where_arg};
use crate::cli::assign::{self, Assignment, Change, find_target, parse_assignments, split_assignment};
use crate::cli::flag::{Purpose, field_flags, flag_assignments};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Failure, Kind, Label, Result};
use crate::words;
use clap::{Arg, ArgAction, ArgMatches};

/// Changes of records.
#[derive(Debug, Clone, PartialEq)]
pub struct SetRequest {
    /// Their kind.
    pub kind: Kind,
    /// Which records; empty only with `stdin`.
    pub selection: Selection,
    /// What to change, at least one unless `stdin`; with `stdin` applied to each line's record too.
    pub assignments: Vec<Assignment>,
    /// Whether JSON lines on stdin say number and fields.
    pub stdin: bool,
    /// The exact count of records that may change.
    pub expect: Option<usize>,
    /// The branch to change instead of the one that is checked out.
    pub branch: Option<String>,
}

/// The verb.
pub const VERB: Verb = Verb {
    name: "set",
    about: Label::new("Change fields of {nouns}", "修改{noun}的字段"),
    detail: Label::new(
        "`key=value` sets a field, `key=` clears it, `key+=value` and `key-=value` add to and take from a list. \
         Days may be relative, as `today+7d`: see `kehu help dates`. \
         All changes are one commit; nothing changed is no commit. With `--stdin` each line is a JSON object with \
         `number` and the fields to set, `null` to clear.",
        "“键=值”设置字段，“键=”清空，“键+=值”“键-=值”增减列表中的值。\
         日期可以是相对的，例如 `明天`、`今天+7天`，见 `kehu help dates`。所有改动合为一次提交，没有变化则不提交。\
         使用 `--stdin` 时每行一个 JSON 对象，含 `number` 和要设置的字段，`null` 表示清空。",
    ),
    examples,
    fits: |_| true,
    args,
    parse,
};

fn examples(kind: Kind) -> Vec<Label> {
    let mut lines = vec![if kind.field("remark").is_some() {
        Label::new("kehu {kind} set {num} remark='call back'", "kehu {kind} set {num} 备注=回电")
    } else if kind.field("lesson").is_some() {
        Label::new("kehu {kind} set {num} actions='samples in the van'", "kehu {kind} set {num} 改进措施=随车备样机")
    } else if kind.field("answer").is_some() {
        Label::new("kehu {kind} set {num} status=published", "kehu {kind} set {num} 状态=已发布")
    } else {
        Label::new("kehu {kind} set {num} outcome=positive", "kehu {kind} set {num} 跟进结果=positive")
    }];
    if kind.field("tags").is_some() {
        lines.push(Label::new("kehu {kind} set {num} tags+=high_potential", "kehu {kind} set {num} 标签+=高潜力"));
    }
    if kind.field("source").is_some() {
        lines.push(Label::new(
            "kehu {kind} set --where 'source = exhibition' remark='call back' --expect 12",
            "kehu {kind} set --where '来源 = 展会' 备注=回电 --expect 12",
        ));
    }
    lines
}

fn args(kind: Kind, s: Speaker) -> Vec<Arg> {
    let mut args = vec![
        s.positions(
            "words",
            Label::new("NUM|KEY=VALUE", "编号|键=值"),
            "Which records, and what to change",
            "要修改的编号，以及字段和值",
        ),
        where_arg(s),
        expect_arg(s),
        branch_arg(s),
        s.option("unset", value::KEY, "Clear this field; may be repeated", "清空该字段；可重复")
            .action(ArgAction::Append)
            .value_delimiter(','),
        s.switch("stdin", "Read changes from stdin, one JSON object a line", "从标准输入读取改动，每行一个 JSON 对象"),
    ];
    args.extend(field_flags(kind, Purpose::Change, s));
    args
}

fn parse(kind: Kind, matches: &ArgMatches) -> Result<Request> {
    let (given, numbers): (Vec<&str>, Vec<&str>) = texts(matches, "words").partition(|w| split_assignment(w).is_some());
    let mut assignments = parse_assignments(kind, given)?;
    for one in flag_assignments(kind, matches) {
        assign::push(kind, &mut assignments, one)?;
    }
    for key in texts(matches, "unset") {
        let target = find_target(kind, key.trim())?;
        assign::push(kind, &mut assignments, Assignment { target, change: Change::Clear })?;
    }
    let selection = Selection::parse(numbers.into_iter().map(String::from).collect(), matches)?;
    let stdin = matches.get_flag("stdin");
    match (stdin, selection.is_empty(), assignments.is_empty()) {
        (true, false, _) => Err(Failure::usage(words!(
            "with `--stdin` each line names its own `number`",
            "使用 `--stdin` 时每行自带 `number`"
        ))),
        (false, true, _) => Err(Failure::usage(words!("no record is named", "没有指定记录"))
            .hint(words!("give numbers or `--where FILTER`", "请给出编号或 `--where 条件`"))),
        (false, _, true) => Err(Failure::usage(words!("no change is given", "没有给出改动"))
            .hint(words!("give `key=value`, a flag or `--unset key`", "请给出“键=值”、选项或 `--unset 键`"))),
        _ => {
            let (expect, branch) = (count(matches, "expect"), branch(matches));
            Ok(Request::Set(SetRequest { kind, selection, assignments, stdin, expect, branch }))
        }
    }
}

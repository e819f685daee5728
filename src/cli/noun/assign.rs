//! `kehu lead assign`

use super::{Selection, Verb, count, expect_arg, texts, where_arg};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Failure, Kind, LEAD, Label, Result};
use crate::words;
use clap::{Arg, ArgMatches};

/// Leads to be assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignRequest {
    /// Which leads; all that wait for an owner when empty.
    pub selection: Selection,
    /// The user named; none when the rules choose.
    pub to: Option<String>,
    /// Whether only to show whom the rules would choose.
    pub explain: bool,
    /// The exact count of leads that may change.
    pub expect: Option<usize>,
}

/// The verb.
pub const VERB: Verb = Verb {
    name: "assign",
    about: Label::new("Give {nouns} to users, by the rules or by name", "按规则或指定用户分配{noun}"),
    detail: Label::new(
        "With `--auto` the first rule of config/assignment.toml that fits names who is eligible, without one every \
         sales user is. Who has left, is absent or at a cap gets nothing; of the others seniors come first for the \
         grades that want it, then what fits skills, regions and products, fewest open leads, longest without a \
         lead, the login. Each lead counts for the next. What nobody can take stays in the pool (exit code 3). \
         The commit says the reason. `--explain` shows the candidates and changes nothing, with `--as-of` those of then.",
        "使用 `--auto` 时，config/assignment.toml 中第一条匹配的规则决定候选人；没有匹配的规则则为全体销售。已离职、请假、达到上限者不分配；\
         其余依次比较：指定级别资深优先，技能、区域、产品匹配，在手线索最少，最久未分配，登录名。每分配一条即计入下一条的比较。无人可接的留在\
         公海（退出码 3）。原因写入提交说明。`--explain` 只显示候选人，不做更改；配合 `--as-of` 可重现当时的结果。",
    ),
    examples: |_| {
        [
            "kehu {kind} assign --auto",
            "kehu {kind} assign {num} --explain",
            "kehu {kind} assign --where 'region = 浙江' --auto --expect 12",
            "kehu {kind} assign {num} --to li.ming",
        ]
        .map(|line| Label::new(line, line))
        .into()
    },
    fits: |kind| kind == LEAD,
    args,
    parse,
};

fn args(_: Kind, s: Speaker) -> Vec<Arg> {
    vec![
        s.positions(
            "numbers",
            value::NUM,
            "Which; all without an owner when left out",
            "编号；省略则为全部无负责人的线索",
        ),
        where_arg(s),
        s.switch("auto", "Let the rules choose", "由规则选择"),
        s.option("to", value::USER, "Give them to this user", "分配给该用户").conflicts_with_all(["auto", "explain"]),
        s.switch(
            "explain",
            "Show the candidates and why each is chosen or not; change nothing",
            "显示候选人及选中与否的原因，不做更改",
        ),
        expect_arg(s),
    ]
}

fn parse(_: Kind, matches: &ArgMatches) -> Result<Request> {
    let selection = Selection::parse(texts(matches, "numbers").map(String::from).collect(), matches)?;
    let (to, explain) = (texts(matches, "to").next().map(String::from), matches.get_flag("explain"));
    if to.is_none() && !explain && !matches.get_flag("auto") {
        return Err(Failure::usage(words!("nobody is named", "没有说明分配给谁")).hint(words!(
            "`--auto` lets the rules choose, `--to USER` names one",
            "`--auto` 由规则选择，`--to 用户` 指定用户"
        )));
    }
    if to.is_some() && selection.is_empty() {
        return Err(Failure::usage(words!("no lead is named", "没有指定线索"))
            .hint(words!("give numbers or `--where FILTER`", "请给出编号或 `--where 条件`")));
    }
    Ok(Request::Assign(AssignRequest { selection, to, explain, expect: count(matches, "expect") }))
}

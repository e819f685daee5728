//! `kehu target plan`

use super::{Verb, texts};
use crate::cli::assign::split_assignment;
use crate::cli::request::Request;
use crate::cli::speaker::value;
use crate::ops::target::Aim;
use crate::record::{Failure, Label, Result, TARGET};
use crate::words;
use clap::ArgMatches;

/// A target to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetRequest {
    /// Whose.
    pub whom: String,
    /// For which months.
    pub period: String,
    /// What is to be reached.
    pub aim: Aim,
}

/// The verb.
pub const VERB: Verb = Verb {
    name: "plan",
    about: Label::new("Set a target for a month, a quarter or a year", "设定月度、季度或年度业绩目标"),
    detail: Label::new(
        "WHOM is a user, a department as its users' records name it, or `company`. An amount for several months is shared evenly \
         among them, the last takes the rest; months keep what they had for what is not said. Git keeps every change: `kehu log \
         2026-li.ming`. `kehu report targets` compares them with what was reached.",
        "对象可以是用户、部门（按用户记录中的名称）或 `公司`。多个月的金额平均分到各月，余数计入最后一个月；未给出的项目保持不变。\
         每次修改都在 git 历史中：`kehu log 2026-li.ming`。用 `kehu report targets` 查看达成情况。",
    ),
    examples: |_| {
        vec![
            Label::new(
                "kehu target plan li.ming 2026-03 sales=200000 receipts=150000",
                "kehu target plan li.ming 2026-03 销售=20万 回款=15万",
            ),
            Label::new("kehu target plan company 2026 sales=24000000", "kehu target plan 公司 2026 销售=2400万"),
        ]
    },
    fits: |kind| kind == TARGET,
    args: |_, s| {
        vec![
            s.position("whom", Label::new("WHOM", "对象"), "A user, a department or `company`", "用户、部门或 `公司`")
                .required(true),
            s.position(
                "period",
                Label::new("PERIOD", "期间"),
                "Such as 2026-03, 2026-Q1, 2026",
                "例如 2026-03、2026-Q1、2026",
            )
            .required(true),
            s.positions("assignments", value::ASSIGNMENT, "`sales=…` and `receipts=…`", "`销售=…` 和 `回款=…`")
                .required(true),
        ]
    },
    parse: |_, matches| parse(matches),
};

fn parse(matches: &ArgMatches) -> Result<Request> {
    let one = |id: &str| texts(matches, id).next().unwrap_or_default().to_string();
    let mut aim = Aim::default();
    for text in texts(matches, "assignments") {
        let (key, amount) = split_assignment(text).unwrap_or((text, ""));
        let place = match key.trim() {
            "sales" | "销售" | "销售目标" => &mut aim.sales,
            "receipts" | "回款" | "回款目标" => &mut aim.receipts,
            other => {
                return Err(Failure::usage(words!("a target has no `{other}`", "目标没有“{other}”"))
                    .hint(words!("write `sales=…` or `receipts=…`", "请写 `销售=…` 或 `回款=…`")));
            }
        };
        *place = Some(amount.to_string());
    }
    Ok(Request::Target(TargetRequest { whom: one("whom"), period: one("period"), aim }))
}

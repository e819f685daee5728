//! `kehu handover`

use super::{Action, Word};
use crate::cli::noun::{count, expect_arg, texts, where_arg};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Failure, Kind, Label, Result};
use crate::rules::references::SUBJECTS;
use crate::words;
use clap::{Arg, ArgMatches};

/// What is to be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoverRequest {
    /// Whose records go.
    pub from: String,
    /// Who receives them.
    pub to: Vec<String>,
    /// Only these; of all kinds when absent.
    pub kind: Option<Kind>,
    /// Only those that all of these fit.
    pub filters: Vec<String>,
    /// The exact count of records that may change.
    pub expect: Option<usize>,
}

pub(super) const WORD: Word = Word {
    name: "handover",
    about: Label::new("Hand over what a user has to others, with a briefing", "将某人的记录移交给他人，并输出交接说明"),
    detail: Label::new(
        "All open leads, customers, opportunities and contracts of `--from` go in one commit. With a customer go its opportunities, contracts and the leads that became it, to one person, whatever `--kind` and `--where` say. Several receivers \
         get even shares, in the order of numbers. Who is away, or has no records by role, receives nothing. What is \
         printed is the briefing, a line a record: contact, the last three follow-ups, what was promised and when; \
         `-o briefing.html` writes it to a file. The cadence begins anew with the new owner, and a promise stands. \
         `--dry-run` lists what would go; more at once than a mass change may be wants `--expect`.",
        "将 `--from` 的所有未关闭线索、客户、商机和未结束的合同在一次提交中移交。客户的商机、合同和由之转化的线索随客户移交给同一人，不受 `--kind`、`--where` 限制。多人接收时按编号顺序平均分配。请假、离职或角色不负责记录的人不能接收。\
         输出即交接说明，每条记录一行：联系人、最近三次跟进、约定事项及日期；`-o 交接.html` 写入文件。跟进节奏自移交起重新计算，已有约定不变。\
         `--dry-run` 只列出将移交的记录；一次移交过多时须给出 `--expect`。",
    ),
    examples: &[
        Label::new(
            "kehu handover --from li.ming --to wang.fang --dry-run",
            "kehu handover --from li.ming --to wang.fang --dry-run",
        ),
        Label::new(
            "kehu handover --from li.ming --to wang.fang,chen.jie -o briefing.html",
            "kehu handover --from 李明 --to 王芳,陈洁 -o 交接.html",
        ),
        Label::new(
            "kehu handover --from li.ming --to chen.jie --where 'region = Hangzhou' --expect 12",
            "kehu handover --from 李明 --to 陈洁 --where '地区 = 杭州' --expect 12",
        ),
    ],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![
        s.option("from", value::USER, "Whose records go", "移交人").required(true),
        s.option("to", Label::new("USER[,USER]", "用户[,用户]"), "Who receives them", "接收人").required(true),
        s.choice("kind", SUBJECTS.map(|kind| kind.name), "Only these", "只移交此类"),
        where_arg(s),
        expect_arg(s),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    let from = texts(matches, "from").next().unwrap_or_default().trim().to_string();
    let to = texts(matches, "to").flat_map(|text| text.split([',', '，', '、'])).map(str::trim);
    let to: Vec<String> = to.filter(|name| !name.is_empty()).map(str::to_string).collect();
    if from.is_empty() || to.is_empty() {
        return Err(Failure::usage(words!("nobody is named", "没有说明移交人或接收人"))
            .hint(words!("`--from USER --to USER,USER` names them", "用 `--from 用户 --to 用户,用户` 指定")));
    }
    Ok(Request::Handover(HandoverRequest {
        from,
        to,
        kind: texts(matches, "kind").find_map(Kind::find),
        filters: texts(matches, "where").map(String::from).collect(),
        expect: count(matches, "expect"),
    }))
}

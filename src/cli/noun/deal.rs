//! `kehu opportunity advance`, `win`, `lose` and `reopen`

use super::{Parse, Verb, texts};
use crate::cli::assign::{find_target, parse_assignments, split_assignment};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Assignment, Change, Failure, Label, OPPORTUNITY, Result};
use crate::rules::deal::Move;
use crate::words;
use clap::{Arg, ArgMatches};

/// A step to be taken with opportunities.
#[derive(Debug, Clone, PartialEq)]
pub struct DealRequest {
    /// Which opportunities.
    pub numbers: Vec<String>,
    /// The step.
    pub step: Move,
    /// What is told with it.
    pub told: Vec<Assignment>,
}

/// The verb `advance`.
pub const ADVANCE: Verb = Verb {
    about: Label::new("Take {nouns} to the next stage", "将{noun}推进到下一阶段"),
    detail: Label::new(
        "The next stage wants its materials (config/stages.toml); what is missing is named, and nothing is changed. No stage is skipped. \
         `kehu attach NUM FILE --kind quote` attaches a file; `kehu {kind} set NUM stage=…` goes back.",
        "进入下一阶段须具备该阶段的材料（config/stages.toml）；缺少时逐项列出，不做更改。不能跳过阶段。\
         用 `kehu attach 编号 文件 --kind 报价单` 添加附件；用 `kehu {kind} set 编号 阶段=…` 退回。",
    ),
    examples: |_| vec![Label::new("kehu {kind} advance {num}", "kehu {kind} advance {num}")],
    ..verb("advance", |_, matches| parse(Move::Advance, matches))
};

/// The verb `win`.
pub const WIN: Verb = Verb {
    about: Label::new("Mark {nouns} as won", "将{noun}标记为成交"),
    detail: Label::new(
        "Winning wants a signed contract or a deposit paid; products, service period and payment terms; the customer's word that \
         all is fulfilled; actual amount and contract number; above `approval_above` a manager's approval (`kehu approve`). What is \
         missing is named. The customer becomes a won one in the same commit. A review is due within `review_days`.",
        "成交须具备：已签订的合同或已付定金；产品、服务周期和付款条件；客户已确认履约；实际成交金额和合同编号；超过 `approval_above` 的须主管审批\
         （`kehu approve`）。缺少时逐项列出。客户类型在同一次提交中改为成交。成交后须在 `review_days` 天内复盘。",
    ),
    examples: |_| {
        vec![Label::new(
            "kehu {kind} win {num} actual_amount=118000 contract_number=HT-2026-018 customer_confirmed=yes",
            "kehu {kind} win {num} 实际成交金额=11.8万 合同编号=HT-2026-018 客户已确认履约=是",
        )]
    },
    ..verb("win", |_, matches| parse(Move::Win, matches))
};

/// The verb `lose`.
pub const LOSE: Verb = Verb {
    about: Label::new("Mark {nouns} as lost, with the reason", "将{noun}标记为失败并注明原因"),
    detail: Label::new(
        "The reason is one of config/stages.toml: price, competitor, budget, features, timing, no_decision_maker, unresponsive, or \
         other with a note. The stage it was lost in is noted by itself.",
        "原因取自 config/stages.toml：价格、竞争对手、预算、功能不符、时机不对、未接触决策人、客户无回应，或“其他”并附说明。失败时所处的阶段自动记录。",
    ),
    examples: |_| {
        vec![Label::new(
            "kehu {kind} lose {num} --reason competitor --note 'shorter delivery'",
            "kehu {kind} lose {num} --reason 竞争对手 --note 对方交期更短",
        )]
    },
    args: |_, s| {
        let mut args = args(s);
        args.extend([
            s.option("reason", value::KEY, "Why; it must be said", "失败原因（必填）"),
            s.option("note", value::TEXT, "More about it; wanted with `other`", "失败说明；原因为“其他”时必填"),
        ]);
        args
    },
    ..verb("lose", |_, matches| parse(Move::Lose, matches))
};

/// The verb `reopen`.
pub const REOPEN: Verb = Verb {
    about: Label::new("Open {nouns} again that were won or lost", "重新打开已成交或失败的{noun}"),
    detail: Label::new(
        "A lost one is in the stage again it was lost in, a won one in the last before. What was said of the close goes; git's \
         history keeps it.",
        "失败的回到失败时所处的阶段，成交的回到成交前的最后阶段。关闭日期与失败原因随之清除，历史中仍可查到。",
    ),
    examples: |_| vec![Label::new("kehu {kind} reopen {num}", "kehu {kind} reopen {num}")],
    ..verb("reopen", |_, matches| parse(Move::Reopen, matches))
};

/// What the four have in common.
const fn verb(name: &'static str, parse: Parse) -> Verb {
    Verb { args: |_, s| args(s), ..Verb::bare(name, |kind| kind == OPPORTUNITY, parse) }
}

fn args(s: Speaker) -> Vec<Arg> {
    let label = Label::new("NUM|KEY=VALUE", "编号|键=值");
    vec![s.positions("words", label, "Which, and what to set with it", "编号，以及同时填写的字段")]
}

fn parse(step: Move, matches: &ArgMatches) -> Result<Request> {
    let (given, numbers): (Vec<&str>, Vec<&str>) = texts(matches, "words").partition(|w| split_assignment(w).is_some());
    let mut told = parse_assignments(OPPORTUNITY, given)?;
    for (id, key) in [("reason", "lost_reason"), ("note", "lost_note")] {
        // Only `lose` has the options.
        if let Some(text) = matches.try_get_one::<String>(id).ok().flatten() {
            told.push(Assignment { target: find_target(OPPORTUNITY, key)?, change: Change::Set(text.clone()) });
        }
    }
    if numbers.is_empty() {
        return Err(Failure::usage(words!("no opportunity is named", "没有指定商机")).hint(words!(
            "give its number: `kehu opportunity list` shows them",
            "请给出编号：用 `kehu opportunity list` 查看"
        )));
    }
    Ok(Request::Deal(DealRequest { numbers: numbers.into_iter().map(String::from).collect(), step, told }))
}

//! `kehu lead qualify`, `disqualify`, `nurture` and `reopen`

use super::{Parse, Selection, Verb, count, expect_arg, texts, where_arg};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Assignment, Failure, LEAD, Label, Result};
use crate::rules::lifecycle::Step;
use crate::words;
use clap::{Arg, ArgMatches};

/// A step to be taken with leads.
#[derive(Debug, Clone, PartialEq)]
pub struct LifecycleRequest {
    /// Which leads.
    pub selection: Selection,
    /// The step.
    pub step: Step,
    /// What is told with it.
    pub told: Vec<Assignment>,
    /// The exact count of leads that may change.
    pub expect: Option<usize>,
}

/// The verb `qualify`.
pub const QUALIFY: Verb = Verb {
    about: Label::new("Mark {nouns} as worth selling to", "将{noun}标记为已确认"),
    detail: Label::new(
        "Any lead that is neither converted nor disqualified can be qualified; `kehu lead convert` makes a customer of it.",
        "未转化、未剔除的线索均可确认；之后用 `kehu lead convert` 转化为客户。",
    ),
    examples: |_| {
        ["kehu {kind} qualify {num}", "kehu {kind} qualify --where 'grade = A and status = working' --expect 3"]
            .map(|line| Label::new(line, line))
            .into()
    },
    ..verb("qualify", |_, matches| parse(Step::Qualify, matches))
};

/// The verb `disqualify`.
pub const DISQUALIFY: Verb = Verb {
    about: Label::new("Put {nouns} aside as nothing for us, with the reason", "剔除{noun}并注明原因"),
    detail: Label::new(
        "The reason is a key or label of the dictionary `disqualify_reason`: fake, no_fit, budget_too_low, duplicate, \
         unreachable, or other with a note. What was converted cannot be disqualified. `kehu lead reopen` takes it back.",
        "原因取自字典 `disqualify_reason`：信息虚假、需求不匹配、预算远低于门槛、重复、无法联系，或“其他”并附说明。已转化的线索不能剔除。\
         可用 `kehu lead reopen` 恢复。",
    ),
    examples: |_| {
        vec![
            Label::new(
                "kehu {kind} disqualify {num} --reason fake --evidence 'empty number, 12 March'",
                "kehu {kind} disqualify {num} --reason 信息虚假 --evidence '3月12日空号'",
            ),
            Label::new(
                "kehu {kind} disqualify {num} --reason other --note 'project cancelled'",
                "kehu {kind} disqualify {num} --reason 其他 --note 项目取消",
            ),
        ]
    },
    args: |_, s| {
        let mut args = args(s);
        args.extend([
            s.option("reason", value::KEY, "Why; it must be said", "剔除原因（必填）"),
            s.option("note", value::TEXT, "More about it; wanted with `other`", "剔除说明；原因为“其他”时必填"),
            s.option("evidence", value::TEXT, "What shows it", "剔除依据"),
        ]);
        args
    },
    ..verb("disqualify", |_, matches| parse(Step::Disqualify, matches))
};

/// The verb `nurture`.
pub const NURTURE: Verb = Verb {
    about: Label::new("Keep {nouns} for later, with a light touch", "将{noun}转入培育"),
    detail: Label::new(
        "They follow the plan of `nurture_grade` (config/cadence.toml) until they are qualified or reopened.",
        "此后按 `nurture_grade`（config/cadence.toml）的节奏跟进，直到确认或重新打开。",
    ),
    examples: |_| {
        ["kehu {kind} nurture {num}", "kehu {kind} nurture --where 'grade = C and idle_days > 30' --expect 12"]
            .map(|line| Label::new(line, line))
            .into()
    },
    ..verb("nurture", |_, matches| parse(Step::Nurture, matches))
};

/// The verb `reopen`.
pub const REOPEN: Verb = Verb {
    about: Label::new("Work on {nouns} again that were disqualified or nurtured", "重新打开已剔除或培育中的{noun}"),
    detail: Label::new(
        "Without an owner it is new again; with one it is assigned, or working where a follow-up took place. Its reason \
         of disqualification goes; git's history keeps it.",
        "没有负责人的恢复为新建；有负责人的恢复为已分配，有过跟进的恢复为跟进中。剔除原因随之清除，历史中仍可查到。",
    ),
    examples: |_| vec![Label::new("kehu {kind} reopen {num}", "kehu {kind} reopen {num}")],
    ..verb("reopen", |_, matches| parse(Step::Reopen, matches))
};

/// What the four have in common.
const fn verb(name: &'static str, parse: Parse) -> Verb {
    Verb { args: |_, s| args(s), ..Verb::bare(name, |kind| kind == LEAD, parse) }
}

fn args(s: Speaker) -> Vec<Arg> {
    vec![s.positions("numbers", value::NUM, "Which", "编号"), where_arg(s), expect_arg(s)]
}

fn parse(step: Step, matches: &ArgMatches) -> Result<Request> {
    let selection = Selection::parse(texts(matches, "numbers").map(String::from).collect(), matches)?;
    if selection.is_empty() {
        return Err(Failure::usage(words!("no lead is named", "没有指定线索"))
            .hint(words!("give numbers or `--where FILTER`", "请给出编号或 `--where 条件`")));
    }
    let said = |id: &str, key: &str| {
        // Only `disqualify` has the options.
        let text = matches.try_get_one::<String>(id).ok().flatten()?;
        Some(Assignment::set(LEAD.field(key)?, text.as_str()))
    };
    let options = [("reason", "disqualify_reason"), ("note", "disqualify_note"), ("evidence", "evidence")];
    let told = options.into_iter().filter_map(|(id, key)| said(id, key)).collect();
    Ok(Request::Lifecycle(LifecycleRequest { selection, step, told, expect: count(matches, "expect") }))
}

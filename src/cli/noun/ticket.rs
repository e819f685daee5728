//! `kehu ticket start`, `hold`, `resume`, `explain`, `resolve`, `confirm`, `archive`, `reopen`, `dispatch`, `escalate` and
//! `queue`

use super::{Parse, Verb, texts};
use crate::cli::assign::{find_target, parse_assignments, split_assignment};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Assignment, Change, Failure, Label, Result, TICKET};
use crate::rules::ticket::Step;
use crate::words;
use clap::{Arg, ArgMatches};

/// What is asked of tickets.
#[derive(Debug, Clone, PartialEq)]
pub enum TicketRequest {
    /// Take a step.
    Step {
        /// With which.
        numbers: Vec<String>,
        /// The step.
        step: Step,
        /// Why it is held or opened again.
        reason: Option<String>,
        /// What is told with it.
        told: Vec<Assignment>,
    },
    /// Find handlers.
    Dispatch {
        /// For which; all that wait when empty.
        numbers: Vec<String>,
        /// The user named; none when the rules choose.
        to: Option<String>,
        /// Whether only to show the candidates.
        explain: bool,
    },
    /// Take the steps of the escalation chain.
    Escalate,
    /// List what is open.
    Queue {
        /// Whose.
        owner: Option<String>,
        /// Of which department.
        department: Option<String>,
        /// Whether CSV is to be safe for Excel.
        excel: bool,
    },
}

/// The verb `start`.
pub const START: Verb = Verb {
    about: Label::new("Begin to work on {nouns}", "开始处理{noun}"),
    examples: |_| vec![Label::new("kehu {kind} start {num}", "kehu {kind} start {num}")],
    ..step("start", |_, matches| parse(Step::Start, matches))
};

/// The verb `hold`.
pub const HOLD: Verb = Verb {
    about: Label::new("Put {nouns} on hold, and their time with them", "挂起{noun}，时限暂停"),
    detail: Label::new(
        "The promised time stands still until `resume`: what was left of it is left then.",
        "时限暂停计时，直至 `resume` 恢复；恢复后剩余时间不变。",
    ),
    examples: |_| {
        vec![Label::new(
            "kehu {kind} hold {num} --reason 'waits for a photo of the nameplate'",
            "kehu {kind} hold {num} --reason 等待客户提供铭牌照片",
        )]
    },
    args: |_, s| with(s, &[reason(s, "Why it waits", "挂起原因")]),
    ..step("hold", |_, matches| parse(Step::Hold, matches))
};

/// The verb `resume`.
pub const RESUME: Verb = Verb {
    about: Label::new("Go on with {nouns} that were on hold", "恢复处理已挂起的{noun}"),
    examples: |_| vec![Label::new("kehu {kind} resume {num}", "kehu {kind} resume {num}")],
    ..step("resume", |_, matches| parse(Step::Resume, matches))
};

/// The verb `explain`.
pub const EXPLAIN: Verb = Verb {
    about: Label::new("Say why {nouns} will be late", "说明{noun}超时的原因"),
    detail: Label::new(
        "Said before the promised time is over, the delay counts as explained; said later, or not at all, as a breach.",
        "须在承诺时限之前说明，才记为“超时已说明”；事后说明或未说明的记为超时违约。",
    ),
    examples: |_| {
        vec![Label::new(
            "kehu {kind} explain {num} --reason 'the part comes on Monday'",
            "kehu {kind} explain {num} --reason 配件周一到货",
        )]
    },
    args: |_, s| with(s, &[reason(s, "Why it will be late", "超时原因")]),
    ..step("explain", |_, matches| parse(Step::Explain, matches))
};

/// The verb `resolve`.
pub const RESOLVE: Verb = Verb {
    about: Label::new("Mark {nouns} as resolved, with the result", "将{noun}标记为已解决并填写结果"),
    detail: Label::new(
        "A complaint also wants its cause, what was put right and what keeps it from happening again.",
        "投诉还须填写原因分类、纠正措施和预防措施。",
    ),
    examples: |_| {
        vec![
            Label::new(
                "kehu {kind} resolve {num} --result 'control box replaced'",
                "kehu {kind} resolve {num} --result 已更换控制盒",
            ),
            Label::new(
                "kehu {kind} resolve {num} --result 'reset by telephone' --article KB-2026-001",
                "kehu {kind} resolve {num} --result 电话指导复位 --article KB-2026-001",
            ),
            Label::new(
                "kehu {kind} resolve {num} --result refunded cause=delivery correction='sent anew' prevention='label checked twice'",
                "kehu {kind} resolve {num} --result 已退款 原因分类=交付物流 纠正措施=补发 预防措施=出库双人复核",
            ),
        ]
    },
    args: |_, s| {
        let article =
            s.option("article", value::NUM, "The article of the knowledge base that answered it", "所依据的知识库文章");
        with(s, &[s.option("result", value::TEXT, "What was done", "处理结果"), article])
    },
    ..step("resolve", |_, matches| parse(Step::Resolve, matches))
};

/// The verb `confirm`.
pub const CONFIRM: Verb = Verb {
    about: Label::new("Note that the customer confirmed {nouns}", "登记客户已确认{noun}"),
    examples: |_| {
        vec![Label::new(
            "kehu {kind} confirm {num} --satisfaction 5",
            "kehu {kind} confirm {num} --satisfaction 5 客户评价=很及时",
        )]
    },
    args: |_, s| {
        let rating = s.option("satisfaction", Label::new("1-5", "1-5"), "How satisfied the customer is", "满意度评分");
        let likely = Label::new("0-10", "0-10");
        with(s, &[rating, s.option("recommends", likely, "How likely the customer recommends us", "推荐意愿评分")])
    },
    ..step("confirm", |_, matches| parse(Step::Confirm, matches))
};

/// The verb `archive`.
pub const ARCHIVE: Verb = Verb {
    about: Label::new("Put away {nouns} that the customer confirmed", "归档客户已确认的{noun}"),
    examples: |_| vec![Label::new("kehu {kind} archive {num}", "kehu {kind} archive {num}")],
    ..step("archive", |_, matches| parse(Step::Archive, matches))
};

/// The verb `reopen`.
pub const REOPEN: Verb = Verb {
    about: Label::new("Open {nouns} again that were resolved", "重新打开已解决的{noun}"),
    detail: Label::new(
        "The promised time runs on from where it stood. What was said of the result goes; git's history keeps it.",
        "时限从解决时剩余的时间继续计算。原处理结果随之清除，历史中仍可查到。",
    ),
    examples: |_| {
        vec![Label::new(
            "kehu {kind} reopen {num} --reason 'it stopped again'",
            "kehu {kind} reopen {num} --reason 再次故障",
        )]
    },
    args: |_, s| with(s, &[reason(s, "Why", "重新打开的原因")]),
    ..step("reopen", |_, matches| parse(Step::Reopen, matches))
};

/// The verb `dispatch`.
pub const DISPATCH: Verb = Verb {
    about: Label::new("Find a handler for {nouns}, by the rules or by name", "为{noun}派单，按规则或指定处理人"),
    detail: Label::new(
        "The department of the kind is answerable. Of its users who are there, who has the customer comes first, then skills and \
         products that fit, then the fewest open tickets, then the longest without one. What nobody can take stays open (exit code 3). The commit \
         says the reason. For cron: without a number all that wait are dispatched.",
        "由工单类型对应的部门负责。部门内在岗人员依次比较：是否客户负责人、技能和产品匹配、在手工单最少、最久未派单。无人可派的保持待派单（退出码 3）。\
         原因写入提交说明。可由 cron 运行：不给编号时派出全部待派工单。",
    ),
    examples: |_| {
        ["kehu {kind} dispatch", "kehu {kind} dispatch {num} --explain", "kehu {kind} dispatch {num} --to li.ming"]
            .map(|line| Label::new(line, line))
            .into()
    },
    args: |_, s| {
        vec![
            s.positions("words", value::NUM, "Which; all that wait when left out", "编号；省略则为全部待派工单"),
            s.option("to", value::USER, "Give them to this user", "派给该用户").conflicts_with("explain"),
            s.switch("explain", "Show the candidates; change nothing", "显示候选人，不做更改"),
        ]
    },
    ..Verb::bare("dispatch", fits, parse_dispatch)
};

/// The verb `escalate`.
pub const ESCALATE: Verb = Verb {
    about: Label::new("Escalate {nouns} whose time is used up, along the chain", "按升级链升级时限将尽或已超的{noun}"),
    detail: Label::new(
        "config/sla.toml says at how many per cent of the promised time to whom. Each step is taken once, so cron may run it \
         every few minutes; where nobody is found that is said (exit code 3), and tried again.",
        "config/sla.toml 规定用掉时限的百分之几时升级给谁。每一级只升级一次，可由 cron 每隔几分钟运行；找不到升级对象时给出警告（退出码 3），下次再试。",
    ),
    examples: |_| vec![Label::new("kehu {kind} escalate", "kehu {kind} escalate")],
    ..Verb::bare("escalate", fits, |_, _| Ok(Request::Ticket(TicketRequest::Escalate)))
};

/// The verb `queue`.
pub const QUEUE: Verb = Verb {
    about: Label::new("List open {nouns}, what is due first", "列出未解决的{noun}，最先到期的在前"),
    examples: |_| {
        ["kehu {kind} queue", "kehu {kind} queue --owner me", "kehu {kind} queue --department tech -o queue.xlsx"]
            .map(|line| Label::new(line, line))
            .into()
    },
    args: |_, s| {
        vec![
            s.option("owner", value::USER, "Whose; `me` for one's own", "处理人；`me` 为本人"),
            s.option("department", value::NAME, "Of which department", "责任部门"),
            s.switch("excel", "CSV that Excel reads rightly", "生成 Excel 可正确打开的 CSV"),
        ]
    },
    ..Verb::bare("queue", fits, parse_queue)
};

fn fits(kind: crate::record::Kind) -> bool {
    kind == TICKET
}

/// What the steps have in common.
const fn step(name: &'static str, parse: Parse) -> Verb {
    Verb { args: |_, s| with(s, &[]), ..Verb::bare(name, fits, parse) }
}

fn with(s: Speaker, options: &[Arg]) -> Vec<Arg> {
    let label = Label::new("NUM|KEY=VALUE", "编号|键=值");
    let words = s.positions("words", label, "Which, and what to set with it", "编号，以及同时填写的字段");
    std::iter::once(words).chain(options.iter().cloned()).collect()
}

fn reason(s: Speaker, en: &'static str, zh: &'static str) -> Arg {
    s.option("reason", value::TEXT, en, zh).required(true)
}

/// Options that are fields.
const FIELDS: [&str; 4] = ["result", "article", "satisfaction", "recommends"];

fn parse(step: Step, matches: &ArgMatches) -> Result<Request> {
    let (given, numbers): (Vec<&str>, Vec<&str>) = texts(matches, "words").partition(|w| split_assignment(w).is_some());
    // Only some of the steps have an option.
    let option = |id: &str| matches.try_get_one::<String>(id).ok().flatten().cloned();
    let mut told = parse_assignments(TICKET, given)?;
    let explanation = Some(("reason", "overdue_reason")).filter(|_| step == Step::Explain);
    for (id, key) in FIELDS.map(|key| (key, key)).into_iter().chain(explanation) {
        if let Some(text) = option(id) {
            told.push(Assignment { target: find_target(TICKET, key)?, change: Change::Set(text) });
        }
    }
    if numbers.is_empty() {
        return Err(Failure::usage(words!("no ticket is named", "没有指定工单")).hint(words!(
            "give its number: `kehu ticket queue` shows them",
            "请给出编号：用 `kehu ticket queue` 查看"
        )));
    }
    let numbers = numbers.into_iter().map(String::from).collect();
    Ok(Request::Ticket(TicketRequest::Step { numbers, step, reason: option("reason"), told }))
}

fn parse_dispatch(_: crate::record::Kind, matches: &ArgMatches) -> Result<Request> {
    let numbers: Vec<String> = texts(matches, "words").map(String::from).collect();
    let (to, explain) = (texts(matches, "to").next().map(String::from), matches.get_flag("explain"));
    if to.is_some() && numbers.is_empty() {
        return Err(Failure::usage(words!("no ticket is named", "没有指定工单"))
            .hint(words!("`--to` wants numbers", "使用 `--to` 时请给出编号")));
    }
    Ok(Request::Ticket(TicketRequest::Dispatch { numbers, to, explain }))
}

fn parse_queue(_: crate::record::Kind, matches: &ArgMatches) -> Result<Request> {
    let one = |id: &str| texts(matches, id).next().map(String::from);
    let (owner, department, excel) = (one("owner"), one("department"), matches.get_flag("excel"));
    Ok(Request::Ticket(TicketRequest::Queue { owner, department, excel }))
}

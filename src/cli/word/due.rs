//! `kehu due`

use super::{Action, Word};
use crate::cli::noun::count;
use crate::cli::noun::list::excel_arg;
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches};

/// How many lines a table has of each group: what a person looks through in a morning.
const LIMIT: usize = 50;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRequest {
    /// Whose, by login or name; `me` for the one who asks, `all` for everybody; the own ones when absent.
    pub owner: Option<String>,
    /// Up to which day, as typed.
    pub until: Option<String>,
    /// Whether only what is overdue is wanted.
    pub overdue: bool,
    /// Only what this rule calls for: its key or what people call it.
    pub rule: Option<String>,
    /// How many lines a table has of what is overdue, of today's and of what comes.
    pub limit: usize,
    /// Whether CSV is to be safe for Excel.
    pub excel: bool,
}

pub(super) const WORD: Word = Word {
    name: "due",
    about: Label::new("Say who must be contacted, and when", "列出该联系谁、何时联系"),
    detail: Label::new(
        "First what is overdue, then today's, then what comes up to the day of `--until`. The rules are those of \
         `config/cadence.toml`: first response, steps, repeats, promised dates, idle leads and opportunities, no plan, \
         expected closes, renewals, payments, archives to refresh, festivals, birthdays, anniversaries, records about to return to the pool. A table shows the first 50 lines of each group and counts the rest by rule; CSV, JSON and `-o due.ics`, a calendar, have all.",
        "先列逾期，再列今天，最后是截至 `--until` 的待办。规则见 `config/cadence.toml`：首次响应、步骤、重复跟进、约定日期、\
         闲置的线索和商机、无计划、预计成交、续约、应收款、待更新档案，节日、生日、纪念日，以及即将退回公海的记录。表格每组列出前 50 行，其余按规则计数；CSV、JSON 和日历文件（`-o due.ics`）始终是全部。",
    ),
    examples: &[
        Label::new("kehu due", "kehu due"),
        Label::new("kehu due --owner all --overdue", "kehu due --owner all --overdue"),
        Label::new("kehu due --rule first-response --limit 10", "kehu due --rule 首次响应 --limit 10"),
        Label::new("kehu due --until 30d -o due.ics", "kehu due --until 30d -o 待办.ics"),
    ],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    vec![
        s.option(
            "owner",
            Label::new("me|all|USER", "me|all|用户"),
            "Whose; `me` unless stated, `all` where you are no user",
            "谁的待办；默认 `me`，您不是用户时为 `all`",
        ),
        s.option(
            "until",
            value::DATE,
            "The last day: `7d`, a date, `next week` [default: 7d]",
            "截止日期：`7d`、日期或“下周” [默认：7d]",
        ),
        s.switch("overdue", "Only what is overdue", "只列逾期"),
        s.option(
            "rule",
            value::KEY,
            "Only what this rule calls for, such as `first-response`",
            "只列该规则的待办，例如 首次响应",
        ),
        s.count(
            "limit",
            "So many lines a table, of each of overdue, today and coming [default: 50]",
            "表格中逾期、今天、之后各列几行 [默认：50]",
        ),
        excel_arg(s),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    let text = |id: &str| matches.get_one::<String>(id).cloned();
    Ok(Request::Due(DueRequest {
        owner: text("owner"),
        until: text("until"),
        overdue: matches.get_flag("overdue"),
        rule: text("rule"),
        limit: count(matches, "limit").unwrap_or(LIMIT),
        excel: matches.get_flag("excel"),
    }))
}

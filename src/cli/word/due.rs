//! `kehu due`

use super::{Action, Word};
use crate::cli::noun::list::excel_arg;
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Label, Result};
use clap::{Arg, ArgMatches};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRequest {
    /// Whose, by login or name; `me` for the one who asks, `all` for everybody; the own ones when absent.
    pub owner: Option<String>,
    /// Up to which day, as typed.
    pub until: Option<String>,
    /// Whether only what is overdue is wanted.
    pub overdue: bool,
    /// Whether CSV is to be safe for Excel.
    pub excel: bool,
}

pub(super) const WORD: Word = Word {
    name: "due",
    about: Label::new("Say who must be contacted, and when", "列出该联系谁、何时联系"),
    detail: Label::new(
        "First what is overdue, then today's, then what comes up to the day of `--until`. The rules are those of \
         `config/cadence.toml`: first response, steps, repeats, promised dates, idle leads and opportunities, no plan, \
         expected closes, renewals, payments, archives to refresh, festivals, birthdays, anniversaries, records about to return to the pool. `-o due.ics` writes a calendar.",
        "先列逾期，再列今天，最后是截至 `--until` 的待办。规则见 `config/cadence.toml`：首次响应、步骤、重复跟进、约定日期、\
         闲置的线索和商机、无计划、预计成交、续约、应收款、待更新档案，节日、生日、纪念日，以及即将退回公海的记录。`-o due.ics` 输出日历文件。",
    ),
    examples: &[
        Label::new("kehu due", "kehu due"),
        Label::new("kehu due --owner all --overdue", "kehu due --owner all --overdue"),
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
        excel_arg(s),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    let text = |id: &str| matches.get_one::<String>(id).cloned();
    Ok(Request::Due(DueRequest {
        owner: text("owner"),
        until: text("until"),
        overdue: matches.get_flag("overdue"),
        excel: matches.get_flag("excel"),
    }))
}

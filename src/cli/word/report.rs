//! `kehu report`

use super::{Action, Word};
use crate::cli::noun::{list::excel_arg, texts, where_arg};
use crate::cli::request::Request;
use crate::cli::speaker::{Speaker, value};
use crate::record::{Label, Result};
use crate::report::PeriodFlags;
use clap::{Arg, ArgMatches};

/// The period a report is asked for, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeriodText {
    /// `--week`
    pub week: Option<String>,
    /// `--month`
    pub month: Option<String>,
    /// `--quarter`
    pub quarter: Option<String>,
    /// `--year`
    pub year: Option<String>,
    /// `--from`
    pub from: Option<String>,
    /// `--to`
    pub to: Option<String>,
}

impl PeriodText {
    /// Returns the flags to be read, which needs to know what day it is.
    pub fn flags(&self) -> PeriodFlags<'_> {
        PeriodFlags {
            week: self.week.as_deref(),
            month: self.month.as_deref(),
            quarter: self.quarter.as_deref(),
            year: self.year.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
        }
    }
}

/// A report that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRequest {
    /// Its name, as typed.
    pub name: String,
    /// Its period.
    pub period: PeriodText,
    /// Only this user's records; `me` is the one who asks.
    pub owner: Option<String>,
    /// Only this department's.
    pub department: Option<String>,
    /// Only records these filters select.
    pub filters: Vec<String>,
    /// Whether CSV is to be safe for Excel.
    pub excel: bool,
}

pub(super) const WORD: Word = Word {
    name: "report",
    about: Label::new("Print a report, or list the reports there are", "输出报表，或列出所有报表"),
    detail: Label::new(
        "Each report prints its definition, its period and what it is as of. `kehu report list` names them all; a title does for \
         the name.",
        "每份报表都印出其口径、期间和截至时刻。`kehu report list` 列出全部报表；名称也可写成中文标题，例如 周报、漏斗。",
    ),
    examples: &[
        Label::new("kehu report weekly --week 2026-W12", "kehu report weekly --week 2026-W12"),
        Label::new(
            "kehu report sources --quarter 2026-Q1 -o sources.xlsx",
            "kehu report sources --quarter 2026-Q1 -o 来源.xlsx",
        ),
        Label::new("kehu report list", "kehu report list"),
    ],
    args,
    action: Action::Parse(parse),
};

fn args(s: Speaker) -> Vec<Arg> {
    let others = |own: &str| {
        ["week", "month", "quarter", "year", "from", "to"].into_iter().filter(|id| *id != own).collect::<Vec<_>>()
    };
    vec![
        s.position(
            "name",
            Label::new("NAME|list", "名称|list"),
            "Which report; `list` names them",
            "报表名称；`list` 列出全部",
        )
        .required(true),
        s.option(
            "week",
            Label::new("WEEK", "周"),
            "An ISO week, as 2026-W12, `last` or `this`",
            "ISO 周，例如 2026-W12、上周、本周",
        )
        .conflicts_with_all(others("week")),
        s.option(
            "month",
            Label::new("MONTH", "月"),
            "A month, as 2026-03, `last` or `this`",
            "月份，例如 2026-03、上月、本月",
        )
        .conflicts_with_all(others("month")),
        s.option("quarter", Label::new("QUARTER", "季度"), "A quarter, as 2026-Q1", "季度，例如 2026-Q1")
            .conflicts_with_all(others("quarter")),
        s.option("year", Label::new("YEAR", "年"), "A year, as 2026", "年份，例如 2026")
            .conflicts_with_all(others("year")),
        s.option("from", value::DATE, "From this day", "起始日期"),
        s.option("to", value::DATE, "To this day, which is in it", "截止日期（含当日）"),
        s.option("owner", Label::new("me|USER", "me|用户"), "Only this owner's records", "只统计该负责人的记录"),
        s.option("department", value::NAME, "Only this department's records", "只统计该部门的记录"),
        where_arg(s),
        excel_arg(s),
    ]
}

fn parse(matches: &ArgMatches) -> Result<Request> {
    let text = |id: &str| texts(matches, id).next();
    let name = text("name").unwrap_or_default();
    if matches!(name, "list" | "列表") {
        return Ok(Request::ReportList);
    }
    Ok(Request::Report(ReportRequest {
        name: name.to_string(),
        period: PeriodText {
            week: text("week").map(String::from),
            month: text("month").map(String::from),
            quarter: text("quarter").map(String::from),
            year: text("year").map(String::from),
            from: text("from").map(String::from),
            to: text("to").map(String::from),
        },
        owner: text("owner").map(String::from),
        department: text("department").map(String::from),
        filters: texts(matches, "where").map(String::from).collect(),
        excel: matches.get_flag("excel"),
    }))
}
